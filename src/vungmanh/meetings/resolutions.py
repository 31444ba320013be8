"""Reads about resolutions: who sees one, who was sent it, and what became of it below.

The roll-up keeps apart three things that look alike from above: *not received*, *received and not
done*, *late*.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.meetings.models import Receipt, Resolution
from vungmanh.meetings.tasks import answering_for, answers_for
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_held, units_visible, versions_visible


def resolutions_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Resolution]:
    """Those of units in sight on a day or gone by then, and those that were sent to one."""
    seen, gone = units_visible(viewer, on), ended_units_visible(viewer, on)
    sent = Receipt.objects.filter(resolution_id=OuterRef("pk"))
    return Resolution.objects.filter(
        Q(unit_id__in=seen)
        | Q(unit_id__in=gone)
        | Exists(sent.filter(unit_id__in=seen))
        | Exists(sent.filter(unit_id__in=gone))
    )


def resolution_visible(viewer: Viewer | None, resolution_id: UUID, on: dt.date) -> Resolution:
    """One resolution. Raises NotFound alike for absent and out of sight."""
    found = resolutions_visible(viewer, on).select_related("origin").filter(pk=resolution_id)
    resolution = found.first()
    if resolution is None:
        raise NotFound(
            "Không tìm thấy nghị quyết này trong phạm vi của đồng chí.", code="no-resolution"
        )
    return resolution


def receipts_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Receipt]:
    """What was sent to units in sight on a day, and to those gone by then."""
    gone = ended_units_visible(viewer, on)
    return Receipt.objects.filter(Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone))


def receipt_of(viewer: Viewer | None, receipt_id: UUID, on: dt.date) -> Receipt:
    """One sending. Raises NotFound alike for absent and out of sight."""
    found = receipts_visible(viewer, on).select_related("resolution").filter(pk=receipt_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy văn bản gửi này trong phạm vi của đồng chí.", code="no-receipt"
        )
    return found


def waiting_receipts(viewer: Viewer, on: dt.date) -> QuerySet[Receipt]:
    """What was sent to the very units in which the role is held, or they carry on, and waits."""
    own = answering_for([grant.unit_id for grant in viewer.grants], on)
    found = Receipt.objects.filter(unit_id__in=own, received_at=None)
    return found.select_related("resolution").order_by("sent_at", "pk")


# --- sending down ------------------------------------------------------------------------------


def senders_of(viewer: Viewer, resolution: Resolution, on: dt.date) -> list[UUID]:
    """The units from which the viewer may send it on to others below: its own, else those of the
    viewer that received it."""
    units = [resolution.unit_id]
    if not units_held(viewer, on).filter(descendant_id=resolution.unit_id).exists():
        has = resolution.receipts.exclude(received_at=None)
        own = [grant.unit_id for grant in viewer.grants]
        units = list(has.filter(unit_id__in=own).order_by("pk").values_list("unit_id", flat=True))
    below = UnitClosure.objects.filter(ancestor_id__in=units, depth__gt=0, valid__contains=on)
    above = set(below.order_by().values_list("ancestor_id", flat=True).distinct())
    return [unit for unit in units if unit in above]


def sends_from(viewer: Viewer, resolution: Resolution, unit_id: UUID) -> None:
    """Raise NotAllowed unless the viewer may send the resolution on from a unit."""
    has = resolution.receipts.filter(unit_id=unit_id).exclude(received_at=None)
    is_its = unit_id == resolution.unit_id or has.exists()
    if not (is_its and answers_for(viewer, unit_id, viewer.on)):
        raise NotAllowed(
            "Chỉ nơi ban hành, hoặc nơi đã nhận, mới gửi văn bản này xuống dưới. Nhận trước rồi "
            "gửi.",
            code="not-the-sender",
        )


def units_to_send(viewer: Viewer | None, unit_id: UUID, on: dt.date) -> QuerySet[UnitVersion]:
    """The units in sight below a unit on a day, in Vietnamese order."""
    below = UnitClosure.objects.filter(ancestor_id=unit_id, depth__gt=0, valid__contains=on)
    return versions_visible(viewer, on).filter(unit_id__in=below.values("descendant_id"))


# --- what became of it below ---------------------------------------------------------------------


@dataclass(frozen=True)
class RolledUp:
    """One unit directly below, with everything under it. A task of a unit that has not received
    counts in `unreceived`, whatever its term."""

    unit_id: UUID
    name: str
    sent: int
    received: int
    tasks: int
    done: int
    on_time: int
    late: int
    unreceived: int

    @property
    def not_received(self) -> int:
        return self.sent - self.received

    @property
    def doing(self) -> int:
        """Received, open, and still in term."""
        return self.tasks - self.done - self.late - self.unreceived


def roll_up(viewer: Viewer | None, resolution_id: UUID, below: UUID, on: dt.date) -> list[RolledUp]:
    """What became of a resolution and of those that apply it, by the units directly below one.

    A unit that has ended counts with its heir. Tasks dropped are not counted. Two queries whatever
    the number of units.
    """
    try:
        seen, parameters = units_visible(viewer, on).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _ROLL_UP.format(seen=seen),
            [resolution_id, on, on, below, on, on, *parameters, on, on, on, on],
        )
        counts = {row[0]: row[1:] for row in cursor.fetchall()}
    names = UnitVersion.objects.filter(unit_id__in=counts, valid__contains=on)
    ordered = names.order_by("name_key", "unit_id").values_list("unit_id", "name")
    return [RolledUp(unit, name, *counts[unit]) for unit, name in ordered]


_ROLL_UP = """
WITH RECURSIVE tree AS (
  SELECT id FROM meetings_resolution WHERE id = %s
  UNION
  SELECT one.id FROM meetings_resolution one JOIN tree ON one.origin_id = tree.id
), heir AS MATERIALIZED (
  SELECT DISTINCT ON (a.predecessor_id) a.predecessor_id AS old, a.successor_id AS new
  FROM org_ancestry a
  WHERE NOT EXISTS (SELECT FROM org_unitclosure c WHERE c.depth = 0
                    AND c.descendant_id = a.predecessor_id AND c.valid @> %s::date)
    AND EXISTS (SELECT FROM org_unitclosure c WHERE c.depth = 0
                AND c.descendant_id = a.successor_id AND c.valid @> %s::date)
  ORDER BY a.predecessor_id, a.share DESC, a.successor_id
), placed AS MATERIALIZED (
  SELECT low.descendant_id AS unit, kid.descendant_id AS place
  FROM org_unitclosure kid
  JOIN org_unitclosure low ON low.ancestor_id = kid.descendant_id
  WHERE kid.ancestor_id = %s AND kid.depth = 1 AND kid.valid @> %s::date
    AND low.valid @> %s::date AND (low.descendant_id IN ({seen})) IS TRUE
), sent AS MATERIALIZED (
  SELECT one.unit_id, one.resolution_id, one.received_at IS NOT NULL AS has
  FROM meetings_receipt one WHERE one.resolution_id IN (SELECT id FROM tree)
), said AS (
  SELECT coalesce(heir.new, sent.unit_id) AS unit, 1 AS sent, sent.has::int AS received,
         0 AS tasks, 0 AS done, 0 AS on_time, 0 AS late, 0 AS unreceived
  FROM sent LEFT JOIN heir ON heir.old = sent.unit_id
  UNION ALL
  SELECT coalesce(heir.new, task.unit_id), 0, 0, 1, is_done::int,
         (is_done AND task.ended_on <= task.due_on)::int,
         (NOT is_done AND told.has AND task.due_on < %s)::int,
         (NOT is_done AND NOT told.has)::int
  FROM meetings_task task
  LEFT JOIN heir ON heir.old = task.unit_id
  LEFT JOIN sent ON sent.unit_id = task.unit_id AND sent.resolution_id = task.resolution_id
  CROSS JOIN LATERAL (SELECT task.state = 'done' AND task.ended_on <= %s AS is_done,
                             coalesce(sent.has, true) AS has) told
  WHERE task.resolution_id IN (SELECT id FROM tree) AND task.given_on <= %s
    AND NOT (task.state = 'dropped' AND task.ended_on <= %s)
)
SELECT placed.place, sum(sent), sum(received), sum(tasks), sum(done), sum(on_time), sum(late),
       sum(unreceived)
FROM said JOIN placed ON placed.unit = said.unit
GROUP BY placed.place
"""
