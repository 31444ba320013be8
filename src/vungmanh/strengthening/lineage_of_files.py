"""Files of units that a reform ended: to whom they may be carried, and what rests on a decision.

What happens is decided by people (`actions.file_lineage`). The structure alone tells who the heirs
are; a unit that has ended itself is followed on to its own heirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from vungmanh.access import wall
from vungmanh.core.programme_words import FileAct, FileFate, FileState
from vungmanh.org.models import Lineage, Reform, UnitVersion
from vungmanh.strengthening.models import FileEntry, SupportFile
from vungmanh.strengthening.models.files import OVER


@dataclass(frozen=True)
class HeirOfFile:
    """A living unit that took a share of the one that ended. `has_file`: it has an open file of
    its own, so that no second one can be carried to it."""

    unit_id: UUID
    name: str
    share: float
    has_file: bool


@dataclass(frozen=True)
class Proposal:
    """What the structure lets propose for an open file; people decide."""

    fate: FileFate
    heir: HeirOfFile | None


def is_alive(unit_id: UUID, day: dt.date) -> bool:
    return UnitVersion.objects.filter(unit_id=unit_id, valid__contains=day).exists()


def of_ended_units(day: dt.date) -> Q:
    """The files whose unit is no longer there on a day."""
    alive = UnitVersion.objects.filter(unit_id=OuterRef("unit_id"), valid__contains=day)
    return Q(~Exists(alive)) & ~Q(state__in=OVER)


def heirs_of(unit_id: UUID, day: dt.date) -> list[HeirOfFile]:
    """The living heirs of a unit that has ended, the largest share first.

    Read past the wall: an heir may stand in another committee's scope; its name and share alone
    are told to whoever follows the file.
    """
    with wall.lowered():
        shares = _shares(unit_id)
        living = UnitVersion.objects.filter(unit_id__in=shares, valid__contains=day)
        names = dict(living.values_list("unit_id", "name"))
        taken = set(
            SupportFile.objects.filter(unit_id__in=shares)
            .exclude(state__in=OVER)
            .values_list("unit_id", flat=True)
        )
    found = [HeirOfFile(unit, name, shares[unit], unit in taken) for unit, name in names.items()]
    return sorted(found, key=lambda one: (-one.share, one.name, one.unit_id))


def _shares(unit_id: UUID) -> dict[UUID, float]:
    """What share of a unit came to each later one, through however many reforms."""
    found: dict[UUID, float] = {}
    asked = {unit_id: 1.0}
    while asked:
        rows = Lineage.objects.filter(predecessor_id__in=asked)
        nexts: dict[UUID, float] = {}
        for one in rows:
            share = asked[one.predecessor_id] * one.share
            nexts[one.successor_id] = nexts.get(one.successor_id, 0.0) + share
        for unit, share in nexts.items():
            found[unit] = found.get(unit, 0.0) + share
        asked = nexts
    return found


def proposal_for(file: SupportFile, heirs: Iterable[HeirOfFile]) -> Proposal:
    """Carry it to the largest heir without a file; a unit that already holds, or that nobody took
    over, ends with its file."""
    free = [one for one in heirs if not one.has_file]
    if not free or file.state == FileState.HOLDING:
        return Proposal(FileFate.END, None)
    return Proposal(FileFate.CARRY, free[0])


def open_states_of(units: Iterable[UUID]) -> dict[UUID, FileState]:
    """Which of these units have an open file, and in which state. One query."""
    found = SupportFile.objects.filter(unit_id__in=list(units)).exclude(state__in=OVER)
    return {unit: FileState(state) for unit, state in found.values_list("unit_id", "state")}


def asked_of(file: SupportFile) -> FileEntry | None:
    """The last proposal for a file whose unit ended."""
    return file.entries.filter(act=FileAct.ASK_LINEAGE).order_by("-number").first()


def reform_that_ended(unit_id: UUID) -> str:
    """The id of the reform that ended a unit; "" where the register was loaded so."""
    found = Lineage.objects.filter(predecessor_id=unit_id).exclude(reform=None).first()
    return str(found.reform_id) if found else ""


def carried_by(reform: Reform) -> list[SupportFile]:
    """The open files that stand where they do because of this reform."""
    rows = FileEntry.objects.filter(
        act=FileAct.APPROVE_CARRY, content__reform=str(reform.pk)
    ).select_related("file")
    return [
        one.file
        for one in rows.order_by("file_id", "number")
        if one.file.line and one.file.line[-1]["unit"] == one.content["from"]
    ]


def files_in_the_way(reform: Reform) -> list[str]:
    """Why a reform cannot be taken back yet: files carried because of it, each with the way out."""
    found = carried_by(reform)
    units = [UUID(one.line[-1]["unit"]) for one in found]
    named = UnitVersion.objects.filter(unit_id__in=units).order_by("valid")
    names = dict(named.values_list("unit_id", "name"))
    return [
        f"Hồ sơ củng cố của {names.get(unit, '')} đã mang sang nơi kế tiếp theo việc sắp xếp này: "
        "cấp quyết định bỏ quyết định ấy ở trang hồ sơ trước."
        for unit in units
    ]
