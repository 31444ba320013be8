"""Leaving of a file, holding and relapse.

A unit leaves by the terms fixed when it entered, asked for by one and approved by another; it is
watched while it holds. The figures of an assessment say when it has relapsed: nobody needs to ask.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import add_months, last_day, month_label, month_of
from vungmanh.core.programme_words import FileAct, FileState
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Status
from vungmanh.rulebook.programmes.exit import Exit
from vungmanh.strengthening.actions.file_hand import Hand, Said, done, locked_file
from vungmanh.strengthening.actions.file_months import keep_file_months
from vungmanh.strengthening.actions.files import findings_of
from vungmanh.strengthening.actions.flags import latest_told
from vungmanh.strengthening.following import last_whole
from vungmanh.strengthening.leaving import exit_finding, terms_of
from vungmanh.strengthening.models import Assessment, AssessmentRun, FileEntry, SupportFile


@transaction.atomic
def ask_exit(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Ask that the unit may leave. Raises NotNow with what is missing of its terms."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.ASK_EXIT, hand)
    _check_terms(file, hand)
    done(file, step, hand, Said(content={"rule": file.exit_rule}))
    return file


@transaction.atomic
def approve_exit(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Let it leave, by another than who asked: it holds from today, the label ends by its rule.

    Raises NotNow where the terms are no longer met, or findings are still open.
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.APPROVE_EXIT, hand)
    _check_terms(file, hand)
    rule = terms_of(file)
    file.exited_on = hand.day
    file.hold_until = _months_after(hand.day, rule.hold_months)
    file.label_until = _months_after(hand.day, rule.label_months)
    done(file, step, hand, Said(content={"hold_until": file.hold_until.isoformat()}))
    return file


def _months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of that month."""
    month = add_months(month_of(day), months)
    return min(month + dt.timedelta(days=day.day - 1), last_day(month))


@transaction.atomic
def return_exit(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Not yet, for this reason."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.RETURN_EXIT, hand)
    done(file, step, hand, Said(reason))
    return file


@transaction.atomic
def close_file(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """The hold is over and the unit has held. Raises NotNow until its last day is past, with open
    findings, naming them, and while the figures do not say that it held."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.CLOSE, hand)
    if file.hold_until is None or hand.day <= file.hold_until:
        until = date_vi(file.hold_until) if file.hold_until else ""
        raise NotNow(f"Còn giữ vững đến hết {until}; sau ngày ấy mới kết thúc.", code="holding")
    _check_findings(file, hand)
    _check_held(file, hand.day)
    file.ended_on = hand.day
    done(file, step, hand)
    return file


def _check_held(file: SupportFile, day: dt.date) -> None:
    """Silence does not count as having held: somebody has told, and it was neither weak nor too
    little. Until then the file simply goes on holding."""
    assert file.exited_on is not None
    told = Assessment.objects.filter(
        unit_id=file.unit_id, run__month__gte=_first_held(file.exited_on),
        run__month__lte=last_whole(day),
    )  # fmt: skip
    last = told.order_by("-run__month").select_related("run").first()
    if last is None:
        raise NotNow(
            "Từ khi ra khỏi diện chưa có kỳ đánh giá nào của đơn vị nên chưa biết có giữ vững hay "
            "không. Giữ tiếp hồ sơ, đôn đốc báo cáo; có đánh giá rồi mới kết thúc.",
            code="not-assessed",
        )
    month = month_label(last.run.month)
    if last.status in (Status.MUST_VERIFY, Status.TOO_FEW):
        raise NotNow(
            f"Đánh giá đến {month}: báo cáo quá ít, phải xác minh. Giữ tiếp hồ sơ, xác minh và đôn "
            "đốc báo cáo bổ sung; đủ báo cáo rồi mới kết thúc.",
            code="must-verify",
        )
    if last.status == Status.WEAK:
        raise NotNow(
            f"Đánh giá đến {month}: đơn vị lại cần củng cố nên không kết thúc là đã giữ vững. Ghi "
            "tái yếu kèm lý do, hoặc giữ tiếp hồ sơ.",
            code="weak-again",
        )


def _first_held(exited_on: dt.date) -> dt.date:
    """The first month that lies wholly after the exit: on the first of a month, that month."""
    month = month_of(exited_on)
    return month if exited_on == month else add_months(month, 1)


@transaction.atomic
def relapse_file(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Written by a person: weak again while it was to hold. It may be chosen anew at once."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.RELAPSE, hand)
    file.ended_on = hand.day
    done(file, step, hand, Said(reason))
    return file


@transaction.atomic
def follow_files(*, by: User | None, at: dt.datetime) -> int:
    """After an assessment: units that were weak again in a told month of their hold have relapsed,
    and every open file gets its state of each month. Returns how many relapsed."""
    run = latest_told()
    if run is None:
        return 0
    found = _relapsed(run, by, at)
    keep_file_months(at=at)
    return found


def _relapsed(run: AssessmentRun, by: User | None, at: dt.datetime) -> int:
    """By every month from the exit to the end of the hold, up to the latest told one: months that
    were assessed together are all looked at, those after the hold are not."""
    files = list(
        SupportFile.objects.select_for_update().filter(state=FileState.HOLDING).order_by("pk")
    )
    weak: dict[UUID, list[dt.date]] = defaultdict(list)
    rows = Assessment.objects.filter(
        unit_id__in=[one.unit_id for one in files], status=Status.WEAK, run__month__lte=run.month
    )
    for unit, month in rows.order_by("run__month").values_list("unit_id", "run__month"):
        weak[unit].append(month)
    looked = [(one, _weak_in_hold(one, weak[one.unit_id])) for one in files]
    found = [(one, month) for one, month in looked if month is not None]
    day = localdate(at)
    for file, since in found:
        file.state, file.ended_on = FileState.RELAPSED, day
        file.revision += 1
        file.save()
        said = {"month": f"{since:%Y-%m}", "unit": str(file.unit_id)}
        FileEntry.objects.create(
            file=file, number=file.revision, act=FileAct.RELAPSE, state=file.state, on=day,
            content=said, by=by, at=at,
        )  # fmt: skip
        record("file.relapse", by=by, at=at, subject=f"file:{file.pk}", data=said)
    return len(found)


def _weak_in_hold(file: SupportFile, months: Sequence[dt.date]) -> dt.date | None:
    """The first of these months that lies between the exit and the end of the hold."""
    assert file.exited_on is not None
    assert file.hold_until is not None
    first, last = _first_held(file.exited_on), last_whole(file.hold_until)
    return next((one for one in months if first <= one <= last), None)


def _check_terms(file: SupportFile, hand: Hand) -> None:
    found = exit_finding(file, hand.day)
    missing = [one.criterion.check.label for one in found.criteria if one.state is not Exit.MET]
    if found.missing:
        missing.append("căn cứ của người không trực tiếp củng cố")
    if missing:
        raise NotNow(
            f"Chưa đủ điều kiện ra khỏi diện đã định khi vào: {'; '.join(missing)}.",
            code="terms-not-met",
        )
    _check_findings(file, hand)


def _check_findings(file: SupportFile, hand: Hand) -> None:
    still = findings_of(file, hand.day)
    if still:
        raise NotNow(
            f"Còn việc phải khắc phục chưa xong: {'; '.join(still[:3])}. Làm xong đã.",
            code="open-findings",
        )
