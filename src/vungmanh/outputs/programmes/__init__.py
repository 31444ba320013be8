"""Papers of a programme: its plan, choosing, oversight and visits, and its reports."""
