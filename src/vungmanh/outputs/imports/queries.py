"""Reads about imports. A batch is seen by whoever sees every unit its lines name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Reach
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import units_visible
from vungmanh.outputs.models import BatchState, ImportBatch, ImportFile, ImportLine, LineState

#: What an undo says of lines that it could not put back just as they stood.
KEPT = "Đã được sửa lại sau lần nhập này nên giữ nguyên, không hoàn tác."
FOLLOWED = (
    "Báo cáo có trước lần nhập này thuộc một lần nhập đã hoàn tác, nên trả về như trước lần đó."
)
_WRITES = (LineState.NEW, LineState.CHANGED)


def batches_visible(viewer: Viewer) -> QuerySet[ImportBatch]:
    """The imports the viewer may see, latest first, with who made them and their count of files."""
    return (
        _within_scope(viewer)
        .select_related("by")
        .annotate(file_count=Count("files", distinct=True))
        .order_by("-at", "-id")
    )


def batch_visible(viewer: Viewer, batch_id: UUID, *, lock: bool = False) -> ImportBatch:
    """One batch, else NotFound alike for absent and out of scope. `lock` until the transaction
    ends, so that two clicks do not write twice."""
    batches = _within_scope(viewer).filter(pk=batch_id)
    batch = (batches.select_for_update() if lock else batches).first()
    if batch is None:
        raise NotFound("Không tìm thấy lần nhập này trong phạm vi của đồng chí.", code="no-import")
    return batch


def _within_scope(viewer: Viewer) -> QuerySet[ImportBatch]:
    """Batches all of whose units the viewer sees, whoever made them.

    A batch that names no unit we know belongs to who made it.
    """
    named = ImportLine.objects.filter(batch=OuterRef("pk"), unit__isnull=False)
    unseen = named.exclude(unit_id__in=units_visible(viewer, timezone.localdate())).exclude(
        unit_id__in=_seen_at_their_end(viewer)
    )
    return ImportBatch.objects.filter(~Exists(unseen) & (Exists(named) | Q(by=viewer.user)))


def _seen_at_their_end(viewer: Viewer) -> QuerySet[UnitClosure, UUID]:
    """Units of imports that do not stand today, by where they stood last (or will stand).

    Old months are imported too: without this nobody would see what was said of a cell since
    dissolved.
    """
    today = timezone.localdate()
    below = Q(ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW))
    itself = Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    lives = UnitClosure.objects.filter(descendant_id=OuterRef("descendant_id"), depth=0)
    return UnitClosure.objects.filter(
        below | itself,
        ~Exists(lives.filter(valid__contains=today)),
        ~Exists(lives.exclude(valid__not_gt=OuterRef("valid"))),
    ).values_list("descendant_id", flat=True)


@dataclass(frozen=True)
class Summary:
    """How many lines a batch or file would write, repeat, leave blank or refuse."""

    new: int = 0
    changed: int = 0
    same: int = 0
    blank: int = 0
    refused: int = 0
    kept: int = 0  # of an import taken back: reports left alone because changed since
    followed: int = 0  # of an import taken back: put back to before an earlier one, also undone
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
    "kept": Count("id", filter=Q(reason=KEPT)),
    "followed": Count("id", filter=Q(reason=FOLLOWED)),
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
