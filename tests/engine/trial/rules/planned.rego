package compliance.trial.rules.planned

status := "satisfied" if input.agency.plan == true

else := "unknown"
