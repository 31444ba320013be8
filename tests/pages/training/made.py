"""A plan of training that was issued, with a course and a session, for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.cadre.models import Course, CourseCount, CourseSession, TrainingPlan

DAY = dt.date(2019, 4, 8)


def taught(unit: UUID, above: UUID) -> dict[str, object]:
    """Parameters that lead to a plan of `above`, its course, and a session to which `unit` came."""
    plan, _ = TrainingPlan.objects.get_or_create(
        unit_id=above, year=2019,
        defaults={
            "title": "Bồi dưỡng năm 2019", "state": "approved", "document": "3-KH/ĐU",
            "signed_on": dt.date(2019, 1, 7),
        },
    )  # fmt: skip
    course, _ = Course.objects.get_or_create(
        plan=plan, kind="training", title="Nghiệp vụ bí thư", planned_on=DAY,
        defaults={
            "audience": "Bí thư chi bộ", "asks": "Chi bộ họp đủ kỳ", "days": 2, "state": "held",
            "code": "nghiep-vu-bi-thu", "cause": "",
        },
    )  # fmt: skip
    session, _ = CourseSession.objects.get_or_create(course=course, began_on=DAY, ended_on=DAY)
    CourseCount.objects.get_or_create(
        session=session, unit_id=unit, defaults={"called": 3, "came": 2}
    )
    return {"training_id": plan.pk, "course_id": course.pk, "session_id": session.pk}
