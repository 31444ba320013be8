"""The demonstration's yearly rating: one cycle, carried by the acts that people use.

The simulated province comes with the grades of every year. Here one committee's last rating is told
from the first self-rating on, so that each dossier comes to the grade on record: nothing counted
elsewhere moves. Who stands beyond the cap on the best grade is held back by it. All words are
invented.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.config.demo_ratings import DossierStory, leaders_of, ratings_of
from vungmanh.core.vocabulary import DossierSubject, OutcomeSubject, Reach, Role, UnitKind
from vungmanh.evaluation.actions.complaints import complain
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.evaluation.actions.deciding import (
    Paper,
    Verdict,
    decide_cycle,
    notify_cycle,
    reopen,
    waiting_below,
)
from vungmanh.evaluation.actions.dossiers import (
    give_opinion,
    open_opinions,
    propose,
    rate_self,
    return_dossier,
    verify,
    write_answers,
)
from vungmanh.evaluation.actions.outcomes import record_outcome
from vungmanh.evaluation.models import Cycle, Dossier, YearGrade
from vungmanh.evaluation.outcomes import registered, subjects_for, waiting_beside
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.own_rules import steady
from vungmanh.strengthening.year_grading import CELLS, Basis, decision_basis, dossier_findings
from vungmanh.strengthening.year_quota import candidates_of, quota_of

MORNING = dt.time(2, 30)  # half past nine in Việt Nam
#: Month and day of each step in the rating year: before the first day on which grades are decided.
OPENED, RATED, ASKED, HEARD, VERIFIED, PROPOSED = (
    (11, 17), (11, 25), (11, 27), (12, 1), (12, 4), (12, 6),
)  # fmt: skip
DECIDED, TOLD = (12, 20), (1, 8)  # decided then where the day is not on record; told the next year
REOPENED = 3
_BEYOND = "Được đề xuất mức cao nhất nhưng vượt tỷ lệ của nhóm."
_LOWER_LATER = "Tổ chức trực thuộc mới lập chưa xếp loại riêng trong năm."
_BESIDE_ON_PAPER = "Chính quyền, Mặt trận, đoàn thể cùng cấp đã xếp loại trên giấy, chưa nhập vào."
_LESS = "Sản phẩm nêu trong bản tự chấm chưa có kết quả đo được."
_REOPENED = (
    "Rà soát quý III thấy số kỳ họp ghi trong bản tự chấm khác biên bản; đề nghị chấm lại.",
    "Có kết luận kiểm tra mới về việc thu nộp đảng phí của năm.",
    "Bản tự chấm thiếu biên bản họp của tập thể; làm lại cho đủ.",
)
_RETURNED = "Phần 2.1 chưa nêu tên từng việc và ngày xong; ghi rõ rồi nộp lại."
_COMPLAINT = "Chi bộ gửi thêm hai biên bản nghiệm thu đường thôn chưa được tính; đề nghị xem lại."


@dataclass
class _Course:
    """A cycle on its way: who acts for the committee and for each unit."""

    cycle: Cycle
    office: User
    writers: Mapping[UUID, User]
    viewers: dict[tuple[UUID, dt.date], Viewer] = field(default_factory=dict)

    def hand(self, user: User, day: dt.date) -> dict[str, Any]:
        """`by` and `at` of an act of that day."""
        key = (user.pk, day)
        if key not in self.viewers:
            self.viewers[key] = viewer_for(user, on=day)
        return {"by": self.viewers[key], "at": _at(day)}

    def day(self, month_and_day: tuple[int, int]) -> dt.date:
        return dt.date(self.cycle.year, *month_and_day)


@steady()
def write_demo_cycle(*, office: User, today: dt.date, before_reform: bool) -> Cycle:
    """The last yearly rating: of the office's commune, or of the district it still stands in."""
    year = today.year - 1
    grant = office.grants.get(role=Role.COMMITTEE_OFFICE)
    committee, user = grant.unit_id, office
    if before_reform:
        committee = _district_of(committee, today)
        user = _account("vanphong.huyen", "Văn phòng Thử, huyện", Role.COMMITTEE_OFFICE, committee)
    day = dt.date(year, *OPENED)
    cycle = open_cycle(unit_id=committee, year=year, by=viewer_for(user, on=day), at=_at(day))
    dossiers = _rated(cycle)
    course = _Course(cycle, user, dict(_writers(dossiers)))
    grades = {
        one.unit_id: one
        for one in YearGrade.objects.filter(year=year, unit__in=[one.unit_id for one in dossiers])
    }
    told = [one for one in dossiers if one.unit_id in grades]
    codes = {one.pk: grades[one.unit_id].grade for one in told}
    ratings = ratings_of(cycle, told, codes, first=_first(told))
    for one in told:
        _as_far_as_proposed(course, one, ratings[one.pk])
    _decide(course, ratings, {key: grade.decided_on for key, grade in grades.items()})
    told_on = dt.date(year + 1, *TOLD)
    if not before_reform:
        _rate_leaders(course, {one.unit_id: one.grade for one in grades.values()})
    notify_cycle(cycle_id=cycle.pk, **course.hand(user, told_on))
    if not before_reform:
        _count_members(course, told[1:])  # one has not recorded its members yet
        _goes_on(course, ratings, today)
    return cycle


def _rated(cycle: Cycle, subject: DossierSubject = DossierSubject.ORGANISATION) -> list[Dossier]:
    return list(cycle.dossiers.filter(subject=subject).order_by("name", "pk"))


def _district_of(commune: UUID, day: dt.date) -> UUID:
    above = UnitClosure.objects.get(descendant_id=commune, depth=1, valid__contains=day)
    return above.ancestor_id


def _first(dossiers: Iterable[Dossier]) -> UUID | None:
    """The cell with an account that one signs in with."""
    grant = RoleGrant.objects.filter(user__username="bithu", role=Role.CELL_SECRETARY).first()
    own = grant.unit_id if grant else None
    return next((one.pk for one in dossiers if one.unit_id == own), None)


def _writers(dossiers: Iterable[Dossier]) -> Iterator[tuple[UUID, User]]:
    """Who speaks for each unit: the accounts that are there, and one more where there is none."""
    units = {one.unit_id: UnitKind(one.tier) for one in dossiers}
    grants = RoleGrant.objects.filter(
        unit_id__in=units, role__in=(Role.CELL_SECRETARY, Role.COMMITTEE_OFFICE)
    )
    known = {grant.unit_id: grant.user for grant in grants.select_related("user")}
    numbers = count(1)
    for unit_id, kind in units.items():
        role = Role.CELL_SECRETARY if kind in CELLS else Role.COMMITTEE_OFFICE
        if unit_id not in known:
            number = next(numbers)
            known[unit_id] = _account(f"tuxep.{number}", f"Người ghi Thử {number}", role, unit_id)
        yield unit_id, known[unit_id]


def _account(username: str, name: str, role: Role, unit_id: UUID) -> User:
    user = User(username=username, display_name=name)
    user.set_unusable_password()
    user.save()
    since = dt.date(2014, 1, 1)
    reach = Reach.UNIT if role is Role.CELL_SECRETARY else Reach.UNIT_AND_BELOW
    grant_role(
        user=user, role=role, unit_id=unit_id, reach=reach, valid_from=since, by=None, at=_at(since)
    )
    return user


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=dt.UTC)


# --- until a grade is told -----------------------------------------------------------------------


def _as_far_as_proposed(course: _Course, dossier: Dossier, rating: DossierStory) -> None:
    _rate_self(course, dossier, rating, course.day(RATED))
    office = course.office
    asked, heard = course.hand(office, course.day(ASKED)), course.hand(office, course.day(HEARD))
    open_opinions(dossier_id=dossier.pk, **asked)
    less = "" if rating.own == rating.proposed else _LESS
    if rating.is_told:
        give_opinion(
            dossier_id=dossier.pk, body=course.cycle.bodies[0], grade=rating.proposed, reason=less,
            **heard,
        )  # fmt: skip
    verify(dossier_id=dossier.pk, **course.hand(office, course.day(VERIFIED)))
    propose(
        dossier_id=dossier.pk, grade=rating.proposed, points=rating.points, reason=less,
        **course.hand(office, course.day(PROPOSED)),
    )  # fmt: skip


def _rate_self(course: _Course, dossier: Dossier, rating: DossierStory, day: dt.date) -> None:
    hand = course.hand(course.writers[dossier.unit_id], day)
    for part, said in (("answers", rating.answers), ("condition_answers", rating.conditions)):
        if said and (part == "answers" or rating.is_told):
            before = {name: getattr(dossier, part).get(name) for name in said}
            write_answers(dossier_id=dossier.pk, part=part, set=said, was=before, **hand)
    points = rating.own_points if rating.answers_are_points else None
    rate_self(dossier_id=dossier.pk, grade=rating.own, points=points, **hand)


def _decide(
    course: _Course, ratings: Mapping[UUID, DossierStory], days: Mapping[UUID, dt.date | None],
    subject: DossierSubject = DossierSubject.ORGANISATION,
) -> None:  # fmt: skip
    """The grades on record, each on its day on record, all from the figures of one day.

    What the cap has no place for waits.
    """
    rated = [
        one
        for one in _rated(course.cycle, subject)
        if one.pk in ratings and not ratings[one.pk].waits
    ]
    at = _at(course.day(PROPOSED))
    candidates = candidates_of(course.cycle, at=at)
    basis = decision_basis(rated, dossier_findings(rated, at=at), candidates)
    by_day = defaultdict(list)
    for one in rated:
        by_day[days[one.unit_id] or course.day(DECIDED)].append(one)
    for day, dossiers in sorted(by_day.items()):
        decide_cycle(
            cycle_id=course.cycle.pk,
            verdicts=[_verdict(one, ratings[one.pk], basis) for one in dossiers],
            inputs=basis.inputs,
            override_reason=_override(dossiers),
            paper=Paper(f"{day:%d%m}-QĐ (giả định)", day, day),
            **course.hand(course.office, day),
        )


def _rate_leaders(course: _Course, grades: Mapping[UUID, str]) -> None:
    """The leading collectives but one, after their organisations; that one is late."""
    found = [
        one for one in _rated(course.cycle, DossierSubject.LEADERSHIP) if one.unit_id in grades
    ][1:]
    course.writers = {**dict(_writers(found)), **course.writers}
    ratings = leaders_of(course.cycle, found, grades)
    for one in found:
        _as_far_as_proposed(course, one, ratings[one.pk])
    _decide(course, ratings, dict.fromkeys(grades), subject=DossierSubject.LEADERSHIP)


def _override(dossiers: Sequence[Dossier]) -> str:
    """The reason where something that comes first is not in the system."""
    if waiting_below(dossiers):
        return _LOWER_LATER
    return _BESIDE_ON_PAPER if waiting_beside(dossiers) else ""


def _count_members(course: _Course, dossiers: Iterable[Dossier]) -> None:
    """Members by grade as each cell recorded them: numbers only."""
    day = course.day(RATED)
    cells = [one for one in dossiers if OutcomeSubject.MEMBERS in subjects_for(one)]
    known = registered([one.unit_id for one in cells], day)
    for cell in cells:
        members = known.get(cell.unit_id, 0)
        if not members:
            continue
        best, completed = members // 8, members // 10
        counts = {"excellent": best, "completed": completed, "not_completed": 0, "unrated": 0}
        record_outcome(
            dossier_id=cell.pk, subject=OutcomeSubject.MEMBERS,
            counts={**counts, "good": members - best - completed},
            **course.hand(course.writers[cell.unit_id], day),
        )  # fmt: skip


def _verdict(dossier: Dossier, rating: DossierStory, basis: Basis) -> Verdict:
    reason = "" if rating.decided == rating.proposed else _BEYOND
    return Verdict(dossier.pk, rating.decided, basis.result(dossier), reason)


# --- what came after -----------------------------------------------------------------------------


def _goes_on(course: _Course, ratings: Mapping[UUID, DossierStory], today: dt.date) -> None:
    """One unit complains; three are opened again, their grades standing until decided anew."""
    alive = set(UnitVersion.objects.filter(valid__contains=today).values_list("unit_id", flat=True))
    dossiers = [one for one in _rated(course.cycle) if one.unit_id in alive and one.grade]
    complaining = next((one for one in dossiers if ratings[one.pk].complains), None)
    if complaining is not None:
        writer = course.writers[complaining.unit_id]
        day = today - dt.timedelta(days=9)
        complain(dossier_id=complaining.pk, reason=_COMPLAINT, **course.hand(writer, day))
    plain = [one for one in dossiers if ratings[one.pk].is_plain]
    again = _without_a_place(plain, course.cycle, _at(today))
    for dossier, why, steps in zip(again, _REOPENED, (0, 1, 2), strict=False):
        opened = today - dt.timedelta(days=30)
        office = course.office
        reopen(dossier_id=dossier.pk, reason=why, **course.hand(office, opened))
        if not steps:
            continue
        dossier.refresh_from_db()
        rating = replace(ratings[dossier.pk], answers={}, conditions={})
        _rate_self(course, dossier, rating, today - dt.timedelta(days=20))
        hand = course.hand(office, today - dt.timedelta(days=15))
        open_opinions(dossier_id=dossier.pk, **hand)
        give_opinion(dossier_id=dossier.pk, body=course.cycle.bodies[0], grade=rating.own, **hand)
        if steps > 1:
            hand = course.hand(office, today - dt.timedelta(days=6))
            return_dossier(dossier_id=dossier.pk, reason=_RETURNED, **hand)


def _without_a_place(dossiers: Iterable[Dossier], cycle: Cycle, at: dt.datetime) -> list[Dossier]:
    """Some whose going back leaves the cap, and who comes within it, as they are."""
    left = {one.id: one for one in candidates_of(cycle, at=at)}
    before = quota_of(left.values(), cycle.rules)
    found: list[Dossier] = []
    for dossier in sorted(dossiers, key=lambda one: (one.grade == "tot", one.name)):
        own = left[str(dossier.pk)]
        fewer = {**left, own.id: replace(own, eligible=False, good=False, score=None)}
        after = quota_of(fewer.values(), cycle.rules)
        if before is None or (after is not None and _places(after) == _places(before)):
            left = fewer
            found.append(dossier)
        if len(found) == REOPENED:
            break
    return found


def _places(found: Any) -> list[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    return [
        (one.name, one.places, one.chosen, tuple(held.id for held in one.held_back))
        for one in found.groups
        if one.places or one.held_back
    ]
