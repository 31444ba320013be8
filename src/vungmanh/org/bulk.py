"""COPY into PostgreSQL: the one way in for many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY `rows` (in the order of `columns`) into `table`; returns how many were written.

    `rows` may be lazy but must not ask the database: the connection is busy copying.
    """
    written = 0
    with connection.cursor() as cursor:
        target = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with cursor.copy(target) as copy:
            for row in rows:
                copy.write_row(row)
                written += 1
    return written
