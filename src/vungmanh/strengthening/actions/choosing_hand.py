"""What every act on a selection does alike: find and lock it, ask who and when, keep the word."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import month_label, months_between
from vungmanh.core.programme_words import ProgrammeState, SelectionState
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Reach, UnitKind
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models import AssessmentRun, Programme, Selection
from vungmanh.strengthening.models.selections import REASON
from vungmanh.strengthening.persons import is_one_of

RUN = "strengthening.selection.run"
DECIDE = "strengthening.selection.decide"
MOST_PLACES = 500
LONGEST_NUMBER = 60
SHORTEST = 10  # letters of a reason
OLDEST = 12  # months that the latest assessment may be ahead of the one rested on


def check_committee(by: Viewer, unit_id: UUID, day: dt.date) -> None:
    """Raise NotFound out of sight, NotAllowed unless the role is held in this committee."""
    visible_unit(by, unit_id, day)
    if unit_id not in by.units_with(Reach.UNIT_AND_BELOW):
        raise NotAllowed(
            "Chỉ người của chính cấp ủy này làm được việc này; cấp trên và cấp dưới thì xem.",
            code="not-the-committee",
        )


def held_selection(by: Viewer, selection_id: UUID, at: dt.datetime) -> Selection:
    """The selection, locked, of a committee in which the role is held. NotFound out of sight."""
    beside_register()
    units = units_held(by, localdate(at))
    found = (
        Selection.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(pk=selection_id, unit_id__in=units)
        .first()
    )
    if found is None:
        raise NotFound("Không tìm thấy lần lựa chọn này.")
    check_committee(by, found.unit_id, localdate(at))
    return found


def check_state(found: Selection, *states: SelectionState) -> None:
    """Raise NotNow unless the selection is in one of the states."""
    if found.state not in states:
        now = SelectionState(found.state).label.lower()
        raise NotNow(
            f"Lần lựa chọn này {now}; không làm được việc này nữa.", code="selection-state"
        )


def check_other_person(by: Viewer, found: Selection) -> None:
    """Who put it forward, in person or through somebody, does not decide it."""
    if is_one_of(by, found.submitted_by_id, found.submitted_on_behalf_id):
        raise NotAllowed(
            "Đồng chí (hoặc người ủy quyền cho đồng chí) đã trình danh sách này nên không quyết "
            "định; nhờ đồng chí khác.",
            code="asked-it",
        )


def running(programme_id: UUID, year: int) -> Programme:
    """The programme, if it runs and the year is one of its own. NotFound, NotNow, InputError."""
    found = Programme.objects.filter(pk=programme_id).first()
    if found is None or found.state == ProgrammeState.DRAFT:
        raise NotFound("Không tìm thấy đề án này.")
    if found.state != ProgrammeState.RUNNING:
        raise NotNow(
            f"Đề án {ProgrammeState(found.state).label.lower()}; chỉ lựa chọn khi đề án đang thực "
            "hiện.",
            code="programme-state",
        )
    if not found.first_year <= year <= found.last_year:
        raise InputError(
            f"Đề án chỉ có các năm {found.first_year}–{found.last_year}.", field="year",
            code="bad-year",
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Grounds:
    """Why a list asks for more than the programme plans, and why lots are drawn anew."""

    over_plan: str = ""
    redraw: str = ""


def check_year(year: int, day: dt.date) -> None:
    """A list is made for this year or the next. Raises InputError."""
    if year not in (day.year, day.year + 1):
        raise InputError(
            f"Chỉ lập danh sách cho năm nay hoặc năm sau: chọn {day.year} hoặc {day.year + 1}.",
            field="year", code="bad-year",
        )  # fmt: skip


def run_of(month: dt.date, day: dt.date) -> AssessmentRun:
    """The assessment to rest on. Raises NotNow without one, or where it is long overtaken."""
    known = AssessmentRun.objects.filter(month__lte=day).order_by("-month")
    run, last = known.filter(month=month).first(), known.first()
    if run is None or last is None:
        raise NotNow(
            f"Chưa có kết quả nhận diện của {month_label(month)}. Chọn tháng đã có kết quả.",
            code="no-assessment",
        )
    if months_between(month, last.month) > OLDEST:
        raise NotNow(
            f"Kết quả nhận diện của {month_label(month)} đã cũ; đã có kết quả của "
            f"{month_label(last.month)}. Chọn một tháng trong {OLDEST} tháng gần nhất.",
            code="old-assessment",
        )
    return run


def planned_of(programme: Programme, kind: str) -> int | None:
    """How many a year the programme plans for a level; None where it does not say."""
    planned = {one["kind"]: int(one["a_year"]) for one in programme.levels}
    return planned.get(kind) or None


def over_plan_words(planned: int) -> str:
    """What is asked of whoever wants more than the programme plans."""
    return (
        f"Đề án dự kiến cấp này chọn {planned} nơi một năm. Giảm số nơi, hoặc ghi lý do chọn nhiều "
        "hơn."
    )


def check_plan(
    programme: Programme, kind: str, asked: Asked, grounds: Grounds
) -> dict[str, Any] | None:
    """What the programme plans for this level where more is asked, with why; None within it.

    Raises NotAllowed for a level that does not choose, InputError (`over_plan`).
    """
    planned = {one["kind"]: int(one["a_year"]) for one in programme.levels}
    if not planned:
        return None
    if kind not in planned:
        levels = ", ".join(UnitKind(one).label.lower() for one in planned)
        raise NotAllowed(
            f"Đề án giao việc lựa chọn cho: {levels}. Cấp này báo cáo, không lập danh sách.",
            code="level-not-asked",
        )
    if asked.capacity <= planned[kind]:
        return None
    if not grounds.over_plan.strip():
        raise InputError(over_plan_words(planned[kind]), field="over_plan", code="over-plan")
    return {"a_year": planned[kind], "reason": sentence(grounds.over_plan, "over_plan")}


def seed_of(earlier: Selection | None, grounds: Grounds) -> tuple[str, dict[str, Any] | None]:
    """The seed of the lots: one for a committee and year, another only with a reason."""
    if earlier is None:
        return secrets.token_hex(16), None
    if not grounds.redraw.strip():
        return earlier.seed, None
    reason = sentence(grounds.redraw, "redraw")
    return secrets.token_hex(16), {"before": str(earlier.pk), "reason": reason}


def check_asked(asked: Asked) -> None:
    """Numbers that can be meant. Raises InputError."""
    if not 1 <= asked.capacity <= MOST_PLACES:
        raise InputError(
            f"Số nơi chọn được từ 1 đến {MOST_PLACES}.", field="capacity", code="bad-number"
        )
    if asked.overseen_cells is not None and asked.overseen_cells < 0:
        raise InputError(
            "Số chi bộ có người phụ trách phải từ 0 trở lên.", field="overseen_cells",
            code="bad-number",
        )  # fmt: skip
    if any(least < 0 for least in asked.least_of_kind.values()):
        raise InputError(
            "Số nơi ít nhất của mỗi loại phải từ 0 trở lên.", field="least_of_kind",
            code="bad-number",
        )  # fmt: skip


def set_aside_draft(
    programme: Programme, unit_id: UUID, year: int, by: Viewer, at: dt.datetime
) -> None:
    """A draft computed anew replaces the one before, which stays readable with its seed."""
    before = Selection.objects.select_for_update().filter(
        programme=programme, unit_id=unit_id, year=year
    )
    standing = before.exclude(state=SelectionState.WITHDRAWN).first()
    if standing is None:
        return
    if standing.state != SelectionState.DRAFT:
        raise Conflict(
            "Lần lựa chọn của năm này đã trình hoặc đã quyết định. Rút lại trước khi lập danh sách "
            "khác.",
            code="selection-stands",
        )
    standing.state, standing.withdrawn_reason = SelectionState.WITHDRAWN, "Lập lại danh sách."
    saved(standing, "state", "withdrawn_reason")
    note("selection.replaced", standing, by, at)


def saved(found: Selection, *fields: str) -> None:
    """Keep the fields and count the change."""
    found.revision += 1
    found.save(update_fields=[*fields, "revision"])


def sentence(text: str, field: str, longest: int = REASON) -> str:
    """A reason of at least ten letters. Raises InputError."""
    said = " ".join(nfc(text).split())
    if not SHORTEST <= len(said) <= longest:
        raise InputError(
            f"Ghi rõ bằng lời, từ {SHORTEST} đến {longest} chữ.", field=field, code="bad-text"
        )
    return said


def document_number(text: str) -> str:
    """The number of the deciding document, as typed. Raises InputError."""
    said = " ".join(nfc(text).split())
    if not 1 <= len(said) <= LONGEST_NUMBER:
        raise InputError(
            f"Ghi số, ký hiệu của quyết định, nhiều nhất {LONGEST_NUMBER} chữ.", field="number",
            code="bad-text",
        )  # fmt: skip
    return said


def note(
    verb: str, found: Selection, by: Viewer, at: dt.datetime, *,
    data: dict[str, Any] | None = None, personal: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """The event of an act on a selection."""
    record(
        verb, by=by.user, at=at, subject=f"selection:{found.pk}",
        data={"unit": str(found.unit_id), "year": found.year, **(data or {})}, personal=personal,
    )  # fmt: skip
