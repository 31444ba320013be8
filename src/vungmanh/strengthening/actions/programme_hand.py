"""What every act on a programme does alike: find and lock it, ask who and when, keep the word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.text import nfc
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.actions.choosing_hand import check_committee
from vungmanh.strengthening.models import Programme
from vungmanh.strengthening.persons import is_one_of
from vungmanh.strengthening.standing_in import place_now

DRAFT = "strengthening.programme.draft"
APPROVE = "strengthening.programme.approve"
_REPLACE = " Nội dung đã duyệt không sửa; muốn đổi thì lập đề án khác thay, rồi tổng kết đề án này."
#: What to do instead, for who came to write a draft.
_WAYS_OUT = {
    ProgrammeState.SUBMITTED: " Muốn sửa thì nhờ thường vụ cấp ủy trả lại.",
    ProgrammeState.RUNNING: _REPLACE,
    ProgrammeState.CLOSED: " Muốn làm tiếp thì lập đề án khác.",
}


def held_programme(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    beside_register()
    found = Programme.objects.select_for_update().filter(pk=programme_id).first()
    if found is None:
        raise NotFound("Không tìm thấy đề án này.")
    day = localdate(at)
    check_committee(by, place_now(found.unit_id, day), day)
    return found


def held_draft(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    check_can(by, DRAFT)
    found = held_programme(programme_id, by, at)
    check_programme_state(found, ProgrammeState.DRAFT)
    return found


def held_asked(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    check_can(by, APPROVE)
    found = held_programme(programme_id, by, at)
    check_programme_state(found, ProgrammeState.SUBMITTED)
    if is_one_of(by, found.submitted_by_id, found.submitted_on_behalf_id):
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã trình đề án này nên không duyệt; nhờ "
            "đồng chí khác.",
            code="asked-it",
        )
    return found


def check_programme_state(found: Programme, state: ProgrammeState) -> None:
    if found.state != state:
        now = ProgrammeState(found.state)
        way = _WAYS_OUT.get(now, "") if state is ProgrammeState.DRAFT else ""
        raise NotNow(
            f"Đề án {now.label.lower()}; không làm được việc này lúc này.{way}",
            code="programme-state",
        )


def words_of(text: str, field: str, longest: int, *, least: int) -> str:
    said = nfc(text).strip()
    if not least <= len(said) <= longest:
        raise InputError(
            f"Ghi từ {least} đến {longest} ký tự; nay là {len(said)}.", field=field,
            code="bad-text",
        )  # fmt: skip
    return said


def saved(found: Programme) -> None:
    found.revision += 1
    found.save()


def note(
    verb: str, found: Programme, by: Viewer, at: dt.datetime,
    data: Mapping[str, Any] | None = None, *, personal: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    record(
        verb, by=by.user, at=at, subject=f"programme:{found.pk}",
        data={"unit": str(found.unit_id), **(data or {})}, personal=dict(personal or {}),
    )  # fmt: skip
