"""Each integrity check on a small province: silent while all is well, and heard once it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction
from psycopg.types.range import DateRange

from tests.cast import LANG_THU, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.core.vocabulary import LineageKind, ObligationKind, ReportState, Role, UnitKind
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import MeetingReport, Obligation
from vungmanh.org.checks.asking import ask, values_on
from vungmanh.org.checks.catalogue import checks, checks_by_code
from vungmanh.org.models import (
    AdmissionCount,
    Appointment,
    Lineage,
    MembershipCount,
    Unit,
    UnitClosure,
    UnitParent,
    UnitVersion,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2019, 12, 31)
NA_MAU, DOI_MAU, BAN_THU = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Bản Thử"
DATED = (MembershipCount, Appointment, UnitParent, UnitVersion)


@pytest.fixture
def cast() -> Cast:
    """The imaginary province, each secretary with a name of his own."""
    cast = make_cast()
    for number, appointment in enumerate(Appointment.objects.order_by("pk")):
        appointment.holder_name = f"Bí thư Thử {number}"
        appointment.save()
    return cast


def end(cast: Cast, name: str, day: dt.date) -> None:
    """The unit ends: `day` is the first day without it."""
    for model in DATED:
        for row in model.objects.filter(unit_id=cast[name]):
            row.valid = DateRange(row.valid.lower, day)
            row.save()


def version(cast: Cast, name: str) -> UnitVersion:
    return UnitVersion.objects.get(unit_id=cast[name])


def change(cast: Cast, name: str, **values: object) -> None:
    UnitVersion.objects.filter(unit_id=cast[name]).update(**values)


def stray_closure(cast: Cast) -> str:
    UnitClosure.objects.filter(ancestor_id=cast[QUAN_MAU], descendant_id=cast[NA_MAU]).delete()
    return NA_MAU


def nameless(cast: Cast) -> None:
    Unit.objects.create()


def gap(cast: Cast) -> str:
    for model in DATED[:3]:
        model.objects.filter(unit_id=cast[SCHOOL]).delete()
    first = version(cast, SCHOOL)
    first.valid = DateRange(dt.date(2016, 1, 1), dt.date(2017, 1, 1))
    first.save()
    first.pk, first.valid = None, DateRange(dt.date(2018, 1, 1), None)
    first.save()
    return SCHOOL


def orphan(cast: Cast) -> str:
    UnitParent.objects.filter(unit_id=cast[NA_MAU]).delete()
    return NA_MAU


def role_left_behind(cast: Cast) -> str:
    cast.user("bithu", Role.CELL_SECRETARY, SCHOOL)
    end(cast, SCHOOL, dt.date(2019, 1, 1))
    return SCHOOL


def without_role(cast: Cast) -> None:
    cast.user("khongvai", None)


def lost_members(cast: Cast) -> str:
    end(cast, SCHOOL, dt.date(2019, 1, 1))
    return SCHOOL


def same_code(cast: Cast) -> tuple[str, ...]:
    change(cast, NA_MAU, official_code="20.001")
    change(cast, BAN_THU, official_code="20.001")
    return NA_MAU, BAN_THU


def same_name(cast: Cast) -> tuple[str, ...]:
    change(cast, NA_MAU, name_fold=version(cast, DOI_MAU).name_fold)
    return NA_MAU, DOI_MAU


def line(cast: Cast, old: str, new: str, share: float = 1, on: dt.date = DAY) -> None:
    Lineage.objects.create(
        predecessor_id=cast[old],
        successor_id=cast[new],
        on=on,
        kind=LineageKind.MERGE,
        share=share,
        document="QĐ 1",
    )


def half_a_share(cast: Cast) -> str:
    end(cast, NA_MAU, dt.date(2019, 1, 1))
    line(cast, NA_MAU, DOI_MAU, 0.5, dt.date(2019, 1, 1))
    return NA_MAU


def merged_but_alive(cast: Cast) -> str:
    line(cast, NA_MAU, DOI_MAU)
    return NA_MAU


def heir_too_late(cast: Cast) -> str:
    line(cast, NA_MAU, DOI_MAU, on=dt.date(2015, 6, 1))
    return DOI_MAU


def no_members(cast: Cast) -> str:
    MembershipCount.objects.filter(unit_id=cast[NA_MAU]).delete()
    return NA_MAU


def two_members(cast: Cast) -> str:
    MembershipCount.objects.filter(unit_id=cast[NA_MAU]).update(count=2)
    return NA_MAU


def no_cells(cast: Cast) -> str:
    change(cast, SCHOOL, kind=UnitKind.DANG_BO_CO_SO.value)
    return SCHOOL


def other_area(cast: Cast) -> str:
    change(cast, NA_MAU, area="Mẫu Hạ")
    return NA_MAU


def one_secretary_for_two(cast: Cast) -> tuple[str, ...]:
    names = cast[NA_MAU], cast[DOI_MAU]
    Appointment.objects.filter(unit_id__in=names).update(holder_name="Bí thư Thử Hai")
    return NA_MAU, DOI_MAU


def report(cast: Cast, name: str, month: dt.date, **values: object) -> str:
    MeetingReport.objects.create(
        unit_id=cast[name],
        month=month,
        kind=ObligationKind.REGULAR,
        state=ReportState.HELD,
        **values,
    )
    return name


def reported_too_early(cast: Cast) -> str:
    return report(cast, NA_MAU, dt.date(2015, 5, 1))


def filed_before_held(cast: Cast) -> str:
    held, filed = dt.date(2019, 5, 5), dt.date(2019, 5, 4)
    return report(cast, NA_MAU, dt.date(2019, 5, 1), held_on=held, filed_on=filed)


def due_too_early(cast: Cast) -> str:
    Obligation.objects.create(
        unit_id=cast[NA_MAU],
        month=dt.date(2015, 5, 1),
        kind=ObligationKind.THEMATIC,
        rule_id="HD12-2018",
    )
    return NA_MAU


def due_left_out(cast: Cast) -> str:
    Obligation.objects.filter(unit_id=cast[NA_MAU], month=dt.date(2019, 5, 1)).delete()
    return NA_MAU


def graded_too_early(cast: Cast) -> str:
    YearGrade.objects.create(unit_id=cast[QUAN_MAU], year=2015, regime="R1", grade="khac")
    return QUAN_MAU


def admitted_too_early(cast: Cast) -> str:
    AdmissionCount.objects.create(unit_id=cast[NA_MAU], month=dt.date(2015, 5, 1), count=2)
    return NA_MAU


def cell_above_a_commune(cast: Cast) -> str:
    since = DateRange(dt.date(2025, 7, 15), None)
    link = UnitParent.objects.filter(unit_id=cast[LANG_THU])
    link.update(parent_id=cast[SCHOOL], valid=since)
    return LANG_THU


def district_after_its_time(cast: Cast) -> str:
    change(cast, LANG_THU, kind=UnitKind.DANG_BO_HUYEN.value)
    return LANG_THU


Break = Callable[[Cast], str | tuple[str, ...] | None]

#: What makes each check fire, and the day on which it is asked.
FIRES: dict[str, tuple[Break, dt.date]] = {
    "closure-differs": (stray_closure, DAY),
    "unit-without-name": (nameless, DAY),
    "life-with-gap": (gap, DAY),
    "no-unit-above": (orphan, DAY),
    "ended-unit-with-role": (role_left_behind, DAY),
    "account-without-role": (without_role, DAY),
    "members-lost-at-end": (lost_members, DAY),
    "same-official-code": (same_code, DAY),
    "same-name": (same_name, DAY),
    "lineage-shares": (half_a_share, DAY),
    "lineage-of-the-living": (merged_but_alive, DAY),
    "heir-not-living": (heir_too_late, DAY),
    "cell-without-members": (no_members, DAY),
    "too-few-official": (two_members, DAY),
    "organisation-without-cell": (no_cells, DAY),
    "area-differs": (other_area, DAY),
    "secretary-of-two": (one_secretary_for_two, DAY),
    "report-outside-life": (reported_too_early, DAY),
    "report-not-due": (reported_too_early, DAY),
    "report-filed-before-held": (filed_before_held, DAY),
    "due-outside-life": (due_too_early, DAY),
    "due-missing": (due_left_out, DAY),
    "grade-outside-life": (graded_too_early, DAY),
    "admission-outside-life": (admitted_too_early, DAY),
    "kind-misplaced": (cell_above_a_commune, dt.date(2025, 8, 1)),
    "kind-abolished": (district_after_its_time, dt.date(2025, 7, 1)),
}


def found(code: str, day: dt.date = DAY) -> list[tuple[UUID | None, str, str]]:
    answer = ask(checks_by_code()[code], values_on(day))
    assert answer.count == len(answer.rows)
    return list(answer.rows)


def test_every_check_has_something_that_makes_it_fire() -> None:
    assert {check.code for check in checks()} == set(FIRES)


@pytest.mark.parametrize("code", FIRES)
def test_a_check_is_silent_until_what_it_asks_for_happens(cast: Cast, code: str) -> None:
    break_it, day = FIRES[code]
    assert found(code, day) == []
    expected = break_it(cast)
    names = (expected,) if isinstance(expected, str) else expected
    rows = found(code, day)
    if names is None:
        assert [row[0] for row in rows] == [None]
    else:
        assert {row[0] for row in rows} == {cast[name] for name in names}
    assert all(what and "{" not in what for _, _, what in rows)


def test_a_district_is_at_home_until_its_last_day(cast: Cast) -> None:
    district_after_its_time(cast)
    assert found("kind-abolished", dt.date(2025, 6, 30)) == []


def test_what_stood_somewhere_before_the_rule_may_stay(cast: Cast) -> None:
    UnitParent.objects.filter(unit_id=cast[LANG_THU]).update(parent_id=cast[SCHOOL])
    assert found("kind-misplaced", dt.date(2025, 8, 1)) == []


def test_a_check_of_a_rule_not_yet_in_force_finds_nothing(cast: Cast) -> None:
    two_members(cast)
    long_ago = values_on(DAY) | {"least_official": None, "kinds": None, "placements": None}
    for code in ("too-few-official", "kind-abolished", "kind-misplaced"):
        assert ask(checks_by_code()[code], long_ago).count == 0


def test_each_check_says_why_and_how_to_mend() -> None:
    for check in checks():
        assert len(check.why) > 60, check.code
        assert len(check.advice) > 40, check.code
        assert check.advice.endswith("."), check.code


def test_checks_only_read() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        assert all(ask(check, values_on(DAY)).count >= 0 for check in checks())
        transaction.set_rollback(True)
