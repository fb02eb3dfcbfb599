# The clock of 45 CFR 164.408(c): 60 days after the end of the calendar year of the discovery,
# that is 1 March, or 29 February where the next year is a leap year.
package compliance.hipaa.rules.small_breach_told_after_year

import data.compliance.hipaa.lib.dates
import data.compliance.hipaa.rules.individuals_told_in_time as clock

expect_true if clock.in_time(input.incident.notices.hhs_on, earliest_limit)

expect_false if clock.late(input.incident.notices.hhs_on, latest_limit)

earliest_limit := clock.moved(year_end(clock.earliest_start), clock.certain_delay_end)

latest_limit := clock.moved(year_end(clock.latest_start), clock.latest_delay_end)

# year_end(day) is the number of 31 December of the year of a day.
year_end(day) := dates.days(concat("", [substring(dates.iso(day), 0, 4), "-12-31"]))

unknown_facts contains "incident.notices.hhs_on" if not notice_stated

unknown_facts contains fact if some fact in clock.open_start

unknown_facts contains fact if some fact in clock.open_delay

notice_stated if dates.valid(input.incident.notices.hhs_on)

notice_stated if input.incident.notices.hhs_on == "none"
