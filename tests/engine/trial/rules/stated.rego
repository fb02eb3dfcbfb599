# Has no status at all where the record says so.
package compliance.trial.rules.stated

status := "satisfied" if not input.system.silent == true
