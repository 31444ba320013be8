"""Trial provinces: the truth is known, so that methods can be scored (methods.md §12)."""
