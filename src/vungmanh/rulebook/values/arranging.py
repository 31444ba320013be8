"""How large an organisation must be for its form, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.rulebook.values.base import require_positive
from vungmanh.rulebook.values.doubts import Doubtful, in_order


@dataclass(frozen=True)
class MinimumSizes(Doubtful):
    """`organisation_from` official members; the others count all members.

    The size from which a cell elects a committee is `posts.of_kind`. `base_exceptions`: a smaller
    base committee organisation is possible with approval.
    """

    key: ClassVar[str] = "arranging.minimum"
    organisation_from: int
    base_committee_from: int
    base_exceptions: bool
    group_from: int
    villages_only_cells: bool
    delegated_from: int | None
    delegated_special_from: int | None
    direct_upper_special_from: int | None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_positive(
            organisation_from=self.organisation_from,
            base_committee_from=self.base_committee_from,
            group_from=self.group_from,
        )
        in_order("organisation_from", self.organisation_from,
                 "base_committee_from", self.base_committee_from)  # fmt: skip
        in_order("delegated_special_from", self.delegated_special_from,
                 "delegated_from", self.delegated_from)  # fmt: skip
