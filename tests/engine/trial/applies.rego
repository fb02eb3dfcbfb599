package compliance.trial.applies.system

status := "not_applicable" if input.system.public == true

else := "satisfied" if input.system.public == false

else := "unknown"
