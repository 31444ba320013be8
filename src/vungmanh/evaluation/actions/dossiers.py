"""A dossier up to the proposal: answers, self-rating, opinions, verification, proposal, return."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.actions.hand import (
    Hand,
    Points,
    Said,
    differs,
    done,
    grade_of,
    locked,
    points_of,
    reason_of,
)
from vungmanh.evaluation.merging import Values, cleaned, merged
from vungmanh.evaluation.models import Dossier, DossierEntry
from vungmanh.evaluation.procedure import rule_value
from vungmanh.rulebook.grading.points import points_of as sheet_points
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.year_sheets import YearSheet

A = DossierAct
#: The two parts of a dossier in which one types, by the name of the field.
PARTS = ("answers", "condition_answers")
LONGEST_BODY = 120
_DIFFERS = "Mức này khác mức trước từ một bậc trở lên: ghi lý do."


@transaction.atomic
def write_answers(
    *, dossier_id: UUID, set: Values, was: Values, by: Viewer, at: dt.datetime,
    part: str = "answers",
) -> Dossier:  # fmt: skip
    """Write answers to criteria (or, of `part` condition_answers, to conditions).

    `set` maps codes to new values (null: not said), `was` to those the writer had before. What
    somebody else has changed meanwhile is an AnswerConflict unless both wrote the same; nothing is
    written then.
    """
    if part not in PARTS:
        raise ValueError(f"no such part of a dossier: {part!r}")
    dossier = locked(dossier_id, A.WRITE, by)
    kept, changed = merged(getattr(dossier, part), cleaned(set), was)
    if not changed:
        return dossier
    setattr(dossier, part, kept)
    done(dossier, A.WRITE, Hand(by, at), Said(content={"part": part, "changed": changed}))
    return dossier


@transaction.atomic
def rate_self(
    *, dossier_id: UUID, grade: str, by: Viewer, at: dt.datetime, points: Points = None,
    reason: str = "",
) -> Dossier:  # fmt: skip
    """Hand in the self-rating: grade and points with the answers as they stand, frozen.

    A sheet that is answered to the end tells the points; others than those are an InputError.
    """
    dossier = locked(dossier_id, A.RATE_SELF, by)
    said = Said(
        grade=grade_of(dossier.cycle, grade).code,
        points=_of_sheet(dossier, points_of(points)),
        reason=reason_of(reason, needed=False),
        content={"answers": dossier.answers, "condition_answers": dossier.condition_answers},
    )
    dossier.self_grade, dossier.self_points = said.grade, said.points
    done(dossier, A.RATE_SELF, Hand(by, at), said)
    return dossier


def _of_sheet(dossier: Dossier, said: Decimal | None) -> Decimal | None:
    sheet = rule_value(dossier.cycle.rules, f"year_sheet.{dossier.subject}")
    if not isinstance(sheet, YearSheet):
        return said
    codes = {one.code for one in sheet.criteria}
    answers = {
        code: str(value) if isinstance(value, float) else value
        for code, value in dossier.answers.items()
        if code in codes
    }
    try:
        total = sheet_points(sheet, answers).total
    except InputError:  # an answer the sheet cannot read counts as none
        return said
    if total is None or said is None:
        return said if total is None else points_of(total)
    if said != points_of(total):
        raise InputError(
            f"Các tiêu chí đã ghi cộng lại là {plain(total)} điểm. Ghi đúng số ấy, hoặc để trống; "
            "muốn đổi thì sửa điểm của tiêu chí.",
            field="points",
            code="points-not-the-sum",
        )
    return said


@transaction.atomic
def open_opinions(*, dossier_id: UUID, by: Viewer, at: dt.datetime) -> Dossier:
    """Ask the bodies of the cycle for their opinion."""
    dossier = locked(dossier_id, A.OPEN_OPINIONS, by)
    done(dossier, A.OPEN_OPINIONS, Hand(by, at))
    return dossier


@transaction.atomic
def give_opinion(
    *, dossier_id: UUID, body: str, grade: str, by: Viewer, at: dt.datetime, reason: str = ""
) -> DossierEntry:
    """The word of one body, once for each filing. A reason where it differs from the self-rating.

    Raises Conflict when the body has given its opinion, InputError (`body`, `grade`, `reason`).
    """
    dossier = locked(dossier_id, A.GIVE_OPINION, by)
    return done(dossier, A.GIVE_OPINION, Hand(by, at), opinion_said(dossier, body, grade, reason))


def opinion_said(dossier: Dossier, body: str, grade: str, reason: str) -> Said:
    """The word of a body as it is kept."""
    code = grade_of(dossier.cycle, grade).code
    body = _body(dossier, body)
    why = reason_of(reason, needed=differs(dossier.cycle, code, dossier.self_grade), why=_DIFFERS)
    given = dossier.entries.filter(filing=dossier.filing, act=A.GIVE_OPINION, body=body)
    if given.exists():
        raise Conflict(
            f"“{body}” đã cho ý kiến về hồ sơ này; mỗi nơi một ý kiến. Chọn nơi khác.",
            code="opinion-given",
        )
    return Said(grade=code, body=body, reason=why)


@transaction.atomic
def verify(
    *, dossier_id: UUID, by: Viewer, at: dt.datetime, grade: str = "", points: Points = None,
    reason: str = "",
) -> Dossier:  # fmt: skip
    """Close the opinions and check the dossier; who checks may already name a grade and points."""
    dossier = locked(dossier_id, A.VERIFY, by)
    done(dossier, A.VERIFY, Hand(by, at), verified_said(dossier, grade, points, reason))
    return dossier


def verified_said(
    dossier: Dossier, grade: str = "", points: Points = None, reason: str = ""
) -> Said:
    """What verifying keeps: the answers as they were checked, and a grade where one was named."""
    code = grade_of(dossier.cycle, grade).code if grade else ""
    apart = bool(code) and differs(dossier.cycle, code, dossier.self_grade)
    return Said(
        grade=code,
        points=points_of(points),
        reason=reason_of(reason, needed=apart, why=_DIFFERS),
        content={"answers": dossier.answers, "condition_answers": dossier.condition_answers},
    )


@transaction.atomic
def propose(
    *, dossier_id: UUID, grade: str, by: Viewer, at: dt.datetime, points: Points = None,
    reason: str = "",
) -> Dossier:  # fmt: skip
    """Propose a grade; a reason where it is a grade or more from the self-rating or from what the
    verification named."""
    dossier = locked(dossier_id, A.PROPOSE, by)
    said = proposed_said(dossier, grade, points, reason)
    dossier.proposed_grade = said.grade
    done(dossier, A.PROPOSE, Hand(by, at), said)
    return dossier


def proposed_said(dossier: Dossier, grade: str, points: Points, reason: str) -> Said:
    """The proposal as it is kept."""
    code = grade_of(dossier.cycle, grade).code
    checked = dossier.entries.filter(filing=dossier.filing, act=A.VERIFY).order_by("number")
    before = [dossier.self_grade, *[entry.grade for entry in checked][-1:]]
    apart = any(differs(dossier.cycle, code, one) for one in before)
    return Said(
        grade=code, points=points_of(points), reason=reason_of(reason, needed=apart, why=_DIFFERS)
    )


@transaction.atomic
def return_dossier(*, dossier_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Dossier:
    """Send it back to the unit with a reason.

    What was said of it is kept; what is handed in again is another filing, of which every body is
    asked anew.
    """
    dossier = locked(dossier_id, A.RETURN, by)
    why = reason_of(reason, needed=True)
    dossier.self_grade = dossier.proposed_grade = ""
    dossier.self_points = None
    done(dossier, A.RETURN, Hand(by, at), Said(reason=why))
    dossier.filing += 1
    dossier.save(update_fields=["filing"])
    return dossier


def _body(dossier: Dossier, said: str) -> str:
    body = nfc(" ".join(said.split()))
    if not body or len(body) > LONGEST_BODY or body not in dossier.cycle.bodies:
        asked = ", ".join(dossier.cycle.bodies)
        raise InputError(
            f"Kỳ này lấy ý kiến của: {asked}. Chọn một trong các nơi đó.",
            field="body",
            code="no-such-body",
        )
    return body
