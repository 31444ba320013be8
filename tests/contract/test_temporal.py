"""What PostgreSQL itself promises about the dated register, and about the ledger.

Nothing here goes through our code on the way in: a write that breaks a promise must fail whoever
makes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.ledger import record
from vungmanh.access.models import Event, RoleGrant
from vungmanh.core.ids import uuid7
from vungmanh.core.text import fold, sort_key
from vungmanh.core.vocabulary import MembershipStatus, Post, Reach, Role, Sector, UnitKind
from vungmanh.meetings.models import MeetingReport, Obligation
from vungmanh.org.models import (
    Appointment,
    MembershipCount,
    Unit,
    UnitClosure,
    UnitParent,
    UnitVersion,
)
from vungmanh.org.queries import closure_differences, path_above, secretary_of

pytestmark = pytest.mark.django_db

NA_MAU, DOI_MAU, AN_MAU = CELLS[QUAN_MAU]
FIRST = dt.date(2016, 1, 1)  # the life of every unit of the cast begins
MIDDLE = dt.date(2018, 7, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def version(unit: UUID, name: str, start: dt.date | None, end: dt.date | None) -> UnitVersion:
    return UnitVersion(
        unit_id=unit, valid=DateRange(start, end), name=name, name_fold=fold(name),
        name_key=sort_key(name), kind=UnitKind.CHI_BO, sector=Sector.VILLAGE,
        is_organisation=False,
    )  # fmt: skip


def check_refused(write: Callable[[], Any], constraint: str) -> None:
    """The database refuses `write`, at the latest when the transaction ends, by that promise."""

    def attempt() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            write()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError) as error:
        attempt()
    assert error.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def span_of(model: Any, **which: Any) -> Any:
    (row,) = model.objects.filter(**which)
    return row


def shorten(row: Any, end: dt.date) -> None:
    row.valid = DateRange(row.valid.lower, end)
    row.save()


def above_on(cast: Cast, name: str, day: dt.date) -> list[str]:
    names = {unit: name for name, unit in cast.units.items()}
    links = UnitClosure.objects.filter(descendant_id=cast[name], valid__contains=day)
    return [names[link.ancestor_id] for link in links.order_by("depth")]


# --- no two at once ------------------------------------------------------------------------------


def test_two_versions_of_a_unit_may_not_overlap_by_one_day(cast: Cast) -> None:
    shorten(span_of(UnitVersion, unit_id=cast[NA_MAU]), dt.date(2020, 1, 1))
    last = dt.date(2019, 12, 31)
    check_refused(
        lambda: version(cast[NA_MAU], "Chi bộ Khác", last, None).save(), "org_version_once"
    )
    version(cast[NA_MAU], "Chi bộ Khác", dt.date(2020, 1, 1), None).save()


def test_a_unit_has_one_parent_at_a_time(cast: Cast) -> None:
    link = UnitParent(unit_id=cast[NA_MAU], parent_id=cast[LANG_THU], valid=DateRange(MIDDLE, None))
    check_refused(link.save, "org_parent_once")


def test_a_post_is_held_by_one_at_a_time(cast: Cast) -> None:
    again = Appointment(
        unit_id=cast[NA_MAU], post=Post.SECRETARY, holder_name="Bí thư Thử Hai",
        valid=DateRange(MIDDLE, None),
    )  # fmt: skip
    check_refused(again.save, "org_appointment_once")
    again.post = Post.DEPUTY_SECRETARY
    again.save()


def test_members_of_one_status_are_counted_once_a_day(cast: Cast) -> None:
    again = MembershipCount(
        unit_id=cast[NA_MAU], status=MembershipStatus.OFFICIAL, valid=DateRange(MIDDLE, None),
        count=8,
    )  # fmt: skip
    check_refused(again.save, "org_members_once")
    again.status = MembershipStatus.PROBATIONARY
    again.save()


def test_a_role_in_a_unit_is_held_once_at_a_time(cast: Cast) -> None:
    user = cast.user("thu", Role.OVERSEER, NA_MAU)
    again = RoleGrant(
        user=user, role=Role.OVERSEER, unit_id=cast[NA_MAU], reach=Reach.UNIT,
        valid=DateRange(MIDDLE, None),
    )  # fmt: skip
    check_refused(again.save, "org_grant_once")
    again.unit_id = uuid7()
    check_refused(again.save, "org_grant_unit")


# --- nothing outside a life ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (lambda unit, of, span: UnitParent(unit_id=unit, parent_id=of, valid=span),
         "org_parent_of_living"),
        (lambda unit, of, span: MembershipCount(unit_id=unit, status="official", valid=span,
                                                count=9), "org_members_of_living"),
        (lambda unit, of, span: Appointment(unit_id=unit, post="secretary", valid=span),
         "org_appointment_of_living"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_a_unit_before_it_lives_or_after(
    cast: Cast, row: Callable[..., Any], constraint: str
) -> None:
    unit = Unit.objects.create().pk
    end = dt.date(2019, 1, 1)
    version(unit, "Chi bộ Ngắn", MIDDLE, end).save()
    day = dt.timedelta(days=1)
    for span in (DateRange(MIDDLE - day, end), DateRange(MIDDLE, end + day), DateRange(None, end)):
        check_refused(row(unit, cast[QUAN_MAU], span).save, constraint)
    row(unit, cast[QUAN_MAU], DateRange(MIDDLE, end)).save()


def test_a_parent_must_live_as_long_as_it_is_one(cast: Cast) -> None:
    young = Unit.objects.create().pk
    version(young, "Đảng bộ Trẻ", MIDDLE, None).save()
    link = span_of(UnitParent, unit_id=cast[NA_MAU])
    link.parent_id = young  # … from 2016 on, two years before it was founded
    check_refused(link.save, "org_parent_living")


def test_a_unit_cannot_end_while_another_still_stands_below_it(cast: Cast) -> None:
    def end() -> None:
        for model in (MembershipCount, Appointment, UnitParent, UnitVersion):
            shorten(span_of(model, unit_id=cast[QUAN_MAU]), MIDDLE)

    check_refused(end, "org_parent_living")


@pytest.mark.parametrize(
    ("model", "constraint"),
    [(UnitVersion, "org_version_not_empty"), (UnitParent, "org_parent_not_empty")],
)
def test_a_span_of_no_day_is_refused(cast: Cast, model: Any, constraint: str) -> None:
    row = span_of(model, unit_id=cast[NA_MAU])
    row.valid = DateRange(MIDDLE, MIDDLE)
    check_refused(row.save, constraint)


# --- circles -------------------------------------------------------------------------------------


def test_a_unit_is_not_its_own_parent(cast: Cast) -> None:
    link = span_of(UnitParent, unit_id=cast[NA_MAU])
    link.parent_id = link.unit_id
    check_refused(link.save, "org_parent_not_self")


def test_a_circle_is_refused_however_long(cast: Cast) -> None:
    def close() -> None:
        UnitParent.objects.create(
            unit_id=cast[PROVINCE], parent_id=cast[NA_MAU], valid=DateRange(MIDDLE, None)
        )

    check_refused(close, "org_closure_no_circle")
    assert closure_differences() == []


def test_two_units_may_change_places_from_one_day_to_the_next(cast: Cast) -> None:
    """A under B until the day, B under A from it: no circle on any day."""
    province, commune = cast[PROVINCE], cast[QUAN_MAU]
    shorten(span_of(UnitParent, unit_id=commune), MIDDLE)
    UnitParent.objects.create(unit_id=province, parent_id=commune, valid=DateRange(MIDDLE, None))
    assert above_on(cast, QUAN_MAU, MIDDLE - dt.timedelta(days=1)) == [QUAN_MAU, PROVINCE]
    assert above_on(cast, PROVINCE, MIDDLE) == [PROVINCE, QUAN_MAU]
    assert above_on(cast, LANG_THU, MIDDLE) == [LANG_THU, PROVINCE, QUAN_MAU]


# --- the closure follows -------------------------------------------------------------------------


def test_the_closure_follows_a_move_on_the_day(cast: Cast) -> None:
    shorten(span_of(UnitParent, unit_id=cast[AN_MAU]), MIDDLE)
    UnitParent.objects.create(
        unit_id=cast[AN_MAU], parent_id=cast[LANG_THU], valid=DateRange(MIDDLE, None)
    )
    before = MIDDLE - dt.timedelta(days=1)
    assert above_on(cast, AN_MAU, before) == [AN_MAU, QUAN_MAU, PROVINCE]
    assert above_on(cast, AN_MAU, MIDDLE) == [AN_MAU, LANG_THU, PROVINCE]
    assert above_on(cast, DOI_MAU, MIDDLE) == [DOI_MAU, QUAN_MAU, PROVINCE]


def test_moving_a_commune_moves_all_below_it(cast: Cast) -> None:
    shorten(span_of(UnitParent, unit_id=cast[QUAN_MAU]), MIDDLE)
    UnitParent.objects.create(
        unit_id=cast[QUAN_MAU], parent_id=cast[LANG_THU], valid=DateRange(MIDDLE, None)
    )
    assert above_on(cast, NA_MAU, MIDDLE) == [NA_MAU, QUAN_MAU, LANG_THU, PROVINCE]
    day_before = MIDDLE - dt.timedelta(days=1)
    assert above_on(cast, NA_MAU, day_before) == [NA_MAU, QUAN_MAU, PROVINCE]


def test_a_new_name_changes_nothing_but_the_name(cast: Cast) -> None:
    def rows() -> list[Any]:
        found = UnitClosure.objects.values_list("ancestor_id", "descendant_id", "depth", "valid")
        return sorted(found, key=str)

    stood = rows()
    with transaction.atomic():
        shorten(span_of(UnitVersion, unit_id=cast[QUAN_MAU]), MIDDLE)
        version(cast[QUAN_MAU], "Đảng bộ xã Quan Mẫu Mới", MIDDLE, None).save()
    assert rows() == stood
    names = [path_above(cast[NA_MAU], day)[-1].name
             for day in (MIDDLE - dt.timedelta(days=1), MIDDLE)]  # fmt: skip
    assert names == [QUAN_MAU, "Đảng bộ xã Quan Mẫu Mới"]


def test_a_unit_that_ended_stands_nowhere_and_its_past_stays(cast: Cast) -> None:
    for model in (MembershipCount, Appointment, UnitParent, UnitVersion):
        shorten(span_of(model, unit_id=cast[AN_MAU]), MIDDLE)
    assert above_on(cast, AN_MAU, MIDDLE) == []
    before = MIDDLE - dt.timedelta(days=1)
    assert above_on(cast, AN_MAU, before) == [AN_MAU, QUAN_MAU, PROVINCE]
    assert secretary_of(cast[AN_MAU], before).in_post


def test_a_whole_level_may_end_in_one_transaction(cast: Cast) -> None:
    """What the reform of 1/7/2025 does: communes end, their cells go straight to the province."""
    with transaction.atomic():
        for commune, cells in CELLS.items():
            for cell in cells:
                shorten(span_of(UnitParent, unit_id=cast[cell]), MIDDLE)
                UnitParent.objects.create(
                    unit_id=cast[cell], parent_id=cast[PROVINCE], valid=DateRange(MIDDLE, None)
                )
            for model in (MembershipCount, Appointment, UnitParent, UnitVersion):
                shorten(span_of(model, unit_id=cast[commune]), MIDDLE)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert above_on(cast, NA_MAU, MIDDLE) == [NA_MAU, PROVINCE]
    assert above_on(cast, QUAN_MAU, MIDDLE) == []
    assert above_on(cast, NA_MAU, MIDDLE - dt.timedelta(days=1)) == [NA_MAU, QUAN_MAU, PROVINCE]
    assert closure_differences() == []


def test_a_stray_row_of_the_closure_is_found(cast: Cast) -> None:
    """The check that `vungmanh check` runs can fail."""
    UnitClosure.objects.filter(descendant_id=cast[NA_MAU], depth=2).delete()
    UnitClosure.objects.create(
        ancestor_id=cast[LANG_THU], descendant_id=cast[NA_MAU], depth=1,
        valid=DateRange(FIRST, MIDDLE),
    )  # fmt: skip
    assert sorted(line.split(":")[0] for line in closure_differences()) == ["missing", "stray"]


# --- reports and obligations ---------------------------------------------------------------------


def test_a_month_is_owed_once_and_reported_once(cast: Cast) -> None:
    month = dt.date(2017, 3, 1)
    owed = Obligation(unit_id=cast[NA_MAU], month=month, kind="regular", rule_id="X")
    check_refused(owed.save, "meetings_obligation_once")
    cast.hold(NA_MAU, 2017, held=12)
    said = MeetingReport(unit_id=cast[NA_MAU], month=month, kind="regular", state="not_held")
    check_refused(said.save, "meetings_report_once")


@pytest.mark.parametrize(
    ("said", "constraint"),
    [
        ({"month": dt.date(2020, 3, 2), "state": "held"}, "meetings_report_first_of_month"),
        ({"state": "not_held", "present": 3}, "meetings_not_held_has_no_meeting"),
        ({"state": "held", "members": 9, "present": 10}, "meetings_present_within_members"),
        ({"state": "held", "score": 101}, "meetings_score_range"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    cast: Cast, said: dict[str, Any], constraint: str
) -> None:
    report = MeetingReport(
        unit_id=cast[NA_MAU], kind="regular", **{"month": dt.date(2020, 3, 1), **said}
    )
    check_refused(report.save, constraint)


def test_an_excuse_without_its_document_is_refused(cast: Cast) -> None:
    owed = Obligation.objects.filter(unit_id=cast[NA_MAU])
    check_refused(lambda: owed.update(excuse_reason="lũ"), "meetings_excuse_has_document")
    check_refused(lambda: owed.update(excuse_document="Số 1"), "meetings_excuse_has_document")


# --- the ledger ----------------------------------------------------------------------------------


def test_the_ledger_refuses_change_and_deletion() -> None:
    event = record(
        "role.granted", by=None, at=AT, subject="unit:1", data={"a": 1}, personal={"user": "x"}
    )
    one = Event.objects.filter(pk=event.pk)
    for change in (
        {"verb": "role.ended"}, {"subject": "unit:2"}, {"data": {}}, {"personal": {"user": "y"}},
        {"at": AT + dt.timedelta(days=1)}, {"personal": {}, "data": {"a": 2}},
    ):  # fmt: skip
        check_refused(lambda change=change: one.update(**change), "access_event_append_only")
    check_refused(one.delete, "access_event_append_only")
    assert (one.get().verb, one.get().data) == ("role.granted", {"a": 1})


def test_only_what_is_personal_may_be_erased() -> None:
    event = record("role.granted", by=None, at=AT, subject="unit:1", personal={"user": "x"})
    Event.objects.filter(pk=event.pk).update(personal={})
    event.refresh_from_db()
    assert (event.personal, event.verb, event.subject) == ({}, "role.granted", "unit:1")
