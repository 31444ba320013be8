"""What a report says beyond held or not: counts, minutes, scores, the day it was filed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.agents import Agent, Agents
from vungmanh.analysis.simulate.cells import Calendar, Setting
from vungmanh.analysis.simulate.members import Members
from vungmanh.analysis.simulate.months import Months
from vungmanh.analysis.simulate.names import NOTES_HELD, NOTES_NOT_HELD
from vungmanh.analysis.simulate.randomness import Bools, Days, Floats, Ints, Texts
from vungmanh.analysis.simulate.stories import HELD, NOT_HELD, Story
from vungmanh.analysis.simulate.strength import Strength, present_chance
from vungmanh.analysis.simulate.tasks import draw_tasks

#: Meetings were scored from the guide of 6/7/2018 on (domain.md §2.2).
_SCORED_FROM = np.datetime64("2018-08", "M")
_LATE_SHARE, _COPIER_FILES_IN_DECEMBER = 0.025, 0.08
_INVENTED_SHARE = 0.96
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Reports:
    """One row for each report known at the cut, by cell and month. Not recorded: NaN or NaT."""

    cell: Ints
    column: Ints
    held: Bools
    held_on: Days
    filed_on: Days
    members: Floats
    present: Floats
    excused: Floats
    unexcused: Floats
    exempt: Floats
    duration: Floats
    score: Floats
    carried: Floats
    admitted: Floats
    tasks_due: Floats
    tasks_on_time: Floats
    note: Texts

    def where(self, keep: Bools) -> Reports:
        """The rows kept."""
        return Reports(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def write_reports(
    setting: Setting,
    *,
    months: Months,
    members: Members,
    strength: Strength,
    agents: Agents,
    story: Story,
) -> Reports:
    """All reports of the months asked for and the one after, those filed by the cut only."""
    cell, column, held_on, filed_on = _filed_by_the_cut(setting, months, agents, story)
    held = months.state[cell, column] == HELD
    facts = _Meetings(
        cell=cell,
        column=column,
        theta=strength.with_help()[cell, column // 12],
        invented=months.copied[cell, column // 12],
    )
    rng = setting.stream("report details")
    attendance = _attendance(facts, members, rng)
    carried = _carried(strength, setting.calendar, rng)[cell, column]
    admitted = np.where(months.held, members.admitted, 0)[cell, column].astype(np.float64)
    tasks = draw_tasks(setting, strength, cell, column)

    def when_held(values: Floats) -> Floats:
        return np.where(held, values, np.nan)

    return Reports(
        cell=cell,
        column=column,
        held=held,
        held_on=np.where(held, held_on, np.datetime64("NaT")),
        filed_on=filed_on,
        members=members.total[cell, column // 12].astype(np.float64),
        present=when_held(attendance.present),
        excused=when_held(attendance.excused),
        unexcused=when_held(attendance.unexcused),
        exempt=when_held(attendance.exempt),
        duration=when_held(_durations(setting, facts, rng)),
        score=when_held(_scores(setting, facts, rng)),
        carried=when_held(np.where(facts.invented, 0.0, carried)),
        admitted=when_held(admitted),
        tasks_due=tasks.due,
        tasks_on_time=tasks.on_time,
        note=_notes(held, rng),
    )


@dataclass(frozen=True)
class _Meetings:
    """The reported months one by one, with the strength of the cell then."""

    cell: Ints
    column: Ints
    theta: Floats
    invented: Bools

    def __len__(self) -> int:
        return len(self.cell)


_RUNNING_MONTH_DAYS = 20


@dataclass(frozen=True)
class _Attendance:
    present: Floats
    excused: Floats
    unexcused: Floats
    exempt: Floats


def _filed_by_the_cut(
    setting: Setting, months: Months, agents: Agents, story: Story
) -> tuple[Ints, Ints, Days, Days]:
    """The reported months known in time: cell, column, day of meeting, day of filing."""
    calendar = setting.calendar
    first, last = calendar.column(calendar.first), calendar.column(calendar.last)
    said = (months.state == HELD) | (months.state == NOT_HELD)
    said[:, :first] = False
    said[:, last + 2 :] = False
    cell, column = np.nonzero(said)
    rng = setting.stream("report days")
    held_on = _meeting_days(setting, cell, column, rng)
    in_december = _files_in_december(setting, months, agents, rng)[cell, column // 12]
    filed_on = _filing_days(setting, column, in_december, story.told[cell, column], rng)
    filed_on = np.maximum(filed_on, held_on)
    cuts = np.array([calendar.cut, calendar.next_cut], dtype="datetime64[D]")
    known = filed_on <= cuts[(column > last).astype(np.int64)]
    return cell[known], column[known], held_on[known], filed_on[known]


def _meeting_days(setting: Setting, cell: Ints, column: Ints, rng: np.random.Generator) -> Days:
    """Each cell has its usual day of the month and strays a little from it."""
    n = len(setting.cells)
    usual = np.where(rng.random(n) < 0.7, rng.integers(2, 11, n), rng.integers(18, 27, n))
    day = np.clip(usual[cell] + rng.integers(-1, 3, len(cell)), 1, 28)
    last = setting.calendar.column(setting.calendar.last)
    # The month after the last is still running when its workbooks are tried out.
    day = np.where(column > last, np.minimum(day, _RUNNING_MONTH_DAYS), day)
    first = setting.calendar.months[column].astype("datetime64[D]")
    return np.asarray(first + (day - 1) * _DAY)


def _files_in_december(
    setting: Setting, months: Months, agents: Agents, rng: np.random.Generator
) -> Bools:
    """(cells, years): who files the whole year in December."""
    result = months.copied & (rng.random(months.copied.shape) < _COPIER_FILES_IN_DECEMBER)
    for place, year in enumerate(setting.calendar.years):
        result[:, place] |= agents.acting(Agent.DECEMBER_FILING, year)
    return np.asarray(result)


def _filing_days(
    setting: Setting, column: Ints, in_december: Bools, told: Bools, rng: np.random.Generator
) -> Days:
    """Mostly within five days of the month's end, some weeks late; some all in December."""
    size = len(column)
    month = setting.calendar.months[column]
    end = (month + 1).astype("datetime64[D]")
    late = (rng.random(size) < _LATE_SHARE) & ~told
    delay = np.where(late, rng.integers(6, 46, size), rng.integers(-3, 5, size))
    year_end = (month.astype("datetime64[Y]") + 1).astype("datetime64[D]") - _DAY
    gathered = year_end - rng.integers(0, 12, size) * _DAY
    is_before_december = column % 12 < 11
    return np.asarray(np.where(in_december & is_before_december, gathered, end + delay * _DAY))


def _attendance(facts: _Meetings, members: Members, rng: np.random.Generator) -> _Attendance:
    """Present, absent with and without reason, exempt, as if every row were held.

    present + excused + unexcused = members - exempt. Some reports give no attendance at all.
    """
    year = facts.column // 12
    exempt = members.exempt[facts.cell, year]
    owing = members.total[facts.cell, year] - exempt
    chance = np.clip(present_chance(facts.theta) + rng.normal(0, 0.03, len(facts)), 0.05, 0.995)
    present = np.maximum(rng.binomial(owing, chance), (owing + 1) // 2)
    constant = np.rint(_INVENTED_SHARE * owing).astype(np.int64)
    present = np.where(facts.invented, constant, present)
    careless = np.where(facts.invented, 0.0, np.clip(0.1 - 0.06 * facts.theta, 0.0, 0.5))
    unexcused = rng.binomial(owing - present, careless)
    gives_none = rng.random(len(facts)) < 0.012

    def given(values: Ints) -> Floats:
        return np.where(gives_none, np.nan, values.astype(np.float64))

    return _Attendance(
        given(present), given(owing - present - unexcused), given(unexcused), given(exempt)
    )


def _carried(strength: Strength, calendar: Calendar, rng: np.random.Generator) -> Floats:
    """(cells, months): how often the longest-carried open resolution has been carried over.

    Most cells settle things at once or the month after; now and then one gets stuck, and in a weak
    cell it stays stuck.
    """
    theta = strength.with_help()
    n = len(theta)
    stuck = np.zeros(n, dtype=np.int64)
    result = np.zeros((n, calendar.columns))
    for column in range(calendar.columns):
        weak = np.exp(-0.6 * theta[:, column // 12])
        begins = rng.random(n) < np.minimum(0.005 * weak, 0.2)
        goes_on = rng.random(n) < np.minimum(0.70 + 0.06 * weak, 0.92)
        stuck = np.where(stuck > 0, np.where(goes_on, stuck + 1, 0), begins.astype(np.int64))
        small = (rng.random(n) < 0.12).astype(np.int64)
        result[:, column] = np.minimum(np.maximum(stuck, small), 12)
    return result


def _scores(setting: Setting, facts: _Meetings, rng: np.random.Generator) -> Floats:
    """Mostly 85–97, in halves, never the full hundred; some cells do not score."""
    n = len(setting.cells)
    level = rng.normal(91.5, 1.8, n)
    scores_at_all = rng.random(n) >= 0.05
    raw = level[facts.cell] + 1.3 * facts.theta + rng.normal(0, 1.8, len(facts))
    score = np.clip(np.rint(2 * raw) / 2, 58.0, 98.5)
    score = np.where(facts.invented, 95.0, score)
    is_scored = setting.calendar.months[facts.column] >= _SCORED_FROM
    recorded = scores_at_all[facts.cell] & is_scored & (rng.random(len(facts)) > 0.03)
    return np.where(recorded, score, np.nan)


def _durations(setting: Setting, facts: _Meetings, rng: np.random.Generator) -> Floats:
    """Minutes, in fives; some cells never write them down."""
    n = len(setting.cells)
    usual = rng.normal(88, 14, n)
    writes = rng.random(n) >= 0.08
    drawn = usual[facts.cell] + rng.normal(0, 9, len(facts))
    minutes = np.clip(5 * np.rint(drawn / 5), 30, 210)
    minutes = np.where(facts.invented, 90, minutes)
    return np.where(writes[facts.cell], minutes, np.nan)


def _notes(held: Bools, rng: np.random.Generator) -> Texts:
    notes = np.full(len(held), "", dtype=object)
    for rows, texts, share in ((held, NOTES_HELD, 0.006), (~held, NOTES_NOT_HELD, 0.12)):
        chosen = rows & (rng.random(len(held)) < share)
        notes[chosen] = np.array(texts, dtype=object)[rng.integers(0, len(texts), chosen.sum())]
    return notes
