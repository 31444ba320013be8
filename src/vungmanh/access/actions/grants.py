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
    by: User | None,
    at: dt.datetime,
) -> RoleGrant:
    """Give `user` a role in a unit from `valid_from` on, and record it in the ledger."""
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        unit_id=unit_id,
        reach=reach,
        valid=DateRange(valid_from, None),
        granted_by=by,
    )
    record(
        "role.granted",
        by=by,
        at=at,
        subject=f"unit:{unit_id}",
        data={"role": role, "reach": reach, "valid_from": valid_from.isoformat()},
        personal={"user": str(user.pk)},
    )
    return grant
