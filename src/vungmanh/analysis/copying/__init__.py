"""Minutes that repeat one another, or say nothing of their own (methods.md §8)."""
