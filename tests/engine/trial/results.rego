package compliance.trial

results := {
	"applies": data.compliance.trial.applies.system.status,
	"counted": data.compliance.trial.rules.counted.status,
	"encrypted": data.compliance.trial.rules.encrypted.status,
	"named": data.compliance.trial.rules.named.status,
	"screened": data.compliance.trial.rules.screened.status,
	"stated": data.compliance.trial.rules.stated.status,
} if input.system

else := {"planned": data.compliance.trial.rules.planned.status} if input.agency

measures["planned/expect"] := "true" if input.system.encrypted == true

measures["planned/expect"] := "false" if input.system.encrypted == false

measures["planned/expect.1"] := "true" if input.system.left == true

measures["planned/expect.1"] := "false" if input.system.right == true

batch := [[i, value] |
	some i, document in input.documents
	value := results with input as document
] if {
	input.entry == "results"
}

else := [[i, value] |
	some i, document in input.documents
	value := measures with input as document
] if {
	input.entry == "measures"
}

else := [[i, value] |
	some i, document in input.documents
	value := data.compliance.trial.why.why with input as document
] if {
	input.entry == "why"
}
