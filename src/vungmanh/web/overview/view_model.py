"""What *Tổng quan* shows: the finding, four figures, who is new, what is missing, two pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import number_vi, percent_vi, sort_key
from vungmanh.core.vocabulary import Status, Structure
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.queries import (
    AreaMonth,
    AreaWeakness,
    Grain,
    Wanted,
    area_weakness,
    cell_years,
    count_by_area,
    counts_by_status,
    listed,
)
from vungmanh.strengthening.reason_texts import ReasonText, texts_of
from vungmanh.web.components import HeatCell, HeatRow, Scale, Stat, Tile
from vungmanh.web.series.heat import heat_months
from vungmanh.web.series.view_model import STRUCTURES
from vungmanh.web.spotting.filters import MISSING

SHOWN = 4  # units named in each list; the rest are one link away
THIN_PERCENT = 90  # a month reported less than this is marked in the grid
HELD_SCALE = Scale((95, 90, 85, 78), ("từ 95", "90–94", "85–89", "78–84", "dưới 78"))
WEAK_SCALE = Scale((1, 2.5, 4, 6), ("dưới 1", "1–2,4", "2,5–3,9", "4–5,9", "từ 6 %"))


@dataclass(frozen=True)
class Named:
    """A unit named in a list, with its first reasons in words."""

    assessment: Assessment
    reasons: list[ReasonText]

    @property
    def sentence(self) -> str:
        words = "; ".join(text.chip for text in self.reasons[:2])
        return words[:1].upper() + words[1:] + "." if words else ""


@dataclass(frozen=True)
class NamedList:
    """The first units of a list and how many there are in all."""

    units: list[Named]
    count: int
    address: str


@dataclass(frozen=True)
class Missing:
    """Reports of the last month still missing in one area."""

    area: str
    got: float
    due: float
    address: str

    @property
    def missing(self) -> float:
        return self.due - self.got


def overview(
    viewer: Viewer, run: AssessmentRun, structure: Structure = Structure.THEN
) -> dict[str, Any]:
    """The context of the page; every figure is cut to the viewer's scope.

    `structure` is that of the grid of areas and months; the rest is as the run has it.
    """
    organisations = listed(viewer, run, Grain.ORGANISATIONS)
    cells = listed(viewer, run, Grain.CELLS)
    years = cell_years(viewer, run)
    months = count_by_area((one.area, one.marks) for one in years)
    org_counts = counts_by_status(organisations)
    cell_counts = dict.fromkeys(Status, 0)
    cell_counts.update(Counter(one.status for one in years))
    named = organisations if sum(org_counts.values()) else cells
    # Without a period before there is nothing to be new against.
    new = named.filter(status=Status.WEAK).exclude(previous_status__in=["", Status.WEAK])
    better = named.filter(previous_status=Status.WEAK, status__in=[Status.WATCH, Status.NORMAL])
    return {
        "finding": _finding(org_counts, cell_counts, new.count()),
        "lead": _lead(months),
        "stats": _stats(months, org_counts, cell_counts, sum(one.is_vacant for one in years)),
        "new": _named(new, Wanted(status=Status.WEAK)),
        "better": _named(better, Wanted(status=Status.WATCH)),
        "silent": _named(
            named.filter(status=Status.MUST_VERIFY), Wanted(status=Status.MUST_VERIFY)
        ),
        "missing": _missing(months),
        "tiles": _tiles(area_weakness(viewer, run)),
        "weak_scale": WEAK_SCALE,
        "heat": _heat(heat_months(viewer, structure, run, years)),
        "structures": [
            (_(one.label), f"?{urlencode({'co-cau': name})}#ky-da-hop", one is structure)
            for one, name in STRUCTURES.items()
        ],
        "held_scale": HELD_SCALE,
    }


def _finding(org: dict[Status, int], cell: dict[Status, int], new: int) -> str:
    if not sum(org.values()):  # somebody in charge of single cells
        return _("%(weak)s trong %(all)s chi bộ được phân công cần củng cố.") % {
            "weak": number_vi(cell[Status.WEAK]), "all": number_vi(sum(cell.values())),
        }  # fmt: skip
    text = _("%(weak)s trong %(all)s tổ chức cơ sở đảng cần củng cố") % {
        "weak": number_vi(org[Status.WEAK]), "all": number_vi(sum(org.values())),
    }  # fmt: skip
    if new:
        text += _(", %(new)s nơi mới so với 12 tháng trước") % {"new": number_vi(new)}
    return text + _("; ở cấp chi bộ là %(weak)s trong %(all)s.") % {
        "weak": number_vi(cell[Status.WEAK]), "all": number_vi(sum(cell.values())),
    }  # fmt: skip


def _last(months: Sequence[AreaMonth]) -> list[AreaMonth]:
    return [one for one in months if one.place == 11]


def _lead(months: Sequence[AreaMonth]) -> str:
    got = sum(one.held + one.not_held for one in _last(months))
    missing = sum(one.no_report for one in _last(months))
    if not missing:
        return _("Mọi kỳ bắt buộc của tháng cuối đều đã có báo cáo.")
    return _(
        "Tháng cuối còn %(missing)s trong %(due)s kỳ bắt buộc chưa có báo cáo; các kỳ ấy không tính"
        " là không họp."
    ) % {"missing": number_vi(missing), "due": number_vi(got + missing)}


def _share(part: float, whole: float) -> str:
    return percent_vi(part / whole) if whole else "–"


def _stats(
    months: Sequence[AreaMonth],
    org: dict[Status, int],
    cell: dict[Status, int],
    vacant: int,
) -> list[Stat]:
    last = _last(months)
    held = sum(one.held for one in last)
    reported = held + sum(one.not_held for one in last)
    due = reported + sum(one.no_report for one in last)
    excused = sum(one.excused for one in last)
    return [
        Stat(_("Đã họp, tháng cuối"), number_vi(held), number_vi(reported),
             _("kỳ có báo cáo"), _share(held, reported)),
        Stat(_("Đã báo cáo, tháng cuối"), number_vi(reported), number_vi(due),
             _("kỳ bắt buộc"), _("%(share)s; %(n)s kỳ được miễn có lý do")
             % {"share": _share(reported, due), "n": number_vi(excused)}),
        Stat(_("Khuyết bí thư quá mức nhắc"), number_vi(vacant), number_vi(sum(cell.values())),
             _("chi bộ")),
        _silent_stat(org, cell),
    ]  # fmt: skip


def _silent_stat(org: dict[Status, int], cell: dict[Status, int]) -> Stat:
    label, of_cells = _("Phải xác minh vì im lặng"), number_vi(cell[Status.MUST_VERIFY])
    if not sum(org.values()):
        return Stat(label, of_cells, number_vi(sum(cell.values())), _("chi bộ"))
    silent, every = number_vi(org[Status.MUST_VERIFY]), number_vi(sum(org.values()))
    return Stat(label, silent, every, _("tổ chức"), _("ở cấp chi bộ: %(n)s") % {"n": of_cells})


def _named(found: QuerySet[Assessment], wanted: Wanted) -> NamedList:
    units = [
        Named(one, texts_of(one.reasons, cells=one.cells if one.cell_position is None else 0))
        for one in found[: SHOWN + 1]
    ]
    count = len(units) if len(units) <= SHOWN else found.count()
    status = wanted.status.value if wanted.status else ""
    return NamedList(units[:SHOWN], count, f"{reverse('spotting')}?tt={status}")


def _areas(months: Sequence[AreaMonth]) -> list[str]:
    return sorted({one.area for one in months if one.area}, key=sort_key)


def _cells_of_area(area: str, **more: str) -> str:
    return f"{reverse('spotting')}?{urlencode({'cap': 'chi-bo', 'dia-ban': area, **more})}"


def _missing(months: Sequence[AreaMonth]) -> list[Missing]:
    """Areas with reports missing in the last month, the most missing first."""
    rows = [
        Missing(
            one.area,
            one.held + one.not_held,
            one.held + one.not_held + one.no_report,
            _cells_of_area(one.area, **{"tt": "", "bao-cao": MISSING}),
        )
        for one in _last(months)
        if one.area
    ]
    return sorted((row for row in rows if row.missing), key=lambda row: (-row.missing, row.area))


def _tiles(areas: list[AreaWeakness]) -> list[Tile]:
    return [
        Tile(
            one.area,
            one.weak,
            one.cells,
            one.weak_communes,
            one.communes,
            _("%(on)s trong %(all)s xã, phường có chi bộ cần củng cố")
            % {"on": one.weak_communes, "all": one.communes},
            _cells_of_area(one.area),
        )
        for one in sorted(areas, key=lambda one: sort_key(one.area))
    ]


def _heat(months: Sequence[AreaMonth]) -> list[HeatRow]:
    """Share held of what was reported, by area and month; a row for the whole at the end."""
    by_area: dict[str, dict[int, AreaMonth]] = defaultdict(dict)
    for one in months:
        by_area[one.area][one.place] = one
    rows = [
        HeatRow(
            area, [_heat_cell([by_area[area][n]] if n in by_area[area] else []) for n in range(12)]
        )
        for area in _areas(months)
    ]
    if len(rows) > 1:
        whole = [_heat_cell([one for one in months if one.place == n]) for n in range(12)]
        rows.append(HeatRow(_("Tất cả"), whole, is_sum=True))
    return rows


def _heat_cell(cells: Sequence[AreaMonth]) -> HeatCell:
    held = sum(one.held for one in cells)
    reported = held + sum(one.not_held for one in cells)
    due = reported + sum(one.no_report for one in cells)
    if not reported:
        return HeatCell(None)
    return HeatCell(
        100 * held / reported,
        thin=reported * 100 < THIN_PERCENT * due,
        title=_("họp %(held)s/%(reported)s kỳ có báo cáo, %(due)s kỳ bắt buộc")
        % {"held": number_vi(held), "reported": number_vi(reported), "due": number_vi(due)},
    )
