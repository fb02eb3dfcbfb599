# Faults where one vendor is named twice with different answers.
package compliance.trial.rules.screened

answer(id) := vendor.screened if {
	some vendor in input.system.links.vendors.records
	vendor.id == id
}

expect_true if {
	input.system.links.vendors.complete == true
	every vendor in input.system.links.vendors.records { answer(vendor.id) == true }
}

expect_false if {
	some vendor in input.system.links.vendors.records
	answer(vendor.id) == false
}

status := "satisfied+outer_limit_only" if expect_true

else := "gap" if expect_false

else := "unknown"
