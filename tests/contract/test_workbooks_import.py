"""Files dropped on the database: preview, write, undo, scope, and what must never happen."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import MeetingReport, Obligation
from vungmanh.outputs.imports.actions.commit import commit_import, discard_import, undo_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.imports.describe import change_words, report_words
from vungmanh.outputs.imports.queries import file_sections, summary_of
from vungmanh.outputs.models import BatchState, ImportBatch, ImportLine, LineState
from vungmanh.outputs.workbooks.write import SheetRow, write_blank_workbook, write_filled_workbook
from vungmanh.outputs.workbooks.write_rollup import write_rollup_workbook

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 11, 1)
LATER = AT + dt.timedelta(hours=1)
NA_MAU, DOI_MAU, AN_MAU = CELLS[QUAN_MAU]
BAN_THU, KHUOI_THU = CELLS[LANG_THU]
HELD = {
    "state": "held", "held_on": dt.date(2019, 11, 5), "members": 9, "present": 8, "excused": 1,
    "unexcused": 0, "exempt": 0, "duration_minutes": 95, "score": 92.5, "note": "",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1), last=dt.date(2019, 10, 1))


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())


@pytest.fixture
def office(cast: Cast) -> Viewer:
    return viewer_for(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU), on=AT.date())


def addressed(cast: Cast, answers: dict[str, dict], *, month: dt.date = MONTH) -> bytes:
    target = io.BytesIO()
    rows = [SheetRow(str(cast[name]), name, "", values) for name, values in answers.items()]
    write_filled_workbook(target, QUAN_MAU, month, rows)
    return target.getvalue()


def rollup(answers: dict[str, dict], *, committee: str = QUAN_MAU, month: dt.date = MONTH) -> bytes:
    target = io.BytesIO()
    rows = [SheetRow("", name, "", values) for name, values in answers.items()]
    write_rollup_workbook(target, committee, month, rows)
    return target.getvalue()


def prepare(viewer: Viewer, *files: bytes, at: dt.datetime = AT) -> ImportBatch:
    dropped = [
        DroppedFile(f"tệp {number}.xlsx", lambda data=data: data)
        for number, data in enumerate(files, start=1)
    ]
    return prepare_import(files=dropped, by=viewer, at=at)


def states(batch: ImportBatch) -> dict[str, str]:
    return {line.label: line.state for line in batch.lines.all()}


def reasons(batch: ImportBatch) -> list[str]:
    return [line.reason for line in batch.lines.filter(state=LineState.REFUSED).order_by("id")]


def test_preview_writes_no_report_and_commit_writes_them_all(cast: Cast, analyst: Viewer) -> None:
    file = addressed(
        cast, {NA_MAU: HELD, DOI_MAU: {"state": "not_held", "note": "mưa lũ"}, AN_MAU: {}}
    )
    batch = prepare(analyst, file)
    assert states(batch) == {NA_MAU: "new", DOI_MAU: "new", AN_MAU: "same"}
    assert not MeetingReport.objects.exists()
    assert commit_import(batch_id=batch.pk, by=analyst, at=LATER) == 2
    report = MeetingReport.objects.get(unit_id=cast[NA_MAU])
    assert (report.state, report.month, report.held_on) == ("held", MONTH, dt.date(2019, 11, 5))
    assert (report.members, report.present, report.duration_minutes) == (9, 8, 95)
    assert (float(report.score), report.source, report.filed_on) == (92.5, batch.pk, LATER.date())
    missed = MeetingReport.objects.get(unit_id=cast[DOI_MAU])
    assert (missed.state, missed.held_on, missed.note) == ("not_held", None, "mưa lũ")


def test_a_blank_row_is_no_report_and_never_not_held(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD, AN_MAU: {}}))
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert summary_of(batch).blank == 1
    assert not MeetingReport.objects.filter(unit_id=cast[AN_MAU]).exists()


def test_a_blank_row_does_not_erase_what_was_reported(cast: Cast, analyst: Viewer) -> None:
    first = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    commit_import(batch_id=first.pk, by=analyst, at=AT)
    second = prepare(analyst, addressed(cast, {NA_MAU: {}}), at=LATER)
    assert states(second) == {NA_MAU: "same"}
    assert commit_import(batch_id=second.pk, by=analyst, at=LATER) == 0
    assert MeetingReport.objects.get().state == "held"


def test_the_same_file_twice_changes_nothing_and_says_so(cast: Cast, analyst: Viewer) -> None:
    file = addressed(cast, {NA_MAU: HELD, DOI_MAU: {"state": "not_held"}})
    first = prepare(analyst, file)
    commit_import(batch_id=first.pk, by=analyst, at=AT)
    stood = list(MeetingReport.objects.order_by("id").values())
    second = prepare(analyst, file, at=LATER)
    assert set(states(second).values()) == {"same"}
    assert file_sections(second)[0].written_before == AT
    assert commit_import(batch_id=second.pk, by=analyst, at=LATER) == 0
    assert list(MeetingReport.objects.order_by("id").values()) == stood


def test_the_next_month_comes_with_its_obligations(cast: Cast, analyst: Viewer) -> None:
    assert not Obligation.objects.filter(month=MONTH).exists()
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert Obligation.objects.filter(month=MONTH).count() == len(cast.cells)


def test_the_months_skipped_by_an_import_were_due_all_the_same(cast: Cast, analyst: Viewer) -> None:
    """The ledger ends with 10/2019; an import of 2/2020 must not make November silent as if
    nothing had been due."""
    february = dt.date(2020, 2, 1)
    said = {"state": "not_held"}
    batch = prepare(analyst, addressed(cast, {NA_MAU: said}, month=february))
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    due = Obligation.objects.filter(
        unit_id=cast[DOI_MAU], kind="regular", month__gt=dt.date(2019, 10, 1)
    )
    assert list(due.order_by("month").values_list("month", flat=True)) == [
        dt.date(2019, 11, 1), dt.date(2019, 12, 1), dt.date(2020, 1, 1), february,
    ]  # fmt: skip
    undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert Obligation.objects.filter(month=february).count() == len(cast.cells)


def test_a_month_before_the_ledger_is_refused_with_the_first_one(
    cast: Cast, analyst: Viewer
) -> None:
    said = {"state": "not_held"}
    batch = prepare(analyst, addressed(cast, {NA_MAU: said}, month=dt.date(2018, 12, 1)))
    assert reasons(batch) == [
        "Sổ bắt đầu từ tháng 1/2019 nên không nhận tháng 12/2018. "
        "Xem lại tháng ghi ở đầu bảng hoặc cột Tháng."
    ]


def test_an_empty_ledger_begins_with_the_first_import_and_not_before(
    cast: Cast, analyst: Viewer
) -> None:
    Obligation.objects.all().delete()
    said = {"state": "not_held"}
    months = (dt.date(2019, 3, 1), dt.date(2019, 2, 1), dt.date(2010, 1, 1))
    march, february, far = (
        prepare(analyst, addressed(cast, {NA_MAU: said}, month=month)) for month in months
    )
    assert "Sổ bắt đầu từ tháng 2/2011" in reasons(far)[0]
    assert commit_import(batch_id=march.pk, by=analyst, at=LATER) == 1
    with pytest.raises(NotNow) as refused:
        commit_import(batch_id=february.pk, by=analyst, at=LATER)
    assert refused.value.code == "before-ledger"
    assert set(Obligation.objects.values_list("month", flat=True)) == {months[0]}


def test_a_month_far_ahead_is_refused(cast: Cast, analyst: Viewer) -> None:
    month = dt.date(2027, 3, 1)
    batch = prepare(analyst, addressed(cast, {NA_MAU: {"state": "not_held"}}, month=month))
    assert reasons(batch) == [
        "Tháng 3/2027 chưa đến kỳ báo cáo. Xem lại tháng ghi ở đầu bảng hoặc cột Tháng."
    ]


def test_a_change_shows_both_and_undo_puts_back_what_stood(cast: Cast, analyst: Viewer) -> None:
    first = prepare(analyst, addressed(cast, {NA_MAU: HELD, DOI_MAU: HELD}))
    commit_import(batch_id=first.pk, by=analyst, at=AT)
    stood = MeetingReport.objects.filter(unit_id=cast[NA_MAU]).values().get()
    second = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, "present": 7}, AN_MAU: HELD}))
    assert states(second) == {NA_MAU: "changed", AN_MAU: "new"}
    line = second.lines.get(label=NA_MAU)
    assert (line.before["present"], line.after["present"]) == (8, 7)
    commit_import(batch_id=second.pk, by=analyst, at=LATER)
    undone = undo_import(batch_id=second.pk, by=analyst, at=LATER)
    assert (undone.restored, undone.kept) == (2, 0)
    again = MeetingReport.objects.filter(unit_id=cast[NA_MAU]).values().get()
    ignored = {"recorded_at"}
    assert {k: v for k, v in again.items() if k not in ignored} == {
        k: v for k, v in stood.items() if k not in ignored
    }
    assert not MeetingReport.objects.filter(unit_id=cast[AN_MAU]).exists()


def test_undo_leaves_what_somebody_changed_since_and_names_it(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD, DOI_MAU: HELD}))
    commit_import(batch_id=batch.pk, by=analyst, at=AT)
    later = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, "present": 6}}), at=LATER)
    commit_import(batch_id=later.pk, by=analyst, at=LATER)
    undone = undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert (undone.restored, undone.kept) == (1, 1)
    assert MeetingReport.objects.get(unit_id=cast[NA_MAU]).present == 6
    assert "giữ nguyên" in batch.lines.get(label=NA_MAU).reason
    assert not MeetingReport.objects.filter(unit_id=cast[DOI_MAU]).exists()


def test_commit_refuses_when_somebody_was_faster(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD, DOI_MAU: HELD}))
    record_reports(
        reports=[{"unit": cast[NA_MAU], "month": MONTH, "state": "not_held"}],
        source=None,
        by=None,
        at=AT,
    )
    with pytest.raises(Conflict) as refused:
        commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert refused.value.code == "import-stale"
    assert not MeetingReport.objects.filter(unit_id=cast[DOI_MAU]).exists()


def test_a_batch_is_written_once_and_undone_once(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    with pytest.raises(NotNow):
        undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    with pytest.raises(NotNow):
        commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    with pytest.raises(NotNow):
        undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert ImportBatch.objects.get().state == BatchState.UNDONE


def test_a_preview_can_be_thrown_away(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    discard_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert not ImportBatch.objects.exists()
    assert not ImportLine.objects.exists()


def test_an_office_imports_only_for_its_own_units(cast: Cast, office: Viewer) -> None:
    """A neighbour's cell is answered like one that does not exist, by id and by name."""
    batch = prepare(
        office,
        addressed(cast, {NA_MAU: HELD, BAN_THU: HELD}),
        rollup({KHUOI_THU: HELD, "Chi bộ Không Có": HELD}),
    )
    assert states(batch)[NA_MAU] == "new"
    assert reasons(batch) == [
        f"Không tìm thấy “{name}” trong phạm vi của đồng chí ở tháng này. (ô {cell})"
        for name, cell in ((BAN_THU, "D8"), (KHUOI_THU, "B8"), ("Chi bộ Không Có", "B9"))
    ]


def test_a_neighbours_workbook_is_not_read_as_ones_own(cast: Cast, office: Viewer) -> None:
    """Its cells may bear the same names; the heading says whose they are."""
    batch = prepare(office, rollup({NA_MAU: HELD}, committee=LANG_THU))
    assert states(batch) == {NA_MAU: "refused"}


def test_a_cell_under_another_committee_than_the_heading_says_is_refused(
    cast: Cast, analyst: Viewer
) -> None:
    batch = prepare(analyst, rollup({BAN_THU: HELD}, committee=QUAN_MAU))
    assert reasons(batch) == [
        f"“{BAN_THU}” thuộc {LANG_THU}, không thuộc nơi ghi ở đầu bảng. Chuyển dòng này sang bảng "
        "của nơi đó, hoặc sửa tên. (ô B8)"
    ]


@pytest.mark.parametrize("role", [Role.OVERSEER, Role.CELL_SECRETARY, Role.ADMINISTRATOR])
def test_other_roles_may_not_import(cast: Cast, role: Role) -> None:
    viewer = viewer_for(cast.user("nguoi-khac", role), on=AT.date())
    with pytest.raises(NotAllowed):
        prepare(viewer, addressed(cast, {NA_MAU: HELD}))


def test_a_broken_file_is_refused_whole_and_does_not_stop_the_others(
    cast: Cast, analyst: Viewer
) -> None:
    good = addressed(cast, {NA_MAU: HELD})
    batch = prepare(analyst, good[:2000], good, "không phải bảng".encode())
    refused = [section.file.refusal for section in file_sections(batch)]
    assert refused[0].startswith("Tệp bị hỏng")
    assert refused[1] == ""
    assert refused[2].startswith("Đây không phải bảng tính")
    assert commit_import(batch_id=batch.pk, by=analyst, at=LATER) == 1


def test_one_refused_row_does_not_hold_back_the_others(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD, DOI_MAU: {**HELD, "present": 12}}))
    assert states(batch) == {NA_MAU: "new", DOI_MAU: "refused"}
    assert reasons(batch) == [
        "Ô J8: Có mặt 12 người, nhiều hơn số đảng viên (9). Sửa một trong hai số."
    ]
    assert commit_import(batch_id=batch.pk, by=analyst, at=LATER) == 1


def test_two_different_rows_for_one_cell_and_month_are_both_refused(
    cast: Cast, analyst: Viewer
) -> None:
    batch = prepare(
        analyst,
        addressed(cast, {NA_MAU: HELD}),
        addressed(cast, {NA_MAU: {**HELD, "present": 5}}),
    )
    assert set(states(batch).values()) == {"refused"}
    assert "ô D7 (tệp 1.xlsx); ô D7 (tệp 2.xlsx)" in reasons(batch)[0]


def test_the_same_row_in_two_files_is_written_once(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}), rollup({DOI_MAU: HELD}))
    again = prepare(analyst, addressed(cast, {NA_MAU: HELD}), addressed(cast, {NA_MAU: HELD}))
    assert summary_of(again).writes == 1
    assert commit_import(batch_id=again.pk, by=analyst, at=LATER) == 1
    assert batch.pk != again.pk


def test_the_rollup_keeps_what_its_columns_do_not_say(cast: Cast, analyst: Viewer) -> None:
    """The practice layout has no attendance: what a fuller report said of it stays."""
    commit_import(batch_id=prepare(analyst, addressed(cast, {NA_MAU: HELD})).pk, by=analyst, at=AT)
    batch = prepare(analyst, rollup({NA_MAU: {**HELD, "score": 80}}))
    assert states(batch) == {NA_MAU: "changed"}
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    report = MeetingReport.objects.get()
    assert (report.present, report.duration_minutes, float(report.score)) == (8, 95, 80.0)


def test_turning_held_into_not_held_clears_the_meeting(cast: Cast, analyst: Viewer) -> None:
    commit_import(
        batch_id=prepare(analyst, addressed(cast, {NA_MAU: {**HELD, "note": "tốt"}})).pk,
        by=analyst,
        at=AT,
    )
    batch = prepare(analyst, addressed(cast, {NA_MAU: {"state": "not_held"}}))
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    report = MeetingReport.objects.get()
    assert (report.state, report.held_on, report.present, report.score) == (
        "not_held", None, None, None,
    )  # fmt: skip
    assert (report.members, report.note) == (9, "")


def test_present_above_the_members_known_from_before_is_refused(
    cast: Cast, analyst: Viewer
) -> None:
    commit_import(
        batch_id=prepare(analyst, rollup({NA_MAU: {**HELD, "members": 9}})).pk, by=analyst, at=AT
    )
    only_present = {"state": "held", "held_on": HELD["held_on"], "present": 11}
    batch = prepare(analyst, addressed(cast, {NA_MAU: only_present}))
    assert states(batch) == {NA_MAU: "refused"}


TASKS = {"tasks_due": 4, "tasks_on_time": 3}


def test_tasks_of_a_month_are_written_changed_and_put_back(cast: Cast, analyst: Viewer) -> None:
    def stands() -> tuple[int | None, int | None]:
        report = MeetingReport.objects.get()
        return report.tasks_due, report.tasks_on_time

    first = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, **TASKS}}))
    commit_import(batch_id=first.pk, by=analyst, at=AT)
    assert stands() == (4, 3)
    second = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, "tasks_on_time": 4}}), at=LATER)
    commit_import(batch_id=second.pk, by=analyst, at=LATER)
    assert stands() == (4, 4)
    [line] = second.lines.all()
    assert change_words(line.before, line.after) == ["việc xong đúng hạn 3 thành 4"]
    assert report_words(line.after).endswith("xong đúng hạn 4/4 việc")
    undo_import(batch_id=second.pk, by=analyst, at=LATER)
    assert stands() == (4, 3)


def test_a_month_not_held_still_has_tasks(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: {"state": "not_held", **TASKS}}))
    commit_import(batch_id=batch.pk, by=analyst, at=AT)
    report = MeetingReport.objects.get()
    assert (report.state, report.tasks_due, report.tasks_on_time) == ("not_held", 4, 3)


def test_more_tasks_in_time_than_due_are_refused_with_the_cell_and_the_way_out(
    cast: Cast, analyst: Viewer
) -> None:
    too_many = {**HELD, "tasks_due": 3, "tasks_on_time": 5}
    batch = prepare(analyst, addressed(cast, {NA_MAU: too_many, DOI_MAU: HELD}))
    assert states(batch) == {NA_MAU: "refused", DOI_MAU: "new"}
    assert reasons(batch) == [
        "Ô T7: Xong đúng hạn 5 việc, nhiều hơn số việc đến hạn (3). Sửa một trong hai số."
    ]


@pytest.mark.parametrize("before", [{}, {"tasks_due": 2, "tasks_on_time": 1}])
def test_tasks_in_time_above_those_known_to_be_due_are_refused(
    cast: Cast, analyst: Viewer, before: dict
) -> None:
    stood = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, **before}}))
    commit_import(batch_id=stood.pk, by=analyst, at=AT)
    batch = prepare(analyst, addressed(cast, {NA_MAU: {**HELD, "tasks_on_time": 3}}), at=LATER)
    assert states(batch) == {NA_MAU: "refused"}
    assert "Ghi số việc đến hạn" in reasons(batch)[0]


def test_an_import_read_before_the_columns_existed_can_still_be_written_and_undone(
    cast: Cast, analyst: Viewer
) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    for line in batch.lines.all():
        line.after = {k: v for k, v in line.after.items() if not k.startswith("tasks")}
        line.save()
    assert commit_import(batch_id=batch.pk, by=analyst, at=AT) == 1
    undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    assert not MeetingReport.objects.exists()


def test_every_step_leaves_its_event(cast: Cast, analyst: Viewer) -> None:
    batch = prepare(analyst, addressed(cast, {NA_MAU: HELD}))
    commit_import(batch_id=batch.pk, by=analyst, at=LATER)
    undo_import(batch_id=batch.pk, by=analyst, at=LATER)
    verbs = list(Event.objects.filter(subject=f"import:{batch.pk}").values_list("verb", flat=True))
    assert verbs == ["import.prepared", "import.committed", "import.undone"]


def test_days_are_those_of_the_user_not_of_greenwich(cast: Cast, analyst: Viewer) -> None:
    """Half past six on 1/12 in Vietnam is still 30/11 in Greenwich."""
    morning = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
    december = dt.date(2026, 12, 1)
    said = {"state": "not_held"}
    batch = prepare(analyst, addressed(cast, {NA_MAU: said}, month=december), at=morning)
    assert states(batch) == {NA_MAU: "new"}
    commit_import(batch_id=batch.pk, by=analyst, at=morning)
    assert MeetingReport.objects.get().filed_on == december


def test_what_a_database_cannot_store_never_stops_the_drop(cast: Cast, analyst: Viewer) -> None:
    """NUL in names and a note, half a character in the name of the file."""
    said = f"STT,Chi bộ,Ngày họp,Ghi chú\n1,{NA_MAU}\0,05/11/2019,a\0b\n2,Chi\0 bộ lạ,,\n"
    text = f"Tháng 11/2019\n\n{said}".encode()
    file = DroppedFile("tệp\0 một\udcff.csv", lambda: text)
    batch = prepare_import(files=[file], by=analyst, at=AT)
    assert batch.files.get().name == "tệp một.csv"
    assert states(batch) == {NA_MAU: "new", "Chi bộ lạ": "refused"}
    assert commit_import(batch_id=batch.pk, by=analyst, at=LATER) == 1
    assert MeetingReport.objects.get().note == "ab"


def test_no_file_and_too_many_files_are_said_plainly(cast: Cast, analyst: Viewer) -> None:
    with pytest.raises(InputError):
        prepare(analyst)
    with pytest.raises(InputError):
        prepare(analyst, *[b"x"] * 201)


def test_a_school_cell_directly_below_the_province_is_found_by_its_name(
    cast: Cast, analyst: Viewer
) -> None:
    batch = prepare(analyst, rollup({"CB trường thử": HELD}, committee=PROVINCE))
    assert batch.lines.get().unit_id == cast[SCHOOL]


def test_a_blank_template_reads_back_as_nothing_reported(cast: Cast, analyst: Viewer) -> None:
    target = io.BytesIO()
    rows = [SheetRow(str(cast[name]), name) for name in cast.cells]
    write_blank_workbook(target, PROVINCE, [dt.date(2019, 10, 1), MONTH], rows)
    batch = prepare(analyst, target.getvalue())
    assert (summary_of(batch).blank, summary_of(batch).lines) == (12, 12)
