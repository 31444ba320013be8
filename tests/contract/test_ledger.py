"""The ledger in the database: in step with the register, excused by superiors, settled."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.columns import marks_of
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import ObligationKind, Relief, ReliefCause, Role
from vungmanh.meetings.actions.excuses import Wish, grant_excuse, withdraw_excuse
from vungmanh.meetings.actions.freezing import (
    freeze_past_months,
    freeze_period,
    ledger_opened,
)
from vungmanh.meetings.actions.obligations import (
    extend_obligations,
    follow_register,
    generate_obligations,
)
from vungmanh.meetings.actions.reopening import reopen_period
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.frames import month_totals
from vungmanh.meetings.ledger import (
    Relieved,
    countable_members,
    relieved_below,
    relieved_by_duty,
    year_of,
)
from vungmanh.meetings.models import Excuse, FrozenMonth, Obligation
from vungmanh.meetings.queries import marks_by_year, month_records
from vungmanh.org.models import (
    Lineage,
    MembershipCount,
    Unit,
    UnitParent,
    UnitVersion,
)
from vungmanh.strengthening.cell_months import ledger

pytestmark = pytest.mark.django_db

CELL, NEXT, THIRD = CELLS[QUAN_MAU]
TODAY = dt.date(2019, 12, 20)
NOW = dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC)
JULY, AUGUST, OCTOBER = dt.date(2019, 7, 1), dt.date(2019, 8, 1), dt.date(2019, 10, 1)

EXCUSED = Wish(
    duty=ObligationKind.REGULAR, first_month=JULY, last_month=AUGUST, relief=Relief.EXCUSED,
    until=None, cause=ReliefCause.OTHER, reason="nhà văn hóa làm nơi cách ly",
    document="CV 12-CV/ĐU ngày 5/7/2019", granted_on=dt.date(2019, 7, 5),
)  # fmt: skip
LATER = replace(
    EXCUSED, relief=Relief.POSTPONED, until=OCTOBER, cause=ReliefCause.FLOOD, reason="ngập đường"
)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("van.phong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=TODAY)


def lines(cast: Cast, name: str, **wanted: object) -> dict[dt.date, Obligation]:
    found = Obligation.objects.filter(unit_id=cast[name], kind="regular", **wanted)
    return {one.month: one for one in found}


def mark(cast: Cast, name: str, month: dt.date, *, seen_from: dt.date) -> str:
    due = ledger([cast[name]], month, seen_from).due
    marks = marks_of(due, [str(cast[name])], month, seen_from).marks[0, 0]
    year = marks_by_year(cast[name], until=seen_from)[month.year][month.month - 1]
    assert chr(marks) == year  # the arrays and the page say the same
    return year


def hold(cast: Cast, name: str, month: dt.date, held_on: dt.date) -> None:
    report = {"unit": cast[name], "month": month, "state": "held", "held_on": held_on}
    record_reports(reports=[report], source=None, by=None, at=NOW)


# --- what is written -----------------------------------------------------------------------------


def test_each_line_says_why_by_which_rule_and_until_when(cast: Cast) -> None:
    line = lines(cast, CELL)[dt.date(2019, 2, 1)]
    assert (line.why, line.rule_id) == ("whole_month", "DL2011-hop-thuong-ky")
    assert line.due_by == dt.date(2019, 3, 5)


def test_the_year_end_review_is_owed_by_cells_and_organisations_alike(cast: Cast) -> None:
    reviews = Obligation.objects.filter(kind="review", month=dt.date(2019, 12, 1))
    owing = {cast[name] for name in (*cast.cells, QUAN_MAU, LANG_THU)}
    assert set(reviews.values_list("unit_id", flat=True)) == owing
    assert set(reviews.values_list("due_by", flat=True)) == {dt.date(2019, 12, 31)}


def test_thematic_meetings_and_plans_are_owed_only_since_there_is_a_rule(cast: Cast) -> None:
    generate_obligations(first=dt.date(2020, 1, 1), last=dt.date(2026, 3, 1), by=None, at=AT)
    found = Obligation.objects.filter(unit_id=cast[CELL]).exclude(kind__in=["regular", "review"])
    assert sorted(found.values_list("month", "kind")) == [
        (dt.date(2025, 12, 1), "thematic"),
        (dt.date(2026, 1, 1), "plan"),
        (dt.date(2026, 1, 1), "screening"),
        (dt.date(2026, 3, 1), "thematic"),
    ]


def test_what_reads_regular_meetings_is_not_disturbed_by_the_other_duties(cast: Cast) -> None:
    month = dt.date(2019, 12, 1)
    assert Obligation.objects.filter(month=month).count() > len(cast.cells)
    assert month_totals(month) == (0, len(cast.cells))


# --- excuses -------------------------------------------------------------------------------------


def test_an_excused_month_is_out_and_comes_back_when_withdrawn(cast: Cast, office: Viewer) -> None:
    [excuse] = grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    assert mark(cast, CELL, JULY, seen_from=OCTOBER) == "E"
    assert month_totals(JULY) == (0, len(cast.cells) - 1)
    withdraw_excuse(excuse_id=excuse.pk, reason="ghi nhầm thôn", by=office, at=NOW)
    assert mark(cast, CELL, JULY, seen_from=OCTOBER) == "-"
    excuse.refresh_from_db()
    assert (excuse.withdrawn_by, excuse.withdrawn_reason) == (office.user, "ghi nhầm thôn")
    verbs = list(Event.objects.order_by("-id").values_list("verb", flat=True)[:2])
    assert verbs == ["excuse.withdrawn", "excuse.granted"]


def test_a_postponed_meeting_is_not_missing_until_its_term_and_missing_after(
    cast: Cast, office: Viewer
) -> None:
    grant_excuse(unit_id=cast[CELL], wish=LATER, by=office, at=NOW)
    september = dt.date(2019, 9, 1)
    assert mark(cast, CELL, JULY, seen_from=september) == "E"
    assert mark(cast, CELL, JULY, seen_from=OCTOBER) == "-"
    [july, _] = month_records(cast[CELL], first=JULY, last=AUGUST)
    assert july.state == "excused"


def test_a_postponed_meeting_made_up_counts_for_its_own_month(cast: Cast, office: Viewer) -> None:
    grant_excuse(unit_id=cast[CELL], wish=LATER, by=office, at=NOW)
    hold(cast, CELL, JULY, dt.date(2019, 10, 12))
    assert mark(cast, CELL, JULY, seen_from=OCTOBER) == "H"
    assert mark(cast, CELL, AUGUST, seen_from=OCTOBER) == "-"


def test_a_flood_is_postponed_for_every_cell_of_a_commune_and_for_no_other(
    cast: Cast, office: Viewer
) -> None:
    granted = grant_excuse(unit_id=cast[QUAN_MAU], wish=LATER, by=office, at=NOW)
    assert {one.unit_id for one in granted} == {cast[name] for name in CELLS[QUAN_MAU]}
    postponed = Obligation.objects.exclude(postponed_until=None)
    assert postponed.count() == 2 * len(CELLS[QUAN_MAU])
    assert not postponed.filter(unit_id=cast[CELLS[LANG_THU][0]]).exists()


def test_of_two_excuses_withdrawing_one_leaves_the_other(cast: Cast, office: Viewer) -> None:
    grant_excuse(unit_id=cast[QUAN_MAU], wish=LATER, by=office, at=NOW)
    [own] = grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    assert lines(cast, CELL)[JULY].excuse_document == EXCUSED.document
    withdraw_excuse(excuse_id=own.pk, reason="không cần nữa", by=office, at=NOW)
    july = lines(cast, CELL)[JULY]
    assert (july.excuse_document, july.postponed_until) == ("", OCTOBER)


def test_nobody_excuses_himself_or_a_neighbour(cast: Cast, office: Viewer) -> None:
    own = viewer_for(cast.user("chi.bo", Role.COMMITTEE_OFFICE, CELL), on=TODAY)
    with pytest.raises(NotAllowed):
        grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=own, at=NOW)
    with pytest.raises(NotFound):
        grant_excuse(unit_id=cast[CELLS[LANG_THU][0]], wish=EXCUSED, by=office, at=NOW)
    secretary = viewer_for(cast.user("bi.thu", Role.CELL_SECRETARY, CELL), on=TODAY)
    with pytest.raises(NotAllowed):
        grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=secretary, at=NOW)
    assert not Excuse.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document": "  "}, "document"),
        ({"reason": ""}, "reason"),
        ({"last_month": dt.date(2019, 6, 1)}, "last_month"),
        ({"last_month": dt.date(2020, 7, 1)}, "last_month"),
        ({"relief": Relief.POSTPONED}, "until"),
        ({"relief": Relief.POSTPONED, "until": AUGUST}, "until"),
        ({"until": OCTOBER}, "until"),
        ({"cause": ReliefCause.FLOOD}, "relief"),
        ({"cause": ReliefCause.HARVEST}, "relief"),
        ({"relief": Relief.POSTPONED, "until": dt.date(2020, 8, 1)}, "until"),
        ({"granted_on": dt.date(2019, 12, 21)}, "granted_on"),
    ],
)
def test_an_excuse_that_cannot_be_is_refused_with_its_field(
    cast: Cast, office: Viewer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refusal:
        grant_excuse(unit_id=cast[CELL], wish=replace(EXCUSED, **change), by=office, at=NOW)
    assert refusal.value.field == field


def test_nothing_can_be_excused_where_nothing_was_due(cast: Cast, office: Viewer) -> None:
    with pytest.raises(NotNow) as refusal:
        grant_excuse(
            unit_id=cast[CELL], wish=replace(EXCUSED, duty=ObligationKind.PLAN), by=office, at=NOW
        )
    assert refusal.value.code == "nothing-due"


def test_an_excuse_is_withdrawn_once_by_whoever_stands_above(cast: Cast, office: Viewer) -> None:
    [excuse] = grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    other = viewer_for(cast.user("lang.thu", Role.COMMITTEE_OFFICE, LANG_THU), on=TODAY)
    with pytest.raises(NotFound):
        withdraw_excuse(excuse_id=excuse.pk, reason="thử", by=other, at=NOW)
    own = viewer_for(cast.user("chi.bo", Role.COMMITTEE_OFFICE, CELL), on=TODAY)
    with pytest.raises(NotAllowed):
        withdraw_excuse(excuse_id=excuse.pk, reason="thử", by=own, at=NOW)
    with pytest.raises(InputError):
        withdraw_excuse(excuse_id=excuse.pk, reason=" ", by=office, at=NOW)
    withdraw_excuse(excuse_id=excuse.pk, reason="ghi nhầm", by=office, at=NOW)
    with pytest.raises(NotNow):
        withdraw_excuse(excuse_id=excuse.pk, reason="ghi nhầm", by=office, at=NOW)
    with pytest.raises(NotFound):
        withdraw_excuse(excuse_id=0, reason="ghi nhầm", by=office, at=NOW)


def test_a_decision_for_a_commune_is_taken_back_at_once(cast: Cast, office: Viewer) -> None:
    granted = grant_excuse(unit_id=cast[QUAN_MAU], wish=LATER, by=office, at=NOW)
    other = replace(LATER, document="CV 13-CV/ĐU")
    [kept] = grant_excuse(unit_id=cast[CELL], wish=other, by=office, at=NOW)
    withdraw_excuse(excuse_id=granted[0].pk, reason="nhầm thôn", by=office, at=NOW)
    gone = withdraw_excuse(
        excuse_id=granted[1].pk, reason="nước rút", whole=True, by=office, at=NOW
    )
    assert [one.pk for one in gone] == [one.pk for one in granted[1:]]
    assert list(Excuse.objects.filter(withdrawn_at=None)) == [kept]
    assert Excuse.objects.get(pk=granted[0].pk).withdrawn_reason == "nhầm thôn"
    assert Event.objects.filter(verb="excuse.withdrawn").count() == 2
    assert lines(cast, NEXT)[JULY].postponed_until is None
    assert lines(cast, CELL)[JULY].postponed_until == OCTOBER  # by the other document


def test_the_excused_share_counts_excused_postponed_and_late(cast: Cast, office: Viewer) -> None:
    grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    late = replace(EXCUSED, granted_on=TODAY, first_month=AUGUST, document="CV 99")
    grant_excuse(unit_id=cast[NEXT], wish=late, by=office, at=NOW)
    grant_excuse(unit_id=cast[THIRD], wish=LATER, by=office, at=NOW)
    first, last = dt.date(2019, 1, 1), dt.date(2019, 12, 1)
    told = Relieved(due=36, excused=3, postponed=2, late=1)
    assert relieved_by_duty(office, TODAY, first, last)[ObligationKind.REGULAR] == told
    assert told.share == pytest.approx(5 / 36)
    below = relieved_below(office, cast[QUAN_MAU], TODAY, first, last)
    assert below[cast[CELL]] == Relieved(12, 2, 0, 0)
    assert set(below) == {cast[name] for name in CELLS[QUAN_MAU]}


JANUARY, FEBRUARY = dt.date(2020, 1, 1), dt.date(2020, 2, 1)


def test_a_postponement_reaching_past_the_ledger_holds_once_the_ledger_reaches_it(
    cast: Cast, office: Viewer
) -> None:
    ahead = replace(LATER, last_month=FEBRUARY, until=dt.date(2020, 5, 1))
    grant_excuse(unit_id=cast[CELL], wish=ahead, by=office, at=NOW)
    extend_obligations(first=JANUARY, last=dt.date(2020, 3, 1), by=None, at=AT)
    told = {month: one.postponed_until for month, one in lines(cast, CELL).items()}
    assert told[JANUARY] == told[FEBRUARY] == ahead.until
    assert told[dt.date(2020, 3, 1)] is None
    assert lines(cast, NEXT)[JANUARY].postponed_until is None


def test_the_running_month_is_postponed_before_the_ledger_has_it(
    cast: Cast, office: Viewer
) -> None:
    ahead = replace(LATER, first_month=JANUARY, last_month=JANUARY, until=FEBRUARY)
    [granted] = grant_excuse(unit_id=cast[CELL], wish=ahead, by=office, at=NOW)
    assert granted.first_month == JANUARY
    assert JANUARY not in lines(cast, CELL)
    extend_obligations(first=JANUARY, last=JANUARY, by=None, at=AT)
    assert lines(cast, CELL)[JANUARY].postponed_until == FEBRUARY


def test_a_month_before_the_ledger_began_is_not_excused(cast: Cast, office: Viewer) -> None:
    Obligation.objects.filter(month__lt=JULY).delete()
    june = dt.date(2019, 6, 1)
    early = replace(LATER, first_month=june, last_month=june)
    with pytest.raises(NotNow):
        grant_excuse(unit_id=cast[CELL], wish=early, by=office, at=NOW)


# --- settled months ------------------------------------------------------------------------------


def test_a_month_is_settled_once_its_term_is_over_and_not_before(cast: Cast) -> None:
    with pytest.raises(NotNow):
        freeze_period(month=dt.date(2019, 12, 1), by=None, at=NOW)
    with pytest.raises(NotFound):
        freeze_period(month=dt.date(2030, 1, 1), by=None, at=AT)
    freeze_period(month=JULY, by=None, at=NOW)
    freeze_period(month=JULY, by=None, at=NOW)
    assert Event.objects.filter(verb="ledger.frozen").count() == 1


def test_past_months_are_settled_together(cast: Cast) -> None:
    assert freeze_past_months(by=None, at=NOW) == 23  # all of two years but December 2019
    assert freeze_past_months(by=None, at=NOW) == 0
    assert extend_obligations(
        first=dt.date(2020, 1, 1), last=dt.date(2020, 1, 1), by=None, at=AT
    ) == len(cast.cells)
    assert FrozenMonth.objects.count() == 25


def test_what_was_due_in_a_settled_month_does_not_change_silently(cast: Cast) -> None:
    freeze_past_months(by=None, at=NOW)
    july = Obligation.objects.filter(unit_id=cast[CELL], month=JULY)
    for change in (
        july.delete,
        lambda: july.update(rule_id="X"),
        lambda: july.update(month=dt.date(2020, 5, 1)),
        lambda: Obligation.objects.create(
            unit_id=cast[QUAN_MAU], month=JULY, kind="regular", rule_id="X"
        ),
    ):
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            change()
    with transaction.atomic(), ledger_opened("thử"):
        july.update(rule_id="X")
    assert july.get().rule_id == "X"


def test_a_settled_month_can_still_be_reported_and_excused(cast: Cast, office: Viewer) -> None:
    freeze_past_months(by=None, at=NOW)
    hold(cast, NEXT, JULY, dt.date(2019, 7, 9))
    grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    assert mark(cast, CELL, JULY, seen_from=OCTOBER) == "E"
    assert mark(cast, NEXT, JULY, seen_from=OCTOBER) == "H"


def test_a_settled_month_is_opened_again_with_a_reason_only(cast: Cast, office: Viewer) -> None:
    analyst = viewer_for(cast.user("chuyen.vien", Role.PROVINCIAL_ANALYST), on=TODAY)
    with pytest.raises(NotNow):
        reopen_period(month=JULY, reason="bổ sung chi bộ", by=analyst, at=NOW)
    freeze_past_months(by=None, at=NOW)
    with pytest.raises(NotAllowed):
        reopen_period(month=JULY, reason="bổ sung chi bộ", by=office, at=NOW)
    with pytest.raises(InputError):
        reopen_period(month=JULY, reason=" ", by=analyst, at=NOW)
    reopen_period(month=JULY, reason="bổ sung chi bộ", by=analyst, at=NOW)
    assert not FrozenMonth.objects.filter(month=JULY).exists()
    event = Event.objects.order_by("-id").first()
    assert event is not None
    assert (event.verb, event.personal["reason"]) == ("ledger.reopened", "bổ sung chi bộ")


def test_a_reopened_month_gets_back_the_lines_it_lacks_and_no_other_month_does(
    cast: Cast,
) -> None:
    analyst = viewer_for(cast.user("chuyen.vien", Role.PROVINCIAL_ANALYST), on=TODAY)
    Obligation.objects.filter(unit_id=cast[CELL], month__in=[JULY, AUGUST]).delete()
    freeze_past_months(by=None, at=NOW)
    assert reopen_period(month=JULY, reason="bổ sung chi bộ", by=analyst, at=NOW) == 1
    assert JULY in lines(cast, CELL)
    assert AUGUST not in lines(cast, CELL)


def test_generating_again_leaves_settled_months_as_they_are(cast: Cast) -> None:
    Obligation.objects.filter(unit_id=cast[CELL], month=JULY).delete()
    freeze_past_months(by=None, at=NOW)
    first, last = dt.date(2019, 1, 1), dt.date(2019, 12, 1)
    assert generate_obligations(first=first, last=last, by=None, at=NOW) == 0


# --- in step with the register -------------------------------------------------------------------


def merge(cast: Cast, on: dt.date) -> None:
    """Two cells of the commune end and become one new cell, as committing a reform writes it."""
    new = Unit.objects.create(id=uuid7(), is_simulated=True)
    cast.units["Chi bộ thôn Gộp"] = new.pk
    model = UnitVersion.objects.get(unit_id=cast[CELL])
    with connection.cursor() as cursor:
        for table in (
            "org_unitparent",
            "org_membershipcount",
            "org_appointment",
            "org_unitversion",
        ):
            cursor.execute(
                f"UPDATE {table} SET valid = daterange(lower(valid), %s) WHERE unit_id = ANY (%s)",
                [on, [cast[CELL], cast[NEXT]]],
            )
    UnitVersion.objects.create(
        unit=new, valid=DateRange(on, None), name="Chi bộ thôn Gộp", name_fold="chi bo thon gop",
        name_key=b"x", kind=model.kind, sector=model.sector, area="", official_code="",
        is_organisation=False,
    )  # fmt: skip
    UnitParent.objects.create(unit=new, parent_id=cast[QUAN_MAU], valid=DateRange(on, None))
    for old in (CELL, NEXT):
        Lineage.objects.create(
            predecessor_id=cast[old], successor=new, on=on, kind="merge", share=1.0, document="QĐ 1"
        )


def test_the_ledger_follows_a_merger_in_the_middle_of_a_settled_month(cast: Cast) -> None:
    freeze_past_months(by=None, at=NOW)
    hold(cast, CELL, JULY, dt.date(2019, 7, 3))
    before = Obligation.objects.filter(kind="regular").count()
    merge(cast, dt.date(2019, 7, 15))
    units = [cast[name] for name in (CELL, NEXT, "Chi bộ thôn Gộp")]
    told = follow_register(units=units, since=dt.date(2019, 7, 15), by=None, at=NOW)
    assert told == (7, 14, 0)  # six months and a review of one cell, for those of two
    assert lines(cast, "Chi bộ thôn Gộp")[JULY].why == "inherited"
    assert max(lines(cast, CELL)) == dt.date(2019, 6, 1)
    assert Obligation.objects.filter(kind="regular").count() == before - 6
    event = Event.objects.order_by("-id").first()
    assert event is not None
    assert event.verb == "obligations.followed_register"
    assert "sắp xếp" in event.data["reason"]
    assert follow_register(units=units, since=JULY, by=None, at=NOW) == (0, 0, 0)


def test_following_the_register_keeps_excuses_and_guards_again(cast: Cast, office: Viewer) -> None:
    grant_excuse(unit_id=cast[CELL], wish=EXCUSED, by=office, at=NOW)
    freeze_past_months(by=None, at=NOW)
    with ledger_opened("thử"):
        Obligation.objects.filter(unit_id=cast[CELL], month=JULY).delete()
    assert follow_register(units=[cast[CELL]], since=JULY, by=None, at=NOW) == (1, 0, 0)
    assert lines(cast, CELL)[JULY].excuse_document == EXCUSED.document
    with pytest.raises(IntegrityError, match="is frozen"):
        Obligation.objects.filter(unit_id=cast[CELL], month=JULY).delete()


# --- a unit's year -------------------------------------------------------------------------------


def test_the_year_of_a_cell_tells_what_was_not_due_and_why(cast: Cast) -> None:
    merge(cast, dt.date(2019, 7, 15))
    new = cast["Chi bộ thôn Gộp"]
    follow_register(units=[cast[CELL], cast[NEXT], new], since=JULY, by=None, at=NOW)
    told = year_of(new, year=2019, until=dt.date(2019, 9, 30)).lines
    assert [f"{one.month:%m} {one.why}" for one in told] == [
        *(f"{month:02} not_founded" for month in range(1, 7)),
        "07 inherited", "08 whole_month", "09 whole_month",
    ]  # fmt: skip
    old = year_of(cast[CELL], year=2019, until=dt.date(2019, 9, 30)).lines
    assert [one.why.value for one in old[-3:]] == ["ended_within", "ended", "ended"]


def test_members_expected_are_those_of_the_day(cast: Cast) -> None:
    day = dt.date(2025, 8, 1)
    MembershipCount.objects.create(
        unit_id=cast[CELL], status="exempt", count=2, valid=DateRange(day, None)
    )
    told = countable_members(cast[CELL], day)
    assert told is not None
    assert (told.attendance, told.voting, told.left_out) == (9, 9, 2)
    eve = countable_members(cast[CELL], day - dt.timedelta(days=1))
    assert eve is not None
    assert eve.left_out == 0
    assert countable_members(cast[CELL], dt.date(2019, 8, 1)) is None  # no rule was read for then
