"""The investment table of a plan, as the annex of a funding request."""
