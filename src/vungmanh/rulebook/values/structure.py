"""Which kind of unit may stand under which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import UnitKind
from vungmanh.rulebook.values.base import Value, require


@dataclass(frozen=True)
class Placement:
    """A kind and those it may stand directly under; none: it stands at the top."""

    kind: UnitKind
    under: tuple[UnitKind, ...]


@dataclass(frozen=True)
class StructurePlacement(Value):
    """Kinds that may exist, each with what it may stand under. A kind not listed may not exist."""

    key: ClassVar[str] = "structure.placement"
    placements: tuple[Placement, ...]

    def __post_init__(self) -> None:
        listed = [placement.kind for placement in self.placements]
        require(len(set(listed)) == len(listed), "“placements” ghi một loại tổ chức hai lần.")
        require(
            any(not placement.under for placement in self.placements),
            "“placements” phải có một loại đứng trên cùng (“under” để trống).",
        )
        above = {kind for placement in self.placements for kind in placement.under}
        require(above <= set(listed), "“under” nêu một loại tổ chức chưa có trong “placements”.")

    def exists(self, kind: UnitKind) -> bool:
        """Whether the kind may exist at all."""
        return any(placement.kind == kind for placement in self.placements)

    def may_stand(self, kind: UnitKind, under: UnitKind | None) -> bool:
        """Whether the kind may stand under another, or at the top for None."""
        for placement in self.placements:
            if placement.kind == kind:
                return under in placement.under if under else not placement.under
        return False

    def places_of(self, kind: UnitKind) -> tuple[UnitKind, ...]:
        """The kinds under which a kind may stand."""
        return next((one.under for one in self.placements if one.kind == kind), ())
