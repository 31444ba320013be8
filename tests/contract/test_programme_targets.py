"""The gates of a draft, what targets of a whole are measured by, and what is told by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.programme_words import GateKind
from vungmanh.core.vocabulary import ReportState, Role, Structure, UnitKind
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import Inspection, InspectionMonth
from vungmanh.strengthening.actions.programme_gates import GateText, set_gates
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    draft_programme,
    rewrite_programme,
    set_targets,
    submit_programme,
)
from vungmanh.strengthening.actions.target_values import tell_target
from vungmanh.strengthening.models import Programme, TargetValue
from vungmanh.strengthening.programme_figures import GIVEN, measured, targets_now

pytestmark = pytest.mark.django_db
TODAY = AT.date()
SAID = ProgrammeText(
    "Nâng cao chất lượng tổ chức cơ sở đảng", 2026, 2030, "Nhiều nơi không họp đủ kỳ.", {}, []
)
GATE = GateText(
    GateKind.YEARLY, dt.date(2027, 11, 20), (UnitKind.DANG_BO_XA,), "Nơi đã chọn, việc đã làm."
)
FREE = TargetText("Cấp ủy viên dự đủ số lần", Decimal(90), dt.date(2030, 12, 31))
DECEMBER = dt.date(2019, 12, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def who(cast: Cast, role: Role, unit: str = PROVINCE) -> Viewer:
    return viewer_for(cast.user(f"{role.value}.{cast[unit].hex}", role, unit), on=TODAY)


def test_the_gates_of_a_draft_are_written_anew_until_it_is_approved(cast: Cast) -> None:
    desk, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    made = draft_programme(unit_id=cast[PROVINCE], said=SAID, by=desk, at=AT)
    this: dict[str, Any] = {"programme_id": made.pk, "by": desk, "at": AT}
    other = replace(GATE, kind=GateKind.FINAL, due_on=dt.date(2030, 9, 1))
    for bad, field in (
        (replace(GATE, due_on=dt.date(2031, 1, 1)), "gates[2].due_on"),
        (other, "gates[2].due_on"),
        (replace(GATE, levels=()), "gates[2].levels"),
        (replace(GATE, levels=(UnitKind.CHI_BO,)), "gates[2].levels"),
        (replace(GATE, asks="ngắn"), "gates[2].asks"),
    ):
        with pytest.raises(InputError) as refused:
            set_gates(gates=[other, bad], **this)
        assert refused.value.field == field
    assert made.gates.count() == 8  # those of the template still
    set_gates(gates=[GATE, other], **this)
    assert [(one.kind, one.due_on, one.levels) for one in made.gates.all()] == [
        ("yearly", GATE.due_on, ["dang_bo_xa"]), ("final", other.due_on, ["dang_bo_xa"]),
    ]  # fmt: skip
    made.refresh_from_db()
    set_targets(targets=[FREE], revision=made.revision, **this)
    with pytest.raises(Conflict, match="người khác sửa"):  # a second desk that read it before
        set_targets(targets=[], revision=made.revision, **this)
    assert made.targets.count() == 1
    made.refresh_from_db()
    short = replace(SAID, last_year=2029)
    rewrite_programme(said=short, revision=made.revision, **this)
    with pytest.raises(NotNow, match="Mốc ngày 01/09/2030 nằm ngoài các năm"):
        submit_programme(**this)
    set_gates(gates=[GATE], **this)
    with pytest.raises(NotFound):
        set_gates(gates=[], programme_id=made.pk, by=who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU),
                  at=AT)  # fmt: skip
    Programme.objects.get(pk=made.pk).targets.update(due_on=dt.date(2029, 12, 31))
    submit_programme(**this)
    with pytest.raises(NotNow, match="nhờ thường vụ cấp ủy trả lại"):
        set_gates(gates=[GATE], **this)
    approve_programme(
        programme_id=made.pk, number="453-QĐ/TU", decided_on=TODAY, by=board, at=AT
    )  # fmt: skip
    with pytest.raises(NotNow, match="lập đề án khác thay"):
        set_gates(gates=[GATE], **this)
    assert Event.objects.filter(verb="programme.gates_set").count() == 2


def test_what_reports_say_together_is_measured_for_a_set_of_units(cast: Cast) -> None:
    desk = who(cast, Role.PROVINCIAL_ANALYST)
    one, two = CELLS[QUAN_MAU][0], CELLS[LANG_THU][0]
    lines: list[dict[str, Any]] = [
        {"unit": cast[one], "month": dt.date(2019, 1, 1), "members": 10, "exempt": 2, "present": 6,
         "tasks_due": 4, "tasks_on_time": 1, "filed_on": dt.date(2019, 12, 2)},
        {"unit": cast[one], "month": dt.date(2019, 2, 1), "members": 10, "present": None,
         "tasks_due": 2, "tasks_on_time": None, "filed_on": dt.date(2019, 3, 1)},
        {"unit": cast[two], "month": dt.date(2019, 1, 1), "members": 8, "present": 8,
         "tasks_due": 0, "tasks_on_time": 0, "filed_on": dt.date(2019, 2, 1)},
        {"unit": cast[two], "month": dt.date(2019, 11, 1), "filed_on": dt.date(2019, 12, 5)},
    ]  # fmt: skip
    record_reports(
        reports=[{"state": ReportState.HELD, "note": "", **line} for line in lines], source=None,
        by=None, at=AT,
    )  # fmt: skip
    seen = Inspection.objects.create(
        unit_id=cast[two], by_unit_id=cast[PROVINCE], kind="inspect", body="Ủy ban Kiểm tra",
        on=dt.date(2019, 12, 20), first_month=dt.date(2019, 1, 1), last_month=DECEMBER,
        document="3-QĐ/UBKT", state="recorded",
    )  # fmt: skip
    for month, verdict in ((1, "held"), (11, "not_held")):
        InspectionMonth.objects.create(
            inspection=seen, unit_id=cast[two], kind="regular", month=dt.date(2019, month, 1),
            reported="held", verified=verdict, stands=True, basis="Sổ biên bản",
        )  # fmt: skip

    def told(unit: str, structure: Structure = Structure.THEN) -> dict[str, tuple[float, Any]]:
        found = measured(
            GIVEN, cast[unit], structure, by=desk, period=DECEMBER, as_of=dt.date(2019, 12, 31)
        )
        return {code: (each.part, each.whole) for code, each in found.items()}

    whole = told(PROVINCE)
    assert whole["du-hop"] == (14, 16)  # 6 of 8 who had to be there, and 8 of 8
    assert whole["viec-dung-han"] == (1, 4)  # a month that tells both only
    assert whole["nop-thang-12"] == (1, 3)  # November may well be filed in December
    assert whole["he-so-xac-minh"] == (1, 2)
    assert whole["ket-nap"] == (6, None)  # one of each cell in May
    assert told(PROVINCE, Structure.NOW) == whole  # nothing was rearranged
    assert told(QUAN_MAU)["du-hop"] == (6, 8)
    assert "he-so-xac-minh" not in told(QUAN_MAU)


def test_what_nobody_may_sum_up_is_told_by_hand_with_its_source_and_day(cast: Cast) -> None:
    desk, board = who(cast, Role.PROVINCIAL_ANALYST), who(cast, Role.STANDING_COMMITTEE)
    made = draft_programme(unit_id=cast[PROVINCE], said=SAID, by=desk, at=AT)
    held = replace(FREE, indicator="hop-du-ky")
    set_targets(programme_id=made.pk, revision=made.revision, targets=[FREE, held], by=desk, at=AT)
    free, by_machine = made.targets.all()
    said: dict[str, Any] = {
        "programme_id": made.pk, "target_id": free.pk, "value": Decimal("71.5"),
        "on": dt.date(2026, 10, 1), "source": "Báo cáo 31-BC/VPTU", "by": desk, "at": AT,
    }  # fmt: skip
    with pytest.raises(NotNow, match="không làm được việc này lúc này"):
        tell_target(**said)
    submit_programme(programme_id=made.pk, by=desk, at=AT)
    approve_programme(programme_id=made.pk, number="453", decided_on=TODAY, by=board, at=AT)
    for bad, field in (
        ({"on": TODAY + dt.timedelta(days=1)}, "on"),
        ({"on": dt.date(2024, 12, 31)}, "on"),
        ({"source": "x"}, "source"),
        ({"value": Decimal(10) ** 9}, "value"),
    ):
        with pytest.raises(InputError) as refused:
            tell_target(**said | bad)
        assert refused.value.field == field
    with pytest.raises(NotNow, match="máy đo từ bản ghi") as by_the_records:
        tell_target(**said | {"target_id": by_machine.pk})
    assert by_the_records.value.code == "measured"
    with pytest.raises(NotFound):
        tell_target(**said | {"target_id": 0})
    tell_target(**said)
    tell_target(**said | {"value": Decimal(92), "on": TODAY})
    kept = tell_target(**said | {"value": Decimal(93), "on": TODAY, "source": "Đính chính 32-BC"})
    asked: dict[str, Any] = {"by": desk, "period": dt.date(2026, 10, 1)}
    now, _held = targets_now(made, cast[PROVINCE], Structure.THEN, as_of=TODAY, **asked)
    assert (now.told, now.value, now.is_reached, now.is_by_hand) == (kept, 93, True, True)
    before, _held = targets_now(
        made, cast[PROVINCE], Structure.THEN, as_of=dt.date(2026, 10, 31), **asked
    )
    assert (before.value, before.is_reached) == (71.5, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetValue.objects.filter(pk=kept.pk).update(value=99)
