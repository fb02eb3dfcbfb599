"""Two saved assessments of one agency side by side, and many of them over time."""
