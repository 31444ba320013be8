"""Two words for asking the database directly."""

from __future__ import annotations

from typing import Any

from django.db import connection

Row = tuple[Any, ...]


def ask(sql: str, *parameters: Any) -> list[Row]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run(sql: str, *parameters: Any) -> None:
    """A statement that gives nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
