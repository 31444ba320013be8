"""docs/house/file-states.md is what the table of states says today."""

from __future__ import annotations

import re

from tests.health.test_meeting_states import write_states
from vungmanh.core.programme_words import FileAct, FileState
from vungmanh.strengthening.file_states import STEPS


def test_the_page_of_file_states_is_current() -> None:
    """If this fails: `python tools/write_states.py`, read the difference, commit it."""
    assert write_states.FILE_PAGE.read_text("utf-8") == write_states.file_page()


def test_the_diagram_has_an_arrow_for_every_cell_of_the_table() -> None:
    arrows = re.findall(r"^  (\S+) --> (\S+): (\w+)", write_states.file_page(), re.MULTILINE)
    assert set(arrows) == {
        (source.value, end.value, step.act.value)
        for step in STEPS.values()
        for source in step.sources
        for end in step.ends(source)
    }


def test_every_act_but_the_first_is_in_the_table_and_every_state_is_left_or_is_an_end() -> None:
    assert set(STEPS) == set(FileAct) - {FileAct.OPEN}
    left = {source for step in STEPS.values() for source in step.sources}
    ends = {FileState.CLOSED, FileState.RELAPSED, FileState.ENDED, FileState.WITHDRAWN}
    assert set(FileState) - left == ends


def test_nobody_who_asks_may_approve() -> None:
    for step in STEPS.values():
        if step.answers and step.act not in {FileAct.ACCEPT_HAND_OVER, FileAct.REFUSE_HAND_OVER}:
            assert step.roles.isdisjoint(STEPS[step.answers].roles), step.act
