"""Inspections: what was seen wins over what was reported, in every figure and in one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.cast import AT, Cast, december, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.structure import Stretch
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import (
    InspectionKind,
    InspectionState,
    MonthState,
    ReportedThen,
    ReportState,
    Role,
    Verdict,
)
from vungmanh.meetings.actions.inspections import (
    InspectionWish,
    Seen,
    correct_inspection,
    record_inspection,
    withdraw_inspection,
)
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.frames import month_lines
from vungmanh.meetings.inspections import agreement_of, inspection_visible, months_to_inspect
from vungmanh.meetings.ledger import year_of
from vungmanh.meetings.models import Inspection, InspectionMonth, MeetingReport, MovedMonth
from vungmanh.meetings.queries import marks_by_year, month_records
from vungmanh.meetings.series import held_series, marks_by_year_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2020, 1, 20)
NOW = dt.datetime(2020, 1, 20, 3, tzinfo=dt.UTC)
NA_MAU, NEIGHBOUR = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Bản Thử"
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2019, 12, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("vanphong", Role.COMMITTEE_OFFICE, "Đảng bộ xã Quan Mẫu"), on=TODAY)


def month(number: int) -> dt.date:
    return dt.date(2019, number, 1)


def seen(**verdicts: Verdict) -> dict[dt.date, Seen]:
    """`thang_3=Verdict.HELD` and so on, each resting on the minutes book."""
    return {
        month(int(name.split("_")[1])): Seen(verdict, "" if verdict is Verdict.UNKNOWN else "sổ")
        for name, verdict in verdicts.items()
    }


def wish(months: dict[dt.date, Seen], **more: object) -> InspectionWish:
    plain = InspectionWish(
        kind=InspectionKind.KIEM_TRA,
        body="Ủy ban Kiểm tra Đảng ủy xã Quan Mẫu",
        on=dt.date(2020, 1, 15),
        first_month=FIRST,
        last_month=LAST,
        document="QĐ 05-QĐ/UBKT ngày 10/1/2020",
        months=months,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def every_mark(cast: Cast, name: str) -> list[str]:
    """The year 2019 of a cell as each reader of the ledger tells it."""
    unit = cast[name]
    letters = {
        MonthState.HELD: "H", MonthState.NOT_HELD: "N", MonthState.NO_REPORT: "-",
        MonthState.EXCUSED: "E",
    }  # fmt: skip
    records = month_records(unit, first=FIRST, last=LAST)
    told = {one[0]: one[2] for one in month_lines(FIRST, LAST)}
    lines = sorted(told[unit].split("\n"), key=lambda line: int(line[1:-1].split(",")[1]))
    year = year_of(unit, year=2019, until=LAST)
    regular = [line for line in year.lines if line.duty == "regular"]
    words = {ReportState.HELD: "H", ReportState.NOT_HELD: "N", None: "-"}
    return [
        marks_by_year(unit, until=LAST)[2019],
        marks_by_year_of([unit], until=LAST)[unit][2019],
        "".join(letters[one.state] for one in reversed(records)),
        "".join(line[1:-1].split(",")[2] for line in lines),
        "".join(words[line.told] for line in regular),
    ]


def test_what_was_verified_is_told_alike_by_every_reader_and_the_report_stays(
    cast: Cast, office: Viewer
) -> None:
    cast.hold(NA_MAU, 2019, held=10, not_held=1)  # December was not reported
    months = seen(
        thang_2=Verdict.NOT_HELD, thang_3=Verdict.HELD, thang_4=Verdict.UNKNOWN,
        thang_11=Verdict.HELD, thang_12=Verdict.HELD,
    )  # fmt: skip
    before = list(MeetingReport.objects.order_by("month").values())

    made = record_inspection(unit_id=cast[NA_MAU], wish=wish(months), by=office, at=NOW)

    assert every_mark(cast, NA_MAU) == ["HNHHHHHHHHHH"] * 5
    assert list(MeetingReport.objects.order_by("month").values()) == before
    reported = dict(made.months.values_list("month", "reported"))
    assert reported[month(2)] == ReportedThen.HELD
    assert reported[month(11)] == ReportedThen.NOT_HELD
    assert reported[month(12)] == ReportedThen.NONE
    assert set(MovedMonth.objects.values_list("month", flat=True)) == set(months)
    [total] = held_series([Stretch(cast[NA_MAU], FIRST, dt.date(2020, 1, 1), 1.0, "g")],
                          month(2), month(2))["g"]  # fmt: skip
    assert (total.held, total.not_held) == (0, 1)


def test_inspectors_found_5_of_12_reported_meetings(cast: Cast, office: Viewer) -> None:
    """Twelve of twelve were reported; the minutes book and the members knew of five."""
    cast.hold(NA_MAU, 2019, held=12)
    months = {
        month(n): Seen(Verdict.HELD if n <= 5 else Verdict.NOT_HELD, "sổ biên bản, hỏi 4 đảng viên")
        for n in range(1, 13)
    }
    record_inspection(unit_id=cast[NA_MAU], wish=wish(months), by=office, at=NOW)
    assert every_mark(cast, NA_MAU) == ["HHHHHNNNNNNN"] * 5
    found = agreement_of([cast[NA_MAU]], FIRST, LAST)
    assert (found.checked, found.refuted) == (12, 7)
    assert found.factor == pytest.approx(5 / 12)


def test_a_report_changed_after_the_inspection_changes_neither_mark_nor_what_was_read(
    cast: Cast, office: Viewer
) -> None:
    cast.hold(NA_MAU, 2019, held=12)
    one = record_inspection(
        unit_id=cast[NA_MAU], wish=wish(seen(thang_2=Verdict.NOT_HELD)), by=office, at=NOW
    )
    later = [{"unit": cast[NA_MAU], "month": month(2), "state": ReportState.NOT_HELD}]
    record_reports(reports=later, source=None, by=None, at=AT)
    assert one.months.get().reported == ReportedThen.HELD
    assert agreement_of([cast[NA_MAU]], FIRST, LAST).refuted == 1
    record_reports(reports=[{**later[0], "state": ReportState.HELD}], source=None, by=None, at=AT)
    assert marks_by_year(cast[NA_MAU], until=LAST)[2019][1] == "N"


def test_the_latest_that_could_tell_stands_and_withdrawing_it_brings_the_earlier_back(
    cast: Cast, office: Viewer
) -> None:
    cast.hold(NA_MAU, 2019, held=12)
    unit = cast[NA_MAU]
    record_inspection(unit_id=unit, wish=wish(seen(thang_2=Verdict.NOT_HELD)), by=office, at=NOW)
    later = record_inspection(
        unit_id=unit,
        wish=wish(seen(thang_2=Verdict.HELD), on=dt.date(2020, 1, 18)),
        by=office,
        at=NOW,
    )
    unsure = wish(seen(thang_2=Verdict.UNKNOWN), on=dt.date(2020, 1, 19))
    record_inspection(unit_id=unit, wish=unsure, by=office, at=NOW)
    assert marks_by_year(unit, until=LAST)[2019][1] == "H"

    withdraw_inspection(inspection_id=later.pk, reason="Ghi nhầm chi bộ", by=office, at=NOW)

    assert marks_by_year(unit, until=LAST)[2019][1] == "N"
    assert Inspection.objects.count() == 3, "nothing is deleted"
    assert Inspection.objects.get(pk=later.pk).state == InspectionState.WITHDRAWN
    with pytest.raises(NotNow, match="đã được rút"):
        withdraw_inspection(inspection_id=later.pk, reason="Lần nữa", by=office, at=NOW)


def test_a_correction_keeps_what_stood_before_and_who_was_slower_is_told(
    cast: Cast, office: Viewer
) -> None:
    cast.hold(NA_MAU, 2019, held=12)
    first = wish(seen(thang_2=Verdict.NOT_HELD, thang_3=Verdict.NOT_HELD))
    one = record_inspection(unit_id=cast[NA_MAU], wish=first, by=office, at=NOW)
    better = wish(
        seen(thang_2=Verdict.HELD, thang_5=Verdict.NOT_HELD),
        conclusion_number="07-KL/UBKT",
        conclusion_on=dt.date(2020, 1, 20),
        conclusion_issuer="Ủy ban Kiểm tra Đảng ủy xã Quan Mẫu",
    )
    said = {"inspection_id": one.pk, "revision": 1, "reason": "Đối chiếu lại sổ", "by": office}

    changed = correct_inspection(wish=better, at=NOW, **said)

    assert (changed.state, changed.revision) == (InspectionState.CONCLUDED, 2)
    assert marks_by_year(cast[NA_MAU], until=LAST)[2019] == "HHHHNHHHHHHH"
    kept = changed.changes.get()
    assert kept.fields["2019-02"] == [["not_held", "sổ"], ["held", "sổ"]]
    assert kept.fields["2019-03"] == [["not_held", "sổ"], ["unknown", ""]]
    assert kept.reason == "Đối chiếu lại sổ"
    with pytest.raises(Conflict, match="Vừa có người sửa"):
        correct_inspection(wish=first, at=NOW, **said)
    with pytest.raises(NotNow, match="Không có gì đổi"):
        correct_inspection(wish=better, at=NOW, **{**said, "revision": 2})
    assert list(Event.objects.filter(verb__startswith="inspection.").values_list("verb", flat=True)
                .order_by("id")) == ["inspection.recorded", "inspection.corrected"]  # fmt: skip


def test_only_who_stands_above_records_and_only_who_sees_the_cell_reads(
    cast: Cast, office: Viewer
) -> None:
    plain = wish(seen(thang_2=Verdict.HELD))
    with pytest.raises(NotFound):
        record_inspection(unit_id=cast[NEIGHBOUR], wish=plain, by=office, at=NOW)
    school = cast.user("truong", Role.COMMITTEE_OFFICE, "Chi bộ Trường Thử")
    with pytest.raises(NotAllowed, match="không tự ghi"):
        record_inspection(
            unit_id=cast["Chi bộ Trường Thử"], wish=plain, by=viewer_for(school, on=TODAY), at=NOW
        )
    one = record_inspection(unit_id=cast[NA_MAU], wish=plain, by=office, at=NOW)
    secretary = viewer_for(cast.user("bithu", Role.CELL_SECRETARY, NA_MAU), on=TODAY)
    assert inspection_visible(secretary, one.pk, TODAY) == one
    with pytest.raises(NotAllowed):
        record_inspection(unit_id=cast[NA_MAU], wish=plain, by=secretary, at=NOW)
    other = viewer_for(cast.user("khac", Role.CELL_SECRETARY, NEIGHBOUR), on=TODAY)
    with pytest.raises(NotFound):
        inspection_visible(other, one.pk, TODAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": " "}, "body"),
        ({"document": ""}, "document"),
        ({"on": dt.date(2020, 1, 21)}, "on"),
        ({"first_month": dt.date(2017, 1, 1)}, "first_month"),
        ({"last_month": dt.date(2018, 12, 1)}, "last_month"),
        ({"on": dt.date(2019, 11, 30)}, "last_month"),
        ({"conclusion_number": "07-KL"}, "conclusion_number"),
        (
            {
                "conclusion_number": "07-KL",
                "conclusion_issuer": "UBKT",
                "conclusion_on": dt.date(2020, 1, 2),
            },
            "conclusion_on",
        ),
        ({"months": {dt.date(2018, 12, 1): Seen(Verdict.HELD, "sổ")}}, "month-2018-12"),
        ({"months": {dt.date(2019, 2, 1): Seen(Verdict.HELD)}}, "month-2019-02"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    cast: Cast, office: Viewer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as caught:
        record_inspection(unit_id=cast[NA_MAU], wish=replace(wish({}), **change), by=office, at=NOW)
    assert caught.value.field == field
    assert not InspectionMonth.objects.exists()


def test_the_form_is_shown_reports_and_no_verdict(cast: Cast) -> None:
    cast.hold(NA_MAU, 2019, held=1, not_held=1)
    rows = months_to_inspect(cast[NA_MAU], month(1), month(3))
    assert [row.reported for row in rows] == [
        ReportedThen.HELD, ReportedThen.NOT_HELD, ReportedThen.NONE,
    ]  # fmt: skip
    assert all(row.is_due for row in rows)
    assert not hasattr(rows[0], "verified")
    assert december(2019) == LAST
