"""Everything that concerns a chosen unit, month by month, from a year before its entry on.

What was done with the file comes from the caller, already cut to what the viewer reads
(`file_shown`). The rest is read here: of the unit, and of what stood below it as far as it is in
sight. The number of queries does not grow with the months or with the units.
"""

from __future__ import annotations

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.models import Obligation
from vungmanh.meetings.queries import tallies_below
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.strengthening.file_shown import Shown
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.timeline_reads import READERS, acts_of
from vungmanh.strengthening.timeline_shapes import Span, TimelineMonth

MONTHS_BEFORE = 12


def timeline(
    viewer: Viewer, file: SupportFile, shown: Shown, *, until: dt.date
) -> list[TimelineMonth]:
    """The months in which something was due or happened, the earliest first."""
    span = span_of(viewer, file, until)
    tallies = tallies_below(
        file.unit_id, span.units, first=month_of(span.first), last=month_of(span.last),
        until=last_day(month_of(span.last)),
    )  # fmt: skip
    silent = any(marks.get("-") for marks in tallies.values())
    running = _not_due(span) if silent else set()
    months = {
        month: TimelineMonth(month, marks, is_due=month not in running)
        for month, marks in tallies.items()
    }
    found = [*acts_of(span, shown)]
    for reader in READERS:
        found += reader(span)
    for one in sorted(found, key=lambda one: (one.on, one.kind.value)):
        month = month_of(one.on)
        months.setdefault(month, TimelineMonth(month)).happenings.append(one)
    return [months[month] for month in sorted(months)]


def _not_due(span: Span) -> set[dt.date]:
    """The last months whose term of reporting has not passed by the end of the span."""
    since = add_months(month_of(span.last), -1)
    rows = Obligation.objects.filter(
        unit_id__in=span.units, kind=ObligationKind.REGULAR, month__gte=since,
        due_by__gte=span.last,
    )  # fmt: skip
    return set(rows.order_by().values_list("month", flat=True).distinct())


def span_of(viewer: Viewer, file: SupportFile, until: dt.date) -> Span:
    """From a year before the entry to `until`, or to the day the file ended."""
    first = add_months(month_of(file.entered_on), -MONTHS_BEFORE)
    last = max(min(until, file.ended_on or until), file.entered_on)
    seen = Q(descendant_id__in=units_visible(viewer, viewer.on))
    gone = Q(descendant_id__in=ended_units_visible(viewer, viewer.on))
    links = UnitClosure.objects.filter(
        seen | gone, ancestor_id=file.unit_id, valid__overlap=DateRange(first, last, "[]")
    )
    below = links.order_by("descendant_id").values_list("descendant_id", flat=True)
    units = tuple(below.distinct())
    named = UnitVersion.objects.filter(unit_id__in=units, valid__startswith__lte=last)
    names = dict(named.order_by("valid").values_list("unit_id", "name"))
    return Span(viewer, file, units, names, first, last)
