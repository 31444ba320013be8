"""Two periods side by side: who moved, and whether it is more than chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.periods import last_day, months_between
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status
from vungmanh.org.models import Lineage
from vungmanh.strengthening.figures.estimates import Change, back_of, change, last_of, points
from vungmanh.strengthening.models import Assessment
from vungmanh.web.intervals import IntervalBar

WORSE, BETTER, CHANCE = "kem", "kha", "thuong"
WIDEST = 60.0  # points at either end of the scale of a difference


@dataclass(frozen=True)
class Move:
    """One unit in both periods. `is_broken`: it was joined or split in between."""

    now: Assessment
    before: Assessment
    estimates: tuple[float, float]  # the index then and now
    change: Change
    is_broken: bool

    @property
    def kind(self) -> str:
        if not self.change.is_sure:
            return CHANCE
        return BETTER if self.change.difference > 0 else WORSE

    @property
    def difference(self) -> str:
        return points(self.change.difference)

    @property
    def interval(self) -> str:
        words = {"low": points(self.change.low), "high": points(self.change.high)}
        return _("từ %(low)s đến %(high)s") % words

    @property
    def bar(self) -> IntervalBar:
        one = self.change
        label = f"{self.difference} ({self.interval})"
        return IntervalBar(
            one.difference, one.low, one.high, label, first=-WIDEST, last=WIDEST, limit=0.0
        )

    @property
    def indexes(self) -> tuple[str, str]:
        """The two estimates, the earlier first."""
        before, now = (number_vi(round(value, 1)) for value in self.estimates)
        return before, now

    @property
    def statuses(self) -> tuple[Status, Status]:
        return Status(self.before.status), Status(self.now.status)


def moves(
    now: Iterable[Assessment], before: Iterable[Assessment], earlier: dt.date, later: dt.date
) -> list[Move]:
    """Everybody estimated in both periods, which end with the months given, the worst first.

    A whole number of years back the later assessment speaks of both periods, as the page of the
    unit does: it knows what came in late. Between them the earlier one speaks for itself.
    """
    of_unit = {one.unit_id: one for one in before}
    broken = _broken(last_day(earlier))
    years, rest = divmod(months_between(earlier, later), 12)
    found = []
    for one in now:
        was = of_unit.get(one.unit_id)
        if was is None:
            continue
        then = back_of(one, years) if not rest else None
        first, last = then or last_of(was), last_of(one)
        if first is not None and last is not None:
            values = first[0], last[0]
            found.append(Move(one, was, values, change(first, last), one.unit_id in broken))
    return sorted(found, key=lambda move: (move.change.high, str(move.now.unit_id)))


def _broken(since: dt.date) -> set[UUID]:
    """Units that others went into after a day. Compared with what they were, they are another."""
    return set(Lineage.objects.filter(on__gt=since).values_list("successor_id", flat=True))
