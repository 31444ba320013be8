"""Numbers of one value that are less sure than the value as a whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from vungmanh.core.vocabulary import Evidence
from vungmanh.rulebook.values.base import Value, require


@dataclass(frozen=True)
class Doubt:
    """`fields` of the value rest on something else than the rule, with the label it deserves."""

    fields: tuple[str, ...]
    evidence: Evidence
    why: str

    def __post_init__(self) -> None:
        require(bool(self.fields), "“fields” phải nêu ít nhất một mục.")
        require(bool(self.why.strip()), "“why” phải nêu vì sao chưa chắc.")


@dataclass(frozen=True, kw_only=True)
class Doubtful(Value):
    """A value of several numbers, each with a label: the rule's, or that of a doubt."""

    doubts: tuple[Doubt, ...] = ()

    def __post_init__(self) -> None:
        own = {field.name for field in dataclasses.fields(cast(Any, self))} - {"doubts"}
        named = [name for one in self.doubts for name in one.fields]
        unknown = sorted(set(named) - own)
        require(not unknown, f"“doubts” nêu mục không có: {', '.join(unknown)}.")
        distinct("doubts", named)

    def doubt(self, name: str) -> Doubt | None:
        """What is said of one number beside the rule's own label."""
        return next((one for one in self.doubts if name in one.fields), None)


def distinct(name: str, values: Iterable[object]) -> None:
    """Nothing is listed twice."""
    seen = list(values)
    require(len(set(seen)) == len(seen), f"“{name}” có mục nêu hai lần.")


def in_order(low_name: str, low: int | None, high_name: str, high: int | None) -> None:
    """`low` is not above `high`, where both are said."""
    require(
        low is None or high is None or low <= high,
        f"“{low_name}” không được lớn hơn “{high_name}”.",
    )
