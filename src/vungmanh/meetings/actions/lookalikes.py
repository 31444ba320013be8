"""Comparing the filed records with one another, and saying what a likeness is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotNow
from vungmanh.core.periods import add_months
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import LikenessOutcome
from vungmanh.meetings.actions.moved import mark_moved
from vungmanh.meetings.comparing import Found, compared, months_with_new_texts, print_new
from vungmanh.meetings.lookalikes import ANSWER, REVIEW, answers, likeness_visible, reviews
from vungmanh.meetings.models import TextLikeness
from vungmanh.meetings.set_aside import RULES, months_set_aside

#: A record is compared with those of three years.
MONTHS = 36
_NOTE = "Ghi vì sao, một hai câu, từ 3 đến 600 chữ."


@transaction.atomic
def compare_new_texts(*, by: User | None, at: dt.datetime) -> tuple[dt.date, ...]:
    """Compare the records of every month in which one was filed since the last time.

    The whole month each time: what everybody says can only be told from what everybody filed. The
    months, oldest first.
    """
    months = tuple(months_with_new_texts())
    for month in months:
        compare_texts(month=month, by=by, at=at)
    return months


@transaction.atomic
def compare_texts(*, month: dt.date, by: User | None, at: dt.datetime) -> int:
    """Compare the records of a month with one another and with those of three years before.

    What is found again is kept with what a person said of it; what is no longer found goes, unless
    a person has said something. How many likenesses stand for the month.
    """
    first = add_months(month, 1 - MONTHS)
    print_new(first, month)
    found = compared(first, month)
    before = months_set_aside(first, month)
    _keep(found, month, at)
    moved = before ^ months_set_aside(first, month)  # a month before may have been filed later
    if moved:
        mark_moved({when for _, when in moved}, at=at)
    standing = TextLikeness.objects.filter(month=month).count()
    record(
        "texts.compared",
        by=by,
        at=at,
        subject=f"texts:{month:%Y-%m}",
        data={"found": len(found), "standing": standing, "months_moved": len(moved)},
    )
    return standing


@transaction.atomic
def answer_likeness(*, likeness_id: UUID, text: str, by: Viewer, at: dt.datetime) -> TextLikeness:
    """The cell says how the likeness came about, until somebody above has said what it is.

    Raises NotAllowed for others, NotNow once it was reviewed, InputError (`answer`).
    """
    check_can(by, ANSWER)
    seen = likeness_visible(by, likeness_id, localdate(at))
    if not answers(by, seen):
        raise NotAllowed(
            "Chỉ chi bộ có biên bản này, hoặc văn phòng nhập thay chi bộ, mới trả lời.",
            code="not-the-cell",
        )
    one = TextLikeness.objects.select_for_update().get(pk=seen.pk)
    if one.outcome:
        raise NotNow(
            "Đã có người xem và ghi ý kiến; báo văn phòng nếu cần mở lại.", code="reviewed"
        )
    one.answer, one.answered_by = _sentence(text, "answer", 600, _NOTE), by.user
    one.answered_at = at
    one.save(update_fields=["answer", "answered_by", "answered_at"])
    record(
        "text.answered",
        by=by.user,
        at=at,
        subject=f"unit:{one.unit_id}",
        data={"likeness": str(one.pk), "rule": one.rule},
        personal={"answer": one.answer},
    )
    return one


@transaction.atomic
def say_outcome(
    *, likeness_id: UUID, outcome: LikenessOutcome, note: str, by: Viewer, at: dt.datetime
) -> TextLikeness:
    """A named person above the cell says what a likeness is.

    Raises NotAllowed for the cell itself, NotNow when it was said already, InputError (`note`).
    """
    one = _held(by, likeness_id, at)
    if one.outcome:
        raise NotNow(
            f"Đã có người xem: {LikenessOutcome(one.outcome).label.lower()}. Cần sửa thì mở lại.",
            code="reviewed",
        )
    one.outcome, one.outcome_note = outcome, _sentence(note, "note", 600, _NOTE)
    one.outcome_by, one.outcome_at = by.user, at
    one.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
    _tell("text.reviewed", one, outcome, one.outcome_note, by=by, at=at)
    return one


@transaction.atomic
def take_outcome_back(
    *, likeness_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> TextLikeness:
    """Let it wait for another look; what was said stays in the ledger. Raises NotNow and
    InputError (`reason`)."""
    one = _held(by, likeness_id, at)
    if not one.outcome:
        raise NotNow("Biên bản này chưa có ai xem để mở lại.", code="not-reviewed")
    said = _sentence(reason, "reason", 300, "Ghi vì sao mở lại, trong một câu.")
    outcome = one.outcome
    one.outcome, one.outcome_note, one.outcome_by, one.outcome_at = "", "", None, None
    one.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
    _tell("text.reopened", one, outcome, said, by=by, at=at)
    return one


# --- inside ----------------------------------------------------------------------------------


def _keep(found: Iterable[Found], month: dt.date, at: dt.datetime) -> None:
    """Make the table say what was found about the month, and add what late filing brought."""
    told = {(one.version_id, one.rule): one for one in found}
    known = TextLikeness.objects.filter(version_id__in={version for version, _ in told})
    rows = {(row.version_id, row.rule): row for row in known.select_for_update()}
    gone = TextLikeness.objects.filter(month=month, outcome="").exclude(
        pk__in=[row.pk for key, row in rows.items() if key in told]
    )
    gone.delete()
    new = [key for key in told if key not in rows]
    TextLikeness.objects.bulk_create(TextLikeness(**told[key].fields(), found_at=at) for key in new)
    for key, row in rows.items():
        if key in told and not row.outcome and row.other_version_id != told[key].other_version_id:
            for name, value in told[key].fields().items():
                setattr(row, name, value)
            row.save()


def _held(by: Viewer, likeness_id: UUID, at: dt.datetime) -> TextLikeness:
    """The finding, kept from others until the transaction ends."""
    check_can(by, REVIEW)
    seen = likeness_visible(by, likeness_id, localdate(at))
    if not reviews(by, seen):
        raise NotAllowed(
            "Việc xem lại do cấp trên của chi bộ ghi, không do chính chi bộ ấy.", code="own-text"
        )
    return TextLikeness.objects.select_for_update().get(pk=seen.pk)


def _tell(
    verb: str, one: TextLikeness, outcome: str, note: str, *, by: Viewer, at: dt.datetime
) -> None:
    """The event; and where it moves what an assessment believes, that the month moved."""
    if one.rule in RULES:
        mark_moved([one.month], at=at)
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"unit:{one.unit_id}",
        data={"likeness": str(one.pk), "rule": one.rule, "outcome": str(outcome)},
        personal={"note": note},
    )


def _sentence(text: str, field: str, most: int, words: str) -> str:
    said = " ".join(nfc(text).split())
    if not 3 <= len(said) <= most:
        raise InputError(words, field=field, code=f"bad-{field}")
    return said
