"""Counts of members through time: moving one, and what was known of any day on any other.

The counts are the truth of every denominator. Whoever changes a membership moves the count of the
unit in the same transaction and on the same day, so that nobody is lost or counted twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import AdmissionCount, MembershipCount, Unit, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.org.reform.sql import ask

Counts = dict[MembershipStatus, int]


@dataclass
class _Piece:
    """So many members from `lower` until before `upper`; `row` is what says so already."""

    lower: dt.date
    upper: dt.date | None
    count: int
    row: MembershipCount | None = None


def lock_units(unit_ids: Iterable[UUID]) -> None:
    """Until the transaction ends nobody else moves counts of these units."""
    units = Unit.objects.select_for_update(no_key=True).filter(pk__in=list(unit_ids))
    list(units.order_by("pk").values_list("pk"))


def check_lives(unit_id: UUID, day: dt.date) -> None:
    """Raise NotNow unless the unit lives on a day and has no end: its heirs count otherwise."""
    spans = sorted(
        UnitVersion.objects.filter(unit_id=unit_id).order_by().values_list("valid", flat=True),
        key=lambda span: span.lower,
    )
    if not spans or day < spans[0].lower:
        raise NotNow(
            f"Ngày {date_vi(day)} tổ chức này chưa hoạt động. Ghi ngày sau đó.",
            code="before-unit",
        )
    if spans[-1].upper is not None:
        raise NotNow(
            f"Tổ chức này kết thúc ngày {date_vi(spans[-1].upper)}."
            " Ghi ở tổ chức tiếp nhận đảng viên.",
            code="unit-ended",
        )


def move_count(
    unit_id: UUID,
    status: MembershipStatus,
    by_how_many: int,
    from_day: dt.date,
    *,
    by: User | None,
    at: dt.datetime,
    why: str,
) -> None:
    """So many more (or fewer) of a status from a day on; what changed later still changes then.

    `why` is the subject of the act that moves them. Raises NotNow for a day outside the life of the
    unit, or where fewer than none would be left on some day.
    """
    if by_how_many == 0:
        return
    lock_units([unit_id])
    check_lives(unit_id, from_day)
    rows = MembershipCount.objects.filter(unit_id=unit_id, status=status)
    touching = rows.filter(Q(valid__endswith=None) | Q(valid__endswith__gte=from_day))
    pieces = _moved(touching.order_by("valid"), by_how_many, from_day)
    below = next((piece for piece in pieces if piece.count < 0), None)
    if below is not None:
        raise NotNow(
            f"Từ {date_vi(below.lower)} sổ tổ chức chỉ có {below.count - by_how_many} đảng viên"
            f" diện “{status.label}” ở đây. Ghi lại số đảng viên trước.",
            code="fewer-than-none",
        )
    _write(unit_id, status, _joined(pieces), {row.pk for row in touching})
    record(
        "count.moved",
        by=by,
        at=at,
        subject=f"unit:{unit_id}",
        data={"status": status.value, "by": by_how_many, "from_day": from_day.isoformat(),
              "why": why},
    )  # fmt: skip


def _moved(rows: Iterable[MembershipCount], number: int, day: dt.date) -> list[_Piece]:
    """The pieces from the row that touches the day on, gaps counted as none."""
    pieces: list[_Piece] = []
    reached: dt.date | None = day
    for row in rows:
        lower, upper = row.valid.lower, row.valid.upper
        assert reached is not None
        if lower < day:
            pieces.append(_Piece(lower, min(upper or day, day), row.count, row))
            if upper == day:
                continue
            pieces.append(_Piece(day, upper, row.count + number))
        else:
            if reached < lower:
                pieces.append(_Piece(reached, lower, number))
            pieces.append(_Piece(lower, upper, row.count + number, row))
        reached = upper
    if reached is not None:
        pieces.append(_Piece(reached, None, number))
    return pieces


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Neighbours that say the same are one: what is moved back leaves no trace in the register."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and last.upper == piece.lower and last.count == piece.count:
            last.upper, last.row = piece.upper, last.row or piece.row
        else:
            joined.append(piece)
    return joined


def _write(unit_id: UUID, status: MembershipStatus, pieces: list[_Piece], before: set[int]) -> None:
    kept = {piece.row.pk for piece in pieces if piece.row is not None}
    MembershipCount.objects.filter(pk__in=before - kept).delete()
    growing = []
    for piece in pieces:
        row, span = piece.row, DateRange(piece.lower, piece.upper)
        if row is None or (row.valid, row.count) == (span, piece.count):
            continue
        shrinks = row.valid.upper is None or (span.upper or dt.date.max) <= row.valid.upper
        row.valid, row.count = span, piece.count
        if shrinks:
            row.save(update_fields=["valid", "count"])
        else:
            growing.append(row)  # only once its neighbour has given way
    for row in growing:
        row.save(update_fields=["valid", "count"])
    MembershipCount.objects.bulk_create(
        MembershipCount(
            unit_id=unit_id,
            status=status,
            valid=DateRange(piece.lower, piece.upper),
            count=piece.count,
        )
        for piece in pieces
        if piece.row is None
    )


def count_admitted(unit_id: UUID, on: dt.date, by_how_many: int) -> None:
    """So many more (or fewer) admitted in the month of a day."""
    month = on.replace(day=1)
    row, _ = AdmissionCount.objects.select_for_update().get_or_create(
        unit_id=unit_id, month=month, defaults={"count": 0}
    )
    if row.count + by_how_many < 0:
        raise NotNow(
            f"Sổ tổ chức không có ai kết nạp trong tháng {month.month}/{month.year} để bớt.",
            code="fewer-than-none",
        )
    row.count += by_how_many
    if row.count:
        row.save(update_fields=["count"])
    else:
        row.delete()  # no row means none


def counts_as_of(
    viewer: Viewer | None,
    unit_ids: Iterable[UUID],
    on: dt.date,
    known_at: dt.datetime | None = None,
) -> dict[UUID, Counts]:
    """Members by status on a day, of those of the units in sight; as they were known at a moment.

    Asked again with the same moment the answer is the same, whatever was corrected or reformed
    since: what a row said before is kept by the database, by its own clock. A unit without a count
    is absent.
    """
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(
        unit_id__in=ended_units_visible(viewer, viewer.on if viewer else on)
    )
    if known_at is None:
        now = MembershipCount.objects.filter(seen, unit_id__in=list(unit_ids), valid__contains=on)
        rows = list(now.values_list("unit_id", "status", "count"))
    else:
        units = Unit.objects.annotate(unit_id=F("pk")).filter(seen, pk__in=list(unit_ids))
        rows = ask(
            "SELECT unit_id, status, count FROM org_counts_known(%s, %s) WHERE valid @> %s::date"
            " ORDER BY until DESC NULLS FIRST",
            list(units.values_list("pk", flat=True)), known_at, on,
        )  # fmt: skip
    found: dict[UUID, Counts] = {}
    for unit_id, status, count in rows:
        found.setdefault(unit_id, {})[MembershipStatus(status)] = count
    return found
