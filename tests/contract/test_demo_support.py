"""The scheme of the demonstration: chosen, helped, let go and summed up by the real acts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

import pytest

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import viewer_for
from vungmanh.analysis.simulate import PROVINCE, SMALL, simulate_province
from vungmanh.analysis.simulate.scheme import SCHEME_YEARS, Help
from vungmanh.config import demo
from vungmanh.config.demo_support import lay_down_terms, write_demo_support
from vungmanh.core.programme_words import (
    ChoiceWay,
    FileAct,
    FileState,
    GateKind,
    MeasureState,
    ProgrammeState,
    SelectionState,
)
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.choosing import recompute_selection
from vungmanh.strengthening.file_list import ALL, FileFilter, listed_files
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.file_states import STEPS
from vungmanh.strengthening.models import (
    FileEntry,
    FileMeasure,
    GateReport,
    Programme,
    Selection,
    SupportFile,
)
from vungmanh.strengthening.programme_reads import gates_now

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
LAST = dt.date(2022, 12, 1)
ASKED_FOR = {step.act: step.answers for step in STEPS.values() if step.answers}


def told_scheme() -> tuple[Programme, dict[UUID, Help]]:
    """A small province over the years of the scheme, with one organisation chosen a year."""
    province = simulate_province(7, size=SMALL, first_month=dt.date(2014, 1, 1), last_month=LAST)
    demo._write(province, at=AT, say=lambda words: None)
    people = demo.make_accounts(at=AT, last_month=LAST)
    assert lay_down_terms(province=province, analyst=people["chuyenvien"])
    months = [dt.date(year, 12, 1) for year in range(2014, 2023)]
    assess_months(months=months, by=None, at=AT)
    programme = write_demo_support(province=province, people=people, today=LAST)
    assert programme is not None
    chosen = province.truth["chosen"]
    helped = zip(chosen["unit"], chosen["help"], strict=True)
    return programme, {UUID(str(unit)): Help(help) for unit, help in helped}


@pytest.mark.django_db
def test_the_scheme_of_the_demonstration_is_carried_from_its_list_to_its_summing_up() -> None:
    programme, helped = told_scheme()
    assert programme.state == ProgrammeState.CLOSED
    assert programme.submitted_by != programme.approved_by
    assert {one.base_value is None for one in programme.targets.all()} == {False, True}

    selections = list(Selection.objects.filter(programme=programme))
    assert {one.state for one in selections} == {SelectionState.DECIDED}
    assert Counter(one.year for one in selections) == dict.fromkeys(SCHEME_YEARS, 1)
    assert all(one.submitted_by_id != one.decided_by_id for one in selections)
    assert all(recompute_selection(one).is_equal for one in selections)
    for choice in (one.choices.get() for one in selections):
        assert (choice.way == ChoiceWay.OVERRIDE) == bool(choice.reason)

    files = {one.unit_id: one for one in SupportFile.objects.filter(programme=programme)}
    assert set(files) == set(helped)
    for unit, file in files.items():
        entries = list(file.entries.all())
        asked = {one.act: one.by_id for one in entries}
        assert all(
            asked[asks] != one.by_id for one in entries if (asks := ASKED_FOR.get(FileAct(one.act)))
        )
        assert [one.on for one in entries] == sorted(one.on for one in entries)
        assert file.exit_rule.startswith("TINH-"), "the terms are those of the years of the scheme"
        measures = list(file.measures.all())
        assert {one.state for one in measures} <= {MeasureState.DONE, MeasureState.DROPPED}
        done = {one.kind for one in measures if one.state == MeasureState.DONE}
        assert done == {
            Help.A: {"attach_overseer", "rotate_secretary"}, Help.B: {"train"},
            Help.C: {"board_help"}, Help.D: set(),
        }[helped[unit]]  # fmt: skip
    assert {one.state for one in files.values()} <= {
        FileState.ACTING, FileState.HOLDING, FileState.CLOSED, FileState.RELAPSED,
    }  # fmt: skip
    left = [one for one in files.values() if one.exited_on]
    assert left, "somebody met the terms by its own records"
    for file in left:
        assert file.exited_on is not None
        assert file.hold_until == file.exited_on.replace(year=file.exited_on.year + 1)

    analyst = viewer_for(User.objects.get(username="chuyenvien"), on=LAST)
    assert listed_files(analyst, LAST, FileFilter(state=ALL)).count() == len(files)
    assert all(shown_of(analyst, file).causes for file in files.values())
    gates = gates_now(analyst, programme, LAST)
    assert {one.gate.kind for one in gates} == set(GateKind)
    assert sum(one.reported for one in gates) == GateReport.objects.count()
    assert any(one.late for one in gates)
    told = {one.figures["chosen"] for one in GateReport.objects.all()}
    assert told >= {0, 1}, "figures as they stood when the report was filed"

    acting = User.objects.filter(pk__in=FileEntry.objects.values("by"))
    assert not acting.filter(is_active=True).exists()
    charges = RoleGrant.objects.filter(role=Role.OVERSEER, user__is_active=False)
    assert charges.exists()
    assert all(one.valid.upper is not None for one in charges)
    assert FileMeasure.objects.filter(proof__kind="oversight").exists()


def test_forty_organisations_are_chosen_in_the_demonstration_s_province() -> None:
    assert PROVINCE.chosen_a_year * len(SCHEME_YEARS) == 40
    assert (
        lay_down_terms(
            province=simulate_province(7, size=SMALL, last_month=dt.date(2024, 1, 1)),
            analyst=User(username="nobody"),
        )
        is False
    )
