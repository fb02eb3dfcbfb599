# The clock of 45 CFR 164.410(b), from the discovery by the vendor.
package compliance.hipaa.rules.vendor_told_agency_in_time

import data.compliance.hipaa.lib.dates
import data.compliance.hipaa.rules.individuals_told_in_time as clock

expect_true if clock.in_time(input.incident.vendor_reported_on, earliest_limit)

expect_false if clock.late(input.incident.vendor_reported_on, latest_limit)

earliest_limit := clock.moved(clock.vendor_discovered, clock.certain_delay_end)

latest_limit := clock.moved(clock.vendor_discovered, clock.latest_delay_end)

unknown_facts contains "incident.vendor_reported_on" if not notice_stated

unknown_facts contains fact if some fact in clock.open_delay

notice_stated if dates.valid(input.incident.vendor_reported_on)

notice_stated if input.incident.vendor_reported_on == "none"
