"""What would become of the findings if facts, policies, parameters or the date were others."""
