"""What a step of an admission does to list and counts, and the way back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import count_admitted
from vungmanh.org.memberships import STAY, Journal, Writer, put_back
from vungmanh.org.models import Admission, Membership
from vungmanh.org.named import names_on

PROBATIONARY, OFFICIAL = MembershipStatus.PROBATIONARY, MembershipStatus.OFFICIAL


def admitted(one: Admission, on: dt.date, *, by: User | None, at: dt.datetime) -> Journal:
    """Probationary from the ceremony on, counted among those admitted in its month."""
    writer = _writer(one, by, at)
    if one.person is not None and names_on(one.unit_id, localdate(at)):
        writer.open(one.person, one.unit_id, PROBATIONARY, on)
        one.person.joined_on = on
        one.person.save(update_fields=["joined_on"])
    writer.move(one.unit_id, PROBATIONARY, 1, on)
    count_admitted(one.unit_id, on, 1)
    return writer.journal | {"admitted": on.isoformat(), "unit": str(one.unit_id)}


def made_official(
    one: Admission, from_day: dt.date, *, by: User | None, at: dt.datetime
) -> Journal:
    """Official from the day on; where they moved after it, from the day they came."""
    writer = _writer(one, by, at)
    row = _home(one)
    if row is None or one.person is None:
        _check_by_counts(one, at)
        writer.move(one.unit_id, PROBATIONARY, -1, from_day)
        writer.move(one.unit_id, OFFICIAL, 1, from_day)
        return writer.journal
    if MembershipStatus(row.status) is not PROBATIONARY:
        raise NotNow(
            f"Danh sách ghi người này là “{MembershipStatus(row.status).label}”, không phải dự bị."
            " Sửa danh sách trước.",
            code="not-probationary",
        )
    if from_day <= row.valid.lower:
        day = row.valid.lower
        writer.correct(row, OFFICIAL, until=None, document="")
    else:
        day = from_day
        writer.close(row, day, MembershipEnd.STATUS)
        writer.open(one.person, row.unit_id, OFFICIAL, day)
    writer.move(row.unit_id, PROBATIONARY, -1, day)
    writer.move(row.unit_id, OFFICIAL, 1, day)
    return writer.journal


def stopped(
    one: Admission, on: dt.date, reason: str, *, by: User | None, at: dt.datetime
) -> Journal:
    """Somebody probationary is not recognised: off the list and the count.

    Who is on no list any more, having died or moved out of the register, is counted nowhere here.
    """
    writer = _writer(one, by, at)
    row = _home(one)
    if row is not None:
        writer.leave(row.person_id, on, MembershipEnd.STRUCK, reason)
    elif _is_by_counts(one, at):
        writer.move(one.unit_id, PROBATIONARY, -1, on)
    return writer.journal


def put_back_step(one: Admission, journal: Journal, *, by: User | None, at: dt.datetime) -> None:
    """List, counts and the admissions of the month as they were."""
    put_back(journal, by=by, at=at, why=f"admission:{one.pk}")
    if "admitted" in journal:
        day = dt.date.fromisoformat(journal["admitted"])
        count_admitted(UUID(journal["unit"]), day, -1)
        if one.person is not None:
            one.person.joined_on = None
            one.person.save(update_fields=["joined_on"])


def _writer(one: Admission, by: User | None, at: dt.datetime) -> Writer:
    return Writer(by=by, at=at, why=f"admission:{one.pk}")


def _home(one: Admission) -> Membership | None:
    """Their row on the list of a cell; None where they are counted without a name, or gone."""
    rows = Membership.objects.select_for_update().filter(
        person__isnull=False, person=one.person_id, valid__endswith=None
    )
    return rows.exclude(status=STAY).first()


def _is_by_counts(one: Admission, at: dt.datetime) -> bool:
    was_listed = one.person is not None and one.person.memberships.exists()
    return not (was_listed and names_on(one.unit_id, localdate(at)))


def _check_by_counts(one: Admission, at: dt.datetime) -> None:
    if not _is_by_counts(one, at):
        raise NotNow("Người này không còn trong danh sách nào.", code="not-listed")
