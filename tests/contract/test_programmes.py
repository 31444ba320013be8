"""A programme from draft to summing up; nobody approves what they put forward."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import AT, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.vocabulary import Role, UnitKind
from vungmanh.strengthening.actions.programme_endings import (
    close_programme,
    delete_draft,
    reopen_programme,
)
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    draft_programme,
    return_programme,
    rewrite_programme,
    set_targets,
    submit_programme,
)
from vungmanh.strengthening.models import Programme

pytestmark = pytest.mark.django_db
TODAY = AT.date()
SAID = ProgrammeText(
    title="Nâng cao chất lượng tổ chức cơ sở đảng",
    first_year=2026,
    last_year=2030,
    weaknesses="Nhiều chi bộ thôn không họp đủ kỳ; có nơi chỉ 5, 6 kỳ một năm.",
    levels={UnitKind.DANG_BO_TINH: 3, UnitKind.DANG_BO_XA: 1},
    measures=["attach_overseer", "rotate_secretary"],
)
TARGET = TargetText(
    text="Họp đủ kỳ ở mọi chi bộ", aim_value=Decimal(100), due_on=dt.date(2030, 12, 31),
    indicator="hop-du-ky",
)  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def who(cast: Cast, role: Role, unit: str = PROVINCE) -> Viewer:
    return viewer_for(cast.user(f"{role.value}.{cast[unit].hex}", role, unit), on=TODAY)


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return who(cast, Role.PROVINCIAL_ANALYST)


@pytest.fixture
def board(cast: Cast) -> Viewer:
    return who(cast, Role.STANDING_COMMITTEE)


def drafted(cast: Cast, analyst: Viewer) -> Programme:
    made = draft_programme(unit_id=cast[PROVINCE], said=SAID, by=analyst, at=AT)
    set_targets(programme_id=made.pk, revision=made.revision, targets=[TARGET], by=analyst, at=AT)
    made.refresh_from_db()
    return made


def test_a_draft_begins_with_the_gates_of_the_rulebook(cast: Cast, analyst: Viewer) -> None:
    made = drafted(cast, analyst)
    days = [(gate.kind, gate.due_on.year) for gate in made.gates.all()]
    assert days[0] == (GateKind.LAUNCH, 2026)
    assert [year for kind, year in days if kind == GateKind.YEARLY] == [
        2026,
        2027,
        2028,
        2029,
        2030,
    ]
    assert (GateKind.MID_TERM, 2028) in days
    assert days[-1] == (GateKind.FINAL, 2030), "after the last yearly review"
    assert not [gate for gate in made.gates.all() if "dang_bo_huyen" in gate.levels]
    for last, half in ((2026, (2026, 6)), (2028, (2027, 6)), (2029, (2027, 12))):
        short = draft_programme(
            unit_id=cast[PROVINCE], said=replace(SAID, last_year=last), by=analyst, at=AT
        )
        day = short.gates.get(kind=GateKind.MID_TERM).due_on
        assert (day.year, day.month) == half


def test_a_programme_is_approved_by_another_and_runs(
    cast: Cast, analyst: Viewer, board: Viewer
) -> None:
    made = drafted(cast, analyst)
    submit_programme(programme_id=made.pk, by=analyst, at=AT)
    with pytest.raises(NotAllowed):
        approve_programme(
            programme_id=made.pk, number="453-QĐ/TU", decided_on=TODAY, by=analyst, at=AT
        )
    found = approve_programme(
        programme_id=made.pk, number="453-QĐ/TU", decided_on=TODAY, by=board, at=AT
    )
    assert (found.state, found.number) == (ProgrammeState.RUNNING, "453-QĐ/TU")
    verbs = Event.objects.filter(subject=f"programme:{made.pk}").values_list("verb", flat=True)
    assert list(verbs) == [
        "programme.drafted", "programme.targets_set", "programme.submitted", "programme.approved",
    ]  # fmt: skip
    this: dict[str, Any] = {"programme_id": made.pk, "by": board, "at": AT}
    with pytest.raises(NotNow, match="còn việc chưa xong"):  # its final gate is in 2030
        close_programme(closed_on=TODAY, **this)
    closed = close_programme(closed_on=TODAY, reason="Gộp vào đề án mới của tỉnh.", **this)
    assert closed.state == ProgrammeState.CLOSED
    told = Event.objects.get(verb="programme.closed")
    assert told.personal["reason"] == "Gộp vào đề án mới của tỉnh."
    with pytest.raises(InputError, match="Ghi từ 10 đến 300 ký tự"):
        reopen_programme(reason="Nhầm", **this)
    assert reopen_programme(reason="Tổng kết nhầm ngày.", **this).state == ProgrammeState.RUNNING


def test_the_same_person_in_two_roles_does_not_approve(
    cast: Cast, analyst: Viewer, board: Viewer
) -> None:
    made = drafted(cast, analyst)
    submit_programme(programme_id=made.pk, by=analyst, at=AT)
    Programme.objects.update(submitted_by=board.user)
    with pytest.raises(NotAllowed, match="đã trình đề án này"):
        return_programme(programme_id=made.pk, reason="Ghi rõ hơn nguyên nhân.", by=board, at=AT)


def test_a_returned_programme_is_mended_and_put_forward_again(
    cast: Cast, analyst: Viewer, board: Viewer
) -> None:
    made = drafted(cast, analyst)
    submit_programme(programme_id=made.pk, by=analyst, at=AT)
    back = return_programme(programme_id=made.pk, reason="Ghi rõ hơn nguyên nhân.", by=board, at=AT)
    assert back.state == ProgrammeState.DRAFT
    with pytest.raises(Conflict, match="người khác sửa"):
        rewrite_programme(programme_id=made.pk, revision=1, said=SAID, by=analyst, at=AT)
    again = rewrite_programme(
        programme_id=made.pk, revision=back.revision, said=replace(SAID, last_year=2028),
        by=analyst, at=AT,
    )  # fmt: skip
    assert again.last_year == 2028


def test_what_cannot_be_meant_is_refused_by_field(cast: Cast, analyst: Viewer) -> None:
    for said, field in (
        (replace(SAID, title="ngắn"), "title"),
        (replace(SAID, last_year=2025), "last_year"),
        (replace(SAID, last_year=2040), "last_year"),
        (replace(SAID, levels={UnitKind.DANG_BO_XA: -1}), "levels"),
        (replace(SAID, measures=["than-duoc"]), "measures"),
    ):
        with pytest.raises(InputError) as refused:
            draft_programme(unit_id=cast[PROVINCE], said=said, by=analyst, at=AT)
        assert refused.value.field == field
    assert not Programme.objects.exists()


def test_a_target_outside_the_catalogue_or_the_years_is_refused(
    cast: Cast, analyst: Viewer
) -> None:
    made = drafted(cast, analyst)
    for bad, field in (
        (replace(TARGET, indicator="khong-co"), "targets[2].indicator"),
        (replace(TARGET, due_on=dt.date(2031, 1, 1)), "targets[2].due_on"),
        (replace(TARGET, text=""), "targets[2].text"),
    ):
        with pytest.raises(InputError) as refused:
            set_targets(
                programme_id=made.pk,
                revision=made.revision,
                targets=[TARGET, bad],
                by=analyst,
                at=AT,
            )
        assert refused.value.field == field
    assert made.targets.count() == 1


def test_a_programme_without_a_target_is_not_put_forward(cast: Cast, analyst: Viewer) -> None:
    made = draft_programme(unit_id=cast[PROVINCE], said=SAID, by=analyst, at=AT)
    this: dict[str, Any] = {"programme_id": made.pk, "by": analyst, "at": AT}
    with pytest.raises(NotNow, match="chưa có chỉ tiêu"):
        submit_programme(**this)
    wrong = replace(TARGET, aim_value=Decimal(980))
    with pytest.raises(InputError, match="từ 0 đến 100"):
        set_targets(targets=[wrong], revision=made.revision, **this)
    set_targets(targets=[TARGET], revision=made.revision, **this)
    Programme.objects.update(weaknesses="")
    with pytest.raises(NotNow, match="chưa ghi hạn chế"):
        submit_programme(**this)
    delete_draft(reason="Lập trùng với đề án khác.", **this)
    assert not Programme.objects.exists()
    assert Event.objects.get(verb="programme.deleted").data["title"] == SAID.title


def test_another_committee_neither_drafts_nor_writes_it(cast: Cast, analyst: Viewer) -> None:
    made = drafted(cast, analyst)
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotFound):
        submit_programme(programme_id=made.pk, by=office, at=AT)
    with pytest.raises(NotAllowed, match="chính cấp ủy này"):
        draft_programme(unit_id=cast[QUAN_MAU], said=SAID, by=analyst, at=AT)
