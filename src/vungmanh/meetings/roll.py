"""Reads of the roll: whether a cell works with names on a day, and who stood on its list.

Whoever asks has already shown that they may read the cell; a page stands behind the wall besides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.meetings.models import Meeting
from vungmanh.org.models import Membership, NamesSwitch, Person
from vungmanh.org.named import given_name_key, names_on, switch_above, units_with_names
from vungmanh.org.queries import units_visible

__all__ = [
    "RollEntry",
    "attended_days",
    "counts_by_name",
    "given_name_key",
    "kept_for",
    "names_on",
    "roll_of",
    "rolls_of",
    "switch_above",
    "switches_visible",
    "units_with_names",
]


@dataclass(frozen=True)
class RollEntry:
    """Somebody on the list of a day. `id` is theirs through all changes of name and standing."""

    id: UUID
    name: str
    status: MembershipStatus
    since: dt.date

    @property
    def is_called(self) -> bool:
        """Whether a roll call asks for them: not whoever is elsewhere or suspended."""
        return self.status not in (MembershipStatus.TEMPORARY_OUT, MembershipStatus.SUSPENDED)


def roll_of(unit_id: UUID, day: dt.date) -> list[RollEntry]:
    """Who stood on the list of a cell on a day, by Vietnamese given name; empty without names."""
    return rolls_of([unit_id], day).get(unit_id, [])


def rolls_of(unit_ids: Iterable[UUID], day: dt.date) -> dict[UUID, list[RollEntry]]:
    """The same of many cells in two queries; a cell without names is absent."""
    named = units_with_names(unit_ids, day)
    rolls: dict[UUID, list[RollEntry]] = {unit_id: [] for unit_id in named}
    found = Membership.objects.filter(
        unit_id__in=named, valid__contains=day, person__erased_at=None
    ).select_related("person")
    for row in found:
        rolls[row.unit_id].append(
            RollEntry(row.person_id, row.person.name, MembershipStatus(row.status), row.valid.lower)
        )
    for entries in rolls.values():
        entries.sort(key=lambda one: (given_name_key(one.name), one.id))
    return rolls


def switches_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[NamesSwitch]:
    """Switches of the units in sight, those that stand first."""
    found = NamesSwitch.objects.filter(unit_id__in=units_visible(viewer, as_of))
    return found.select_related("by", "ended_by").order_by(
        F("ended_on").desc(nulls_first=True), "-from_day", "-id"
    )


def kept_for(ids: Iterable[str]) -> dict[str, str]:
    """Of entries that were merged into another, the one that stands for them now."""
    found = Person.objects.filter(pk__in=list(ids)).exclude(merged_into=None)
    return {str(one): str(kept) for one, kept in found.values_list("pk", "merged_into")}


def attended_days(person_id: UUID, since: dt.date) -> list[dt.date]:
    """The days from one on for which a record says that somebody came.

    Records that were filed keep the id they name: those of entries merged into this one count too.
    """
    merged = Person.objects.filter(merged_into=person_id).values_list("pk", flat=True)
    came = Q()
    for one in (person_id, *merged):
        came |= Q(facts__contains={"roll": {str(one): {"status": "present"}}})
    found = Meeting.objects.filter(came, month__gte=since.replace(day=1))
    days = [str(facts.get("held_on") or "") for facts in found.values_list("facts", flat=True)]
    return sorted(day for day in map(dt.date.fromisoformat, filter(None, days)) if day >= since)


def counts_by_name(roll: Iterable[RollEntry], marks: Mapping[str, str]) -> dict[str, int]:
    """The counts of a record as its roll by name adds up; empty where nobody was marked.

    `present` counts everybody who came, the exempt among them.
    """
    said = [(one.status, marks[str(one.id)]) for one in roll if str(one.id) in marks]
    if not said:
        return {}
    came = [status for status, mark in said if mark == "present"]
    return {
        "present": len(came),
        "present_official": sum(
            status in (MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT) for status in came
        ),
        "excused": sum(mark == "excused" for _, mark in said),
        "unexcused": sum(mark == "unexcused" for _, mark in said),
        "exempt_present": came.count(MembershipStatus.EXEMPT),
    }
