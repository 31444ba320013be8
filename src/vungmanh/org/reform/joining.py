"""What to know of units that become one: names beside mere numbers, and stays between the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q

from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.text import number_vi
from vungmanh.org.models import MemberTransfer
from vungmanh.org.named import units_with_names
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.structure import Structure

_NAMED = 3  # units named in one sentence


def naming_warnings(structure: Structure, outcome: Outcome) -> Iterator[str]:
    """Lists that come to where no names are kept, and members without names to where they are."""
    pairs = [(one.predecessor, one.successor) for one in outcome.lineage]
    if not pairs:
        return
    stands = {heir: _stands_at(heir, outcome) for _unit, heir in pairs}
    asked = {unit for unit, _heir in pairs} | {unit for unit in stands.values() if unit}
    named = {str(u) for u in units_with_names([UUID(unit) for unit in asked], structure.on)}
    lost, bare = [], []
    for unit, heir in pairs:
        before, after = unit in named, stands[heir] in named
        if before and not after and structure.units[unit].listed:
            lost.append(unit)
        elif after and not before and any(structure.units[unit].counts.values()):
            bare.append(unit)
    if lost:
        yield (
            f"{_told(structure, lost)} ghi theo tên, nơi nhận chỉ ghi theo số: danh sách chuyển"
            " sang nhưng chưa dùng được cho đến khi bật ghi theo tên ở nơi nhận."
        )
    if bare:
        yield (
            f"{_told(structure, bare)} chỉ ghi theo số, nơi nhận ghi theo tên: bổ sung danh sách ở"
            " nơi nhận, không thì số và danh sách lệch nhau."
        )


def stay_warnings(outcome: Outcome) -> Iterator[str]:
    """Somebody away for a while in the very unit that theirs becomes: nobody can return there."""
    heirs: dict[str, list[str]] = {}
    for one in outcome.lineage:
        heirs.setdefault(one.predecessor, []).append(one.successor)
    going = [UUID(unit) for unit in heirs]
    stays = MemberTransfer.objects.filter(
        Q(from_unit__in=going) | Q(to_unit__in=going),
        kind=TransferKind.TEMPORARY, state=TransferState.ACCEPTED,
    ).exclude(returns__state=TransferState.ACCEPTED)  # fmt: skip
    number = 0
    for start, end, count in stays.values_list("from_unit_id", "to_unit_id", "count"):
        home = heirs.get(str(start), [str(start)])
        if home == heirs.get(str(end), [str(end)]) and len(home) == 1:
            number += count
    if number:
        yield (
            f"{number_vi(number)} người đang sinh hoạt tạm thời giữa hai nơi nay thành một: làm"
            " giấy trở về trước khi thực hiện, vì sau đó không còn hai nơi để trở về."
        )


def _stands_at(unit: str, outcome: Outcome) -> str | None:
    """The existing unit whose switch a receiver is under: itself, or what it is founded below."""
    below: str | None = unit
    while below is not None and below in outcome.created:
        below = outcome.parents.get(below)
    return below


def _told(structure: Structure, units: Iterable[str]) -> str:
    names = [structure.name_of(unit) for unit in dict.fromkeys(units)]
    more = f" và {number_vi(len(names) - _NAMED)} đơn vị nữa" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
