"""What every act on a file does alike: find and lock it, ask who and when, keep the word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound
from vungmanh.core.programme_words import FileAct
from vungmanh.core.text import nfc
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.file_reads import (
    asked_by,
    file_visible,
    is_named_reviewer,
    last_asked,
    may_answer_offer,
    open_offer,
    state_before,
)
from vungmanh.strengthening.file_sides import is_offered_to, sides_of, why_not
from vungmanh.strengthening.file_states import Step, check_state, check_step
from vungmanh.strengthening.models import FileEntry, SupportFile
from vungmanh.strengthening.models.files import REASON

_ANSWERS_TO_OFFER = (FileAct.ACCEPT_HAND_OVER, FileAct.REFUSE_HAND_OVER)


@dataclass(frozen=True)
class Hand:
    """Who does it and when."""

    by: Viewer
    at: dt.datetime

    @property
    def day(self) -> dt.date:
        return localdate(self.at)


@dataclass(frozen=True)
class Said:
    """What goes into the entry of an act."""

    reason: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


def locked_file(file_id: UUID, act: FileAct, hand: Hand) -> tuple[SupportFile, Step]:
    """The file, locked, once role, sight, side and state allow the act.

    Raises NotFound out of sight, NotAllowed (role, side, whoever asked for it), NotNow.
    """
    seen = file_visible(hand.by, file_id)
    if act is FileAct.REVIEW and is_named_reviewer(hand.by, seen):
        beside_register()
        file = SupportFile.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        if is_named_reviewer(hand.by, file):  # from whichever side: the person was named
            return file, check_state(file.state_now, act)
    step = check_step(hand.by.role, seen.state_now, act)
    beside_register()
    file = SupportFile.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    step = check_step(hand.by.role, file.state_now, act)
    if act in _ANSWERS_TO_OFFER:
        offer = open_offer(file)
        if offer is None or not is_offered_to(hand.by, offer.unit_id):
            raise NotFound("Không có hồ sơ nào chờ đồng chí nhận.", code="no-offer")
        if not may_answer_offer(hand.by, file, offer):
            raise NotAllowed(
                "Đồng chí (hoặc người ủy quyền cho đồng chí) đã chuyển giao hồ sơ này nên không tự "
                "trả lời; nhờ đồng chí khác ở nơi nhận.",
                code="asked-it",
            )
        return file, step
    if step.side not in sides_of(hand.by, file):
        raise NotAllowed(why_not(step.side), code="other-side")
    if step.answers and asked_by(hand.by, last_asked(file)):
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã trình việc này nên không duyệt; nhờ "
            "đồng chí khác.",
            code="asked-it",
        )
    return file, step


def done(file: SupportFile, step: Step, hand: Hand, said: Said | None = None) -> FileEntry:
    """Keep one act: the state it leads to, the entry, the event."""
    said = said or Said()
    if step.needs_reason:
        said = Said(sentence(said.reason, "reason"), said.content)
    if step.target is not None:
        file.state = step.target
    elif step.is_back and step.answers is not None:
        file.state = state_before(file, step.answers)
    return keep(file, step.act, hand, said)


def keep(file: SupportFile, act: FileAct, hand: Hand, said: Said) -> FileEntry:
    """The entry and the event of an act that is already carried out on `file`."""
    file.revision += 1
    file.save()
    lender = hand.by.on_behalf_of
    entry = FileEntry.objects.create(
        file=file, number=file.revision, act=act, state=file.state, on=hand.day,
        reason=said.reason, content=dict(said.content), by=hand.by.user, on_behalf=lender,
        at=hand.at,
    )  # fmt: skip
    record(
        f"file.{act.value}", by=hand.by.user, at=hand.at, subject=f"file:{file.pk}",
        data={"unit": str(file.unit_id), "state": file.state}, personal={"reason": said.reason},
    )  # fmt: skip
    return entry


def sentence(text: str, field: str, longest: int = REASON, least: int = 10) -> str:
    """Some words. Raises InputError."""
    said = " ".join(nfc(text).split())
    if not least <= len(said) <= longest:
        raise InputError(
            f"Ghi rõ bằng lời, từ {least} đến {longest} chữ.", field=field, code="bad-text"
        )
    return said
