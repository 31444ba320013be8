"""docs/house/meeting-states.md is what the table of states says today."""

from __future__ import annotations

import importlib.util
import re

from tests.health.repository import ROOT
from vungmanh.core.vocabulary import MeetingState, Role
from vungmanh.meetings.states import STEPS, acts_for

_spec = importlib.util.spec_from_file_location("write_states", ROOT / "tools/write_states.py")
assert _spec is not None
assert _spec.loader is not None
write_states = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(write_states)


def test_the_page_of_states_is_current() -> None:
    """If this fails: `python tools/write_states.py`, read the difference, commit it."""
    assert write_states.PAGE.read_text("utf-8") == write_states.page()


def test_the_diagram_has_an_arrow_for_every_cell_of_the_table() -> None:
    arrows = re.findall(r"^  (\S+) --> (\S+): (\w+)", write_states.page(), re.MULTILINE)
    assert set(arrows) == {
        (source.value if source else "[*]", step.target.value, step.act.value)
        for step in STEPS.values()
        for source in step.sources
    }


def test_the_table_tells_every_role_in_every_state() -> None:
    part = write_states.page().partition("## Who may do what")[2]
    told = {
        (row.split(" | ")[0][2:], place, act)
        for row in part.splitlines()
        if row.startswith("| ") and not row.startswith("| role")
        for place, cell in enumerate(row[2:].rstrip(" |").split(" | ")[1:])
        for act in re.findall(r"(\w+) →", cell)
    }
    states = [None, *MeetingState]
    assert told == {
        (role.value, place, act.value)
        for role in Role
        for place, state in enumerate(states)
        for act in acts_for(role, state)
    }
