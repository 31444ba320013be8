"""Issuing the papers of a yearly rating: which paper is which in the register, and deciding by a
number that is taken there or typed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import Conflict, InputError, NotFound
from vungmanh.core.text import date_vi, fold
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.evaluation.actions.deciding import Paper
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.queries import visible_unit
from vungmanh.outputs.gradings.sender import sender_of
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.papers.numbers import (
    Wish,
    clash,
    enter_number,
    number_given,
    take_number,
    typed_number,
)
from vungmanh.outputs.papers.register import issue_of, stamped
from vungmanh.rulebook.values.papers import PaperType

T = TypeVar("T")
NEW = "new"


class RatingPaper(Vocabulary):
    """The papers of a cycle and of its dossiers."""

    SUMMARY = "summary", "Bảng tổng hợp"
    SUBMISSION = "submission", "Tờ trình"
    DECISION = "decision", "Quyết định"
    SHEET = "sheet", "Phiếu lấy ý kiến"
    DOSSIER = "dossier", "Hồ sơ xếp loại"
    NOTICE = "notice", "Thông báo kết quả"


R = RatingPaper
_TYPES = {
    R.SUMMARY: PaperType.FORM,
    R.SUBMISSION: PaperType.SUBMISSION,
    R.DECISION: PaperType.DECISION,
    R.SHEET: PaperType.FORM,
    R.DOSSIER: PaperType.FORM,
    R.NOTICE: PaperType.NOTICE,
}


def type_of(paper: RatingPaper) -> PaperType:
    return _TYPES[paper]


def cycle_subject(cycle: Cycle, paper: RatingPaper, part: str = "") -> str:
    """What a paper of a cycle is in the register; `part` the body a sheet is for, or the number of
    a further decision."""
    return ":".join(filter(None, ["cycle", str(cycle.pk), paper.value, fold(part)[:50]]))


def dossier_subject(dossier: Dossier, paper: RatingPaper, decision: int = 0) -> str:
    """The same of a dossier: each version has its own, and each decision its own notice."""
    parts = ["dossier", str(dossier.pk), str(dossier.version), paper.value]
    return ":".join([*parts, str(decision)] if paper is R.NOTICE else parts)


def heads(
    cycle: Cycle, paper: RatingPaper, closing: Closing, *, on: dt.date, part: str = ""
) -> tuple[Sender, Closing]:
    """Sender and closing of a paper of the cycle, as it was issued where it was."""
    issue = issue_of(cycle.unit_id, cycle_subject(cycle, paper, part))
    sender, signed = stamped(sender_of(cycle, on=on), closing, issue)
    return sender, closing if paper is R.SHEET else signed  # a sheet is signed by who is asked


def issues_of(subjects: Iterable[str]) -> dict[str, PaperNumber]:
    """How papers of many dossiers were issued; one query, past the wall as `issue_of`."""
    with lowered():
        found = PaperNumber.objects.filter(subject__in=list(subjects), cancelled_at=None)
        return {one.subject: one for one in found}


def cycle_wish(
    cycle: Cycle, paper: RatingPaper, *, on: dt.date, signer: Signer | None = None, part: str = ""
) -> Wish:
    """What is asked of the register for a paper of a cycle."""
    told = {
        R.SUMMARY: f"kết quả đánh giá, xếp loại năm {cycle.year}",
        R.SHEET: f"phiếu lấy ý kiến xếp loại năm {cycle.year}: {part}",
    }
    about = told.get(paper, f"về việc xếp loại tổ chức đảng, tập thể lãnh đạo năm {cycle.year}")
    subject = cycle_subject(cycle, paper, part)
    return _wish(cycle, paper, about, subject, on=on, signer=signer)


def dossier_wish(
    dossier: Dossier,
    paper: RatingPaper,
    *,
    on: dt.date,
    decision: int = 0,
    signer: Signer | None = None,
) -> Wish:
    """The same for a paper of a dossier; a notice is of one decision."""
    about = f"kết quả đánh giá, xếp loại năm {dossier.cycle.year}: {dossier.name}"
    subject = dossier_subject(dossier, paper, decision)
    return _wish(dossier.cycle, paper, about, subject, on=on, signer=signer)


def _wish(
    cycle: Cycle, paper: RatingPaper, about: str, subject: str, *, on: dt.date,
    signer: Signer | None,
) -> Wish:  # fmt: skip
    sender = sender_of(cycle, on=on)
    return Wish(
        kind=_TYPES[paper], body=sender.body, on=on, about=about[:300], mark=sender.mark,
        subject=subject, signer=signer,
    )  # fmt: skip


# --- deciding by a number ------------------------------------------------------------------------


def decision_numbers(cycle: Cycle) -> list[PaperNumber]:
    """The decisions of a cycle that stand in the register, the oldest first."""
    found = PaperNumber.objects.filter(
        unit_id=cycle.unit_id, type=PaperType.DECISION, cancelled_at=None, number__isnull=False
    )
    own = found.filter(subject__startswith=cycle_subject(cycle, R.DECISION))
    return list(own.order_by("on", "number"))


@transaction.atomic
def deciding(
    cycle: Cycle, numbered: str, paper: Paper, does: Callable[[Paper], T], *, by: Viewer,
    at: dt.datetime, today: dt.date,
) -> T:  # fmt: skip
    """Decide with a document from the register: NEW takes the next number, the id of a decision of
    the cycle uses it, "" keeps what was typed and enters it where it is the committee's own.

    Raises InputError (`number-taken`) for a typed number that another paper has, and what `does`
    and the register raise: then nothing is decided and no number taken.
    """
    return does(_numbered(cycle, numbered, paper, by=by, at=at, today=today))


def _numbered(
    cycle: Cycle, numbered: str, paper: Paper, *, by: Viewer, at: dt.datetime, today: dt.date
) -> Paper:
    day = paper.document_date or today
    if numbered == NEW:
        wish = cycle_wish(cycle, R.DECISION, on=day, part=_next_part(cycle))
        made = take_number(unit_id=cycle.unit_id, wish=wish, by=by, at=at)
        return replace(paper, document=made.document, document_date=made.on)
    if numbered:
        one = next((one for one in decision_numbers(cycle) if str(one.pk) == numbered), None)
        if one is None:
            raise InputError(
                "Số này không còn là quyết định của kỳ. Chọn lại số văn bản.", field="numbered"
            )
        return replace(paper, document=one.document, document_date=one.on)
    _enter_typed(cycle, paper, day, by=by, at=at)
    return paper


def _enter_typed(cycle: Cycle, paper: Paper, day: dt.date, *, by: Viewer, at: dt.datetime) -> None:
    """A typed number of the committee's own stands in the register from now on."""
    wish = cycle_wish(cycle, R.DECISION, on=day)
    number = typed_number(paper.document, wish)
    if number is None:
        return
    try:
        visible_unit(by, cycle.unit_id, by.on)
        other = number_given(cycle.unit_id, wish, number)
    except NotFound:
        return  # a committee gone since gives no more numbers
    except InputError:
        return  # no congress term is known for so early a day
    if other is None:
        wish = replace(wish, subject=cycle_subject(cycle, R.DECISION, _next_part(cycle)))
        try:
            enter_number(unit_id=cycle.unit_id, wish=wish, number=number, by=by, at=at)
        except InputError as error:
            raise InputError(error.message, field="document_date", code=error.code) from error
        return
    _check_own(cycle, other, paper)


def _check_own(cycle: Cycle, other: PaperNumber, paper: Paper) -> None:
    own = other.subject.startswith(cycle_subject(cycle, R.DECISION))
    if other.cancelled_at is not None or not own:
        taken: Conflict = clash(other)
        raise InputError(taken.message, field="document", code=taken.code)
    if paper.document_date and paper.document_date != other.on:
        raise InputError(
            f"Văn bản {other.document} trong sổ ghi ngày {date_vi(other.on)}. Sửa ngày hoặc số.",
            field="document_date",
            code="other-day",
        )


def _next_part(cycle: Cycle) -> str:
    """A further decision of a cycle is apart from those before it, cancelled ones too."""
    before = PaperNumber.objects.filter(
        unit_id=cycle.unit_id, subject__startswith=cycle_subject(cycle, R.DECISION)
    ).count()
    return str(before + 1) if before else ""


def decided_with(cycle: Cycle, number_id: UUID | None) -> PaperNumber | None:
    """The decision to print: the one asked for, else the latest. NotFound for another's."""
    found = decision_numbers(cycle)
    if number_id is None:
        return found[-1] if found else None
    one = next((one for one in found if one.pk == number_id), None)
    if one is None:
        raise NotFound("Kỳ này không có quyết định mang số ấy.", code="no-paper-number")
    return one
