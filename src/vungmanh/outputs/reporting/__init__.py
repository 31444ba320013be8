"""Reports of a committee about a period: figures the system has, each with where it is opened."""
