"""Who may not oversee which cell, whatever anybody wishes: own cell, who rates it, who has left.

`evaluation.bars` shuts the other door: who was put in charge does not rate in that year.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.vocabulary import CELL_KINDS, DossierAct, Reach, Role
from vungmanh.evaluation.models import DossierEntry
from vungmanh.org.models import UnitClosure, UnitVersion

RATES: Final = tuple(
    role.value
    for role in frozenset().union(
        *(PERMISSIONS[f"evaluation.dossier.{act}"] for act in ("verify", "propose", "decide"))
    )
)
_RATED: Final = (
    DossierAct.VERIFY,
    DossierAct.PROPOSE,
    DossierAct.DECIDE,
    DossierAct.ANSWER_COMPLAINT,
    DossierAct.ANSWER_APPEAL,
)
Cells = dict[UUID, set[UUID]]

GONE: Final = (
    "chi bộ này không còn (hoặc không còn thuộc cấp ủy) từ ngày kế hoạch có hiệu lực; lập lại kế "
    "hoạch theo cơ cấu mới."
)
LEFT: Final = (
    "người này không còn dùng tài khoản (đã nghỉ, chuyển đi hoặc bị khóa); chọn người khác, hoặc "
    "nhờ quản trị mở lại tài khoản."
)
OWN: Final = (
    "không ai phụ trách chi bộ mình sinh hoạt; chọn người khác, người này phụ trách chi bộ khác."
)
GRADES: Final = (
    "người củng cố không xếp loại: người này có vai trò xếp loại hoặc đã xếp loại nơi này trong "
    "năm; chọn người khác, hoặc thôi vai trò xếp loại của người này trước."
)
AVOIDS: Final = (
    "văn phòng đã ghi nơi này là nơi phải tránh của người này; chọn người khác, hoặc lập lại kế "
    "hoạch nếu ghi nhầm."
)


@dataclass(frozen=True)
class Walls:
    """What keeps people from cells over the days of a plan, as the records stand."""

    own: Cells
    grades: Cells
    active: set[UUID]
    alive: set[UUID]
    avoids: Cells = field(default_factory=dict)  #: named by the office

    def why_not(self, cell: UUID, overseer: UUID | None) -> str:
        """The reason and the way out, as a sentence; "" where nothing stands against it."""
        if cell not in self.alive:
            return GONE
        if overseer is None:
            return ""
        if overseer not in self.active:
            return LEFT
        barred = ((self.own, OWN), (self.grades, GRADES), (self.avoids, AVOIDS))
        return next((why for wall, why in barred if cell in wall.get(overseer, ())), "")


def walls_of(
    people: Collection[UUID], unit_id: UUID, cells: Collection[UUID], *, first: dt.date,
    until: dt.date,
) -> Walls:  # fmt: skip
    """For these people and cells below a committee, over the days of a plan. Bounded queries."""
    active = User.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True)
    return Walls(
        own=_own(people, cells, DateRange(first, until)),
        grades=_grades(people, cells, first, until),
        active=set(active),
        alive=alive_below(unit_id, first) & set(cells),
    )


def alive_below(unit_id: UUID, on: dt.date) -> set[UUID]:
    """The cells below a committee on a day."""
    below = UnitClosure.objects.filter(ancestor_id=unit_id, depth__gt=0, valid__contains=on)
    cells = UnitVersion.objects.filter(
        unit_id__in=below.values("descendant_id"), valid__contains=on,
        kind__in=[kind.value for kind in CELL_KINDS],
    )  # fmt: skip
    return set(cells.values_list("unit_id", flat=True))


def _own(people: Collection[UUID], cells: Collection[UUID], days: DateRange) -> Cells:
    """The cells of which they are secretary in their own right on a day of the plan."""
    grants = RoleGrant.objects.filter(
        user_id__in=people, role=Role.CELL_SECRETARY, on_behalf_of=None, unit_id__in=cells,
        valid__overlap=days,
    )  # fmt: skip
    return _by_person(grants.values_list("user_id", "unit_id"))


def _grades(
    people: Collection[UUID], cells: Collection[UUID], first: dt.date, until: dt.date
) -> Cells:
    """The cells that they may rate on a day of the plan, own role or lent; or of which (or of what
    stands above) they handled the rating of one of its years."""
    days = DateRange(first, until)
    grants = RoleGrant.objects.filter(user_id__in=people, role__in=RATES, valid__overlap=days)
    said = [
        (user, unit, reach == Reach.UNIT_AND_BELOW)
        for user, unit, reach in grants.values_list("user_id", "unit_id", "reach")
    ]
    last = until - dt.timedelta(days=1)
    entries = DossierEntry.objects.filter(
        Q(by_id__in=people) | Q(on_behalf_id__in=people), act__in=_RATED,
        dossier__cycle__year__range=(first.year, last.year),
    )  # fmt: skip
    wanted = set(people)
    for by, lender, unit in entries.values_list("by_id", "on_behalf_id", "dossier__unit_id"):
        said += [(who, unit, True) for who in wanted & {by, lender}]
    links = UnitClosure.objects.filter(
        ancestor_id__in={unit for _user, unit, _whole in said}, descendant_id__in=cells,
        valid__contains=first,
    )  # fmt: skip
    below: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    for above, cell, depth in links.values_list("ancestor_id", "descendant_id", "depth"):
        below[above].append((cell, depth))
    return _by_person(
        (user, cell)
        for user, unit, whole in said
        for cell, depth in below[unit]
        if whole or depth == 0
    )


def _by_person(pairs: object) -> Cells:
    found: Cells = defaultdict(set)
    for user, unit in pairs:  # type: ignore[attr-defined]
        found[user].add(unit)
    return dict(found)
