"""Readers are never blocked: whoever reads during a commit sees the state before it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from tests.cast import AT, QUAN_MAU, make_cast
from tests.contract.test_reform_engine import DAY, Desk, basis_of, everything
from vungmanh.org.actions.reforms import commit_reform

pytestmark = pytest.mark.django_db(transaction=True)

READ = (
    "SELECT name FROM org_unitversion WHERE unit_id = %(unit)s AND valid @> %(day)s::date",
    "SELECT count(*) FROM org_unitclosure WHERE ancestor_id = %(unit)s AND valid @> %(day)s::date",
    "SELECT count(*) FROM org_lineage JOIN org_ancestry USING (predecessor_id)",
    "SELECT count(*) FROM access_rolegrant",
)


def test_a_reader_is_not_kept_waiting_by_an_open_commit() -> None:
    desk = Desk(make_cast())
    reform = desk.draft(*everything(desk))
    said = connection.get_connection_params()
    params = {k: v for k, v in said.items() if k in {"dbname", "user", "password", "host", "port"}}
    asked = {"unit": desk.cast[QUAN_MAU], "day": DAY}
    with psycopg.connect(**params, autocommit=True) as reader:
        reader.execute("SET lock_timeout = '1s'")
        before = [reader.execute(sql, asked).fetchone() for sql in READ]
        with transaction.atomic():
            commit_reform(reform_id=reform.pk, basis=basis_of(reform), by=desk.analyst, at=AT)
            during = [reader.execute(sql, asked).fetchone() for sql in READ]
        after = reader.execute(READ[0], asked).fetchone()
    assert during == before
    assert before[0] == (QUAN_MAU,)
    assert after == ("Đảng bộ xã Quan Mới",)
