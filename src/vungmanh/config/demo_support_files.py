"""The course of one file of the demonstration's scheme, by the acts that people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from vungmanh.access.models import User
from vungmanh.analysis.simulate.scheme import Help
from vungmanh.config import demo_support_words as words
from vungmanh.config.demo_support_people import (
    Committee,
    Hands,
    give_charge,
    passing_account,
)
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import CELL_KINDS, Role
from vungmanh.meetings.actions.tasks import close_task, give_task
from vungmanh.meetings.actions.visits import record_visit, task_from_visit
from vungmanh.meetings.models import Visit
from vungmanh.meetings.wishes import TaskWish
from vungmanh.org.models import Appointment, UnitClosure, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import CauseCatalogue, MeasureCatalogue
from vungmanh.strengthening.actions.diagnosis import (
    CauseText,
    approve_diagnosis,
    ask_diagnosis,
    second_opinion,
    verify_cause,
    write_cause,
)
from vungmanh.strengthening.actions.files import answer_file
from vungmanh.strengthening.actions.measures import (
    MeasureText,
    approve_plan,
    ask_plan,
    drop_measure,
    finish_measure,
    write_measure,
)
from vungmanh.strengthening.models import FileCause, FileMeasure, SupportFile
from vungmanh.strengthening.proofs import proofs_of
from vungmanh.strengthening.reason_texts import texts_of

MOST_CAUSES = 2
#: The figure behind each reason, as the catalogue of figures calls it.
FIGURES = {
    "meetings_held": "hop-du-ky",
    "meetings_undecided": "hop-du-ky",
    "failing_cells": "chi-bo-khong-dat",
    "secretary_vacant": "khuyet-bi-thu",
    "no_admission": "ket-nap",
    "few_official_members": "dang-vien-chinh-thuc",
    "resolution_carried": "nghi-quyet-keo-dai",
    "probably_weak": "xac-suat-yeu",
}


@dataclass
class FileStory:
    """A chosen organisation: its file, the help it gets and who acts."""

    file_id: UUID
    unit_id: UUID
    year: int
    help: Help
    committee: Committee
    number: int  # among all, from 1

    def day(self, month: int, day: int) -> dt.date:
        return dt.date(self.year, month, day)


def tell_first_year(story: FileStory, hands: Hands) -> None:
    """From the decision on: diagnosis, plan, help."""
    file = SupportFile.objects.get(pk=story.file_id)
    causes = _diagnose(story, file, hands)
    if story.number % 5 == 1:
        _answer(story, hands)
    _plan(story, [one.cause for one in causes], hands)
    visits = _help(story, hands)
    seen = Visit.objects.filter(pk__in=visits, attended=True).order_by("on", "pk").first()
    if seen is not None:
        on = story.day(4, 20)
        who = hands.hand(story.committee.office, on)
        verify_cause(cause_id=causes[0].pk, visit_id=seen.pk, **who)


def _diagnose(story: FileStory, file: SupportFile, hands: Hands) -> list[FileCause]:
    office = hands.hand(story.committee.office, story.day(2, 5))
    causes = [
        write_cause(file_id=file.pk, said=said, **office)
        for said in _causes_of(file.entry, story.day(2, 5))
    ]
    for one in causes:  # seen on site later, when overseers attend
        second_opinion(
            cause_id=one.pk, agrees=True, text=words.SECOND,
            **hands.hand(story.committee.second, story.day(2, 8)),
        )  # fmt: skip
    ask_diagnosis(file_id=file.pk, **hands.hand(story.committee.office, story.day(2, 9)))
    approve_diagnosis(file_id=file.pk, **hands.hand(story.committee.board, story.day(2, 15)))
    return causes


def _causes_of(entry: Mapping[str, Any], day: dt.date) -> list[CauseText]:
    """Causes that the reasons at entry point to, each with the figure it rests on."""
    catalogue = load_rulebook().on(day).of(CauseCatalogue)
    reasons = entry.get("reasons", [])
    found: dict[str, CauseText] = {}
    for reason, told in zip(reasons, texts_of(reasons, cells=entry.get("cells", 0)), strict=True):
        cause = next((one for one in catalogue.causes if reason["key"] in one.signals), None)
        figure = FIGURES.get(reason["key"])
        if not reason["weight"] or cause is None or figure is None or cause.code in found:
            continue
        link = {"kind": "figure", "id": f"{figure}@{entry['month']}"}
        found[cause.code] = CauseText(cause.code, told.sentence, (link,))
    return list(found.values())[:MOST_CAUSES] or [
        CauseText(words.FALLBACK_CAUSE, words.FALLBACK_EVIDENCE)
    ]


def _plan(story: FileStory, causes: Sequence[str], hands: Hands) -> None:
    office = hands.hand(story.committee.office, story.day(2, 20))
    for kind, owner, output, text in words.PLANS[story.help]:
        said = MeasureText(
            kind=kind, causes=causes, owner=owner, starts_on=story.day(2, 20),
            due_on=story.day(12, 15), output=output, text=text,
        )  # fmt: skip
        write_measure(file_id=story.file_id, said=said, **office)
    ask_plan(file_id=story.file_id, **hands.hand(story.committee.office, story.day(2, 22)))
    approve_plan(file_id=story.file_id, **hands.hand(story.committee.board, story.day(2, 27)))


def _answer(story: FileStory, hands: Hands) -> None:
    """The unit's own word, by an office of its own."""
    user = passing_account(f"donvi.{story.number:02d}", f"Văn phòng Thử, đơn vị {story.number:02d}")
    since, end = story.day(1, 1), dt.date(story.year + 2, 1, 1)
    give_charge(user, [story.unit_id], Role.COMMITTEE_OFFICE, since, end)
    who = hands.hand(user, story.day(2, 16))
    answer_file(file_id=story.file_id, text=words.ANSWER, **who)


def _help(story: FileStory, hands: Hands) -> list[UUID]:
    """What is done and recorded elsewhere; the visits made."""
    match story.help:
        case Help.A:
            return _overseers(story, hands)
        case Help.B:
            _class(story, hands)
        case Help.C:
            user = passing_account(
                f"capuyvien.{story.number:02d}.1",
                f"Cấp ủy viên Thử, {story.committee.name}, {story.number}.1",
            )
            _charge(story, user, [story.unit_id])
            return [
                _visit(story, user, story.unit_id, story.day(month, 14 + number), hands)
                for number, month in enumerate((4, 7, 10))
            ]
    return []


def _charge(story: FileStory, user: User, units: Sequence[UUID]) -> None:
    first, end = story.day(3, 1), dt.date(story.year + 2, 1, 1)
    give_charge(user, units, Role.OVERSEER, first, end, by=story.committee.board)


def _overseers(story: FileStory, hands: Hands) -> list[UUID]:
    """A member of the committee above for every few cells; what was found is put right."""
    on = story.day(3, 1)
    below = UnitClosure.objects.filter(ancestor_id=story.unit_id, valid__contains=on)
    cells = list(
        UnitVersion.objects.filter(
            unit_id__in=below.values("descendant_id"), kind__in=CELL_KINDS, valid__contains=on
        ).order_by("name_key").values_list("unit_id", flat=True)
    )  # fmt: skip
    visits = []
    for number, units in enumerate((cells[::2], cells[1::2]), start=1):
        if not units:
            continue
        user = passing_account(
            f"capuyvien.{story.number:02d}.{number}",
            f"Cấp ủy viên Thử, {story.committee.name}, {story.number}.{number}",
        )
        _charge(story, user, units)
        for month in (4, 9):
            day = story.day(month, 9 + number)
            visits.append(_visit(story, user, units[0], day, hands))
        if number == 1:
            _put_right(story, visits[0], user, hands)
    return visits


def _visit(story: FileStory, user: User, unit_id: UUID, day: dt.date, hands: Hands) -> UUID:
    found, agreed = words.VISITED[(day.month + story.number) % len(words.VISITED)]
    made = record_visit(
        id=uuid7(), unit_id=unit_id, on=day, attended=unit_id != story.unit_id, found=found,
        agreed=agreed, **hands.hand(user, day),
    )  # fmt: skip
    return made.pk


def _put_right(story: FileStory, visit_id: UUID, user: User, hands: Hands) -> None:
    title, output = words.PUT_RIGHT
    given, done = story.day(4, 12), story.day(5, 20)
    task = task_from_visit(
        visit_id=visit_id, wish=TaskWish(title, "Bí thư chi bộ", story.day(5, 31), output),
        **hands.hand(user, given),
    )  # fmt: skip
    close_task(
        task_id=task.pk, proof=words.PUT_RIGHT_PROOF, done_on=done,
        **hands.hand(story.committee.office, done),
    )  # fmt: skip


def _class(story: FileStory, hands: Hands) -> None:
    given, done = story.day(4, 15), story.day(9, 10)
    task = give_task(
        unit_id=story.unit_id,
        wish=TaskWish(words.CLASS, "Bí thư đảng ủy", story.day(9, 30), words.CLASS_OUTPUT),
        **hands.hand(story.committee.office, given),
    )
    close_task(
        task_id=task.pk, proof=words.CLASS_PROOF, done_on=done,
        **hands.hand(story.committee.office, done),
    )  # fmt: skip


def end_measures(story: FileStory, hands: Hands) -> None:
    """In December each ends with the record that proves it, or is dropped for want of one."""
    on = story.day(12, 15)
    who = hands.hand(story.committee.office, on)
    catalogue = load_rulebook().on(on).of(MeasureCatalogue)
    for one in FileMeasure.objects.filter(file_id=story.file_id).select_related("file"):
        kind = catalogue.measure(one.kind)
        proofs = [] if kind is None else [each.id for each in proofs_of(one, kind.proof, on)]
        if one.kind == "rotate_secretary":  # of the unit itself: a cell's is no rotation
            own = Appointment.objects.filter(pk__in=proofs, unit_id=story.unit_id)
            proofs = [str(key) for key in own.order_by("pk").values_list("pk", flat=True)]
        if proofs:
            finish_measure(measure_id=one.pk, proof=proofs[0], **who)
        else:
            reason = words.DROPPED.get(one.kind, words.NOT_ROTATED)
            drop_measure(measure_id=one.pk, reason=reason, **who)
