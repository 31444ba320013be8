"""Facts of a year that stand beside the criteria and conditions of a grade.

The rulebook names them; whoever has the records (`strengthening.year_evidence`) fills them in.
A fact that nobody recorded is None: "not known" is never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vungmanh.rulebook.values.words import FactName

__all__ = ["Fact", "FactName", "unknown"]


@dataclass(frozen=True)
class Fact:
    """One fact of one unit and year.

    `value` is a count, a share, or yes/no; `of` is the number it is counted among (tasks due for
    tasks on time), when there is one. `source` says in Vietnamese where it comes from. `records`
    are the keys or ids of the records it was made from, passed through and never read here.
    """

    name: FactName
    value: Fraction | bool | None
    of: int | None
    source: str
    records: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything was recorded at all."""
        return self.value is not None

    @property
    def share(self) -> Fraction | None:
        """`value` among `of`, exactly; None when either is unknown or nothing was counted."""
        if self.value is None or isinstance(self.value, bool) or not self.of:
            return None
        return Fraction(self.value) / self.of


def unknown(name: FactName, source: str = "") -> Fact:
    """A fact that nobody recorded."""
    return Fact(name, None, None, source)
