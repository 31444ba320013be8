"""For whom a rule holds, and which of several wins. Stated here once, shown on each rule's page.

From the weakest to the strongest: a template of this program, a national rule, a rule of the
province, a national rule for one sector, a rule of the province for one sector, a rule of one unit
for itself and all below; of two units the nearer one. The more special rule wins, since whoever
wrote it knew of the general one. A template never wins over a rule of anybody. An example of
another place is kept for comparison and holds nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NATIONAL = "national"
PROVINCE_TEMPLATE = "province_template"
PROVINCE_PREFIX = "province:"
SECTOR_PREFIX = "sector:"
UNIT_PREFIX = "unit:"
EXAMPLE_PREFIX = "example:"

#: The order in words, weakest first: `precedence` gives places in this list.
ORDER = (
    "mẫu của chương trình",
    "quy định toàn quốc",
    "quy định của tỉnh",
    "quy định toàn quốc cho một lĩnh vực",
    "quy định của tỉnh cho một lĩnh vực",
    "quy định của một đơn vị, áp dụng cho đơn vị ấy và bên dưới; đơn vị gần hơn thắng",
)

_CODE = "[a-z0-9_-]+"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORM = re.compile(
    rf"{NATIONAL}|{PROVINCE_TEMPLATE}|{SECTOR_PREFIX}(?P<everywhere>{_CODE})"
    rf"|{PROVINCE_PREFIX}(?P<province>{_CODE})(?:/{SECTOR_PREFIX}(?P<sector>{_CODE}))?"
    rf"|{UNIT_PREFIX}(?P<unit>{_UUID})|{EXAMPLE_PREFIX}(?P<example>{_CODE})"
)


@dataclass(frozen=True)
class Place:
    """Who asks: a province, the sector of a unit, and its path of ids from the top down to it."""

    province: str = ""
    sector: str = ""
    unit: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Scope:
    """A scope taken apart; empty strings for what it does not name."""

    text: str
    province: str = ""
    sector: str = ""
    unit: str = ""
    example: str = ""

    @property
    def rank(self) -> int:
        """Its place in `ORDER`."""
        if self.text == PROVINCE_TEMPLATE:
            return 0
        if self.example:
            return 2  # beside no general rule, and never asked about
        if self.unit:
            return 5
        if self.sector:
            return 4 if self.province else 3
        return 2 if self.province else 1

    @property
    def label(self) -> str:
        """For whom, in words."""
        if self.example:
            return "Mẫu tham khảo của nơi khác, không áp dụng"
        words = ORDER[self.rank]
        return f"{words[0].upper()}{words[1:]}"

    def concerns(self, place: Place) -> bool:
        """Whether a rule of this scope is asked about at all."""
        if self.example:
            return False
        if self.unit:
            return self.unit in place.unit
        own_province = not self.province or self.province == place.province
        return own_province and (not self.sector or self.sector == place.sector)


def scope_of(text: str) -> Scope:
    """A scope as a file writes it. Raises ValueError with a Vietnamese sentence."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(
            "phải là national, province_template, province:<mã tỉnh>, sector:<mã lĩnh vực>, "
            "province:<mã tỉnh>/sector:<mã lĩnh vực>, unit:<mã đơn vị> hoặc example:<tên nơi>."
        )
    parts = found.groupdict(default="")
    sector = parts["sector"] or parts["everywhere"]
    return Scope(text, parts["province"], sector, parts["unit"], parts["example"])


def precedence(scope: Scope, place: Place) -> tuple[int, int]:
    """How strong a rule is for a place that it concerns: the greatest wins."""
    depth = place.unit.index(scope.unit) if scope.unit else 0
    return scope.rank, depth
