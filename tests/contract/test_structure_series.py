"""One province by the structure then and by that of now: the same totals, told differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.structure import difference
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import LineageKind, Role, Structure
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.models import Lineage, MembershipCount, UnitParent, UnitVersion
from vungmanh.org.structure import (
    cells_of_series,
    check_in_register,
    predecessors_of,
    reform_days,
    roots_of,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2016, 1, 1), dt.date(2019, 12, 1)
NOW = last_day(LAST)
DAY = dt.date(2019, 7, 1)  # of the little reform below
NA_MAU, DOI_MAU, BAN_THU = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Bản Thử"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    for cell in cast.cells:
        cast.hold(cell, 2018, held=9)
        cast.hold(cell, 2019, held=6, not_held=3)
    return cast


@pytest.fixture
def viewer(cast: Cast) -> Viewer:
    return viewer_for(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST), on=NOW)


def move(cast: Cast, unit: str, to: str) -> None:
    link = UnitParent.objects.get(unit_id=cast[unit])
    UnitParent.objects.filter(pk=link.pk).update(valid=(link.valid.lower, DAY))
    UnitParent.objects.create(unit_id=cast[unit], parent_id=cast[to], valid=(DAY, None))


def end(cast: Cast, unit: str, into: dict[str, float]) -> None:
    """End a unit as a reform does, with what hangs on its life, and say what became of it."""
    for model in (UnitParent, MembershipCount):
        for row in model.objects.filter(unit_id=cast[unit]):
            model.objects.filter(pk=row.pk).update(valid=(row.valid.lower, DAY))
    with connection.cursor() as cursor:
        for table in ("org_appointment", "org_unitversion"):
            cursor.execute(
                f"UPDATE {table} SET valid = daterange(lower(valid), %s) WHERE unit_id = %s",
                [DAY, cast[unit]],
            )
        cursor.execute(
            "DELETE FROM meetings_meetingreport WHERE unit_id = %s AND month >= %s",
            [cast[unit], DAY],
        )
        cursor.execute(
            "DELETE FROM meetings_obligation WHERE unit_id = %s AND month >= %s", [cast[unit], DAY]
        )
    for successor, share in into.items():
        kind = LineageKind.MERGE if share == 1 else LineageKind.SPLIT
        Lineage.objects.create(
            predecessor_id=cast[unit], successor_id=cast[successor], on=DAY, kind=kind,
            share=share, document="Quyết định số 9-QĐ/TU",
        )  # fmt: skip


def total(
    viewer: Viewer, unit: object, structure: Structure, first: dt.date = FIRST
) -> list[MonthTotal]:
    stretches = cells_of_series(roots_of(viewer, unit, NOW), structure, NOW)
    return held_series(stretches, first, LAST).get("", [])


def figures(series: list[MonthTotal]) -> list[tuple[float | None, ...]]:
    return [
        tuple(
            None if value is None else round(value, 6)
            for value in (
                one.cells, one.members, one.held, one.not_held, one.no_report, one.excused, one.due
            )
        )
        for one in series
    ]  # fmt: skip


def test_without_a_reform_both_structures_tell_the_same(cast: Cast, viewer: Viewer) -> None:
    for unit in (None, cast[PROVINCE], cast[QUAN_MAU], cast[SCHOOL]):
        then, now = (figures(total(viewer, unit, one)) for one in Structure)
        assert then == now
    quan_mau = total(viewer, cast[QUAN_MAU], Structure.THEN)
    assert len(quan_mau) == 48
    assert (quan_mau[-1].cells, quan_mau[-1].members, quan_mau[-1].due) == (3, 27, 3)
    assert (quan_mau[24].held, quan_mau[33].not_held, quan_mau[-1].no_report) == (3, 3, 3)


def test_a_cell_that_moved_brings_its_past_by_the_structure_of_now(
    cast: Cast, viewer: Viewer
) -> None:
    move(cast, NA_MAU, LANG_THU)
    then = total(viewer, cast[LANG_THU], Structure.THEN)
    now = total(viewer, cast[LANG_THU], Structure.NOW)
    assert [one.cells for one in then] == [2.0] * 42 + [3.0] * 6
    assert [one.cells for one in now] == [3.0] * 48
    assert [one.members for one in now] == [27.0] * 48
    assert [one.cells for one in total(viewer, cast[QUAN_MAU], Structure.NOW)] == [2.0] * 48


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: move(cast, NA_MAU, LANG_THU),
        lambda cast: end(cast, NA_MAU, {BAN_THU: 1.0}),
        lambda cast: end(cast, NA_MAU, {BAN_THU: 0.4, DOI_MAU: 0.6}),
        lambda cast: end(cast, NA_MAU, {}),
    ],
    ids=["moved", "merged", "split", "dissolved"],
)
def test_over_the_province_the_structures_agree_every_month(
    cast: Cast, viewer: Viewer, change: Callable[[Cast], None]
) -> None:
    before = figures(total(viewer, None, Structure.THEN))
    change(cast)
    then, now = (figures(total(viewer, cast[PROVINCE], one)) for one in Structure)
    assert then == now
    assert then[:42] == before[:42]
    parts = [
        [
            round(sum(values), 6)
            for values in zip(*[[one.due for one in total(viewer, cast[unit], way)]
                                for unit in (QUAN_MAU, LANG_THU, SCHOOL)], strict=True)
        ]
        for way in Structure
    ]  # fmt: skip
    assert parts[0] == parts[1] == [row[-1] for row in now]


def test_a_split_gives_each_side_its_share_of_the_past(cast: Cast, viewer: Viewer) -> None:
    end(cast, NA_MAU, {BAN_THU: 0.4, DOI_MAU: 0.6})
    here = total(viewer, cast[LANG_THU], Structure.NOW)
    assert [round(one.cells, 6) for one in here] == [2.4] * 42 + [2.0] * 6
    assert [round(one.held, 6) for one in here[24:33]] == [2.4] * 9
    assert [round(one.members or 0, 6) for one in here[:42]] == [21.6] * 42


def test_asked_as_of_a_day_before_the_reform_now_is_the_structure_of_that_day(
    cast: Cast, viewer: Viewer
) -> None:
    end(cast, NA_MAU, {BAN_THU: 1.0})
    eve = DAY - dt.timedelta(days=1)
    stretches = cells_of_series(roots_of(viewer, cast[LANG_THU], eve), Structure.NOW, eve)
    assert {one.unit for one in stretches} == {cast[BAN_THU], cast["Chi bộ thôn Khuổi Thử"]}


def test_the_difference_tells_which_cells_came_from_elsewhere(cast: Cast, viewer: Viewer) -> None:
    end(cast, NA_MAU, {BAN_THU: 1.0})
    roots = roots_of(viewer, cast[LANG_THU], NOW)
    then, now = (cells_of_series(roots, one, NOW) for one in Structure)
    found = difference(then, now, FIRST, LAST)
    assert (found.only_then, found.only_now) == (frozenset(), {cast[NA_MAU]})


def test_by_area_each_cell_counts_in_the_area_it_was_in(cast: Cast, viewer: Viewer) -> None:
    row = UnitVersion.objects.get(unit_id=cast[NA_MAU])
    UnitVersion.objects.filter(pk=row.pk).update(valid=(FIRST, DAY))
    UnitVersion.objects.create(
        unit_id=row.unit_id, valid=(DAY, None), name=row.name, name_fold=row.name_fold,
        name_key=row.name_key, kind=row.kind, sector=row.sector, area="Mẫu Hạ",
        is_organisation=False,
    )  # fmt: skip
    roots = roots_of(viewer, None, NOW)
    then = held_series(cells_of_series(roots, Structure.THEN, NOW, by_area=True), FIRST, LAST)
    now = held_series(cells_of_series(roots, Structure.NOW, NOW, by_area=True), FIRST, LAST)
    assert [one.cells for one in then["Mẫu Hạ"]] == [0.0] * 42 + [1.0] * 6
    assert [one.cells for one in now["Mẫu Hạ"]] == [1.0] * 48


def test_the_number_of_queries_does_not_grow_with_cells_or_months(
    cast: Cast, viewer: Viewer
) -> None:
    end(cast, NA_MAU, {BAN_THU: 1.0})
    counts = set()
    for unit, first in ((cast[QUAN_MAU], LAST), (cast[PROVINCE], FIRST)):
        with CaptureQueriesContext(connection) as queries:
            total(viewer, unit, Structure.NOW, first)
        counts.add(len(queries))
    assert len(counts) == 1
    assert max(counts) <= 8


def test_who_is_in_charge_of_one_cell_gets_the_series_of_that_cell(cast: Cast) -> None:
    user: User = cast.user("phutrach", Role.OVERSEER, NA_MAU)
    overseer = viewer_for(user, on=NOW)
    assert [one.cells for one in total(overseer, None, Structure.NOW)] == [1.0] * 48
    assert [one.due for one in total(overseer, cast[NA_MAU], Structure.THEN)] == [1.0] * 48
    with pytest.raises(NotFound):
        total(overseer, cast[DOI_MAU], Structure.NOW)


def test_a_unit_finds_what_went_into_it(cast: Cast) -> None:
    end(cast, NA_MAU, {BAN_THU: 0.4, DOI_MAU: 0.6})
    (found,) = predecessors_of(cast[BAN_THU], NOW)
    assert (found.unit_id, found.name, found.share) == (cast[NA_MAU], NA_MAU, 0.4)
    assert (found.until, found.document) == (dt.date(2019, 6, 30), "Quyết định số 9-QĐ/TU")
    assert predecessors_of(cast[BAN_THU], DAY - dt.timedelta(days=1)) == []


def test_before_the_first_day_of_the_register_there_is_no_data(cast: Cast) -> None:
    check_in_register(FIRST)
    with pytest.raises(NotFound, match=r"Chưa có dữ liệu cho ngày 31/12/2015: .* 01/01/2016"):
        check_in_register(dt.date(2015, 12, 31))


def test_days_of_reforms_are_those_of_the_units_concerned(cast: Cast) -> None:
    assert reform_days([cast[NA_MAU]], FIRST, NOW) == []
