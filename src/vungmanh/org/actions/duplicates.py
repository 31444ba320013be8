"""Two entries: one person or two. Said by a person, kept, and taken back by whoever may say it.

A merge moves whatever names the second entry to the first, table by table, and keeps what it moved
(`PersonPair.journal`: ids, days and units, no word about the person). Both entries stay, so that
what was filed still names somebody. Records that were filed keep the id they name.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.people_words import PairOutcome
from vungmanh.org.duplicates import MERGE, compared
from vungmanh.org.memberships import Writer
from vungmanh.org.merge_effects import OverlapChoice, join, take_apart
from vungmanh.org.models import Membership, Person, PersonPair
from vungmanh.org.queries import ended_units_visible, units_held
from vungmanh.org.turns import beside_register


@transaction.atomic
def say_different(
    *, first: UUID, second: UUID, reason: str, by: Viewer, at: dt.datetime
) -> PersonPair:
    """Two persons: they are not asked about again. Raises NotFound, NotNow, InputError."""
    check_can(by, MERGE)
    _locked(first, second)
    found = compared(by, first, second, localdate(at))
    if found.told is not None:
        raise NotNow(_ALREADY, code="pair-told")
    pair = PersonPair.objects.create(
        first=found.first.person, second=found.second.person, outcome=PairOutcome.DIFFERENT,
        reason=checked_reason(reason), by=by.user, at=at,
    )  # fmt: skip
    _record("person.told_apart", pair, by, at, reason)
    return pair


@transaction.atomic
def merge_persons(
    *,
    kept: UUID,
    gone: UUID,
    reason: str,
    by: Viewer,
    at: dt.datetime,
    overlap: OverlapChoice | None = None,
    counted_twice: bool = False,
) -> PersonPair:
    """One person: what names `gone` names `kept` from now on, and can be put back.

    `overlap` says what becomes of days on which both were members; without it such a merge is
    refused. `counted_twice`: the register counted both on those days, so one is counted less.
    Raises NotFound, NotNow (spoken of already, or a unit out of reach), InputError.
    """
    check_can(by, MERGE)
    beside_register()
    _locked(kept, gone)
    today = localdate(at)
    found = compared(by, kept, gone, today)
    if found.told is not None:
        raise NotNow(_ALREADY, code="pair-told")
    first, second = found.first.person, found.second.person
    reason = checked_reason(reason)
    _check_reach(by, (kept, gone), today)
    pair = PersonPair.objects.create(
        first=first, second=second, outcome=PairOutcome.MERGED, reason=reason, by=by.user, at=at
    )
    writer = Writer(by=by.user, at=at, why=f"person_pair:{pair.pk}")
    pair.journal = join(first, second, writer, overlap, counted_twice)
    pair.save(update_fields=["journal"])
    _record("person.merged", pair, by, at, reason)
    return pair


@transaction.atomic
def undo_pair(*, pair_id: int, reason: str, by: Viewer, at: dt.datetime) -> None:
    """What was said of two entries is taken back; of a merge every row returns.

    Raises NotFound, NotNow where what was merged has changed since, Conflict where somebody was
    faster.
    """
    check_can(by, MERGE)
    beside_register()
    pair = PersonPair.objects.select_for_update().filter(pk=pair_id).first()
    if pair is None:
        raise NotFound("Không tìm thấy lần ghi này.")
    _locked(pair.first_id, pair.second_id)
    compared(by, pair.first_id, pair.second_id, localdate(at))  # in sight
    if pair.undone_at is not None:
        raise Conflict("Lần ghi này vừa được rút.", code="pair-undone")
    reason = checked_reason(reason)
    if pair.outcome == PairOutcome.MERGED:
        _check_reach(by, (pair.first_id,), localdate(at))
        take_apart(pair, Writer(by=by.user, at=at, why=f"person_pair:{pair.pk}"))
    pair.undone_by, pair.undone_at, pair.undone_reason = by.user, at, reason
    pair.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    if pair.outcome == PairOutcome.MERGED:
        _record("person.merge_undone", pair, by, at, reason)
    else:
        _record("person.apart_undone", pair, by, at, reason)


_ALREADY = "Hai người này đã được ghi là một hoặc là hai. Rút lần ghi ấy trước."


def _locked(first: UUID, second: UUID) -> None:
    if first == second:
        raise InputError("Chọn hai người khác nhau.", field="kept", code="same-person")
    people = Person.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk")
    list(people.values_list("pk"))


def _check_reach(by: Viewer, people: tuple[UUID, ...], today: dt.date) -> None:
    """Every unit that lists one of them is the viewer's, else a committee above both merges."""
    units = set(Membership.objects.filter(person__in=people).values_list("unit_id", flat=True))
    ours = set(units_held(by, today).filter(descendant_id__in=units))
    ended = {unit for unit in ended_units_visible(by, today) if unit in units}
    if units - ours - ended:
        raise NotNow(
            "Một trong hai người còn có tên ở nơi ngoài phạm vi của đồng chí."
            " Đề nghị văn phòng cấp ủy cấp trên chung gộp.",
            code="out-of-reach",
        )


def _record(verb: str, pair: PersonPair, by: Viewer, at: dt.datetime, reason: str) -> None:
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"person:{pair.first_id}",
        data={"pair": pair.pk, "other": str(pair.second_id)},
        personal={"reason": " ".join(reason.split())},
    )
