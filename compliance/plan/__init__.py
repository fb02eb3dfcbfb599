"""The plan of action and milestones of an agency, and what others found at it."""
