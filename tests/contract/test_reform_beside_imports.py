"""Imports and excuses rely on the register: a reform waits for them, and undoing passes them by."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection

from tests.cast import AT, LANG_THU, QUAN_MAU
from tests.contract.test_import_together import CELL, preview
from tests.contract.test_reform_engine import Desk, desk, hold_deferred, new_cell, register
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import Conflict
from vungmanh.core.vocabulary import ObligationKind, Relief, ReliefCause, Role
from vungmanh.meetings.actions.excuses import Wish, grant_excuse, withdraw_excuse
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.undo import blockers_of_undo
from vungmanh.outputs.imports.actions.commit import commit_import, undo_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.models import BatchState, ImportBatch, ImportLine
from vungmanh.outputs.reforms.actions import undo_reform_and_follow
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

__all__ = ["desk"]  # the fixture
pytestmark = pytest.mark.django_db

MONTH = dt.date(2020, 8, 1)
FOUNDED = "Chi bộ thôn Mới Thử"


def turns_shared() -> int:
    """How often this transaction holds the turn of reforms beside others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"
            " AND pid = pg_backend_pid() AND granted"
            " AND objid::bigint = hashtext('org.reform')::bigint & 4294967295"
        )
        return int(cursor.fetchone()[0])


def another_may_reform() -> bool:
    """Whether somebody else could take the turn of a reform at this moment."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('org.reform'))")
            taken = bool(cursor.fetchone()[0])
            cursor.execute("SELECT pg_advisory_unlock_all()")
            return taken
    finally:
        other.close()


def drop(desk: Desk, unit: object, name: str, parent: str) -> ImportBatch:
    said = {"state": "held", "held_on": MONTH.replace(day=5), "members": 9, "present": 8}
    target = io.BytesIO()
    write_filled_workbook(target, parent, MONTH, [SheetRow(str(unit), name, "", said)])
    return prepare_import(files=[DroppedFile("tệp.xlsx", target.getvalue)], by=desk.analyst, at=AT)


@pytest.mark.parametrize("act", ["commit", "undo"])
def test_no_reform_is_carried_out_while_an_import_is_written_or_taken_back(
    desk: Desk, act: str
) -> None:
    batch = preview(desk.cast, desk.analyst, 8)
    assert another_may_reform()
    commit_import(batch_id=batch.pk, by=desk.analyst, at=AT)
    if act == "undo":
        undo_import(batch_id=batch.pk, by=desk.analyst, at=AT)
    assert turns_shared() == 1
    assert not another_may_reform()


@pytest.mark.parametrize("act", ["grant", "withdraw"])
def test_no_reform_is_carried_out_while_an_excuse_is_granted_or_withdrawn(
    desk: Desk, act: str
) -> None:
    office = viewer_for(desk.cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())
    december = dt.date(2019, 12, 1)
    wish = Wish(
        ObligationKind.REGULAR, december, december, Relief.EXCUSED, None, ReliefCause.OTHER,
        "Ngập đường, chia cắt thôn", "Công văn 1", dt.date(2020, 1, 5),
    )  # fmt: skip
    assert another_may_reform()
    [excuse] = grant_excuse(unit_id=desk.cast[CELL], wish=wish, by=office, at=AT)
    if act == "withdraw":
        withdraw_excuse(excuse_id=excuse.pk, reason="Ghi nhầm tháng", by=office, at=AT)
    assert not another_may_reform()


def test_an_import_taken_back_does_not_keep_a_reform_from_being_undone(desk: Desk) -> None:
    before = register()
    reform = desk.does(new_cell("moi", desk.id(LANG_THU)))
    founded = UnitVersion.objects.get(name=FOUNDED).unit_id
    batch = drop(desk, founded, FOUNDED, LANG_THU)
    commit_import(batch_id=batch.pk, by=desk.analyst, at=AT)
    assert any("dòng đã nhập từ tệp" in one for one in blockers_of_undo(reform))
    undo_import(batch_id=batch.pk, by=desk.analyst, at=AT)
    assert blockers_of_undo(reform) == []
    undo_reform_and_follow(reform_id=reform.pk, reason="Nhầm", by=desk.analyst, at=AT)
    hold_deferred()
    assert register() == before
    assert ImportLine.objects.get(batch=batch).unit_id is None  # what was dropped in is still told


def test_a_preview_does_not_hold_a_reform_and_can_then_no_longer_be_written(desk: Desk) -> None:
    reform = desk.does(new_cell("moi", desk.id(LANG_THU)))
    founded = UnitVersion.objects.get(name=FOUNDED).unit_id
    batch = drop(desk, founded, FOUNDED, LANG_THU)
    assert blockers_of_undo(reform) == []
    desk.undo(reform)
    with pytest.raises(Conflict, match="Nạp lại tệp để xem trước lại"):
        commit_import(batch_id=batch.pk, by=desk.analyst, at=AT)
    assert ImportBatch.objects.get(pk=batch.pk).state == BatchState.PREVIEW
