"""What every act on a selection does alike: find and lock it, ask who and when, keep the word."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import ProgrammeState, SelectionState
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Reach
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models import Programme, Selection
from vungmanh.strengthening.models.selections import REASON
from vungmanh.strengthening.persons import is_one_of

RUN = "strengthening.selection.run"
DECIDE = "strengthening.selection.decide"
MOST_PLACES = 500
LONGEST_NUMBER = 60


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
    if not 10 <= len(said) <= longest:
        raise InputError(f"Ghi rõ bằng lời, từ 10 đến {longest} chữ.", field=field, code="bad-text")
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
