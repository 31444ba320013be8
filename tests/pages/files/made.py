"""A file as it stands after a decision, without the choosing that led to it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.core.programme_words import (
    ChoiceWay,
    EvidenceTier,
    FileAct,
    FileState,
    MeasureState,
    ProgrammeState,
    SelectionState,
)
from vungmanh.strengthening.models import (
    Choice,
    FileCause,
    FileEntry,
    FileMeasure,
    InputSnapshot,
    Programme,
    Selection,
    SupportFile,
)

TODAY = AT.date()
TERMS = {
    "criteria": [{"check": "held_percent", "minimum": 90}, {"check": "not_weak", "minimum": None}],
    "months": 6, "independent": 1, "hold_months": 12, "label_months": 0,
}  # fmt: skip
ENTRY = {
    "month": "2018-12", "status": "weak", "due": 36, "held": 12, "not_held": 24, "no_report": 0,
    "cells": 3, "reasons": [],
}  # fmt: skip


def support_file(unit: UUID, handler: UUID, *, on: dt.date = TODAY) -> SupportFile:
    """The file of a unit that a committee chose, follows and decides on."""
    snapshot, _ = InputSnapshot.objects.get_or_create(
        digest="0" * 64, defaults={"content": b"x", "size": 1, "made_at": AT}
    )
    programme, _ = Programme.objects.get_or_create(
        unit_id=handler, title="Đề án thử", title_fold="de an thu", number="453-QĐ/TU",
        decided_on=on, first_year=on.year, last_year=on.year + 4, state=ProgrammeState.RUNNING,
    )  # fmt: skip
    selection, _ = Selection.objects.get_or_create(
        programme=programme, unit_id=handler, year=on.year, defaults={
            "month": dt.date(2018, 12, 1), "state": SelectionState.DECIDED, "decided_on": on,
            "decided_at": AT, "number": "12-QĐ/TU", "rulebook_version": "x", "code_version": "x",
            "snapshot": snapshot, "seed": "0", "result_hash": "0", "made_at": AT,
            "result": {"chosen": [], "start_years": {}},
        },
    )  # fmt: skip
    choice, _ = Choice.objects.get_or_create(
        selection=selection, unit_id=unit, year=on.year,
        defaults={"position": 1, "way": ChoiceWay.RULE},
    )  # fmt: skip
    file, is_new = SupportFile.objects.get_or_create(
        choice=choice, defaults={
            "programme": programme, "unit_id": unit, "handler_id": handler, "approver_id": handler,
            "entered_on": on, "state": FileState.CHOSEN, "entry": ENTRY,
            "exit_rule": "MAU-ra-khoi-dien", "exit_terms": TERMS, "revision": 1,
        },
    )  # fmt: skip
    if is_new:
        FileEntry.objects.create(
            file=file, number=1, act=FileAct.OPEN, state=FileState.CHOSEN, on=on, at=AT
        )
    return file


def cause_and_measure(file: SupportFile) -> tuple[FileCause, FileMeasure]:
    """A cause named and a measure planned, nothing approved yet."""
    cause, _ = FileCause.objects.get_or_create(
        file=file, cause="meetings_taken_lightly",
        defaults={"evidence": "Chỉ họp bốn kỳ trong năm.", "at": AT},
    )  # fmt: skip
    measure, _ = FileMeasure.objects.get_or_create(
        file=file, kind="attach_overseer", defaults={
            "causes": ["meetings_taken_lightly"], "owner": "Đảng ủy xã",
            "starts_on": file.entered_on, "due_on": file.entered_on + dt.timedelta(days=90),
            "output": "Mỗi chi bộ một người",
            "tier": EvidenceTier.NONE, "state": MeasureState.PLANNED, "at": AT,
        },
    )  # fmt: skip
    return cause, measure


def filed(unit: UUID, handler: UUID) -> dict[str, object]:
    """What leads to a file of a unit, to its cause and to its measure."""
    file = support_file(unit, handler, on=dt.date(2020, 1, 15))
    cause, measure = cause_and_measure(file)
    return {"file_id": file.pk, "cause_id": cause.pk, "measure_id": measure.pk}
