# As much work as the record asks for: the cube of a number.
package compliance.trial.rules.counted

import data.compliance.trial.lib.values

numbers_below := numbers.range(1, values.number(input.system.size))

expect_true if {
	every a in numbers_below {
		every b in numbers_below {
			every c in numbers_below { [a, b, c] != [0, 0, 0] }
		}
	}
}

status := "satisfied" if expect_true

else := "unknown"
