"""What lies open in a unit when somebody comes into a post, to be handed over.

Facts of the unit from four places, each as its reader may read it: what checks found, what is held
against it, the causes and measures of its file, its tasks. Nothing here is said of a person. A
vacancy that is filled is nothing to hand over, though the figures of its month still tell it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import MeasureState
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.meetings.tasks import open_tasks
from vungmanh.org.findings import findings_visible
from vungmanh.org.queries import secretary_of
from vungmanh.strengthening.file_list import open_file_of
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.file_words import cause_words, measure_words
from vungmanh.strengthening.flags import Stage, flags_of, stage_of
from vungmanh.strengthening.queries import VACANT
from vungmanh.strengthening.reason_texts import reason_label

_STANDING = (Stage.ANSWERED, Stage.OVERDUE, Stage.WAITING)


class OpenKind(Vocabulary):
    """Where something open comes from."""

    FINDING = "finding", "Kiểm tra sổ sách"
    FLAG = "flag", "Dấu hiệu cần củng cố"
    CAUSE = "cause", "Nguyên nhân trong hồ sơ củng cố"
    MEASURE = "measure", "Biện pháp trong hồ sơ củng cố"
    TASK = "task", "Việc được giao"


@dataclass(frozen=True)
class OpenItem:
    """One thing open in a unit on a day. `place` is the record it opens: a file's, else its own."""

    kind: OpenKind
    id: str
    place: UUID
    title: str
    owner: str = ""
    due_on: dt.date | None = None

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.id}"


def open_items(viewer: Viewer, unit_id: UUID, on: dt.date) -> list[OpenItem]:
    """Everything open in a unit in sight, by where it comes from, then by when it is due."""
    found = [*_findings(viewer, unit_id, on), *_flags(viewer, unit_id, on)]
    found += [*_file(viewer, unit_id, on), *_tasks(unit_id, on)]
    order = list(OpenKind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.due_on or dt.date.max, one.id))


def _findings(viewer: Viewer, unit_id: UUID, on: dt.date) -> Iterator[OpenItem]:
    for one in findings_visible(viewer, on).filter(unit_id=unit_id, accepted_at=None):
        yield OpenItem(OpenKind.FINDING, str(one.pk), one.pk, one.what)


def _flags(viewer: Viewer, unit_id: UUID, on: dt.date) -> Iterator[OpenItem]:
    secretary = secretary_of(unit_id, on)
    solved = {VACANT} if secretary.in_post and not secretary.is_acting else set()
    for one in flags_of(viewer, unit_id, on):
        if stage_of(one, on) in _STANDING and one.reason not in solved:
            label = reason_label(one.reason)
            yield OpenItem(OpenKind.FLAG, str(one.pk), one.pk, label, due_on=one.reply_by)


def _file(viewer: Viewer, unit_id: UUID, on: dt.date) -> Iterator[OpenItem]:
    file = open_file_of(viewer, unit_id)
    if file is None:
        return
    shown = shown_of(viewer, file)
    for cause in shown.causes:
        if cause.withdrawn_at is None:
            words = cause_words(cause.cause, on)
            yield OpenItem(OpenKind.CAUSE, str(cause.pk), file.pk, words)
    for one in shown.measures:
        if one.state == MeasureState.PLANNED:
            words = measure_words(one.kind, on)
            yield OpenItem(OpenKind.MEASURE, str(one.pk), file.pk, words, one.owner, one.due_on)


def _tasks(unit_id: UUID, on: dt.date) -> Iterator[OpenItem]:
    for one in open_tasks([unit_id], on):
        yield OpenItem(OpenKind.TASK, str(one.id), one.id, one.title, one.owner, one.due_on)
