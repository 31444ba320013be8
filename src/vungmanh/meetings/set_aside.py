"""Months whose record is not believed for now, since it repeats another: an assessment counts them
as not known, never as not held.

Only what repeats another record as a whole, and only the later by the day of filing; until a person
has said that it is lawful, of one event, from a template, or an error of the program. A record that
repeats a part, or has nothing of its own, sets nothing aside: those signs are weaker.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule, ObligationKind
from vungmanh.meetings.lookalikes import standing_versions
from vungmanh.meetings.models import MeetingVersion, TextLikeness

RULES = (LikenessRule.WHOLE, LikenessRule.OWN)
OUTCOMES = ("", LikenessOutcome.NEEDS_TALK)


#: Reports of a cell of which one was refuted, from eleven months before that one to the day of the
#: inspection or eleven months after it, unless an inspection could tell of them too.
_IN_DOUBT_SQL = """
  SELECT DISTINCT report.unit_id, report.month
  FROM meetings_meetingreport report
  JOIN meetings_inspectionmonth refuted
    ON (refuted.unit_id, refuted.kind) = (report.unit_id, report.kind)
  JOIN meetings_inspection inspection ON inspection.id = refuted.inspection_id
  WHERE report.kind = %(kind)s AND report.state = 'held'
    AND report.month BETWEEN %(first)s AND %(last)s
    AND refuted.stands AND refuted.reported = 'held' AND refuted.verified = 'not_held'
    AND report.month BETWEEN refuted.month - interval '11 months'
                         AND least(refuted.month + interval '11 months', inspection."on")
    AND NOT EXISTS (SELECT 1 FROM meetings_inspectionmonth seen
                    WHERE (seen.unit_id, seen.kind, seen.month) =
                          (report.unit_id, report.kind, report.month) AND seen.stands)
"""


def months_in_doubt(first: dt.date, last: dt.date) -> set[tuple[UUID, dt.date]]:
    """(unit, month) of regular meetings reported as held that are not believed for now, since an
    inspection refuted another report of the same cell and year."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_DOUBT_SQL, {"kind": ObligationKind.REGULAR, "first": first, "last": last}
        )
        return set(cursor.fetchall())


def months_set_aside(first: dt.date, last: dt.date) -> set[tuple[UUID, dt.date]]:
    """(unit, month) of the regular meetings in the months `first` to `last` that are set aside."""
    other_stands = MeetingVersion.objects.filter(  # nobody repeats what was taken back
        meeting=OuterRef("other_version__meeting"), returned_at=None, retracted_at=None
    )
    found = TextLikeness.objects.filter(
        Exists(other_stands),
        month__range=(first, last),
        rule__in=RULES,
        outcome__in=OUTCOMES,
        order_known=True,
        version__meeting__kind=ObligationKind.REGULAR,
        version__in=standing_versions().values("pk"),
    )
    return set(found.order_by().values_list("unit_id", "month"))
