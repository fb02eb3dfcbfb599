"""The saved assessments of many agencies, side by side, for the bureau."""
