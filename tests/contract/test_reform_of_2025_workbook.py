"""The reform of the demonstration as a workbook: written without a database, read back the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.simulate import SMALL, Province, simulate_province
from vungmanh.analysis.simulate.reform import BEFORE_REFORM, reform_steps
from vungmanh.config.reform_of_2025 import steps_of, write_reform_of_2025
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.reforms.assemble import assemble
from vungmanh.outputs.reforms.read import read_reform_workbook
from vungmanh.outputs.reforms.units import index_of

pytestmark = pytest.mark.django_db

SEED = 7
AT = dt.datetime(2025, 6, 28, 8, tzinfo=dt.UTC)
EVE, DAY = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def before() -> Province:
    return simulate_province(SEED, size=SMALL, last_month=BEFORE_REFORM)


@pytest.fixture
def analyst(before: Province) -> Viewer:
    load_register(tables=before.tables, by=None, at=AT)
    user = User.objects.create_user("chuyenvien", password="mat-khau-thu")
    root = UnitVersion.objects.get(kind="dang_bo_tinh")
    grant_role(
        user=user, role=Role.PROVINCIAL_ANALYST, unit_id=root.unit_id,
        reach=Reach.UNIT_AND_BELOW, valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    return viewer_for(user, on=EVE)


def test_its_workbook_reads_back_as_the_same_steps(
    analyst: Viewer, before: Province, tmp_path: Path
) -> None:
    plain = reform_steps(SEED, SMALL)
    path = tmp_path / "sap-xep-2025.xlsx"
    assert write_reform_of_2025(path, before, SEED, SMALL) == len(plain.steps)
    found = read_reform_workbook(path.read_bytes(), path.name)
    assert (found.title, found.document) == (plain.title, plain.document)
    assert (found.signed_on, found.effective_on) == (plain.signed_on, DAY)
    made = assemble(found.rows, index_of(analyst, DAY))
    assert [one.message for one in (*found.problems, *made.problems)] == []
    assert made.steps == steps_of(plain)


def test_the_workbook_is_the_same_to_the_byte(before: Province, tmp_path: Path) -> None:
    first, second = tmp_path / "mot.xlsx", tmp_path / "hai.xlsx"
    for path in (first, second):
        write_reform_of_2025(path, before, SEED, SMALL)
    assert first.read_bytes() == second.read_bytes()
