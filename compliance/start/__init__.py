"""The first hour of an agency: few questions, the rule sets that bind it, and files to fill in."""
