"""What is known of an act about posts, and how the rules of its day judge it before it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from vungmanh.cadre.models import Term
from vungmanh.core.errors import InputError, RuleBroken
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.text import nfc, same_name_key
from vungmanh.core.vocabulary import MembershipStatus, Post, UnitKind
from vungmanh.org.models import Appointment, UnitVersion
from vungmanh.org.queries import members_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding, stopping
from vungmanh.rulebook.people.staffing import StaffingFacts, judge_staffing
from vungmanh.rulebook.values.posts import PostsOfKind

#: How somebody came into a post by a rotation; such a post is recorded with its rotation.
ROTATIONS = frozenset(
    {AppointmentWay.ROTATED_DOWN, AppointmentWay.ROTATED_UP, AppointmentWay.ROTATED_SIDEWAYS}
)
#: What may be accepted by name and reason: what the rule allows, and what it only warns of; of a
#: rotation also a condition that is not met.
ACCEPTABLE = frozenset(
    {JudgedState.EXCEPTION_POSSIBLE, JudgedState.WARNING, JudgedState.NOT_MET}
)  # fmt: skip
_LINE = 300
Exceptions = Iterable[Mapping[str, str]]


@dataclass(frozen=True)
class Holder:
    """Who holds a post: by name, and where names are kept the person."""

    name: str
    person_id: UUID | None = None

    @property
    def key(self) -> str:
        """Equal for one person; by name alone, for one name."""
        return str(self.person_id) if self.person_id else same_name_key(self.name)

    def is_of(self, row: Appointment) -> bool:
        if self.person_id is not None and row.person_id is not None:
            return bool(self.person_id == row.person_id)
        return same_name_key(self.name) == same_name_key(row.holder_name)


@dataclass(frozen=True)
class Circumstances:
    """What only a person can say of an act. None: not said, and judged as not known.

    `other_posts`, `other_secretary`: what the holder keeps besides, where only a name is known.
    """

    after_reform: bool = False
    proposed_by_unit: bool | None = None
    ballots: int | None = None
    other_posts: int | None = None
    other_secretary: int | None = None
    retires_on: dt.date | None = None


def judge_appointment(
    *, unit_id: UUID, post: Post, holder: Holder, way: AppointmentWay, from_day: dt.date,
    told: Circumstances, leaving: Sequence[int] = (),
) -> tuple[PeopleFinding, ...]:  # fmt: skip
    """Each check of the rules of that day. `leaving`: appointments that end by the same act."""
    kind = kind_on(unit_id, from_day)
    later = Appointment.objects.filter(unit_id=unit_id, valid__overlap=DateRange(from_day, None))
    rows = [one for one in later.exclude(pk__in=leaving) if not gives_way(one, post, way)]
    held, as_secretary = _held_by(holder, post, from_day, told, leaving)
    facts = StaffingFacts(
        kind=kind,
        post=post,
        way=way,
        starts_on=from_day,
        official_members=members_of(unit_id, from_day).get(MembershipStatus.OFFICIAL),
        held_by_other=any(one.post == post and not holder.is_of(one) for one in rows),
        committee_size=len(_committee(rows, from_day) | {holder.key}),
        congress_seats=_seats(unit_id, from_day),
        after_reform=told.after_reform,
        proposed_by_unit=told.proposed_by_unit,
        ballots=told.ballots,
        posts_held=held,
        as_secretary=as_secretary,
        retires_on=told.retires_on,
    )
    return judge_staffing(load_rulebook().on(from_day), facts)


def judge_move(
    row: Appointment, on: dt.date, *, after_reform: bool = False
) -> tuple[PeopleFinding, ...]:
    """Whether too many elected members of a committee are moved at once, with this one.

    Not known where the register does not say how somebody came into the post.
    """
    if row.way not in {AppointmentWay.ELECTED, ""} or on <= row.valid.lower:
        return ()
    elected = Appointment.objects.filter(unit_id=row.unit_id, way=AppointmentWay.ELECTED)
    before = elected.filter(valid__contains=on - dt.timedelta(days=1))
    gone = {_key(one) for one in before if one.valid.upper == on} | {_key(row)}
    facts = StaffingFacts(
        kind=kind_on(row.unit_id, on),
        post=Post(row.post),
        way=AppointmentWay.ELECTED,
        starts_on=on,
        elected=len({_key(one) for one in before} | {_key(row)}),
        moved_elected=len(gone) if row.way else None,
        after_reform=after_reform,
    )
    found = judge_staffing(load_rulebook().on(on), facts)
    return tuple(one for one in found if one.code in {"moved", "staffing"})


def gives_way(row: Appointment, post: Post, way: AppointmentWay) -> bool:
    """Whether somebody who only acts makes room: the decision on the post ends the acting."""
    return bool(row.post == post and row.way == AppointmentWay.ACTING != way)


def accepted(findings: Iterable[PeopleFinding], exceptions: Exceptions) -> list[dict[str, str]]:
    """The exceptions as kept, each with its rule, once nothing stops the act any more.

    Raises RuleBroken with the citation of what still stops it, InputError (`exceptions`) for an
    exception that nothing asks for, or one without a name or a reason.
    """
    found = {one.code: one for one in findings}
    kept = []
    for said in exceptions:
        one = found.get(said.get("code", ""))
        if one is None or one.state not in ACCEPTABLE:
            _refuse("Quy định không cho phép ngoại lệ ở điều này; bỏ phần ngoại lệ.")
        allowed_by, reason = _line(said.get("allowed_by", "")), _line(said.get("reason", ""))
        if len(allowed_by) < 3 or len(reason) < 3:
            _refuse("Ghi ai cho phép (văn bản) và lý do của ngoại lệ.")
        if max(len(allowed_by), len(reason)) > _LINE:
            _refuse("Ghi ai cho phép, lý do của ngoại lệ, mỗi phần không quá 300 chữ cái.")
        rule = one.citation.rule_id if one.citation else ""
        kept.append(
            {"code": one.code, "rule": rule, "allowed_by": allowed_by, "reason": reason}
        )  # fmt: skip
    for one in stopping(found.values(), {said["code"] for said in kept}):
        cite = one.citation
        raise RuleBroken(
            one.text, rule_id=cite.rule_id if cite else "", code=one.code.replace("_", "-"),
            citation=f"{cite.document}. {cite.citation}" if cite else "",
        )  # fmt: skip
    return kept


def kind_on(unit_id: UUID, day: dt.date) -> UnitKind:
    """What a unit is on a day. Raises InputError (`from_day`) for a day it does not live on."""
    version = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=day).first()
    if version is None:
        raise InputError(
            "Ngày này tổ chức chưa lập hoặc đã kết thúc; xem lại ngày.", field="from_day",
            code="unit-not-living",
        )  # fmt: skip
    return UnitKind(version.kind)


def single_posts(day: dt.date) -> frozenset[Post]:
    """The posts that one person holds at a time."""
    view = load_rulebook().on(day)
    return frozenset(
        view.of(PostsOfKind).single if view.has(PostsOfKind.key) else {Post.SECRETARY}
    )  # fmt: skip


def _held_by(
    holder: Holder, post: Post, day: dt.date, told: Circumstances, leaving: Sequence[int]
) -> tuple[int | None, int | None]:
    """Posts of the person with the new one, and those as secretary; by name alone: as told."""
    is_secretary = int(post is Post.SECRETARY)
    if holder.person_id is None:
        others, secretary = told.other_posts, told.other_secretary
        return (
            None if others is None else others + 1,
            None if secretary is None else secretary + is_secretary,
        )
    rows = Appointment.objects.filter(person_id=holder.person_id, valid__contains=day)
    posts = list(rows.exclude(pk__in=leaving).values_list("post", flat=True))
    return len(posts) + 1, posts.count(Post.SECRETARY.value) + is_secretary


def _committee(rows: Iterable[Appointment], day: dt.date) -> set[str]:
    return {_key(one) for one in rows if one.valid.lower <= day}


def _key(row: Appointment) -> str:
    if row.person_id is None and not row.holder_name:
        return f"row:{row.pk}"  # nobody's name is known: somebody all the same
    return Holder(row.holder_name, row.person_id).key


def _seats(unit_id: UUID, day: dt.date) -> int | None:
    running = Term.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), unit_id=unit_id)
    found: int | None = (
        running.filter(began_on__lte=day)
        .order_by("-began_on")
        .values_list("seats", flat=True)
        .first()
    )
    return found


def _line(text: str) -> str:
    return " ".join(nfc(text).split())


def _refuse(message: str) -> NoReturn:
    raise InputError(message, field="exceptions", code="bad-exception")
