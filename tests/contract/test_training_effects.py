"""What became of units that came to a course: of several together, beside like units, no claim."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.contract.test_posts import who
from tests.pages.files.made import cause_and_measure, support_file
from tests.pages.training.made import taught
from vungmanh.cadre.models import Course, CourseCount
from vungmanh.core.vocabulary import Role, Status
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening import training_effects as module
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.training_effects import effect_of, files_answered
from vungmanh.web.training import effect_words

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
UNTIL = dt.date(2019, 12, 31)


@pytest.fixture
def assessed(db: None) -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell in cast.cells:
        bad = cell in {CELL, OTHER, *CELLS[LANG_THU]}
        cast.hold(cell, 2018, held=2 if bad else 12)
        cast.hold(cell, 2019, held=12 if cell != CELLS[LANG_THU][0] else 2)
    assess_months(months=[dt.date(2019, 3, 1), dt.date(2019, 11, 1)], by=None, at=AT)
    return cast


def made(cast: Cast) -> Course:
    """A course of April 2019 to which two of the three cells came; nobody of the third."""
    course = Course.objects.get(pk=taught(cast[CELL], cast[QUAN_MAU])["course_id"])
    session = course.sessions.get()
    for name, came in ((OTHER, 1), (THIRD, 0)):
        CourseCount.objects.create(session=session, unit_id=cast[name], called=1, came=came)
    return course


def test_units_are_told_together_and_beside_their_like(
    assessed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = assessed
    desk = who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    course = made(cast)
    few = effect_of(desk, course, UNTIL)
    assert (few.units, few.waited, few.taught, few.means) == (2, 2, None, None)
    assert "Cần ít nhất 5 đơn vị" in effect_words.shown(few).why_not.replace("\xa0", " ")
    assert effect_of(desk, course, dt.date(2019, 6, 30)).waited == 0, "three whole months first"
    monkeypatch.setattr(module, "TOLD_FROM", 2)
    alone = effect_of(desk, course, UNTIL)
    assert alone.taught is not None
    assert alone.taught.before == {Status.WEAK: 2}
    assert (alone.taught.now[Status.WEAK], sum(alone.taught.now.values())) == (0, 2)
    assert alone.like is None, "three cells are too few to stand beside"
    assert alone.means is None
    monkeypatch.setattr(module, "FEWEST", 3)
    beside = effect_of(desk, course, UNTIL).like
    assert beside is not None
    assert beside.units == 3, "village cells that did not come, the neighbour's too"
    assert (beside.before[Status.WEAK], beside.now[Status.WEAK]) == (2, 1)
    asked: list[set[UUID]] = []

    def compared(turns, until, *, leave_out):
        asked.append(set(leave_out))
        rise = SimpleNamespace(before=20.0, after=80.0, like_before=25.0, like_after=70.0,
                               expected=SimpleNamespace(low=40.0, high=90.0))  # fmt: skip
        return {one.pk: rise for one in turns}

    monkeypatch.setattr(module, "compare_many", compared)
    told = effect_of(desk, course, UNTIL)
    assert asked == [{cast[CELL], cast[OTHER]}], "who was taught is no like unit"
    assert told.means is not None
    assert (told.means.units, told.means.after, told.means.low) == (2, 80.0, 40.0)
    shown = effect_words.shown(told)
    assert len(shown.head) == 4
    assert shown.cells[0][1][0] == (shown.head[0], shown.rows[0][1])
    assert ("Cần củng cố", "2/2", "0/2", "2/3", "1/3") in shown.rows
    assert any("quay về mức trung bình" in label for label, _words in shown.means)
    # A unit that ended stands nowhere now, whatever its last assessment said.
    with transaction.atomic():
        living = UnitVersion.objects.filter(unit_id=cast[OTHER])
        living.update(valid=DateRange(dt.date(2018, 1, 1), UNTIL))
        gone = effect_of(desk, course, UNTIL).taught
        transaction.set_rollback(True)
    assert gone is not None
    assert (gone.units, gone.ended, sum(gone.now.values())) == (2, 1, 1)
    # A neighbour counts nobody: only units in sight are told of.
    neighbour = who(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert effect_of(neighbour, course, UNTIL).units == 0


def test_a_course_leads_to_files_whose_approved_cause_it_answers(db: None) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    desk = who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    file = support_file(cast[QUAN_MAU], cast[PROVINCE], on=dt.date(2019, 1, 15))
    cause, _measure = cause_and_measure(file)
    SupportFile.objects.update(state="chosen")
    assert files_answered(desk, cause.cause) == [], "nobody approved the cause yet"
    SupportFile.objects.update(state="acting")
    assert [one.pk for one in files_answered(desk, cause.cause)] == [file.pk]
    assert files_answered(desk, "khac") == []
    assert files_answered(who(cast, Role.COMMITTEE_OFFICE, LANG_THU), cause.cause) == []
    cause.withdrawn_at, cause.withdrawn_reason = AT, "không đúng"
    cause.save()
    assert files_answered(desk, cause.cause) == []
