"""Statistics of members: periods as once known, what was reported, aggregates."""
