"""Dropped files to previewed lines, lines to reports, and back again."""
