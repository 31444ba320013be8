"""Members: counts and names of a day, admissions, transfers, review lists."""
