"""Papers of a meeting: minutes, the blank form, the notice, the calendar entry."""
