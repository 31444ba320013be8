"""Reads about imports. A batch is seen by who made it: its lines may name units of that scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.outputs.models import BatchState, ImportBatch, ImportFile, ImportLine, LineState

_WRITES = (LineState.NEW, LineState.CHANGED)


def batches_visible(viewer: Viewer) -> QuerySet[ImportBatch]:
    """The viewer's own imports, latest first, with counts of files and of lines by state."""
    return (
        ImportBatch.objects.filter(by=viewer.user)
        .annotate(file_count=Count("files", distinct=True))
        .order_by("-at", "-id")
    )


def batch_visible(viewer: Viewer, batch_id: UUID, *, lock: bool = False) -> ImportBatch:
    """One batch, else NotFound alike for absent and not one's own. `lock` until the transaction
    ends, so that two clicks do not write twice."""
    batches = ImportBatch.objects.filter(by=viewer.user, pk=batch_id)
    batch = (batches.select_for_update() if lock else batches).first()
    if batch is None:
        raise NotFound("Không tìm thấy lần nhập này trong phạm vi của đồng chí.", code="no-import")
    return batch


@dataclass(frozen=True)
class Summary:
    """How many lines a batch or file would write, repeat, leave blank or refuse."""

    new: int = 0
    changed: int = 0
    same: int = 0
    blank: int = 0
    refused: int = 0
    first_month: dt.date | None = None
    last_month: dt.date | None = None

    @property
    def lines(self) -> int:
        return self.new + self.changed + self.same + self.blank + self.refused

    @property
    def writes(self) -> int:
        return self.new + self.changed


_COUNTS = {
    "new": Count("id", filter=Q(state=LineState.NEW)),
    "changed": Count("id", filter=Q(state=LineState.CHANGED)),
    "same": Count("id", filter=Q(state=LineState.SAME, after__isnull=False)),
    "blank": Count("id", filter=Q(state=LineState.SAME, after__isnull=True)),
    "refused": Count("id", filter=Q(state=LineState.REFUSED)),
    "first_month": Min("month"),
    "last_month": Max("month"),
}


def summary_of(batch: ImportBatch) -> Summary:
    """The counts of a whole batch."""
    return Summary(**ImportLine.objects.filter(batch=batch).aggregate(**_COUNTS))


def state_counts(batches: list[ImportBatch]) -> dict[UUID, dict[str, int]]:
    """Lines of several batches by state, in one query that the index alone answers."""
    rows = (
        ImportLine.objects.filter(batch__in=batches)
        .order_by()
        .values_list("batch_id", "state")
        .annotate(lines=Count("*"))
    )
    counts: dict[UUID, dict[str, int]] = {batch.pk: {} for batch in batches}
    for batch_id, state, lines in rows:
        counts[batch_id][state] = lines
    return counts


def _summaries(lines: QuerySet[ImportLine], by: str) -> dict[Any, Summary]:
    names = tuple(_COUNTS)
    rows = lines.order_by().values(by).annotate(**_COUNTS).values_list(by, *names)
    return {row[0]: Summary(**dict(zip(names, row[1:], strict=True))) for row in rows}


@dataclass(frozen=True)
class FileSection:
    """One file of a batch: its counts, and when the very same file was last written."""

    file: ImportFile
    summary: Summary
    written_before: dt.datetime | None


def file_sections(batch: ImportBatch) -> list[FileSection]:
    """The files of a batch in order, in three queries however many they are."""
    files = list(batch.files.order_by("number"))
    counts = _summaries(ImportLine.objects.filter(batch=batch), "file_id")
    written = dict(
        ImportFile.objects.filter(
            sha256__in=[file.sha256 for file in files],
            batch__by=batch.by_id,
            batch__state=BatchState.COMMITTED,
            batch__at__lt=batch.at,
        )
        .order_by()
        .values_list("sha256")
        .annotate(Max("batch__committed_at"))
    )
    return [
        FileSection(file, counts.get(file.pk, Summary()), written.get(file.sha256))
        for file in files
    ]


def lines_of(
    batch: ImportBatch, *, state: str = "", file: int | None = None
) -> QuerySet[ImportLine]:
    """The lines of a batch in the order of the files, of one state or one file if asked."""
    lines = ImportLine.objects.filter(batch=batch).select_related("file")
    if state == "blank":
        lines = lines.filter(state=LineState.SAME, after__isnull=True)
    elif state == LineState.SAME:
        lines = lines.filter(state=state, after__isnull=False)
    elif state:
        lines = lines.filter(state=state)
    if file is not None:
        lines = lines.filter(file__number=file)
    return lines.order_by("file__number", "number")


def months_written(batch: ImportBatch) -> list[dt.date]:
    """The months whose reports the batch writes, in order."""
    lines = ImportLine.objects.filter(batch=batch, state__in=_WRITES).order_by("month")
    return [month for month in lines.values_list("month", flat=True).distinct() if month]
