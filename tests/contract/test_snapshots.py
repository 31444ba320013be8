"""What an assessment rests on, kept as bytes: read back, it says the same."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from tests.pages.strengthening.story import add_cells
from vungmanh.analysis.facts import Inputs, Spans
from vungmanh.analysis.standing import stand
from vungmanh.core.errors import NotNow
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.org.models import Lineage, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.periods import periods_until
from vungmanh.strengthening.rules import fact_rules, probability_rules
from vungmanh.strengthening.snapshots import Snapshot, from_bytes

pytestmark = pytest.mark.django_db

LAST = dt.date(2019, 12, 1)
DAYS = [dt.date(2016, 1, 1), dt.date(2017, 6, 30), dt.date(2019, 12, 31)]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2016, 1, 1), last=LAST)
    for place, cell in enumerate(CELLS[QUAN_MAU]):
        for year in (2017, 2018, 2019):
            cast.hold(cell, year, held=4 + 3 * place, not_held=2)
    return cast


def taken() -> Snapshot:
    data = snapshot(LAST)
    assert data is not None
    return data


def arrays(inputs: Inputs) -> list[np.ndarray[Any, Any]]:
    found: list[np.ndarray[Any, Any]] = []
    for name in Inputs.__dataclass_fields__:
        value = getattr(inputs, name)
        if isinstance(value, Spans):
            found += [value.unit, value.start, value.end, value.count]
        else:
            found.append(np.asarray(value))
    return found


def test_read_back_it_says_the_same(cast: Cast) -> None:
    data = taken()
    again = from_bytes(data.content)
    assert again.units == data.units
    assert all(map(np.array_equal, arrays(again.inputs), arrays(data.inputs)))
    assert [again.homes.on(day).tolist() for day in DAYS] == [
        data.homes.on(day).tolist() for day in DAYS
    ]
    assert [again.names_on(day) for day in DAYS] == [data.names_on(day) for day in DAYS]
    assert again.cell_months.to_pylist() == data.cell_months.to_pylist()
    assert again.rules == data.rules


def test_read_back_and_kept_again_it_is_the_same_to_the_byte(cast: Cast) -> None:
    data = taken()
    assert from_bytes(data.content).content == data.content
    assert taken().content == data.content  # nothing of the clock or of the order of rows


def test_read_back_everybody_stands_where_they_stood(cast: Cast) -> None:
    data = taken()
    again = from_bytes(data.content)
    stood, stands = (
        stand(one.inputs, periods_until(one, LAST, AT.date())) for one in (data, again)
    )
    for before, now in zip(stood, stands, strict=True):
        assert (before.status == now.status).all()
        assert (before.judged.reasons == now.judged.reasons).all()


def test_whatever_enters_the_assessment_changes_the_hash(cast: Cast) -> None:
    cell = cast[CELLS[QUAN_MAU][0]]
    seen = {taken().digest}
    report = {"unit": cell, "month": LAST, "state": "held", "note": ""}
    for said in ({}, {"present": 5, "members": 9}, {"tasks_due": 1, "tasks_on_time": 1}):
        record_reports(reports=[{**report, **said}], source=None, by=None, at=AT)
        seen.add(taken().digest)
    UnitVersion.objects.filter(unit_id=cell).update(area="Vùng khác")
    seen.add(taken().digest)
    Lineage.objects.create(
        predecessor_id=cast[CELLS[QUAN_MAU][1]], successor_id=cell, on=dt.date(2020, 1, 1),
        kind="merge", share=1, document="QĐ 1-QĐ/ĐU",
    )  # fmt: skip
    seen.add(taken().digest)
    assert len(seen) == 6


def test_the_parts_can_be_opened_by_any_program_that_reads_parquet(cast: Cast) -> None:
    import pyarrow.parquet as pq

    with zipfile.ZipFile(io.BytesIO(taken().content)) as archive:
        assert sorted(archive.namelist()) == [
            "about.json", "admissions.parquet", "cell_months.parquet", "lineage.parquet",
            "officials.parquet", "placements.parquet", "secretaries.parquet", "units.parquet",
            "versions.parquet",
        ]  # fmt: skip
        months = pq.read_table(io.BytesIO(archive.read("cell_months.parquet")))
    assert {str(months.schema.field(name).type) for name in ("unit", "state")} == {"string"}
    assert months.num_rows == 48 * len(cast.cells)


def test_the_rules_kept_are_those_of_the_rulebook_month_by_month(cast: Cast) -> None:
    book, rules = load_rulebook(), from_bytes(taken().content).rules
    assert rules.version == book.version
    assert rules.first_month is not None
    for day in DAYS:
        if day >= rules.first_month:
            found = fact_rules(book, day), probability_rules(book, day)
            assert rules.of_month(day.replace(day=1)) == found


def test_before_the_first_rule_there_is_nothing_to_judge_by(cast: Cast) -> None:
    with pytest.raises(NotNow, match="Căn cứ chưa có đủ quy định"):
        taken().rules.of_month(dt.date(1990, 1, 1))


def test_the_number_of_queries_does_not_depend_on_the_size(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as small:
        taken()
    for cell in CELLS[LANG_THU]:
        cast.hold(cell, 2018, held=9)
    add_cells(cast, LANG_THU, ["Chi bộ Một", "Chi bộ Hai"], since=dt.date(2016, 1, 1))
    with CaptureQueriesContext(connection) as large:
        assert len(taken().units) == len(cast.units)
    assert len(large) == len(small) == 14


def test_nothing_due_is_no_snapshot() -> None:
    assert snapshot(LAST) is None
