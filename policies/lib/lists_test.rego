package compliance.lib.lists_test

import data.compliance.lib.lists

test_lists_of_one_type if {
	lists.strings(["a", ""])
	lists.strings([])
	lists.numbers([1, 2.5])
	lists.booleans([true, false])
	lists.dates_only(["2026-01-01"])
}

test_an_unknown_member_spoils_the_list if {
	not lists.strings(["a", null])
	not lists.strings(["a", 1])
	not lists.numbers([1, "2"])
	not lists.booleans([true, null])
	not lists.dates_only(["2026-01-01", "2026-02-30"])
}

test_only_arrays_are_lists if {
	every value in [{"k": "a"}, {"a"}, "a", 1, true, null] {
		not lists.strings(value)
	}
	every value in [{"k": 1}, "a", 1, null] {
		not lists.numbers(value)
	}
}

test_key_of_a_linked_record if {
	lists.key({"id": "v1"}, 3) == "v1"
	lists.key({"id": 1}, 3) == "3"
	lists.key({}, 3) == "3"
	lists.key(null, 3) == "3"
	lists.key("v1", 0) == "0"
}
