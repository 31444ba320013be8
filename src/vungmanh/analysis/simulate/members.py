"""Members by year and admissions by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.cells import SECTORS, Setting
from vungmanh.analysis.simulate.randomness import Bools, Ints
from vungmanh.analysis.simulate.strength import Strength
from vungmanh.core.vocabulary import Sector

_GROWTH, _GROWTH_SD = 0.006, 0.035  # of the number of members, a year
_ADMIT_BASE, _ADMIT_PER_MEMBER, _ADMIT_SLOPE = 0.36, 0.029, 0.3
_EXEMPT_SHARE = 0.035
_MOST = 60
#: Tiny cells shrink to one or two official members in the last years.
_TINY_YEARS = 4


@dataclass(frozen=True)
class Members:
    """Counts (cells, years) on 1 January, or at the founding; `admitted` (cells, months).

    A cell's members are official + probationary + exempt.
    """

    official: Ints
    probationary: Ints
    exempt: Ints
    admitted: Ints

    @property
    def total(self) -> Ints:
        return np.asarray(self.official + self.probationary + self.exempt)


def draw_members(setting: Setting, strength: Strength, held: Bools, taken: Bools) -> Members:
    """Members follow a slow walk; admissions happen at meetings that were truly held."""
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("members")
    n, years = len(cells), len(calendar.years)
    walk = np.cumsum(rng.normal(_GROWTH, _GROWTH_SD, (n, years)), axis=1)
    total = np.clip(np.rint(cells.usual_members[:, None] * np.exp(walk)), 4, _MOST)
    total = total.astype(np.int64)
    tiny = _tiny(setting, taken, rng)
    late = np.arange(years) >= years - _TINY_YEARS
    small = np.where(rng.random(n) < 0.4, 1, 2)
    total = np.where(tiny[:, None] & late, small[:, None], total)
    admitted = _admissions(total, strength, held, rng)
    admitted[tiny] = 0
    before = np.zeros_like(total)
    before[:, 1:] = admitted.reshape(n, years, 12).sum(axis=2)[:, :-1]
    before[:, 0] = rng.poisson(0.6, n)
    probationary = np.minimum(before, np.maximum(total - 3, 0))
    village = cells.sector == SECTORS.index(Sector.VILLAGE)
    usually_exempt = rng.binomial(cells.usual_members, np.where(village, _EXEMPT_SHARE, 0.005))
    exempt = np.minimum(usually_exempt[:, None], np.maximum(total - probationary - 3, 0))
    return Members(total - probationary - exempt, probationary, exempt, admitted)


def _tiny(setting: Setting, taken: Bools, rng: np.random.Generator) -> Bools:
    """The cells with too few members: small ones, still alive, in no story."""
    cells = setting.cells
    possible = (cells.end >= setting.calendar.columns) & (cells.start == 0) & ~taken
    key = np.where(possible, cells.usual_members + rng.random(len(cells)), np.inf)
    result = np.zeros(len(cells), dtype=np.bool_)
    result[np.argsort(key, kind="stable")[: setting.size.tiny_cells]] = True
    return result


def _admissions(total: Ints, strength: Strength, held: Bools, rng: np.random.Generator) -> Ints:
    """Poisson, more in larger and in stronger cells."""
    theta = strength.with_help()
    a_year = (_ADMIT_BASE + _ADMIT_PER_MEMBER * total) * np.exp(_ADMIT_SLOPE * theta)
    a_month = np.repeat(np.minimum(a_year, 4.0) / 12, 12, axis=1)
    return np.where(held, rng.poisson(a_month), 0).astype(np.int64)
