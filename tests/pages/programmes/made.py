"""A programme of a small committee with a decided selection of one cell, for pages to stand on."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.analysis.choosing import Candidate
from vungmanh.core.programme_words import ProgrammeState, SelectionState
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening.choosing import Asked, compute, hash_of, inputs_of
from vungmanh.strengthening.models import (
    Choice,
    Programme,
    ProgrammeGate,
    Selection,
    SelectionAppeal,
)
from vungmanh.strengthening.snapshot_store import keep_bytes

MONTH = dt.date(2019, 12, 1)


def programme_of(unit: UUID) -> Programme:
    """A programme that runs, with a target and a gate at which communes report."""
    made, is_new = Programme.objects.get_or_create(
        unit_id=unit, title="Đề án có mốc", defaults={
            "title_fold": "de an thu", "number": "453-QĐ/TU", "decided_on": AT.date(),
            "first_year": 2026, "last_year": 2030, "state": ProgrammeState.RUNNING,
        },
    )  # fmt: skip
    if is_new:
        made.targets.create(
            number=1, text="Họp đủ kỳ", indicator="hop-du-ky", aim_value=100,
            due_on=dt.date(2030, 12, 31),
        )  # fmt: skip
        ProgrammeGate.objects.create(
            programme=made, kind="yearly", due_on=dt.date(2026, 12, 15), asks="Nơi đã chọn.",
            levels=["dang_bo_xa"],
        )  # fmt: skip
    return made


def selection_of(unit: UUID, above: UUID, programme: Programme) -> Selection:
    """The decided selection of a committee whose table holds one cell, which is chosen."""
    found = Selection.objects.filter(unit_id=above, programme=programme).first()
    if found is not None:
        return found
    candidate = Candidate(
        id=str(unit), code="a", area="Mẫu Thượng", kind="village", size=9, cells=1,
        is_silent=False, is_weak=True, bad_periods=2, heavy=1, probability=0.9, reported=1.0,
    )  # fmt: skip
    rule = load_rulebook().on(AT.date()).rule(SelectionRule.key)
    value = rule.value
    assert isinstance(value, SelectionRule)
    inputs = inputs_of([candidate], value, Asked(1), year=2026, seed="00ff")
    result = compute(inputs)
    made = Selection.objects.create(
        programme=programme, unit_id=above, year=2026, month=MONTH, state=SelectionState.DECIDED,
        rules={SelectionRule.key: rule.id}, rulebook_version=load_rulebook().version,
        code_version="0", snapshot=keep_bytes(inputs, AT), seed="00ff", result=result,
        result_hash=hash_of(result), made_at=AT, decided_at=AT, decided_on=AT.date(), number="1",
    )  # fmt: skip
    Choice.objects.create(selection=made, unit_id=unit, year=2026, position=1, way="rule")
    return made


def chosen(unit: UUID, above: UUID, by: User) -> dict[str, object]:
    """The parameters that lead to a programme of `above` and to its choice of `unit`."""
    programme = programme_of(above)
    selection = selection_of(unit, above, programme)
    gate = programme.gates.first()
    choice = selection.choices.first()
    assert gate is not None
    assert choice is not None
    appeal = SelectionAppeal.objects.get_or_create(
        selection=selection, unit_id=unit, defaults={"text": "Đã tự khắc phục.", "by": by, "at": AT}
    )[0]
    return {
        "programme_id": programme.pk,
        "gate_id": gate.pk,
        "target_id": programme.targets.get().pk,
        "selection_id": selection.pk,
        "choice_id": choice.pk,
        "appeal_id": appeal.pk,
    }


def elsewhere(unit: UUID, above: UUID, by: User) -> dict[str, object]:
    """The same of another committee: what is known by an identifier that nobody can guess."""
    found = chosen(unit, above, by)
    return {name: found[name] for name in ("programme_id", "selection_id", "appeal_id")}
