"""The gates of a draft: by which day which levels report what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.programme_words import GateKind
from vungmanh.core.vocabulary import UnitKind
from vungmanh.strengthening.actions.programme_hand import held_draft, note, saved, words_of
from vungmanh.strengthening.models import ProgrammeGate

ASKS, MOST_GATES = 2000, 40
#: The kinds of committee that may be asked to report.
LEVELS = (
    UnitKind.DANG_BO_HUYEN,
    UnitKind.DANG_BO_CAP_TREN,
    UnitKind.DANG_BO_XA,
    UnitKind.DANG_BO_CO_SO,
)


@dataclass(frozen=True)
class GateText:
    """One gate: its kind, its day, what each of `levels` must report."""

    kind: GateKind
    due_on: dt.date
    levels: Sequence[UnitKind]
    asks: str


@transaction.atomic
def set_gates(
    *, programme_id: UUID, gates: Sequence[GateText], by: Viewer, at: dt.datetime
) -> list[ProgrammeGate]:
    """The gates of a draft in the place of those before: nobody has reported at them yet.

    Raises NotFound, NotNow (approved: with what to do instead), InputError with the number of the
    line.
    """
    found = held_draft(programme_id, by, at)
    if len(gates) > MOST_GATES:
        raise InputError(f"Nhiều nhất {MOST_GATES} mốc.", field="gates", code="too-many")
    made, seen = [], set()
    for number, said in enumerate(gates, start=1):
        asks = words_of(said.asks, f"gates[{number}].asks", ASKS, least=10)
        if not found.first_year <= said.due_on.year <= found.last_year:
            raise InputError(
                f"Mốc {number}: ngày phải trong các năm của đề án "
                f"({found.first_year} đến {found.last_year}).",
                field=f"gates[{number}].due_on", code="bad-day",
            )  # fmt: skip
        if (said.kind, said.due_on) in seen:
            raise InputError(
                f"Mốc {number}: trùng loại và ngày với một mốc ở trên; đổi ngày hoặc bỏ bớt.",
                field=f"gates[{number}].due_on", code="gate-twice",
            )  # fmt: skip
        if not said.levels or not set(said.levels) <= set(LEVELS):
            raise InputError(
                f"Mốc {number}: chọn ít nhất một cấp phải báo cáo.",
                field=f"gates[{number}].levels", code="no-level",
            )  # fmt: skip
        seen.add((said.kind, said.due_on))
        levels = [kind.value for kind in LEVELS if kind in said.levels]
        made.append(
            ProgrammeGate(
                programme=found, kind=said.kind, due_on=said.due_on, asks=asks, levels=levels
            )
        )
    found.gates.all().delete()
    ProgrammeGate.objects.bulk_create(made)
    saved(found)
    note("programme.gates_set", found, by, at, {"gates": len(made)})
    return made
