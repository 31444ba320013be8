"""Where the replacing of a secretary stands: who left, who acts, who came. Read, never kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from vungmanh.cadre.posts import is_acting
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment


@dataclass(frozen=True)
class Replacing:
    """The secretary's post of a unit on a day.

    `holder` holds it in full, `acting` stands in; `before` is the last who held it in full, with
    all who acted since in `acted`. `ahead` is decided and has not come yet.
    """

    holder: Appointment | None
    acting: Appointment | None
    before: Appointment | None
    acted: tuple[Appointment, ...]
    ahead: Appointment | None
    vacant_since: dt.date | None


def replacing_of(unit_id: UUID, on: dt.date) -> Replacing:
    """How the post stands in a unit that the viewer was let see. One query."""
    rows = list(
        Appointment.objects.filter(unit_id=unit_id, post=Post.SECRETARY).order_by("valid", "id")
    )
    full = [one for one in rows if not is_acting(one)]
    now = [one for one in rows if one.valid.lower <= on and _lasts(one, on)]
    holder = next((one for one in now if not is_acting(one)), None)
    acting = next((one for one in now if is_acting(one)), None)
    gone = [one for one in full if one is not holder and one.valid.lower <= on]
    before = gone[-1] if gone else None
    since = before.valid.lower if before else dt.date.min
    end = holder.valid.lower if holder else dt.date.max
    return Replacing(
        holder,
        acting,
        before,
        tuple(one for one in rows if is_acting(one) and since <= one.valid.lower < end),
        next((one for one in full if one.valid.lower > on), None),
        before.valid.upper if before and not now else None,
    )


def _lasts(row: Appointment, on: dt.date) -> bool:
    return row.valid.upper is None or row.valid.upper > on
