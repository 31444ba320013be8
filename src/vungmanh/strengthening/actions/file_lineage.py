"""What becomes of the file of a unit that ended: its committee proposes, who decides chooses.

Carried over, the file keeps its causes, measures and open findings; the figures are those of the
heir from then on, so that the diagnosis is asked for anew.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.programme_words import FileAct, FileFate, FileState
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.strengthening.actions.file_hand import Hand, Said, done, locked_file
from vungmanh.strengthening.actions.files import findings_of
from vungmanh.strengthening.lineage_of_files import (
    asked_of,
    heirs_of,
    is_alive,
    reform_that_ended,
)
from vungmanh.strengthening.models import FileEntry, SupportFile


@transaction.atomic
def ask_lineage(
    *, file_id: UUID, fate: FileFate, unit_id: UUID | None = None, reason: str, by: Viewer,
    at: dt.datetime,
) -> SupportFile:  # fmt: skip
    """Propose to carry the file to an heir, or to let it end with the unit.

    Raises NotFound, NotAllowed, NotNow (the unit lives), Conflict (the heir has an open file),
    InputError (`unit_id`: no living heir; `reason`).
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.ASK_LINEAGE, hand)
    if is_alive(file.unit_id, hand.day):
        raise NotNow(
            "Đơn vị còn hoạt động; hồ sơ chỉ xử lý theo sắp xếp khi đơn vị đã kết thúc.",
            code="unit-alive",
        )
    said: dict[str, Any] = {"fate": fate.value, "before": file.state}
    if fate is FileFate.CARRY:
        if file.state == FileState.HOLDING:
            raise NotNow(
                "Đơn vị đã ra khỏi diện nên không mang hồ sơ sang nơi khác; trình kết thúc theo "
                "đơn vị, nơi kế tiếp yếu thì được chọn như mọi nơi.",
                code="holding",
            )
        said["to"] = str(_heir(file, unit_id, hand.day))
    said["findings"] = findings_of(file, hand.day)
    done(file, step, hand, Said(reason, said))
    return file


def _heir(file: SupportFile, unit_id: UUID | None, day: dt.date) -> UUID:
    """The heir named, if a file can be carried to it."""
    found = next((one for one in heirs_of(file.unit_id, day) if one.unit_id == unit_id), None)
    if found is None:
        raise InputError(
            "Chọn một đơn vị đang hoạt động đã nhận từ đơn vị này; không có thì trình kết thúc "
            "theo đơn vị.",
            field="unit_id", code="no-heir",
        )  # fmt: skip
    if found.has_file:
        raise Conflict(
            f"{found.name} đang có hồ sơ củng cố chưa xong; trình kết thúc theo đơn vị, việc còn "
            "mở ghi tiếp ở hồ sơ ấy.",
            code="being-helped",
        )
    return found.unit_id


@transaction.atomic
def approve_carry(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Carry it over, by another than who asked. Raises NotNow if something else was asked for."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.APPROVE_CARRY, hand)
    asked = _asked(file, FileFate.CARRY)
    heir = _heir(file, UUID(asked.content["to"]), hand.day)
    left = file.unit_id
    file.line = [*file.line, {"unit": str(left), "until": _end_of(left).isoformat()}]
    file.unit_id, file.path, file.review_due = heir, {}, None
    said = {
        "from": str(left), "to": str(heir), "reform": reform_that_ended(left),
        "findings": asked.content.get("findings", []),
    }  # fmt: skip
    done(file, step, hand, Said(content=said))
    return file


def _end_of(unit_id: UUID) -> dt.date:
    """The first day on which a unit was no longer there."""
    last = UnitVersion.objects.filter(unit_id=unit_id).order_by("-valid").values_list("valid")[0]
    day: dt.date = last[0].upper
    return day


@transaction.atomic
def approve_end(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Let the file end with its unit, by another than who asked; raises as `approve_carry`."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.END, hand)
    asked = _asked(file, FileFate.END)
    file.ended_on = hand.day
    said = {"reform": reform_that_ended(file.unit_id), "before": asked.content["before"]}
    done(file, step, hand, Said(asked.reason, said))
    return file


def _asked(file: SupportFile, fate: FileFate) -> FileEntry:
    asked = asked_of(file)
    if asked is None or asked.content.get("fate") != fate:
        other = FileFate.END if fate is FileFate.CARRY else FileFate.CARRY
        raise NotNow(
            f"Đề nghị đang chờ là “{other.label.lower()}”; duyệt đúng việc ấy, hoặc trả lại.",
            code="other-fate",
        )
    return asked


@transaction.atomic
def return_lineage(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Send the proposal back with a reason: the file is as it was before it."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.RETURN_LINEAGE, hand)
    done(file, step, hand, Said(reason))
    return file


def _before(file: SupportFile) -> FileState:
    asked = asked_of(file)
    return FileState(asked.content["before"]) if asked else FileState.CHOSEN


@transaction.atomic
def undo_carry(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Put a file that was carried back to the unit it came from, so that the reform can be undone.

    Raises NotNow where it was never carried.
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.UNDO_LINEAGE, hand)
    if not file.line:
        raise NotNow("Hồ sơ này không mang từ đơn vị nào sang.", code="not-carried")
    left, file.unit_id = file.unit_id, UUID(file.line[-1]["unit"])
    file.line, file.path = file.line[:-1], {}
    done(file, step, hand, Said(reason, {"from": str(left), "to": str(file.unit_id)}))
    return file


@transaction.atomic
def restore_files(*, reform: Reform, by: User | None, at: dt.datetime) -> int:
    """After a reform was taken back: files that ended by it are open again, proposals made because
    of it fall. Returns how many."""
    day, count = localdate(at), 0
    ended = FileEntry.objects.filter(act=FileAct.END, content__reform=str(reform.pk))
    files = SupportFile.objects.select_for_update().filter(
        pk__in=ended.values("file_id"), state=FileState.ENDED
    )
    asked = SupportFile.objects.select_for_update().filter(state=FileState.LINEAGE_ASKED)
    for file in [*files.order_by("pk"), *asked.order_by("pk")]:
        if not is_alive(file.unit_id, day):
            continue
        file.state, file.ended_on = _before(file), None
        file.revision += 1
        file.save()
        said = {"reform": str(reform.pk), "unit": str(file.unit_id)}
        FileEntry.objects.create(
            file=file, number=file.revision, act=FileAct.UNDO_LINEAGE, state=file.state, on=day,
            content=said, by=by, at=at,
        )  # fmt: skip
        record(
            f"file.{FileAct.UNDO_LINEAGE.value}", by=by, at=at, subject=f"file:{file.pk}", data=said
        )
        count += 1
    return count
