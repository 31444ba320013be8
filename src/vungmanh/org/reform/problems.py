"""What is wrong with a reform: each problem says which step, which rule, where and how to mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """`step_number` counts from 1; 0 is the reform as a whole. `rule` is a stable ASCII code, or
    the id of a rule of the rulebook; `place` names the unit. Message and remedy are Vietnamese.
    """

    step_number: int
    rule: str
    place: str
    message: str
    remedy: str
