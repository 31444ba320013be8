"""Corners of a rating cycle: two committees, one that ended, rules and days that moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.rating_story import (
    BEST,
    BODY,
    CELL,
    DONE,
    GOOD,
    NOW,
    OTHER_CELL,
    YEAR,
    acting,
    analyst,
    attempt,
    brought_to,
    dossier_of,
    office,
    opened,
    secretary,
)
from vungmanh.access.models import Event
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import (
    DossierAct,
    DossierState,
    DossierSubject,
    OutcomeSubject,
    Role,
)
from vungmanh.evaluation import procedure, reads
from vungmanh.evaluation.actions.cycles import (
    add_dossier,
    close_cycle,
    open_cycle,
    remove_dossier,
    set_deadlines,
)
from vungmanh.evaluation.actions.deciding import decide, notify, reopen, waiting_below
from vungmanh.evaluation.actions.dossiers import give_opinion, rate_self, write_answers
from vungmanh.evaluation.actions.outcomes import record_outcome
from vungmanh.evaluation.board import cycle_board
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry, YearGrade
from vungmanh.evaluation.reads import dossiers_visible, entries_visible
from vungmanh.evaluation.recompute import recompute
from vungmanh.org.models import Appointment, MembershipCount, UnitClosure, UnitParent, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.strengthening.actions.deciding import decide_under_cap
from vungmanh.strengthening.year_grading import compute

pytestmark = pytest.mark.django_db
A, S = DossierAct, DossierState
ORGANISATION = DossierSubject.ORGANISATION
LAST_CELL = "Chi bộ thôn Ăn Mẫu"


@pytest.fixture
def cast() -> Cast:
    return make_cast(last=dt.date(2016, 12, 1))


def decided(dossier: Dossier, by: Any, grade: str = GOOD, **more: Any) -> Any:
    return decide(dossier_id=dossier.pk, grade=grade, inputs={}, result={}, by=by, at=NOW, **more)


# --- two committees ------------------------------------------------------------------------------


def moved(cast: Cast, cell: str, to: str, day: dt.date) -> None:
    """As a reform does: the cell stands elsewhere from a day on."""
    link = UnitParent.objects.get(unit_id=cast[cell])
    link.valid = DateRange(link.valid.lower, day)
    link.save(update_fields=["valid"])
    UnitParent.objects.create(unit_id=cast[cell], parent_id=cast[to], valid=DateRange(day, None))


def test_a_unit_has_one_grade_in_a_year_also_where_two_committees_have_it(cast: Cast) -> None:
    by, neighbour = office(cast), office(cast, LANG_THU)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.DECIDED, dossier, secretary(cast), by, by)
    moved(cast, CELL, LANG_THU, dt.date(2019, 12, 20))
    twin = dossier_of(opened(cast, LANG_THU), cast)
    Dossier.objects.filter(pk=twin.pk).update(state=S.PROPOSED, proposed_grade=DONE)
    with pytest.raises(Conflict, match="Quan Mẫu quyết định mức năm 2019") as caught:
        decided(twin, neighbour, DONE)
    assert caught.value.code == "graded-elsewhere"
    assert YearGrade.objects.get(unit_id=cast[CELL], year=YEAR).grade == GOOD
    remove_dossier(dossier_id=twin.pk, reason="Nơi cũ đã xếp loại.", by=neighbour, at=NOW)
    assert Dossier.objects.filter(cycle=twin.cycle, removed_at=None).count() == 2


def test_a_committee_takes_out_what_has_gone_over_to_another_since_it_opened(cast: Cast) -> None:
    by = office(cast)
    cycle = opened(cast)
    dossier = dossier_of(cycle, cast)
    moved(cast, CELL, LANG_THU, dt.date(2019, 12, 20))
    assert not dossiers_visible(by).filter(pk=dossier.pk).exists(), "it is out of sight"
    this: dict[str, Any] = {"dossier_id": dossier.pk, "reason": "Chuyển đi.", "at": NOW}
    with pytest.raises((NotAllowed, NotFound)):
        remove_dossier(by=office(cast, LANG_THU), **this)
    remove_dossier(by=by, **this)
    for cell in (OTHER_CELL, LAST_CELL):
        brought_to(S.DECIDED, dossier_of(cycle, cast, cell), secretary(cast, cell), by, by)
    assert close_cycle(cycle_id=cycle.pk, by=by, at=NOW).closed_at == NOW


def test_a_committee_adds_only_what_stands_directly_below_it_and_is_in_no_other_cycle(
    cast: Cast,
) -> None:
    province = analyst(cast)
    cycle = opened(cast, PROVINCE, province)
    this: dict[str, Any] = {
        "cycle_id": cycle.pk, "subject": ORGANISATION, "reason": "Thử.", "by": province, "at": NOW,
    }  # fmt: skip
    with pytest.raises(NotFound):
        add_dossier(unit_id=cast[CELL], **this)
    school = dossier_of(cycle, cast, SCHOOL)
    remove_dossier(dossier_id=school.pk, reason="Nhầm.", by=province, at=NOW)
    own = opened(cast)
    Dossier.objects.filter(cycle=own, unit_id=cast[CELL]).update(unit_id=cast[SCHOOL])
    with pytest.raises(Conflict) as caught:
        add_dossier(unit_id=cast[SCHOOL], **this)
    assert caught.value.code == "dossier-elsewhere"
    assert own.name in caught.value.message


def test_a_unit_founded_after_the_list_was_taken_is_added_and_one_of_next_year_is_not(
    cast: Cast,
) -> None:
    by = office(cast)
    cycle = opened(cast)
    Cycle.objects.filter(pk=cycle.pk).update(on=dt.date(2019, 11, 5))
    for name, first in (("Chi bộ mới", dt.date(2019, 12, 1)), ("Chi bộ sau", dt.date(2020, 1, 2))):
        cast.units[name] = founded(cast, name, first)
    this: dict[str, Any] = {
        "cycle_id": cycle.pk, "subject": ORGANISATION, "reason": "Mới lập.", "by": by, "at": NOW,
    }  # fmt: skip
    assert add_dossier(unit_id=cast["Chi bộ mới"], **this).name == "Chi bộ mới"
    with pytest.raises(NotFound, match="Trong năm xếp loại"):
        add_dossier(unit_id=cast["Chi bộ sau"], **this)


def founded(cast: Cast, name: str, first: dt.date) -> Any:
    like = UnitVersion.objects.get(unit_id=cast[CELL])
    unit = like.unit.__class__.objects.create(id=uuid7(), is_simulated=True)
    UnitVersion.objects.create(
        unit=unit, valid=DateRange(first, None), name=name, name_fold=name, name_key=b"x",
        kind=like.kind, sector=like.sector, is_organisation=False,
    )  # fmt: skip
    UnitParent.objects.create(unit=unit, parent_id=cast[QUAN_MAU], valid=DateRange(first, None))
    return unit.pk


def test_nobody_waits_for_a_unit_that_was_left_out_with_a_reason(cast: Cast) -> None:
    province, by = analyst(cast), office(cast)
    dossier = dossier_of(opened(cast, PROVINCE, province), cast, QUAN_MAU)
    cycle = opened(cast)
    for cell in (CELL, OTHER_CELL):
        YearGrade.objects.create(unit_id=cast[cell], year=YEAR, regime="R2b", grade=GOOD)
    assert [number for _, number in waiting_below([dossier])] == [1]
    left = dossier_of(cycle, cast, LAST_CELL)
    remove_dossier(dossier_id=left.pk, reason="Lập tháng 12.", by=by, at=NOW)
    assert waiting_below([dossier]) == []


# --- a committee that has ended ------------------------------------------------------------------


def ended(unit: Any, day: dt.date) -> None:
    """As a reform does: the unit and its place end on a day."""
    for model in (MembershipCount, Appointment, UnitParent, UnitVersion):
        for row in model.objects.filter(unit_id=unit):
            row.valid = DateRange(row.valid.lower, day)
            row.save(update_fields=["valid"])
    assert not UnitClosure.objects.filter(depth=0, ancestor_id=unit, valid__contains=day).exists()


def test_what_a_committee_left_open_is_finished_by_the_one_above_it(cast: Cast) -> None:
    by, province = office(cast), analyst(cast)
    cycle = opened(cast)
    dossier = dossier_of(cycle, cast)
    brought_to(S.PROPOSED, dossier, secretary(cast), by, by)
    with pytest.raises(NotAllowed) as early:
        decided(dossier, province)
    assert early.value.code == "other-side"
    UnitParent.objects.filter(parent_id=cast[QUAN_MAU]).update(parent_id=cast[PROVINCE])
    ended(cast[QUAN_MAU], dt.date(2020, 1, 2))
    neighbour = office(cast, LANG_THU)
    with pytest.raises((NotAllowed, NotFound)):
        decided(dossier, neighbour)
    decided(dossier, province)
    for cell in (OTHER_CELL, LAST_CELL):
        left = dossier_of(cycle, cast, cell)
        remove_dossier(dossier_id=left.pk, reason="Đảng bộ đã kết thúc.", by=province, at=NOW)
    assert close_cycle(cycle_id=cycle.pk, by=province, at=NOW).closed_at == NOW


# --- days ----------------------------------------------------------------------------------------


def test_a_deadline_in_another_year_is_a_mistyped_one(cast: Cast) -> None:
    cycle = opened(cast)
    for day in (dt.date(2018, 12, 31), dt.date(2021, 1, 1), dt.date(219, 12, 1)):
        with pytest.raises(InputError, match="năm xếp loại 2019 hay năm 2020") as caught:
            set_deadlines(cycle_id=cycle.pk, deadlines={"decide": day}, by=office(cast), at=NOW)
        assert (caught.value.field, caught.value.code) == ("decide", "deadline-out-of-year")


def test_what_is_told_again_after_a_complaint_came_in_time(cast: Cast) -> None:
    by, cell = office(cast), secretary(cast)
    cycle = opened(cast, deadlines={"decide": NOW.date(), "notify": NOW.date()})
    dossier = dossier_of(cycle, cast)
    brought_to(S.REVERIFYING, dossier, cell, by, by)
    attempt("answer_complaint", dossier, by)
    later = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    notify(dossier_id=dossier.pk, by=later, at=NOW + dt.timedelta(days=40))
    [row] = [one for one in cycle_board(cycle, by).rows if one.dossier.pk == dossier.pk]
    assert row.late == row.missing == ()
    set_deadlines(cycle_id=cycle.pk, deadlines={"rate_self": dt.date(2020, 1, 2)}, by=by, at=NOW)
    cycle.refresh_from_db()
    [row] = [one for one in cycle_board(cycle, by).rows if one.dossier.pk == dossier.pk]
    assert [step.act for step in row.late] == [A.RATE_SELF], "a day that moved counts at once"


def test_what_is_opened_again_goes_by_no_deadline_of_the_year(cast: Cast) -> None:
    by = office(cast)
    cycle = opened(cast, deadlines={"rate_self": dt.date(2019, 12, 5)})
    brought_to(S.DECIDED, dossier_of(cycle, cast), secretary(cast), by, by)
    reopen(dossier_id=dossier_of(cycle, cast).pk, reason="Sai số liệu.", by=by, at=NOW)
    rows = {one.dossier.name: one for one in cycle_board(cycle, by).rows}
    assert rows[CELL].missing == ()
    assert rows[OTHER_CELL].missing != ()


# --- what was said -------------------------------------------------------------------------------


def test_the_ledger_keeps_no_grade_of_a_blind_opinion(cast: Cast) -> None:
    by = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, secretary(cast), by, by)
    give_opinion(dossier_id=dossier.pk, body=BODY, grade=GOOD, by=by, at=NOW)
    assert Event.objects.get(verb="dossier.opinion_given").data["grade"] == ""
    assert DossierEntry.objects.get(act=A.GIVE_OPINION).grade == GOOD


def test_opinions_are_open_where_the_procedure_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, another = office(cast), acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, name="khac")
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.IN_OPINION, dossier, secretary(cast), by, by)
    give_opinion(dossier_id=dossier.pk, body=BODY, grade=GOOD, by=by, at=NOW)
    dossier = dossier_of(dossier.cycle, cast)

    def heard() -> list[str]:
        return [one.body for one in entries_visible(another, dossier) if one.body]

    assert heard() == [], "no text says whether they are blind, so they are"
    rule = procedure.rule_value(dossier.cycle.rules, "grade_procedure")
    steps = tuple(
        replace(one, blind=False) if one.step is A.GIVE_OPINION else one
        for one in rule.steps  # type: ignore[union-attr]
    )
    said = replace(rule, steps=steps)  # type: ignore[type-var]
    monkeypatch.setattr(reads, "rule_value", lambda rules, key: said)
    assert heard() == [BODY]


def test_points_are_the_sum_of_the_sheet_once_it_is_answered_to_the_end(cast: Cast) -> None:
    at = dt.datetime(2025, 12, 1, 2, tzinfo=dt.UTC)
    by, cell = office(cast), secretary(cast)
    cycle = open_cycle(unit_id=cast[QUAN_MAU], year=2025, by=by, at=at)
    sheet = procedure.rule_value(cycle.rules, "year_sheet.organisation")
    assert isinstance(sheet, YearSheet)
    full = {one.code: int(one.points or 0) for one in sheet.criteria}
    dossier = dossier_of(cycle, cast)
    this: dict[str, Any] = {"dossier_id": dossier.pk, "by": cell, "at": at}
    first = next(iter(full))
    write_answers(set={**full, first: full[first] - 1}, was={}, **this)
    with pytest.raises(InputError, match="cộng lại là 99 điểm") as caught:
        rate_self(grade=BEST, points="100", **this)
    assert (caught.value.field, caught.value.code) == ("points", "points-not-the-sum")
    assert rate_self(grade=BEST, **this).self_points == 99
    other = dossier_of(cycle, cast, OTHER_CELL)
    blank = {code: value for code, value in full.items() if code != first}
    this = {"dossier_id": other.pk, "by": secretary(cast, OTHER_CELL), "at": at}
    write_answers(set=blank, was={}, **this)
    assert rate_self(grade=BEST, **this).self_points is None, "a blank row leaves no total"


# --- rules ---------------------------------------------------------------------------------------


def test_a_cycle_does_not_open_with_a_sheet_that_makes_ninety_nine(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = procedure.rules_of_year(2025, dt.date(2025, 12, 31))
    sheet = procedure.rule_value(rules.ids, "year_sheet.organisation")
    assert isinstance(sheet, YearSheet)
    group = sheet.groups[0]
    row = replace(group.criteria[0], points=(group.criteria[0].points or 0) - 1)
    short = replace(
        sheet, groups=(replace(group, criteria=(row, *group.criteria[1:])), *sheet.groups[1:])
    )
    procedure.check_sheets(rules, 2025)
    monkeypatch.setattr(procedure, "rule_value", lambda ids, key: short)
    with pytest.raises(NotNow, match="thiếu 1") as caught:
        procedure.check_sheets(rules, 2025)
    assert caught.value.code == "sheet-broken"
    monkeypatch.undo()
    for year in range(2014, 2027):  # what is shipped adds up
        on = min(dt.date(year, 12, 31), dt.date(2026, 11, 23))
        procedure.check_sheets(procedure.rules_of_year(year, on), year)


def test_a_grade_decided_anew_is_known_from_that_day(cast: Cast) -> None:
    by = office(cast)
    dossier = dossier_of(opened(cast), cast)
    brought_to(S.DECIDED, dossier, secretary(cast), by, by)
    YearGrade.objects.update(recorded_at=NOW - dt.timedelta(days=900))
    reopen(dossier_id=dossier.pk, reason="Sai.", by=by, at=NOW)
    brought_to(S.PROPOSED, dossier_of(dossier.cycle, cast), secretary(cast), by, by)
    decided(dossier, by, DONE, reason="Tính lại.")
    grade = YearGrade.objects.get(unit_id=cast[CELL], year=YEAR)
    assert grade.grade == DONE
    assert grade.recorded_at > NOW, "not as if it had been known all the time"


def test_what_was_decided_is_the_same_a_year_of_data_and_another_rulebook_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, cell = office(cast), secretary(cast)
    cycle = opened(cast)
    dossier = dossier_of(cycle, cast)
    write_answers(dossier_id=dossier.pk, set={"1.1": "tot"}, was={}, by=cell, at=NOW)
    brought_to(S.PROPOSED, dossier, cell, by, by)
    decision = decide_under_cap(dossier_id=dossier.pk, grade=GOOD, by=by, at=NOW)
    assert recompute(decision, compute).is_same
    record_outcome(
        dossier_id=dossier.pk, subject=OutcomeSubject.MEMBERS, by=cell, at=NOW,
        counts={"excellent": 0, "good": 0, "completed": 0, "not_completed": 9, "unrated": 0},
    )  # fmt: skip
    cast.hold(CELL, 2016, held=1, not_held=0)
    ended(cast[CELL], dt.date(2020, 6, 1))
    scale = load_rulebook().grade_scale(YEAR)
    turned = replace(
        scale,
        grades=tuple(
            replace(one, order=len(scale.grades) + 1 - one.order) for one in scale.grades[::-1]
        ),
    )
    book = type(load_rulebook())
    monkeypatch.setattr(book, "grade_scale", lambda self, year: turned)
    monkeypatch.setattr(book, "version", property(lambda self: "other"), raising=False)
    decision.refresh_from_db()
    again = recompute(decision, compute)
    assert again.is_same, again.differences


@pytest.mark.parametrize(
    ("on", "tier", "above", "name"),
    [
        ("2024-12-31", "dang_bo_xa", "dang_bo_huyen", "Ban thường vụ huyện ủy"),
        ("2025-12-31", "chi_bo_co_so", "dang_bo_xa", "Ban thường vụ đảng ủy xã, phường"),
        ("2026-11-20", "chi_bo", "dang_bo_xa", "Đảng ủy xã, phường (đảng ủy cơ sở)"),
        ("2026-11-20", "dang_bo_huyen", "dang_bo_tinh", None),  # there is none any more
    ],
)
def test_who_decides_is_told_by_the_rule_of_the_day(
    cast: Cast, on: str, tier: str, above: str, name: str | None
) -> None:
    cycle = opened(cast)
    dossier = dossier_of(cycle, cast)
    day = dt.date.fromisoformat(on)
    dossier.tier = tier
    dossier.cycle.on, dossier.cycle.rules = day, dict(procedure.rules_of_year(day.year, day).ids)
    UnitVersion.objects.filter(unit_id=cast[QUAN_MAU]).update(kind=above)
    decider = procedure.decider_of(dossier)
    assert (decider.name if decider else None) == name
