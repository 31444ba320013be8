"""Dropping workbooks in, looking at what they would do, writing them, taking them back."""
