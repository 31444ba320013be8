"""Reads of transfers: who waits for whom, which terms run, what a place became."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import Ancestry, Membership, MemberTransfer, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.clocks import Clock
from vungmanh.rulebook.people.days import vietnamese_working_days
from vungmanh.rulebook.people.findings import RulesOn
from vungmanh.rulebook.people.transfers import TransferFacts, transfer_clocks

WHOLE = 1 - 1e-6  # a share that is all of it


def transfers_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[MemberTransfer]:
    """The transfers with one end in sight on a day, or among units gone whose past one sees."""
    seen, gone = units_visible(viewer, on), list(ended_units_visible(viewer, on))  # asked once
    ends = Q(from_unit__in=seen) | Q(to_unit__in=seen) | Q(from_unit__in=gone) | Q(to_unit__in=gone)
    return MemberTransfer.objects.filter(ends).select_related("person", "sent_by", "answered_by")


def transfer_visible(viewer: Viewer | None, transfer_id: UUID, on: dt.date) -> MemberTransfer:
    """One transfer. Raises NotFound alike for absent and out of sight."""
    found = transfers_visible(viewer, on).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound("Không tìm thấy lần chuyển sinh hoạt này trong phạm vi của đồng chí.")
    return found


def waiting(viewer: Viewer | None, on: dt.date) -> QuerySet[MemberTransfer]:
    """Those begun and not finished, the oldest first."""
    return still_waiting(transfers_visible(viewer, on))


def still_waiting(transfers: QuerySet[MemberTransfer]) -> QuerySet[MemberTransfer]:
    """Those of them that nobody has answered, the oldest first."""
    return transfers.filter(state=TransferState.SENT).order_by("decided_on", "id")


def clocks_of_transfer(
    one: MemberTransfer, on: dt.date, rules_on: RulesOn | None = None
) -> tuple[Clock, ...]:
    """The terms of an official transfer by the rule of its first day. `rules_on` is the rulebook
    where many are asked for together."""
    facts = TransferFacts(TransferKind(one.kind), one.decided_on, accepted_on=one.accepted_on)
    rules_on = rules_on or load_rulebook().on
    return transfer_clocks(
        rules_on(one.decided_on), facts, on=on, calendar=vietnamese_working_days()
    )


def stays_past(viewer: Viewer | None, on: dt.date) -> QuerySet[MemberTransfer]:
    """Stays past the day until which they were granted, of whom nobody has gone home."""
    stays = transfers_visible(viewer, on).filter(
        kind=TransferKind.TEMPORARY, state=TransferState.ACCEPTED, planned_until__lt=on
    )
    back = MemberTransfer.objects.filter(state=TransferState.ACCEPTED).exclude(origin=None)
    return stays.exclude(pk__in=back.values("origin")).order_by("planned_until", "id")


def late_days(one: MemberTransfer, on: dt.date, rules_on: RulesOn | None = None) -> int:
    """By how many days the transfer is past a term of its rule."""
    clocks = clocks_of_transfer(one, on, rules_on)
    return max((clock.late_days for clock in clocks), default=0)


def lives_on(unit_id: UUID, day: dt.date) -> bool:
    return UnitVersion.objects.filter(unit_id=unit_id, valid__contains=day).exists()


def heirs_of(unit_id: UUID, on: dt.date) -> list[str]:
    """Names of the units that a unit went into and that live on a day."""
    heirs = Ancestry.objects.filter(predecessor_id=unit_id).values("successor_id")
    found = UnitVersion.objects.filter(unit_id__in=heirs, valid__contains=on)
    return list(found.order_by("name_key").values_list("name", flat=True))


def home_now(stay: MemberTransfer, on: dt.date) -> UUID | None:
    """The home of who went for a while: where it was, or what that became since."""
    return _now(stay, stay.from_unit_id, on, away=True)


def stay_now(stay: MemberTransfer, on: dt.date) -> UUID | None:
    """Where who went for a while is a guest: where they went, or what that became since."""
    return _now(stay, stay.to_unit_id, on, away=False)


def _now(stay: MemberTransfer, unit_id: UUID | None, on: dt.date, *, away: bool) -> UUID | None:
    """A list of names says it; else the one heir, where the unit went wholly into one."""
    if unit_id is None or lives_on(unit_id, on):
        return unit_id
    if stay.person_id is not None:
        status = MembershipStatus.TEMPORARY_OUT if away else MembershipStatus.TEMPORARY_IN
        rows = Membership.objects.filter(person_id=stay.person_id, status=status)
        listed = rows.filter(valid__contains=on).values_list("unit_id", flat=True).first()
        if listed is not None:
            return listed
    heirs = Ancestry.objects.filter(predecessor_id=unit_id, share__gte=WHOLE).order_by()
    alive = UnitVersion.objects.filter(unit_id__in=heirs.values("successor_id"), valid__contains=on)
    found = list(alive.values_list("unit_id", flat=True))
    return found[0] if len(found) == 1 else unit_id
