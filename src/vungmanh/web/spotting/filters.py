"""The filters of *Nhận diện*: read from the address, offered as choices, kept in links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import Sector, Status
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.queries import Grain, Wanted, areas_of, listed
from vungmanh.strengthening.reason_texts import REASON_LABELS
from vungmanh.web.requests import ViewerRequest

MISSING = "thieu"  # value of ?bao-cao= for cells without a report of the last month
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
    areas: tuple[str, ...]  # those to choose from

    @property
    def grain_code(self) -> str:
        return next(code for code, grain in GRAINS.items() if grain is self.grain)

    @property
    def reports_code(self) -> str:
        return MISSING if self.wanted.is_missing else ""

    @property
    def every_status(self) -> Wanted:
        """The same filters without the tab."""
        return replace(self.wanted, status=None)

    def words(self) -> str:
        """The filters in words, for those who hold only the export; "" when there are none."""
        wanted = self.wanted
        parts = [
            _(wanted.status.label) if wanted.status else "",
            wanted.area,
            _(Sector(wanted.sector).label) if wanted.sector else "",
            str(REASON_LABELS[wanted.reason]) if wanted.reason else "",
            _("Chưa báo cáo tháng cuối") if wanted.is_missing else "",
        ]
        return "; ".join(part for part in parts if part)

    def open_address(self, unit_id: UUID | None) -> str:
        """The same page of the list with one row opened, or with none."""
        query = self.query.copy()
        query.pop("mo", None)
        if unit_id:
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


def filters_of(request: ViewerRequest, run: AssessmentRun) -> Filters:
    """The filters of the address. The list opens on organisations where the viewer sees any."""
    asked, viewer = request.GET, request.viewer
    areas = sorted(areas_of(viewer, run), key=sort_key)
    sector, reason, area = (asked.get(name, "") for name in ("loai", "ly-do", "dia-ban"))
    grain = GRAINS.get(asked.get("cap", ""))
    if grain is None:
        has_organisations = listed(viewer, run, Grain.ORGANISATIONS).exists()
        grain = Grain.ORGANISATIONS if has_organisations else Grain.CELLS
    wanted = Wanted(
        status=_status(asked.get("tt")),
        area=area if area in areas else "",
        sector=sector if sector in {one.value for one in Sector} else "",
        reason=reason if reason in REASON_LABELS else "",
        is_missing=asked.get("bao-cao") == MISSING and grain is Grain.CELLS,
    )
    return Filters(grain, wanted, asked, tuple(areas))


def _status(asked: str | None) -> Status | None:
    """The tab asked for; an empty one is all of them, an unknown one the first."""
    if asked == "":
        return None
    return Status(asked) if asked in {one.value for one in Status} else Status.WEAK


def choices(filters: Filters) -> dict[str, list[tuple[str, Any]]]:
    """What each filter offers, in Vietnamese order."""
    return {
        "areas": [("", _("Mọi địa bàn")), *((area, area) for area in filters.areas)],
        "sectors": [
            ("", _("Mọi loại hình")),
            *(
                (sector.value, _(sector.label))
                for sector in Sector
                if sector is not Sector.COMMITTEE
            ),
        ],
        "reasons": [("", _("Mọi lý do")), *REASON_LABELS.items()],
        "reports": [("", _("Có hay chưa có")), (MISSING, _("Chưa báo cáo tháng cuối"))],
    }


def tabs(filters: Filters, counts: dict[Status, int]) -> list[tuple[str, str, bool]]:
    """The tabs of the list with their counts; an empty one is left out unless it is shown."""
    shown = filters.wanted.status
    everything = (f"{_('Tất cả')} ({sum(counts.values())})", filters.address(tt=""), shown is None)
    return [
        *_status_tabs(filters, counts),
        everything,
    ]


def _status_tabs(filters: Filters, counts: dict[Status, int]) -> list[tuple[str, str, bool]]:
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
