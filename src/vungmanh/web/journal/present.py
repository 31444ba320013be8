"""The history of one object: who did what, when, for whom and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.access.ledger import latest_events
from vungmanh.access.models import Event
from vungmanh.web.journal.words import WORDS

#: Why somebody's role or account changed is for those who manage accounts, on the account's page.
_OF_PERSONS = "role."
SHOWN = 20  # the latest; an auditor has the whole ledger


@dataclass(frozen=True)
class Entry:
    """One event as a reader sees it. `why` is empty once the personal part was erased."""

    at: dt.datetime
    who: str
    for_whom: str
    what: str
    why: str


def entries_of(*subjects: str) -> list[Entry]:
    """The latest events of one or several subjects (`unit:<id>`, `user:<id>` …), newest first."""
    return [_entry(event) for event in latest_events(subjects, limit=SHOWN)]


def _entry(event: Event) -> Entry:
    return Entry(
        at=event.at,
        who=str(event.by) if event.by else _("chương trình"),
        for_whom=str(event.on_behalf_of) if event.on_behalf_of else "",
        what=str(WORDS.get(event.verb, event.verb)),
        why=_why(event),
    )


def _why(event: Event) -> str:
    """The reason given: in the personal part, or in `data` where it tells of nobody.

    A code (`fact_reason…`) is no reason in words, and an answer is read on its own page.
    """
    if event.verb.startswith(_OF_PERSONS):
        return ""
    said = [event.personal.get("reason"), event.personal.get("note"), event.data.get("reason")]
    return next((text for text in said if isinstance(text, str) and " " in text.strip()), "")
