"""What a chosen unit says against being chosen, and the answer of whoever decides."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, NotAllowed, NotFound, NotNow
from vungmanh.strengthening.actions.choosing_hand import DECIDE, held_selection, note, sentence
from vungmanh.strengthening.models import Choice, SelectionAppeal

APPEAL = "strengthening.selection.appeal"


@transaction.atomic
def appeal(
    *, selection_id: UUID, unit_id: UUID, text: str, by: Viewer, at: dt.datetime
) -> SelectionAppeal:
    """What a chosen unit says against it. Raises NotAllowed unless `by` speaks for the unit,
    NotNow (not decided), Conflict (one is already waiting), InputError."""
    check_can(by, APPEAL)
    if unit_id not in {grant.unit_id for grant in by.grants}:
        raise NotAllowed(
            "Chỉ đơn vị được chọn mới kiến nghị về việc chọn mình.", code="not-the-unit"
        )
    choice = Choice.objects.filter(
        selection_id=selection_id, unit_id=unit_id, withdrawn_at=None
    ).first()
    if choice is None:
        raise NotFound("Không tìm thấy lần lựa chọn này.")
    if SelectionAppeal.objects.filter(
        selection_id=selection_id, unit_id=unit_id, answered_at=None
    ).exists():
        raise Conflict("Kiến nghị trước đang chờ trả lời.", code="already-asked")
    made = SelectionAppeal.objects.create(
        selection_id=selection_id, unit_id=unit_id, text=sentence(text, "text", 2000),
        by=by.user, at=at,
    )  # fmt: skip
    record(
        "selection.appealed", by=by.user, at=at, subject=f"selection:{selection_id}",
        data={"unit": str(unit_id)}, personal={"text": made.text},
    )  # fmt: skip
    return made


@transaction.atomic
def answer_appeal(
    *, appeal_id: UUID, is_granted: bool, answer: str, by: Viewer, at: dt.datetime
) -> SelectionAppeal:
    """Answer by whoever decides; where it is granted the choice is withdrawn.

    Raises NotFound, NotNow (answered already), InputError.
    """
    check_can(by, DECIDE)
    asked = SelectionAppeal.objects.select_for_update(of=("self",)).filter(pk=appeal_id).first()
    if asked is None:
        raise NotFound("Không tìm thấy kiến nghị này.")
    found = held_selection(by, asked.selection_id, at)
    if asked.answered_at is not None:
        raise NotNow("Kiến nghị này đã được trả lời.", code="answered")
    asked.is_granted, asked.answer = is_granted, sentence(answer, "answer", 2000)
    asked.answered_by, asked.answered_at = by.user, at
    asked.save(update_fields=["is_granted", "answer", "answered_by", "answered_at"])
    if is_granted:
        found.choices.filter(unit_id=asked.unit_id, withdrawn_at=None).update(
            withdrawn_at=at, withdrawn_reason=asked.answer[:500]
        )
    note(
        "selection.appeal_answered", found, by, at,
        data={"unit": str(asked.unit_id), "granted": is_granted},
        personal={"answer": asked.answer},
    )  # fmt: skip
    return asked
