"""Who was secretary when. A gap between two is a vacancy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from vungmanh.analysis.simulate.cells import Calendar, Setting
from vungmanh.analysis.simulate.names import DONG_THU, person_names
from vungmanh.analysis.simulate.randomness import Floats
from vungmanh.analysis.simulate.scheme import Help, Scheme
from vungmanh.analysis.simulate.stories import TOLD_CELLS
from vungmanh.analysis.simulate.strength import Strength
from vungmanh.analysis.simulate.tree import Unit
from vungmanh.core.vocabulary import Post

_TERM_YEARS = 4.6  # the mean time in post
_GAP_SHARE, _GAP_SHARE_MOST = 0.27, 0.8
_CARELESS_SLOPE = 0.5
_COMMITTEES = 0.6  # they are not left without a head for long
_GAP_MEDIAN_DAYS, _GAP_SPREAD = 55, 0.95
#: The secretary of the second twin came in March 2018 from the district (domain.md §3.1).
_ROTATED_ON = date(2018, 3, 12)
_SENT_ON = (3, 15)  # month and day on which the scheme sends a secretary


@dataclass(frozen=True)
class Appointment:
    """One person in one post; `end` exclusive, None while in post."""

    unit: Unit
    post: Post
    name: str
    start: date
    end: date | None


def draw_appointments(setting: Setting, strength: Strength, scheme: Scheme) -> list[Appointment]:
    """Secretaries of cells, organisations and committees, and some deputies.

    An organisation helped with a secretary got one from elsewhere in its first spring.
    """
    tree, cells, calendar = setting.tree, setting.cells, setting.calendar
    rng = setting.stream("posts")
    weakness = dict(zip(cells.units, np.exp(-_CARELESS_SLOPE * strength.cell_years), strict=True))
    committees = np.full(len(calendar.years), _COMMITTEES)
    told = {tree.named[one.cell]: one for one in TOLD_CELLS if one.cell in tree.named}
    rotated = tree.named.get(DONG_THU)
    rows: list[Appointment] = []
    for unit in tree.units:
        careless = weakness.get(unit, committees)
        spells = list(_spells(unit, careless, calendar, rng))
        if unit is rotated:
            spells = [(calendar.first, _ROTATED_ON), (_ROTATED_ON, unit.ended)]
        names = person_names(len(spells), rng)
        if unit in told and (left := told[unit].secretary_left) is not None:
            spells, names = [(_birth(unit, calendar), left)], [told[unit].secretary]
        rows += _in_post(unit, Post.SECRETARY, spells, names)
        has_deputy = not unit.is_cell or rng.random() < 0.4
        deputies = list(_spells(unit, careless, calendar, rng)) if has_deputy else []
        names = person_names(len(deputies), rng)
        if unit in told and told[unit].deputy:
            deputies, names = [(date(2025, 3, 12), None)], [told[unit].deputy]
        rows += _in_post(unit, Post.DEPUTY_SECRETARY, deputies, names)
    helped = {
        cells.groups[one.group]: date(one.year, *_SENT_ON)
        for one in scheme.chosen
        if one.help is Help.A and cells.groups[one.group] is not rotated
    }
    return list(_with_sent(rows, helped, setting.stream("posts sent")))


def _with_sent(
    rows: list[Appointment], helped: dict[Unit, date], rng: np.random.Generator
) -> Iterator[Appointment]:
    """The same posts, but for who was secretary that day: another came for the rest of the time."""
    names = dict(zip(helped, person_names(len(helped), rng), strict=True))
    for one in rows:
        day = helped.get(one.unit) if one.post is Post.SECRETARY else None
        if day is None or not one.start < day or (one.end is not None and one.end <= day):
            yield one
            continue
        yield replace(one, end=day)
        yield replace(one, name=names[one.unit], start=day)


def _in_post(
    unit: Unit, post: Post, spells: list[tuple[date, date | None]], names: list[str]
) -> list[Appointment]:
    return [
        Appointment(unit, post, name, start, end)
        for (start, end), name in zip(spells, names, strict=True)
        if end is None or start < end
    ]


def _birth(unit: Unit, calendar: Calendar) -> date:
    return max(unit.founded or calendar.first, calendar.first)


def _spells(
    unit: Unit, careless: Floats, calendar: Calendar, rng: np.random.Generator
) -> Iterator[tuple[date, date | None]]:
    """Times in post from the birth of the unit on, with a gap now and then."""
    horizon = calendar.cut
    stop = min(unit.ended or horizon, horizon)
    start = _birth(unit, calendar)
    while start < stop:
        end = start + timedelta(days=200 + int(rng.exponential(_TERM_YEARS * 365 - 200)))
        if end >= stop:
            yield start, unit.ended
            return
        yield start, end
        gap = 0
        year = min(end.year, calendar.years.stop - 1) - calendar.years.start
        if rng.random() < min(_GAP_SHARE * careless[year], _GAP_SHARE_MOST):
            gap = int(np.exp(rng.normal(np.log(_GAP_MEDIAN_DAYS), _GAP_SPREAD)))
        start = end + timedelta(days=gap)
