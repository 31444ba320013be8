"""One's own minutes compared with one another: a folder or a table in, pairs and a report out."""
