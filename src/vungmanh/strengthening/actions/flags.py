"""Flags: raised and cleared with the assessments, answered by the unit, concluded by name."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotNow
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import FlagFate
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import FlagReplyTerm
from vungmanh.strengthening.actions import flags_sql
from vungmanh.strengthening.flags import concludes_on, flag_visible, speaks_for
from vungmanh.strengthening.models import AssessmentRun, Flag, FlagReply

REPLY, CONCLUDE = "strengthening.flag.reply", "strengthening.flag.conclude"


@transaction.atomic
def follow_flags(*, by: User | None, at: dt.datetime) -> None:
    """Raise a flag for each reason of the latest told run, clear those that stand no longer.

    A flag raised and gone within its first month, and answered by nobody, was only a report that
    came late: it leaves no trace. One that was cleared by a month told anew, or by a later month
    now taken back, is revived. What was concluded keeps its figures; when those of a later month
    are worse it is closed and the reason is held against the unit anew.
    """
    run = latest_told()
    if run is None:
        return
    day = localdate(at)
    reply_by = day + dt.timedelta(days=load_rulebook().on(day).of(FlagReplyTerm).days)
    told: dict[str, Any] = {"run": run.pk, "month": run.month, "at": at, "reply_by": reply_by}
    counts = {}
    with connection.cursor() as cursor:
        for step, statement in flags_sql.STEPS.items():
            cursor.execute(statement, told)
            counts[step] = cursor.rowcount
        cursor.execute("DROP TABLE said")
    del counts["said"]
    changed = {step: count for step, count in counts.items() if step != "still"}
    if any(changed.values()):
        record(
            "flags.followed",
            by=by,
            at=at,
            subject=f"assessment:{run.month:%Y-%m}",
            data=counts,
        )


def latest_told() -> AssessmentRun | None:
    """The latest run for which at least half of the cells have reported, else the latest."""
    runs = AssessmentRun.objects.order_by("-month")
    return runs.filter(reported__gte=F("due") / 2.0).first() or runs.first()


@transaction.atomic
def reply_to_flag(
    *, flag_id: UUID, text: str, document: str = "", by: Viewer, at: dt.datetime
) -> FlagReply:
    """The unit explains. Late replies are taken until somebody has concluded.

    Raises NotAllowed unless `by` speaks for the unit, NotNow once concluded or cleared, InputError
    (`text`, `document`).
    """
    check_can(by, REPLY)
    flag = _held(by, flag_id, at)
    if not speaks_for(by, flag, localdate(at)):
        raise NotAllowed(
            "Chỉ đơn vị được nêu mới giải trình. Văn phòng cấp trên thì ghi kết luận.",
            code="not-the-unit",
        )
    _check_open(flag)
    text = _sentence(text, "text", 10, 2000, "Ghi giải trình từ 10 đến 2.000 chữ.")
    document = " ".join(nfc(document).split())
    if len(document) > 200:
        raise InputError("Số, ngày văn bản: nhiều nhất 200 chữ.", field="document", code="too-long")
    reply = FlagReply.objects.create(flag=flag, text=text, document=document, by=by.user, at=at)
    flag.is_answered = True
    flag.save(update_fields=["is_answered"])
    _record("flag.answered", flag, by, at, personal={"text": text, "document": document})
    return reply


@transaction.atomic
def conclude_flag(*, flag_id: UUID, fate: FlagFate, note: str, by: Viewer, at: dt.datetime) -> Flag:
    """Somebody above concludes, by name and with a reason.

    Raises NotAllowed for the unit itself and for whoever answered, NotNow before an answer or the
    end of its term, InputError (`note`).
    """
    check_can(by, CONCLUDE)
    flag = _held(by, flag_id, at)
    _check_may_conclude(flag, by, localdate(at))
    _check_open(flag)
    if not flag.is_answered and localdate(at) <= flag.reply_by:
        raise NotNow(
            f"Đơn vị còn hạn giải trình đến hết {date_vi(flag.reply_by)}. Kết luận sau ngày ấy, "
            "hoặc ngay khi đơn vị đã giải trình.",
            code="term-runs",
        )
    flag.fate = fate
    flag.fate_note = _sentence(note, "note", 3, 600, "Ghi vì sao kết luận như vậy, một hai câu.")
    flag.concluded_by, flag.concluded_at = by.user, at
    flag.save(update_fields=["fate", "fate_note", "concluded_by", "concluded_at"])
    _record("flag.concluded", flag, by, at, data={"fate": fate}, personal={"note": flag.fate_note})
    return flag


@transaction.atomic
def reopen_flag(*, flag_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Flag:
    """Take a conclusion back; it stays in the ledger. Raises NotNow when there is none."""
    check_can(by, CONCLUDE)
    flag = _held(by, flag_id, at)
    _check_may_conclude(flag, by, localdate(at))
    if not flag.fate:
        raise NotNow("Lý do này chưa có kết luận nào để mở lại.", code="not-concluded")
    reason = _sentence(reason, "reason", 3, 300, "Ghi vì sao mở lại, trong một câu.")
    _record(
        "flag.reopened", flag, by, at,
        data={"fate": flag.fate}, personal={"reason": reason, "note": flag.fate_note},
    )  # fmt: skip
    flag.fate, flag.fate_note = "", ""
    flag.concluded_by, flag.concluded_at = None, None
    flag.save(update_fields=["fate", "fate_note", "concluded_by", "concluded_at"])
    return flag


# --- inside ----------------------------------------------------------------------------------


def _held(by: Viewer, flag_id: UUID, at: dt.datetime) -> Flag:
    """The flag, kept from others until the transaction ends."""
    flag = flag_visible(by, flag_id, localdate(at))
    return Flag.objects.select_for_update().get(pk=flag.pk)


def _check_open(flag: Flag) -> None:
    if flag.fate:
        raise NotNow(
            f"Đã có kết luận: {FlagFate(flag.fate).label.lower()}. Cần sửa thì mở lại trước.",
            code="concluded",
        )
    if flag.cleared_month is not None:
        raise NotNow("Lý do này đã hết theo số liệu mới; không cần làm gì thêm.", code="cleared")


def _check_may_conclude(flag: Flag, by: Viewer, on: dt.date) -> None:
    if not concludes_on(by, flag, on):
        raise NotAllowed(
            "Kết luận do cấp trên của đơn vị được nêu ghi, không do chính đơn vị ấy.",
            code="own-flag",
        )
    if flag.replies.filter(by=by.user).exists():
        raise NotAllowed(
            "Đồng chí đã giải trình lý do này nên không tự kết luận được. Nhờ người khác.",
            code="own-reply",
        )


def _sentence(text: str, field: str, least: int, most: int, words: str) -> str:
    said = "\n".join(" ".join(line.split()) for line in nfc(text).splitlines()).strip()
    if not least <= len(said) <= most:
        raise InputError(words, field=field, code=f"bad-{field}")
    return said


def _record(
    verb: str,
    flag: Flag,
    by: Viewer,
    at: dt.datetime,
    *,
    data: dict[str, str] | None = None,
    personal: dict[str, str] | None = None,
) -> None:
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"unit:{flag.unit_id}",
        data={"flag": str(flag.pk), "reason": flag.reason, **(data or {})},
        personal=personal,
    )
