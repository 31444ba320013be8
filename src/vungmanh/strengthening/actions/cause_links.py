"""The records that a cause names as evidence: each is there, and is of the unit or of one below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from vungmanh.core.errors import InputError
from vungmanh.core.periods import parse_month
from vungmanh.core.vocabulary import InspectionState
from vungmanh.meetings.models import Inspection, Meeting, Task, Visit
from vungmanh.org.models import UnitClosure
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.models import Flag, SupportFile

MOST_LINKS = 20
_RECORDS: dict[str, Callable[[], QuerySet[Flag | Inspection | Visit | Task | Meeting]]] = {
    "flag": Flag.objects.all,
    "inspection": lambda: Inspection.objects.exclude(state=InspectionState.WITHDRAWN),
    "visit": lambda: Visit.objects.filter(withdrawn_at=None),
    "task": Task.objects.all,
    "meeting": Meeting.objects.all,
}


def checked_links(file: SupportFile, links: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The links as they are kept. Raises InputError (`links`) for what is not there."""
    if len(links) > MOST_LINKS:
        raise InputError(f"Nhiều nhất {MOST_LINKS} căn cứ.", field="links", code="too-many")
    kept = [{"kind": str(one.get("kind", "")), "id": str(one.get("id", ""))} for one in links]
    if not all(_is_there(file, one["kind"], one["id"]) for one in kept):
        raise InputError(
            "Có căn cứ không còn, hoặc không phải của đơn vị này. Chọn lại trong danh sách.",
            field="links", code="bad-link",
        )  # fmt: skip
    return kept


def _is_there(file: SupportFile, kind: str, known: str) -> bool:
    try:
        if kind == "figure":
            code, _at, month = known.partition("@")
            return code in figures_by_code() and bool(parse_month(month))
        if kind not in _RECORDS:
            return False
        units = [file.unit_id, *(UUID(one["unit"]) for one in file.line)]
        below = UnitClosure.objects.filter(ancestor_id__in=units).values("descendant_id")
        return _RECORDS[kind]().filter(pk=known, unit_id__in=below).exists()
    except (ValueError, ValidationError, InputError):  # not an id, not a month
        return False
