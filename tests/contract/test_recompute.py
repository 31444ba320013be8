"""A run is to the byte what the inputs it kept give; whatever was touched since is named."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import io
import zipfile

import pytest
from django.db import connection

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access import wall
from vungmanh.access.models import Event
from vungmanh.access.viewer import viewer_for
from vungmanh.config.commands.check import results_can_be_recomputed
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import UnitVersion
from vungmanh.strengthening.actions.assess import assess_months, withdraw_assessments
from vungmanh.strengthening.models import Assessment, AssessmentRun, InputSnapshot
from vungmanh.strengthening.recompute import recompute

pytestmark = pytest.mark.django_db

MONTHS = [dt.date(2017, 12, 1), dt.date(2018, 12, 1)]
LATER = AT + dt.timedelta(days=40)


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    """Three years with something of everything: weak cells, silence, attendance, tasks."""
    cast = make_cast(first=dt.date(2016, 1, 1), last=dt.date(2018, 12, 1))
    weak, fair, good = CELLS[QUAN_MAU]
    for year in (2016, 2017, 2018):
        cast.hold(weak, year, held=5, not_held=4)
        cast.hold(fair, year, held=9, not_held=2)
    record_reports(
        reports=[
            {
                "unit": cast[cell], "month": dt.date(year, month, 1), "state": "held",
                "held_on": dt.date(year, month, 3), "filed_on": dt.date(year, month, 20 + place),
                "members": 9, "exempt": 1, "present": 5 + (month + place) % 4,
                "tasks_due": month % 3, "tasks_on_time": month % 2 and month % 3,
                "longest_carried": month % 5, "admitted": 0, "note": "",
            }
            for place, cell in enumerate((good, *CELLS[LANG_THU]))
            for year in (2016, 2017, 2018) for month in range(1, 13)
        ],
        source=None, by=None, at=AT,
    )  # fmt: skip
    assess_months(months=MONTHS, by=None, at=AT)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


def run(month: dt.date = MONTHS[-1]) -> AssessmentRun:
    return AssessmentRun.objects.get(month=month)


def test_every_run_is_to_the_byte_what_its_inputs_give(cast: Cast) -> None:
    for month in MONTHS:
        found = recompute(run(month))
        assert found.differences == ()
        assert (found.is_equal, found.inputs_hold, found.result_holds) == (True, True, True)
        assert found.same_code
    assert run().rows.exclude(reasons=[]).exists()  # there was something to get wrong


def test_what_happened_since_changes_nothing(cast: Cast) -> None:
    MeetingReport.objects.all().delete()
    UnitVersion.objects.filter(unit_id=cast[QUAN_MAU]).update(name="Tên khác")
    assert recompute(run()).is_equal


def test_recomputing_asks_for_the_run_alone(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    one = AssessmentRun.objects.select_related("snapshot").get(month=MONTHS[-1])
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert recompute(one).is_equal


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "normal"),
        ("held", 11),
        ("reasons", []),
        ("cell_position", 99),
        ("area", "Khác"),
        ("estimate", 99.5),
        ("statistics", {}),
    ],
)
def test_a_falsified_figure_is_found_and_named(cast: Cast, column: str, value: object) -> None:
    cell = cast[CELLS[QUAN_MAU][0]]
    before = run().rows.get(unit_id=cell)
    Assessment.objects.filter(pk=before.pk).update(**{column: value})
    found = recompute(run())
    assert (found.is_equal, found.result_holds, found.differing) == (False, True, 1)
    [difference] = found.differences
    assert (difference.unit, difference.column) == (str(cell), column)
    assert (difference.name, difference.stored) == (CELLS[QUAN_MAU][0], value)
    assert difference.recomputed == getattr(before, column)


def test_a_reference_moved_afterwards_is_found(cast: Cast) -> None:
    """Another reference would let a unit look better or worse than it was found at the time."""
    moved = {**run().references, "cells": {"village": 80.0}}
    AssessmentRun.objects.filter(month=MONTHS[-1]).update(references=moved)
    found = recompute(run())
    assert (found.is_equal, found.result_holds) == (False, False)
    assert "probability" in {difference.column for difference in found.differences}


def test_a_row_taken_away_or_put_in_is_found(cast: Cast) -> None:
    gone = run().rows.get(unit_id=cast[CELLS[QUAN_MAU][0]])
    gone.delete()
    found = recompute(run())
    assert (found.is_equal, found.differing) == (False, 1)
    assert {one.stored for one in found.differences} == {None}
    Assessment.objects.filter(run=run(), unit_id=cast[CELLS[QUAN_MAU][1]]).update(
        unit_id=gone.unit_id
    )
    assert recompute(run()).differing == 2


def test_touched_inputs_are_found_before_anything_is_computed_from_them(cast: Cast) -> None:
    kept = InputSnapshot.objects.get()
    InputSnapshot.objects.update(content=bytes(kept.content)[:-1] + b"x")
    found = recompute(run())
    assert (found.is_equal, found.inputs_hold, found.differing) == (False, False, 0)


def test_inputs_exchanged_together_with_their_hash_do_not_give_the_results(cast: Cast) -> None:
    """Whoever forges the inputs and their hash must forge the event of the run as well."""
    MeetingReport.objects.filter(unit_id=cast[CELLS[QUAN_MAU][0]]).delete()
    noted = run()
    assess_months(months=[MONTHS[0]], by=None, at=AT)
    forged = run(MONTHS[0]).snapshot
    assert forged is not None
    AssessmentRun.objects.filter(pk=noted.pk).update(snapshot=forged, input_hash=forged.digest)
    found = recompute(run())
    assert (found.is_equal, found.inputs_hold, found.result_holds) == (False, True, False)
    events = Event.objects.filter(subject=f"assessment:{noted.month:%Y-%m}", verb="assessment.made")
    assert events.latest("id").data["input"] == noted.input_hash != forged.digest


def test_another_version_of_the_program_says_so(cast: Cast) -> None:
    AssessmentRun.objects.update(code_version="0.0.9")
    assert recompute(run()).same_code is False


def test_a_run_from_before_snapshots_were_kept_says_what_to_do(cast: Cast) -> None:
    AssessmentRun.objects.update(snapshot=None)
    with pytest.raises(NotNow, match="vungmanh assess --month 2018-12"):
        recompute(run())


def test_runs_of_equal_inputs_share_one_snapshot_and_the_last_takes_it_along(cast: Cast) -> None:
    assert run(MONTHS[0]).snapshot_id == run(MONTHS[1]).snapshot_id
    kept = InputSnapshot.objects.get()
    assert (kept.digest, kept.size) == (run().input_hash, len(kept.content))
    assert hashlib.sha256(bytes(kept.content)).hexdigest() == kept.digest
    withdraw_assessments(months=[MONTHS[0]], by=None, at=LATER)
    assert InputSnapshot.objects.count() == 1
    withdraw_assessments(months=[MONTHS[1]], by=None, at=LATER)
    assert not InputSnapshot.objects.exists()


def test_an_assessment_made_anew_keeps_the_new_inputs_and_lets_the_old_ones_go(cast: Cast) -> None:
    old = run().input_hash
    cast.hold(CELLS[QUAN_MAU][2], 2018, held=3)
    assess_months(months=MONTHS, by=None, at=LATER)
    kept = InputSnapshot.objects.get()
    assert kept.digest == run().input_hash != old
    assert recompute(run()).is_equal


def test_only_whoever_sees_the_whole_register_reads_what_names_every_unit(cast: Cast) -> None:
    seen = {}
    for role, unit in ((Role.PROVINCIAL_ANALYST, None), (Role.COMMITTEE_OFFICE, QUAN_MAU)):
        user = cast.user(role.value, role, *([unit] if unit else []))
        with wall.behind(viewer_for(user, on=AT.date()), dt.date(2019, 1, 31), since=wall.EVER):
            seen[role] = InputSnapshot.objects.count()
    assert seen == {Role.PROVINCIAL_ANALYST: 1, Role.COMMITTEE_OFFICE: 0}


def test_a_snapshot_is_kept_under_a_hash_only(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM strengthening_inputsnapshot")
        (content,) = cursor.fetchone()
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        assert archive.testzip() is None


# --- vungmanh check --recompute -----------------------------------------------------------------


def test_the_command_finds_nothing_where_nothing_was_touched(cast: Cast) -> None:
    assert results_can_be_recomputed([]) == []
    assert results_can_be_recomputed([MONTHS[0]]) == []


def test_the_command_names_month_unit_column_and_both_figures(cast: Cast) -> None:
    Assessment.objects.filter(run=run(), unit_id=cast[CELLS[QUAN_MAU][0]]).update(held=11)
    assert results_can_be_recomputed([MONTHS[0]]) == []
    [sentence] = results_can_be_recomputed([])
    assert sentence == (
        "Tháng 12/2018: kết quả của 1 đơn vị không như tính lại từ số liệu đã giữ; trước hết là "
        "Chi bộ thôn Nà Mẫu, cột held: đang lưu 11, tính lại ra 5. Tìm xem ai đã sửa, rồi tính lại "
        "bằng vungmanh assess --month 2018-12."
    )


def test_the_command_says_when_another_version_may_explain_it(cast: Cast) -> None:
    AssessmentRun.objects.filter(month=MONTHS[1]).update(code_version="0.0.9", result_hash="0" * 64)
    [sentence] = results_can_be_recomputed([])
    assert "mã kiểm của kết quả không khớp" in sentence
    assert "Lần ấy do bản 0.0.9 tính" in sentence


def test_the_command_says_what_it_cannot_compare(cast: Cast) -> None:
    AssessmentRun.objects.filter(month=MONTHS[0]).update(snapshot=None)
    InputSnapshot.objects.update(content=b"x")
    sentences = results_can_be_recomputed([dt.date(2015, 5, 1), *MONTHS])
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "Chưa nhận diện tháng 5/2015",
        "Lần tính tháng 12/2017 có từ trước khi bản chụp số liệu được giữ lại, nên không so lại "
        "được. Hãy tính lại",
        "Tháng 12/2018",
    ]
