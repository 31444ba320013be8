"""The yearly cycle: who is in it, by which days, what is late; seventy dossiers as one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.rating_story import (
    BODY,
    CELL,
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
from vungmanh.access.wall import behind
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import (
    CycleState,
    DossierAct,
    DossierState,
    DossierSubject,
    Role,
    Sector,
    UnitKind,
)
from vungmanh.evaluation.actions.cycles import (
    add_dossier,
    close_cycle,
    open_cycle,
    remove_dossier,
    set_deadlines,
    set_protected,
)
from vungmanh.evaluation.actions.deciding import Verdict, decide_cycle, notify_cycle, reopen
from vungmanh.evaluation.board import cycle_board
from vungmanh.evaluation.models import Cycle, Dossier, GradeDecision, YearGrade
from vungmanh.evaluation.reads import (
    cycle_visible,
    cycles_visible,
    decisions_visible,
    dossiers_visible,
)
from vungmanh.evaluation.recompute import recompute, recompute_many
from vungmanh.org.actions.register import load_register

pytestmark = pytest.mark.django_db
A, S = DossierAct, DossierState
ORGANISATION, LEADERSHIP = DossierSubject.ORGANISATION, DossierSubject.LEADERSHIP


@pytest.fixture
def cast() -> Cast:
    return make_cast(last=dt.date(2016, 12, 1))


# --- opening -------------------------------------------------------------------------------------


def test_a_cycle_has_a_dossier_for_every_unit_directly_below(cast: Cast) -> None:
    cycle = opened(cast, PROVINCE, analyst(cast), protected=[cast[SCHOOL]])
    rows = cycle.dossiers.order_by("name", "subject").values_list(
        "name", "subject", "group", "tier", "protected"
    )
    assert set(rows) == {
        (QUAN_MAU, ORGANISATION, "commune", "dang_bo_xa", False),
        (QUAN_MAU, LEADERSHIP, "commune", "dang_bo_xa", False),
        (LANG_THU, ORGANISATION, "commune", "dang_bo_xa", False),
        (LANG_THU, LEADERSHIP, "commune", "dang_bo_xa", False),
        (SCHOOL, ORGANISATION, "school", "chi_bo_co_so", True),
        (SCHOOL, LEADERSHIP, "school", "chi_bo_co_so", True),
    }
    assert (cycle.year, cycle.regime, cycle.on) == (YEAR, "R2b", dt.date(2019, 12, 31))
    assert cycle.rules["grade_procedure"] == "HD21-2019-quy-trinh"
    assert cycle.deadlines["decide"] == "2019-12-31"
    assert Event.objects.get(verb="cycle.opened").data["units"] == 3


def test_a_commune_rates_its_own_cells_without_their_committees(cast: Cast) -> None:
    cycle = opened(cast)
    assert set(cycle.dossiers.values_list("subject", flat=True)) == {ORGANISATION}
    assert cycle.dossiers.count() == 3
    assert cycle.bodies == ["Các ban của đảng ủy", BODY, "Chính quyền", "Cấp ủy viên"]


def test_one_year_of_one_committee_has_one_cycle(cast: Cast) -> None:
    opened(cast)
    with pytest.raises(Conflict, match="đã có kỳ xếp loại năm 2019"):
        opened(cast)
    assert Cycle.objects.count() == 1


@pytest.mark.parametrize(
    ("year", "on", "error", "code"),
    [
        (2007, "2020-01-03", InputError, "no-regime-for-year"),
        (2010, "2020-01-03", InputError, "no-regime-for-year"),  # no text of the steps was read
        (2020, "2020-10-31", NotNow, "year-not-over"),
        (2027, "2020-01-03", NotNow, "year-not-over"),
        (2015, "2020-01-03", NotNow, "unit-ended"),  # the register begins in 2016
    ],
)
def test_a_year_that_cannot_be_rated_is_refused(
    cast: Cast, year: int, on: str, error: type[Exception], code: str
) -> None:
    at = dt.datetime.fromisoformat(f"{on}T02:00+00:00")
    with pytest.raises(error) as caught:
        open_cycle(unit_id=cast[QUAN_MAU], year=year, by=office(cast), at=at)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert not Cycle.objects.exists()


def test_a_year_may_be_opened_from_the_day_the_province_names(cast: Cast) -> None:
    at = dt.datetime(2019, 11, 1, 2, tzinfo=dt.UTC)
    cycle = open_cycle(unit_id=cast[QUAN_MAU], year=YEAR, by=office(cast), at=at)
    assert cycle.on == dt.date(2019, 11, 1)


def test_only_the_committee_itself_opens_its_cycle(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as above:
        opened(cast, QUAN_MAU, analyst(cast))
    assert above.value.code == "other-side"
    with pytest.raises(NotFound):
        opened(cast, QUAN_MAU, office(cast, LANG_THU))
    with pytest.raises(NotAllowed):
        opened(cast, QUAN_MAU, secretary(cast))
    school = acting(cast, Role.COMMITTEE_OFFICE, SCHOOL)
    with pytest.raises(NotNow) as alone:
        opened(cast, SCHOOL, school)
    assert alone.value.code == "nobody-below"


# --- deadlines and who is in it ------------------------------------------------------------------


def test_a_deadline_before_its_step_names_both_steps_and_days(cast: Cast) -> None:
    cycle = opened(cast)
    this: dict[str, Any] = {"cycle_id": cycle.pk, "by": office(cast), "at": NOW}
    with pytest.raises(InputError, match="“Quyết định mức” \\(01/12/2019\\)") as caught:
        set_deadlines(
            deadlines={"verify": dt.date(2019, 12, 10), "decide": dt.date(2019, 12, 1)}, **this
        )
    assert "“Thẩm định” (10/12/2019)" in caught.value.message
    assert (caught.value.field, caught.value.code) == ("decide", "deadline-before-step")
    with pytest.raises(InputError):
        set_deadlines(deadlines={"appeal": dt.date(2019, 12, 1)}, **this)
    kept = set_deadlines(deadlines={"decide": dt.date(2020, 1, 20)}, **this)
    assert kept.deadlines == {"decide": "2020-01-20"}


def test_a_dossier_leaves_and_comes_back_with_a_reason(cast: Cast) -> None:
    by = office(cast)
    cycle = opened(cast)
    dossier = dossier_of(cycle, cast)
    this: dict[str, Any] = {"by": by, "at": NOW}
    with pytest.raises(InputError):
        remove_dossier(dossier_id=dossier.pk, reason=" ", **this)
    remove_dossier(dossier_id=dossier.pk, reason="Mới thành lập tháng 12.", **this)
    assert not dossiers_visible(by).filter(pk=dossier.pk).exists()
    with pytest.raises(NotNow) as gone:
        attempt("rate_self", dossier, secretary(cast))
    assert gone.value.code == "dossier-removed"
    back: dict[str, Any] = {
        "cycle_id": cycle.pk, "unit_id": cast[CELL], "reason": "Đủ thời gian.", **this,
    }  # fmt: skip
    add_dossier(subject=ORGANISATION, **back)
    with pytest.raises(Conflict):
        add_dossier(subject=ORGANISATION, **back)
    assert add_dossier(subject=LEADERSHIP, **back).group == "village"
    with pytest.raises(NotFound):
        add_dossier(subject=ORGANISATION, **{**back, "unit_id": cast[SCHOOL]})
    marked = set_protected(dossier_id=dossier.pk, protected=True, reason="Đơn vị đặc thù.", **this)
    assert marked.protected


def test_a_cycle_closes_when_all_is_decided_and_reopening_one_opens_it(cast: Cast) -> None:
    by = office(cast)
    cycle = opened(cast)
    for unit in (CELL, OTHER_CELL):
        brought_to(S.DECIDED, dossier_of(cycle, cast, unit), secretary(cast, unit), by, by)
    with pytest.raises(NotNow, match="Còn 1 hồ sơ"):
        close_cycle(cycle_id=cycle.pk, by=by, at=NOW)
    last = dossier_of(cycle, cast, "Chi bộ thôn Ăn Mẫu")
    remove_dossier(dossier_id=last.pk, reason="Chưa hoạt động đủ năm.", by=by, at=NOW)
    assert close_cycle(cycle_id=cycle.pk, by=by, at=NOW).state == CycleState.CLOSED
    decided = dossier_of(cycle, cast)
    with pytest.raises(NotNow):
        remove_dossier(dossier_id=decided.pk, reason="Nhầm.", by=by, at=NOW)
    reopen(dossier_id=decided.pk, reason="Sai số liệu.", by=by, at=NOW)
    assert Cycle.objects.get(pk=cycle.pk).state == CycleState.OPEN


# --- who sees what -------------------------------------------------------------------------------


def test_a_unit_sees_its_own_dossier_and_no_other(cast: Cast) -> None:
    cycle = opened(cast)
    counts = {
        name: (dossiers_visible(by).count(), cycles_visible(by).count())
        for name, by in {
            "cell": secretary(cast),
            "office": office(cast),
            "province": analyst(cast),
            "neighbour": office(cast, LANG_THU),
            "administrator": acting(cast, Role.ADMINISTRATOR, PROVINCE),
        }.items()
    }
    assert counts == {
        "cell": (1, 1), "office": (3, 1), "province": (3, 1), "neighbour": (0, 0),
        "administrator": (0, 0),
    }  # fmt: skip
    cell = secretary(cast)
    assert [row.dossier.name for row in cycle_board(cycle, cell).rows] == [CELL]
    with behind(cell, NOW.date()):  # the database says the same
        assert list(Dossier.objects.values_list("name", flat=True)) == [CELL]
        assert cycle_visible(cell, cycle.pk) == cycle
    with behind(office(cast, LANG_THU), NOW.date()):
        assert not Dossier.objects.exists()
        assert not Cycle.objects.exists()
    with pytest.raises(NotFound):
        cycle_visible(office(cast, LANG_THU), cycle.pk)
    assert not dossiers_visible(None).exists()


# --- the board -----------------------------------------------------------------------------------


def test_the_board_tells_what_came_late_and_what_is_missing(cast: Cast) -> None:
    by = office(cast)
    days = {
        "rate_self": dt.date(2020, 1, 2), "give_opinion": dt.date(2020, 1, 2),
        "verify": dt.date(2020, 1, 3), "decide": dt.date(2020, 1, 9),
    }  # fmt: skip
    cycle = opened(cast, deadlines=days)
    brought_to(S.IN_OPINION, dossier_of(cycle, cast), secretary(cast), by, by)
    attempt("give_opinion", dossier_of(cycle, cast), by)
    board = cycle_board(cycle, by)
    rows = {row.dossier.name: row for row in board.rows}
    assert [step.act for step in rows[CELL].late] == [A.RATE_SELF]
    assert [step.act for step in rows[CELL].missing] == [A.GIVE_OPINION]
    assert (rows[CELL].opinions, rows[CELL].asked) == (1, 4)
    # What comes behind a step that is not done waits for it, and is not missing itself.
    assert [step.act for step in rows[OTHER_CELL].missing] == [A.RATE_SELF]
    assert [step.act for step in rows[OTHER_CELL].steps if step.is_turn] == [A.RATE_SELF]
    assert rows[CELL].turn == rows[CELL].steps[1]
    assert board.counts == {S.WAITING: 2, S.IN_OPINION: 1}
    assert board.late == 3


def test_opinions_that_verifying_closed_are_not_missing(cast: Cast) -> None:
    by = office(cast)
    days = {"give_opinion": dt.date(2020, 1, 2), "verify": dt.date(2020, 1, 3)}
    cycle = opened(cast, deadlines=days)
    brought_to(S.IN_OPINION, dossier_of(cycle, cast), secretary(cast), by, by)
    attempt("give_opinion", dossier_of(cycle, cast), by)
    attempt("verify", dossier_of(cycle, cast), by)
    rows = {row.dossier.name: row for row in cycle_board(cycle, by).rows}
    assert (rows[CELL].opinions, rows[CELL].asked) == (1, 4)
    assert rows[CELL].missing == ()
    assert rows[OTHER_CELL].missing != ()


def seventy(cast: Cast) -> Cycle:
    """A committee with seventy organisations, all of them with a proposal."""
    first = dt.date(2016, 1, 1)
    above, units = uuid7(), [uuid7() for _ in range(70)]
    cast.units["Đảng bộ huyện Bảy Mươi"] = above
    named = [(above, "Đảng bộ huyện Bảy Mươi", UnitKind.DANG_BO_HUYEN, Sector.COMMITTEE, False)]
    named += [
        (unit, f"Chi bộ Thử {place}", UnitKind.CHI_BO_CO_SO, Sector.SCHOOL, True)
        for place, unit in enumerate(units)
    ]
    parents = [(above, cast[PROVINCE]), *[(unit, above) for unit in units]]
    empty: list[Any] = []
    load_register(
        tables={
            "units": {"unit": [above, *units], "is_simulated": [True] * 71},
            "unit_versions": {
                "unit": [row[0] for row in named],
                "valid_from": [first] * 71,
                "valid_to": [None] * 71,
                "name": [row[1] for row in named],
                "kind": [row[2] for row in named],
                "sector": [row[3] for row in named],
                "area": ["Mẫu"] * 71,
                "official_code": [""] * 71,
                "is_organisation": [row[4] for row in named],
            },
            "unit_parents": {
                "unit": [unit for unit, _ in parents],
                "parent": [parent for _, parent in parents],
                "valid_from": [first] * 71,
                "valid_to": [None] * 71,
            },
            "membership_counts": dict.fromkeys(
                ("unit", "status", "valid_from", "valid_to", "count"), empty
            ),
            "admissions": dict.fromkeys(("unit", "month", "count"), empty),
            "appointments": dict.fromkeys(
                ("unit", "post", "holder_name", "valid_from", "valid_to"), empty
            ),
        },
        by=None,
        at=NOW,
    )
    cycle = opened(cast, "Đảng bộ huyện Bảy Mươi")
    cycle.dossiers.update(state=S.PROPOSED, proposed_grade=GOOD)
    return cycle


def queries(act: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        act()
    return len(told)


def test_seventy_organisations_are_shown_and_decided_without_a_query_for_each_question(
    cast: Cast,
) -> None:
    cycle = seventy(cast)
    by = office(cast, "Đảng bộ huyện Bảy Mươi")
    assert cycle.dossiers.filter(subject=ORGANISATION).count() == 70
    few, cell_by = opened(cast), office(cast)
    asked = [
        queries(lambda: cycle_board(cycle, by)), queries(lambda: cycle_board(few, cell_by)),
    ]  # fmt: skip
    assert asked[0] == asked[1] <= 6, "two questions, and lowering the wall for one of them"
    every = list(cycle.dossiers.filter(subject=ORGANISATION))
    inputs = {"units": sorted(str(one.pk) for one in every)}
    verdicts = [Verdict(one.pk, GOOD, {"grade": GOOD}) for one in every]

    def decide_all() -> None:
        decide_cycle(cycle_id=cycle.pk, verdicts=verdicts, inputs=inputs, by=by, at=NOW)

    assert queries(decide_all) <= 40, "as many statements for seventy as for one"
    assert GradeDecision.objects.values("inputs").distinct().count() == 1
    assert YearGrade.objects.filter(year=YEAR).count() == 70
    with pytest.raises(NotNow) as twice:
        decide_all()
    assert twice.value.code == "already-decided"
    assert len(notify_cycle(cycle_id=cycle.pk, by=by, at=NOW)) == 70
    again = recompute_many(GradeDecision.objects.all(), lambda kept, rules: {
        unit: {"grade": GOOD} for unit in kept["units"]
    })  # fmt: skip
    assert len(again) == 70
    assert all(one.is_same for one in again)


def test_one_wrong_verdict_decides_nothing(cast: Cast) -> None:
    by = office(cast)
    cycle = opened(cast)
    cycle.dossiers.update(state=S.PROPOSED, proposed_grade=GOOD)
    verdicts = [Verdict(one.pk, GOOD) for one in cycle.dossiers.all()]
    this: dict[str, Any] = {"cycle_id": cycle.pk, "inputs": {}, "by": by, "at": NOW}
    with pytest.raises(InputError):
        decide_cycle(verdicts=[*verdicts[1:], Verdict(verdicts[0].dossier_id, "A1")], **this)
    with pytest.raises(InputError):
        decide_cycle(verdicts=[*verdicts, verdicts[0]], **this)
    with pytest.raises(InputError):
        decide_cycle(verdicts=[], **this)
    with pytest.raises(InputError) as silent:
        decide_cycle(verdicts=[Verdict(verdicts[0].dossier_id, "hoan_thanh")], **this)
    assert silent.value.code == "reason-missing"
    assert not GradeDecision.objects.exists()


# --- computed anew -------------------------------------------------------------------------------


def test_a_decision_is_computed_anew_from_its_own_figures_and_differences_are_named(
    cast: Cast,
) -> None:
    by = office(cast)
    cycle = opened(cast)
    cycle.dossiers.update(state=S.PROPOSED, proposed_grade=GOOD)
    dossier = dossier_of(cycle, cast)
    key = str(dossier.pk)
    decide_cycle(
        cycle_id=cycle.pk,
        verdicts=[Verdict(dossier.pk, GOOD, {"points": "87.5", "met": [True, None]})],
        inputs={key: {"points": "87.5"}}, by=by, at=NOW,
    )  # fmt: skip
    [decision] = decisions_visible(by, dossier)
    assert decision.rules == cycle.rules
    assert recompute(
        decision, lambda kept, _: {key: {"points": kept[key]["points"], "met": [True, None]}}
    ).is_same
    other = recompute(decision, lambda kept, _: {key: {"points": "88", "met": [True, False]}})
    assert [(one.path, one.kept, one.now) for one in other.differences] == [
        ("met[2]", None, False), ("points", "87.5", "88"),
    ]  # fmt: skip
    assert not other.is_same
    assert not recompute(decision, lambda kept, _: {}).is_same
    assert decisions_visible(office(cast, LANG_THU), dossier) == []
