# The clock of 45 CFR 164.410(b) for an agency that is itself the business associate: what its
# agents know counts as known to it.
package compliance.hipaa.rules.covered_entity_told_in_time

import data.compliance.hipaa.lib.dates
import data.compliance.hipaa.rules.individuals_told_in_time as clock

expect_true if clock.in_time(input.incident.notices.covered_entity_on, clock.earliest_limit)

expect_false if clock.late(input.incident.notices.covered_entity_on, clock.latest_limit)

unknown_facts contains "incident.notices.covered_entity_on" if not notice_stated

unknown_facts contains fact if some fact in clock.open_start

unknown_facts contains fact if some fact in clock.open_delay

notice_stated if dates.valid(input.incident.notices.covered_entity_on)

notice_stated if input.incident.notices.covered_entity_on == "none"
