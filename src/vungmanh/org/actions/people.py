"""Memberships by name: onto the list, another standing, off it, and taking each of these back.

Kept by whoever writes the cell's record: its secretary, or the office. Each act moves the count of
the unit in the same transaction and on the same day. Names stand in the personal part of events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import AdmissionState, MembershipEnd, PairOutcome
from vungmanh.core.text import date_vi, fold, nfc
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.counts import lock_units
from vungmanh.org.judging import Asked, held_to
from vungmanh.org.memberships import (
    STAY,
    Journal,
    Writer,
    checked_day,
    checked_name,
    listed_and_counted,
    put_back,
)
from vungmanh.org.models import Membership, Person, PersonPair
from vungmanh.org.named import names_on
from vungmanh.org.queries import held_unit
from vungmanh.org.standings import check_change
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.exempt import ExemptionFacts, judge_exemption
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.rulebook.people.standing import judge_membership

KEEP = "org.person.keep"
VERBS = ("roll_member.added", "roll_member.changed", "roll_member.ended")
#: After these somebody is a member nowhere: the count of the unit is one less.
GONE = (MembershipEnd.DIED, MembershipEnd.LEFT, MembershipEnd.STRUCK, MembershipEnd.EXPELLED)
#: How somebody is taken off a list; OTHER corrects the list and leaves the count alone.
WAYS = (*GONE, MembershipEnd.OTHER)
BY_DECISION = (MembershipEnd.STRUCK, MembershipEnd.EXPELLED)


@transaction.atomic
def enlist(
    *,
    unit_id: UUID,
    name: str,
    status: MembershipStatus,
    from_day: dt.date,
    by: Viewer,
    at: dt.datetime,
) -> Membership:
    """Put somebody on the list of a cell from a day on.

    The register counts them already while it counts more members than the list has names; else
    the count grows with the list. Raises NotNow while names are off, InputError for a name or day
    that cannot be, or for somebody of the same name on the list.
    """
    check_can(by, KEEP)
    beside_register()
    today = localdate(at)
    version = held_unit(by, unit_id, today)
    if UnitKind(version.kind) not in CELL_KINDS:
        raise NotNow("Chỉ chi bộ có danh sách điểm danh.", code="not-a-cell")
    if not names_on(unit_id, today):
        raise NotNow(
            "Cấp ủy chưa bật điểm danh theo tên ở đây; chi bộ ghi theo số.", code="names-off"
        )
    lock_units([unit_id])
    name = checked_name(unit_id, name, from_day)
    checked_day(from_day, today)
    person = Person.objects.create(name=name, name_fold=fold(name))
    writer = Writer(by=by.user, at=at, why=f"person:{person.pk}")
    row = writer.open(person, unit_id, status, from_day)
    names, counted = listed_and_counted(unit_id, from_day)
    if names > counted and status is not STAY:
        writer.move(unit_id, status, 1, from_day)
    _record("roll_member.added", row, writer.journal, by, at)
    return row


@transaction.atomic
def set_standing(
    *,
    person: UUID,
    status: MembershipStatus,
    from_day: dt.date,
    by: Viewer,
    at: dt.datetime,
    name: str = "",
    until: dt.date | None = None,
    by_age: bool = False,
    document: str = "",
    exceptions: Sequence[Asked] = (),
) -> Membership:
    """Another standing from a day on, or another name; the last change's day corrects it.

    An exemption (`until`, `by_age`) and the end of a probation are held to their rule, a suspension
    needs its document, whoever is away by a transfer comes back by one. Raises NotFound, NotNow,
    InputError, RuleBroken.
    """
    check_can(by, KEEP)
    beside_register()
    today = localdate(at)
    row = _standing(person, by, today)
    lock_units([row.unit_id])
    checked_day(from_day, today)
    if from_day < row.valid.lower:
        raise InputError(
            f"Lần ghi trước có từ {date_vi(row.valid.lower)}; ghi từ ngày ấy trở đi.",
            field="from_day",
            code="before-last-change",
        )
    was = MembershipStatus(row.status)
    suspends = status is MembershipStatus.SUSPENDED and was is not status
    document = _document(document, needed=suspends)
    if status is not was:
        check_change(row, status, from_day)
    facts = ExemptionFacts(from_day, until, by_age)
    allowed = (
        _exemption(facts, today, exceptions)
        if status is MembershipStatus.EXEMPT and (until or by_age)
        else []
    )
    said = row.person.name
    if name:
        name = checked_name(row.unit_id, name, from_day, but=person)
        row.person.name, row.person.name_fold = name, fold(name)
        row.person.save(update_fields=["name", "name_fold"])
    writer = Writer(by=by.user, at=at, why=f"person:{person}")
    more = {"until": until, "document": document}
    changed = _changed(writer, row, status, from_day, more)
    _record("roll_member.changed", changed, writer.journal, by, at, was=said, exceptions=allowed)
    return changed


def _changed(
    writer: Writer,
    row: Membership,
    status: MembershipStatus,
    from_day: dt.date,
    more: dict[str, Any],
) -> Membership:
    was, unit_id = MembershipStatus(row.status), row.unit_id
    if from_day == row.valid.lower:
        counted = _moved_a_count(row)
        writer.correct(row, status, **more)
        if counted:
            writer.change_count(unit_id, was, status, from_day)
        return row
    if was is status and not any(more.values()):
        return row  # the name alone is another
    writer.close(row, from_day, MembershipEnd.STATUS)
    found = writer.open(row.person, unit_id, status, from_day, **more)
    writer.change_count(unit_id, was, status, from_day)
    return found


def _moved_a_count(row: Membership) -> bool:
    """Whether the count follows somebody's standing: they changed it before, or came with a count.
    A first entry of whoever was counted already only says how."""
    before = Membership.objects.filter(
        person=row.person, ended_by_way__in=[MembershipEnd.STATUS, MembershipEnd.MOVED]
    )
    added = Event.objects.filter(subject=f"person:{row.person_id}", verb="roll_member.added")
    grew = any(one.data.get("journal", {}).get("moves") for one in added)
    way_in = row.person.admissions.filter(
        state__in=[AdmissionState.ADMITTED, AdmissionState.OFFICIAL]
    )
    return before.exists() or grew or way_in.exists()


@transaction.atomic
def end_membership(
    *,
    person: UUID,
    way: MembershipEnd,
    on: dt.date,
    reason: str,
    by: Viewer,
    at: dt.datetime,
    document: str = "",
    attended_on: Sequence[dt.date] = (),
) -> Membership:
    """Off the list from a day on: the end of a membership, or (OTHER) a correction of the list.

    Whoever is a member no more leaves the list of a stay on the same day. `attended_on` are days
    for which a record says that they came: none may lie after the end. Raises NotFound, InputError,
    NotNow.
    """
    check_can(by, KEEP)
    beside_register()
    if way not in WAYS:
        raise NotNow(
            "Người chuyển đi thì ghi ở Chuyển sinh hoạt, để không ai bị sót.", code="by-transfer"
        )
    today = localdate(at)
    row = _standing(person, by, today)
    everywhere = Membership.objects.filter(person=person, valid__endswith=None)
    lock_units(everywhere.values_list("unit_id", flat=True))  # a stay ends with the home
    checked_day(on, today, "on")
    document = _document(document, needed=way in BY_DECISION)
    view = load_rulebook().on(on)
    held_to(judge_membership(view, [], ended_way=way, ended_on=on, attended_on=attended_on))
    writer = Writer(by=by.user, at=at, why=f"person:{person}")
    reason = checked_reason(reason)
    if way in GONE:
        writer.leave(person, on, way, reason)
        row.refresh_from_db()
    else:
        writer.close(row, on, way, reason)
    _record("roll_member.ended", row, writer.journal, by, at, document=document)
    return row


@transaction.atomic
def undo_last_change(*, person: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Take back the last thing recorded of somebody's membership, with its count.

    Raises NotFound, NotNow where nothing is left or something else rests on it.
    """
    check_can(by, KEEP)
    beside_register()
    said = Event.objects.filter(subject=f"person:{person}")
    undone = said.filter(verb="roll_member.undone").values_list("data__of", flat=True)
    last = said.filter(verb__in=VERBS).exclude(pk__in=list(undone)).order_by("-pk").first()
    if last is None or "journal" not in last.data:
        raise NotNow("Không còn gì để rút về người này.", code="nothing-to-undo")
    unit_id = UUID(last.data["unit"])
    held_unit(by, unit_id, localdate(at))
    lock_units([unit_id])
    either = Q(first=person) | Q(second=person)
    if PersonPair.objects.filter(
        either, outcome=PairOutcome.MERGED, undone_at=None, at__gt=last.at
    ).exists():
        raise NotNow(
            "Sau lần ghi ấy người này đã được gộp với dòng khác. Tách ra ở mục Tìm người ghi trùng"
            " trước.",
            code="merged-since",
        )
    _name_back(person, last)
    put_back(last.data["journal"], by=by.user, at=at, why=f"person:{person}")
    record(
        "roll_member.undone",
        by=by.user,
        at=at,
        subject=f"person:{person}",
        data={"of": last.pk, "unit": str(unit_id)},
        personal={"reason": checked_reason(reason)},
    )


def _name_back(person: UUID, said: Event) -> None:
    """The name as it was before a change that wrote another; nothing where it was erased."""
    now, before = said.personal.get("name"), said.personal.get("was")
    if not before or before == now:
        return
    one = Person.objects.select_for_update().get(pk=person)
    if one.name != now:
        raise NotNow(
            "Họ tên người này đã được sửa khác từ đó. Rút lần sửa ấy trước.", code="changed-since"
        )
    one.name, one.name_fold = before, fold(before)
    one.save(update_fields=["name", "name_fold"])


def exemption_findings(facts: ExemptionFacts, on: dt.date) -> tuple[PeopleFinding, ...]:
    """What the rule of its first day says of an exemption, as it stands on a day."""
    return judge_exemption(load_rulebook().on(facts.from_day), facts, on=on)


def _exemption(
    facts: ExemptionFacts, today: dt.date, asked: Sequence[Asked]
) -> list[dict[str, str]]:
    if facts.until is not None and facts.until < facts.from_day:
        raise InputError(
            "Ngày hết miễn phải sau ngày bắt đầu.", field="until", code="ends-before-it-begins"
        )
    return held_to(exemption_findings(facts, today), asked)


def _document(text: str, *, needed: bool) -> str:
    text = " ".join(nfc(text).split())[:200]
    if needed and not text:
        raise InputError("Ghi số, ngày quyết định.", field="document", code="blank")
    return text


def _standing(person: UUID, by: Viewer, today: dt.date) -> Membership:
    """The open row of somebody on a list that the viewer keeps; their home before a stay."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person")
    rows = rows.filter(person=person, valid__endswith=None, person__erased_at=None)
    row = min(rows, key=lambda one: one.status == STAY, default=None)
    if row is None:
        raise NotFound("Không tìm thấy người này trong danh sách.")
    held_unit(by, row.unit_id, today)
    return row


def _record(
    verb: str, row: Membership, journal: Journal, by: Viewer, at: dt.datetime, *, was: str = "",
    **more: object,
) -> None:  # fmt: skip
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"person:{row.person_id}",
        data={
            "unit": str(row.unit_id), "status": row.status, "journal": journal,
            **{name: said for name, said in more.items() if said},
        },
        personal={
            "name": row.person.name, "reason": row.ended_reason, **({"was": was} if was else {}),
        },
    )  # fmt: skip
