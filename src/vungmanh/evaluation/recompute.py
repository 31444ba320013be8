"""Compute decided grades anew from the figures kept with them, and say what differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vungmanh.access.wall import lowered
from vungmanh.evaluation.canonical import canonical
from vungmanh.evaluation.models import DecisionInputs, GradeDecision

#: From the figures and the ids of the rules to what comes out for each dossier, by its id as text.
Compute = Callable[[Any, Mapping[str, str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """Where in the result, what was kept, and what comes out now; None: nothing there."""

    path: str
    kept: Any
    now: Any


@dataclass(frozen=True)
class Recomputed:
    """`is_intact`: the figures still have the digest they were kept under."""

    decision: GradeDecision
    is_intact: bool
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return self.is_intact and not self.differences


def recompute(decision: GradeDecision, compute: Compute) -> Recomputed:
    """One decision computed anew."""
    return recompute_many([decision], compute)[0]


def recompute_many(decisions: Iterable[GradeDecision], compute: Compute) -> list[Recomputed]:
    """Many decisions computed anew: once for each body of figures, however many rest on it.

    Reads the figures past the wall: nothing of them is shown but what the decision itself holds.
    """
    wanted = list(decisions)
    digests = {decision.inputs_id for decision in wanted}
    with lowered():
        kept = DecisionInputs.objects.in_bulk(digests)
    computed: dict[tuple[str, str], Mapping[str, Any]] = {}
    found = []
    for decision in wanted:
        content = kept[decision.inputs_id].content
        key = (decision.inputs_id, json.dumps(decision.rules, sort_keys=True))
        if key not in computed:
            computed[key] = compute(json.loads(content), decision.rules)
        now = canonical(computed[key].get(str(decision.dossier_id)))
        is_intact = hashlib.sha256(content.encode()).hexdigest() == decision.inputs_id
        found.append(Recomputed(decision, is_intact, tuple(_differences("", decision.result, now))))
    return found


def _differences(path: str, kept: Any, now: Any) -> Iterable[Difference]:
    if isinstance(kept, dict) and isinstance(now, dict):
        for name in sorted({*kept, *now}):
            yield from _differences(
                f"{path}.{name}" if path else name, kept.get(name), now.get(name)
            )
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for place, (one, other) in enumerate(zip(kept, now, strict=True), start=1):
            yield from _differences(f"{path}[{place}]", one, other)
    elif kept != now:
        yield Difference(path, kept, now)
