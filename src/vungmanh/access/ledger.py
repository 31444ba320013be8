"""The one door to the ledger: every action writes an event, in its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from vungmanh.access.models import Event, User


def record(
    verb: str,
    *,
    by: User | None,
    at: dt.datetime,
    subject: str,
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> Event:
    """Append an event. `verb` is noun.verb_past; `subject` is model:id of what it happened to."""
    return Event.objects.create(
        verb=verb,
        by=by,
        on_behalf_of=by.acting_for if by else None,
        at=at,
        subject=subject,
        data=data or {},
        personal=personal or {},
    )


#: Subject, data and personal part of an event.
Said = tuple[str, dict[str, Any], dict[str, Any]]


def record_many(verb: str, *, by: User | None, at: dt.datetime, said: Iterable[Said]) -> None:
    """Append one event for each of many things that one act did, in one statement."""
    acting_for = by.acting_for if by else None
    Event.objects.bulk_create(
        Event(
            verb=verb,
            by=by,
            on_behalf_of=acting_for,
            at=at,
            subject=subject,
            data=data,
            personal=personal,
        )
        for subject, data, personal in said
    )


def latest_events(subjects: Iterable[str], *, limit: int) -> list[Event]:
    """The latest events of the subjects, newest first, with who did them and for whom."""
    found = Event.objects.filter(subject__in=list(subjects)).select_related("by", "on_behalf_of")
    return list(found.order_by("-id")[:limit])
