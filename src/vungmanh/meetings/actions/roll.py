"""Switching names on and off for a committee, and keeping the list of a cell.

The committee's office switches and erases; the list is kept by whoever writes the cell's record:
its secretary, or the office, through the one way a membership is written (`org.actions.people`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.meetings.reads import may_write_for
from vungmanh.meetings.roll import attended_days, names_on
from vungmanh.org.actions.people import end_membership, enlist, set_standing
from vungmanh.org.models import (
    Admission,
    Membership,
    MemberTransfer,
    NamesSwitch,
    Person,
    PersonPair,
    UnitClosure,
)
from vungmanh.org.queries import held_unit

MANAGE = "meetings.roll.manage"
KEEP = "meetings.meeting.write"
#: Stands for a reason that was told of somebody who was erased.
ERASED = "Đã xóa."


@transaction.atomic
def switch_names_on(
    *, unit_id: UUID, from_day: dt.date, document: str, by: Viewer, at: dt.datetime
) -> NamesSwitch:
    """Work with names in a unit and in all below it from a day on.

    Raises InputError without a document, NotNow where it is on already.
    """
    check_can(by, MANAGE)
    held_unit(by, unit_id, localdate(at))
    document = " ".join(nfc(document).split())
    if not document:
        raise InputError("Ghi số, ngày văn bản của cấp ủy.", field="document", code="blank")
    if NamesSwitch.objects.filter(unit_id=unit_id, ended_on=None).exists():
        raise NotNow("Nơi này đã bật điểm danh theo tên.", code="names-already-on")
    switch = NamesSwitch.objects.create(
        unit_id=unit_id, from_day=from_day, document=document[:200], by=by.user
    )
    record(
        "names.switched_on",
        by=by.user,
        at=at,
        subject=f"unit:{unit_id}",
        data={"from_day": from_day.isoformat(), "document": switch.document},
    )
    return switch


@transaction.atomic
def switch_names_off(
    *, switch_id: int, reason: str, erase: bool, by: Viewer, at: dt.datetime
) -> int:
    """Work with counts again from today on; with `erase` the names kept under it are emptied.

    Returns how many names were erased. Raises NotFound, NotNow where it is off already.
    """
    check_can(by, MANAGE)
    today = localdate(at)
    switch = NamesSwitch.objects.select_for_update().filter(pk=switch_id).first()
    if switch is None:
        raise NotFound("Không tìm thấy lần bật điểm danh theo tên này.")
    held_unit(by, switch.unit_id, today)
    if switch.ended_on is not None:
        raise NotNow("Đã tắt từ trước.", code="names-already-off")
    switch.ended_on, switch.ended_by = max(today, switch.from_day), by.user
    switch.ended_reason = checked_reason(reason)
    switch.save(update_fields=["ended_on", "ended_by", "ended_reason"])
    erased = _erase_below(switch.unit_id, today, by, at) if erase else 0
    record(
        "names.switched_off",
        by=by.user,
        at=at,
        subject=f"unit:{switch.unit_id}",
        data={"erased": erased},
        personal={"reason": switch.ended_reason},
    )
    return erased


def _erase_below(unit_id: UUID, today: dt.date, by: Viewer, at: dt.datetime) -> int:
    below = _below_to_the_end(unit_id, today)
    cells = [cell for cell in sorted(below) if not names_on(cell, today)]
    named = Q(unit_id__in=cells, person__isnull=False, person__erased_at=None)
    people = {
        *Membership.objects.filter(named).order_by().values_list("person", flat=True),
        *Admission.objects.filter(named).order_by().values_list("person", flat=True),
    }
    return _erase(sorted(people), at)


def _below_to_the_end(unit_id: UUID, today: dt.date) -> set[UUID]:
    """The unit and all that stand below it today, or stood there on their last day."""
    below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__startswith__lte=today)
    same_end = UnitClosure.objects.filter(
        ancestor_id=OuterRef("descendant_id"),
        descendant_id=OuterRef("descendant_id"),
        valid__endswith=OuterRef("valid__endswith"),
    )
    alive = UnitClosure.objects.filter(
        ancestor_id=OuterRef("descendant_id"),
        descendant_id=OuterRef("descendant_id"),
        valid__contains=today,
    )
    found = below.filter(Q(valid__contains=today) | (Exists(same_end) & ~Exists(alive)))
    return set(found.values_list("descendant_id", flat=True))


def _erase(people: list[UUID], at: dt.datetime) -> int:
    """Empty what is known of people, and the personal part of events about them; how many.

    Entries merged into them are emptied too, and such a merge can no longer be taken apart. Their
    admissions and transfers stay as numbers and days.
    """
    merged = Person.objects.filter(merged_into__in=people)
    people = [*people, *merged.values_list("pk", flat=True)]
    PersonPair.objects.filter(Q(first__in=people) | Q(second__in=people)).update(journal={})
    Person.objects.filter(pk__in=people, erased_at=None).update(
        name="", name_fold="", born_on=None, joined_on=None, external_key="", erased_at=at
    )
    Membership.objects.filter(person__in=people).update(ended_reason="")
    ways = Admission.objects.filter(person__in=people)
    moves = MemberTransfer.objects.filter(person__in=people)
    ways.update(stall_note="")
    ways.exclude(ended_reason="").update(ended_reason=ERASED)
    moves.exclude(reason="").update(reason=ERASED)
    # Events of versions before persons had a table of their own say roll_member.
    about = {"person": people, "roll_member": people}
    about |= {"admission": _ids(ways), "transfer": _ids(moves)}
    subjects = [f"{kind}:{one}" for kind, ids in about.items() for one in ids]
    Event.objects.filter(subject__in=subjects).exclude(personal={}).update(personal={})
    return len(people)


def _ids(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by().values_list("pk", flat=True))


@transaction.atomic
def add_member(
    *,
    unit_id: UUID,
    name: str,
    status: MembershipStatus,
    from_day: dt.date,
    by: Viewer,
    at: dt.datetime,
) -> Membership:
    """Put somebody on the list of a cell from a day on.

    Raises NotNow while names are off, InputError for a name or day that cannot be, or for somebody
    of the same name on the list.
    """
    check_can(by, KEEP)
    return enlist(unit_id=unit_id, name=name, status=status, from_day=from_day, by=by, at=at)


@transaction.atomic
def change_member(
    *,
    member: UUID,
    name: str,
    status: MembershipStatus,
    from_day: dt.date,
    by: Viewer,
    at: dt.datetime,
    until: dt.date | None = None,
    document: str = "",
) -> Membership:
    """Write another name, or another standing from a day on; the last change's day corrects it.

    Raises NotFound, NotNow, InputError, RuleBroken.
    """
    check_can(by, KEEP)
    return set_standing(
        person=member, name=name, status=status, from_day=from_day, until=until,
        document=document, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def end_member(
    *,
    member: UUID,
    on: dt.date,
    reason: str,
    by: Viewer,
    at: dt.datetime,
    way: MembershipEnd = MembershipEnd.OTHER,
    document: str = "",
    also_came: Iterable[dt.date] = (),
) -> Membership:
    """Take somebody off the list from a day on, with a reason; no record may say that they came
    after a membership has ended. `also_came`: days that other rooms record, of courses.
    Raises NotFound, InputError, NotNow."""
    check_can(by, KEEP)
    return end_membership(
        person=member, way=way, on=on, reason=reason, by=by, at=at, document=document,
        attended_on=[*attended_days(member, on), *also_came],
    )  # fmt: skip


@transaction.atomic
def erase_member(*, member: UUID, reason: str, by: Viewer, at: dt.datetime) -> int:
    """Empty the name of somebody everywhere, on request; the counts of records stay.

    Of somebody who was on the way and never a member too. Raises NotFound, InputError.
    """
    check_can(by, MANAGE)
    here = Q(person=member, person__erased_at=None)
    row = Membership.objects.filter(here).order_by("-valid").first()
    paper = row or Admission.objects.filter(here).first()
    if paper is None:
        raise NotFound("Không tìm thấy người này trong danh sách.")
    if not may_write_for(by, paper.unit_id, localdate(at)):  # of a cell that has ended too
        raise NotFound("Không tìm thấy người này trong danh sách.")
    reason = checked_reason(reason)
    erased = _erase([member], at)
    record(
        "roll_member.erased",
        by=by.user,
        at=at,
        subject=f"person:{member}",
        data={"unit": str(paper.unit_id)},
        personal={"reason": reason},
    )
    return erased
