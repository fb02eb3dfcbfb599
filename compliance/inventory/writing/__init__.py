"""Turns what is known of an inventory back into files."""
