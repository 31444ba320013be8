"""For migrations: put a table with facts of units behind the second wall (sql/wall.sql).

    operations = [put_behind_wall("meetings_obligation"),
                  put_behind_wall("strengthening_flagreply", "flag_id", of="strengthening_flag")]

and the migration depends on ("org", "0006_wall_of_sight"). tests/health/test_wall.py names whatever
table with a unit was forgotten.
"""

from __future__ import annotations

from django.db.migrations import RunSQL


def put_behind_wall(
    table: str, column: str = "unit_id", *, of: str = "", or_none: bool = False
) -> RunSQL:
    """Let pages read the rows of units in sight, or those whose `column` names a row in sight of
    the table `of`; with `or_none` also those of no unit."""
    # A list that is worked out once a query: a function of each row would be asked for each row.
    seen = f"SELECT id FROM {of}" if of else "SELECT unnest(org_wall_units())"
    none = f"{column} IS NULL OR " if or_none else ""
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall ON {table} FOR SELECT TO vungmanh_reader"
        f" USING ({none}{column} IN ({seen}));",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        elidable=False,
    )
