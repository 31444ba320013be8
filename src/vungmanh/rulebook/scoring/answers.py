"""What a scorer typed: points, "does not apply here", and the answers to vetoes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.rulebook.values.bounds import fraction
from vungmanh.rulebook.values.sheets import MeetingSheet

#: Instead of points: this criterion does not apply here (only where the system cannot tell).
NOT_HERE = "none"


@dataclass(frozen=True)
class Answers:
    """Blank is the absence of a code, never zero."""

    points: Mapping[str, Fraction] = field(default_factory=dict)
    not_here: frozenset[str] = frozenset()
    vetoes: Mapping[str, bool] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset({*self.points, *self.not_here, *self.vetoes})

    def as_json(self) -> dict[str, Any]:
        """The same for the same answers, whatever order they came in."""
        said: dict[str, Any] = {code: points_text(one) for code, one in self.points.items()}
        said |= dict.fromkeys(self.not_here, NOT_HERE)
        said |= dict(self.vetoes)
        return dict(sorted(said.items()))


def points_text(points: Fraction) -> str:
    """Exactly, for machines: "4", "4.5" or "1/3"."""
    if points.denominator == 1 or 1000 % points.denominator:
        return str(points)
    return f"{float(points):.3f}".rstrip("0")


def read_answers(sheet: MeetingSheet, said: Mapping[str, object]) -> Answers:
    """What a form, a phone or the database says, {code: points}; null and "" are blank.

    Raises InputError at the code that cannot be read. Whether they fit is asked of `check_answers`.
    """
    vetoes = {veto.code for veto in sheet.vetoes}
    points: dict[str, Fraction] = {}
    answered: dict[str, bool] = {}
    not_here = set()
    for code, raw in said.items():
        if raw is None or raw == "":
            continue
        if code in vetoes:
            answered[code] = _yes_no(code, raw)
        elif raw == NOT_HERE:
            not_here.add(code)
        else:
            points[code] = _points(code, raw)
    return Answers(points, frozenset(not_here), answered)


def _points(code: str, raw: object) -> Fraction:
    text = str(raw).strip()
    try:
        if isinstance(raw, bool) or "%" in text:
            raise ValueError(text)
        return fraction(text)
    except (ValueError, ArithmeticError):
        raise InputError(
            f"Điểm của dòng {code} không đọc được. Ghi bằng chữ số, ví dụ 4 hoặc 4,5; "
            "chưa chấm thì để trống.",
            field=code,
            code="score-not-a-number",
        ) from None


def _yes_no(code: str, raw: object) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    answer = known.get(str(raw).strip().lower())
    if answer is None:
        raise InputError(
            f"Điều {code} trả lời “có” hoặc “không”; chưa rõ thì để trống.",
            field=code,
            code="veto-not-answered",
        )
    return answer


def listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))
