"""Reads about flags: those of a unit, those that wait, how often a reason was right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import FlagFate, Reach, Role, Vocabulary
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.strengthening.models import Flag


class Stage(Vocabulary):
    """Where a flag stands on its way to a conclusion."""

    ANSWERED = "answered", "Đã giải trình, chờ kết luận"
    OVERDUE = "overdue", "Hết hạn, chưa giải trình"
    WAITING = "waiting", "Chờ đơn vị giải trình"
    CONCLUDED = "concluded", "Đã kết luận"
    CLEARED = "cleared", "Đã hết theo số liệu mới"


def flags_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Flag]:
    """The flags of the units the viewer sees on a day, and of units gone by then.

    What was held against a unit that was merged stays to be read by whoever sees its heirs, or saw
    it on its last day; precision counts it.
    """
    gone = ended_units_visible(viewer, on)
    return Flag.objects.filter(Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone))


def flag_visible(viewer: Viewer | None, flag_id: UUID, on: dt.date) -> Flag:
    """One flag. Raises NotFound alike for absent and out of sight."""
    flag = flags_visible(viewer, on).filter(pk=flag_id).first()
    if flag is None:
        raise NotFound("Không tìm thấy lý do này trong phạm vi của đồng chí.", code="no-flag")
    return flag


def flags_of(viewer: Viewer | None, unit_id: UUID, on: dt.date) -> list[Flag]:
    """Every flag of one unit, standing ones first, then the latest."""
    found = flags_visible(viewer, on).filter(unit_id=unit_id)
    found = found.select_related("concluded_by").prefetch_related("replies__by")
    return sorted(found, key=lambda f: (f.cleared_month is not None, -f.since_month.toordinal()))


def at_stage(found: QuerySet[Flag], stage: Stage, on: dt.date) -> QuerySet[Flag]:
    """The flags of one stage."""
    standing = found.filter(cleared_month=None, fate="")
    match stage:
        case Stage.ANSWERED:
            return standing.filter(is_answered=True)
        case Stage.OVERDUE:
            return standing.filter(is_answered=False, reply_by__lt=on)
        case Stage.WAITING:
            return standing.filter(is_answered=False, reply_by__gte=on)
        case Stage.CONCLUDED:
            return found.exclude(fate="")
        case _:
            return found.filter(fate="").exclude(cleared_month=None)


def stage_of(flag: Flag, on: dt.date) -> Stage:
    """The stage of one flag on a day."""
    if flag.fate:
        return Stage.CONCLUDED
    if flag.cleared_month is not None:
        return Stage.CLEARED
    if flag.is_answered:
        return Stage.ANSWERED
    return Stage.OVERDUE if flag.reply_by < on else Stage.WAITING


def speaks_for(viewer: Viewer, flag: Flag, on: dt.date) -> bool:
    """Whether the viewer may answer for the unit: its secretary, or the office held in it."""
    return can(viewer, "strengthening.flag.reply") and any(
        grant.unit_id == flag.unit_id for grant in viewer.grants
    )


def concludes_on(viewer: Viewer, flag: Flag, on: dt.date) -> bool:
    """Whether the viewer stands above the unit: who is judged does not conclude."""
    above = UnitClosure.objects.filter(
        descendant_id=flag.unit_id,
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW),
        depth__gt=0,
        valid__contains=on,
    )
    return can(viewer, "strengthening.flag.conclude") and above.exists()


@dataclass(frozen=True)
class Precision:
    """How often a reason was right: of so many raised, so many concluded, so many confirmed."""

    reason: str
    raised: int
    answered: int
    confirmed: int
    explained: int
    wrong_data: int

    @property
    def concluded(self) -> int:
        return self.confirmed + self.explained + self.wrong_data

    @property
    def share(self) -> float | None:
        """Confirmed of concluded; None while nothing has been concluded."""
        return self.confirmed / self.concluded if self.concluded else None


def precision_by_reason(viewer: Viewer | None, on: dt.date) -> list[Precision]:
    """One row a reason, over all flags the viewer sees, by how many were raised."""
    rows = (
        flags_visible(viewer, on)
        .values_list("reason")
        .annotate(
            raised=Count("pk"),
            answered=Count("pk", filter=Q(is_answered=True)),
            confirmed=Count("pk", filter=Q(fate=FlagFate.CONFIRMED)),
            explained=Count("pk", filter=Q(fate=FlagFate.EXPLAINED)),
            wrong_data=Count("pk", filter=Q(fate=FlagFate.WRONG_DATA)),
        )
    )
    found = [Precision(*row) for row in rows]
    return sorted(found, key=lambda one: (-one.raised, one.reason))


def waiting_for(viewer: Viewer, on: dt.date) -> QuerySet[Flag]:
    """What waits for this viewer: their own unit's unanswered flags, or answers to conclude on."""
    standing = flags_visible(viewer, on).filter(cleared_month=None, fate="")
    own = [grant.unit_id for grant in viewer.grants]
    if viewer.role is Role.CELL_SECRETARY:
        return standing.filter(is_answered=False, unit_id__in=own)
    return standing.filter(is_answered=True).exclude(unit_id__in=own)
