package compliance.sample.rules.spare
