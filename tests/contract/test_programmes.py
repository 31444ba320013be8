"""A programme from draft to summing up; nobody approves what they put forward."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.cast import AT, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.vocabulary import Role, UnitKind
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    close_programme,
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
    assert days.count((GateKind.FINAL, 2030)) == 1


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
    closed = close_programme(programme_id=made.pk, closed_on=TODAY, by=board, at=AT)
    assert closed.state == ProgrammeState.CLOSED


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
    with pytest.raises(NotNow, match="chưa có chỉ tiêu"):
        submit_programme(programme_id=made.pk, by=analyst, at=AT)


def test_another_committee_neither_drafts_nor_writes_it(cast: Cast, analyst: Viewer) -> None:
    made = drafted(cast, analyst)
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotFound):
        submit_programme(programme_id=made.pk, by=office, at=AT)
    with pytest.raises(NotAllowed, match="chính cấp ủy này"):
        draft_programme(unit_id=cast[QUAN_MAU], said=SAID, by=analyst, at=AT)
