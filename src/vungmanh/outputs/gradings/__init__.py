"""Papers of a yearly rating, made from what its pages show."""
