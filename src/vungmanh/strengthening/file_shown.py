"""What is read of a file: all of it where it is worked on and decided, else what is approved.

The unit itself, its overseers and committees in between read the causes and measures that were
approved, what was decided and what the unit said: never an opinion that nobody has approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access import wall
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileAct, FileSide
from vungmanh.core.vocabulary import Reach
from vungmanh.org.models import UnitClosure
from vungmanh.strengthening.file_sides import sides_of
from vungmanh.strengthening.models import (
    FileCause,
    FileEntry,
    FileMeasure,
    Handover,
    Selection,
    SupportFile,
)
from vungmanh.strengthening.standing_in import places_now

_INNER = ("strengthening.file.work", "strengthening.file.approve")
#: Acts whose entries everybody who sees the file reads; the reason is shown where True.
_TOLD = {
    FileAct.OPEN: True,
    FileAct.APPROVE_DIAGNOSIS: False,
    FileAct.APPROVE_PLAN: False,
    FileAct.END_MEASURE: True,
    FileAct.ANSWER: True,
    FileAct.ACCEPT_HAND_OVER: False,
    FileAct.APPROVE_EXIT: False,
    FileAct.CLOSE: False,
    FileAct.RELAPSE: True,
    FileAct.WITHDRAW: True,
    FileAct.APPROVE_CARRY: False,
    FileAct.END: True,
    FileAct.UNDO_LINEAGE: False,
}


@dataclass(frozen=True)
class Shown:
    """The file as one viewer reads it. `inside`: also what is not approved yet."""

    inside: bool
    entries: tuple[FileEntry, ...]
    causes: tuple[FileCause, ...]
    measures: tuple[FileMeasure, ...]
    handovers: tuple[Handover, ...]
    number: str  # of the decision that chose the unit

    @property
    def offer(self) -> Handover | None:
        """The hand-over that waits for an answer."""
        return next((one for one in self.handovers if one.answered_at is None), None)

    @property
    def own_words(self) -> list[FileEntry]:
        """What the unit itself said."""
        return [one for one in self.entries if one.act == FileAct.ANSWER]

    @property
    def approved(self) -> set[UUID]:
        """The measures of the last approved plan. Outside no other is read."""
        if not self.inside:
            return {one.pk for one in self.measures}
        return approved_of(self.entries)[1]


def shown_of(viewer: Viewer, file: SupportFile) -> Shown:
    """What the viewer reads of a file in sight."""
    # Decision and hand-overs stand at committees that may be out of sight: whoever sees the file
    # reads the number of its decision, and inside also to whom it was offered. Nothing else.
    with wall.lowered():
        number = Selection.objects.values_list("number", flat=True).get(pk=file.choice.selection_id)
        handovers = tuple(file.handovers.select_related("by", "answered_by"))
    inside = _reads_inside(viewer, file, handovers)
    entries = tuple(file.entries.select_related("by", "on_behalf"))
    causes = tuple(file.causes.select_related("by", "second_by"))
    measures = tuple(file.measures.select_related("by"))
    if inside:
        return Shown(True, entries, causes, measures, handovers, number)
    known, planned = approved_of(entries)
    return Shown(
        False,
        tuple(_told(one) for one in entries if one.act in _TOLD),
        tuple(one for one in causes if one.withdrawn_at is None and one.pk in known),
        tuple(one for one in measures if one.pk in planned),
        (),
        number,
    )


def _reads_inside(viewer: Viewer, file: SupportFile, offers: tuple[Handover, ...]) -> bool:
    """Whether the file is worked on, decided or offered at the viewer's committee or below it."""
    if not any(can(viewer, one) for one in _INNER):
        return False
    if sides_of(viewer, file) & {FileSide.HANDLER, FileSide.APPROVER}:
        return True
    places = set(places_now({file.handler_id, file.approver_id}, viewer.on).values())
    places |= {one.unit_id for one in offers if one.answered_at is None}
    return UnitClosure.objects.filter(
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW), descendant_id__in=places,
        valid__contains=viewer.on,
    ).exists()  # fmt: skip


def approved_of(entries: Iterable[FileEntry]) -> tuple[set[UUID], set[UUID]]:
    """Ids of the causes and of the measures of the last approvals, as they were asked for.

    By id: a cause withdrawn and written anew has the code of the one that was approved.
    """
    named, asked = set[UUID](), set[UUID]()
    causes, measures = set[UUID](), set[UUID]()
    for entry in entries:
        if entry.act == FileAct.ASK_DIAGNOSIS:
            named = {UUID(one) for one in entry.content.get("ids", ())}
        elif entry.act == FileAct.APPROVE_DIAGNOSIS:
            causes = named
        elif entry.act == FileAct.ASK_PLAN:
            asked = {UUID(one) for one in entry.content.get("measures", ())}
        elif entry.act == FileAct.APPROVE_PLAN:
            measures = asked
    return causes, measures


def _told(entry: FileEntry) -> FileEntry:
    if not _TOLD[FileAct(entry.act)]:
        entry.reason = ""
    return entry
