"""A file of the handbook app or of a cell, laid beside what the system has.

Nothing that stands is overwritten: only months of which nothing is recorded may be written. The
rest is listed with both values and what to do, for a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import MeetingState, ObligationKind
from vungmanh.meetings.models import Meeting, MeetingReport
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_held
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.imports.actions.reassess import commit_and_reassess
from vungmanh.outputs.imports.describe import differing, report_words
from vungmanh.outputs.imports.queries import batch_visible
from vungmanh.outputs.models import ImportBatch, ImportLine, LineState

DIFFERS = (
    "Khác với số liệu đã có nên không ghi. Xem chỗ khác ở trang Đối chiếu tệp rồi sửa bên sai."
)
BEING_WRITTEN = (
    "Chi bộ đang ghi tháng này trong hệ thống nên không ghi từ tệp. Chờ chi bộ nộp, hoặc báo chi "
    "bộ nộp."
)
_WRITING = (MeetingState.RECORDING, MeetingState.FILED, MeetingState.RETURNED,
            MeetingState.CONFIRMED, MeetingState.SEALED)  # fmt: skip
MOST_SHOWN = 500


@transaction.atomic
def prepare_comparison(*, files: Iterable[DroppedFile], by: Viewer, at: dt.datetime) -> ImportBatch:
    """Read the files as an import does, but refuse every line that would change what stands.

    What is left may be written and taken back as any import. Raises what `prepare_import` raises.
    """
    batch = prepare_import(files=files, by=by, at=at)
    batch.lines.filter(state=LineState.CHANGED).update(state=LineState.REFUSED, reason=DIFFERS)
    _leave_to_the_cell(batch)
    return batch


@transaction.atomic
def write_what_is_missing(*, batch_id: UUID, by: Viewer, at: dt.datetime) -> int:
    """Write the months of which nothing is recorded, still; returns how many.

    Raises what `commit_import` raises; nothing is written then.
    """
    _leave_to_the_cell(batch_visible(by, batch_id))
    return commit_and_reassess(batch_id=batch_id, by=by, at=at).written


def _leave_to_the_cell(batch: ImportBatch) -> None:
    """A month that a cell has begun to record is the cell's to file."""
    begun = Meeting.objects.filter(
        unit_id=OuterRef("unit_id"),
        month=OuterRef("month"),
        kind=ObligationKind.REGULAR,
        state__in=[state.value for state in _WRITING],
    )
    batch.lines.filter(Exists(begun), state=LineState.NEW).update(
        state=LineState.REFUSED, reason=BEING_WRITTEN
    )


@dataclass(frozen=True)
class Difference:
    """One field of one month that file and system tell differently, and what to do about it."""

    place: str
    file: str
    unit_id: UUID
    name: str
    month: dt.date
    field: str
    theirs: str
    ours: str
    is_recorded: bool  # here as the record of a meeting, not as a line of an earlier file

    @property
    def remedy(self) -> str:
        if self.is_recorded:
            return (
                "Tệp đúng: mở kỳ họp, trả lại hoặc đính chính bản ghi. Ở đây đúng: sửa trong sổ "
                "tay, trong tệp."
            )
        return (
            "Tệp đúng: nạp tệp ở trang Nhập rồi ghi thay. Ở đây đúng: sửa trong sổ tay, trong tệp."
        )


def differences_of(batch: ImportBatch) -> list[Difference]:
    """Every field told differently, in the order of the files."""
    lines = list(
        ImportLine.objects.filter(
            batch=batch, state=LineState.REFUSED, before__isnull=False, after__isnull=False
        )
        .select_related("file")
        .order_by("file__number", "number")[:MOST_SHOWN]
    )
    names = _names({line.unit_id for line in lines if line.unit_id})
    recorded = _recorded(lines)
    return [
        Difference(
            place=line.place,
            file=line.file.name,
            unit_id=line.unit_id,
            name=names.get(line.unit_id, line.label),
            month=line.month,
            field=label,
            theirs=theirs,
            ours=ours,
            is_recorded=(line.unit_id, line.month) in recorded,
        )
        for line in lines
        if line.unit_id and line.month and line.before and line.after
        for label, ours, theirs in differing(line.before, line.after)
    ]


def _recorded(lines: list[ImportLine]) -> set[tuple[UUID, dt.date]]:
    found = Meeting.objects.filter(
        unit_id__in={line.unit_id for line in lines},
        month__in={line.month for line in lines},
        kind=ObligationKind.REGULAR,
    )
    return set(found.values_list("unit_id", "month"))


@dataclass(frozen=True)
class Missing:
    """A month that the system has and the file does not tell of."""

    unit_id: UUID
    name: str
    month: dt.date
    words: str


def missing_in(batch: ImportBatch, viewer: Viewer) -> list[Missing]:
    """Of the committees whose cells the files name, in the months they name."""
    rows = ImportLine.objects.filter(batch=batch).order_by().values_list("unit_id", "month")
    told = {(unit, month) for unit, month in rows.distinct() if unit and month}
    reports = [
        report
        for month in sorted({month for _unit, month in told})
        for report in _reports_beside({unit for unit, one in told if one == month}, month, viewer)
        if (report.unit_id, month) not in told
    ][:MOST_SHOWN]
    names = _names({report.unit_id for report in reports})
    return [
        Missing(
            report.unit_id,
            names.get(report.unit_id, ""),
            report.month,
            report_words(
                {
                    "state": report.state,
                    "held_on": report.held_on.isoformat() if report.held_on else None,
                    "members": report.members,
                    "present": report.present,
                    "score": report.score,
                }
            ),
        )
        for report in reports
    ]


def _reports_beside(units: set[UUID], month: dt.date, viewer: Viewer) -> Iterable[MeetingReport]:
    """Reports of the cells that stand under the same committees in that month."""
    day = last_day(month)
    links = UnitClosure.objects.filter(depth=1, valid__contains=day)
    above = links.filter(descendant_id__in=units).values("ancestor_id")
    below = links.filter(ancestor_id__in=above).values("descendant_id")
    return MeetingReport.objects.filter(
        Q(unit_id__in=below) & Q(unit_id__in=units_held(viewer, day)),
        month=month,
        kind=ObligationKind.REGULAR,
    ).order_by("unit_id")


def _names(units: set[UUID]) -> dict[UUID, str]:
    """As the units were last called."""
    versions = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
    return dict(versions.values_list("unit_id", "name"))
