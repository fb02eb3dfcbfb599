# Counts and shares of records, decided only when what is not known cannot change the answer.
#
# A tally is {"true": t, "false": f, "unknown": u, "complete": bool}: the records that meet the condition,
# those that do not, those that cannot be told, and whether every record is there.
package compliance.lib.tallies

import data.compliance.lib.dates

scale := 1000000

well_formed(tally) if {
	natural(tally["true"])
	natural(tally["false"])
	natural(tally.unknown)
	is_boolean(tally.complete)
}

natural(n) if {
	dates.whole(n)
	n >= 0
}

size(tally) := (tally["true"] + tally["false"]) + tally.unknown

# Bounds of a count without `expect`: nothing counted is zero.
count_bounds(tally) := {
	"low": tally["true"],
	"high": tally["true"] + tally.unknown,
	"complete": tally.complete,
	"weight": 0,
	"empty": "no",
} if {
	well_formed(tally)
}

# Bounds of a count with `expect`: a complete list with nothing to look at is true.
expecting_bounds(tally) := {
	"low": tally["true"],
	"high": tally["true"] + tally.unknown,
	"complete": tally.complete,
	"weight": 0,
	"empty": empty(tally),
} if {
	well_formed(tally)
}

# Bounds of a share, in millionths of a record so that no fraction is ever compared.
share_bounds(tally) := {
	"low": tally["true"] * scale,
	"high": (tally["true"] + tally.unknown) * scale,
	"complete": tally.complete,
	"weight": size(tally),
	"empty": empty(tally),
} if {
	well_formed(tally)
	tally.complete == true
}

empty(tally) := "yes" if {
	tally.complete == true
	size(tally) == 0
} else := "maybe" if {
	tally["true"] + tally["false"] == 0
} else := "no"

# limit(b, n) is the bound in the units of b.
limit(b, n) := n if {
	is_number(n)
	b.weight == 0
}

limit(b, n) := round(min([max([n, -1000]), 1000]) * scale) * b.weight if {
	is_number(n)
	b.weight > 0
}

at_least_true(b, n) if {
	is_number(n)
	b.empty == "yes"
}

at_least_true(b, n) if b.low >= limit(b, n)

at_least_false(b, n) if {
	b.empty == "no"
	b.complete == true
	b.high < limit(b, n)
}

greater_than_true(b, n) if {
	is_number(n)
	b.empty == "yes"
}

greater_than_true(b, n) if b.low > limit(b, n)

greater_than_false(b, n) if {
	b.empty == "no"
	b.complete == true
	b.high <= limit(b, n)
}

at_most_true(b, n) if {
	is_number(n)
	b.empty == "yes"
}

at_most_true(b, n) if {
	b.complete == true
	b.high <= limit(b, n)
}

at_most_false(b, n) if {
	b.empty == "no"
	b.low > limit(b, n)
}

less_than_true(b, n) if {
	is_number(n)
	b.empty == "yes"
}

less_than_true(b, n) if {
	b.complete == true
	b.high < limit(b, n)
}

less_than_false(b, n) if {
	b.empty == "no"
	b.low >= limit(b, n)
}

equals_true(b, n) if {
	is_number(n)
	b.empty == "yes"
}

equals_true(b, n) if {
	b.complete == true
	b.low == b.high
	b.low == limit(b, n)
}

equals_false(b, n) if {
	b.empty == "no"
	b.low > limit(b, n)
}

equals_false(b, n) if {
	b.empty == "no"
	b.complete == true
	b.high < limit(b, n)
}
