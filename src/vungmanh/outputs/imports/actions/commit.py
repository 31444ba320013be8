"""Writing a previewed batch, taking it back, or throwing the preview away."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, NotNow
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.obligations import extend_obligations
from vungmanh.meetings.actions.reports import record_reports, withdraw_reports
from vungmanh.org.queries import units_held
from vungmanh.org.turns import beside_register
from vungmanh.outputs.imports.queries import FOLLOWED, KEPT, batch_visible
from vungmanh.outputs.imports.records import as_json, report_of
from vungmanh.outputs.models import BatchState, ImportBatch, LineState

_WRITES = (LineState.NEW, LineState.CHANGED)


@dataclass(frozen=True)
class Undone:
    """What an undo did: reports put back or withdrawn, and lines left because changed since."""

    restored: int
    kept: int


@transaction.atomic
def commit_import(*, batch_id: UUID, by: Viewer, at: dt.datetime) -> int:
    """Write the new and changed lines of a preview; returns how many reports were written.

    Raises NotNow unless the batch is a preview within the months of the ledger, Conflict when a
    report was changed since the preview was made or a unit has left the viewer's scope: nothing is
    written then.
    """
    check_can(by, "meetings.report.import")
    _wait_for_others()
    batch = _locked(by, batch_id, BatchState.PREVIEW, "Lần nhập này không còn ở bước xem trước.")
    _refuse_out_of_scope(batch, by)
    stale = _count_differing(batch, "before")
    if stale:
        raise Conflict(
            f"{stale} dòng vừa được người khác sửa sau lúc xem trước. Nạp lại tệp để xem trước "
            "theo số liệu mới; chưa dòng nào được ghi.",
            code="import-stale",
        )
    months = list(_months(batch))
    if months:
        extend_obligations(first=months[0], last=months[-1], by=by.user, at=at)
    reports = _reports(batch, timezone.localdate(at))
    written = record_reports(reports=reports, source=batch.pk, by=by.user, at=at)
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    batch.save(update_fields=["state", "committed_at"])
    record(
        "import.committed",
        by=by.user,
        at=at,
        subject=f"import:{batch.pk}",
        data={"written": written, "months": [f"{month:%Y-%m}" for month in months]},
    )
    return written


@transaction.atomic
def undo_import(*, batch_id: UUID, by: Viewer, at: dt.datetime) -> Undone:
    """Put back what stood before a committed batch.

    A report that somebody changed after the import is left alone and its line says so. What stood
    before may itself come from an import taken back since: then what stood before that one returns.
    Raises NotNow unless the batch is committed.
    """
    check_can(by, "meetings.report.undo")
    _wait_for_others()
    batch = _locked(by, batch_id, BatchState.COMMITTED, "Lần nhập này không ở bước đã ghi.")
    _refuse_out_of_scope(batch, by)
    written = _written(batch)
    kept = [line.id for line in written if line.differs]
    batch.lines.filter(pk__in=kept).update(reason=KEPT)
    stood = _stood_before(batch, [line for line in written if not line.differs])
    added = [(line.unit, line.month) for line in stood if not line.before]
    restored = withdraw_reports(keys=added, by=by.user, at=at) if added else 0
    for source, reports in _by_source(stood).items():
        restored += record_reports(reports=reports, source=source, by=by.user, at=at)
    batch.state, batch.undone_at = BatchState.UNDONE, at
    batch.save(update_fields=["state", "undone_at"])
    record(
        "import.undone",
        by=by.user,
        at=at,
        subject=f"import:{batch.pk}",
        data={"restored": restored, "kept": len(kept)},
    )
    return Undone(restored, len(kept))


@transaction.atomic
def discard_import(*, batch_id: UUID, by: Viewer, at: dt.datetime) -> None:
    """Throw a preview away. Raises NotNow once it has been written."""
    check_can(by, "meetings.report.import")
    batch = _locked(by, batch_id, BatchState.PREVIEW, "Lần nhập này không còn ở bước xem trước.")
    record("import.discarded", by=by.user, at=at, subject=f"import:{batch.pk}")
    with connection.cursor() as cursor:  # the lines by one statement, not one by one
        cursor.execute("DELETE FROM outputs_importline WHERE batch_id = %s", [batch.pk])
    batch.delete()


def _wait_for_others() -> None:
    """One import writes at a time: the second compares with what the first has left.

    A reform waits too: it might end a unit of which the import reports.
    """
    beside_register()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('outputs.import'))")


def _locked(by: Viewer, batch_id: UUID, state: BatchState, refusal: str) -> ImportBatch:
    batch = batch_visible(by, batch_id, lock=True)
    if batch.state != state:
        raise NotNow(f"{refusal} Tải lại trang để xem tình trạng mới.", code="import-state")
    return batch


def _refuse_out_of_scope(batch: ImportBatch, by: Viewer) -> None:
    """The viewer's roles may have ended since the preview was made."""
    for month in _months(batch):
        outside = (
            batch.lines.filter(state__in=_WRITES, month=month)
            .exclude(unit_id__in=units_held(by, last_day(month)))
            .exists()
        )
        if outside:
            raise Conflict(
                "Có chi bộ không còn trong phạm vi của đồng chí. Nạp lại tệp để xem trước lại.",
                code="import-scope",
            )


def _months(batch: ImportBatch) -> Iterator[dt.date]:
    lines = batch.lines.filter(state__in=_WRITES).order_by("month")
    yield from (month for month in lines.values_list("month", flat=True).distinct() if month)


def _differing(column: str) -> str:
    """SQL condition: the report is no longer what a line says of `column` (before or after).

    The same words written by another import are another report: what stands behind them differs.
    A line read before a column existed says nothing of it, which is what null says.
    """
    now = f"CASE WHEN report.id IS NOT NULL THEN jsonb_strip_nulls({as_json('report')}) END"
    told = f"jsonb_strip_nulls(line.{column} - 'filed_on' - 'source')"
    words = f"{now} IS DISTINCT FROM {told}"
    source = "line.batch_id" if column == "after" else "(line.before ->> 'source')::uuid"
    return f"({words} OR report.source IS DISTINCT FROM {source})"


_FROM_LINES = """
  FROM outputs_importline line
  LEFT JOIN meetings_meetingreport report
    ON report.unit_id = line.unit_id AND report.month = line.month AND report.kind = %(kind)s
  WHERE line.batch_id = %(batch)s AND line.state = ANY(%(writes)s)
"""


def _parameters(batch: ImportBatch) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "kind": ObligationKind.REGULAR.value,
        "writes": [state.value for state in _WRITES],
    }


def _count_differing(batch: ImportBatch, column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) {_FROM_LINES} AND {_differing(column)}", _parameters(batch)
        )
        count: int = cursor.fetchone()[0]
        return count


class _Written(NamedTuple):
    """A line that was written, what stood before it, and whether the report has changed since."""

    id: int
    unit: UUID
    month: dt.date
    before: dict[str, Any] | None
    differs: bool

    @property
    def source(self) -> UUID | None:
        """The import that wrote what stood before."""
        name = self.before["source"] if self.before else None
        return UUID(name) if name else None


def _written(batch: ImportBatch) -> list[_Written]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.id, line.unit_id, line.month, line.before::text,"
            f" {_differing('after')} {_FROM_LINES}",
            _parameters(batch),
        )
        return [
            _Written(line, unit, month, json.loads(before) if before else None, differs)
            for line, unit, month, before, differs in cursor.fetchall()
        ]


def _reports(batch: ImportBatch, filed_on: dt.date) -> Iterator[dict[str, Any]]:
    """The reports to write. The JSON is fetched as text first: COPY holds the connection while
    these rows are being consumed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, month, after::text FROM outputs_importline"
            " WHERE batch_id = %s AND state = ANY(%s)",
            [batch.pk, [state.value for state in _WRITES]],
        )
        rows = cursor.fetchall()
    return (report_of(unit, month, json.loads(after), filed_on) for unit, month, after in rows)


def _stood_before(batch: ImportBatch, written: list[_Written]) -> list[_Written]:
    """The lines with what stood before them, seen through imports that were taken back since."""
    known: dict[UUID, dict[tuple[UUID, dt.date], dict[str, Any] | None]] = {}
    gone = set(ImportBatch.objects.filter(state=BatchState.UNDONE).values_list("pk", flat=True))
    found, through = [], []
    for line in written:
        seen = line
        while (source := seen.source) is not None and source in gone:
            if source not in known:
                earlier = _written(ImportBatch(pk=source))
                known[source] = {(one.unit, one.month): one.before for one in earlier}
            seen = seen._replace(before=known[source][line.unit, line.month])
        found.append(seen)
        if seen is not line:
            through.append(line.id)
    batch.lines.filter(pk__in=through).update(reason=FOLLOWED)
    return found


def _by_source(stood: list[_Written]) -> dict[UUID | None, list[dict[str, Any]]]:
    """The reports to put back, by the import each had come from."""
    found: dict[UUID | None, list[dict[str, Any]]] = {}
    for line in stood:
        if line.before:
            report = report_of(line.unit, line.month, line.before, None)
            found.setdefault(line.source, []).append(report)
    return found
