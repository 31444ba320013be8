"""Lineage that comes with a register: who went where, under which decision."""

from __future__ import annotations

import datetime as dt

import pytest

from vungmanh.analysis.simulate import SMALL, Province, simulate_province
from vungmanh.core.vocabulary import ReformState, UnitKind
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import Ancestry, Lineage, Reform, UnitVersion

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
REFORM = dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def province() -> Province:
    return simulate_province(7, size=SMALL, first_month=dt.date(2019, 1, 1))


def test_a_register_keeps_one_decision_a_document_and_day(province: Province) -> None:
    written = load_register(tables=province.tables, by=None, at=AT)
    assert written["lineage"] == Lineage.objects.count() > 0
    for reform in Reform.objects.all():
        assert reform.state == ReformState.COMMITTED
        assert reform.journal is None
        assert reform.steps == []
        assert {(row.on, row.document) for row in reform.lineage.all()} == {
            (reform.effective_on, reform.document)
        }
    assert {reform.effective_on for reform in Reform.objects.all()} >= {
        REFORM, dt.date(2020, 1, 1), dt.date(2024, 12, 1),
    }  # fmt: skip


def test_what_went_into_a_unit_is_found_from_it_and_back(province: Province) -> None:
    load_register(tables=province.tables, by=None, at=AT)
    communes = UnitVersion.objects.filter(valid__startswith=REFORM, kind=UnitKind.DANG_BO_XA)
    assert communes.count() == 4
    for commune in communes:
        before = Ancestry.objects.filter(successor=commune.unit_id)
        assert before.count() >= 2
        for row in before:
            assert row.share == 1
            old = UnitVersion.objects.get(unit_id=row.predecessor_id)
            assert old.valid.upper == REFORM
            assert old.area == commune.area


def test_a_register_without_lineage_is_taken(province: Province) -> None:
    tables = {name: rows for name, rows in province.tables.items() if name != "lineage"}
    assert load_register(tables=tables, by=None, at=AT)["lineage"] == 0
    assert not Reform.objects.exists()
