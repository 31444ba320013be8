"""A trial province has the shape it promises, and its agents change reports, never truth."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from vungmanh.analysis.trial.agents import PLAYED_YEARS, AgentKind
from vungmanh.analysis.trial.province import TrialProvince, simulate
from vungmanh.analysis.trial.sizes import FULL, SMALL, Stress
from vungmanh.analysis.trial.strength import chances


@pytest.fixture(scope="module")
def province() -> TrialProvince:
    return simulate(11, size=SMALL)


def test_the_full_province_has_the_sizes_of_the_methods() -> None:
    province = simulate(5000)
    tree = province.tree
    assert tree.first_organisations == 420
    assert 2500 <= tree.first_cells <= 2800
    assert len(set(tree.district.tolist())) == 11
    assert len(tree.merged) == FULL.mergers
    assert int((province.truth.scheme.help >= 0).sum()) == 40
    assert 7.0 <= province.truth.organisation_index[:, -1].std() <= 10.0


def test_a_seed_makes_the_same_province_twice_and_another_makes_another(
    province: TrialProvince,
) -> None:
    again, other = simulate(11, size=SMALL), simulate(12, size=SMALL)
    assert again.cell_months.equals(province.cell_months)
    assert again.units.equals(province.units)
    assert not other.cell_months.equals(province.cell_months)


def test_a_month_says_no_more_than_its_state_allows(province: TrialProvince) -> None:
    for row in province.cell_months.to_pylist():
        assert (row["present"] is None) is (row["state"] != "held")
        assert (row["held_on"] is None) is (row["state"] != "held")
        assert (row["filed_on"] is None) is (row["state"] not in {"held", "not_held"})
        if row["present"] is not None:
            assert 0 <= row["present"] <= row["members"] - row["exempt"]
        if row["tasks_due"] is not None:
            assert 0 <= row["tasks_on_time"] <= row["tasks_due"]
        if row["filed_on"] is not None and row["month"].year == province.size.last_year:
            assert row["filed_on"] <= date(province.size.last_year + 1, 1, 31)


def test_a_merged_cell_ends_when_its_heir_begins(province: TrialProvince) -> None:
    months = province.cell_months.to_pylist()
    whole = province.lineage.to_pylist()
    assert len(whole) == 4 * SMALL.mergers
    cells = {row["unit"] for row in months}
    for row in whole:
        if row["predecessor"] in cells:
            old = [m["month"] for m in months if m["unit"] == row["predecessor"]]
            new = [m["month"] for m in months if m["unit"] == row["successor"]]
            assert max(old) < row["on"] == min(new)


def test_units_have_one_parent_on_any_day(province: TrialProvince) -> None:
    day = date(province.size.last_year, 12, 1)
    rows = [
        row for row in province.units.to_pylist()
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    ]  # fmt: skip
    ids = [row["unit"] for row in rows]
    assert len(ids) == len(set(ids))
    assert {row["parent"] for row in rows if row["parent"]} <= set(ids)
    living = np.array(province.tree.cells, dtype=object)[province.tree.living_cells]
    assert set(living) <= set(ids)


def test_what_comes_after_the_cut_was_not_known_before(province: TrialProvince) -> None:
    late = province.late_months.to_pylist()
    known = {(row["unit"], row["month"]): row["state"] for row in province.cell_months.to_pylist()}
    assert late
    for row in late:
        assert known[row["unit"], row["month"]] == "no_report"
        assert row["filed_on"] > date(province.size.last_year + 1, 1, 31)


@pytest.mark.parametrize("kind", list(AgentKind))
def test_agents_change_their_own_last_reports_and_no_truth(kind: AgentKind) -> None:
    honest = simulate(11, size=SMALL, agents=kind, honest=True)
    played = simulate(11, size=SMALL, agents=kind)
    assert np.array_equal(honest.truth.cell_index, played.truth.cell_index)
    assert np.array_equal(honest.truth.agents, played.truth.agents)
    agents = {played.tree.cells[row] for row in played.truth.agents}
    since = date(SMALL.last_year - PLAYED_YEARS + 1, 1, 1)
    changed = 0
    pairs = zip(honest.cell_months.to_pylist(), played.cell_months.to_pylist(), strict=True)
    for before, after in pairs:
        if before != after:
            changed += 1
            assert before["unit"] in agents
            assert before["month"] >= since
    assert changed > 0


def test_agents_are_weak_cells() -> None:
    province = simulate(11, size=SMALL, agents=AgentKind.SILENT)
    last = province.truth.cell_index[:, -PLAYED_YEARS:].mean(axis=1)
    assert len(province.truth.agents) == SMALL.agents
    assert (last[province.truth.agents] < np.quantile(last, 0.35)).all()


def test_help_of_type_a_lifts_and_type_c_does_not() -> None:
    province = simulate(5000, stress=Stress(spillover=0.0, uneven_by_size=0.0))
    truth, scheme = province.truth, province.truth.scheme
    first = province.tree.first_organisations
    gain = truth.organisation_index_without_help - truth.organisation_index
    living = province.tree.living_organisations[:first]
    for kind, least, most in ((0, 4.0, 12.0), (2, 0.0, 1e-9), (3, 0.0, 1e-9)):
        helped = (scheme.help == kind) & living
        lifted = -gain[:first][helped, -1].mean()
        assert least <= lifted <= most


def test_neighbours_of_the_helped_gain_a_part() -> None:
    near = simulate(5000, stress=Stress(spillover=0.2))
    alone = simulate(5000, stress=Stress(spillover=0.0))
    difference = near.truth.strength[:, -4] - alone.truth.strength[:, -4]
    assert difference.max() > 0.05
    assert difference.min() >= 0.0


def test_months_have_the_yearly_distribution_of_the_methods() -> None:
    province = simulate(5001)
    records, truth = province.records, province.truth
    honest = ~truth.copied
    held, _, done = chances(truth.strength)
    assert records.held.mean(axis=2)[honest].mean() == pytest.approx(held[honest].mean(), abs=0.005)
    told = records.reported.any(axis=2) & honest
    due = (records.tasks_due * records.reported).sum(axis=2)
    assert due[told].min() >= 1
    assert due[told].mean() == pytest.approx(6.0, abs=0.05)
    on_time = (records.tasks_on_time * records.reported).sum(axis=2)
    shares = on_time[told].sum() / due[told].sum()
    assert shares == pytest.approx(done[told].mean(), abs=0.005)


def test_a_copied_year_claims_everything_and_exactly_as_many_present() -> None:
    province = simulate(5001)
    records, copied = province.records, province.truth.copied
    assert 0.05 < copied.mean() < 0.12
    assert records.held[copied].all()
    assert records.reported[copied].all()
    present, members = records.present[copied].sum(axis=1), records.members[copied].sum(axis=1)
    assert (np.abs(present - 0.96 * members) <= 0.5).all()
    found = province.set_aside[copied].mean()
    assert found == pytest.approx(0.85, abs=0.03)
    assert province.set_aside[~copied].mean() == pytest.approx(0.01, abs=0.003)


def test_who_chooses_with_private_knowledge_chooses_the_truly_weaker() -> None:
    def chosen_strength(stress: Stress) -> float:
        province = simulate(5002, stress=stress)
        scheme, first = province.truth.scheme, province.tree.first_organisations
        without = province.truth.organisation_index_without_help[:first]
        rows = np.flatnonzero((scheme.help >= 0) & province.tree.living_organisations[:first])
        return float(np.mean(without[rows, scheme.since[rows]]))

    assert chosen_strength(Stress(private_knowledge=2.0)) < chosen_strength(Stress()) - 1.0


def test_posts_stand_empty_for_a_while_and_members_come_and_go(province: TrialProvince) -> None:
    empty = province.vacancies.to_pylist()
    assert empty
    assert all(30 <= (row["valid_to"] - row["valid_from"]).days < 240 for row in empty)
    members = province.records.members[:, :, 0]
    assert members.min() >= 3
    assert (members[:, 0] != members[:, -1]).mean() > 0.5
