"""The demonstration's cadres and members: posts, terms, rotations, admissions, transfers, names.

Told by the acts that people use, in the commune where the demonstration has its story and around
it, so that every page has something to show: what is in order, what is late, what was taken back.
All names and papers are invented. What the months were assessed by is told before they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import viewer_for
from vungmanh.analysis.simulate.names import person_names
from vungmanh.analysis.simulate.randomness import stream
from vungmanh.config.demo_people_cadres import tell_posts, tell_rotations
from vungmanh.config.demo_people_learning import tell_aggregates, tell_training
from vungmanh.config.demo_people_members import (
    tell_admissions,
    tell_lists,
    tell_places,
    tell_targets,
    tell_transfers,
)
from vungmanh.config.demo_support_people import Hands, at
from vungmanh.core.vocabulary import MembershipStatus, Reach, Role, UnitKind
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.own_rules import steady
from vungmanh.org.queries import members_of

CELLS = 14  # of the commune, those that are told about
OLD_ENOUGH = 480  # days that a cell has been what it is
WITH_COMMITTEE = 12  # official members: with them told about first
COMMUNES = 3  # besides it
SINCE = dt.date(2014, 1, 1)


@dataclass
class Stage:
    """Where it is told, by whom, and until when."""

    today: dt.date
    commune: UUID
    cells: list[UUID]
    neighbour: UUID
    neighbour_cells: list[UUID]
    communes: list[UUID]
    office: User
    analyst: User
    other_office: User
    hands: Hands = field(default_factory=Hands)
    names: list[str] = field(default_factory=list)

    def by(self, user: User, day: dt.date) -> dict[str, Any]:
        """`by` and `at` of an act of a day."""
        return self.hands.hand(user, day)

    def ago(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    def name(self) -> str:
        """A name that nobody had before."""
        return self.names.pop()


@steady()
def write_demo_people(*, people: Mapping[str, User], today: dt.date) -> Stage | None:
    """All of it; None in a province too small to tell it in."""
    stage = _stage(people, today)
    if stage is None:
        return None
    tell_lists(stage)
    tell_posts(stage)
    tell_rotations(stage)
    tell_targets(stage)
    tell_admissions(stage)
    tell_transfers(stage)
    tell_places(stage)
    tell_training(stage)
    tell_aggregates(stage)
    return stage


def _stage(people: Mapping[str, User], today: dt.date) -> Stage | None:
    office = people["vanphong"]
    commune = office.grants.get(role=Role.COMMITTEE_OFFICE).unit_id
    own = people["bithu"].grants.get(role=Role.CELL_SECRETARY).unit_id
    now = UnitVersion.objects.filter(valid__contains=today, valid__endswith=None)
    communes = list(
        now.filter(kind=UnitKind.DANG_BO_XA)
        .exclude(unit_id=commune)
        .order_by("name_key")
        .values_list("unit_id", flat=True)[:10]
    )
    cells = sorted(
        (one for one in _cells(commune, today) if one != own),
        key=lambda one: members_of(one, today).get(MembershipStatus.OFFICIAL, 0) < WITH_COMMITTEE,
    )
    beside = _cells(communes[0], today) if communes else []
    if len(cells) < CELLS or len(communes) < COMMUNES or len(beside) < 2:
        return None
    return Stage(
        today, commune, [own, *cells[: CELLS - 1]], communes[0], beside, communes, office,
        people["chuyenvien"], _office_of(communes[0], today), names=_names(),
    )  # fmt: skip


def _cells(commune: UUID, today: dt.date) -> list[UUID]:
    below = UnitClosure.objects.filter(ancestor_id=commune, depth=1, valid__contains=today)
    found = UnitVersion.objects.filter(
        unit_id__in=below.values("descendant_id"), kind=UnitKind.CHI_BO, valid__contains=today,
        valid__startswith__lte=today - dt.timedelta(days=OLD_ENOUGH),
    )  # fmt: skip
    return list(found.order_by("name_key").values_list("unit_id", flat=True))


def _office_of(commune: UUID, today: dt.date) -> User:
    """Whoever answers for the neighbour; nobody signs in with it."""
    user = User(username="vanphong.canh", display_name="Văn phòng Thử, xã bên cạnh")
    user.set_unusable_password()
    user.save(force_insert=True)
    grant_role(
        user=user, role=Role.COMMITTEE_OFFICE, unit_id=commune, reach=Reach.UNIT_AND_BELOW,
        valid_from=SINCE, by=None, at=at(today),
    )  # fmt: skip
    assert viewer_for(user, on=today).role is Role.COMMITTEE_OFFICE
    return user


def _names() -> list[str]:
    drawn = person_names(400, stream(0, "demo-people"))
    return list(dict.fromkeys(drawn))
