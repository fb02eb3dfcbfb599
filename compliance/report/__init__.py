"""Reports: each turns an assessment into text, and reads nothing else."""
