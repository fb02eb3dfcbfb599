package compliance.lib.dates_test

import data.compliance.lib.dates

test_real_dates if {
	every day in ["0001-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "2026-11-30", "9999-12-31"] {
		dates.valid(day)
	}
}

test_impossible_dates if {
	every day in [
		"0000-01-01", "1900-02-29", "2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10",
		"2026-01-00", "2026-1-1", "20260101", "2026-01-01T00:00:00Z", " 2026-01-01", "2026-01-01\n", "none", "",
		"２０２６-01-01", null, 20260101, true, ["2026-01-01"], {"2026-01-01": 1},
	] {
		not dates.valid(day)
	}
}

test_days_count_from_the_first_day if {
	dates.days("0001-01-01") == 1
	dates.days("0001-12-31") == 365
	dates.days("2000-02-29") == 730179
	dates.days("2026-11-23") == 739943
	dates.days("9999-12-31") == 3652059
	not dates.days("2026-02-30")
}

test_iso_turns_days_back if {
	every day in ["0001-01-02", "0004-02-29", "1900-02-28", "1900-03-01", "2000-02-29", "2026-11-23", "9999-12-30"] {
		dates.iso(dates.days(day)) == day
	}
}

test_iso_stays_within_the_calendar if {
	dates.iso(0) == "0001-01-01"
	dates.iso(-1000000) == "0001-01-01"
	dates.iso(3652060) == "9999-12-31"
}

# Every 13th day of four centuries: 13 has no factor in common with the length of any cycle of the calendar.
test_days_of_four_centuries_turn_back if {
	every k in numbers.range(1, 11239) {
		dates.days(dates.iso(k * 13)) == k * 13
	}
}

test_days_ago if {
	dates.days_ago(0) == "2024-03-01" with input as {"as_of": "2024-03-01"}
	dates.days_ago(1) == "2024-02-29" with input as {"as_of": "2024-03-01"}
	dates.days_ago(366) == "2023-03-01" with input as {"as_of": "2024-03-01"}
	dates.days_ago(-31) == "2024-04-01" with input as {"as_of": "2024-03-01"}
	dates.days_ago(9999999) == "0001-01-01" with input as {"as_of": "2024-03-01"}
	not dates.days_ago(1.5) with input as {"as_of": "2024-03-01"}
	not dates.days_ago("1") with input as {"as_of": "2024-03-01"}
	not dates.days_ago(1) with input as {"as_of": "2024-02-30"}
	not dates.days_ago(1) with input as {}
}

test_distance_between_two_dates if {
	dates.later_by_at_most("2026-03-02", "2026-01-01", 60)
	not dates.later_by_more("2026-03-02", "2026-01-01", 60)
	not dates.later_by_at_most("2026-03-03", "2026-01-01", 60)
	dates.later_by_more("2026-03-03", "2026-01-01", 60)
	dates.later_by_at_most("2025-12-31", "2026-01-01", 0)
	not dates.later_by_at_most("2026-02-30", "2026-01-01", 60)
	not dates.later_by_more("2026-02-30", "2026-01-01", 0)
	not dates.later_by_at_most("2026-03-02", "2026-01-01", "60")
}
