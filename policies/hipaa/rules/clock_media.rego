# The clock of 45 CFR 164.406(b), the same as that of 164.404(b).
package compliance.hipaa.rules.media_told_in_time

import data.compliance.hipaa.lib.dates
import data.compliance.hipaa.rules.individuals_told_in_time as clock

expect_true if clock.in_time(input.incident.notices.media_on, clock.earliest_limit)

expect_false if clock.late(input.incident.notices.media_on, clock.latest_limit)

unknown_facts contains "incident.notices.media_on" if not notice_stated

unknown_facts contains fact if some fact in clock.open_start

unknown_facts contains fact if some fact in clock.open_delay

notice_stated if dates.valid(input.incident.notices.media_on)

notice_stated if input.incident.notices.media_on == "none"
