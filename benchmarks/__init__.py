"""Measurements of the product beside the programs it could have been built on."""
