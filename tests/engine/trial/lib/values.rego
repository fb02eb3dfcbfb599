package compliance.trial.lib.values

text(value) := value if is_string(value)

number(value) := value if is_number(value)
