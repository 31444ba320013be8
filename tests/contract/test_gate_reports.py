"""Reporting at a gate, and deciding together with opening the files."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL
from tests.support_story import LATER, TODAY, Support
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import FileState, ProgrammeState, SelectionState
from vungmanh.core.vocabulary import Role, Structure
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions import gate_reports
from vungmanh.strengthening.actions.choosing import run_selection, submit_selection
from vungmanh.strengthening.actions.deciding_selection import decide_and_open
from vungmanh.strengthening.actions.gate_reports import file_gate_report
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models import Choice, GateReport, ProgrammeGate, SupportFile
from vungmanh.strengthening.programme_figures import targets_now

pytestmark = pytest.mark.django_db
TEXT = "Đã chọn một nơi, cử người phụ trách từng chi bộ."
DECEMBER = dt.date(2018, 12, 1)


@pytest.fixture
def gate(story: Support) -> ProgrammeGate:
    return ProgrammeGate.objects.create(
        programme=story.programme, kind="yearly", due_on=TODAY, asks="Nơi đã chọn.",
        levels=["dang_bo_xa"],
    )  # fmt: skip


def office(story: Support, unit: str = QUAN_MAU) -> Viewer:
    return story.who(Role.COMMITTEE_OFFICE, unit)


def submitted(story: Support) -> object:
    made = run_selection(
        programme_id=story.programme.pk, unit_id=story.unit(PROVINCE), year=2026, month=DECEMBER,
        asked=Asked(3), by=story.desk, at=AT,
    )  # fmt: skip
    submit_selection(selection_id=made.pk, by=story.desk, at=AT)
    return made.pk


# --- deciding -------------------------------------------------------------------------------------


def test_a_decision_opens_the_file_of_every_chosen_unit(story: Support) -> None:
    made = decide_and_open(
        selection_id=submitted(story), number="12-QĐ/TU", decided_on=TODAY, by=story.board, at=AT
    )  # type: ignore[arg-type]
    file = SupportFile.objects.get()
    assert (file.unit_id, file.state) == (story.unit(QUAN_MAU), FileState.CHOSEN)
    assert file.choice == made.choices.get()


def test_where_a_file_cannot_be_opened_nothing_is_decided(story: Support) -> None:
    pk = submitted(story)
    other = decide_and_open(
        selection_id=pk, number="12-QĐ/TU", decided_on=TODAY, by=story.board, at=AT
    )  # type: ignore[arg-type]
    Choice.objects.update(year=2025)
    type(other).objects.update(year=2025)
    again = run_selection(
        programme_id=story.programme.pk, unit_id=story.unit(PROVINCE), year=2026, month=DECEMBER,
        asked=Asked(3), by=story.desk, at=LATER,
    )  # fmt: skip
    assert again.result["chosen"] == []  # being helped already
    type(other).objects.filter(pk=again.pk).update(
        result={**again.result, "chosen": [str(story.unit(QUAN_MAU))]}
    )
    submit_selection(selection_id=again.pk, by=story.desk, at=LATER)
    with pytest.raises(Conflict) as refused:
        decide_and_open(
            selection_id=again.pk, number="13-QĐ/TU", decided_on=LATER.date(), by=story.board,
            at=LATER,
        )  # fmt: skip
    assert refused.value.code == "being-helped"
    assert QUAN_MAU in refused.value.message
    again.refresh_from_db()
    assert (again.state, again.choices.count()) == (SelectionState.SUBMITTED, 0)


# --- gates ----------------------------------------------------------------------------------------


def test_a_commune_reports_and_its_figures_are_kept(
    story: Support, gate: ProgrammeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = office(story)
    made = file_gate_report(
        gate_id=gate.pk, unit_id=story.unit(QUAN_MAU), text=TEXT, by=mine, at=AT
    )
    assert (made.figures["month"], made.figures["chosen"]) == ("2026-10", 0)
    (now,) = reads.gates_now(story.desk, story.programme, TODAY)
    assert (now.due, now.reported, now.late, now.missing) == (2, 1, 0, 0)
    (later,) = reads.gates_now(story.desk, story.programme, TODAY + dt.timedelta(days=1))
    assert later.missing == 1
    monkeypatch.setattr(gate_reports, "report_before", lambda *_: None)  # two sessions at once
    with pytest.raises(Conflict, match="vừa gửi báo cáo"):
        file_gate_report(gate_id=gate.pk, unit_id=story.unit(QUAN_MAU), text=TEXT, by=mine, at=AT)


def test_a_report_after_the_day_is_late_and_says_so(story: Support, gate: ProgrammeGate) -> None:
    after = AT + dt.timedelta(days=3)
    file_gate_report(
        gate_id=gate.pk, unit_id=story.unit(QUAN_MAU), text=TEXT, by=office(story), at=after
    )
    (now,) = reads.gates_now(story.desk, story.programme, after.date())
    assert (now.reported, now.late) == (1, 1)
    assert Event.objects.get(verb="programme.reported").data["late"] is True


def test_a_second_report_needs_a_reason_and_keeps_the_first_in_the_ledger(
    story: Support, gate: ProgrammeGate
) -> None:
    said = {"gate_id": gate.pk, "unit_id": story.unit(QUAN_MAU), "by": office(story)}
    file_gate_report(**said, text=TEXT, at=AT)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="bằng lời"):
        file_gate_report(**said, text=TEXT + " Sửa.", at=LATER)  # type: ignore[arg-type]
    file_gate_report(**said, text=TEXT + " Sửa.", reason="Bổ sung nơi vừa chọn.", at=LATER)  # type: ignore[arg-type]
    assert GateReport.objects.get().text == TEXT + " Sửa."
    assert Event.objects.filter(verb="programme.reported").last().personal["before"] == TEXT  # type: ignore[union-attr]


def test_who_is_not_asked_cannot_report(story: Support, gate: ProgrammeGate) -> None:
    commune = office(story)
    with pytest.raises(NotAllowed, match="không yêu cầu cấp"):
        file_gate_report(
            gate_id=gate.pk, unit_id=story.unit(PROVINCE), text=TEXT, by=story.desk, at=AT
        )
    with pytest.raises(NotAllowed, match="chính cấp ủy này"):
        file_gate_report(
            gate_id=gate.pk, unit_id=story.unit(QUAN_MAU), text=TEXT, by=story.desk, at=AT
        )
    with pytest.raises(NotFound):
        file_gate_report(
            gate_id=gate.pk, unit_id=story.unit(LANG_THU), text=TEXT, by=commune, at=AT
        )
    with pytest.raises(NotFound):
        file_gate_report(gate_id=10**9, unit_id=story.unit(QUAN_MAU), text=TEXT, by=commune, at=AT)


def test_what_cannot_be_meant_and_a_draft_are_refused(story: Support, gate: ProgrammeGate) -> None:
    said = {"gate_id": gate.pk, "unit_id": story.unit(QUAN_MAU), "by": office(story), "at": AT}
    with pytest.raises(InputError, match="từ 20"):
        file_gate_report(**said, text="ngắn")  # type: ignore[arg-type]
    with pytest.raises(InputError) as refused:
        file_gate_report(**said, text=TEXT, document="x" * 201)  # type: ignore[arg-type]
    assert refused.value.field == "document"
    story.programme.state = ProgrammeState.SUBMITTED
    story.programme.save()
    with pytest.raises(NotNow, match="chờ duyệt"):
        file_gate_report(**said, text=TEXT)  # type: ignore[arg-type]


# --- reads ----------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_committee_and_a_running_one_below(story: Support) -> None:
    below = office(story)
    assert reads.programme_visible(below, story.programme.pk) == story.programme
    story.programme.state = ProgrammeState.DRAFT
    story.programme.save()
    assert reads.programmes_visible(story.desk).get() == story.programme
    with pytest.raises(NotFound):
        reads.programme_visible(below, story.programme.pk)
    assert not reads.programmes_visible(None).exists()


def test_how_many_were_chosen_is_told_by_year_and_level(story: Support) -> None:
    story.programme.levels = [{"kind": "dang_bo_tinh", "a_year": 3}]
    story.programme.save()
    decide_and_open(
        selection_id=submitted(story), number="12-QĐ/TU", decided_on=TODAY, by=story.board, at=AT
    )  # type: ignore[arg-type]
    (one,) = reads.chosen_by_level(story.desk, story.programme)
    assert (one.year, one.committees, one.chosen, one.withdrawn, one.planned) == (2026, 1, 1, 0, 3)
    assert reads.chosen_by_level(office(story), story.programme) == []
    assert reads.files_by_state(story.desk, story.programme) == [(FileState.CHOSEN, 1)]


def test_a_target_is_measured_where_cells_add_up_and_unknown_elsewhere(story: Support) -> None:
    due = dt.date(2030, 12, 31)
    for number, code, aim, rise in (
        (1, "hop-du-ky", 50, True), (2, "hop-du-ky", 95, True), (3, "xac-suat-yeu", 1, False),
        (4, "", 1, True), (5, "chi-bo-khong-dat", 2, False), (6, "dang-vien-chinh-thuc", 1, True),
    ):  # fmt: skip
        story.programme.targets.create(
            number=number, text="Thử", indicator=code, aim_value=aim, is_rise=rise, due_on=due,
            base_value=40 if number == 1 else None,
        )  # fmt: skip
    found = targets_now(
        story.programme, story.unit(PROVINCE), Structure.THEN, by=story.desk, period=DECEMBER,
        as_of=dt.date(2018, 12, 31),
    )  # fmt: skip
    first, second, third, fourth, fifth, sixth = found
    # Quan Mẫu's three cells and Láng Thử's two hold 4 of 12, the school 12: 32 of 72.
    assert first.measured is not None
    assert (first.measured.part, first.measured.whole) == (32, 72)
    assert [one.is_reached for one in (first, second, third, fourth)] == [False, False, None, None]
    assert first.way == pytest.approx(100 * (3200 / 72 - 40) / 10)
    assert fifth.measured is not None
    assert fifth.measured.value == 5
    assert (sixth.measured and sixth.measured.value, second.way) == (54, None)


def test_a_commune_measures_its_own_only(story: Support) -> None:
    story.programme.targets.create(
        number=1, text="Họp", indicator="hop-du-ky", aim_value=100, due_on=dt.date(2030, 1, 1)
    )
    (one,) = targets_now(
        story.programme, None, Structure.NOW, by=office(story, SCHOOL), period=DECEMBER,
        as_of=dt.date(2018, 12, 31),
    )  # fmt: skip
    assert one.measured is not None
    assert (one.measured.part, one.measured.whole, one.is_reached) == (12, 12, True)


def test_reading_the_gates_costs_the_same_for_many_committees(
    story: Support, gate: ProgrammeGate, django_assert_num_queries: object
) -> None:
    for viewer in (office(story), story.desk):
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert reads.gates_now(viewer, story.programme, TODAY)
