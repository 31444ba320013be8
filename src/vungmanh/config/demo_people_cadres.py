"""Posts, terms and rotations of the demonstration, through their acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vungmanh.cadre.actions.appointments import appoint, end_appointment
from vungmanh.cadre.actions.rotations import RotationWish, decide_rotation, end_rotation
from vungmanh.cadre.actions.terms import begin_term, record_congress_papers
from vungmanh.cadre.rotations import RotationFacts, judge_rotation, left_post
from vungmanh.cadre.staffing import Circumstances, Holder, judge_appointment
from vungmanh.cadre.terms import judge_congress, rule_of_term
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Post
from vungmanh.org.models import Appointment, Membership, UnitVersion
from vungmanh.org.queries import members_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding
from vungmanh.rulebook.values.posts import PostsOfKind
from vungmanh.strengthening.actions.handing_over import confirm_hand_over
from vungmanh.strengthening.handing_over import open_items

if TYPE_CHECKING:
    from vungmanh.access.models import User
    from vungmanh.config.demo_people import Stage

SECRETARY, DEPUTY, MEMBER = Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.COMMITTEE_MEMBER
WAY = AppointmentWay
_TOLD = Circumstances(proposed_by_unit=True, other_posts=0, other_secretary=0)
_PAPER = "Quyết định của đảng ủy (giả định)"
_A_MONTH = dt.timedelta(days=30)
_NOTE = "Nhiệm kỳ đầu sau sáp nhập, cấp trên cho phép khác quy định"


def tell_posts(stage: Stage) -> None:
    """Deputies and committees, one of whom holds many posts; congresses; vacancies, somebody who
    acts, somebody who came anew and to whom everything was handed over."""
    office, cells = stage.office, stage.cells
    _congresses(stage)
    for cell in cells[1:9]:
        _put(stage, cell, DEPUTY, Holder(stage.name()), 300)
    for cell in cells[1:4]:
        _put(stage, cell, MEMBER, Holder(stage.name()), 300)
    busy = Membership.objects.filter(unit_id=cells[1], valid__contains=stage.ago(60)).first()
    if busy is not None:
        who = Holder(busy.person.name, busy.person_id)
        for cell, post in ((cells[1], MEMBER), (cells[4], MEMBER), (cells[5], MEMBER),
                           (cells[6], MEMBER)):  # fmt: skip
            _put(stage, cell, post, who, 60)
    _leave(stage, cells[9], 75, "Nghỉ hưu")
    _leave(stage, cells[10], 60, "Chuyển công tác khác")
    _put(stage, cells[10], SECRETARY, Holder(stage.name()), 50, way=WAY.ACTING,
         planned_until=stage.ago(-40))  # fmt: skip
    _leave(stage, cells[11], 150, "Sức khỏe yếu, xin thôi")
    _put(stage, cells[11], SECRETARY, Holder(stage.name()), 140, way=WAY.ACTING,
         planned_until=stage.ago(50))  # fmt: skip
    new = _put(stage, cells[11], SECRETARY, Holder(stage.name()), 110)
    told = stage.by(office, stage.today)
    listed = open_items(told["by"], cells[11], stage.today)
    confirm_hand_over(
        appointment_id=new.pk, keys=[one.key for one in listed],
        document="Biên bản bàn giao (giả định)", **told,
    )  # fmt: skip


def tell_rotations(stage: Stage) -> None:
    """Seven decisions: down, sideways and up; one has come back, one is past its day of return, one
    was kept where they went, one is yet to begin."""
    began = max(dt.date(2025, 7, 15), stage.ago(460))
    aim = "Giúp cấp ủy mới sau sắp xếp giữ nền nếp sinh hoạt"
    for order, unit in enumerate((stage.communes[1], *stage.communes[3:4])):
        _rotate(
            stage, unit, SECRETARY, WAY.ROTATED_DOWN, began=_freed(stage, unit, began), days=1095,
            aim="Đưa tỷ lệ họp đúng kỳ của xã lên trên 95%",
            elsewhere=f"Ban của Tỉnh ủy Mẫu, phó trưởng phòng {order + 1} (giả định)",
        )  # fmt: skip
    held = [one for unit in (stage.neighbour, *stage.communes[4:]) if (one := _now(stage, unit))]
    near = max(_freed(stage, stage.communes[2], began), held[0].valid.lower + _A_MONTH)
    _rotate(
        stage, stage.communes[2], SECRETARY, WAY.ROTATED_SIDEWAYS, began=near, days=1095, aim=aim,
        left=held[0],
    )  # fmt: skip
    of_cells = [
        one
        for cell in stage.neighbour_cells
        if (one := _now(stage, cell)) and one.valid.lower < began
    ]
    _rotate(
        stage, stage.neighbour, DEPUTY, WAY.ROTATED_UP, began=began, days=365,
        aim="Làm quen việc cấp xã", left=of_cells[0],
    )  # fmt: skip
    ours = Appointment.objects.filter(unit_id=stage.cells[1], post=DEPUTY, by__isnull=False)
    _rotate(
        stage, stage.cells[9], SECRETARY, WAY.ROTATED_SIDEWAYS, began=stage.ago(-20), days=1095,
        aim="Vực dậy chi bộ khuyết bí thư, họp đủ kỳ ngay quý đầu", left=ours.latest("pk"),
    )  # fmt: skip
    _ended_rotations(stage, began, aim)


def _ended_rotations(stage: Stage, began: dt.date, aim: str) -> None:
    told = stage.by(stage.analyst, stage.today)
    back = _rotate(
        stage, stage.commune, DEPUTY, WAY.ROTATED_DOWN, began=began, days=365, aim=aim,
        elsewhere="Văn phòng Tỉnh ủy Mẫu, chuyên viên chính (giả định)",
    )  # fmt: skip
    end_rotation(
        rotation_id=back.pk, on=began + dt.timedelta(days=365), stays=False,
        document="Quyết định số 77-QĐ/TU (giả định)",
        outcome="Các chi bộ yếu đã họp đều, sổ sách đủ", **told,
    )  # fmt: skip
    stays = _rotate(
        stage, stage.communes[1], DEPUTY, WAY.ROTATED_DOWN, began=began, days=400, aim=aim,
        elsewhere="Ủy ban Kiểm tra Tỉnh ủy Mẫu (giả định)",
    )  # fmt: skip
    end_rotation(
        rotation_id=stays.pk, on=stage.ago(30), stays=True,
        document="Quyết định số 91-QĐ/TU (giả định)",
        outcome="Xã đề nghị giữ lại, đã kiện toàn ba chi bộ", **told,
    )  # fmt: skip


def _congresses(stage: Stage) -> None:
    """The commune's congress, and those of cells: some over, some over soon, papers in and not.

    A cell that began later than its congress would have been has a committee that was appointed,
    until a day that was named.
    """
    told = stage.by(stage.office, stage.today)
    _congress(stage, stage.commune, dt.date(2025, 7, 20), 25, (5, 14))
    for order, cell in enumerate(stage.cells[:9]):
        began = stage.ago((930, 840, 760, 620, 500, 420, 300, 120, 25)[order])
        born = _born(cell)
        if began > born:
            papers = ((None, None), (4, 20), (6, 15))[(order + 1) % 3]
            _congress(stage, cell, began, 3 + order % 3, papers)
            continue
        wish: dict[str, Any] = {
            "unit_id": cell, "began_on": born, "is_appointed": True, "seats": _seats(cell, born, 3),
            "due_on": stage.ago((25, 8, -45, -120, -400)[order % 5]),
        }  # fmt: skip
        said = _allowed(judge_congress(**wish))
        begin_term(**wish, note=_NOTE, document=_PAPER, exceptions=said, **told)


def _congress(
    stage: Stage, unit: UUID, began: dt.date, seats: int, papers: tuple[int | None, int | None]
) -> None:
    """`papers`: after how many days it was reported and approved."""
    told, (due, _found) = stage.by(stage.office, stage.today), rule_of_term(unit, began)
    more: dict[str, Any] = {}
    if due is None:
        more = {"due_on": began + dt.timedelta(days=913), "note": _NOTE}
    term = begin_term(
        unit_id=unit, began_on=began, document="Nghị quyết đại hội (giả định)",
        seats=_seats(unit, began, seats), **more, **told,
    )  # fmt: skip
    reported, approved = (began + dt.timedelta(days=one) if one else None for one in papers)
    if reported is not None:
        record_congress_papers(
            term_id=term.pk, reported_on=reported, approved_on=approved, revision=term.revision,
            **told,
        )  # fmt: skip


def _seats(unit: UUID, day: dt.date, wanted: int) -> int:
    """A cell too small for a committee chose a secretary and a deputy."""
    rule = load_rulebook().on(day)
    official = members_of(unit, day).get(MembershipStatus.OFFICIAL)
    is_cell = UnitVersion.objects.get(unit_id=unit, valid__contains=day).kind in CELL_KINDS
    has = not rule.has(PostsOfKind.key) or rule.of(PostsOfKind).has_committee(official)
    return 2 if is_cell and not has else wanted


def _born(unit: UUID) -> dt.date:
    first = UnitVersion.objects.filter(unit_id=unit).order_by("valid").first()
    assert first is not None
    born: dt.date = first.valid.lower
    return born


def _put(
    stage: Stage, unit: UUID, post: Post, holder: Holder, ago: int, *, way: WAY = WAY.APPOINTED,
    planned_until: dt.date | None = None,
) -> Appointment:  # fmt: skip
    day = stage.ago(ago)
    findings = judge_appointment(
        unit_id=unit, post=post, holder=holder, way=way, from_day=day, told=_TOLD
    )
    return appoint(
        unit_id=unit, post=post, holder=holder, way=way, from_day=day, told=_TOLD,
        planned_until=planned_until, document=_PAPER,
        exceptions=_allowed(findings), **stage.by(stage.office, stage.today),
    )  # fmt: skip


def _leave(stage: Stage, unit: UUID, ago: int, reason: str) -> None:
    row = _now(stage, unit)
    if row is not None and row.valid.lower < stage.ago(ago):
        _end(stage, row, stage.ago(ago), reason, stage.office)


def _freed(stage: Stage, unit: UUID, wanted: dt.date) -> dt.date:
    """The first day from `wanted` on from which the secretary's post of a unit stands free."""
    row = _now(stage, unit)
    if row is not None:
        day = max(wanted, row.valid.lower + _A_MONTH)
        _end(stage, row, day, "Nghỉ hưu", stage.analyst)
        return day
    rows = Appointment.objects.filter(unit_id=unit, post=SECRETARY).order_by("-valid")
    return max(wanted, *(one.valid.upper for one in rows[:1]))


def _end(stage: Stage, row: Appointment, day: dt.date, reason: str, user: User) -> None:
    end_appointment(
        appointment_id=row.pk, on=day, reason=reason, document=_PAPER,
        **stage.by(user, stage.today),
    )  # fmt: skip


def _now(stage: Stage, unit: UUID) -> Appointment | None:
    """Who is secretary today, without an end."""
    held = Appointment.objects.filter(
        unit_id=unit, post=SECRETARY, valid__contains=stage.today, valid__endswith=None
    )
    return held.first()


def _rotate(
    stage: Stage, unit: UUID, post: Post, way: WAY, *, began: dt.date, days: int, aim: str,
    left: Appointment | None = None, elsewhere: str = "",
) -> Any:  # fmt: skip
    who = Holder(left.holder_name, left.person_id) if left else Holder(stage.name())
    facts = RotationFacts(years_left=14, is_planned=True, adds_post=False, is_local=False)
    wish = RotationWish(
        holder=who, way=way, to_unit=unit, to_post=post, began_on=began,
        return_on=began + dt.timedelta(days=days), aim=aim,
        document="Quyết định số 45-QĐ/TU (giả định)", from_unit=left.unit_id if left else None,
        from_post=Post(left.post) if left else None, elsewhere="" if left else elsewhere,
        facts=facts, told=_TOLD,
    )  # fmt: skip
    leaving = left_post(wish.from_unit, wish.from_post, who, began)
    findings = judge_rotation(
        holder=who, way=way, to_unit=unit, to_post=post, began_on=began, left=leaving,
        facts=facts, told=_TOLD,
    )  # fmt: skip
    told = stage.by(stage.analyst, stage.today)
    return decide_rotation(wish=wish, exceptions=_allowed(findings), **told)


def _allowed(findings: Iterable[PeopleFinding]) -> list[dict[str, str]]:
    """What a rule lets somebody allow was allowed, by name and reason."""
    return [
        {"code": one.code, "allowed_by": "Thường vụ cấp trên, văn bản giả định",
         "reason": "Nơi này chưa có nguồn tại chỗ"}
        for one in findings
        if one.state is JudgedState.EXCEPTION_POSSIBLE
    ]  # fmt: skip
