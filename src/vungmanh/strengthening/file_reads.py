"""Reads about the files of chosen units. Everything is cut to the viewer's scope first."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet, Value

from vungmanh.access import wall
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import FileAct, FileFate, FileState, MeasureState
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.strengthening.file_shown import approved_of
from vungmanh.strengthening.file_sides import is_offered_to, sides_of
from vungmanh.strengthening.file_states import STEPS, acts_for
from vungmanh.strengthening.lineage_of_files import asked_of, is_alive
from vungmanh.strengthening.models import FileEntry, Handover, SupportFile
from vungmanh.strengthening.persons import is_one_of

VIEW = "strengthening.file.view"
_ANSWERS_TO_OFFER = (FileAct.ACCEPT_HAND_OVER, FileAct.REFUSE_HAND_OVER)
_FATES = {FileAct.APPROVE_CARRY: FileFate.CARRY, FileAct.END: FileFate.END}
_APPROVALS = (
    FileAct.ASK_DIAGNOSIS, FileAct.APPROVE_DIAGNOSIS, FileAct.ASK_PLAN, FileAct.APPROVE_PLAN,
)  # fmt: skip
#: Acts that ask for an approval.
ASKING = tuple({step.answers for step in STEPS.values() if step.answers} - {FileAct.HAND_OVER})


def files_visible(viewer: Viewer | None) -> QuerySet[SupportFile]:
    """The files of the units in sight today, and of those gone whose past one sees."""
    if viewer is None or not can(viewer, VIEW):
        return SupportFile.objects.none()
    seen = Q(unit_id__in=units_visible(viewer, viewer.on))
    gone = Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    return SupportFile.objects.filter(seen | gone)


def file_visible(viewer: Viewer | None, file_id: UUID) -> SupportFile:
    """One file. Raises NotFound alike for absent and out of sight."""
    found = files_visible(viewer).select_related("programme", "choice")
    file = found.filter(pk=file_id).first()
    if file is None:
        raise NotFound("Không tìm thấy hồ sơ này trong phạm vi của đồng chí.", code="no-file")
    return file


def file_acts(viewer: Viewer, file: SupportFile) -> list[FileAct]:
    """What the viewer may do with a file now: by the table, the side and who asked before."""
    offer = open_offer(file)
    sides = sides_of(viewer, file)
    asked = last_asked(file)
    found = []
    may = acts_for(viewer.role, file.state_now)
    asks = {FileAct.ASK_DIAGNOSIS, FileAct.ASK_PLAN} & set(may)
    idle = asks - _acts_changed(file) if asks else asks
    for act in may:
        step = STEPS[act]
        if act in idle or not _fits(file, act, viewer):
            continue
        if act in _ANSWERS_TO_OFFER:
            if offer is not None and may_answer_offer(viewer, file, offer):
                found.append(act)
        elif act is FileAct.HAND_OVER and offer is not None:
            continue
        elif step.side in sides and not (step.answers and asked_by(viewer, asked)):
            found.append(act)
    review = STEPS[FileAct.REVIEW]
    if is_named_reviewer(viewer, file) and file.state_now in review.sources:
        found += [] if FileAct.REVIEW in found else [FileAct.REVIEW]
    return found


def is_named_reviewer(viewer: Viewer, file: SupportFile) -> bool:
    """Whether the viewer, or whoever lent the role, was named for a review not yet written."""
    return file.review_due is not None and is_one_of(viewer, file.reviewer_id)


def _fits(file: SupportFile, act: FileAct, viewer: Viewer) -> bool:
    """Whether an act about the end of a unit fits what happened to this one."""
    if act is FileAct.WITHDRAW:
        return False
    if act is FileAct.ASK_LINEAGE:
        return not is_alive(file.unit_id, viewer.on)
    if act is FileAct.UNDO_LINEAGE:
        return bool(file.line)
    if act in _FATES:
        asked = asked_of(file)
        return asked is not None and asked.content.get("fate") == _FATES[act]
    return True


def _acts_changed(file: SupportFile) -> set[FileAct]:
    """Of asking for a diagnosis and for a plan: what has something that is not approved already."""
    both = {FileAct.ASK_DIAGNOSIS, FileAct.ASK_PLAN}
    if file.state not in {FileState.DIAGNOSED, FileState.ACTING}:
        return both
    causes, measures = approved_of(file.entries.filter(act__in=_APPROVALS))
    named = file.causes.filter(withdrawn_at=None).order_by().values_list("pk", Value(True))
    open_ = file.measures.filter(state=MeasureState.PLANNED).order_by()
    told = list(named.union(open_.values_list("pk", Value(False)), all=True))
    changed = set()
    if {pk for pk, is_cause in told if is_cause} != causes:
        changed.add(FileAct.ASK_DIAGNOSIS)
    is_new = not {pk for pk, is_cause in told if not is_cause} <= measures
    if file.state == FileState.DIAGNOSED or is_new:
        changed.add(FileAct.ASK_PLAN)
    return changed


def open_offer(file: SupportFile) -> Handover | None:
    """The hand-over that waits for an answer.

    It may be offered to a committee above what the viewer sees: that it waits is no secret of it.
    """
    with wall.lowered():
        return file.handovers.filter(answered_at=None).first()


def may_answer_offer(viewer: Viewer, file: SupportFile, offer: Handover) -> bool:
    """Whether a file is offered to the viewer, by somebody else."""
    return is_offered_to(viewer, offer.unit_id) and not asked_by(viewer, last_handed_over(file))


def last_handed_over(file: SupportFile) -> FileEntry | None:
    """The entry of the last offer to another committee."""
    return file.entries.filter(act=FileAct.HAND_OVER).order_by("-number").first()


def state_before(file: SupportFile, act: FileAct) -> FileState:
    """The state in which an act was last done: where the file returns when it is sent back."""
    asked = file.entries.filter(act=act).order_by("-number").first()
    if asked is not None:
        before = file.entries.filter(number__lt=asked.number).order_by("-number").first()
        if before is not None:
            return FileState(before.state)
    return STEPS[act].sources[0]


def last_asked(file: SupportFile) -> FileEntry | None:
    """The last request for an approval."""
    return file.entries.filter(act__in=ASKING).order_by("-number").first()


def asked_by(viewer: Viewer, entry: FileEntry | None) -> bool:
    """Whether the viewer, or whoever lent the role, did this act, in person or by proxy."""
    return entry is not None and is_one_of(viewer, entry.by_id, entry.on_behalf_id)
