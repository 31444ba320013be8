"""What was done by who oversees, and what each level reported at the gates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.permissions import can
from vungmanh.core.programme_words import GateKind
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.meetings.visits import listed_visits
from vungmanh.org.models import UnitClosure
from vungmanh.outputs.programmes.asked import Asked
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row, count
from vungmanh.strengthening.models import GateReport, ProgrammeGate
from vungmanh.strengthening.overseeing import OverseerYear, overseers_visible, years_of_overseers
from vungmanh.strengthening.programme_reads import committees_due, on_day, reports_visible
from vungmanh.strengthening.year_addresses import Address

OVERSEERS, GATES = "phu-trach", "moc"
SEE_VISITS = "meetings.visit.view"
_NO_QUOTA = "chưa có định mức"


def overseers(asked: Asked) -> Chapter:
    """By year and kind of committee: attended against the quota. Facts of a duty; nobody is
    ranked."""
    if not can(asked.viewer, SEE_VISITS):
        return Chapter(OVERSEERS, "Cấp ủy viên phụ trách dự sinh hoạt")
    below = set(
        UnitClosure.objects.filter(
            ancestor_id=asked.programme.unit_id, valid__contains=asked.on
        ).values_list("descendant_id", flat=True)
    )
    rows: list[Row] = []
    support: list[Row] = []
    for year in range(asked.on.year, max(asked.first.year, asked.programme.first_year) - 1, -1):
        end = min(asked.on, dt.date(year, 12, 31))
        people = years_of_overseers(asked.viewer, overseers_visible(asked.viewer, end), year, end)
        own = [one for one in people if any(unit.unit_id in below for unit in one.units)]
        groups: dict[str, list[OverseerYear]] = defaultdict(list)
        for one in own:
            groups[one.committee or _NO_QUOTA].append(one)
        rows += [_row(year, n, name, groups[name]) for n, name in enumerate(sorted(groups))]
        if own:
            support.append(_supported(year, own, below))
    heads = ("Năm, định mức theo cấp", "Người phụ trách", "Buổi đã dự", "Định mức",
             "Người đã đủ")  # fmt: skip
    grids = [Grid("", heads, tuple(rows), (40, 15, 15, 15, 15),
                  "Chưa ai được phân công phụ trách trong phạm vi này.")]  # fmt: skip
    if support:
        grids.append(Grid("Chi bộ ở nơi đang được tập trung củng cố",
                          ("Năm", "Buổi phải dự", "Đã dự"), tuple(support),
                          (40, 30, 30)))  # fmt: skip
    visits = ("Lần đi cơ sở", "Số lần")
    grids.append(Grid("", visits, (Row("Tới nơi đã vào diện, trong kỳ", (_visits(asked),)),),
                      (46, 18)))  # fmt: skip
    said = ("Việc đã làm so với việc được giao, tính từ đầu năm; không xếp hạng ai.",)
    return Chapter(OVERSEERS, "Cấp ủy viên phụ trách dự sinh hoạt", said, grids=tuple(grids))


def _row(year: int, number: int, name: str, some: list[OverseerYear]) -> Row:
    code = f"{OVERSEERS}.{year}.{number}"
    met = [one for one in some if one.quota is not None and one.attended >= one.quota]
    owed: Figure | str = _NO_QUOTA
    if any(one.quota is not None for one in some):
        owed = count(f"{code}.dinh-muc", "buổi phải dự theo định mức",
                     (_person(one, year, one.quota or 0) for one in some))  # fmt: skip
    return Row(f"{year}, {name[0].lower()}{name[1:]}", (
        count(f"{code}.nguoi", "người phụ trách", (_person(one, year, 1) for one in some)),
        count(f"{code}.du", "buổi đã dự", (_person(one, year, one.attended) for one in some)),
        owed,
        count(f"{code}.du-muc", "người đã dự đủ định mức",
              (_person(one, year, 1) for one in met)),
    ))  # fmt: skip


def _person(one: OverseerYear, year: int, amount: int) -> Record:
    query = (("nguoi", str(one.user_id)), ("nam", str(year)))
    told = f"đã dự {one.attended}" + ("" if one.quota is None else f", định mức {one.quota}")
    return Record(one.name, told, Address("visits", {}), query, amount)


def _supported(year: int, people: list[OverseerYear], below: set[UUID]) -> Row:
    """Meetings of cells in focused support that somebody in charge was to attend, and attended."""
    units = [
        (one, unit) for one in people for unit in one.units
        if unit.held is not None and unit.unit_id in below
    ]  # fmt: skip

    def cell(code: str, counted: str, *, attended: bool) -> Figure:
        return count(f"{OVERSEERS}.{year}.{code}", counted, (
            Record(unit.name, f"người phụ trách: {one.name}",
                   Address("unit_visits", {"unit_id": str(unit.unit_id)}),
                   amount=(unit.held_attended if attended else unit.held) or 0)
            for one, unit in units
        ))  # fmt: skip

    return Row(f"Năm {year}", (
        cell("phai-du", "buổi đã họp trong thời gian có hồ sơ và được phân công", attended=False),
        cell("co-du", "buổi đã họp có người phụ trách dự", attended=True),
    ))  # fmt: skip


def _visits(asked: Asked) -> Figure:
    """Visits of the period to units that had entered by then, and to those below them."""
    entered = {one.file.unit_id for one in asked.files}
    places = UnitClosure.objects.filter(ancestor_id__in=entered, valid__contains=asked.on)
    units = entered | set(places.values_list("descendant_id", flat=True))
    found = listed_visits(asked.viewer, asked.on).filter(
        unit_id__in=units, on__range=(asked.first, asked.on)
    )
    return count(f"{OVERSEERS}.lan-di", "lần đi cơ sở", (
        Record(
            f"{one.name or ''}, ngày {date_vi(one.on)}",  # type: ignore[attr-defined]
            f"{one.overseer}; {'có dự' if one.attended else 'không dự'} sinh hoạt",
            Address("visit", {"visit_id": str(one.pk)}),
        ) for one in found
    ))  # fmt: skip


def gates(asked: Asked) -> Chapter:
    """Every gate whose day came by then: what it asked each level, who reported, who is missing."""
    programme, viewer = asked.programme, asked.viewer
    found = [one for one in programme.gates.all() if one.due_on <= asked.on]
    levels = sorted({level for gate in found for level in gate.levels})
    committees = committees_due(viewer, programme, levels) if levels else []
    told: dict[tuple[int, UUID], GateReport] = {
        (one.gate_id, one.unit_id): one for one in reports_visible(viewer).filter(gate__in=found)
    }
    rows = []
    for gate in found:
        page = Address(
            "programme_gate", {"programme_id": str(programme.pk), "gate_id": str(gate.pk)}
        )
        due = {one.unit_id: one for one in on_day(committees, gate.levels, gate.due_on)}
        for level in (UnitKind(one) for one in gate.levels):
            units = {unit: one.name for unit, one in due.items() if one.kind is level}
            if units:
                reports = {unit: told[gate.pk, unit] for unit in units if (gate.pk, unit) in told}
                rows.append(_gate_row(gate, level, units, reports, page))
    points = tuple(
        f"{GateKind(one.kind).label}, hạn {date_vi(one.due_on)}: {one.asks}"
        for one in found if one.asks
    )  # fmt: skip
    heads = ("Mốc, cấp", "Phải báo cáo", "Đã báo cáo", "Báo cáo muộn", "Còn thiếu")
    empty = "Chưa có mốc nào đến hạn, hoặc không nơi nào trong phạm vi này phải báo cáo."
    grid = Grid("", heads, tuple(rows), (44, 14, 14, 14, 14), empty)
    return Chapter(GATES, "Các cấp báo cáo theo mốc", points=points, grids=(grid,))


def _gate_row(
    gate: ProgrammeGate, level: UnitKind, units: dict[UUID, str], reports: dict[UUID, GateReport],
    page: Address,
) -> Row:  # fmt: skip
    """One level at one gate; a gate before the day of approval is missed by nobody."""
    code = f"{GATES}.{gate.pk}.{level.value}"
    late = {unit: one for unit, one in reports.items() if localdate(one.at) > gate.due_on}
    approved = gate.programme.decided_on
    is_missed = not (approved and gate.due_on < approved)
    missing = [unit for unit in units if unit not in reports] if is_missed else []

    def cell(name: str, counted: str, some: list[UUID]) -> Figure:
        return count(f"{code}.{name}", counted, (
            Record(
                units[unit],
                f"báo cáo ngày {date_vi(localdate(reports[unit].at))}" if unit in reports
                else "chưa báo cáo",
                page,
            ) for unit in some
        ))  # fmt: skip

    label = f"{GateKind(gate.kind).label}, hạn {date_vi(gate.due_on)}, {level.label.lower()}"
    return Row(label, (
        cell("phai", "nơi phải báo cáo", list(units)),
        cell("da", "nơi đã báo cáo", [unit for unit in units if unit in reports]),
        cell("muon", "nơi báo cáo muộn", [unit for unit in units if unit in late]),
        cell("thieu", "nơi còn thiếu báo cáo", missing),
    ), page)  # fmt: skip
