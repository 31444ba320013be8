"""The life of a unit: its names, the units above, what it came from and what it became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import month_of, month_slug
from vungmanh.core.text import date_vi, percent_vi, sort_key
from vungmanh.core.vocabulary import LineageKind, UnitKind
from vungmanh.org.models import Lineage, UnitParent, UnitVersion
from vungmanh.org.queries import units_visible


@dataclass(frozen=True)
class Kin:
    """A unit this one came from or became part of, with its address on a day it lived."""

    unit_id: UUID
    name: str
    words: str  # how, with which share, on which day
    document: str
    href: str = ""  # empty where it is out of sight, or its months are not offered


@dataclass(frozen=True)
class Stage:
    """One stretch of the life of a unit: a name and kind, or a unit above."""

    since: dt.date
    until: dt.date | None  # first day without it
    words: str

    @property
    def dates(self) -> str:
        if self.until is None:
            return _("từ %s") % date_vi(self.since)
        last = date_vi(self.until - dt.timedelta(days=1))
        return _("%(first)s đến %(last)s") % {"first": date_vi(self.since), "last": last}


@dataclass(frozen=True)
class History:
    """What the section shows. `sentence` is its finding."""

    sentence: str
    came_from: tuple[Kin, ...]
    became: tuple[Kin, ...]
    versions: tuple[Stage, ...]
    above: tuple[Stage, ...]


@dataclass(frozen=True)
class _Others:
    """The other units of a history: their names over time, and which may be opened when."""

    names: dict[UUID, list[UnitVersion]]
    seen: set[tuple[UUID, dt.date]]
    offered: frozenset[str]

    def name_on(self, unit_id: UUID, day: dt.date) -> str:
        """What a unit was called on a day, else as it was last called."""
        versions = self.names.get(unit_id, [])
        held = [one.name for one in versions if day in one.valid]
        return (held or [one.name for one in versions] or [""])[-1]

    def address(self, unit_id: UUID, day: dt.date) -> str:
        """Its page in the month of a day; empty where that cannot be opened."""
        month = month_slug(month_of(day))
        if (unit_id, day) not in self.seen or month not in self.offered:
            return ""
        return f"{reverse('unit', args=[unit_id])}?{urlencode({'ky': month})}"


def history_of(viewer: Viewer, unit_id: UUID, months_offered: Iterable[str]) -> History:
    """Everything recorded of the unit over time, whatever the day looked at."""
    links = list(UnitParent.objects.filter(unit_id=unit_id).order_by("valid"))
    lineage = list(
        Lineage.objects.filter(Q(successor_id=unit_id) | Q(predecessor_id=unit_id)).order_by("on")
    )
    # The day on which the other unit still, or already, lived.
    kin = [
        (one, one.predecessor_id, one.on - dt.timedelta(days=1))
        if one.successor_id == unit_id
        else (one, one.successor_id, one.on)
        for one in lineage
    ]
    names = _names(
        {unit_id, *(link.parent_id for link in links), *(other for _one, other, _day in kin)}
    )
    days = [(other, day) for _one, other, day in kin]
    others = _Others(names, _seen(viewer, days), frozenset(months_offered))
    drawn = [(one.successor_id == unit_id, _kin(one, unit, day, others)) for one, unit, day in kin]
    came_from = sorted(
        (kin for is_before, kin in drawn if is_before), key=lambda kin: sort_key(kin.name)
    )
    became = [kin for is_before, kin in drawn if not is_before]
    versions = names.get(unit_id, [])
    return History(
        _sentence(versions, came_from, became),
        tuple(came_from),
        tuple(became),
        tuple(_version_stage(one) for one in versions),
        tuple(_parent_stage(one, others) for one in links),
    )


def _names(unit_ids: set[UUID]) -> dict[UUID, list[UnitVersion]]:
    found: dict[UUID, list[UnitVersion]] = {}
    for version in UnitVersion.objects.filter(unit_id__in=unit_ids).order_by("valid"):
        found.setdefault(version.unit_id, []).append(version)
    return found


def _seen(viewer: Viewer, days: list[tuple[UUID, dt.date]]) -> set[tuple[UUID, dt.date]]:
    """Which of the units may be opened, on the day each is linked to. One query a day."""
    wanted: dict[dt.date, set[UUID]] = {}
    for unit, day in days:
        wanted.setdefault(day, set()).add(unit)
    return {
        (unit, day)
        for day, units in wanted.items()
        for unit in units_visible(viewer, day).filter(descendant_id__in=units)
    }


def _kin(one: Lineage, unit_id: UUID, day: dt.date, others: _Others) -> Kin:
    share = f", {percent_vi(one.share)}" if one.share < 1 else ""
    since = _("từ %s") % date_vi(one.on)
    words = f"{_(LineageKind(one.kind).label)}{share}, {since}"
    name = others.name_on(unit_id, day)
    return Kin(unit_id, name, words, one.document, others.address(unit_id, day))


def _parent_stage(link: UnitParent, others: _Others) -> Stage:
    name = others.name_on(link.parent_id, link.valid.lower)
    return Stage(link.valid.lower, link.valid.upper, name)


def _version_stage(version: UnitVersion) -> Stage:
    words = f"{version.name} ({_(UnitKind(version.kind).label)})"
    if version.official_code:
        words += f", {_('mã %s') % version.official_code}"
    return Stage(version.valid.lower, version.valid.upper, words)


def _sentence(versions: list[UnitVersion], came_from: list[Kin], became: list[Kin]) -> str:
    parts = []
    if came_from:
        names = ", ".join(kin.name for kin in came_from[:3])
        more = len(came_from) - 3
        if more > 0:
            names = _("%(names)s và %(more)s đơn vị khác") % {"names": names, "more": more}
        parts.append(_("Trước đây là %s.") % names)
    if became:
        parts.append(_("Nay thuộc %s.") % ", ".join(kin.name for kin in became))
    elif versions and versions[-1].valid.upper is not None:
        parts.append(_("Kết thúc từ %s.") % date_vi(versions[-1].valid.upper))
    if not parts and len(versions) == 1:
        parts.append(_("Không đổi từ khi có trong sổ, %s.") % date_vi(versions[0].valid.lower))
    return " ".join(parts)
