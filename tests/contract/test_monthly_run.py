"""The month that ended is assessed by itself once its reports were due."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Max

from tests.cast import AT, CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.config import nightly
from vungmanh.meetings.models import Obligation
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.monthly import assess_month_ended
from vungmanh.strengthening.models import Assessment, AssessmentRun

pytestmark = pytest.mark.django_db

ASSESSED, ENDED = dt.date(2018, 11, 1), dt.date(2018, 12, 1)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1), last=ASSESSED)
    for cell in CELLS[QUAN_MAU]:
        cast.hold(cell, 2018, held=11, not_held=0)
    return cast


def test_nothing_happens_in_a_register_that_was_never_assessed(cast: Cast) -> None:
    assert assess_month_ended(as_of=dt.date(2019, 3, 1), at=AT) is None
    assert not AssessmentRun.objects.exists()


def test_the_month_waits_until_its_reports_were_due_and_then_shows_silence(cast: Cast) -> None:
    assess_months(months=[ASSESSED], by=None, at=AT)
    assert assess_month_ended(as_of=dt.date(2019, 1, 1), at=AT) is None
    due_by = Obligation.objects.filter(month=ENDED).aggregate(last=Max("due_by"))["last"]
    assert assess_month_ended(as_of=due_by, at=AT) is None
    run = assess_month_ended(as_of=due_by + dt.timedelta(days=1), at=AT)
    assert run is not None
    assert run.month == ENDED
    quiet = Assessment.objects.get(run=run, unit=cast[CELLS[QUAN_MAU][0]])
    assert (quiet.held, quiet.no_report) == (11, 1)


def test_what_is_assessed_already_is_left_alone(cast: Cast) -> None:
    assess_months(months=[ASSESSED], by=None, at=AT)
    made = AssessmentRun.objects.get()
    assert assess_month_ended(as_of=dt.date(2018, 12, 28), at=AT) is None
    assert AssessmentRun.objects.get().at == made.at


def test_the_night_asks_for_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    monkeypatch.setattr(
        "vungmanh.strengthening.actions.monthly.assess_month_ended",
        lambda **values: asked.append(values["as_of"]),
    )
    nightly.check_now()
    assert len(asked) == 1
