"""A programme: drafted, put to who approves, approved or sent back.

Who puts a programme to the committee never approves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.text import date_vi, fold
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import (
    MeasureCatalogue,
    ProgrammeGates,
)
from vungmanh.strengthening.actions.choosing_hand import check_committee, document_number
from vungmanh.strengthening.actions.programme_gates import propose_gates
from vungmanh.strengthening.actions.programme_hand import (
    DRAFT,
    held_asked,
    held_draft,
    note,
    saved,
    words_of,
)
from vungmanh.strengthening.actions.target_starts import check_bounds, take_measured_starts
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.models import Programme, ProgrammeTarget
from vungmanh.strengthening.models.programmes import LINE, TEXT, TITLE

MOST_YEARS, FIRST_YEAR, LAST_YEAR = 10, 2010, 2100


@dataclass(frozen=True)
class ProgrammeText:
    """What a programme says. `levels`: kind of committee → organisations it chooses a year."""

    title: str
    first_year: int
    last_year: int
    weaknesses: str
    levels: Mapping[UnitKind, int]
    measures: Sequence[str]


@dataclass(frozen=True)
class TargetText:
    """One target. `indicator` is a code of the figures' catalogue, blank where none measures it."""

    text: str
    aim_value: Decimal
    due_on: dt.date
    indicator: str = ""
    is_rise: bool = True
    base_value: Decimal | None = None
    base_month: dt.date | None = None


@transaction.atomic
def draft_programme(
    *, unit_id: UUID, said: ProgrammeText, by: Viewer, at: dt.datetime
) -> Programme:
    """Begin a programme with the gates that the rulebook proposes.

    Raises NotAllowed, NotFound, InputError naming the field.
    """
    check_can(by, DRAFT)
    beside_register()
    check_committee(by, unit_id, localdate(at))
    made = Programme(unit_id=unit_id, state=ProgrammeState.DRAFT, by=by.user)
    _written(made, said, at)
    made.save()
    propose_gates(made, load_rulebook().on(localdate(at)).of(ProgrammeGates).gates)
    note("programme.drafted", made, by, at)
    return made


@transaction.atomic
def rewrite_programme(
    *, programme_id: UUID, revision: int, said: ProgrammeText, by: Viewer, at: dt.datetime
) -> Programme:
    """Write a draft anew. Raises NotFound, NotNow, Conflict (somebody was faster), InputError."""
    found = held_draft(programme_id, by, at)
    _check_unchanged(found, revision)
    _written(found, said, at)
    saved(found)
    note("programme.rewritten", found, by, at)
    return found


@transaction.atomic
def set_targets(
    *, programme_id: UUID, revision: int, targets: Sequence[TargetText], by: Viewer, at: dt.datetime
) -> list[ProgrammeTarget]:
    """The targets of a draft, in order, in the place of those before.

    Raises NotFound, NotNow, Conflict (somebody was faster), InputError with the number of the line.
    """
    found = held_draft(programme_id, by, at)
    _check_unchanged(found, revision)
    known = set(figures_by_code())
    made = []
    for number, said in enumerate(targets, start=1):
        text = words_of(said.text, f"targets[{number}].text", LINE, least=5)
        if said.indicator and said.indicator not in known:
            raise InputError(
                f"Chỉ tiêu {number}: không có số liệu “{said.indicator}” trong danh mục.",
                field=f"targets[{number}].indicator", code="unknown-figure",
            )  # fmt: skip
        if not found.first_year <= said.due_on.year <= found.last_year:
            raise InputError(
                f"Chỉ tiêu {number}: hạn phải trong các năm của đề án.",
                field=f"targets[{number}].due_on", code="bad-day",
            )  # fmt: skip
        check_bounds(said, number)
        made.append(
            ProgrammeTarget(
                programme=found, number=number, text=text, indicator=said.indicator,
                is_rise=said.is_rise, base_value=said.base_value, base_month=said.base_month,
                aim_value=said.aim_value, due_on=said.due_on,
            )
        )  # fmt: skip
    replaced = take_measured_starts(found, made, by, localdate(at))
    found.targets.all().delete()
    ProgrammeTarget.objects.bulk_create(made)
    saved(found)
    note("programme.targets_set", found, by, at, {"targets": len(made), "replaced": replaced})
    return made


@transaction.atomic
def submit_programme(*, programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    """Put a draft to who approves. Raises NotFound, NotNow (also without a target or a
    weakness; a gate outside its years)."""
    found = held_draft(programme_id, by, at)
    if not found.targets.exists():
        raise NotNow("Đề án chưa có chỉ tiêu nào; ghi ít nhất một chỉ tiêu rồi trình.")
    if not found.weaknesses.strip():
        raise NotNow(
            "Đề án chưa ghi hạn chế phải nói thẳng; mở “Sửa bản thảo”, ghi rồi trình.",
            code="no-weaknesses",
        )
    years = Q(due_on__year__lt=found.first_year) | Q(due_on__year__gt=found.last_year)
    stray = found.gates.filter(years).first()
    if stray is not None:
        raise NotNow(
            f"Mốc ngày {date_vi(stray.due_on)} nằm ngoài các năm của đề án; sửa mốc hoặc sửa năm "
            "rồi trình.",
            code="gate-outside",
        )
    found.state, found.submitted_by, found.submitted_at = ProgrammeState.SUBMITTED, by.user, at
    found.submitted_on_behalf = by.on_behalf_of
    saved(found)
    note("programme.submitted", found, by, at)
    return found


@transaction.atomic
def approve_programme(
    *, programme_id: UUID, number: str, decided_on: dt.date, by: Viewer, at: dt.datetime
) -> Programme:
    """Approve, by another than who put it forward.

    Raises NotFound, NotAllowed, NotNow, InputError.
    """
    found = held_asked(programme_id, by, at)
    if decided_on > localdate(at):
        raise InputError(
            "Ngày quyết định không được sau hôm nay.", field="decided_on", code="bad-day"
        )
    found.number, found.decided_on = document_number(number), decided_on
    found.title_fold = fold(f"{found.number} {found.title}")
    found.state, found.approved_by, found.approved_at = ProgrammeState.RUNNING, by.user, at
    saved(found)
    note("programme.approved", found, by, at, {"number": found.number})
    return found


@transaction.atomic
def return_programme(*, programme_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Programme:
    """Send it back to be mended. Raises NotFound, NotAllowed, NotNow, InputError (`reason`)."""
    found = held_asked(programme_id, by, at)
    said = words_of(reason, "reason", LINE, least=10)
    found.state = ProgrammeState.DRAFT
    saved(found)
    note("programme.returned", found, by, at, personal={"reason": said})
    return found


# --- what they share ----------------------------------------------------------------------------


def _check_unchanged(found: Programme, revision: int) -> None:
    """Raise Conflict where somebody else has written since it was read."""
    if found.revision != revision:
        raise Conflict("Đề án vừa được người khác sửa. Mở lại trang để xem bản mới.")


def _written(found: Programme, said: ProgrammeText, at: dt.datetime) -> None:
    """Take over what was said, field by field."""
    found.title = words_of(said.title, "title", TITLE, least=10)
    found.title_fold = fold(f"{found.number} {found.title}")
    found.weaknesses = words_of(said.weaknesses, "weaknesses", TEXT, least=0)
    years = said.first_year, said.last_year
    if not FIRST_YEAR <= years[0] <= years[1] <= LAST_YEAR or years[1] - years[0] >= MOST_YEARS:
        raise InputError(
            f"Năm đầu và năm cuối phải theo thứ tự, cách nhau không quá {MOST_YEARS} năm.",
            field="last_year", code="bad-year",
        )  # fmt: skip
    found.first_year, found.last_year = years
    if any(count < 0 for count in said.levels.values()):
        raise InputError("Số nơi chọn phải từ 0 trở lên.", field="levels", code="bad-number")
    found.levels = [
        {"kind": kind.value, "a_year": count} for kind, count in said.levels.items() if count
    ]
    known = {one.code for one in load_rulebook().on(localdate(at)).of(MeasureCatalogue).measures}
    unknown = sorted(set(said.measures) - known)
    if unknown:
        raise InputError(
            f"Không có biện pháp “{unknown[0]}” trong danh mục.", field="measures",
            code="unknown-measure",
        )  # fmt: skip
    found.measures = list(dict.fromkeys(said.measures))
