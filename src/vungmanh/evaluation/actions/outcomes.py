"""Recording how members, government and mass organisations were graded: counts, no names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotNow
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import CycleState, DossierSide, OutcomeGrade, OutcomeSubject
from vungmanh.evaluation.actions.deciding import LONGEST_DOCUMENT
from vungmanh.evaluation.actions.hand import reason_of
from vungmanh.evaluation.models import Dossier, YearOutcome
from vungmanh.evaluation.outcomes import GRADES, Counts, registered, subjects_for
from vungmanh.evaluation.reads import dossier_visible
from vungmanh.evaluation.sides import sides_of
from vungmanh.org.turns import beside_register

RATE = "evaluation.dossier.rate"
MOST: Final = 100_000


@transaction.atomic
def record_outcome(
    *, dossier_id: UUID, subject: OutcomeSubject, counts: Mapping[str, int | None], by: Viewer,
    at: dt.datetime, reason: str = "", document: str = "", document_date: dt.date | None = None,
) -> YearOutcome:  # fmt: skip
    """Keep how many had which grade; the row before stays beside it.

    Raises InputError at the grade, at `reason` (members that do not add up to the register, or a
    row that mends another, without one), at `document`; NotAllowed from outside the unit; NotNow
    (`cycle-closed`, `dossier-removed`, `no-such-outcome`).
    """
    check_can(by, RATE)
    seen = dossier_visible(by, dossier_id)
    if DossierSide.UNIT not in sides_of(by, seen):
        raise NotAllowed(
            "Số này do chính tổ chức ghi. Vai trò đang dùng của đồng chí không giữ ở đó.",
            code="other-side",
        )
    beside_register()
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("cycle")
    dossier = rows.get(pk=seen.pk)
    _check_now(dossier, subject)
    kept = _checked(subject, counts)
    earlier = YearOutcome.objects.filter(dossier=dossier, subject=subject)
    before = earlier.order_by("number").last()
    members = _members(dossier, subject, at)
    why = reason_of(reason, needed=before is not None, why="Đã ghi trước đó: ghi lý do sửa.")
    if members is not None and members != kept.total and not why:
        day = date_vi(_day(dossier, at))
        raise InputError(
            f"Cộng lại là {kept.total} đảng viên; sổ đảng viên ngày {day} có {members}. Sửa số, "
            "hoặc ghi lý do lệch.",
            field="reason",
            code="members-do-not-add-up",
        )
    made = YearOutcome.objects.create(
        dossier=dossier,
        subject=subject,
        number=before.number + 1 if before else 1,
        counts={grade.value: number for grade, number in kept.by_grade.items()},
        members=members,
        reason=why,
        document=_document(document),
        document_date=document_date,
        by=by.user,
        on_behalf=by.on_behalf_of,
        at=at,
    )
    record(
        "outcome.recorded",
        by=by.user,
        at=at,
        subject=f"dossier:{dossier.pk}",
        data={
            "unit": str(dossier.unit_id), "year": dossier.cycle.year, "of": subject.value,
            "number": made.number,
        },
    )  # fmt: skip
    return made


def _check_now(dossier: Dossier, subject: OutcomeSubject) -> None:
    if dossier.removed_at is not None:
        raise NotNow("Hồ sơ này đã đưa ra khỏi kỳ xếp loại.", code="dossier-removed")
    if dossier.cycle.state != CycleState.OPEN:
        raise NotNow(
            "Kỳ xếp loại này đã đóng. Mở lại một hồ sơ, có lý do, thì kỳ mở theo.",
            code="cycle-closed",
        )
    if subject not in subjects_for(dossier):
        raise NotNow(
            f"Không ghi “{subject.label}” ở hồ sơ này: tổ chức loại này không có.",
            code="no-such-outcome",
        )


def _checked(subject: OutcomeSubject, said: Mapping[str, int | None]) -> Counts:
    """The counts as they are kept: every grade has its number, a government has one grade."""
    unknown = sorted(set(said) - {grade.value for grade in OutcomeGrade})
    if unknown:
        raise InputError(
            f"Không có mức nào tên {unknown[0]}.", field="counts", code="no-such-grade"
        )
    found = {}
    for grade in OutcomeGrade:
        number = said.get(grade.value)
        if number is None:
            raise InputError(
                f"Ghi số của mức “{grade.label}”; không có ai thì ghi 0.",
                field=grade.value,
                code="count-missing",
            )
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
            raise InputError(
                f"Số của mức “{grade.label}” là số nguyên từ 0 đến {MOST}.",
                field=grade.value,
                code="count-out-of-range",
            )
        found[grade] = number
    counts = Counts(found)
    if subject is OutcomeSubject.GOVERNMENT and (counts.total, counts.rated) != (1, 1):
        raise InputError(
            "Chính quyền cùng cấp có một mức: ghi 1 ở mức ấy, 0 ở các mức khác.",
            field=GRADES[0].value,
            code="one-government",
        )
    if not counts.total:
        raise InputError("Chưa có số nào khác 0.", field=GRADES[0].value, code="nothing-counted")
    return counts


def _members(dossier: Dossier, subject: OutcomeSubject, at: dt.datetime) -> int | None:
    if subject is not OutcomeSubject.MEMBERS:
        return None
    return registered([dossier.unit_id], _day(dossier, at)).get(dossier.unit_id)


def _day(dossier: Dossier, at: dt.datetime) -> dt.date:
    """The day of which members are counted: the last of the year, or today where that is first."""
    return min(dt.date(dossier.cycle.year, 12, 31), localdate(at))


def _document(said: str) -> str:
    document = nfc(" ".join(said.split()))
    if len(document) > LONGEST_DOCUMENT or not document.isprintable():
        raise InputError(
            f"Số, ký hiệu văn bản tối đa {LONGEST_DOCUMENT} chữ cái, trên một dòng.",
            field="document",
            code="bad-document",
        )
    return document
