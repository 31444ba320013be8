"""Giving and ending roles."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.ledger import record
from vungmanh.access.models import RoleGrant, User
from vungmanh.core.vocabulary import Reach, Role


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    unit_id: UUID,
    reach: Reach,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> RoleGrant:
    """Give `user` a role in a unit from `valid_from` on, up to the day before `valid_until` if that
    is said, and record it in the ledger."""
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        unit_id=unit_id,
        reach=reach,
        valid=DateRange(valid_from, valid_until),
        granted_by=by,
    )
    record(
        "role.granted",
        by=by,
        at=at,
        subject=f"unit:{unit_id}",
        data={
            "role": role,
            "reach": reach,
            "valid_from": valid_from.isoformat(),
            **({"ends_on": valid_until.isoformat()} if valid_until else {}),
        },
        personal={"user": str(user.pk)},
    )
    return grant


@transaction.atomic
def end_role(
    *, grant: RoleGrant, ends_on: dt.date, reason: str, by: User | None, at: dt.datetime
) -> None:
    """End a role that a decision gave: `ends_on` is the first day on which it is no longer held.

    One that would begin on that day or later is taken away whole: nobody ever held it. Whoever asks
    has checked who may; an administrator's act is `accounts.end_grant`.
    """
    record(
        "role.ended",
        by=by,
        at=at,
        subject=f"unit:{grant.unit_id}",
        data={"role": grant.role, "ends_on": max(ends_on, grant.valid.lower).isoformat()},
        personal={"user": str(grant.user_id), "reason": reason},
    )
    if grant.valid.lower >= ends_on:
        grant.delete()
        return
    grant.valid = DateRange(grant.valid.lower, ends_on)
    grant.save(update_fields=["valid"])
