"""The demonstration: the invented province in an empty database, and one account per role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, When
from django.utils import timezone

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.analysis.simulate import LAST_MONTH, PROVINCE, Province, Size, simulate_province
from vungmanh.analysis.simulate.reform import BEFORE_REFORM
from vungmanh.config.demo_evaluation import write_demo_cycle
from vungmanh.config.demo_people import write_demo_people
from vungmanh.config.demo_records import write_demo_records
from vungmanh.config.demo_support import lay_down_terms, write_demo_support
from vungmanh.core.periods import add_months, last_day, month_range
from vungmanh.core.vocabulary import ObligationKind, Reach, ReportState, Role, UnitKind
from vungmanh.evaluation.actions.grades import load_year_grades
from vungmanh.meetings.actions.freezing import freeze_past_months
from vungmanh.meetings.actions.obligations import excuse_months, generate_obligations
from vungmanh.meetings.actions.reports import REPORT_FIELDS, record_reports
from vungmanh.meetings.models import MovedMonth, Obligation
from vungmanh.org.actions.register import load_register, rows_of
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.strengthening.actions.assess import assess_months

SEED = 2026
PASSWORD = "vungmanh-2026"  # printed by `run`; the accounts exist only beside simulated data
OVERSEEN_CELLS = 3
TOLD_ON = 10  # of the next month: the day on which a month's reports are in
COMMUNE, CELL = "Đảng bộ xã Tân Mẫu", "Chi bộ thôn Nà Mẫu"  # where the demonstration has a story

Say = Callable[[str], None]


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration, as `run` prints it."""

    username: str
    role: str
    unit: str
    password: str = PASSWORD


#: Username, display name and role of each account; the unit is found in the province.
PEOPLE = (
    ("chuyenvien", "Chuyên viên Thử", Role.PROVINCIAL_ANALYST),
    ("vanphong", "Văn phòng Thử", Role.COMMITTEE_OFFICE),
    ("thuongvu", "Thường vụ Thử", Role.STANDING_COMMITTEE),
    ("phutrach", "Phụ trách Thử", Role.OVERSEER),
    ("bithu", "Bí thư Thử", Role.CELL_SECRETARY),
    ("quantri", "Quản trị Thử", Role.ADMINISTRATOR),
)


def load_demonstration(
    say: Say, *, size: Size = PROVINCE, seed: int = SEED, last_month: dt.date = LAST_MONTH
) -> None:
    """Simulate the province, write it, assess it and open the accounts: all of it or nothing.

    With an earlier `last_month` the province is as it was known then (`BEFORE_REFORM`: with its
    districts).
    """
    at = timezone.now()
    say("dựng tỉnh Mẫu")
    province = simulate_province(seed, size=size, last_month=last_month)
    with transaction.atomic():
        _write(province, at=at, say=say)
        people = make_accounts(at=at, last_month=last_month)
        say("ghi biên bản của một xã")
        office = people["vanphong"].grants.get(role=Role.COMMITTEE_OFFICE)
        write_demo_records(
            commune=office.unit_id,
            last_month=last_month,
            people=people,
            goes_on=last_month == LAST_MONTH,
        )
        say("ghi một kỳ xếp loại năm")
        write_demo_cycle(
            office=people["vanphong"],
            today=last_day(last_month),
            before_reform=last_month == BEFORE_REFORM,
        )
        if last_month == LAST_MONTH:
            say("ghi cán bộ, đảng viên của một xã")
            write_demo_people(people=people, today=last_day(last_month))
        has_scheme = lay_down_terms(province=province, analyst=people["chuyenvien"])
        say("tính lý do và trạng thái")
        _assess(province, at=at)
        if has_scheme:
            say("kể đề án củng cố 2016–2020")
            write_demo_support(province=province, people=people, today=last_day(last_month))


def _write(province: Province, *, at: dt.datetime, say: Say) -> None:
    tables = province.tables
    say("ghi sổ tổ chức")
    load_register(tables=tables, by=None, at=at)
    reports = tables["meeting_reports"]
    first, last = min(reports["month"]), max(reports["month"])
    say("tính các kỳ phải họp")
    # One month more than is known: the next workbooks must find what was due.
    generate_obligations(first=first, last=add_months(last, 1), by=None, at=at)
    excuse_months(excuses=tables["excuses"], by=None, at=at)
    freeze_past_months(by=None, at=at)
    say("ghi báo cáo từng tháng")
    fields = ("unit", "month", *REPORT_FIELDS)
    record_reports(
        reports=(dict(zip(fields, row, strict=True)) for row in rows_of(reports, *fields)),
        source=None,
        by=None,
        at=at,
    )
    _combine_thematic(by_month=rows_of(reports, "unit", "month", "state", "held_on"), at=at)
    load_year_grades(grades=tables["year_grades"], by=None, at=at)
    with connection.cursor() as cursor:  # the planner knows nothing of half a million new rows
        cursor.execute("ANALYZE")


def _combine_thematic(*, by_month: Iterable[Sequence[Any]], at: dt.datetime) -> None:
    """The simulation knows regular meetings only: where one was held in the last month of a quarter
    the quarter's theme is taken to have been part of it."""
    owed = set(
        Obligation.objects.filter(kind=ObligationKind.THEMATIC)
        .order_by()
        .values_list("month", flat=True)
        .distinct()
    )
    record_reports(
        reports=(
            {"unit": unit, "month": month, "state": state, "held_on": held_on, "filed_on": held_on}
            for unit, month, state, held_on in by_month
            if month in owed and state == ReportState.HELD
        ),
        source=None,
        kind=ObligationKind.THEMATIC,
        by=None,
        at=at,
    )


def _assess(province: Province, *, at: dt.datetime) -> None:
    """The months before the last as they were told when their reports were in: whoever had a reason
    held against it then has had its term to answer, and can be chosen today."""
    reported = province.tables["meeting_reports"]["month"]
    *earlier, last = months_to_assess(min(reported), max(reported))
    told = dt.datetime.combine(last.replace(day=TOLD_ON), dt.time(9), tzinfo=at.tzinfo)
    assess_months(months=earlier, by=None, at=min(told, at))
    assess_months(months=[last], by=None, at=at)
    MovedMonth.objects.all().delete()  # what was recorded above is in these assessments


def months_to_assess(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every December on record, and each of the last thirteen months."""
    decembers = [month for month in month_range(first, last) if month.month == 12]
    return sorted({*decembers, *month_range(add_months(last, -12), last)})


@transaction.atomic
def make_accounts(*, at: dt.datetime, last_month: dt.date = LAST_MONTH) -> dict[str, User]:
    """One account per role, each with its role in a fitting unit of the province, by username."""
    people = {}
    for username, display_name, role in PEOPLE:
        user = User.objects.create_user(username, password=PASSWORD, display_name=display_name)
        for unit_id, reach in _places(role, last_day(last_month)):
            grant_role(
                user=user,
                role=role,
                unit_id=unit_id,
                reach=reach,
                valid_from=dt.date(2014, 1, 1),
                by=None,
                at=at,
            )
        people[username] = user
    return people


def _places(role: Role, today: dt.date) -> list[tuple[UUID, Reach]]:
    """Where a role is held: the root, a commune with something to see, some of its cells."""
    now = UnitVersion.objects.filter(valid__contains=today).order_by("name_key")
    root = now.get(kind=UnitKind.DANG_BO_TINH)
    communes = now.filter(kind=UnitKind.DANG_BO_XA)
    commune = communes.filter(name=COMMUNE).first() or communes[0]
    below = UnitClosure.objects.filter(
        ancestor_id=commune.unit_id, depth=1, valid__contains=today
    ).values("descendant_id")
    cells = now.filter(kind=UnitKind.CHI_BO, unit_id__in=below).order_by(
        Case(When(name=CELL, then=0), default=1), "name_key"
    )[:OVERSEEN_CELLS]
    match role:
        case Role.COMMITTEE_OFFICE:
            return [(commune.unit_id, Reach.UNIT_AND_BELOW)]
        case Role.OVERSEER:
            return [(cell.unit_id, Reach.UNIT) for cell in cells]
        case Role.CELL_SECRETARY:
            return [(cells[0].unit_id, Reach.UNIT)]
    return [(root.unit_id, Reach.UNIT_AND_BELOW)]


def demonstration_accounts() -> list[DemoAccount]:
    """The demonstration accounts that exist, with the unit each looks from."""
    found = []
    for username, _display_name, role in PEOPLE:
        user = User.objects.filter(username=username, is_active=True).first()
        grant = user.grants.filter(role=role).order_by("id").first() if user else None
        if grant is None:
            continue
        version = UnitVersion.objects.filter(unit_id=grant.unit_id).order_by("valid").last()
        found.append(DemoAccount(username, role.label, version.name if version else ""))
    return found
