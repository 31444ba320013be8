"""What inspections saw, in the assessments: a reason of its own, and honesty ranks no worse."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from tests.cast import AT, CELLS, QUAN_MAU, Cast, make_cast
from tests.contract.test_inspections import wish
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Role, Status, Verdict
from vungmanh.meetings.actions.inspections import Seen, record_inspection
from vungmanh.meetings.models import InspectionMonth
from vungmanh.meetings.set_aside import months_in_doubt
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.following import assess_moved
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.reason_texts import texts_of
from vungmanh.strengthening.recompute import recompute
from vungmanh.strengthening.rules_in_force import rules_from
from vungmanh.strengthening.snapshots import from_bytes

pytestmark = pytest.mark.django_db

TODAY = dt.date(2020, 1, 20)
NOW = dt.datetime(2020, 1, 20, 3, tzinfo=dt.UTC)
END = dt.date(2019, 12, 1)
HONEST, FALSE, THIRD = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2016, 1, 1))
    for cell in cast.cells:
        for year in (2016, 2017, 2018):
            cast.hold(cell, year, held=11)
        cast.hold(cell, 2019, held=9 if cell == HONEST else 12)
    return cast


def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vanphong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=TODAY)


def inspect(cast: Cast, by: Viewer, *, held: int, not_held: int) -> None:
    """The first months of 2019: some seen to have been held, then some that were not."""
    verdicts = [Verdict.HELD] * held + [Verdict.NOT_HELD] * not_held
    months = {
        dt.date(2019, n, 1): Seen(verdict, "sổ biên bản")
        for n, verdict in enumerate(verdicts, start=1)
    }
    record_inspection(unit_id=cast[FALSE], wish=wish(months), by=by, at=NOW)


def row(cast: Cast, name: str) -> Assessment:
    run = AssessmentRun.objects.get(month=END)
    return Assessment.objects.get(run=run, unit_id=cast[name])


def test_twelve_reported_five_held_is_the_gravest_reason_with_its_count(cast: Cast) -> None:
    assess_months(months=[END], by=None, at=AT)
    assert row(cast, FALSE).held == 12
    inspect(cast, office(cast), held=5, not_held=7)

    assess_moved(at=NOW)

    one = row(cast, FALSE)
    assert (one.held, one.not_held, one.status) == (5, 7, Status.WEAK)
    reasons = {text.key: text for text in texts_of(one.reasons)}
    assert set(reasons) >= {"meetings_held", "meetings_refuted"}
    told = reasons["meetings_refuted"]
    assert told.figure == "7/12"
    assert "Kiểm tra thấy 7 trong 12 buổi đã báo cáo là có họp thì không họp" in told.sentence
    assert told.rule_key == "fact_reason.meetings_refuted"


@pytest.mark.parametrize(("held", "not_held"), [(0, 1), (2, 1), (9, 1), (0, 2), (3, 9)])
def test_nine_of_twelve_told_honestly_never_ranks_below_twelve_told_falsely(
    cast: Cast, held: int, not_held: int
) -> None:
    inspect(cast, office(cast), held=held, not_held=not_held)
    assess_months(months=[END], by=None, at=AT)
    honest, false = row(cast, HONEST), row(cast, FALSE)
    assert honest.reasons == []
    assert false.reasons != []
    assert false.cell_position < honest.cell_position, "worked through first: the weaker one"


def test_once_is_a_light_reason_and_twice_a_heavy_one(cast: Cast) -> None:
    by = office(cast)
    inspect(cast, by, held=2, not_held=1)
    assess_months(months=[END], by=None, at=AT)
    assert [(one["key"], one["weight"]) for one in row(cast, FALSE).reasons] == [
        ("meetings_refuted_few", "light")
    ]
    inspect(cast, by, held=1, not_held=2)
    assess_months(months=[END], by=None, at=AT)
    assert ("meetings_refuted", "heavy") in [
        (one["key"], one["weight"]) for one in row(cast, FALSE).reasons
    ]


def test_other_reports_of_a_cell_are_not_believed_once_one_was_refuted(cast: Cast) -> None:
    inspect(cast, office(cast), held=2, not_held=1)
    doubted = months_in_doubt(dt.date(2016, 1, 1), END)
    assert {unit for unit, _ in doubted} == {cast[FALSE]}
    months = {month for _, month in doubted}
    seen = set(InspectionMonth.objects.values_list("month", flat=True))
    assert not months & seen
    assert {dt.date(2019, n, 1) for n in range(4, 13)} <= months
    assert min(months) == dt.date(2018, 4, 1), "a year back from March 2019, and no further"
    data = snapshot(END)
    assert data is not None
    assert data.cell_months["set_aside"].to_pylist().count(True) == len(months)


def test_a_run_over_inspections_can_be_recomputed_to_the_byte(cast: Cast) -> None:
    before = snapshot(END)
    assert before is not None
    assert "verifications" not in before.tables, "snapshots without inspections stay as they were"
    inspect(cast, office(cast), held=5, not_held=7)
    assess_months(months=[END], by=None, at=AT)
    data = snapshot(END)
    assert data is not None
    assert from_bytes(data.content).content == data.content
    InspectionMonth.objects.all().update(stands=False)
    found = recompute(AssessmentRun.objects.get(month=END))
    assert found.is_equal


def test_what_is_no_longer_said_of_rules_still_reads(cast: Cast) -> None:
    """A snapshot kept before the rule existed has neither its numbers nor its weights."""
    data = snapshot(END)
    assert data is not None
    told = data.rules.as_json()
    for one, name in product(told["in_force"], ("refuted_light", "refuted_heavy")):
        del one["facts"][name]
    for one in told["in_force"]:
        for key in ("meetings_refuted", "meetings_refuted_few"):
            del one["facts"]["weights"][key]
    facts, _ = rules_from(told).of_month(END)
    assert facts.refuted_light == 0
