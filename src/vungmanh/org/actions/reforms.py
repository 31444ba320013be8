"""Drafting, committing and taking back reforms: one road for every change of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import can, check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow, RuleBroken
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.models import Reform
from vungmanh.org.reform.events import tell_committed, tell_undone
from vungmanh.org.reform.grants import day_of_grants, grant_changes
from vungmanh.org.reform.load import Loaded, load_structure
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.people import name_own_units
from vungmanh.org.reform.placement import placement_on
from vungmanh.org.reform.plan import plan
from vungmanh.org.reform.preview import Telling
from vungmanh.org.reform.problems import Problem
from vungmanh.org.reform.queries import (
    COMMIT,
    DRAFT,
    check_may_found,
    check_units_visible,
    reform_visible,
)
from vungmanh.org.reform.steps import Step, steps_from_json, steps_to_json, unit_ids
from vungmanh.org.reform.told import kept
from vungmanh.org.reform.undo import blockers_of_undo, put_back, reforms_touching
from vungmanh.org.reform.write import Writer
from vungmanh.org.turns import alone_with_register
from vungmanh.rulebook.loader import load_rulebook

_SHOWN = 3  # problems named in a refusal


@transaction.atomic
def draft_reform(
    *,
    title: str,
    document: str,
    signed_on: dt.date | None,
    effective_on: dt.date,
    steps: Sequence[Step],
    by: Viewer,
    at: dt.datetime,
) -> Reform:
    """Keep a reform as a draft. It may have problems: the preview lists them.

    Raises NotAllowed, InputError for a missing title or document, and NotFound alike for a unit
    that does not exist or is out of the drafter's sight.
    """
    check_can(by, DRAFT)
    reform = Reform(
        title=title,
        document=document,
        signed_on=signed_on,
        effective_on=effective_on,
        state=ReformState.DRAFT,
        drafted_by=by.user,
        drafted_at=at,
    )
    _say(reform, by, at, steps)
    record("reform.drafted", by=by.user, at=at, subject=_subject(reform), data=_told(reform))
    return reform


@transaction.atomic
def revise_reform(
    *,
    reform_id: UUID,
    title: str,
    document: str,
    signed_on: dt.date | None,
    effective_on: dt.date,
    steps: Sequence[Step],
    by: Viewer,
    at: dt.datetime,
) -> Reform:
    """Say a draft, or a reform that was taken back, anew. Errors as `draft_reform`, and NotNow."""
    check_can(by, DRAFT)
    reform = _own(by, reform_id)
    if reform.state == ReformState.COMMITTED:
        raise NotNow(
            "Việc sắp xếp đã thực hiện nên không sửa được. Hoàn tác trước, hoặc lập việc mới.",
            code="reform-committed",
        )
    reform.title, reform.document = title, document
    reform.signed_on, reform.effective_on = signed_on, effective_on
    _say(reform, by, at, steps)
    record("reform.revised", by=by.user, at=at, subject=_subject(reform), data=_told(reform))
    return reform


@transaction.atomic
def discard_reform(*, reform_id: UUID, by: Viewer, at: dt.datetime) -> None:
    """Throw a draft away. What was once committed stays, even when taken back: NotNow."""
    check_can(by, DRAFT)
    reform = _own(by, reform_id)
    if reform.state != ReformState.DRAFT:
        raise NotNow(
            "Chỉ bỏ được dự thảo. Việc sắp xếp đã thực hiện thì hoàn tác, không bỏ.",
            code="not-a-draft",
        )
    record("reform.discarded", by=by.user, at=at, subject=_subject(reform), data=_told(reform))
    reform.delete()


@transaction.atomic
def commit_reform(*, reform_id: UUID, basis: str, by: Viewer, at: dt.datetime) -> Reform:
    """Carry a reform out. `basis` is the one of the preview that was read.

    Commits wait for each other. Raises Conflict when somebody was faster or the units have changed
    since; RuleBroken or InputError with the first problems when it cannot stand; NotAllowed.
    """
    _check_may_commit(by)
    alone_with_register()
    reform = reform_visible(by, reform_id, lock=True)
    if reform.state == ReformState.COMMITTED:
        raise Conflict(
            f"{_who_and_when(reform)} đã thực hiện việc sắp xếp này.", code="already-committed"
        )
    steps = steps_from_json(reform.steps)
    check_may_found(by, steps)
    loaded = load_structure(steps, reform.effective_on, by)
    if loaded.basis != basis:
        raise _changed_since(reform, steps)
    outcome = plan(loaded.structure, steps, placement_on(reform.effective_on))
    if outcome.problems:
        raise _refused(outcome.problems)
    told = Telling(by, loaded.structure, steps, outcome).all()
    grants_end = day_of_grants(reform.effective_on, timezone.localdate(at))
    ids = _write(reform, loaded, outcome, grants_end, by.user)
    name_own_units(reform, ids, by=by.user)
    reform.told = kept(told, ids)
    reform.state, reform.basis = ReformState.COMMITTED, basis
    reform.committed_by, reform.committed_at = by.user, at
    reform.undone_by = reform.undone_at = None
    reform.save()
    record("reform.committed", by=by.user, at=at, subject=_subject(reform), data=_told(reform))
    tell_committed(reform, grants_end, by=by.user, at=at)
    return reform


@transaction.atomic
def undo_reform(*, reform_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Reform:
    """Take a committed reform back: the register is as it was. It may be committed again.

    Raises NotNow with the list of `blockers_of_undo` while something rests on it.
    """
    _check_may_commit(by)
    reason = nfc(reason).strip()
    if not reason:
        raise InputError("Ghi lý do hoàn tác.", field="reason", code="no-reason")
    alone_with_register()
    reform = reform_visible(by, reform_id, lock=True)
    if reform.state != ReformState.COMMITTED:
        raise NotNow("Việc sắp xếp chưa thực hiện, không có gì để hoàn tác.", code="not-committed")
    blockers = blockers_of_undo(reform)
    if blockers:
        raise NotNow("Chưa hoàn tác được. " + " ".join(blockers), code="undo-blocked")
    assert reform.journal is not None  # without a journal there is a blocker
    data = _told(reform)
    tell_undone(reform, by=by.user, at=at)
    put_back(reform.journal)
    reform.state, reform.journal, reform.told = ReformState.UNDONE, None, {}
    reform.undone_by, reform.undone_at = by.user, at
    reform.save()
    record(
        "reform.undone",
        by=by.user,
        at=at,
        subject=_subject(reform),
        data=data,
        personal={"reason": reason},
    )
    return reform


def _say(reform: Reform, by: Viewer, at: dt.datetime, steps: Sequence[Step]) -> None:
    """Check what the reform says, and keep it with the state it was said against."""
    reform.title = _text(reform.title, "title", "tên việc sắp xếp")
    reform.document = _text(reform.document, "document", "số, ký hiệu văn bản")
    check_units_visible(by, unit_ids(steps), reform.effective_on, timezone.localdate(at))
    check_may_found(by, steps)
    reform.steps = steps_to_json(steps)
    reform.basis = load_structure(tuple(steps), reform.effective_on).basis
    reform.save()


def _text(raw: str, field: str, label: str) -> str:
    text = nfc(raw).strip()
    if not text or len(text) > 200:
        raise InputError(f"Ghi {label}, nhiều nhất 200 chữ.", field=field, code=f"reform-{field}")
    return text


def _own(by: Viewer, reform_id: UUID) -> Reform:
    """A reform that `by` may rewrite: whoever drafted it, or whoever commits."""
    reform = reform_visible(by, reform_id, lock=True)
    if reform.drafted_by_id != by.user.pk and not can(by, COMMIT):
        raise NotAllowed("Chỉ người dự thảo và chuyên viên Ban Tổ chức sửa, bỏ được dự thảo này.")
    return reform


def _check_may_commit(by: Viewer) -> None:
    if not can(by, COMMIT):
        raise NotAllowed(
            "Chỉ chuyên viên Ban Tổ chức thực hiện hoặc hoàn tác việc sắp xếp. "
            "Đề nghị chuyên viên xem và thực hiện dự thảo này.",
            code="commit-by-analyst",
        )


def _write(
    reform: Reform, loaded: Loaded, outcome: Outcome, grants_end: dt.date, by: User
) -> Mapping[str, UUID]:
    """Write it and keep the journal; gives the ids of the units founded, by "#ref"."""
    writer = Writer(reform, loaded.structure, outcome, by=by)
    changes = grant_changes(outcome, loaded.structure, grants_end)
    reform.journal = writer.write(changes, grants_end=grants_end)
    return writer.ids


def _changed_since(reform: Reform, steps: tuple[Step, ...]) -> Conflict:
    faster = reforms_touching([str(unit) for unit in unit_ids(steps)]).first()
    what = "Số liệu của các đơn vị này đã thay đổi"
    if faster is not None and faster.committed_at >= reform.drafted_at:
        what = (
            f"{_who_and_when(faster)} đã thực hiện việc sắp xếp “{faster.title}” trên cùng đơn vị"
        )
    return Conflict(
        f"{what} từ khi đồng chí xem trước. Xem trước lại rồi mới thực hiện.", code="reform-stale"
    )


def _who_and_when(reform: Reform) -> str:
    who = str(reform.committed_by) if reform.committed_by else "Hệ thống"
    if reform.committed_at is None:
        return who
    local = timezone.localtime(reform.committed_at)
    return f"{who}, lúc {local:%H:%M} ngày {date_vi(local.date())},"


def _refused(problems: Sequence[Problem]) -> RuleBroken | InputError:
    """All problems in one refusal, the first ones in words."""
    told = " ".join(
        f"Bước {one.step_number}, {one.place}: {one.message} {one.remedy}"
        for one in problems[:_SHOWN]
    )
    more = f" Còn {len(problems) - _SHOWN} chỗ nữa." if len(problems) > _SHOWN else ""
    first = problems[0]
    for rule in load_rulebook().rules:
        if rule.id == first.rule:
            return RuleBroken(
                told + more, rule_id=rule.id, citation=rule.citation, code="reform-refused"
            )
    return InputError(told + more, place=f"bước {first.step_number}", code="reform-refused")


def _subject(reform: Reform) -> str:
    return f"reform:{reform.pk}"


def _told(reform: Reform) -> dict[str, Any]:
    return {
        "title": reform.title,
        "document": reform.document,
        "effective_on": reform.effective_on.isoformat(),
        "steps": len(reform.steps),
    }
