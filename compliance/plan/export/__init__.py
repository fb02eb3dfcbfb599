"""The plan in the forms that others ask for; each reads an assessment and nothing else."""
