"""The filters of *Nhận diện*: read from the address, offered as choices, kept in links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import Sector, Status
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.queries import Grain, Wanted, areas_of
from vungmanh.strengthening.reason_texts import REASON_LABELS

GRAINS = {"to-chuc": Grain.ORGANISATIONS, "chi-bo": Grain.CELLS}
#: Tabs in the order of work: who must be verified, who is weak, then the rest.
TABS = (
    Status.WEAK, Status.MUST_VERIFY, Status.TO_VERIFY, Status.WATCH, Status.NORMAL, Status.TOO_FEW,
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the reader asked for. Anything unknown in the address counts as not asked."""

    grain: Grain
    wanted: Wanted
    query: QueryDict

    @property
    def grain_code(self) -> str:
        return next(code for code, grain in GRAINS.items() if grain is self.grain)

    def toggle_address(self, unit_id: UUID) -> str:
        """The same page of the list with one row opened, or closed again."""
        query = self.query.copy()
        if query.get("mo") == str(unit_id):
            query.pop("mo")
        else:
            query["mo"] = str(unit_id)
        return f"?{query.urlencode()}"

    def address(self, **changes: str) -> str:
        """The same list with some filters changed; the page number starts anew."""
        query = self.query.copy()
        for name in ("trang", "mo"):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"


def filters_of(request: HttpRequest) -> Filters:
    asked = request.GET
    status = asked.get("tt", Status.WEAK.value)
    sector = asked.get("loai", "")
    reason = asked.get("ly-do", "")
    return Filters(
        GRAINS.get(asked.get("cap", ""), Grain.ORGANISATIONS),
        Wanted(
            status=Status(status) if status in {one.value for one in Status} else None,
            area=asked.get("dia-ban", ""),
            sector=sector if sector in {one.value for one in Sector} else "",
            reason=reason if reason in REASON_LABELS else "",
        ),
        asked,
    )


def choices(viewer: Viewer, run: AssessmentRun) -> dict[str, list[tuple[str, Any]]]:
    """What each filter offers, in Vietnamese order."""
    areas = sorted(areas_of(viewer, run), key=sort_key)
    return {
        "areas": [("", _("Mọi địa bàn")), *((area, area) for area in areas)],
        "sectors": [
            ("", _("Mọi loại hình")),
            *(
                (sector.value, _(sector.label))
                for sector in Sector
                if sector is not Sector.COMMITTEE
            ),
        ],
        "reasons": [("", _("Mọi lý do")), *REASON_LABELS.items()],
    }


def tabs(filters: Filters, counts: dict[Status, int]) -> list[tuple[str, str, bool]]:
    """The tabs of the list with their counts; an empty one is left out unless it is shown."""
    shown = filters.wanted.status
    return [
        (
            f"{_(status.label)} ({counts[status]})",
            filters.address(tt=status.value),
            status is shown,
        )
        for status in TABS
        if counts[status] or status is shown
    ]
