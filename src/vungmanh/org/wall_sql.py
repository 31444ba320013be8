"""For migrations: put a table with facts of units behind the second wall (sql/wall.sql).

    operations = [put_behind_wall("meetings_obligation", whole=True),
                  put_behind_wall("strengthening_flagreply", "flag_id", of="strengthening_flag")]

and the migration depends on ("org", "0009_wall_for_those_who_see_all"), which altered the walls put
up before it. tests/health/test_wall.py names whatever table with a unit was forgotten.
"""

from __future__ import annotations

from django.db.migrations import RunSQL


def put_behind_wall(
    table: str, column: str = "unit_id", *, of: str = "", or_none: bool = False, whole: bool = False
) -> RunSQL:
    """Let pages read the rows of units in sight, or those whose `column` names a row in sight of
    the table `of`; with `or_none` also those of no unit, with `whole` (org 0009 on) all
    to whoever sees the whole register, without a list."""
    # A list that is worked out once a query: a function of each row would be asked for each row.
    # In a SELECT of its own, or the planner would work it out to count it.
    seen = f"SELECT id FROM {of}" if of else "SELECT unnest((SELECT org_wall_units()))"
    every = "(SELECT org_wall_all()) OR " if whole else ""
    none = f"{column} IS NULL OR " if or_none else ""
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall ON {table} FOR SELECT TO vungmanh_reader"
        f" USING ({every}{none}{column} IN ({seen}));",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        elidable=False,
    )
