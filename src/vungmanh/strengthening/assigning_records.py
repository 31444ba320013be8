"""What a plan of overseers is made from: laid down from the records, as JSON in a fixed order.

Units hold no place on a map: a way is known where the office told it, in this plan or an earlier
one. The same records in any order give the same inputs.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.models import RoleGrant, User
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import Role, Status, Vocabulary
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import OversightAttendance
from vungmanh.strengthening.assigning import LAYOUT
from vungmanh.strengthening.assigning_walls import alive_below, walls_of
from vungmanh.strengthening.models import Assessment, AssessmentRun, OversightPlan, SupportFile
from vungmanh.strengthening.models.files import OVER

DAYS = 365  #: in charge of cells since so long ago: experienced


class CellCover(Vocabulary):
    """Which cells a plan is to cover."""

    FILES = "files", "Chi bộ của nơi đang được tập trung củng cố"
    WEAK = "weak", "Thêm mọi chi bộ thuộc diện cần củng cố"
    ALL = "all", "Mọi chi bộ"
    NAMED = "named", "Chỉ những chi bộ đánh dấu"


@dataclass(frozen=True)
class OverseerAsked:
    """Somebody who may be put in charge: of at most `most` cells, with those of other plans.

    `experienced` None: as the records tell. `avoids`: cells they must keep away from, without why.
    """

    user_id: UUID
    most: int
    experienced: bool | None = None
    languages: frozenset[str] = frozenset()
    avoids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class PlanAsked:
    """What an office asks for. `valid_until` is the first day on which nobody is in charge by it.

    `cells` are added to those of `cover`. `ways`: metres from a person to a cell. `max_hard`: the
    most hard cells for one person.
    """

    valid_from: dt.date
    valid_until: dt.date
    overseers: tuple[OverseerAsked, ...]
    cover: CellCover = CellCover.FILES
    cells: frozenset[UUID] = frozenset()
    languages: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    ways: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)
    max_hard: int | None = None


def most_cells(on: dt.date) -> int | None:
    """The most cells that the rule of a day lets one person have; None: no rule."""
    view = load_rulebook().on(on)
    return view.of(OversightAttendance).most_cells if view.has(OversightAttendance.key) else None


def gather(unit_id: UUID, asked: PlanAsked, *, on: dt.date) -> dict[str, Any]:
    """The inputs of a plan as of a day: bounded queries."""
    first, until = asked.valid_from, asked.valid_until
    standing = cells_standing(unit_id, first, on)
    cells = {one for one in standing if _is_covered(standing[one], asked.cover)}
    cells |= asked.cells & standing.keys()
    people = [one.user_id for one in asked.overseers]
    walls = walls_of(people, unit_id, cells, first=first, until=until)
    current, elsewhere = charges_at(people, cells, max(first, on))
    known = since_when(people)
    codes = dict(
        UnitVersion.objects.filter(unit_id__in=cells, valid__contains=first).values_list(
            "unit_id", "name_key"
        )
    )
    ways = _ways_told(unit_id) | dict(asked.ways)
    return {
        "layout": LAYOUT,
        "cover": asked.cover.value,
        "rules": {"max_hard": asked.max_hard, "most_extra": most_cells(on)},
        "overseers": [
            {
                "id": str(one.user_id), "most": one.most,
                "elsewhere": elsewhere[one.user_id],
                "experienced": is_experienced(known.get(one.user_id), first)
                if one.experienced is None else one.experienced,
                "own": _ids(walls.own.get(one.user_id, ())),
                "grades": _ids(walls.grades.get(one.user_id, ())),
                "avoids": _ids(one.avoids & cells), "languages": sorted(one.languages),
            }
            for one in sorted(asked.overseers, key=lambda one: str(one.user_id))
        ],
        "cells": [
            {
                "id": str(cell), "code": f"{bytes(codes[cell]).hex()} {cell}",
                "is_hard": standing[cell].is_hard, "in_file": standing[cell].in_file,
                "is_weak": standing[cell].is_weak, "current": _ids(current.get(cell, ())),
                "languages": sorted(asked.languages.get(cell, ())),
            }
            for cell in sorted(cells, key=str)
        ],
        "ways": sorted(
            [str(who), str(cell), metres]
            for (who, cell), metres in ways.items() if cell in cells and who in set(people)
        ),
    }  # fmt: skip


def _ids(found: Collection[UUID]) -> list[str]:
    return sorted(str(one) for one in found)


@dataclass(frozen=True)
class CellStands:
    """Why a cell is hard to oversee: its organisation (or it) has an open file, or it is weak."""

    in_file: bool
    is_weak: bool

    @property
    def is_hard(self) -> bool:
        return self.in_file or self.is_weak


def _is_covered(cell: CellStands, cover: CellCover) -> bool:
    if cover is CellCover.ALL:
        return True
    if cover is CellCover.WEAK:
        return cell.is_hard
    return cover is CellCover.FILES and cell.in_file


def cells_standing(unit_id: UUID, first: dt.date, on: dt.date) -> dict[UUID, CellStands]:
    """The cells below a committee on the first day of a plan, as known on a day."""
    cells = alive_below(unit_id, first)
    run = AssessmentRun.objects.filter(month__lte=on).order_by("-month").first()
    weak = Assessment.objects.filter(run=run, unit_id__in=cells, status=Status.WEAK)
    is_weak = set(weak.values_list("unit_id", flat=True)) if run else set()
    files = SupportFile.objects.exclude(state__in=OVER)
    inside = UnitClosure.objects.filter(
        descendant_id__in=cells, ancestor_id__in=files.values("unit_id"), valid__contains=first
    )
    in_file = set(inside.values_list("descendant_id", flat=True))
    return {one: CellStands(one in in_file, one in is_weak) for one in cells}


def charges_at(
    people: Collection[UUID], cells: Collection[UUID], on: dt.date
) -> tuple[dict[UUID, set[UUID]], Counter[UUID]]:
    """Who is in charge of each of these cells on a day by a grant of that very cell; and how many
    other cells each of these people has."""
    grants = RoleGrant.objects.filter(role=Role.OVERSEER, valid__contains=on, on_behalf_of=None)
    current: dict[UUID, set[UUID]] = defaultdict(set)
    here = set(cells)
    for user, unit in grants.filter(unit_id__in=cells).values_list("user_id", "unit_id"):
        current[unit].add(user)
    others = grants.filter(user_id__in=people).exclude(unit_id__in=here)
    return dict(current), Counter(
        user for user, _u in set(others.values_list("user_id", "unit_id"))
    )


def since_when(people: Collection[UUID]) -> dict[UUID, dt.date]:
    """The first day on which each was ever in charge of a unit."""
    found: dict[UUID, dt.date] = {}
    grants = RoleGrant.objects.filter(user_id__in=people, role=Role.OVERSEER, on_behalf_of=None)
    for user, day in grants.values_list("user_id", "valid__startswith"):
        found[user] = min(day, found.get(user, day))
    return found


def is_experienced(since: dt.date | None, first: dt.date) -> bool:
    return since is not None and since <= first - dt.timedelta(days=DAYS)


def _ways_told(unit_id: UUID) -> dict[tuple[UUID, UUID], int]:
    """The ways that earlier plans of the committee know, the latest word first."""
    found: dict[tuple[UUID, UUID], int] = {}
    earlier = OversightPlan.objects.filter(unit_id=unit_id).order_by("made_at", "id")
    for ways in earlier.values_list("inputs__ways", flat=True):
        found |= {(UUID(who), UUID(cell)): metres for who, cell, metres in ways or ()}
    return found


# --- whom the office may choose from -------------------------------------------------------------


@dataclass(frozen=True)
class OverseerAvailable:
    """Somebody who oversees, or did in the last year, in the reach of a committee. Facts only."""

    user_id: UUID
    name: str
    username: str
    charges: int
    since: dt.date | None


def candidates_of(unit_id: UUID, on: dt.date) -> list[OverseerAvailable]:
    """By name in Vietnamese order; accounts that are locked are left out."""
    year = DateRange(on - dt.timedelta(days=DAYS), None)
    below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__overlap=year)
    grants = RoleGrant.objects.filter(
        role=Role.OVERSEER, on_behalf_of=None, valid__overlap=year,
        unit_id__in=below.values("descendant_id"), user__is_active=True,
    )  # fmt: skip
    users = list(User.objects.filter(pk__in=grants.values("user_id")))
    people = [one.pk for one in users]
    _current, now = charges_at(people, (), on)
    since = since_when(people)
    found = [
        OverseerAvailable(one.pk, str(one), one.username, now[one.pk], since.get(one.pk))
        for one in users
    ]
    return sorted(found, key=lambda one: (sort_key(one.name), str(one.user_id)))
