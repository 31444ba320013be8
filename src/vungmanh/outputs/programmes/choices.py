"""Who was chosen: how many by year and level, in which way, and against the criteria."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from vungmanh.core.programme_words import ChoiceWay, SelectionState
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.outputs.programmes.asked import Asked, names_on
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row, count
from vungmanh.strengthening.models import Choice, SelectionOverride
from vungmanh.strengthening.selection_reads import selections_visible
from vungmanh.strengthening.year_addresses import Address

CODE = "lua-chon"
_WAYS = (ChoiceWay.RULE, ChoiceWay.LOT, ChoiceWay.RELAPSE, ChoiceWay.OVERRIDE)
_HEADS = ("Năm, cấp", "Cấp ủy quyết định", "Đã chọn", "Theo tiêu chí", "Bốc thăm", "Tái yếu",
          "Đưa vào khác tiêu chí", "Đưa ra khác tiêu chí", "Rút sau kiến nghị")  # fmt: skip


@dataclass(frozen=True)
class _Decided:
    """One decided selection; `kind` is what its committee was on the day."""

    pk: UUID
    unit_id: UUID
    year: int
    kind: UnitKind
    told: str

    @property
    def page(self) -> Address:
        return Address("selection", {"selection_id": str(self.pk)})


def choices(asked: Asked) -> Chapter:
    """By year and level, of the selections in sight that were decided by the end of the period."""
    decided = _decided(asked)
    by_pk = {one.pk: one for one in decided}
    chosen = list(Choice.objects.filter(selection_id__in=by_pk).order_by("pk"))
    left_out = _left_out(by_pk)
    units = {one.unit_id for one in decided} | {one.unit_id for one in chosen}
    units |= {unit for _of, unit, _why in left_out}
    names = names_on(units, asked.on)
    planned = {one["kind"]: one["a_year"] for one in asked.programme.levels}
    groups: dict[tuple[int, UnitKind], list[_Decided]] = defaultdict(list)
    for one in decided:
        groups[one.year, one.kind].append(one)
    order = list(UnitKind)
    rows, points = [], []
    for year, kind in sorted(groups, key=lambda key: (-key[0], order.index(key[1]))):
        some = groups[year, kind]
        own = {one.pk for one in some}
        code = f"{CODE}.{year}.{kind.value}"
        picked = [one for one in chosen if one.selection_id in own]
        cells = (
            count(f"{code}.cap-uy", "lần lựa chọn đã quyết định", (
                Record(names.get(one.unit_id, ""), one.told, one.page) for one in some)),
            *_cells(code, picked, by_pk, names),
            count(f"{code}.dua-ra", "nơi bị đưa ra khác tiêu chí", (
                Record(names.get(unit, ""), why, by_pk[of].page)
                for of, unit, why in left_out if of in own)),
            _told(f"{code}.rut", "nơi được đưa ra sau kiến nghị",
                  [one for one in picked if one.withdrawn_at], by_pk, names),
        )  # fmt: skip
        rows.append(Row(f"{year}, {kind.label}", cells))
        if kind.value in planned:
            points.append(
                f"Năm {year}, {kind.label.lower()}: đề án dự kiến mỗi nơi chọn "
                f"{number_vi(planned[kind.value])}."
            )
    grid = Grid("", _HEADS, tuple(rows), (20, 10, 10, 10, 10, 10, 10, 10, 10),
                "Chưa có lần lựa chọn nào được quyết định trong phạm vi này.")  # fmt: skip
    return Chapter(CODE, "Lựa chọn nơi cần củng cố", points=tuple(points), grids=(grid,))


def _decided(asked: Asked) -> list[_Decided]:
    rows = (
        selections_visible(asked.viewer)
        .filter(
            programme=asked.programme, state=SelectionState.DECIDED, decided_on__lte=asked.on,
            unit__versions__valid__contains=F("decided_on"),
        )
        .order_by("unit__versions__name_key", "pk")
        .values_list("pk", "unit_id", "year", "unit__versions__kind", "number", "decided_on")
    )  # fmt: skip
    return [
        _Decided(pk, unit, year, UnitKind(kind), f"{number}, {date_vi(day)}" if day else number)
        for pk, unit, year, kind, number, day in rows
    ]


def _left_out(selections: dict[UUID, _Decided]) -> list[tuple[UUID, UUID, str]]:
    """Of the last word on each unit, those that left it out: selection, unit, reason."""
    last: dict[tuple[UUID, UUID], SelectionOverride] = {}
    said = SelectionOverride.objects.filter(selection_id__in=selections).order_by("at", "id")
    for one in said:
        last[one.selection_id, one.unit_id] = one
    return [(of, unit, one.reason) for (of, unit), one in last.items() if not one.is_in]


def _cells(
    code: str, picked: Sequence[Choice], by_pk: dict[UUID, _Decided], names: dict[UUID, str]
) -> tuple[Figure, ...]:
    kept = [one for one in picked if one.withdrawn_at is None]
    every = _told(f"{code}.chon", "nơi đã chọn, chưa rút", kept, by_pk, names)
    return every, *(
        _told(f"{code}.{way.value}", f"nơi đã chọn: {way.label.lower()}",
              [one for one in kept if one.way == way], by_pk, names)
        for way in _WAYS
    )  # fmt: skip


def _told(
    code: str, counted: str, some: Sequence[Choice], by_pk: dict[UUID, _Decided],
    names: dict[UUID, str],
) -> Figure:  # fmt: skip
    return count(code, counted, (
        Record(
            names.get(one.unit_id, ""), _why(one), by_pk[one.selection_id].page
        ) for one in some
    ))  # fmt: skip


def _why(one: Choice) -> str:
    said = one.withdrawn_reason or one.reason
    way = ChoiceWay(one.way).label
    return f"{way}: {said}" if said else way
