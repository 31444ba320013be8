"""What the records say of a unit's year, beside each criterion and condition of its grade.

Every fact is counted from records that open with one click (`year_addresses`), says where it comes
from, and is None where nobody recorded anything: not known is never zero.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.wall import lowered
from vungmanh.core.periods import month_of
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.strengthening.year_meetings import meeting_facts
from vungmanh.strengthening.year_outcomes import outcome_facts
from vungmanh.strengthening.year_placing import Placing, placing
from vungmanh.strengthening.year_signals import signal_facts
from vungmanh.strengthening.year_structure import structure_facts
from vungmanh.strengthening.year_tasks import task_facts
from vungmanh.strengthening.year_words import NOT_RECORDED

YearFacts = dict[FactName, Fact]


def year_facts(unit_ids: Iterable[UUID], year: int, *, at: dt.datetime) -> dict[UUID, YearFacts]:
    """Every fact of a calendar year for each unit, as it was known at a moment.

    Months and days after `at` are not counted, nor is what was recorded after it where the record
    tells when (reports, tasks, inspections, flags, grades, admissions). The register and what was
    due follow the register of today, and a report sent anew hides the one before: whoever decides
    keeps `freeze`. The number of queries does not grow with the units.

    The figures are the same whoever asks, so this reads past the wall: the caller has made sure
    that the units are in sight, and pages check again what a record opens.
    """
    units = list(dict.fromkeys(unit_ids))
    first, day = dt.date(year, 1, 1), min(dt.date(year, 12, 31), localdate(at))
    found: dict[UUID, YearFacts] = {
        unit: {name: unknown(name, NOT_RECORDED) for name in FactName} for unit in units
    }
    if not units or day < first:
        return found
    with lowered():
        placed = placing(units, first, day)
        for facts in _gathered(placed, first, day, at):
            for unit, told in facts.items():
                found[unit].update({fact.name: fact for fact in told})
    return found


def _gathered(
    placed: Placing, first: dt.date, day: dt.date, at: dt.datetime
) -> list[Mapping[UUID, list[Fact]]]:
    meetings, tasks_by_report = meeting_facts(placed, first, day, at)
    return [
        meetings,
        task_facts(placed, first, day, at, tasks_by_report),
        signal_facts(placed, month_of(first), day, at),
        structure_facts(placed, first, day, at),
        outcome_facts(placed, first.year, at),
    ]


def freeze(facts: Mapping[UUID, YearFacts]) -> bytes:
    """The facts as canonical JSON: equal facts are equal bytes, in whatever order they came."""
    told = {
        str(unit): {
            name.value: [_kept(fact.value), fact.of, fact.source, list(fact.records)]
            for name, fact in of_unit.items()
        }
        for unit, of_unit in facts.items()
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest_of(frozen: bytes) -> str:
    """The SHA-256 by which frozen facts are named."""
    return hashlib.sha256(frozen).hexdigest()


def thaw(frozen: bytes) -> dict[UUID, YearFacts]:
    """The facts that `freeze` kept. What has been named since is not among them: not known."""
    return {
        UUID(unit): {
            FactName(name): Fact(FactName(name), _read(value), of, source, tuple(records))
            for name, (value, of, source, records) in sorted(of_unit.items())
        }
        for unit, of_unit in json.loads(frozen).items()
    }


def _kept(value: Fraction | bool | None) -> str | bool | None:
    return value if value is None or isinstance(value, bool) else str(Fraction(value))


def _read(value: Any) -> Fraction | bool | None:
    return value if value is None or isinstance(value, bool) else Fraction(value)
