"""Two people who write the same cell and month at the same time: one is told, nothing is lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import AT, CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, VungManhError
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.imports.actions import commit
from vungmanh.outputs.imports.actions.commit import commit_import, undo_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.models import BatchState, ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = dt.date(2019, 12, 1)
CELL = CELLS[QUAN_MAU][0]


def preview(cast: Cast, viewer: Viewer, present: int) -> ImportBatch:
    said = {
        "state": "held", "held_on": dt.date(2019, 12, 5), "members": 9, "present": present,
    }  # fmt: skip
    target = io.BytesIO()
    write_filled_workbook(target, QUAN_MAU, MONTH, [SheetRow(str(cast[CELL]), CELL, "", said)])
    file = DroppedFile("tệp.xlsx", target.getvalue)
    return prepare_import(files=[file], by=viewer, at=AT)


def meet_before(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Hold each writer just before it writes until the other has come as far, or a moment."""
    barrier = threading.Barrier(2)
    write = getattr(commit, name)

    def wait_and_write(**given: Any) -> int:
        # A broken barrier: the other waits for this one to end, as it should.
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)
        return write(**given)

    monkeypatch.setattr(commit, name, wait_and_write)


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Run the acts in threads of their own; returns what they raised."""
    raised: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def test_the_second_of_two_commits_at_once_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    viewer = viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())
    batches = [preview(cast, viewer, present) for present in (8, 7)]
    meet_before(monkeypatch, "record_reports")
    raised = at_once(
        *(lambda batch=one: commit_import(batch_id=batch.pk, by=viewer, at=AT) for one in batches)
    )
    assert [type(error) for error in raised] == [Conflict]
    assert "vừa được người khác sửa" in str(raised[0])
    written = ImportBatch.objects.get(state=BatchState.COMMITTED)
    assert MeetingReport.objects.get().source == written.pk
    assert ImportBatch.objects.filter(state=BatchState.PREVIEW).count() == 1


def test_an_undo_beside_a_commit_leaves_what_the_history_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    viewer = viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())
    first = preview(cast, viewer, 8)
    commit_import(batch_id=first.pk, by=viewer, at=AT)
    second = preview(cast, viewer, 7)
    meet_before(monkeypatch, "withdraw_reports")
    raised = at_once(
        lambda: undo_import(batch_id=first.pk, by=viewer, at=AT),
        lambda: commit_import(batch_id=second.pk, by=viewer, at=AT),
    )
    second.refresh_from_db()
    assert all(isinstance(error, VungManhError) for error in raised)
    # Either the undo came first and the commit was told, or the undo kept the newer report.
    present = list(MeetingReport.objects.values_list("present", flat=True))
    assert present == ([7] if second.state == BatchState.COMMITTED else [])
