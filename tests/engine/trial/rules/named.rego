package compliance.trial.rules.named

import data.compliance.trial.lib.values

expect_true if regex.match(`^(?:[a-z0-9 -]+)$`, values.text(input.system.name))

expect_false if not regex.match(`^(?:[a-z0-9 -]+)$`, values.text(input.system.name))

status := "unknown" if not values.text(input.system.name)

else := "satisfied" if expect_true

else := "gap" if expect_false
