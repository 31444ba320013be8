"""Every flag can be answered (decisions.md 6): raised, explained, concluded by name, cleared."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, QUAN_MAU, Cast, december, make_cast
from tests.contract.test_reform_engine import Desk
from vungmanh.access.models import Event, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import FlagFate, Role
from vungmanh.org.reform.steps import Merge, Move
from vungmanh.strengthening.actions.assess import assess_months, withdraw_assessments
from vungmanh.strengthening.actions.flags import conclude_flag, reopen_flag, reply_to_flag
from vungmanh.strengthening.flags import (
    Stage,
    flags_of,
    flags_visible,
    precision_by_reason,
    stage_of,
)
from vungmanh.strengthening.models import Flag

pytestmark = pytest.mark.django_db
NA_MAU, DOI_MAU, BAN_THU = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Bản Thử"
TODAY = AT.date()
LATER = AT + dt.timedelta(days=16)
WORDS = "Tháng 5 đến tháng 10 bí thư đi chữa bệnh, phó bí thư chưa được giao."


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    """In 2017 one cell of Quan Mẫu holds five meetings of twelve; everybody else holds all."""
    cast = make_cast()
    for year in (2016, 2017):
        for cell in cast.cells:
            cast.hold(cell, year, held=5 if (cell, year) == (NA_MAU, 2017) else 12)
    assess_months(months=[december(2016), december(2017)], by=None, at=AT)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


def viewer(cast: Cast, role: Role, unit: str) -> Viewer:
    return viewer_for(cast.user(f"{role.value}.{cast[unit].hex}", role, unit), on=TODAY)


def flag_of(cast: Cast, unit: str = NA_MAU) -> Flag:
    return Flag.objects.get(unit_id=cast[unit], reason="meetings_held")


def test_a_reason_raises_one_flag_however_often_it_is_assessed(cast: Cast) -> None:
    assess_months(months=[december(2017)], by=None, at=LATER)
    flag = flag_of(cast)
    assert (flag.since_month, flag.figures["held"]) == (december(2017), 5)
    assert flag.reply_by == TODAY + dt.timedelta(days=15)


def test_figures_mended_within_the_first_month_leave_no_flag(cast: Cast) -> None:
    cast.hold(NA_MAU, 2017, held=12)
    assess_months(months=[december(2017)], by=None, at=LATER)
    assert not Flag.objects.filter(unit_id=cast[NA_MAU]).exists()


def test_an_answered_flag_clears_and_stays_on_record(cast: Cast) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, NA_MAU)
    reply_to_flag(flag_id=flag_of(cast).pk, text=WORDS, by=secretary, at=AT)
    cast.hold(NA_MAU, 2017, held=12)
    assess_months(months=[december(2017)], by=None, at=LATER)
    flag = flag_of(cast)
    assert flag.cleared_month == december(2017)
    assert stage_of(flag, TODAY) is Stage.CLEARED
    with pytest.raises(NotNow, match="đã hết theo số liệu mới"):
        reply_to_flag(flag_id=flag.pk, text=WORDS, by=secretary, at=LATER)


def tell(cast: Cast, year: int, *, held: int) -> None:
    """A year later: the cell holds so many meetings, everybody else all."""
    for cell in cast.cells:
        cast.hold(cell, year, held=held if cell == NA_MAU else 12)
    assess_months(months=[december(year)], by=None, at=LATER)


def concluded(cast: Cast) -> Flag:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    return conclude_flag(
        flag_id=flag_of(cast).pk, fate=FlagFate.EXPLAINED, note="Có giấy ra viện.", by=office,
        at=LATER,
    )  # fmt: skip


def test_what_was_concluded_keeps_its_figures(cast: Cast) -> None:
    told = concluded(cast).figures
    cast.hold(NA_MAU, 2017, held=3)
    assess_months(months=[december(2017)], by=None, at=LATER)
    flag = flag_of(cast)
    assert (flag.figures, flag.fate, flag.cleared_month) == (told, FlagFate.EXPLAINED, None)


@pytest.mark.parametrize(("held", "raised"), [(3, True), (5, False), (6, False)])
def test_only_worse_figures_of_a_later_month_are_held_against_the_unit_anew(
    cast: Cast, held: int, raised: bool
) -> None:
    told = concluded(cast)
    tell(cast, 2018, held=held)
    told.refresh_from_db()
    flags = list(Flag.objects.filter(unit_id=cast[NA_MAU], reason="meetings_held").order_by("id"))
    assert told.cleared_month == (december(2018) if raised else None)
    assert told.figures["held"] == 5
    assert [flag.figures["held"] for flag in flags] == ([5, 3] if raised else [5])
    assert [flag.fate for flag in flags] == ["explained", ""][: len(flags)]


def test_taking_the_worse_month_back_revives_what_was_concluded(cast: Cast) -> None:
    told = concluded(cast)
    tell(cast, 2018, held=3)
    withdraw_assessments(months=[december(2018)], by=None, at=LATER)
    flag = flag_of(cast)
    assert (flag.pk, flag.fate, flag.cleared_month) == (told.pk, FlagFate.EXPLAINED, None)


def test_a_month_that_cleared_a_flag_and_is_taken_back_revives_it_with_its_answer(
    cast: Cast,
) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, NA_MAU)
    reply_to_flag(flag_id=flag_of(cast).pk, text=WORDS, by=secretary, at=AT)
    old = flag_of(cast)
    tell(cast, 2018, held=12)
    assert flag_of(cast).cleared_month == december(2018)
    withdraw_assessments(months=[december(2018)], by=None, at=LATER)
    flag = flag_of(cast)
    assert (flag.pk, flag.cleared_month, flag.reply_by) == (old.pk, None, old.reply_by)
    assert flag.is_answered


def test_a_correction_within_one_month_revives_what_it_cleared(cast: Cast) -> None:
    old = concluded(cast)
    for held in (12, 5):
        cast.hold(NA_MAU, 2017, held=held)
        assess_months(months=[december(2017)], by=None, at=LATER)
    flag = flag_of(cast)
    assert (flag.pk, flag.cleared_month, flag.fate) == (old.pk, None, FlagFate.EXPLAINED)


def test_a_reason_that_comes_back_later_is_raised_anew(cast: Cast) -> None:
    concluded(cast)
    for year, held in ((2018, 12), (2019, 5)):
        tell(cast, year, held=held)
    flags = Flag.objects.filter(unit_id=cast[NA_MAU], reason="meetings_held").order_by("id")
    assert [flag.since_month for flag in flags] == [december(2017), december(2019)]


def test_a_withdrawn_assessment_takes_its_unanswered_flags_along(cast: Cast) -> None:
    withdraw_assessments(months=[december(2017)], by=None, at=LATER)
    assert not Flag.objects.filter(unit_id=cast[NA_MAU]).exists()


def test_a_unit_sees_and_answers_its_own_flag_only(cast: Cast) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, DOI_MAU)
    assert not flags_visible(secretary, TODAY).exists()
    with pytest.raises(NotFound):
        reply_to_flag(flag_id=flag_of(cast).pk, text=WORDS, by=secretary, at=AT)


def test_the_office_above_does_not_answer_in_the_cells_place(cast: Cast) -> None:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotAllowed, match="Chỉ đơn vị được nêu"):
        reply_to_flag(flag_id=flag_of(cast).pk, text=WORDS, by=office, at=AT)


def test_nobody_concludes_before_the_answer_or_the_end_of_its_term(cast: Cast) -> None:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    flag = flag_of(cast)
    with pytest.raises(NotNow, match="còn hạn giải trình đến hết 16/11/2026"):
        conclude_flag(flag_id=flag.pk, fate=FlagFate.CONFIRMED, note="Đúng sổ.", by=office, at=AT)
    concluded = conclude_flag(
        flag_id=flag.pk, fate=FlagFate.CONFIRMED, note="Đúng sổ biên bản.", by=office, at=LATER
    )
    assert (concluded.fate, concluded.concluded_by) == (FlagFate.CONFIRMED, office.user)


def test_an_answer_lets_the_level_above_conclude_at_once(cast: Cast) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, NA_MAU)
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    flag = flag_of(cast)
    reply_to_flag(flag_id=flag.pk, text=WORDS, by=secretary, at=AT)
    conclude_flag(
        flag_id=flag.pk, fate=FlagFate.EXPLAINED, note="Có giấy ra viện.", by=office, at=AT
    )
    [told] = flags_of(secretary, cast[NA_MAU], TODAY)
    assert stage_of(told, TODAY) is Stage.CONCLUDED
    assert [reply.text for reply in told.replies.all()] == [WORDS]
    verbs = Event.objects.filter(subject=f"unit:{cast[NA_MAU]}").values_list("verb", flat=True)
    assert {"flag.answered", "flag.concluded"} <= set(verbs)


def test_who_is_judged_does_not_conclude(cast: Cast) -> None:
    cast.hold(DOI_MAU, 2017, held=5)
    assess_months(months=[december(2017)], by=None, at=AT)
    flag = Flag.objects.get(unit_id=cast[QUAN_MAU], reason="failing_cells")
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotAllowed, match="cấp trên của đơn vị"):
        conclude_flag(flag_id=flag.pk, fate=FlagFate.CONFIRMED, note="Đúng.", by=office, at=LATER)


def test_a_neighbour_above_nothing_cannot_conclude(cast: Cast) -> None:
    stranger = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):
        conclude_flag(
            flag_id=flag_of(cast).pk, fate=FlagFate.CONFIRMED, note="Đúng.", by=stranger, at=LATER
        )


def test_a_secretary_has_no_right_to_conclude(cast: Cast) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, NA_MAU)
    with pytest.raises(NotAllowed):
        conclude_flag(
            flag_id=flag_of(cast).pk, fate=FlagFate.EXPLAINED, note="Tự nhận.", by=secretary, at=AT
        )


def test_a_conclusion_is_taken_back_with_a_reason_and_stays_in_the_ledger(cast: Cast) -> None:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    flag = flag_of(cast)
    conclude_flag(flag_id=flag.pk, fate=FlagFate.CONFIRMED, note="Đúng sổ.", by=office, at=LATER)
    with pytest.raises(NotNow, match="Đã có kết luận"):
        conclude_flag(flag_id=flag.pk, fate=FlagFate.EXPLAINED, note="Khác.", by=office, at=LATER)
    reopened = reopen_flag(flag_id=flag.pk, reason="Tìm thấy sổ khác.", by=office, at=LATER)
    assert (reopened.fate, reopened.concluded_by) == ("", None)
    event = Event.objects.get(verb="flag.reopened")
    assert event.data["fate"] == FlagFate.CONFIRMED


def test_a_reason_is_asked_for_whatever_the_conclusion(cast: Cast) -> None:
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(InputError) as refused:
        conclude_flag(
            flag_id=flag_of(cast).pk, fate=FlagFate.WRONG_DATA, note=" ", by=office, at=LATER
        )
    assert refused.value.field == "note"


def test_an_empty_answer_is_no_answer(cast: Cast) -> None:
    secretary = viewer(cast, Role.CELL_SECRETARY, NA_MAU)
    with pytest.raises(InputError) as refused:
        reply_to_flag(flag_id=flag_of(cast).pk, text="Không.", by=secretary, at=AT)
    assert refused.value.field == "text"
    assert not flag_of(cast).is_answered


def test_precision_counts_what_was_confirmed_among_what_was_concluded(cast: Cast) -> None:
    for name in (DOI_MAU, BAN_THU):
        cast.hold(name, 2017, held=5)
    assess_months(months=[december(2017)], by=None, at=AT)
    analyst = viewer(cast, Role.PROVINCIAL_ANALYST, "Đảng bộ tỉnh Mẫu")
    for name, fate in ((NA_MAU, FlagFate.CONFIRMED), (DOI_MAU, FlagFate.WRONG_DATA)):
        conclude_flag(
            flag_id=flag_of(cast, name).pk, fate=fate, note="Theo sổ.", by=analyst, at=LATER
        )
    rows = {one.reason: one for one in precision_by_reason(analyst, TODAY)}
    held = rows["meetings_held"]
    assert (held.confirmed, held.wrong_data, held.concluded, held.share) == (1, 1, 2, 0.5)
    assert held.raised >= 3


def test_flags_of_a_merged_unit_are_seen_from_where_it_stood_and_where_it_went(cast: Cast) -> None:
    flag = concluded(cast)
    neighbour = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert not flags_visible(neighbour, TODAY).exists()
    desk = Desk(cast)
    desk.does(Merge((desk.id(NA_MAU),), desk.id(BAN_THU)))  # into a cell of the neighbour
    office = viewer_for(User.objects.get(pk=flag.concluded_by_id), on=TODAY)
    heir = viewer(cast, Role.CELL_SECRETARY, BAN_THU)
    for looking in (desk.analyst, office, viewer_for(neighbour.user, on=TODAY), heir):
        assert list(flags_of(looking, cast[NA_MAU], TODAY)) == [flag]
        rows = {one.reason: one.confirmed + one.explained for one in precision_by_reason(
            looking, TODAY)}  # fmt: skip
        assert rows["meetings_held"] == 1
    stranger = viewer(cast, Role.CELL_SECRETARY, DOI_MAU)
    assert not flags_visible(stranger, TODAY).exists()
    assert not flags_visible(None, TODAY).exists()


def test_flags_of_a_living_unit_that_moved_away_stay_with_those_above_it_now(cast: Cast) -> None:
    desk = Desk(cast)
    desk.does(Move(desk.id(NA_MAU), desk.id(LANG_THU)))
    assert not flags_visible(viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU), TODAY).exists()
    now_above = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert flags_visible(now_above, TODAY).filter(unit_id=cast[NA_MAU]).exists()
