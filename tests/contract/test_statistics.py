"""Statistics of members: balances that close, answers that stay, aggregates with their gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, listed, make_cast
from tests.contract.test_reform_engine import Desk
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.aggregate_words import AgeBand, age_band
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.people_words import Aggregate, MemberChange, MembershipEnd, TransferKind
from vungmanh.core.vocabulary import MembershipStatus, Role, Sector, UnitKind
from vungmanh.org.actions.aggregates import report_aggregates, undo_aggregates
from vungmanh.org.actions.counts import record_counts, undo_counts
from vungmanh.org.actions.people import end_membership
from vungmanh.org.actions.statistics import (
    publish_statistic,
    record_loss,
    undo_loss,
    withdraw_statistic,
)
from vungmanh.org.actions.transfers import TransferWish, accept_transfer, send_transfer
from vungmanh.org.aggregates import ages_by_names, last_reported, roll_up
from vungmanh.org.models import (
    AdmissionCount,
    AggregateCount,
    NamesSwitch,
    Person,
    Reform,
    UnitVersion,
)
from vungmanh.org.reform.steps import Change as NewWords
from vungmanh.org.reform.steps import Create, Merge, Move, Part, Split
from vungmanh.org.statistics import (
    Period,
    Statistic,
    content_of,
    digest_of,
    figures_of,
    last_period,
    statistic,
)
from vungmanh.org.statistics_changed import (
    corrections,
    differences,
    published_visible,
    words_of_period,
)

pytestmark = pytest.mark.django_db
OFFICIAL, EXEMPT = MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT
NA, DOI, AN = CELLS[QUAN_MAU]
BAN, KHUOI = CELLS[LANG_THU]
YEAR = Period.year(2025)
Change = MemberChange


@pytest.fixture
def cast() -> Cast:
    made = make_cast(first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 1))
    AdmissionCount.objects.all().delete()
    return made


def viewer(cast: Cast, role: Role = Role.PROVINCIAL_ANALYST, unit: str = PROVINCE) -> Viewer:
    return viewer_for(cast.user(f"{role}.{unit}", role, unit), on=timezone.localdate())


def told(by: Viewer, unit: Any, known_at: dt.datetime | None = None, period: Period = YEAR) -> Any:
    now = timezone.now()
    return statistic(by, unit, period, known_at=known_at or now, now=now)


def lines(one: Statistic) -> dict[str, Any]:
    return {line.name: line.balance for line in one.lines}


def send(cast: Cast, way: tuple[str, str], by: Viewer, number: int, on: dt.date) -> None:
    start, end = way
    wish = TransferWish(
        TransferKind.OFFICIAL, on, "GT 1", from_unit=cast[start], to_unit=cast[end],
        status=OFFICIAL, count=number,
    )  # fmt: skip
    one = send_transfer(wish=wish, by=by, at=timezone.now())
    accept_transfer(transfer_id=one.pk, on=on, by=by, at=timezone.now(), revision=one.revision)


def a_year(cast: Cast, analyst: Viewer, quan: Viewer) -> None:
    """Two move within a commune, one beyond it, one dies; an exemption, and three more untold."""
    province = viewer(cast, Role.COMMITTEE_OFFICE, PROVINCE)
    now = timezone.now
    send(cast, (NA, DOI), quan, 2, dt.date(2025, 3, 1))  # within the commune
    send(cast, (NA, BAN), province, 1, dt.date(2025, 4, 1))
    record_loss(
        unit_id=cast[NA], way=MembershipEnd.DIED, status=OFFICIAL, count=1,
        on=dt.date(2025, 5, 1), document="BC 5", by=quan, at=now(),
    )  # fmt: skip
    record_counts(
        unit_id=cast[AN], counts={OFFICIAL: 7, EXEMPT: 2}, from_day=dt.date(2025, 6, 1),
        document="QĐ miễn", by=quan, at=now(),
    )  # fmt: skip
    record_counts(
        unit_id=cast[SCHOOL], counts={OFFICIAL: 12}, from_day=dt.date(2025, 7, 1),
        document="BC 7", by=analyst, at=now(),
    )  # fmt: skip


def test_a_year_is_told_by_causes(cast: Cast) -> None:
    analyst, quan = viewer(cast), viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    a_year(cast, analyst, quan)
    one = told(analyst, cast[PROVINCE])
    rows = lines(one)
    assert list(rows) == [SCHOOL, LANG_THU, QUAN_MAU]
    assert rows[QUAN_MAU].downs == {Change.SENT: 1, Change.DIED: 1}
    assert (rows[QUAN_MAU].inner, rows[QUAN_MAU].opened, rows[QUAN_MAU].closed) == (2, 27, 25)
    assert rows[QUAN_MAU].is_told
    assert rows[QUAN_MAU].closing == {OFFICIAL: 23, EXEMPT: 2}
    assert rows[LANG_THU].ups == {Change.ARRIVED: 1}
    assert rows[SCHOOL].untold == {cast[SCHOOL]: 3}
    assert rows[SCHOOL].ups == {Change.UNTOLD: 3}
    assert not rows[SCHOOL].is_told
    assert one.names == {cast[SCHOOL]: SCHOOL}
    # The province: who moved inside it neither came nor went.
    assert (one.total.opened, one.total.closed, one.total.inner) == (54, 56, 3)
    assert (one.total.ups, one.total.downs) == ({Change.UNTOLD: 3}, {Change.DIED: 1})
    assert all(line.balance.closes for line in one.lines)
    assert one.total.closes


def test_a_year_stays_as_it_was_reported(cast: Cast) -> None:
    analyst, quan = viewer(cast), viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    now = timezone.now
    a_year(cast, analyst, quan)
    kept = publish_statistic(
        unit_id=cast[PROVINCE], period=YEAR, document="BC 1-BC/TU", by=analyst, at=now()
    )
    content = content_of(told(analyst, cast[PROVINCE], kept.known_at))
    assert content == kept.content
    assert digest_of(content) == kept.sha256
    with pytest.raises(NotNow):
        publish_statistic(unit_id=cast[PROVINCE], period=YEAR, document="2", by=analyst, at=now())
    late = record_counts(
        unit_id=cast[BAN], counts={OFFICIAL: 5}, from_day=dt.date(2025, 2, 1),
        document="Đính chính 9", by=analyst, at=now(),
    )  # fmt: skip
    undo_loss(unit_id=cast[NA], reason="ghi nhầm người", by=quan, at=now())
    desk = Desk(cast)
    reform = desk.does(Merge((desk.id(DOI),), desk.id(AN)), on=dt.date(2025, 9, 1))
    Reform.objects.filter(pk=reform.pk).update(committed_at=now())  # the desk's clock stands still
    again = content_of(told(analyst, cast[PROVINCE], kept.known_at))
    assert again["total"] == kept.content["total"]
    assert again == kept.content
    fresh = content_of(told(analyst, cast[PROVINCE]))
    found = {(one.name, one.figure): (one.before, one.after)
             for one in differences(kept.content, fresh)}  # fmt: skip
    assert found[PROVINCE, "closing"] == (56, 53)
    assert found[LANG_THU, "down.untold"] == (0, 4)
    assert found[QUAN_MAU, "down.died"] == (1, 0)
    why = corrections(analyst, kept)
    assert ("Chính thức", -4, "Đính chính 9") in {(one.what, one.number, one.why) for one in why}
    assert any(one.what == "Sắp xếp tổ chức" for one in why)
    desk.undo(reform)
    Reform.objects.filter(pk=reform.pk).update(undone_at=now())
    assert "Hoàn tác sắp xếp tổ chức" in {one.what for one in corrections(analyst, kept)}
    desk.does(Move(desk.id(NA), desk.id(LANG_THU)), on=dt.date(2025, 9, 1))
    assert content_of(told(analyst, cast[PROVINCE], kept.known_at)) == kept.content
    undo_counts(event_id=late.pk, reason="không phải", by=analyst, at=now())
    assert content_of(told(analyst, cast[PROVINCE], kept.known_at)) == kept.content
    withdraw_statistic(statistic_id=kept.pk, reason="báo lại", by=analyst, at=now())
    anew = publish_statistic(
        unit_id=cast[PROVINCE], period=YEAR, document="BC 2-BC/TU", by=analyst, at=now()
    )
    assert {one.pk for one in published_visible(analyst, cast[PROVINCE])} == {kept.pk, anew.pk}
    assert published_visible(viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)) == []


def test_the_register_is_told_as_it_was_known(cast: Cast) -> None:
    """A parent and a name recorded later with effect before the year, and taken back; the office
    from which a cell was taken sees its number no more, and is told so."""
    analyst, office = viewer(cast), viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    known_at, desk = timezone.now(), Desk(cast)
    before = content_of(told(analyst, cast[QUAN_MAU], known_at))
    moved = desk.does(
        Move(desk.id(NA), desk.id(LANG_THU)), NewWords(desk.id(DOI), name="Chi bộ Tên Mới"),
        on=dt.date(2023, 1, 1),
    )  # fmt: skip
    between = timezone.now()
    assert content_of(told(analyst, cast[QUAN_MAU], known_at)) == before
    assert told(office, cast[QUAN_MAU], known_at).hidden == 1
    now = told(analyst, cast[QUAN_MAU])
    assert [line.name for line in now.lines] == ["Chi bộ Tên Mới", AN]
    assert (now.total.closed, now.hidden) == (18, 0)
    desk.undo(moved)
    assert content_of(told(analyst, cast[QUAN_MAU], between))["total"] == figures_of(now.total)
    again = content_of(told(analyst, cast[QUAN_MAU]))
    assert again["lines"] == before["lines"]


def test_a_unit_is_not_told_of_before_it_was_known(cast: Cast) -> None:
    analyst, now = viewer(cast), timezone.now()
    with pytest.raises(InputError) as refused:
        told(analyst, cast[PROVINCE], now - dt.timedelta(days=30))
    assert refused.value.code == "not-known-then"


def test_a_cell_founded_and_ended_within_the_year_is_counted_by_its_causes(cast: Cast) -> None:
    """It stood on neither end of the year, and somebody of it died."""
    analyst, desk, now = viewer(cast), Desk(cast), timezone.now
    founded = Create("m", "Chi bộ Một Thời", UnitKind.CHI_BO, Sector.VILLAGE, "", "", False,
                     desk.id(QUAN_MAU))  # fmt: skip
    parts = (Part("#m", 0.4, {OFFICIAL: 4}), Part(desk.id(DOI), 0.6, {OFFICIAL: 5}))
    desk.does(founded, Split(desk.id(NA), parts), on=dt.date(2025, 2, 1))
    made = UnitVersion.objects.get(name="Chi bộ Một Thời").unit_id
    record_loss(
        unit_id=made, way=MembershipEnd.DIED, status=OFFICIAL, count=1, on=dt.date(2025, 5, 1),
        document="BC 5", by=analyst, at=now(),
    )  # fmt: skip
    desk.does(Merge((str(made),), desk.id(AN)), on=dt.date(2025, 9, 1))
    one = told(analyst, cast[QUAN_MAU])
    assert one.total.downs == {Change.DIED: 1}
    assert (one.total.ups, one.total.opened, one.total.closed) == ({}, 27, 26)


def test_a_reform_told_of_later_changes_nothing_that_was_known(cast: Cast) -> None:
    analyst = viewer(cast)
    send(cast, (NA, BAN), viewer(cast, Role.COMMITTEE_OFFICE, PROVINCE), 1, dt.date(2025, 4, 1))
    known_at = timezone.now()
    units = (cast[PROVINCE], cast[QUAN_MAU], cast[AN])
    before = [content_of(told(analyst, unit, known_at)) for unit in units]
    desk = Desk(cast)
    desk.does(Merge((desk.id(DOI),), desk.id(AN)), on=dt.date(2025, 9, 1))
    village = Create(
        "moi", "Chi bộ thôn Mới", UnitKind.CHI_BO, Sector.VILLAGE, parent=desk.id(QUAN_MAU)
    )
    desk.does(village, Merge((desk.id(NA),), "#moi"), on=dt.date(2025, 10, 1))
    assert [content_of(told(analyst, unit, known_at)) for unit in units] == before
    now = told(analyst, cast[QUAN_MAU])
    assert [line.name for line in now.lines if not line.is_ended] == [AN, "Chi bộ thôn Mới"]
    assert (now.total.closed, now.total.is_told) == (26, True)


def test_reforms_between_two_days_are_told_as_such_and_the_balance_closes(cast: Cast) -> None:
    analyst = viewer(cast)
    desk = Desk(cast)
    desk.does(Merge((desk.id(DOI),), desk.id(AN)), on=dt.date(2025, 3, 1))
    desk.does(Merge((desk.id(LANG_THU),), desk.id(QUAN_MAU)), on=dt.date(2025, 7, 1))
    one = told(analyst, cast[PROVINCE])
    rows = {line.name: line for line in one.lines}
    assert rows[LANG_THU].is_ended
    assert rows[LANG_THU].balance.downs == {Change.REFORM: 18}
    assert rows[QUAN_MAU].balance.ups == {Change.REFORM: 18}
    assert rows[QUAN_MAU].balance.closed == 45
    assert (one.total.ups, one.total.downs, one.total.closed) == ({}, {}, 54)
    assert all(line.balance.is_told for line in one.lines)
    inside = lines(told(analyst, cast[QUAN_MAU]))
    assert inside[DOI].downs == inside[AN].ups == {Change.REFORM: 9}
    assert inside[BAN].ups == {Change.REFORM: 9}
    alone = told(analyst, cast[AN])
    assert (alone.total.opened, alone.total.closed) == (9, 18)
    assert one.organisations.kinds["chi_bo"] == 4
    # At half a year the second reform had not come.
    half = told(analyst, cast[PROVINCE], period=Period.half(2025))
    assert [line.name for line in half.lines] == [SCHOOL, LANG_THU, QUAN_MAU]
    assert half.total.is_told


def test_names_and_loaded_admissions_explain_and_agree_with_counts(cast: Cast) -> None:
    analyst, quan = viewer(cast), viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=YEAR.first, document="QĐ 1")
    people = [listed(cast[NA], f"Hoàng Thử {n}", since=dt.date(2024, 1, 1)) for n in range(9)]
    end_membership(
        person=people[0].person_id, way=MembershipEnd.STRUCK, on=dt.date(2025, 8, 1),
        reason="bỏ sinh hoạt", document="QĐ 9", by=quan, at=timezone.now(),
    )  # fmt: skip
    one = lines(told(quan, cast[QUAN_MAU]))[NA]
    assert (one.downs, one.closed, one.is_told) == ({Change.STRUCK: 1}, 8, True)
    with pytest.raises(NotNow, match="theo tên"):
        record_loss(
            unit_id=cast[NA], way=MembershipEnd.DIED, status=OFFICIAL, count=1,
            on=dt.date(2025, 9, 1), document="BC", by=quan, at=timezone.now(),
        )  # fmt: skip
    for row in people[1:4]:
        Person.objects.filter(pk=row.person_id).update(born_on=dt.date(1990, 7, 1))
    assert ages_by_names(cast[NA], dt.date(2025, 12, 31)) == {AgeBand.TO_40: 3}
    assert age_band(dt.date(1995, 6, 30), dt.date(2025, 6, 30)) is AgeBand.TO_30
    assert age_band(dt.date(1964, 12, 31), dt.date(2025, 12, 31)) is AgeBand.OVER_60
    AdmissionCount.objects.create(unit_id=cast[BAN], month=dt.date(2025, 5, 1), count=2)
    loaded = lines(told(analyst, cast[PROVINCE]))[LANG_THU]
    assert loaded.ups == {Change.ADMITTED: 2}
    assert loaded.downs == {Change.UNTOLD: 2}
    assert loaded.closes


def test_what_cannot_be_asked_or_reported_is_refused(cast: Cast) -> None:
    analyst, now = viewer(cast), timezone.now()
    today = timezone.localdate(now)
    day = dt.timedelta(days=1)
    wrong: list[tuple[Period, dt.datetime, type[Exception]]] = [
        (Period(YEAR.first, today + day), now, InputError),
        (Period(YEAR.last, YEAR.first), now, InputError),
        (YEAR, now + day, InputError),
        (Period.year(2022), now, NotFound),
    ]
    for period, known_at, error in wrong:
        with pytest.raises(error):
            statistic(analyst, cast[PROVINCE], period, known_at=known_at, now=now)
    with pytest.raises(NotFound):
        told(viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU), cast[QUAN_MAU])
    with pytest.raises(NotAllowed):
        publish_statistic(
            unit_id=cast[NA], period=YEAR, document="1", at=now,
            by=viewer(cast, Role.CELL_SECRETARY, NA),
        )  # fmt: skip
    loss: dict[str, Any] = {
        "unit_id": cast[NA], "way": MembershipEnd.DIED, "status": OFFICIAL, "count": 1,
        "on": dt.date(2025, 5, 1), "document": "BC 5", "by": analyst, "at": now,
    }  # fmt: skip
    for change, error in [
        ({"way": MembershipEnd.MOVED}, InputError),
        ({"count": 0}, InputError),
        ({"count": 10}, NotNow),
        ({"on": today + day}, InputError),
        ({"on": dt.date(2022, 12, 31)}, NotNow),
        ({"document": " "}, InputError),
        ({"unit_id": cast[QUAN_MAU]}, NotNow),
    ]:
        with pytest.raises(error):
            record_loss(**(loss | change))
    with pytest.raises(NotNow):
        undo_loss(unit_id=cast[NA], reason="chưa ghi gì", by=analyst, at=now)
    assert last_period(dt.date(2026, 6, 29)) == Period.year(2025)
    assert last_period(dt.date(2026, 6, 30)) == Period.half(2026)
    assert last_period(dt.date(2026, 12, 31)) == Period.year(2026)
    assert words_of_period(YEAR.first, YEAR.last) == "năm 2025"
    assert words_of_period(YEAR.first, dt.date(2025, 6, 30)) == "6 tháng đầu năm 2025"
    assert words_of_period(YEAR.last, YEAR.last) == "từ 31/12/2025 đến 31/12/2025"


SEXES = {Aggregate.SEX: {"woman": 4, "man": 5}}


def test_aggregates_are_summed_with_what_is_missing_and_corrected(cast: Cast) -> None:
    analyst, quan = viewer(cast), viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    on, now = YEAR.last, timezone.now

    def report(unit: str, counts: Any, by: Viewer = analyst, day: dt.date = on) -> Any:
        return report_aggregates(unit_id=cast[unit], on=day, counts=counts, by=by, at=now())

    report(NA, SEXES, quan)
    report(DOI, {Aggregate.SEX: {"woman": 3}, Aggregate.AGE: {"to_30": 9}}, quan)
    report(LANG_THU, {Aggregate.SEX: {"woman": 10, "man": 8}})
    report(BAN, {Aggregate.SEX: {"woman": 9}})  # the commune has told of it already
    first = now()

    def summed(known_at: dt.datetime | None = None, by: Viewer = analyst) -> Any:
        unit = cast[QUAN_MAU] if by is quan else cast[PROVINCE]
        return roll_up(by, unit, on, known_at or now(), now=now())

    found = summed()
    sex = found.sums[Aggregate.SEX]
    assert sex.counts == {"woman": 17, "man": 13}
    assert (sex.units, sex.all_units, sex.members, sex.unclear) == (4, 6, 36, 6)
    assert (found.members, found.cells) == (54, 6)
    assert [one.name for one in found.silent] == [AN, SCHOOL]
    assert found.sums[Aggregate.AGE].unclear == 0
    assert found.sums[Aggregate.OCCUPATION].units == 0
    report(NA, {Aggregate.SEX: {"woman": 6, "man": 3}}, quan)
    assert summed(by=quan).sums[Aggregate.SEX].counts == {"woman": 9, "man": 3}
    assert summed(first, by=quan).sums[Aggregate.SEX].counts == {"woman": 7, "man": 5}
    undo_aggregates(unit_id=cast[NA], on=on, reason="ghi nhầm", by=quan, at=now())
    assert summed(by=quan).sums[Aggregate.SEX].counts == {"woman": 7, "man": 5}
    undo_aggregates(unit_id=cast[NA], on=on, reason="ghi nhầm", by=quan, at=now())
    with pytest.raises(NotNow):
        undo_aggregates(unit_id=cast[NA], on=on, reason="ghi nhầm", by=quan, at=now())
    assert [one.name for one in summed(by=quan).silent] == [AN, NA]
    assert AggregateCount.objects.filter(unit_id=cast[NA]).count() == 6
    assert last_reported(cast[DOI], dt.date(2026, 6, 30))[Aggregate.SEX] == {"woman": 3}
    desk = Desk(cast)
    desk.does(Merge((desk.id(KHUOI),), desk.id(BAN)), on=dt.date(2026, 2, 1))
    wrong: list[tuple[str, Any, Viewer, dt.date, type[Exception]]] = [
        (NA, {Aggregate.SEX: {"woman": 10}}, quan, on, InputError),
        (NA, {Aggregate.SEX: {"woman": -1}}, quan, on, InputError),
        (NA, {Aggregate.SEX: {"nobody": 1}}, quan, on, InputError),
        (NA, {}, quan, on, InputError),
        (NA, SEXES, quan, dt.date(2025, 11, 30), InputError),
        (NA, SEXES, quan, dt.date(2027, 6, 30), InputError),
        (NA, SEXES, quan, dt.date(2022, 12, 31), NotFound),
        (DOI, {Aggregate.SEX: {"woman": 3}}, quan, on, NotNow),
        (PROVINCE, SEXES, analyst, on, NotNow),
        (KHUOI, SEXES, analyst, on, NotNow),
        (BAN, SEXES, quan, on, NotFound),
        (NA, SEXES, viewer(cast, Role.CELL_SECRETARY, NA), on, NotAllowed),
    ]
    for unit, counts, by, day, error in wrong:
        with pytest.raises(error):
            report(unit, counts, by, day)


def test_a_province_asks_as_many_queries_as_a_commune(cast: Cast) -> None:
    analyst = viewer(cast)
    asked = []
    for unit in (QUAN_MAU, PROVINCE):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            told(analyst, cast[unit])
            roll_up(analyst, cast[unit], YEAR.last, timezone.now(), now=timezone.now())
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 25
