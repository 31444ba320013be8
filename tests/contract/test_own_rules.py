"""A rule of the province: drafted, adopted with its document, used, ended or withdrawn."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, december
from tests.pages.strengthening.story import make_story
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.vocabulary import Evidence, OwnRuleState, Role, Status
from vungmanh.org.actions.own_rules import Paper, adopt_rule, draft_rule, end_rule, revise_rule
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import forget, rule_id, steady
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import MeetingGrades, MeetingsHeld, RegularMeetingSheet
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.own_rules import (
    adopt_threshold,
    judge_anew,
    months_judged_by,
    months_to_judge_anew,
    withdraw_rule,
)
from vungmanh.strengthening.explore import explore
from vungmanh.strengthening.models import Assessment, AssessmentRun

pytestmark = pytest.mark.django_db

START = dt.datetime(2019, 3, 1, 8, tzinfo=dt.UTC)
MONTHS = [december(2017), december(2018)]
PAPER = Paper(
    issuer="Ban Thường vụ Tỉnh ủy tỉnh Mẫu",
    type="Quyết định",
    number="12-QĐ/TU",
    issued_on=dt.date(2017, 1, 10),
    valid_from=dt.date(2017, 2, 1),
)


def at(minute: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minute)


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_months(months=MONTHS, by=None, at=START)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("phân tích", Role.PROVINCIAL_ANALYST), on=START.date())


def adopt(by: Viewer, number: int = 6, paper: Paper = PAPER, minute: int = 1) -> OwnRule:
    return adopt_threshold(
        code="so-ky", number=number, title=f"Họp ít nhất {number} kỳ", paper=paper, by=by,
        at=at(minute),
    )  # fmt: skip


def statuses() -> dict[str, str]:
    run = AssessmentRun.objects.get(month=MONTHS[0])
    return dict(Assessment.objects.filter(run=run).values_list("name", "status"))


def test_an_adopted_threshold_goes_before_the_template_from_its_day(analyst: Viewer) -> None:
    rule = adopt(analyst)
    book = load_rulebook()
    assert book.on(dt.date(2017, 1, 31)).of(MeetingsHeld).minimum == 8
    assert book.on(dt.date(2017, 2, 1)).of(MeetingsHeld).minimum == 6
    assert book.on(dt.date(2017, 2, 1)).rule(MeetingsHeld.key).id == rule_id(rule)
    assert book.on(dt.date(2017, 2, 1)).of(MeetingsHeld).of == 12  # all else as it stood
    assert book.version != ""


def test_judging_anew_gives_what_the_trial_said(analyst: Viewer) -> None:
    run = AssessmentRun.objects.get(month=MONTHS[0])
    tried = explore(analyst, run, {"so-ky": 6})
    said = {one.name: one.after for one in (*tried.cells.moved, *tried.organisations.moved)}
    before = statuses()
    rule = adopt(analyst)
    assert [one.month for one in judge_anew(own_rule_id=rule.pk, by=analyst, at=at(2))] == MONTHS
    assert said
    assert statuses() == before | said
    assert Status.WEAK not in {statuses()["Chi bộ thôn Đồi Mẫu"]}


def test_what_nothing_rests_on_can_be_withdrawn(analyst: Viewer) -> None:
    rule = adopt(analyst)
    withdraw_rule(own_rule_id=rule.pk, reason="ghi nhầm số", by=analyst, at=at(2))
    assert load_rulebook().on(dt.date(2017, 6, 1)).of(MeetingsHeld).minimum == 8
    rule.refresh_from_db()
    assert (rule.state, rule.reason) == (OwnRuleState.WITHDRAWN, "ghi nhầm số")
    assert [event.verb for event in Event.objects.filter(subject=f"own_rule:{rule.pk}")] == [
        "own_rule.drafted", "own_rule.adopted", "own_rule.withdrawn",
    ]  # fmt: skip


def test_what_was_judged_by_can_only_end(analyst: Viewer) -> None:
    rule = adopt(analyst)
    judge_anew(own_rule_id=rule.pk, by=analyst, at=at(2))
    assert len(months_judged_by(rule)) == 2
    with pytest.raises(NotNow, match="Ghi ngày hết hiệu lực"):
        withdraw_rule(own_rule_id=rule.pk, reason="thôi", by=analyst, at=at(3))
    end_rule(
        own_rule_id=rule.pk, valid_to=dt.date(2019, 6, 1), reason="có văn bản mới", by=analyst,
        at=at(4),
    )  # fmt: skip
    assert load_rulebook().on(dt.date(2019, 5, 31)).of(MeetingsHeld).minimum == 6
    assert load_rulebook().on(dt.date(2019, 6, 1)).of(MeetingsHeld).minimum == 8


def test_days_that_overlap_are_refused_with_rule_place_and_remedy(analyst: Viewer) -> None:
    first = adopt(analyst)
    later = replace(PAPER, valid_from=dt.date(2018, 1, 1), number="13-QĐ/TU")
    with pytest.raises(InputError, match="Ghi ngày hết hiệu lực") as refusal:
        adopt(analyst, 7, later, 2)
    assert refusal.value.field == "valid_from"
    assert refusal.value.place == rule_id(first)
    assert "Quyết định số 12-QĐ/TU" in refusal.value.message


def test_days_that_follow_each_other_are_not_an_overlap(analyst: Viewer) -> None:
    adopt(analyst, 6, replace(PAPER, valid_to=dt.date(2018, 1, 1)))
    adopt(analyst, 7, replace(PAPER, valid_from=dt.date(2018, 1, 1)), 2)
    days = (dt.date(2017, 12, 31), dt.date(2018, 1, 1))
    assert [load_rulebook().on(day).of(MeetingsHeld).minimum for day in days] == [6, 7]


def test_a_refused_adoption_leaves_no_draft(analyst: Viewer) -> None:
    adopt(analyst)
    with pytest.raises(InputError):
        adopt(analyst, 7)
    assert OwnRule.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"issued_on": dt.date(2017, 3, 1)}, "valid_from"),
        ({"issued_on": dt.date(2019, 3, 2), "valid_from": dt.date(2019, 4, 1)}, "issued_on"),
        ({"valid_to": dt.date(2017, 2, 1)}, "valid_to"),
        ({"number": "  "}, "number"),
        ({"issuer": ""}, "issuer"),
    ],
)
def test_a_paper_that_cannot_stand_names_its_field(
    analyst: Viewer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refusal:
        adopt(analyst, 6, replace(PAPER, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_number_that_is_in_force_already_is_refused(analyst: Viewer) -> None:
    with pytest.raises(InputError, match="đã là 8"):
        adopt(analyst, 8)


def test_the_past_is_not_shortened(analyst: Viewer) -> None:
    rule = adopt(analyst)
    with pytest.raises(InputError) as refusal:
        end_rule(
            own_rule_id=rule.pk, valid_to=dt.date(2018, 6, 1), reason="thử", by=analyst, at=at(2)
        )
    assert refusal.value.field == "valid_to"


def test_a_text_that_is_no_value_is_refused_with_its_key(analyst: Viewer) -> None:
    draft = draft_rule(
        key=MeetingsHeld.key, title="Thử", text="minimum: tám\n", by=analyst, at=at(1)
    )
    with pytest.raises(InputError) as refusal:
        adopt_rule(own_rule_id=draft.pk, paper=PAPER, by=analyst, at=at(2))
    assert refusal.value.field == "text"
    assert load_rulebook().on(dt.date(2017, 6, 1)).of(MeetingsHeld).minimum == 8


def test_the_second_to_save_a_draft_is_told(analyst: Viewer) -> None:
    draft = draft_rule(key=MeetingsHeld.key, title="Thử", text="a: 1", by=analyst, at=at(1))
    saved = {"own_rule_id": draft.pk, "title": "Thử", "seen": at(1), "by": analyst}
    revise_rule(text="a: 2", at=at(2), **saved)
    with pytest.raises(Conflict):
        revise_rule(text="a: 3", at=at(3), **saved)


def test_others_adopt_nothing(cast: Cast) -> None:
    office = viewer_for(
        cast.user("vp", Role.COMMITTEE_OFFICE, "Đảng bộ xã Quan Mẫu"), on=START.date()
    )
    with pytest.raises(NotAllowed):
        adopt(office)


def test_a_request_asks_for_the_rules_once_and_sees_what_it_changes(analyst: Viewer) -> None:
    with steady():
        with CaptureQueriesContext(connection) as asked:
            for _ in range(5):
                load_rulebook()
        assert len(asked) == 1
        adopt(analyst)
        assert load_rulebook().on(dt.date(2017, 6, 1)).of(MeetingsHeld).minimum == 6
    forget()


def test_another_process_sees_an_adoption_at_once(analyst: Viewer) -> None:
    """Nothing is kept between requests but what the database's own stamp names."""
    load_rulebook()
    rule = adopt(analyst)
    load_rulebook()
    OwnRule.objects.filter(pk=rule.pk).update(state=OwnRuleState.WITHDRAWN)  # by somebody else
    assert load_rulebook().on(dt.date(2017, 6, 1)).of(MeetingsHeld).minimum == 8


def test_a_rule_of_the_province_says_who_vouches_for_it(analyst: Viewer) -> None:
    adopt(analyst)
    rule = load_rulebook().on(dt.date(2017, 6, 1)).rule(MeetingsHeld.key)
    assert (rule.evidence, rule.caution) == (Evidence.OWN, "")


def adopted_sheet(by: Viewer, text: str, because: str = "") -> OwnRule:
    draft = draft_rule(key=RegularMeetingSheet.key, title="Bảng", text=text, by=by, at=at(3))
    paper = replace(PAPER, number="14-HD/TU")
    return adopt_rule(own_rule_id=draft.pk, paper=paper, because=because, by=by, at=at(4))


def sheet_with(**more: object) -> str:
    groups = [{"code": "A", "title": "A", "points": 100}]
    return yaml.safe_dump({"total": 100, "rescale": "none", "groups": groups} | more)


def test_a_sheet_no_assessment_reads_can_be_withdrawn(analyst: Viewer) -> None:
    rule = adopted_sheet(analyst, sheet_with(), because="chưa chia tiêu chí")
    assess_months(months=MONTHS, by=None, at=at(5))
    assert (months_judged_by(rule), months_to_judge_anew(rule)) == ([], [])
    withdrawn = withdraw_rule(own_rule_id=rule.pk, reason="ghi nhầm", by=analyst, at=at(6))
    assert withdrawn.state == OwnRuleState.WITHDRAWN


def test_a_sheet_is_adopted_by_the_grades_the_province_has(analyst: Viewer) -> None:
    veto = [{"code": "P1", "text": "Có người bị kỷ luật", "grade": "Chưa đạt"}]
    text = sheet_with(vetoes=veto)
    with pytest.raises(InputError, match="không phải một mức"):
        adopted_sheet(analyst, text, because="chưa chia tiêu chí")
    bands = [
        {"code": "dat", "label": "Đạt", "from_score": 50},
        {"code": "chua_dat", "label": "Chưa đạt", "from_score": 0},
    ]
    grades = draft_rule(
        key=MeetingGrades.key, title="Hai mức", text=yaml.safe_dump({"bands": bands}),
        by=analyst, at=at(5),
    )  # fmt: skip
    paper = replace(PAPER, valid_from=dt.date(2030, 1, 1))
    adopt_rule(own_rule_id=grades.pk, paper=paper, by=analyst, at=at(6))
    assert load_rulebook().history(MeetingGrades.key)[-1].title == "Hai mức"
    rule = adopted_sheet(analyst, text, because="chưa chia tiêu chí")
    assert rule.state == OwnRuleState.ADOPTED
