"""Figures: what each one is, and the same figure opened for one unit."""
