"""A programme summed up, opened again, and a draft that nobody wants thrown away."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.strengthening.actions.programme_hand import (
    APPROVE,
    check_programme_state,
    held_draft,
    held_programme,
    note,
    saved,
    words_of,
)
from vungmanh.strengthening.models import Programme
from vungmanh.strengthening.models.programmes import LINE
from vungmanh.strengthening.programme_ending import still_open


@transaction.atomic
def close_programme(
    *, programme_id: UUID, closed_on: dt.date, by: Viewer, at: dt.datetime, reason: str = ""
) -> Programme:
    """Sum up a running programme: nobody is chosen any more; open files go on to their end.

    Raises NotFound, NotNow (`still-open`: a list not decided, the final gate to come or without its
    reports, and no `reason`), InputError (a day outside its years, or to come).
    """
    check_can(by, APPROVE)
    found = held_programme(programme_id, by, at)
    check_programme_state(found, ProgrammeState.RUNNING)
    if not found.first_year <= closed_on.year or closed_on > localdate(at):
        raise InputError(
            "Ngày tổng kết phải từ năm đầu của đề án đến hôm nay.", field="closed_on",
            code="bad-day",
        )  # fmt: skip
    left, said = still_open(by, found, closed_on), reason.strip()
    if left.bars and not said:
        raise NotNow(
            "Đề án còn việc chưa xong (xem danh sách ở trên): quyết định các lần lựa chọn, chờ đủ "
            "báo cáo tổng kết; hoặc ghi lý do tổng kết sớm.",
            code="still-open",
        )
    if said:
        said = words_of(said, "reason", LINE, least=10)
    found.state, found.closed_on = ProgrammeState.CLOSED, closed_on
    saved(found)
    counted = {
        "files": left.files, "selections": len(left.selections),
        "reports": sum(one.missing for one in left.gates),
    }  # fmt: skip
    note("programme.closed", found, by, at, counted, personal={"reason": said} if said else None)
    return found


@transaction.atomic
def reopen_programme(*, programme_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Programme:
    """Take back a summing up. Raises NotFound, NotAllowed, NotNow, InputError (`reason`)."""
    check_can(by, APPROVE)
    found = held_programme(programme_id, by, at)
    check_programme_state(found, ProgrammeState.CLOSED)
    said = words_of(reason, "reason", LINE, least=10)
    found.state, found.closed_on = ProgrammeState.RUNNING, None
    saved(found)
    note("programme.reopened", found, by, at, personal={"reason": said})
    return found


@transaction.atomic
def delete_draft(*, programme_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Throw a draft away; who did it and why stays in the ledger.

    Raises NotFound, NotNow (no draft; `in-use`), InputError (`reason`).
    """
    found = held_draft(programme_id, by, at)
    said = words_of(reason, "reason", LINE, least=10)
    if found.selections.exists() or found.files.exists():
        raise NotNow("Đã có lần lựa chọn hoặc hồ sơ của đề án này nên không xóa.", code="in-use")
    note("programme.deleted", found, by, at, {"title": found.title}, personal={"reason": said})
    found.delete()
