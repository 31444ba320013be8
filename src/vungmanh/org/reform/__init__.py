"""Reforms: one decision that changes the register, from a new name to the end of a whole level.

`steps` says what is decided, `plan` works out what follows without a database, `load` and `write`
stand between the plan and the tables, `undo` takes a reform back, `preview` tells it to a reader.
"""
