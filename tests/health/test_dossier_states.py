"""docs/house/dossier-states.md is what the table of states says today."""

from __future__ import annotations

import re

from tests.health.test_meeting_states import write_states
from vungmanh.core.vocabulary import DossierState, Role
from vungmanh.evaluation.states import STEPS, acts_for


def test_the_page_of_states_is_current() -> None:
    """If this fails: `python tools/write_states.py`, read the difference, commit it."""
    assert write_states.DOSSIER_PAGE.read_text("utf-8") == write_states.dossier_page()


def test_the_diagram_has_an_arrow_for_every_cell_of_the_table() -> None:
    arrows = re.findall(r"^  (\S+) --> (\S+): (\w+)", write_states.dossier_page(), re.MULTILINE)
    assert set(arrows) == {
        (source.value, (step.target or source).value, step.act.value)
        for step in STEPS.values()
        for source in step.sources
    }


def test_the_table_tells_every_role_in_every_state() -> None:
    part = write_states.dossier_page().partition("## Who may do what")[2]
    told = {
        (row.split(" | ")[0][2:], place, act)
        for row in part.splitlines()
        if row.startswith("| ") and not row.startswith("| role")
        for place, cell in enumerate(row[2:].rstrip(" |").split(" | ")[1:])
        for act in re.findall(r"(\w+) →", cell)
    }
    assert told == {
        (role.value, place, act.value)
        for role in Role
        for place, state in enumerate(DossierState)
        for act in acts_for(role, state)
    }
    assert len(told) >= 40
