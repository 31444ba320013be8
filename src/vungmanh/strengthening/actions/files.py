"""Files of chosen units: opened by a decision, handed over, answered by the unit."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from vungmanh.access import wall
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.programme_words import FileAct, FileState, SelectionState
from vungmanh.core.vocabulary import TaskState
from vungmanh.meetings.models import Task
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import ExitRule
from vungmanh.strengthening.actions.file_hand import (
    Hand,
    Said,
    done,
    keep,
    locked_file,
)
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.choosing_figures import figures_kept
from vungmanh.strengthening.models import Handover, Selection, SupportFile
from vungmanh.strengthening.models.files import OVER


@transaction.atomic
def open_files(*, selection: Selection, by: Viewer, at: dt.datetime) -> list[SupportFile]:
    """A file for every unit that a decided selection chose, its terms of leaving fixed.

    Called by whoever decides; units whose file is there already are passed over. Raises NotNow
    (not decided), Conflict (a unit is being helped by another file).
    """
    if selection.state != SelectionState.DECIDED or selection.decided_on is None:
        raise NotNow("Lựa chọn chưa quyết định thì chưa lập hồ sơ.")
    rule = load_rulebook().on(selection.decided_on).rule(ExitRule.key)
    hand, terms = Hand(by, at), _as_json(rule.value)
    choices = list(selection.choices.filter(withdrawn_at=None, file=None))
    units = [one.unit_id for one in choices]
    _check_not_helped(selection, units, hand.day)
    figures, relapsed = figures_kept(selection), _relapsed(units)
    made = []
    for choice in choices:
        file = SupportFile(
            programme_id=selection.programme_id, choice=choice, unit_id=choice.unit_id,
            handler_id=selection.unit_id, approver_id=selection.unit_id,
            entered_on=selection.decided_on, state=FileState.CHOSEN,
            entry=figures.get(str(choice.unit_id), {}), exit_rule=rule.id, exit_terms=terms,
            after_id=relapsed.get(choice.unit_id),
        )  # fmt: skip
        try:
            with transaction.atomic():
                file.save(force_insert=True)
        except IntegrityError as error:  # two sessions at once
            raise Conflict(
                "Có người vừa lập hồ sơ củng cố của một đơn vị trong danh sách. Mở lại danh sách "
                "rồi làm lại.",
                code="being-helped",
            ) from error
        keep(file, FileAct.OPEN, hand, Said(choice.reason, {"choice": choice.pk}))
        made.append(file)
    return made


def _as_json(rule: Any) -> dict[str, Any]:
    """The terms as JSON: enums as their codes, tuples as lists."""
    said: dict[str, Any] = dataclasses.asdict(rule)
    criteria = [
        {"check": one["check"].value, "minimum": one["minimum"]} for one in said["criteria"]
    ]
    return {**said, "criteria": criteria}


def _check_not_helped(selection: Selection, units: list[UUID], day: dt.date) -> None:
    """No unit is being helped by another file. Raises Conflict: which, by whom, what to do."""
    files = SupportFile.objects.filter(unit_id__in=units).exclude(state__in=OVER)
    found = dict(files.order_by("entered_on").values_list("unit_id", "handler_id"))
    if not found:
        return
    names = named([*found, *found.values()], day)
    told = []
    for unit, handler in found.items():
        own = handler == selection.unit_id
        who = "chính cấp ủy này" if own else names.get(handler, "cấp ủy khác")
        told.append(f"{names.get(unit, 'Có đơn vị')} đang có hồ sơ củng cố do {who} theo dõi")
    raise Conflict(
        f"{'; '.join(told)}. Làm tiếp trong hồ sơ ấy (cấp ủy khác theo dõi thì đề nghị chuyển "
        "giao), và đưa đơn vị ra khỏi danh sách này bằng quyết định khác kèm lý do.",
        code="being-helped",
    )


def _relapsed(units: list[UUID]) -> dict[UUID, UUID]:
    """The last file of each that ended in a relapse, which the new one takes up again."""
    files = SupportFile.objects.filter(unit_id__in=units, state=FileState.RELAPSED)
    return dict(files.order_by("ended_on", "pk").values_list("unit_id", "pk"))


@transaction.atomic
def answer_file(*, file_id: UUID, text: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """What the unit itself says. Raises NotFound, NotAllowed, NotNow, InputError."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.ANSWER, hand)
    done(file, step, hand, Said(text))
    return file


@transaction.atomic
def hand_over_file(
    *, file_id: UUID, unit_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Handover:
    """Offer a file to the staff of another committee above its unit, with what is open: also of one
    above what the viewer sees, of which nothing but its name is told.

    Raises NotFound, NotAllowed, NotNow (an offer waits), InputError (`unit_id`).
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.HAND_OVER, hand)
    if file.handovers.filter(answered_at=None).exists():
        raise NotNow("Hồ sơ đang chờ nơi khác nhận; chờ trả lời rồi mới chuyển tiếp.")
    if unit_id in {file.handler_id, file.unit_id} or not _stands_above(
        unit_id, file.unit_id, hand.day
    ):
        raise InputError(
            "Chỉ chuyển cho cấp ủy khác đứng trên đơn vị này.", field="unit_id", code="bad-unit"
        )
    entry = done(file, step, hand, Said(reason, {"to": str(unit_id)}))
    return Handover.objects.create(
        file=file, from_unit_id=file.handler_id, unit_id=unit_id, reason=entry.reason,
        open_findings=findings_of(file, hand.day), by=by.user, at=at,
    )  # fmt: skip


def _stands_above(upper: UUID, lower: UUID, day: dt.date) -> bool:
    with wall.lowered():  # under which committees a unit stands is no secret
        return UnitVersion.objects.filter(
            unit__below__descendant_id=lower, unit__below__valid__contains=day,
            unit_id=upper, valid__contains=day,
        ).exists()  # fmt: skip


@transaction.atomic
def answer_hand_over(
    *, file_id: UUID, is_accepted: bool, reason: str = "", by: Viewer, at: dt.datetime
) -> SupportFile:
    """Take an offered file over with what is open in it, or refuse it with a reason. Where the
    committee that followed it decided as well, so does the one that takes it.

    Raises NotFound (nothing is offered to the viewer), NotAllowed, InputError (`reason`).
    """
    hand = Hand(by, at)
    act = FileAct.ACCEPT_HAND_OVER if is_accepted else FileAct.REFUSE_HAND_OVER
    file, step = locked_file(file_id, act, hand)
    offer = file.handovers.select_for_update().get(answered_at=None)
    entry = done(file, step, hand, Said(reason, {"from": str(offer.from_unit_id)}))
    offer.is_accepted, offer.answer = is_accepted, entry.reason
    offer.answered_by, offer.answered_at = by.user, at
    offer.save(update_fields=["is_accepted", "answer", "answered_by", "answered_at"])
    if is_accepted:
        if file.approver_id == file.handler_id:
            file.approver_id = offer.unit_id
        file.handler_id = offer.unit_id
        file.save(update_fields=["handler", "approver"])
    return file


def findings_of(file: SupportFile, day: dt.date) -> list[str]:
    """What is open in the unit of a file, and in those it was carried over from."""
    earlier = [UUID(one["unit"]) for one in file.line]
    if not UnitVersion.objects.filter(unit_id=file.unit_id, valid__contains=day).exists():
        earlier.append(file.unit_id)
    return open_findings(file.unit_id, day, earlier)


def open_findings(unit_id: UUID, day: dt.date, earlier: Sequence[UUID] = ()) -> list[str]:
    """What visits and inspections found in a unit and below and nobody has put right: the titles
    of the open tasks that came of it. `earlier`: units gone, with whatever stood below them."""
    now = Q(ancestor_id=unit_id, valid__contains=day)
    below = UnitClosure.objects.filter(now | Q(ancestor_id__in=earlier))
    found = Task.objects.filter(unit_id__in=below.values("descendant_id"), state=TaskState.OPEN)
    found = found.filter(Q(visit__isnull=False) | Q(inspection__isnull=False))
    return list(found.order_by("due_on", "id").values_list("title", flat=True))
