"""Organisations to be re-arranged, as of a day: the register's facts given to the day's rules.

Sight is the viewer's, in a fixed number of queries however many units there are. What is found is
computed and shown; only what a person lays aside, or drafts, is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Sector, UnitKind
from vungmanh.org.memberships import STAY
from vungmanh.org.models import (
    ArrangingDismissal,
    ArrangingDraft,
    MembershipCount,
    UnitClosure,
    UnitParent,
    UnitVersion,
)
from vungmanh.org.models.places import WORDS
from vungmanh.org.places import PlaceSeen, names_of_units, places_seen
from vungmanh.org.queries import units_visible, versions_visible
from vungmanh.org.reform.steps import steps_from_json, unit_ids
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.arranging import (
    Arrangement,
    PlaceFacts,
    UnitFacts,
    find_arrangements,
)

JOINT = "joint_cell"
_LOOKED_AT = [*(kind.value for kind in CELL_KINDS), UnitKind.DANG_BO_CO_SO.value]


@dataclass(frozen=True)
class Found:
    """One finding with the key it is known by, its committee, and names to show and search.

    `lapsed`: it was laid aside, and its figures are others now.
    """

    arrangement: Arrangement
    key: str
    committee: UUID | None
    names: Mapping[str, str]  # of units and places, by id
    dismissal: ArrangingDismissal | None
    lapsed: ArrangingDismissal | None = None

    @property
    def code(self) -> str:
        return self.arrangement.code

    @property
    def searched(self) -> str:
        return fold(" ".join(self.names.values()))


def arrangements(viewer: Viewer, on: dt.date, *, about: set[UUID] | None = None) -> list[Found]:
    """Everything the day's rules find in sight. `about`: only of these units and their siblings."""
    places = places_seen(viewer, on)
    near = None if about is None else _near(about, on)
    beside = {seen.under for seen in places if seen.under is not None}
    units, versions = _units(viewer, on, near, beside)
    found = find_arrangements(load_rulebook().on(on), units, _facts(places, versions))
    laid_aside = _laid_aside(viewer, on)
    committees = {one.id: one.parent or one.id for one in units}
    unders = {str(seen.place.pk): seen.under for seen in places}
    names = {str(unit): one.name for unit, one in versions.items()}
    names |= _names_out_of_sight(found, names) | {str(s.place.pk): s.place.name for s in places}
    result = []
    for one in found:
        committee = _committee(one, committees, unders)
        key = key_of(one)
        about = (*one.units, *one.places, *_named(one), str(committee))
        told = {i: names[i] for i in about if i in names}
        aside = laid_aside.get(key)
        holds = aside is not None and aside.figures in (None, figures_of(one))
        dismissals = (aside, None) if holds else (None, aside)
        result.append(Found(one, key, committee, told, *dismissals))
    return result


def moved_since_drafted(viewer: Viewer, draft: ArrangingDraft, on: dt.date) -> str:
    """What is found otherwise today than when a draft was made of it; empty: nothing."""
    now = _text_now(viewer, draft, on)
    if now is None:
        return (
            f"Khi lập dự thảo: “{draft.text}” Nay không còn như thế: tổ chức đã sắp xếp, số liệu"
            " hoặc quy định đã khác. Xem lại trước khi thực hiện."
        )
    if now[:WORDS] == draft.text:
        return ""
    return f"Khi lập dự thảo: “{draft.text}” Nay: “{now}” Xem lại trước khi thực hiện."


def _text_now(viewer: Viewer, draft: ArrangingDraft, on: dt.date) -> str | None:
    """What is said of the finding of a draft; first asked of its units alone, which is quick."""
    about = unit_ids(steps_from_json(draft.reform.steps)) | {UUID(x["unit"]) for x in draft.sources}
    for units in (about, None):
        for one in arrangements(viewer, on, about=units):
            if one.key == draft.key:
                return one.arrangement.finding.text
    return None


def _near(units: set[UUID], on: dt.date) -> set[UUID]:
    """Units, those above them, and all that stand directly under either."""
    links = UnitParent.objects.filter(valid__contains=on).order_by()
    known = units | set(links.filter(unit__in=units).values_list("parent_id", flat=True))
    return known | set(links.filter(parent__in=known).values_list("unit_id", flat=True))


def key_of(one: Arrangement) -> str:
    """The same finding about the same organisations and places, whatever the day.

    Of a place alone the units that count its members are figures of it, not what it is about.
    """
    units = one.units if one.code == JOINT or not one.places else ()
    text = "|".join((one.code, *sorted(units), "", *sorted(one.places)))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def figures_of(one: Arrangement) -> list[list[Any]]:
    """The figures as they are kept beside what is said of a finding."""
    return [[words, number] for words, number in one.finding.figures]


def _committee(
    one: Arrangement, committees: Mapping[str, str], unders: Mapping[str, UUID | None]
) -> UUID | None:
    if one.places:
        return unders.get(one.places[0])
    above = committees.get(one.units[0]) if one.units else None
    return UUID(above) if above else None


def _named(one: Arrangement) -> list[str]:
    return [unit for step in one.steps for unit in (*step.units, *step.to)]


def found_below(found: Iterable[Found], above: UUID, on: dt.date) -> list[Found]:
    """Those looked after by one committee, or by one below it."""
    below = UnitClosure.objects.filter(ancestor_id=above, valid__contains=on)
    inside = set(below.values_list("descendant_id", flat=True))
    return [one for one in found if one.committee in inside]


def _laid_aside(viewer: Viewer, on: dt.date) -> dict[str, ArrangingDismissal]:
    """What was laid aside by that day, and not taken up again."""
    rows = ArrangingDismissal.objects.filter(
        Q(undone_at=None) | Q(undone_at__date__gt=on),
        at__date__lte=on, until__gte=on, unit__in=units_visible(viewer, on),
    )  # fmt: skip
    return {one.key: one for one in rows.select_related("by").order_by("at", "pk")}


def _units(
    viewer: Viewer, on: dt.date, near: set[UUID] | None, beside: set[UUID]
) -> tuple[list[UnitFacts], dict[UUID, UnitVersion]]:
    """The facts of every organisation in sight, and how all units in sight are called.

    `near`: facts of these alone; `beside` are then called by name too.
    """
    rows = versions_visible(viewer, on).order_by()
    if near is not None:
        rows = rows.filter(unit_id__in=near | beside)
    versions = {one.unit_id: one for one in rows}
    looked = [
        one for one in versions.values()
        if one.kind in _LOOKED_AT and (near is None or one.unit_id in near)
    ]  # fmt: skip
    ids = [one.unit_id for one in looked]
    links = UnitParent.objects.filter(unit__in=ids, valid__contains=on).order_by()
    parents = dict(links.values_list("unit_id", "parent_id"))
    above = UnitVersion.objects.filter(unit__in=set(parents.values()), valid__contains=on)
    kinds = dict(above.order_by().values_list("unit_id", "kind"))
    counts = _counts(ids, on)
    bases = [one.unit_id for one in looked if one.kind == UnitKind.DANG_BO_CO_SO]
    totals = _totals(bases, counts, on)
    return [
        UnitFacts(
            id=str(one.unit_id),
            kind=UnitKind(one.kind),
            sector=Sector(one.sector),
            parent=str(parents[one.unit_id]) if one.unit_id in parents else None,
            parent_kind=_kind(parents.get(one.unit_id), kinds),
            official=counts.get(one.unit_id, {}).get(MembershipStatus.OFFICIAL),
            members=totals[one.unit_id]
            if one.unit_id in totals
            else _members(counts.get(one.unit_id)),
        )
        for one in looked
    ], versions


def _kind(unit: UUID | None, kinds: Mapping[UUID, str]) -> UnitKind | None:
    return UnitKind(kinds[unit]) if unit is not None and unit in kinds else None


def _counts(units: Iterable[UUID], on: dt.date) -> dict[UUID, dict[MembershipStatus, int]]:
    found: dict[UUID, dict[MembershipStatus, int]] = defaultdict(dict)
    rows = MembershipCount.objects.filter(unit__in=list(units), valid__contains=on).order_by()
    for unit, status, count in rows.values_list("unit_id", "status", "count"):
        found[unit][MembershipStatus(status)] = count
    return dict(found)


def _members(counts: Mapping[MembershipStatus, int] | None) -> int | None:
    """Members at home; None where nothing is counted."""
    if not counts:
        return None
    return sum(count for status, count in counts.items() if status is not STAY)


def _totals(
    bases: list[UUID], counts: Mapping[UUID, Mapping[MembershipStatus, int]], on: dt.date
) -> dict[UUID, int | None]:
    """Members of a base committee: those of its cells; not known where one of them is not."""
    links = UnitClosure.objects.filter(ancestor__in=bases, depth__gt=0, valid__contains=on)
    cells: dict[UUID, list[int | None]] = defaultdict(list)
    live = UnitVersion.objects.filter(
        unit_id=OuterRef("descendant_id"), valid__contains=on,
        kind__in=[kind.value for kind in CELL_KINDS],
    )  # fmt: skip
    rows = links.filter(Exists(live)).order_by().values_list("ancestor_id", "descendant_id")
    for base, cell in rows:
        cells[base].append(_members(counts.get(cell)))
    return {
        base: None if not told or None in told else sum(one or 0 for one in told)
        for base, told in ((base, cells.get(base, [])) for base in bases)
    }


def _facts(places: Iterable[PlaceSeen], versions: Mapping[UUID, UnitVersion]) -> list[PlaceFacts]:
    return [
        PlaceFacts(
            id=str(one.place.pk),
            sector=Sector(one.place.sector),
            under=str(one.under),
            under_kind=UnitKind(versions[one.under].kind),
            official=one.official,
            own=str(one.own) if one.own else None,
            scattered_in=tuple(sorted(str(r.unit) for r in one.reports if r.official)),
        )
        for one in places
        if one.under is not None and one.under in versions
    ]


def _names_out_of_sight(found: Iterable[Arrangement], known: Mapping[str, str]) -> dict[str, str]:
    """How units are called that count members of a place and are not in sight."""
    missing = {unit for one in found for unit in one.units} - known.keys()
    if not missing:
        return {}
    called = names_of_units(UUID(one) for one in missing)
    return {str(unit): name for unit, name in called.items()}
