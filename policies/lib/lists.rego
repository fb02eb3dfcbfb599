# Lists whose members are all there and of one type: only they can say what they do not hold.
package compliance.lib.lists

import data.compliance.lib.dates

strings(xs) if {
	is_array(xs)
	every x in xs {
		is_string(x)
	}
}

numbers(xs) if {
	is_array(xs)
	every x in xs {
		is_number(x)
	}
}

booleans(xs) if {
	is_array(xs)
	every x in xs {
		is_boolean(x)
	}
}

dates_only(xs) if {
	is_array(xs)
	every x in xs {
		dates.valid(x)
	}
}

# key(record, i) is the name of the linked record number i: its id, or its number where it has none.
key(record, i) := record.id if {
	is_string(record.id)
} else := format_int(i, 10)
