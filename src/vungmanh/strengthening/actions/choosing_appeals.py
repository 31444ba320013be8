"""What a unit says against being chosen, or left out, and the answer of whoever decides."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access import wall
from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ChoiceWay, FileAct, SelectionState
from vungmanh.core.text import date_vi
from vungmanh.strengthening.actions.choosing_checks import check_free
from vungmanh.strengthening.actions.choosing_hand import DECIDE, held_selection, note, sentence
from vungmanh.strengthening.actions.file_hand import Hand, Said, done
from vungmanh.strengthening.actions.files import open_files
from vungmanh.strengthening.file_states import check_step
from vungmanh.strengthening.models import Choice, Selection, SelectionAppeal, SupportFile
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.models.selections import REASON
from vungmanh.strengthening.selection_reads import appeal_until

APPEAL = "strengthening.selection.appeal"


@transaction.atomic
def appeal(
    *, selection_id: UUID, unit_id: UUID, text: str, by: Viewer, at: dt.datetime
) -> SelectionAppeal:
    """What a unit of the table says against being chosen, or left out, within the term.

    Raises NotAllowed unless `by` speaks for the unit, NotFound (not decided, not in the table),
    NotNow (taken out already, the term is over), Conflict (one is already waiting), InputError.
    """
    check_can(by, APPEAL)
    if unit_id not in {grant.unit_id for grant in by.grants}:
        raise NotAllowed(
            "Chỉ chính đơn vị ấy mới kiến nghị về việc chọn hay không chọn mình.",
            code="not-the-unit",
        )
    _check_open(selection_id, unit_id, localdate(at))
    if is_waiting(selection_id, unit_id):
        raise _asked_already()
    made = SelectionAppeal(
        selection_id=selection_id, unit_id=unit_id, text=sentence(text, "text", 2000),
        by=by.user, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # two sessions at once: the other one's is waiting
        raise _asked_already() from None
    record(
        "selection.appealed", by=by.user, at=at, subject=f"selection:{selection_id}",
        data={"unit": str(unit_id)}, personal={"text": made.text},
    )  # fmt: skip
    return made


def is_waiting(selection_id: UUID, unit_id: UUID) -> bool:
    """Whether what the unit said waits for an answer."""
    return SelectionAppeal.objects.filter(
        selection_id=selection_id, unit_id=unit_id, answered_at=None
    ).exists()


def _asked_already() -> Conflict:
    return Conflict("Kiến nghị trước đang chờ trả lời.", code="already-asked")


def _check_open(selection_id: UUID, unit_id: UUID, day: dt.date) -> None:
    """The selection is decided, the unit stands in its table, the term is not over."""
    # The selection belongs to the committee above, out of sight of the unit: only whether the unit
    # stands in its table, and until when it may appeal, is read.
    with wall.lowered():
        found = (
            Selection.objects.select_related("snapshot")
            .filter(pk=selection_id, state=SelectionState.DECIDED)
            .first()
        )
        if found is None or str(unit_id) not in {row["unit"] for row in found.result["table"]}:
            raise NotFound("Không tìm thấy lần lựa chọn này.")
        until = appeal_until(found)
    choices = Choice.objects.filter(selection_id=selection_id, unit_id=unit_id)
    withdrawn = list(choices.order_by("pk").values_list("withdrawn_at", flat=True))
    if withdrawn and None not in withdrawn:
        raise NotNow("Đơn vị đã được đưa ra khỏi danh sách này.", code="withdrawn")
    if day > until:
        raise NotNow(
            f"Hạn kiến nghị đã hết ngày {date_vi(until)}. Báo cấp ủy đã quyết định bằng văn bản; "
            "đơn vị được chọn thì nêu ý kiến trong hồ sơ củng cố.",
            code="term-over",
        )


@transaction.atomic
def answer_appeal(
    *, appeal_id: UUID, is_granted: bool, answer: str, by: Viewer, at: dt.datetime
) -> SelectionAppeal:
    """Answer by whoever decides. Granted: a chosen unit is taken out and its file ends with the
    answer; one that was left out is chosen, and its file opened.

    Raises NotFound, NotAllowed (who appealed), NotNow (answered already), Conflict, InputError.
    """
    check_can(by, DECIDE)
    asked = SelectionAppeal.objects.select_for_update(of=("self",)).filter(pk=appeal_id).first()
    if asked is None:
        raise NotFound("Không tìm thấy kiến nghị này.")
    found = held_selection(by, asked.selection_id, at)
    if asked.by_id in {by.user.pk, by.on_behalf_of.pk if by.on_behalf_of else None}:
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã gửi kiến nghị này nên không trả lời; "
            "nhờ đồng chí khác.",
            code="asked-it",
        )
    if asked.answered_at is not None:
        raise NotNow("Kiến nghị này đã được trả lời.", code="answered")
    asked.is_granted, asked.answer = is_granted, sentence(answer, "answer", 2000)
    asked.answered_by, asked.answered_at = by.user, at
    asked.save(update_fields=["is_granted", "answer", "answered_by", "answered_at"])
    note(
        "selection.appeal_answered", found, by, at,
        data={"unit": str(asked.unit_id), "granted": is_granted},
        personal={"answer": asked.answer},
    )  # fmt: skip
    if is_granted:
        chosen = found.choices.select_for_update().filter(unit_id=asked.unit_id, withdrawn_at=None)
        if (choice := chosen.first()) is not None:
            _take_out(choice, asked.answer, Hand(by, at))
        else:
            _take_in(found, asked, Hand(by, at))
    return asked


def _take_out(choice: Choice, answer: str, hand: Hand) -> None:
    """The choice is withdrawn; its file ends on the same day, and with it the label."""
    choice.withdrawn_at, choice.withdrawn_reason = hand.at, answer[:REASON]
    choice.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    files = SupportFile.objects.select_for_update(of=("self",)).filter(choice=choice)
    file = files.exclude(state__in=OVER).first()
    if file is None:
        return
    step = check_step(hand.by.role, file.state_now, FileAct.WITHDRAW)
    file.ended_on = file.label_until = max(hand.day, file.entered_on)
    file.handovers.filter(answered_at=None).update(
        is_accepted=False, answer=answer[:REASON], answered_by=hand.by.user, answered_at=hand.at
    )
    done(file, step, hand, Said(answer[:REASON]))


def _take_in(found: Selection, asked: SelectionAppeal, hand: Hand) -> None:
    """A unit that was left out is chosen by the answer, as by any other decision with a reason."""
    check_free(found, [asked.unit_id], hand.day)
    last = found.choices.order_by("-position").values_list("position", flat=True).first() or 0
    Choice.objects.create(
        selection=found, unit_id=asked.unit_id, year=found.year, position=last + 1,
        way=ChoiceWay.OVERRIDE, reason=asked.answer[:REASON],
    )  # fmt: skip
    open_files(selection=found, by=hand.by, at=hand.at)
