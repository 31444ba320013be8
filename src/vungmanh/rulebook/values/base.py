"""What every value class shares."""

from __future__ import annotations

from typing import ClassVar


class Value:
    """The typed content of a rule; `key` is what files and callers write."""

    key: ClassVar[str]


def require(condition: bool, sentence: str) -> None:
    """Raise ValueError with a Vietnamese sentence unless the condition holds."""
    if not condition:
        raise ValueError(sentence)


def require_positive(**numbers: int | None) -> None:
    """Each number, where there is one, is at least 1."""
    for name, number in numbers.items():
        require(number is None or number >= 1, f"“{name}” phải từ 1 trở lên.")
