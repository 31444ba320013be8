"""Forms that somebody else laid out: Excel templates filled cell by cell, all else left alone."""
