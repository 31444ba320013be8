"""Papers of a meeting: minutes, notice, blank form and calendar entry, on the page and as files."""
