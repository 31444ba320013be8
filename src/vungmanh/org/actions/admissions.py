"""The way into the Party, step by step: begun, moved on, taken back, stalled, stopped.

A step outside the rule of its day is refused with its citation, or stands with who allowed it and
why. The ceremony makes somebody probationary and counts the admission; the official decision makes
them official from the day the rule says. Each is kept by counts where names are off.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.people_words import AdmissionState, AdmissionStepKind, StallReason
from vungmanh.core.text import date_vi, fold, nfc, same_name_key
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.admission_effects import admitted, made_official, put_back_step, stopped
from vungmanh.org.admissions import (
    OPEN,
    admission_visible,
    case_of,
    check_in_turn,
    findings_of,
    may_be_dropped,
    standing_steps,
)
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.judging import Asked, held_to
from vungmanh.org.memberships import LONGEST_NAME, checked_day, checked_name, new_journal
from vungmanh.org.models import Admission, AdmissionStep, Person
from vungmanh.org.named import names_on
from vungmanh.org.queries import held_unit
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.admission_case import probation_of
from vungmanh.rulebook.people.findings import JudgedState

WORK, DECIDE = "org.admission.work", "org.admission.decide"
Step = AdmissionStepKind
#: Decided by a committee: recorded by its office, with the document.
DECISIONS = (Step.DECISION, Step.EXTENDED, Step.OFFICIAL_DECISION)


@transaction.atomic
def begin_admission(
    *,
    unit_id: UUID,
    who: str,
    begun_on: dt.date,
    by: Viewer,
    at: dt.datetime,
    born_on: dt.date | None = None,
) -> Admission:
    """A cell begins to help somebody towards the Party.

    `who` is a name where names are on, else an alias ("Quần chúng 1, thôn Nà Mẫu"): told apart from
    everybody on the list and on the way. The day of birth is kept because the age is a condition;
    it may be told later, when the cell considers. Raises NotFound, NotNow, InputError.
    """
    check_can(by, WORK)
    beside_register()
    today = localdate(at)
    version = held_unit(by, unit_id, today)
    if UnitKind(version.kind) not in CELL_KINDS:
        raise NotNow("Việc kết nạp làm ở chi bộ.", code="not-a-cell")
    checked_day(begun_on, today, "begun_on")
    check_lives(unit_id, begun_on)
    who = " ".join(nfc(who).split())
    named = names_on(unit_id, today)
    most = LONGEST_NAME if named else 60
    if not 2 <= len(who) <= most:
        raise InputError(f"Ghi từ 2 đến {most} chữ.", field="who", code="bad-name")
    _check_born(born_on, begun_on)
    lock_units([unit_id])
    _check_told_apart(unit_id, who, today if named else None)
    person = None
    if named:
        person = Person.objects.create(name=who, name_fold=fold(who), born_on=born_on)
    one = Admission.objects.create(
        unit_id=unit_id, person=person, alias="" if named else who,
        born_on=None if named else born_on, begun_on=begun_on, state=AdmissionState.OPEN,
        begun_by=by.user,
    )  # fmt: skip
    record("admission.begun", **_told(one, by, at), data={"unit": str(unit_id)})
    return one


def _check_told_apart(unit_id: UUID, who: str, listed_on: dt.date | None) -> None:
    """Nobody else on the way in the cell is called so, and nobody on its list of a day."""
    open_ones = Admission.objects.filter(unit_id=unit_id, state__in=OPEN).select_related("person")
    names = [one.person.name if one.person else one.alias for one in open_ones]
    if same_name_key(who) in {same_name_key(one) for one in names}:
        raise InputError(
            f"{who} đã có hồ sơ đang làm ở chi bộ này."
            " Nếu là người khác, ghi thêm chữ để phân biệt.",
            field="who",
            code="same-name",
        )
    if listed_on is not None:
        try:
            checked_name(unit_id, who, listed_on)
        except InputError as told:
            raise InputError(told.message, field="who", code=told.code) from told


def _check_born(born_on: dt.date | None, before: dt.date) -> None:
    if born_on is not None and born_on >= before:
        raise InputError("Ngày sinh phải trước ngày làm hồ sơ.", field="born_on", code="bad-day")


@transaction.atomic
def record_step(
    *,
    admission_id: UUID,
    step: AdmissionStepKind,
    done_on: dt.date,
    by: Viewer,
    at: dt.datetime,
    revision: int,
    document: str = "",
    months: int | None = None,
    official_from: dt.date | None = None,
    born_on: dt.date | None = None,
    exceptions: Sequence[Asked] = (),
) -> AdmissionStep:
    """A step was done on a day. `months` prolong a probation; `official_from` is what a decision
    names, held to the rule. `born_on` where it was not told before: the cell cannot consider
    somebody whose age nobody knows.

    Raises NotFound, NotNow, InputError, RuleBroken, Conflict when somebody was faster.
    """
    check_can(by, DECIDE if step in DECISIONS else WORK)
    beside_register()
    today = localdate(at)
    one = _held(admission_id, revision, by, today)
    check_in_turn(one, step)
    checked_day(done_on, today, "done_on")
    if done_on < one.begun_on:
        raise InputError(
            f"Bắt đầu giúp đỡ từ {date_vi(one.begun_on)}; ghi ngày từ đó trở đi.",
            field="done_on",
            code="before-begun",
        )
    document = " ".join(nfc(document).split())[:200]
    if step in DECISIONS and not document:
        raise InputError("Ghi số, ngày quyết định.", field="document", code="blank")
    if (step is Step.EXTENDED) != (months is not None):
        raise InputError("Ghi số tháng kéo dài dự bị.", field="months", code="blank")
    if official_from is not None:
        checked_day(official_from, today, "official_from")
    if step is Step.CELL_RESOLUTION:
        _know_age(one, born_on)
    said = _Said(step, done_on, months, official_from)
    allowed = _judged(one, said, exceptions)
    row = AdmissionStep.objects.create(
        admission=one, step=step, done_on=done_on, document=document, months=months,
        exceptions=allowed, by=by.user,
    )  # fmt: skip
    journal = _effects(one, said, by, at)
    _saved(one)
    record(
        "admission.step_recorded", **_told(one, by, at),
        data={"unit": str(one.unit_id), "step": step.value, "row": row.pk,
              "done_on": done_on.isoformat(), "journal": journal},
    )  # fmt: skip
    return row


def _know_age(one: Admission, born_on: dt.date | None) -> None:
    """The day of birth, where nobody told it yet. Raises InputError without one."""
    if case_of(one).born_on is not None:
        return
    if born_on is None:
        raise InputError(
            "Ghi ngày sinh: tuổi là điều kiện để chi bộ xét.", field="born_on", code="blank"
        )
    _check_born(born_on, one.begun_on)
    holder = one.person or one
    holder.born_on = born_on
    holder.save(update_fields=["born_on"])


@dataclass(frozen=True)
class _Said:
    """What is told of a step."""

    step: Step
    done_on: dt.date
    months: int | None
    official_from: dt.date | None


def _judged(one: Admission, said: _Said, asked: Sequence[Asked]) -> list[dict[str, str]]:
    """The exceptions to record with the step; what was allowed with an earlier one stays so."""
    case = case_of(
        one,
        more=[(said.step, said.done_on)],
        extension_months=said.months or 0,
        official_from=said.official_from,
    )
    accepted = {kept["code"] for row in standing_steps(one) for kept in row.exceptions}
    findings = [
        finding
        for finding in findings_of(case, said.done_on)
        # A dossier may be begun for somebody who will be old enough when the cell considers it.
        if (finding.code == "order" or said.step is not Step.DOSSIER)
        and not (finding.state is JudgedState.EXCEPTION_POSSIBLE and finding.code in accepted)
    ]
    return held_to(findings, asked)


def _effects(one: Admission, said: _Said, by: Viewer, at: dt.datetime) -> dict[str, Any]:
    if said.step is Step.CEREMONY:
        one.state = AdmissionState.ADMITTED
        return admitted(one, said.done_on, by=by.user, at=at)
    if said.step is Step.OFFICIAL_DECISION:
        one.standing = None  # type: ignore[attr-defined]  # read anew, with this step
        probation = probation_of(load_rulebook().on, case_of(one))
        day = said.official_from or (probation.ends_on if probation else None)
        if day is None:
            raise NotNow(
                "Căn cứ chưa có quy định thời gian dự bị của ngày này: ghi chính thức từ ngày nào.",
                code="no-rule",
            )
        one.state, one.born_on = AdmissionState.OFFICIAL, None
        return made_official(one, day, by=by.user, at=at)
    return new_journal()


@transaction.atomic
def stall_admission(
    *, admission_id: UUID, why: StallReason | None, note: str, by: Viewer, at: dt.datetime,
    revision: int,
) -> Admission:  # fmt: skip
    """Say why it does not move; None: it moves again."""
    check_can(by, WORK)
    one = _held(admission_id, revision, by, localdate(at))
    one.stall = why.value if why else ""
    one.stall_note = " ".join(nfc(note).split())[:300] if why else ""
    _saved(one)
    record("admission.stalled", **_told(one, by, at),
           data={"unit": str(one.unit_id), "why": one.stall})  # fmt: skip
    return one


@transaction.atomic
def stop_admission(
    *, admission_id: UUID, on: dt.date, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> Admission:
    """It goes no further. Somebody probationary leaves the list and the count on that day."""
    check_can(by, DECIDE)
    beside_register()
    one = _held(admission_id, revision, by, localdate(at))
    checked_day(on, localdate(at), "on")
    last = max((row.done_on for row in standing_steps(one)), default=one.begun_on)
    if on < last:
        raise InputError(
            f"Bước cuối đã ghi ngày {date_vi(last)}; ghi ngày từ đó.", field="on", code="too-early"
        )
    was, reason = one.state, checked_reason(reason)
    journal = new_journal()
    if was == AdmissionState.ADMITTED:
        journal = stopped(one, on, reason, by=by.user, at=at)
    one.state, one.ended_on, one.ended_reason = AdmissionState.STOPPED, on, reason
    one.born_on = None  # kept while the way is open only
    if one.person is not None and not one.person.memberships.exists():
        one.person.born_on = None
        one.person.save(update_fields=["born_on"])
    _saved(one)
    record("admission.stopped", **_told(one, by, at),
           data={"unit": str(one.unit_id), "was": was, "journal": journal})  # fmt: skip
    return one


@transaction.atomic
def take_back_step(
    *, admission_id: UUID, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> Admission:
    """Take back what was recorded last: a step with all it did, or the stop.

    Raises NotNow where nothing is left (`drop_admission` then), or something else rests on it.
    """
    check_can(by, WORK)
    beside_register()
    one = _held(admission_id, revision, by, localdate(at), ended=True)
    said = Event.objects.filter(subject=f"admission:{one.pk}")
    back = said.filter(verb="admission.taken_back").values_list("data__of", flat=True)
    done = said.filter(verb__in=["admission.step_recorded", "admission.stopped"])
    last = done.exclude(pk__in=list(back)).order_by("-pk").first()
    if last is None:
        raise NotNow("Chưa ghi bước nào để rút. Lập nhầm thì bỏ cả hồ sơ.", code="nothing-to-undo")
    step = Step(last.data["step"]) if "step" in last.data else None
    check_can(by, DECIDE if step is None or step in DECISIONS else WORK)
    reason = checked_reason(reason)
    put_back_step(one, last.data["journal"], by=by.user, at=at)
    if step is None:
        one.state, one.ended_on, one.ended_reason = last.data["was"], None, ""
    else:
        rows = AdmissionStep.objects.filter(pk=last.data["row"])
        rows.update(undone_at=at, undone_reason=reason)
        if step in (Step.CEREMONY, Step.OFFICIAL_DECISION):
            before = step is Step.CEREMONY
            one.state = AdmissionState.OPEN if before else AdmissionState.ADMITTED
    _saved(one)
    record("admission.taken_back", **_told(one, by, at),
           data={"unit": str(one.unit_id), "of": last.pk})  # fmt: skip
    return one


@transaction.atomic
def drop_admission(
    *, admission_id: UUID, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> None:
    """Take back the dossier itself, begun by mistake: nothing is left but that it was.

    Raises NotNow once a step was recorded: it is stopped instead.
    """
    check_can(by, WORK)
    one = _held(admission_id, revision, by, localdate(at))
    if not may_be_dropped(one):
        raise NotNow(
            "Hồ sơ này đã ghi bước. Không xem xét nữa thì ghi “Thôi xem xét”.", code="has-steps"
        )
    reason, person = checked_reason(reason), one.person
    subject, told = f"admission:{one.pk}", {"unit": str(one.unit_id)}
    one.delete()
    if person is not None:
        person.delete()  # made for this dossier alone
    # What was said of somebody goes with the dossier.
    Event.objects.filter(subject=subject).exclude(personal={}).update(personal={})
    record("admission.dropped", by=by.user, at=at, subject=subject, data=told,
           personal={"reason": reason})  # fmt: skip


def _held(
    admission_id: UUID, revision: int, by: Viewer, today: dt.date, *, ended: bool = False
) -> Admission:
    """The admission, locked, of a unit that the viewer keeps."""
    seen = admission_visible(by, admission_id, today)
    held_unit(by, seen.unit_id, today)
    lock_units([seen.unit_id])
    one = Admission.objects.select_for_update(of=("self",)).select_related("person")
    found = one.get(pk=seen.pk)
    if found.revision != revision:
        raise Conflict("Người khác vừa sửa hồ sơ này. Tải lại trang rồi ghi tiếp.")
    if not ended and AdmissionState(found.state) not in OPEN:
        raise NotNow("Hồ sơ này đã xong. Muốn sửa thì rút bước cuối trước.", code="ended")
    return found


def _saved(one: Admission) -> None:
    one.revision += 1
    one.save()


def _told(one: Admission, by: Viewer, at: dt.datetime) -> dict[str, Any]:
    name = one.person.name if one.person else one.alias
    return {
        "by": by.user, "at": at, "subject": f"admission:{one.pk}",
        "personal": {"name": name, "reason": one.ended_reason},
    }  # fmt: skip
