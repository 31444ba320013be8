"""What our own files say of a kind of measure: only of enough units, and never more than it can."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from tests.cast import AT, PROVINCE, QUAN_MAU, make_cast
from tests.pages.files.made import cause_and_measure, support_file
from tests.support_story import TODAY
from vungmanh.analysis.mean_excess import MeanExcess, mean_excess
from vungmanh.core.programme_words import EvidenceTier, MeasureState
from vungmanh.strengthening import effects as module
from vungmanh.strengthening.effects import effects, proposed_tier
from vungmanh.strengthening.models import FileMeasure, SupportFile


def test_the_interval_of_a_mean_is_that_of_student() -> None:
    found = mean_excess([1.0, 2.0, 3.0])
    assert found is not None
    # t with two degrees of freedom at 97.5 %: 4.3027; standard error 1/√3.
    assert (found.mean, found.low, found.high) == pytest.approx((2, -0.4841, 4.4841), abs=1e-3)
    assert mean_excess([]) is None
    assert mean_excess([4.0]) == MeanExcess(1, 4.0, None, None)


def test_our_own_figures_alone_propose_at_most_weak() -> None:
    few, enough = MeanExcess(9, 8, 2, 14), MeanExcess(40, 8, 2, 14)
    assert proposed_tier(None, None) is EvidenceTier.NONE
    assert proposed_tier(few, None) is EvidenceTier.NONE
    assert proposed_tier(MeanExcess(40, 1, -2, 4), None) is EvidenceTier.NONE
    assert proposed_tier(enough, None) is EvidenceTier.WEAK
    assert proposed_tier(enough, few) is EvidenceTier.WEAK
    assert proposed_tier(enough, enough) is EvidenceTier.TESTED


@pytest.mark.django_db
def test_a_measure_counts_only_where_it_was_done_within_the_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = make_cast()
    file = support_file(cast[QUAN_MAU], cast[PROVINCE], on=dt.date(2018, 1, 15))
    _cause, measure = cause_and_measure(file)
    rise = SimpleNamespace(after=80.0, expected=SimpleNamespace(expected=70.0))
    monkeypatch.setattr(module, "compare_many", lambda files, until: {file.pk: rise})

    def told() -> tuple[int, bool]:
        (one,) = [each for each in effects(TODAY) if each.measure.code == "attach_overseer"]
        return one.units, one.excess is None

    assert told() == (0, True), "planned is not done"
    FileMeasure.objects.update(
        state=MeasureState.DONE, starts_on=file.entered_on, due_on=TODAY, ended_on=AT.date()
    )
    assert told() == (0, True), "done long after the year"
    FileMeasure.objects.update(ended_on=dt.date(2018, 6, 1))
    assert told() == (1, True), "one unit is counted and not told"
    monkeypatch.setattr(module, "TOLD_FROM", 1)
    assert told() == (1, False)
    assert SupportFile.objects.count() == 1
    assert measure.kind == "attach_overseer"
