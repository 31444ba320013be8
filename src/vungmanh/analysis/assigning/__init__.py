"""Who oversees which cell."""
