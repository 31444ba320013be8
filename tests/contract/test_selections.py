"""Choosing whom to strengthen: run, put forward, override, decide, appeal; the same years later."""

from __future__ import annotations

import copy
import datetime as dt
import json
from uuid import UUID

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, december, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import month_range
from vungmanh.core.programme_words import ChoiceWay, FileState, ProgrammeState, SelectionState
from vungmanh.core.vocabulary import Role, UnitKind
from vungmanh.meetings.actions.reports import withdraw_reports
from vungmanh.meetings.models import Task
from vungmanh.rulebook.values.programmes import GreyZone
from vungmanh.strengthening.actions import choosing, choosing_appeals
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.choosing import (
    NO_GROUNDS,
    decide_selection,
    override,
    return_selection,
    run_selection,
    submit_selection,
    withdraw_selection,
)
from vungmanh.strengthening.actions.choosing_appeals import answer_appeal, appeal
from vungmanh.strengthening.actions.choosing_hand import Grounds
from vungmanh.strengthening.actions.deciding_selection import decide_and_open
from vungmanh.strengthening.actions.files import open_files
from vungmanh.strengthening.choosing import (
    Asked,
    compute,
    hash_of,
    helped_before,
    recompute_selection,
)
from vungmanh.strengthening.choosing_figures import is_assessed_anew, moved_since
from vungmanh.strengthening.choosing_obstacles import obstacles_of
from vungmanh.strengthening.models import (
    Assessment,
    Choice,
    Flag,
    InputSnapshot,
    Programme,
    Selection,
    SelectionAppeal,
    SupportFile,
)
from vungmanh.strengthening.selection_reads import inputs_of

pytestmark = pytest.mark.django_db
TODAY = AT.date()
LATER = AT + dt.timedelta(days=1)
REASON = "Đảng ủy đã tự khắc phục xong từ tháng trước, có biên bản."


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    """Quan Mẫu fails in 2016, 2017 and 2018, Láng Thử in 2018 alone, the school never."""
    made = make_cast()
    bad = {QUAN_MAU: (2016, 2017, 2018), LANG_THU: (2018,), SCHOOL: ()}
    for year in (2016, 2017, 2018):
        for top, years in bad.items():
            for cell in CELLS.get(top, (top,)):
                made.hold(cell, year, held=4 if year in years else 12)
    months = [december(year) for year in (2016, 2017, 2018)]
    assess_months(months=months, by=None, at=AT)
    # Everybody has answered the reasons held against them.
    Flag.objects.update(is_answered=True)
    return made


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return Programme.objects.create(
        unit_id=cast[PROVINCE], title="Đề án thử", title_fold="de an thu", number="453-QĐ/TU",
        decided_on=TODAY, first_year=2026, last_year=2030, state=ProgrammeState.RUNNING,
    )  # fmt: skip


def who(cast: Cast, role: Role, unit: str = PROVINCE, name: str = "") -> Viewer:
    return viewer_for(cast.user(name or f"{role.value}.{cast[unit].hex}", role, unit), on=TODAY)


def run(
    programme: Programme, by: Viewer, cast: Cast, unit: str = PROVINCE, *, year: int = 2026,
    month: int = 2018, grounds: Grounds = NO_GROUNDS, **asked: object,
) -> Selection:  # fmt: skip
    return run_selection(
        programme_id=programme.pk, unit_id=cast[unit], year=year, month=december(month),
        asked=Asked(**{"capacity": 3, **asked}), grounds=grounds, by=by, at=AT,  # type: ignore[arg-type]
    )  # fmt: skip


def row_of(found: Selection, unit: UUID) -> dict[str, object]:
    return next(row for row in found.result["table"] if row["unit"] == str(unit))


def test_whoever_was_weak_twice_is_chosen_and_one_bad_period_waits(
    cast: Cast, programme: Programme
) -> None:
    found = run(programme, who(cast, Role.PROVINCIAL_ANALYST), cast)
    assert found.result["chosen"] == [str(cast[QUAN_MAU])]
    assert row_of(found, cast[QUAN_MAU])["bad_periods"] == 2
    assert row_of(found, cast[LANG_THU])["why"] == "too_few_periods"
    assert row_of(found, cast[SCHOOL])["why"] == "not_weak"
    assert found.state == SelectionState.DRAFT
    assert found.rules["programme.selection"] == "MAU-lua-chon-cung-co"


def test_nobody_is_chosen_before_the_end_of_the_term_to_answer(
    cast: Cast, programme: Programme
) -> None:
    Flag.objects.filter(unit_id=cast[QUAN_MAU]).update(is_answered=False)
    Flag.objects.create(
        unit_id=cast[QUAN_MAU], reason="no_admission", weight="light", figures={},
        since_month=december(2018), raised_at=AT, reply_by=TODAY + dt.timedelta(days=3),
    )  # fmt: skip
    found = run(programme, who(cast, Role.PROVINCIAL_ANALYST), cast)
    assert row_of(found, cast[QUAN_MAU])["why"] == "may_still_answer"
    said = inputs_of(found)
    until = TODAY + dt.timedelta(days=15)  # of the last reason, not of the first
    assert said.waiting == {str(cast[QUAN_MAU]): until.isoformat()}
    kept = {unit: obstacles_of(one, said.rule, 2026) for unit, one in said.candidates.items()}
    assert kept == {
        str(cast[QUAN_MAU]): ("may_answer",), str(cast[LANG_THU]): ("too_few",),
        str(cast[SCHOOL]): ("not_weak",),
    }  # fmt: skip
    both = said.candidates[str(cast[QUAN_MAU])] | {"bad_periods": 1, "ended_year": 2025}
    assert obstacles_of(both, said.rule, 2026) == ("not_again", "too_few", "may_answer")
    assert found.result["chosen"] == []


def test_a_selection_is_the_same_bytes_years_later(cast: Cast, programme: Programme) -> None:
    found = run(programme, who(cast, Role.PROVINCIAL_ANALYST), cast)
    before = hash_of(found.result)
    for cell in cast.cells:
        cast.hold(cell, 2018, held=12)
    assess_months(months=[december(2018)], by=None, at=AT + dt.timedelta(days=2000))
    Assessment.objects.update(probability=0.5, heavy=0)
    again = recompute_selection(Selection.objects.get(pk=found.pk))
    assert (again.inputs_hold, again.is_equal) == (True, True)
    assert hash_of(compute(bytes(found.snapshot.content))) == before == found.result_hash


def test_a_falsified_table_and_falsified_inputs_are_found(cast: Cast, programme: Programme) -> None:
    found = run(programme, who(cast, Role.PROVINCIAL_ANALYST), cast)
    Selection.objects.update(result={**found.result, "chosen": []})
    assert recompute_selection(Selection.objects.get()).is_equal is False
    said = json.loads(bytes(found.snapshot.content))
    said["asked"]["capacity"] = 1
    InputSnapshot.objects.filter(pk=found.snapshot_id).update(content=json.dumps(said).encode())
    assert recompute_selection(Selection.objects.get()).inputs_hold is False


def test_a_draft_computed_anew_keeps_the_one_before_with_its_seed(
    cast: Cast, programme: Programme
) -> None:
    analyst = who(cast, Role.PROVINCIAL_ANALYST)
    first, second = run(programme, analyst, cast), run(programme, analyst, cast, capacity=1)
    first.refresh_from_db()
    assert (first.state, second.state) == (SelectionState.WITHDRAWN, SelectionState.DRAFT)
    assert first.seed == second.seed  # one draw a year, however often the list is made
    third = run(programme, analyst, cast, grounds=Grounds(redraw=REASON))
    assert third.seed != second.seed
    assert third.terms["redraw"] == {"before": str(second.pk), "reason": REASON}
    second = third
    submit_selection(selection_id=second.pk, by=analyst, at=AT)
    with pytest.raises(Conflict, match="Rút lại trước"):
        run(programme, analyst, cast)


def decided(cast: Cast, programme: Programme) -> tuple[Selection, Viewer]:
    analyst, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    found = run(programme, analyst, cast)
    submit_selection(selection_id=found.pk, by=analyst, at=AT)
    override(
        selection_id=found.pk, unit_id=cast[LANG_THU], is_in=True, reason=REASON, by=board, at=AT
    )
    made = decide_selection(
        selection_id=found.pk, number="12-QĐ/TU", decided_on=TODAY, by=board, at=LATER
    )
    return made, board


def test_the_committee_decides_with_an_override_by_name(cast: Cast, programme: Programme) -> None:
    made, board = decided(cast, programme)
    choices = list(made.choices.values_list("unit_id", "way", "reason"))
    assert choices == [
        (cast[QUAN_MAU], ChoiceWay.RULE, ""),
        (cast[LANG_THU], ChoiceWay.OVERRIDE, REASON),
    ]
    assert made.overrides.get().by == board.user
    verbs = list(
        Event.objects.filter(subject=f"selection:{made.pk}").values_list("verb", flat=True)
    )
    assert verbs == [
        "selection.run", "selection.submitted", "selection.overridden", "selection.decided",
    ]  # fmt: skip


def test_the_last_word_on_a_unit_counts(cast: Cast, programme: Programme) -> None:
    analyst, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    found = run(programme, analyst, cast)
    submit_selection(selection_id=found.pk, by=analyst, at=AT)
    said = {"selection_id": found.pk, "unit_id": cast[QUAN_MAU], "reason": REASON, "by": board}
    override(**said, is_in=False, at=AT)
    with pytest.raises(NotNow, match="không còn đơn vị nào"):
        decide_selection(selection_id=found.pk, number="1", decided_on=TODAY, by=board, at=AT)
    override(**said, is_in=True, at=LATER)
    with pytest.raises(NotNow, match="không có gì để đưa ra"):
        override(**{**said, "unit_id": cast[SCHOOL]}, is_in=False, at=LATER)
    returned = return_selection(selection_id=found.pk, reason=REASON, by=board, at=LATER)
    assert (returned.state, returned.terms["returned"]["reason"]) == (SelectionState.DRAFT, REASON)
    with pytest.raises(NotNow, match="đang chuẩn bị"):
        override(**said, is_in=False, at=LATER)
    submit_selection(selection_id=found.pk, by=analyst, at=AT)
    made = decide_selection(selection_id=found.pk, number="1", decided_on=TODAY, by=board, at=LATER)
    assert [one.way for one in made.choices.all()] == [ChoiceWay.RULE]


def test_whoever_puts_it_forward_never_decides_it(cast: Cast, programme: Programme) -> None:
    analyst = who(cast, Role.PROVINCIAL_ANALYST)
    found = run(programme, analyst, cast)
    submit_selection(selection_id=found.pk, by=analyst, at=AT)
    with pytest.raises(NotAllowed):
        decide_selection(selection_id=found.pk, number="1", decided_on=TODAY, by=analyst, at=AT)
    cast_board = who(cast, Role.STANDING_COMMITTEE)
    Selection.objects.update(submitted_by=cast_board.user)  # the same person in another role
    with pytest.raises(NotAllowed, match="đã trình danh sách này") as refused:
        decide_selection(selection_id=found.pk, number="1", decided_on=TODAY, by=cast_board, at=AT)
    assert refused.value.code == "asked-it"


def test_two_committees_never_choose_the_same_unit_for_a_year(
    cast: Cast, programme: Programme
) -> None:
    made, board = decided(cast, programme)
    other = Programme.objects.create(
        unit_id=cast[PROVINCE], title="Đề án khác", title_fold="de an khac", number="9-QĐ/TU",
        decided_on=TODAY, first_year=2026, last_year=2027, state=ProgrammeState.RUNNING,
    )  # fmt: skip
    analyst = who(cast, Role.PROVINCIAL_ANALYST, name="khac")
    found = run(other, analyst, cast)
    submit_selection(selection_id=found.pk, by=analyst, at=AT)
    with pytest.raises(Conflict, match=QUAN_MAU) as refused:
        decide_selection(selection_id=found.pk, number="2", decided_on=TODAY, by=board, at=AT)
    assert refused.value.code == "chosen-by-another"
    assert Choice.objects.count() == made.choices.count()


def test_a_chosen_unit_appeals_once_and_a_granted_appeal_takes_it_out(
    cast: Cast, programme: Programme
) -> None:
    made, board = decided(cast, programme)
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    asked = appeal(selection_id=made.pk, unit_id=cast[QUAN_MAU], text=REASON, by=office, at=LATER)
    with pytest.raises(Conflict, match="đang chờ trả lời"):
        appeal(selection_id=made.pk, unit_id=cast[QUAN_MAU], text=REASON, by=office, at=LATER)
    with pytest.raises(NotAllowed):
        appeal(selection_id=made.pk, unit_id=cast[LANG_THU], text=REASON, by=office, at=LATER)
    (file, _other) = open_files(selection=made, by=board, at=LATER)
    own = cast.user("kiem.nhiem", Role.STANDING_COMMITTEE, PROVINCE)
    SelectionAppeal.objects.update(by=own)  # the same person on both sides
    with pytest.raises(NotAllowed, match="đã gửi kiến nghị này"):
        answer_appeal(
            appeal_id=asked.pk, is_granted=True, answer=REASON,
            by=viewer_for(own, on=TODAY), at=LATER,
        )  # fmt: skip
    answer_appeal(appeal_id=asked.pk, is_granted=True, answer=REASON, by=board, at=LATER)
    assert made.choices.get(unit_id=cast[QUAN_MAU]).withdrawn_at == LATER
    file.refresh_from_db()
    assert (file.state, file.ended_on) == (FileState.WITHDRAWN, LATER.date())
    assert file.entries.latest("number").reason == REASON
    with pytest.raises(NotNow, match="đã được trả lời"):
        answer_appeal(appeal_id=asked.pk, is_granted=False, answer=REASON, by=board, at=LATER)
    with pytest.raises(NotNow, match="đã được đưa ra"):
        appeal(selection_id=made.pk, unit_id=cast[QUAN_MAU], text=REASON, by=office, at=LATER)
    # It was not helped: nothing keeps it from being chosen another time.
    assert helped_before([cast[QUAN_MAU]]) == ({}, set())


def test_a_unit_left_out_appeals_within_the_term_and_a_granted_appeal_takes_it_in(
    cast: Cast, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, board = decided(cast, programme)
    school = who(cast, Role.CELL_SECRETARY, SCHOOL)
    said = {"selection_id": made.pk, "unit_id": cast[SCHOOL], "text": REASON, "by": school}
    with pytest.raises(NotNow, match="Hạn kiến nghị đã hết ngày 02/12/2026"):
        appeal(**said, at=LATER + dt.timedelta(days=31))
    asked = appeal(**said, at=LATER + dt.timedelta(days=30))
    monkeypatch.setattr(choosing_appeals, "is_waiting", lambda *_: False)  # two sessions at once
    with pytest.raises(Conflict, match="đang chờ trả lời"):
        appeal(**said, at=LATER)
    answer_appeal(appeal_id=asked.pk, is_granted=True, answer=REASON, by=board, at=LATER)
    taken = made.choices.get(unit_id=cast[SCHOOL])
    assert (taken.way, taken.reason, taken.file.state) == (
        ChoiceWay.OVERRIDE, REASON, FileState.CHOSEN,
    )  # fmt: skip


def test_what_is_out_of_reach_or_cannot_be_meant_is_refused(
    cast: Cast, programme: Programme
) -> None:
    analyst = who(cast, Role.PROVINCIAL_ANALYST)
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotFound):
        run(programme, office, cast, LANG_THU)
    with pytest.raises(NotAllowed, match="chính cấp ủy này"):
        run(programme, analyst, cast, QUAN_MAU)
    with pytest.raises(NotAllowed):
        run(programme, who(cast, Role.STANDING_COMMITTEE), cast)
    with pytest.raises(InputError, match="từ 1 đến"):
        run(programme, analyst, cast, capacity=0)
    programme.state = ProgrammeState.SUBMITTED
    programme.save()
    with pytest.raises(NotNow, match="chờ duyệt"):
        run(programme, analyst, cast)


def test_a_commune_chooses_its_own_cells(cast: Cast, programme: Programme) -> None:
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    found = run(programme, office, cast, QUAN_MAU, capacity=2)
    units = {row["unit"] for row in found.result["table"]}
    assert units == {str(cast[cell]) for cell in CELLS[QUAN_MAU]}
    assert len(found.result["chosen"]) == 2


def test_lots_are_drawn_only_where_asked_and_the_order_is_kept(
    cast: Cast, programme: Programme
) -> None:
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    plain = run(programme, office, cast, QUAN_MAU, capacity=1)
    assert (plain.result["way"], plain.result["lots"]) == ("none", [])
    assert len(plain.result["grey"]) == 3  # three alike: who is first is chance
    drawn = run(programme, office, cast, QUAN_MAU, capacity=1, grey=GreyZone.LOTS)
    assert sorted(drawn.result["lots"]) == sorted(drawn.result["grey"])
    assert drawn.result["chosen"] == drawn.result["lots"][:1]


def test_a_withdrawn_selection_says_why(cast: Cast, programme: Programme) -> None:
    analyst = who(cast, Role.PROVINCIAL_ANALYST)
    found = run(programme, analyst, cast)
    with pytest.raises(InputError, match="bằng lời"):
        withdraw_selection(selection_id=found.pk, reason="thôi", by=analyst, at=AT)
    withdraw_selection(selection_id=found.pk, reason=REASON, by=analyst, at=AT)
    with pytest.raises(NotNow, match="đã rút"):
        submit_selection(selection_id=found.pk, by=analyst, at=AT)


def test_the_cost_in_queries_does_not_grow_with_the_units(
    cast: Cast, programme: Programme, django_assert_max_num_queries: object
) -> None:
    analyst = who(cast, Role.PROVINCIAL_ANALYST)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        found = run(programme, analyst, cast)
    assert len(found.result["table"]) == 3


def put_forward(found: Selection, by: Viewer) -> Selection:
    return submit_selection(selection_id=found.pk, by=by, at=AT)


def test_a_list_keeps_to_the_programme_and_to_the_day(
    cast: Cast, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    programme.levels = [{"kind": UnitKind.DANG_BO_TINH.value, "a_year": 1}]
    programme.save()
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotAllowed, match="giao việc lựa chọn cho: đảng bộ tỉnh"):
        run(programme, office, cast, QUAN_MAU)
    with pytest.raises(InputError, match="chọn 1 nơi một năm") as refused:
        run(programme, analyst, cast)
    assert refused.value.field == "over_plan"
    with pytest.raises(InputError, match="chọn 2026 hoặc 2027"):
        run(programme, analyst, cast, year=2030)
    with pytest.raises(NotNow, match="đã có kết quả của tháng 12/2018"):
        run(programme, analyst, cast, month=2016, capacity=1)
    found = run(programme, analyst, cast, grounds=Grounds(over_plan=REASON))
    assert found.terms["over_plan"] == {"a_year": 1, "reason": REASON}
    with monkeypatch.context() as both:  # two sessions at once
        both.setattr(choosing, "set_aside_draft", lambda *_: None)
        with pytest.raises(Conflict, match="vừa lập danh sách"):
            run(programme, analyst, cast, capacity=1)
    late = AT + dt.timedelta(days=10)
    submit_selection(selection_id=found.pk, by=analyst, at=late)
    said = {"selection_id": found.pk, "number": "1", "by": board, "at": late}
    with pytest.raises(InputError, match=r"từ ngày trình \(11/11/2026\)"):
        decide_selection(decided_on=TODAY, **said)
    Programme.objects.update(state=ProgrammeState.CLOSED, closed_on=TODAY)
    with pytest.raises(NotNow, match="đang thực hiện"):
        decide_selection(decided_on=late.date(), **said)
    Selection.objects.update(state=SelectionState.DRAFT)
    with pytest.raises(NotNow, match="đang thực hiện"):
        submit_selection(selection_id=found.pk, by=analyst, at=late)


def test_a_file_begins_with_what_was_decided_on_and_the_silent_are_verified_by_name(
    cast: Cast, programme: Programme
) -> None:
    silent = [cast[cell] for cell in CELLS[LANG_THU]]
    year = month_range(dt.date(2018, 1, 1), december(2018))
    withdraw_reports(keys=[(cell, one) for cell in silent for one in year], by=None, at=AT)
    assess_months(months=[december(2018)], by=None, at=AT)
    Flag.objects.update(is_answered=True)
    analyst, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    found = put_forward(run(programme, analyst, cast), analyst)
    assert row_of(found, cast[LANG_THU])["why"] == "verify"
    assert not is_assessed_anew(found)
    for cell in CELLS[QUAN_MAU]:
        cast.hold(cell, 2018, held=12)
    assess_months(months=[december(2018)], by=None, at=LATER)
    assert is_assessed_anew(found)
    moved = {one.figure: (one.before, one.now) for one in moved_since(found, [cast[QUAN_MAU]])}
    assert moved["held"] == (12, 36)
    decide_and_open(selection_id=found.pk, number="1", decided_on=TODAY, by=board, at=LATER)
    assert SupportFile.objects.get().entry["held"] == 12
    task = Task.objects.get()
    assert (task.unit_id, task.owner) == (cast[PROVINCE], str(analyst.user))
    assert LANG_THU in task.title
    assert task.due_on == LATER.date() + dt.timedelta(days=30)
    found.refresh_from_db()
    assert found.terms["verify"] == {str(cast[LANG_THU]): str(task.pk)}


def test_whom_a_draw_gave_the_next_year_comes_first_then_and_a_relapse_goes_on_from_its_file(
    cast: Cast, programme: Programme
) -> None:
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    board = who(cast, Role.STANDING_COMMITTEE, QUAN_MAU)
    asked = {"capacity": 1, "grey": GreyZone.START_YEARS}
    first = put_forward(run(programme, office, cast, QUAN_MAU, **asked), office)
    decide_and_open(selection_id=first.pk, number="1", decided_on=TODAY, by=board, at=AT)
    (won,) = first.result["chosen"]
    later = {unit for unit, year in first.result["start_years"].items() if year == 2027}
    assert len(later) == 2
    # The one that has put itself in order since is told why the promise falls.
    well = sorted(later)[0]
    Assessment.objects.filter(unit_id=well).update(status="normal")
    second = run(programme, office, cast, QUAN_MAU, year=2027, **asked)
    rows = {row["unit"]: (row["why"], row["promised"]) for row in second.result["table"]}
    assert rows == {
        won: ("being_helped", False), well: ("not_weak", True),
        (later - {well}).pop(): ("promised", True),
    }  # fmt: skip
    put_forward(second, office)
    said = {"selection_id": second.pk, "is_in": True, "reason": REASON, "by": board, "at": AT}
    Flag.objects.filter(unit_id=well).update(is_answered=False, reply_by=TODAY)
    with pytest.raises(NotNow, match="hạn giải trình lý do đã nêu đến hết ngày 01/11/2026"):
        override(unit_id=UUID(well), **said)
    with pytest.raises(NotNow, match="đang có hồ sơ củng cố chưa khép"):
        override(unit_id=UUID(won), **said)
    SupportFile.objects.update(state=FileState.RELAPSED, ended_on=TODAY)
    override(unit_id=UUID(won), **said)
    with pytest.raises(NotNow, match="đã ở trong danh sách"):
        override(unit_id=UUID(won), **said)
    SupportFile.objects.update(state=FileState.CHOSEN, ended_on=None)
    decide = {"number": "2", "decided_on": TODAY, "by": board, "at": AT}
    with pytest.raises(Conflict, match="hồ sơ củng cố do chính cấp ủy này theo dõi"):
        decide_and_open(selection_id=second.pk, **decide)
    before = SupportFile.objects.get()
    SupportFile.objects.update(state=FileState.RELAPSED, ended_on=TODAY)
    decide_and_open(selection_id=second.pk, **decide)
    assert SupportFile.objects.exclude(pk=before.pk).get(unit_id=won).after_id == before.pk
