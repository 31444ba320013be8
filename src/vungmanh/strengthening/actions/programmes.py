"""A programme: drafted, put to who approves, running, summed up; and what each level reports.

Who puts a programme to the committee never approves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.text import fold, nfc
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import (
    GatePoint,
    MeasureCatalogue,
    ProgrammeGates,
)
from vungmanh.strengthening.actions.choosing_hand import check_committee, document_number
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.models import Programme, ProgrammeGate, ProgrammeTarget
from vungmanh.strengthening.models.programmes import LINE, TEXT, TITLE

DRAFT = "strengthening.programme.draft"
APPROVE = "strengthening.programme.approve"
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
    for point in load_rulebook().on(localdate(at)).of(ProgrammeGates).gates:
        for day in _days(point, made):
            ProgrammeGate.objects.create(
                programme=made, kind=point.kind, due_on=day, asks=point.asks,
                levels=[kind.value for kind in point.levels],
            )  # fmt: skip
    _note("programme.drafted", made, by, at)
    return made


@transaction.atomic
def rewrite_programme(
    *, programme_id: UUID, revision: int, said: ProgrammeText, by: Viewer, at: dt.datetime
) -> Programme:
    """Write a draft anew. Raises NotFound, NotNow, Conflict (somebody was faster), InputError."""
    found = _draft(programme_id, by, at)
    if found.revision != revision:
        raise Conflict("Đề án vừa được người khác sửa. Mở lại trang để xem bản mới.")
    _written(found, said, at)
    _saved(found)
    _note("programme.rewritten", found, by, at)
    return found


@transaction.atomic
def set_targets(
    *, programme_id: UUID, targets: Sequence[TargetText], by: Viewer, at: dt.datetime
) -> list[ProgrammeTarget]:
    """The targets of a draft, in order. Raises InputError with the number of the line."""
    found = _draft(programme_id, by, at)
    known = set(figures_by_code())
    made = []
    for number, said in enumerate(targets, start=1):
        text = _text(said.text, f"targets[{number}].text", LINE, least=5)
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
        made.append(
            ProgrammeTarget(
                programme=found, number=number, text=text, indicator=said.indicator,
                is_rise=said.is_rise, base_value=said.base_value, base_month=said.base_month,
                aim_value=said.aim_value, due_on=said.due_on,
            )
        )  # fmt: skip
    found.targets.all().delete()
    ProgrammeTarget.objects.bulk_create(made)
    _saved(found)
    _note("programme.targets_set", found, by, at, {"targets": len(made)})
    return made


@transaction.atomic
def submit_programme(*, programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    """Put a draft to who approves. Raises NotFound, NotNow (also without a target)."""
    found = _draft(programme_id, by, at)
    if not found.targets.exists():
        raise NotNow("Đề án chưa có chỉ tiêu nào; ghi ít nhất một chỉ tiêu rồi trình.")
    found.state, found.submitted_by, found.submitted_at = ProgrammeState.SUBMITTED, by.user, at
    _saved(found)
    _note("programme.submitted", found, by, at)
    return found


@transaction.atomic
def approve_programme(
    *, programme_id: UUID, number: str, decided_on: dt.date, by: Viewer, at: dt.datetime
) -> Programme:
    """Approve, by another than who put it forward.

    Raises NotFound, NotAllowed, NotNow, InputError.
    """
    found = _asked(programme_id, by, at)
    if decided_on > localdate(at):
        raise InputError(
            "Ngày quyết định không được sau hôm nay.", field="decided_on", code="bad-day"
        )
    found.number, found.decided_on = document_number(number), decided_on
    found.title_fold = fold(f"{found.number} {found.title}")
    found.state, found.approved_by, found.approved_at = ProgrammeState.RUNNING, by.user, at
    _saved(found)
    _note("programme.approved", found, by, at, {"number": found.number})
    return found


@transaction.atomic
def return_programme(*, programme_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Programme:
    """Send it back to be mended. Raises NotFound, NotAllowed, NotNow, InputError (`reason`)."""
    found = _asked(programme_id, by, at)
    said = _text(reason, "reason", LINE, least=10)
    found.state = ProgrammeState.DRAFT
    _saved(found)
    _note("programme.returned", found, by, at, personal={"reason": said})
    return found


@transaction.atomic
def close_programme(
    *, programme_id: UUID, closed_on: dt.date, by: Viewer, at: dt.datetime
) -> Programme:
    """Sum up a running programme: nobody is chosen any more; files go on to their end.

    Raises NotFound, NotNow, InputError (a day outside its years, or to come).
    """
    check_can(by, APPROVE)
    found = _held(programme_id, by, at)
    _check_state(found, ProgrammeState.RUNNING)
    if not found.first_year <= closed_on.year or closed_on > localdate(at):
        raise InputError(
            "Ngày tổng kết phải từ năm đầu của đề án đến hôm nay.", field="closed_on",
            code="bad-day",
        )  # fmt: skip
    found.state, found.closed_on = ProgrammeState.CLOSED, closed_on
    _saved(found)
    _note("programme.closed", found, by, at)
    return found


# --- what they share ----------------------------------------------------------------------------


def _held(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    beside_register()
    found = Programme.objects.select_for_update().filter(pk=programme_id).first()
    if found is None:
        raise NotFound("Không tìm thấy đề án này.")
    check_committee(by, found.unit_id, localdate(at))
    return found


def _draft(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    check_can(by, DRAFT)
    found = _held(programme_id, by, at)
    _check_state(found, ProgrammeState.DRAFT)
    return found


def _asked(programme_id: UUID, by: Viewer, at: dt.datetime) -> Programme:
    check_can(by, APPROVE)
    found = _held(programme_id, by, at)
    _check_state(found, ProgrammeState.SUBMITTED)
    lender = by.on_behalf_of
    if found.submitted_by_id in {by.user.pk, lender.pk if lender else by.user.pk}:
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã trình đề án này nên không duyệt; nhờ "
            "đồng chí khác.",
            code="asked-it",
        )
    return found


def _check_state(found: Programme, state: ProgrammeState) -> None:
    if found.state != state:
        now = ProgrammeState(found.state).label.lower()
        raise NotNow(f"Đề án {now}; không làm được việc này lúc này.", code="programme-state")


def _written(found: Programme, said: ProgrammeText, at: dt.datetime) -> None:
    """Take over what was said, field by field."""
    found.title = _text(said.title, "title", TITLE, least=10)
    found.title_fold = fold(f"{found.number} {found.title}")
    found.weaknesses = _text(said.weaknesses, "weaknesses", TEXT, least=0)
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


def _text(text: str, field: str, longest: int, *, least: int) -> str:
    said = nfc(text).strip()
    if not least <= len(said) <= longest:
        raise InputError(f"Ghi từ {least} đến {longest} chữ.", field=field, code="bad-text")
    return said


def _days(point: GatePoint, programme: Programme) -> list[dt.date]:
    """The days of a gate within the years of a programme; a yearly one has many."""
    years = range(programme.first_year, programme.last_year + 1)
    if point.year == -1:
        chosen = [years[-1]]
    elif point.year == 0:
        chosen = list(years)
    else:
        chosen = list(years[point.year - 1 : point.year])
    return [dt.date(year, point.month, point.day) for year in chosen]


def _saved(found: Programme) -> None:
    found.revision += 1
    found.save()


def _note(
    verb: str, found: Programme, by: Viewer, at: dt.datetime,
    data: Mapping[str, Any] | None = None, *, personal: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    record(
        verb, by=by.user, at=at, subject=f"programme:{found.pk}",
        data={"unit": str(found.unit_id), **(data or {})}, personal=dict(personal or {}),
    )  # fmt: skip
