"""Whether what lay open in a unit was handed to the holder of a post. The ledger keeps it.

What lies open, and the handing over itself, are of the rooms above (`strengthening.handing_over`).
"""

from __future__ import annotations

from dataclasses import dataclass

from vungmanh.access.models import Event
from vungmanh.org.models import Appointment

CONFIRMED, TAKEN_BACK = "handover.confirmed", "handover.taken_back"


@dataclass(frozen=True)
class HandOver:
    """That a list was gone through with whoever came: when, by whom, which lines of it."""

    event: Event
    keys: frozenset[str]


def hand_over_of(appointment: Appointment) -> HandOver | None:
    """The hand-over to the holder of an appointment, unless it was taken back."""
    told = Event.objects.filter(subject=f"unit:{appointment.unit_id}")
    undone = told.filter(verb=TAKEN_BACK).values_list("data__of", flat=True)
    said = told.filter(verb=CONFIRMED, data__appointment=appointment.pk)
    last = said.exclude(pk__in=list(undone)).select_related("by").order_by("-pk").first()
    return None if last is None else HandOver(last, frozenset(last.data["items"]))
