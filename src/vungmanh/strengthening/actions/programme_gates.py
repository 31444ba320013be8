"""The gates of a draft: by which day which levels report what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months
from vungmanh.core.programme_words import GateKind
from vungmanh.core.vocabulary import UnitKind
from vungmanh.rulebook.values.programmes import GatePoint
from vungmanh.strengthening.actions.programme_hand import held_draft, note, saved, words_of
from vungmanh.strengthening.kinds_standing import kinds_standing
from vungmanh.strengthening.models import Programme, ProgrammeGate

ASKS, MOST_GATES = 2000, 40
HALF = -2  # the year of a gate at half of the programme
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
        gone = _gone(found, said)
        if gone:
            raise InputError(
                f"Mốc {number}: ngày ấy không còn cấp “{gone[0].label}”; bỏ cấp ấy ra.",
                field=f"gates[{number}].levels", code="level-gone",
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


def propose_gates(made: Programme, points: Sequence[GatePoint]) -> None:
    """Give a new programme the gates of the rulebook, for the kinds that stand on each day."""
    for point in points:
        for day in _days(point, made):
            there = kinds_standing(made.unit_id, day)
            levels = [kind for kind in point.levels if kind in there] or point.levels
            ProgrammeGate.objects.create(
                programme=made, kind=point.kind, due_on=day, asks=point.asks,
                levels=[kind.value for kind in levels],
            )  # fmt: skip


def _days(point: GatePoint, programme: Programme) -> list[dt.date]:
    """The days of a gate within the years of a programme; a yearly one has many."""
    years = range(programme.first_year, programme.last_year + 1)
    if point.year == HALF:
        month = add_months(dt.date(years[0], 1, 1), 6 * len(years) - 1)
        return [month.replace(day=point.day)]
    if point.year == -1:
        chosen = [years[-1]]
    elif point.year == 0:
        chosen = list(years)
    else:
        chosen = list(years[point.year - 1 : point.year])
    return [dt.date(year, point.month, point.day) for year in chosen]


def _gone(found: Programme, said: GateText) -> list[UnitKind]:
    """Of those asked to report, the kinds that no longer stand that day."""
    there = kinds_standing(found.unit_id, said.due_on)
    return [kind for kind in said.levels if there and kind not in there]
