"""Reviews, leaving, holding and relapse of the demonstration's files, by the terms of entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from vungmanh.config import demo_support_words as words
from vungmanh.config.demo_support_files import FileStory
from vungmanh.config.demo_support_people import Hands
from vungmanh.core.errors import NotNow
from vungmanh.core.programme_words import FileFate, FileState
from vungmanh.core.vocabulary import Status
from vungmanh.strengthening.actions.file_lineage import approve_end, ask_lineage
from vungmanh.strengthening.actions.file_reviews import review_file
from vungmanh.strengthening.actions.leaving import (
    approve_exit,
    ask_exit,
    close_file,
    relapse_file,
)
from vungmanh.strengthening.following import course_of
from vungmanh.strengthening.lineage_of_files import is_alive
from vungmanh.strengthening.models import Assessment, SupportFile

_ENDED_ON, _DECIDED_ON = dt.date(2025, 7, 10), dt.date(2025, 7, 15)


def review_half_year(story: FileStory, year: int, hands: Hands) -> None:
    """In June: a slow mover is reviewed by a named person; in its first year everybody is."""
    file = _open(story)
    on = dt.date(year, 6, 30)
    if file is None or file.state != FileState.ACTING:
        return
    slow = course_of(file, on).is_slow
    if slow or year == story.year:
        review_file(
            file_id=file.pk, kind="slow" if slow else "mid_year",
            text=words.SLOW if slow else words.MID_YEAR,
            reviewer=story.committee.board if slow else None,
            **hands.hand(story.committee.office, on),
        )  # fmt: skip


def turn_of_year(story: FileStory, year: int, hands: Hands) -> None:
    """In January of `year`: who holds has held or not; who meets the terms leaves; the others are
    carried over."""
    file = _open(story)
    if file is None:
        return
    asked, decided, closed = (dt.date(year, 1, day) for day in (8, 12, 15))
    if file.state == FileState.HOLDING:
        office = hands.hand(story.committee.office, decided)
        if _is_weak(file, year - 1):
            reason = words.RELAPSED.format(year=year - 1)
            relapse_file(file_id=file.pk, reason=reason, **office)
        elif file.hold_until is not None and file.hold_until < closed:
            _closed(file, hands.hand(story.committee.office, closed))
        return
    office = hands.hand(story.committee.office, asked)
    try:
        ask_exit(file_id=file.pk, **office)
    except NotNow as error:
        if error.code != "terms-not-met":
            raise
        review_file(file_id=file.pk, kind="year_end", text=words.YEAR_END, **office)
        return
    approve_exit(file_id=file.pk, **hands.hand(story.committee.board, decided))


def _closed(file: SupportFile, office: dict[str, Any]) -> None:
    """Done, unless the unit told too little for anybody to say that it held."""
    try:
        close_file(file_id=file.pk, **office)
    except NotNow as error:
        if error.code != "must-verify":
            raise


def end_with_the_unit(stories: Iterable[FileStory], hands: Hands, today: dt.date) -> None:
    """What is still open of a unit that the reform of 2025 merged ends with it."""
    if today < _DECIDED_ON:
        return
    for story in stories:
        file = _open(story)
        if file is None or is_alive(file.unit_id, _ENDED_ON):
            continue
        ask_lineage(
            file_id=file.pk, fate=FileFate.END, reason=words.ENDED,
            **hands.hand(story.committee.office, _ENDED_ON),
        )  # fmt: skip
        approve_end(file_id=file.pk, **hands.hand(story.committee.board, _DECIDED_ON))


def _open(story: FileStory) -> SupportFile | None:
    file = SupportFile.objects.get(pk=story.file_id)
    over = {FileState.CLOSED, FileState.RELAPSED, FileState.ENDED}
    return None if file.state_now in over else file


def _is_weak(file: SupportFile, year: int) -> bool:
    return Assessment.objects.filter(
        run__month=dt.date(year, 12, 1), unit_id=file.unit_id, status=Status.WEAK
    ).exists()
