# The clock of 45 CFR 164.404(b), which other paragraphs share: when it started, by how much a
# statement of law enforcement moves it, and the first and the last day on which it can run out.
# Facts that are missing leave the two days apart; only what lies before both is in time, and only
# what lies after both is late. Days are numbers, as data.compliance.lib.dates counts them.
package compliance.hipaa.rules.individuals_told_in_time

import data.compliance.hipaa.lib.dates

outer_limit_days := 60

oral_delay_days := 30

expect_true if in_time(input.incident.notices.individuals_on, earliest_limit)

expect_false if late(input.incident.notices.individuals_on, latest_limit)

# A notice that was given is held against the limit, one that was not yet given against today.
in_time(told, limit) if dates.days(told) <= limit

in_time("none", limit) if dates.as_of_days <= limit

late(told, limit) if dates.days(told) > limit

late("none", limit) if dates.as_of_days > limit

# Start: the agency's discovery, or that of a vendor that is its agent where that came first.
discovered := dates.days(input.incident.discovered_on)

vendor_discovered := dates.days(input.incident.vendor_discovered_on)

agent_involved if {
	some vendor in input.incident.links.vendors.records
	vendor.is_agent == true
}

no_agent_involved if {
	input.incident.links.vendors.complete == true
	every vendor in input.incident.links.vendors.records {
		vendor.is_agent == false
	}
}

earliest_start := discovered if no_agent_involved

else := discovered if input.incident.vendor_discovered_on == "none"

else := min([discovered, vendor_discovered])

latest_start := min([discovered, vendor_discovered]) if agent_involved

else := vendor_discovered if agent_involved

else := discovered

earliest_limit := moved(earliest_start, certain_delay_end)

latest_limit := moved(latest_start, latest_delay_end)

# 164.412. The days of the delay are not counted. A statement after the limit comes too late.
moved(start, end) := due + (end - delay_start(start)) if {
	due := start + outer_limit_days
	end > delay_start(start)
	not stated_after(due)
}

else := start + outer_limit_days

stated_after(due) if stated > due

delay_start(start) := max([stated, start]) if stated

else := start

stated := dates.days(input.incident.law_enforcement.stated_on)

names_end := dates.days(input.incident.law_enforcement.delay_ends_on)

# No day at all: before every day there is.
never := 0

no_delay if input.incident.law_enforcement.delay_requested == false

no_delay if input.incident.law_enforcement.statement_form == "none"

no_delay if input.incident.law_enforcement.stated_on == "none"

# The last day on which the delay can end: an oral statement holds for 30 days at most, and so does
# here one in writing that names no day.
latest_delay_end := never if no_delay

else := min([names_end, stated + oral_delay_days]) if oral

else := stated + oral_delay_days if oral

else := names_end if names_end

else := stated + oral_delay_days if input.incident.law_enforcement.delay_ends_on == "none"

oral if input.incident.law_enforcement.statement_form == "oral"

# The day on which it ends for certain; without all the facts there may have been no delay.
certain_delay_end := latest_delay_end if {
	input.incident.law_enforcement.delay_requested == true
	input.incident.law_enforcement.statement_form in {"oral", "written"}
	stated
	delay_end_stated
}

else := never

delay_end_stated if names_end

delay_end_stated if input.incident.law_enforcement.delay_ends_on == "none"

# What is asked for where it cannot be told: only what is open.
unknown_facts contains "incident.notices.individuals_on" if not notice_stated

unknown_facts contains fact if some fact in open_start

unknown_facts contains fact if some fact in open_delay

notice_stated if dates.valid(input.incident.notices.individuals_on)

notice_stated if input.incident.notices.individuals_on == "none"

open_start contains "incident.discovered_on" if not discovered

open_start contains "incident.vendors.is_agent" if {
	not agent_involved
	not no_agent_involved
	not input.incident.vendor_discovered_on == "none"
}

open_start contains "incident.vendor_discovered_on" if {
	not no_agent_involved
	not vendor_discovered
	not input.incident.vendor_discovered_on == "none"
}

open_delay contains "incident.law_enforcement.delay_requested" if {
	not no_delay
	not input.incident.law_enforcement.delay_requested == true
}

open_delay contains "incident.law_enforcement.statement_form" if {
	delay_open
	not oral
	not input.incident.law_enforcement.statement_form == "written"
}

open_delay contains "incident.law_enforcement.stated_on" if {
	delay_open
	not stated
}

open_delay contains "incident.law_enforcement.delay_ends_on" if {
	delay_open
	not delay_end_stated
}

delay_open if {
	not no_delay
	input.incident.law_enforcement.delay_requested == true
}
