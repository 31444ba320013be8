"""Who waits for whom: a reform stands alone; those who only rely on the register share it.

Whoever takes one of these turns takes it before any other lock of its transaction, so that no two
ever wait for each other.
"""

from __future__ import annotations

from django.db import connection


def alone_with_register() -> None:
    """Until the transaction ends nobody else changes the structure or relies on it."""
    _take("pg_advisory_xact_lock")


def beside_register() -> None:
    """Until the transaction ends no reform is carried out or taken back. Others go on beside."""
    _take("pg_advisory_xact_lock_shared")


def _take(turn: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {turn}(hashtext('org.reform'))")
