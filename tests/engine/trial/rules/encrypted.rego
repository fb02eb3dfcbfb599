package compliance.trial.rules.encrypted

expect_true if input.system.encrypted == true

expect_false if {
	is_boolean(input.system.encrypted)
	input.system.encrypted != true
}

status := "satisfied" if expect_true

else := "gap" if expect_false

else := "unknown"
