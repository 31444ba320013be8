"""Which causes of a file somebody has looked at: on site, or with a second pair of eyes.

Read live: a visit that was withdrawn, or found not to have been to a meeting, shows nothing more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from vungmanh.access import wall
from vungmanh.core.periods import add_months, month_of
from vungmanh.meetings.models import Visit
from vungmanh.org.models import UnitClosure
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import CauseCatalogue
from vungmanh.strengthening.models import FileCause, SupportFile


def since_of(file: SupportFile) -> dt.date:
    """From when visits tell of a unit as it was when it was chosen: a year before its entry."""
    return add_months(month_of(file.entered_on), -12)


def visits_on_site(file: SupportFile, until: dt.date) -> QuerySet[Visit]:
    """The visits that may show a cause: a meeting of the unit or below it was attended."""
    within = UnitClosure.objects.filter(ancestor_id=file.unit_id).values("descendant_id")
    return Visit.objects.filter(
        unit_id__in=within, attended=True, withdrawn_at=None, on__range=(since_of(file), until)
    )


def seen_on_site(causes: Collection[FileCause]) -> dict[UUID, dt.date]:
    """The day on which each was seen, by its id; nothing where the visit no longer stands.

    One query, none where no visit is named.
    """
    named = {one.pk: one.verified_visit for one in causes if one.verified_visit is not None}
    if not named:
        return {}
    # A cell that was visited may be out of sight: whoever reads the cause reads that it was seen.
    with wall.lowered():
        stand = Visit.objects.filter(pk__in=named.values(), attended=True, withdrawn_at=None)
        days = dict(stand.values_list("pk", "on"))
    return {cause: days[visit] for cause, visit in named.items() if visit in days}


def not_looked_at(causes: Collection[FileCause], on: dt.date) -> list[str]:
    """What the causes are called that still want a look before they are put forward."""
    catalogue, seen = load_rulebook().on(on).of(CauseCatalogue), seen_on_site(causes)
    waiting = []
    for one in causes:
        known = catalogue.cause(one.cause)
        asks = known is not None and known.asks_second_look
        if known is not None and asks and one.pk not in seen and one.second_agrees is None:
            waiting.append(known.text)
    return waiting
