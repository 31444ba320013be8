"""What is true of a simulated province and would never be known of a real one.

Kept apart from the tables a method may see, so that a claim can be scored against it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vungmanh.analysis.schema import Column, ColumnType, Table
from vungmanh.analysis.simulate.agents import Agent, Agents
from vungmanh.analysis.simulate.cells import Calendar, Cells, Setting, mean_by
from vungmanh.analysis.simulate.months import Months
from vungmanh.analysis.simulate.names import DONG_THU, QUAN_MAU
from vungmanh.analysis.simulate.scheme import EFFECT, Scheme
from vungmanh.analysis.simulate.strength import Strength, held_chance, true_index
from vungmanh.analysis.simulate.tree import Tree

Rows = dict[str, list[Any]]


def _columns(*declared: tuple[str, ColumnType, str], nullable: str = "") -> tuple[Column, ...]:
    return tuple(Column(name, type_, name == nullable, text) for name, type_, text in declared)


TRUTH_TABLES: tuple[Table, ...] = (
    Table("cell_years", "the latent truth of each cell in each year", _columns(
        ("unit", "text", "the cell"),
        ("year", "int", "calendar year"),
        ("strength", "float", "latent strength, standard deviations, help included"),
        ("held_propensity", "float", "true chance of holding an ordinary month's meeting"),
        ("held", "int", "meetings truly held that year, whatever was reported"),
        ("due", "int", "months owed and not excused that year"),
        ("is_copied", "bool", "its reports of that year were copied or invented"),
    )),
    Table("organisation_years", "the latent truth of each organisation in each year", _columns(
        ("unit", "text", "the organisation; the old commune also after the reform"),
        ("year", "int", "calendar year"),
        ("strength", "float", "mean latent strength of its cells, help included"),
        ("true_index", "float", "the index 0–100 its cells deserve"),
        ("true_index_without_help", "float", "the same, had nobody helped"),
        ("copied_share", "float", "share of its cells whose reports were copied"),
    )),
    Table("chosen", "organisations chosen by the scheme", _columns(
        ("unit", "text", "the organisation"),
        ("started_on", "date", "day of the decision"),
        ("ended_on", "date", "last day of the help"),
        ("help", "text", "type of help, simulate.scheme.Help"),
        ("effect_first_year", "float", "true effect on strength in the first year"),
        ("effect_later", "float", "true effect on strength afterwards"),
        ("score", "float", "score it was chosen by; null for the twins"),
        nullable="score",
    )),
    Table("agents", "cells that do not play fair", _columns(
        ("unit", "text", "the cell"),
        ("agent", "text", "simulate.agents.Agent"),
        ("since", "int", "first year in which it does so"),
    )),
    Table("twins", "the invented twins of the account's two stories, and the told cells", _columns(
        ("unit", "text", "the unit"),
        ("story", "text", "quan_ban, dong_mo or reference_page"),
        ("year", "int", "year of the story"),
    )),
)  # fmt: skip


def truth_of(
    setting: Setting, strength: Strength, months: Months, agents: Agents, scheme: Scheme
) -> dict[str, Rows]:
    """All truth tables, in the columns of TRUTH_TABLES."""
    tree, cells, calendar = setting.tree, setting.cells, setting.calendar
    return {
        "cell_years": _cell_years(cells, strength, months, calendar),
        "organisation_years": _organisation_years(cells, strength, months, calendar),
        "chosen": _chosen(cells, scheme),
        "agents": _agents(cells, agents),
        "twins": _twins(tree, calendar),
    }


def _asked(calendar: Calendar) -> np.ndarray[Any, np.dtype[np.bool_]]:
    columns = np.arange(calendar.columns)
    first, last = calendar.column(calendar.first), calendar.column(calendar.last)
    return (columns >= first) & (columns <= last)


def _cell_years(cells: Cells, strength: Strength, months: Months, calendar: Calendar) -> Rows:
    shape = (len(cells), len(calendar.years), 12)
    due = cells.alive(calendar) & (months.excuse == 0) & _asked(calendar)
    due_count = due.reshape(shape).sum(axis=2)
    held = (months.held & due).reshape(shape).sum(axis=2)
    lived = (cells.alive(calendar) & _asked(calendar)).reshape(shape).any(axis=2)
    cell, year = np.nonzero(lived)
    theta = strength.with_help()
    ids = np.array([unit.id for unit in cells.units], dtype=object)
    return {
        "unit": ids[cell].tolist(),
        "year": (year + calendar.years.start).tolist(),
        "strength": theta[cell, year].tolist(),
        "held_propensity": held_chance(theta)[cell, year].tolist(),
        "held": held[cell, year].tolist(),
        "due": due_count[cell, year].tolist(),
        "is_copied": months.copied[cell, year].tolist(),
    }


def _organisation_years(
    cells: Cells, strength: Strength, months: Months, calendar: Calendar
) -> Rows:
    count = len(cells.groups)

    def over(values: np.ndarray[Any, Any]) -> list[Any]:
        return mean_by(values.astype(np.float64), cells.group, count).ravel().tolist()

    helped = strength.with_help()
    years = list(calendar.years)
    return {
        "unit": [unit.id for unit in cells.groups for _ in years],
        "year": years * count,
        "strength": over(helped),
        "true_index": over(true_index(helped)),
        "true_index_without_help": over(true_index(strength.cell_years)),
        "copied_share": over(months.copied),
    }


def _chosen(cells: Cells, scheme: Scheme) -> Rows:
    chosen = scheme.chosen
    return {
        "unit": [cells.groups[one.group].id for one in chosen],
        "started_on": [one.started_on for one in chosen],
        "ended_on": [one.ended_on for one in chosen],
        "help": [one.help.value for one in chosen],
        "effect_first_year": [EFFECT[one.help][0] for one in chosen],
        "effect_later": [EFFECT[one.help][1] for one in chosen],
        "score": [one.score for one in chosen],
    }


def _agents(cells: Cells, agents: Agents) -> Rows:
    acting = np.flatnonzero(agents.kind >= 0).tolist()
    kinds = list(Agent)
    return {
        "unit": [cells.units[i].id for i in acting],
        "agent": [kinds[agents.kind[i]].value for i in acting],
        "since": [agents.since] * len(acting),
    }


def _twins(tree: Tree, calendar: Calendar) -> Rows:
    stories = {QUAN_MAU: ("quan_ban", 2017), DONG_THU: ("dong_mo", 2018)}
    rows = []
    for name, unit in tree.named.items():
        story, year = stories.get(name, ("reference_page", 2026))
        if calendar.first.year <= year <= calendar.last.year:
            rows.append((unit.id, story, year))
    return {
        "unit": [row[0] for row in rows],
        "story": [row[1] for row in rows],
        "year": [row[2] for row in rows],
    }
