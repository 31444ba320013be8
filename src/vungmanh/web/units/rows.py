"""The rows of a list of units: each with its size and where it stands at the end of the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.core.vocabulary import CELL_KINDS, Status, UnitKind
from vungmanh.org.listing import Size, names_above, sizes_of
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening.queries import assessed, run_of
from vungmanh.web.requests import ViewerRequest


@dataclass(frozen=True)
class UnitRow:
    """One unit of a list. `status` is None where nothing was assessed."""

    unit_id: UUID
    name: str
    kind: str
    above: str
    area: str
    size: Size
    has_below: bool
    status: Status | None

    @property
    def place(self) -> str:
        """Where it is, for telling two units of one name apart."""
        return ", ".join(part for part in (self.above, self.area) if part)


def unit_rows(request: ViewerRequest, versions: Sequence[UnitVersion]) -> list[UnitRow]:
    """The rows of some visible units, in five queries however many they are."""
    ids = [version.unit_id for version in versions]
    sizes = sizes_of(request.viewer, ids, request.as_of)
    above = names_above(ids, request.as_of)
    statuses = _statuses(request, ids)
    return [
        UnitRow(
            unit_id=version.unit_id,
            name=version.name,
            kind=UnitKind(version.kind).label,
            above=above.get(version.unit_id, ""),
            area=version.area,
            size=sizes[version.unit_id],
            has_below=UnitKind(version.kind) not in CELL_KINDS,
            status=statuses.get(version.unit_id),
        )
        for version in versions
    ]


def _statuses(request: ViewerRequest, ids: list[UUID]) -> dict[UUID, Status]:
    run = run_of(request.period)
    if run is None:
        return {}
    found = assessed(request.viewer, run).filter(unit_id__in=ids).values_list("unit_id", "status")
    return {unit_id: Status(status) for unit_id, status in found}
