"""What differs now from what was reported: the figures before and after, who changed them, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import PublishedStatistic, Reform, UnitClosure, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible

MOST = 200


@dataclass(frozen=True)
class Difference:
    """One figure of one line: None where the line is on one side only."""

    name: str
    figure: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Correction:
    """One act recorded after the report about a day before its end.

    `number`: by how many it moved a count; `what` is then the standing of those counted.
    """

    at: dt.datetime
    by: str
    unit: str
    day: dt.date
    what: str
    why: str
    number: int = 0


def published_visible(viewer: Viewer, unit_id: UUID | None = None) -> list[PublishedStatistic]:
    """What was reported by units in sight, withdrawn ones too."""
    rows = PublishedStatistic.objects.filter(unit_id__in=units_visible(viewer, viewer.on))
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return list(rows.select_related("by"))


def published_one(viewer: Viewer, statistic_id: UUID) -> PublishedStatistic:
    """One of them. Raises NotFound alike for absent and out of sight."""
    gone = ended_units_visible(viewer, viewer.on)
    rows = PublishedStatistic.objects.select_related("by", "withdrawn_by")
    found = rows.filter(pk=statistic_id, unit_id__in=units_visible(viewer, viewer.on)).first()
    found = found or rows.filter(pk=statistic_id, unit_id__in=gone).first()
    if found is None:
        raise NotFound("Không tìm thấy số liệu đã báo cáo này trong phạm vi của đồng chí.")
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Figure by figure, the total first."""
    found = _of_line(str(before["name"]), before["total"], after["total"])
    new = {line["unit"]: line for line in after["lines"]}
    for line in before["lines"]:
        found += _of_line(line["name"], line, new.pop(line["unit"], None))
    for line in new.values():
        found += _of_line(line["name"], None, line)
    return found


def _of_line(
    name: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> list[Difference]:
    figures = [key for key, value in (before or after or {}).items() if type(value) is int]
    pairs = [(key, (before or {}).get(key), (after or {}).get(key)) for key in figures]
    return [
        Difference(name, key, was, now)
        for key, was, now in pairs
        if was != now and not (not was and not now)
    ]


def corrections(viewer: Viewer, kept: PublishedStatistic) -> list[Correction]:
    """What was recorded since the report about its period or before, the latest first."""
    inside = UnitClosure.objects.filter(ancestor_id=kept.unit_id)
    seen = set(inside.order_by().values_list("descendant_id", flat=True))
    events = Event.objects.filter(
        verb="count.moved", at__gt=kept.known_at, data__from_day__lte=kept.last.isoformat()
    ).select_related("by")
    here = [
        event
        for event in events.order_by("-pk")
        if UUID(event.subject.removeprefix("unit:")) in seen
    ][:MOST]
    units = {UUID(event.subject.removeprefix("unit:")) for event in here}
    names = dict(
        UnitVersion.objects.filter(unit_id__in=units)
        .order_by("valid")
        .values_list("unit_id", "name")
    )
    reasons = _reasons(here)
    found = [
        Correction(
            event.at,
            str(event.by or ""),
            names.get(UUID(event.subject.removeprefix("unit:")), ""),
            dt.date.fromisoformat(event.data["from_day"]),
            MembershipStatus(event.data["status"]).label,
            reasons[event.pk],
            event.data["by"],
        )
        for event in here
    ]
    return sorted([*found, *_reforms(kept, seen)], key=lambda one: one.at, reverse=True)


_KINDS = {
    "admission": "Hồ sơ kết nạp",
    "transfer": "Chuyển sinh hoạt",
    "person": "Danh sách theo tên",
}


def _reasons(events: list[Event]) -> dict[int, str]:
    """The document behind each, or the work it came from."""
    numbers = [
        int(one.data["why"].removeprefix("event:"))
        for one in events
        if one.data["why"].startswith("event:")
    ]
    said = dict(Event.objects.filter(pk__in=numbers).values_list("pk", "data__document"))
    found = {}
    for one in events:
        kind, _, key = one.data["why"].partition(":")
        found[one.pk] = str(said.get(int(key)) or "") if kind == "event" else _KINDS.get(kind, "")
    return found


def _reforms(kept: PublishedStatistic, seen: set[UUID]) -> list[Correction]:
    """Reforms of those days that were carried out, or taken back, since the report."""
    later = Q(committed_at__gt=kept.known_at) | Q(undone_at__gt=kept.known_at)
    rows = Reform.objects.filter(later, effective_on__lte=kept.last).extra(
        where=[
            "CASE WHEN journal IS NULL THEN EXISTS ("  # taken back: only its steps name units
            "  SELECT FROM unnest(%s::text[]) unit WHERE position(unit IN steps::text) > 0)"
            " ELSE journal -> 'units' ?| %s::text[] END"
        ],
        params=[[str(unit) for unit in seen]] * 2,
    )
    found = []
    for row in rows.select_related("committed_by", "undone_by").defer("journal", "steps", "told"):
        for at, by, what in (
            (row.committed_at, row.committed_by, "Sắp xếp tổ chức"),
            (row.undone_at, row.undone_by, "Hoàn tác sắp xếp tổ chức"),
        ):
            if at and at > kept.known_at:
                found.append(
                    Correction(at, str(by or ""), "", row.effective_on, what, row.document)
                )
    return found


def words_of_period(first: dt.date, last: dt.date, say: Callable[[str], str] = str) -> str:
    """Half a year and a year by their names, any other by its days; `say` translates them."""
    if (first.month, first.day) == (1, 1) and first.year == last.year:
        if (last.month, last.day) == (6, 30):
            return say("6 tháng đầu năm %(year)s") % {"year": last.year}
        if (last.month, last.day) == (12, 31):
            return say("năm %(year)s") % {"year": last.year}
    return say("từ %(first)s đến %(last)s") % {"first": date_vi(first), "last": date_vi(last)}
