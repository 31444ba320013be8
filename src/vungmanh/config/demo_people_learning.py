"""A plan of training with its courses, and what some cells reported of their members, through the
acts that people use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from vungmanh.cadre.actions.courses import CourseWish, drop_course, write_course
from vungmanh.cadre.actions.sessions import CountRow, SessionWish, hold_session
from vungmanh.cadre.actions.training import approve_plan, make_plan
from vungmanh.core.aggregate_words import AgeBand, Ethnicity, Sex
from vungmanh.core.people_words import Aggregate, CourseKind
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.aggregates import report_aggregates
from vungmanh.org.queries import members_of

if TYPE_CHECKING:
    from vungmanh.config.demo_people import Stage

REPORTING = 8  # cells; the others have not reported
_GUEST = MembershipStatus.TEMPORARY_IN
_PLACE = "Hội trường xã (giả định)"


def tell_training(stage: Stage) -> None:
    """This year's plan: a course that was held twice, one of a theme, one not held, one to come."""
    told, year = stage.by(stage.office, stage.today), stage.today.year
    plan = make_plan(
        unit_id=stage.commune, year=year, title="Bồi dưỡng cán bộ chi bộ (giả định)", **told
    )
    wishes = (
        CourseWish(
            CourseKind.TRAINING, "Nghiệp vụ công tác đảng cho bí thư chi bộ", "Bí thư, phó bí thư",
            "Họp đúng kỳ, biên bản đủ mục trong ba tháng sau lớp", dt.date(year, 3, 20),
            Decimal(2), code="nghiep-vu-bi-thu", cause="meetings_taken_lightly",
        ),
        CourseWish(
            CourseKind.THEMATIC, "Nêu gương của đảng viên ở thôn", "Đảng viên các chi bộ",
            "Mỗi chi bộ chọn một việc làm theo", dt.date(year, 6, 10), Decimal("0.5"),
            materials="Đề cương do Ban Tuyên giáo xã soạn (giả định)",
        ),
        CourseWish(
            CourseKind.TRAINING, "Giao việc có ngày xong, có kết quả", "Chi ủy viên",
            "Việc giao ở kỳ họp đều có hạn", dt.date(year, 5, 5), Decimal(1), cause="work_not_done",
        ),
        CourseWish(
            CourseKind.POLITICAL, "Cập nhật kiến thức hằng năm", "Cấp ủy viên",
            "Nắm quy định mới về thi hành Điều lệ", dt.date(year, 12, 10), Decimal(1),
            code="cap-nhat-hang-nam",
        ),
    )  # fmt: skip
    courses = [write_course(plan_id=plan.pk, wish=wish, **told) for wish in wishes]
    approve_plan(plan_id=plan.pk, document="Kế hoạch số 5-KH/ĐU (giả định)",
                 signed_on=dt.date(year, 1, 20), **told)  # fmt: skip
    rows = [
        CountRow(cell, 2, 1 + (order % 4 > 0), 1 + (order % 4 > 1))
        for order, cell in enumerate(stage.cells)
    ]
    for days, part in ((0, rows[:7]), (8, rows[7:])):
        first = dt.date(year, 3, 23) + dt.timedelta(days=days)
        wish = SessionWish(first, first + dt.timedelta(days=1), place=_PLACE)
        hold_session(course_id=courses[0].pk, wish=wish, counts=part, **told)
    day = dt.date(year, 6, 12)
    hold_session(
        course_id=courses[1].pk, wish=SessionWish(day, day, place=_PLACE),
        counts=[CountRow(cell, 5, 3 + order % 3) for order, cell in enumerate(stage.cells[:9])],
        **told,
    )  # fmt: skip
    drop_course(
        course_id=courses[2].pk, reason="Trùng đợt sắp xếp chi bộ, dời sang năm sau", **told
    )


def tell_aggregates(stage: Stage) -> None:
    """Some cells told their members by sex, age and ethnicity at the half-year; some in part."""
    told, on = stage.by(stage.office, stage.today), dt.date(stage.today.year, 6, 30)
    told["at"] = max(told["at"], timezone.now())  # what was known by then: the register is of now
    for order, cell in enumerate(stage.cells[:REPORTING]):
        found = members_of(cell, on)
        number = sum(count for status, count in found.items() if status is not _GUEST)
        women = number * 2 // 5
        counts = {Aggregate.SEX: {Sex.WOMAN.value: women, Sex.MAN.value: number - women}}
        if order % 2 == 0:
            young, old = number // 4, number // 3
            counts[Aggregate.AGE] = {
                AgeBand.TO_40.value: young, AgeBand.OVER_60.value: old,
                AgeBand.TO_50.value: number - young - old,
            }  # fmt: skip
        if order % 3 == 0:
            tay = number // 2
            counts[Aggregate.ETHNICITY] = {
                Ethnicity.TAY.value: tay, Ethnicity.NUNG.value: number - tay,
            }  # fmt: skip
        report_aggregates(unit_id=cell, on=on, counts=counts, **told)
