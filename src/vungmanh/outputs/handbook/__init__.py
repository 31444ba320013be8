"""The monthly roll-up beside the handbook app and the cells' own sheets: out, and in to compare."""
