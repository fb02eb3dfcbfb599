package compliance.lib.tallies_test

import data.compliance.lib.tallies

tally(t, f, u, complete) := {"true": t, "false": f, "unknown": u, "complete": complete}

test_share_is_decided_by_what_is_known if {
	tallies.at_least_true(tallies.share_bounds(tally(9, 1, 0, true)), 0.9)
	tallies.at_least_false(tallies.share_bounds(tally(8, 2, 0, true)), 0.9)
}

test_share_is_open_while_unknown_records_could_change_it if {
	open := tallies.share_bounds(tally(8, 1, 1, true))
	not tallies.at_least_true(open, 0.9)
	not tallies.at_least_false(open, 0.9)
	tallies.at_least_true(open, 0.8)
	tallies.at_least_false(open, 0.95)
}

test_share_of_an_incomplete_list_says_nothing if {
	not tallies.share_bounds(tally(10, 0, 0, false))
}

test_share_of_nothing_is_met if {
	empty := tallies.share_bounds(tally(0, 0, 0, true))
	tallies.at_least_true(empty, 1)
	tallies.at_most_true(empty, 0)
	tallies.equals_true(empty, 0.5)
	not tallies.at_least_false(empty, 1)
}

test_share_that_may_be_of_nothing_is_never_false if {
	maybe := tallies.share_bounds(tally(0, 0, 3, true))
	not tallies.at_most_false(maybe, 0)
	not tallies.at_least_false(maybe, 1)
}

test_count_grows_with_an_incomplete_list if {
	open := tallies.count_bounds(tally(3, 0, 0, false))
	tallies.at_least_true(open, 3)
	not tallies.at_least_true(open, 4)
	not tallies.at_least_false(open, 4)
	tallies.at_most_false(open, 2)
	not tallies.at_most_true(open, 3)
	tallies.less_than_false(open, 3)
	tallies.greater_than_true(open, 2)
	tallies.equals_false(open, 2)
	not tallies.equals_true(open, 3)
}

test_count_of_a_complete_list if {
	known := tallies.count_bounds(tally(3, 0, 1, true))
	tallies.at_least_true(known, 3)
	tallies.at_least_false(known, 5)
	not tallies.at_least_true(known, 4)
	not tallies.at_least_false(known, 4)
	tallies.at_most_true(known, 4)
	tallies.at_most_false(known, 2)
	tallies.less_than_true(known, 5)
	tallies.less_than_false(known, 3)
	tallies.greater_than_true(known, 2)
	tallies.greater_than_false(known, 4)
	tallies.equals_false(known, 5)
	tallies.equals_false(known, 2)
	tallies.equals_true(tallies.count_bounds(tally(3, 0, 0, true)), 3)
}

test_count_of_nothing if {
	tallies.at_least_false(tallies.count_bounds(tally(0, 0, 0, true)), 1)
	tallies.at_least_true(tallies.expecting_bounds(tally(0, 0, 0, true)), 1)
	not tallies.at_least_false(tallies.expecting_bounds(tally(0, 0, 2, true)), 3)
	tallies.at_least_false(tallies.expecting_bounds(tally(0, 1, 1, true)), 3)
}

test_malformed_tallies_say_nothing if {
	every value in [
		{}, null, [], "x", tally(-1, 0, 0, true), tally(1.5, 0, 0, true), tally("1", 0, 0, true), tally(1, 0, 0, "yes"),
		{"true": 1, "false": 0, "complete": true},
	] {
		not tallies.count_bounds(value)
		not tallies.expecting_bounds(value)
		not tallies.share_bounds(value)
	}
}
