"""Writing much of the tree at once: its closure is rebuilt one time, not once a statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def closure_rebuilt_once() -> Iterator[None]:
    """Statements inside leave the closure as it is; at the end it is rebuilt for all of them.

    What reads the closure inside reads the tree of before. The database sees to it that nothing is
    committed unbuilt, and a failure takes back the notes with what was written
    (sql/closure_later.sql).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('vungmanh.closure_later', 'on', true)")
        yield
        cursor.execute("SELECT org_closure_catch_up()")
