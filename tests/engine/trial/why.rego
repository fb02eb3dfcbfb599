package compliance.trial.why

outcome(status) := {"satisfied": "true", "gap": "false", "unknown": "unknown"}[status]

why.encrypted.expect := outcome(data.compliance.trial.rules.encrypted.status) if {
	input.why.encrypted == true
}

why.named.expect := {"outcome": "unknown", "unknown_facts": {"system.name", "agency.name"}} if {
	input.why.named == true
}

why.screened.expect := {"complete": true, "elements": elements} if input.why.screened == true

elements[vendor.id] := {"expect.expect": data.compliance.trial.rules.screened.answer(vendor.id)} if {
	some vendor in input.system.links.vendors.records
}
