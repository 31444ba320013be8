"""Organisations whose form no longer fits their size or place, with what a draft reform would do.

Steps are abstract (attach, found, change the kind): a person makes the draft `Reform` of them, and
nothing is arranged by itself. Counts that are not known give UNKNOWN, never a proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vungmanh.core.vocabulary import CELL_KINDS, Sector, UnitKind, Vocabulary
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.findings import (
    Figures,
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.arranging import MinimumSizes
from vungmanh.rulebook.values.structure import StructurePlacement


class ArrangingStepKind(Vocabulary):
    """What a draft reform would do."""

    ATTACH = "attach", "Ghép vào tổ chức khác"
    FOUND = "found", "Lập tổ chức mới"
    CHANGE_KIND = "change_kind", "Đổi loại tổ chức"
    FORM_GROUPS = "form_groups", "Chia tổ đảng"


@dataclass(frozen=True)
class UnitFacts:
    """One organisation on a day; counts None are not known. `parent_kind` None: at the top."""

    id: str
    kind: UnitKind
    sector: Sector
    parent: str | None
    parent_kind: UnitKind | None
    official: int | None
    members: int | None


@dataclass(frozen=True)
class PlaceFacts:
    """A village, an enterprise or a cooperative under a committee, with or without its own unit.

    `official`: official members who live or work there, wherever they are counted; `scattered_in`
    the units that count them. `own` is the id of its own organisation.
    """

    id: str
    sector: Sector
    under: str
    under_kind: UnitKind
    official: int | None
    own: str | None = None
    scattered_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArrangingStep:
    """`units`: what it is done to (or whose members it takes); `under`/`kind` of what is founded.

    `to` are the units it may be attached to; a person chooses one.
    """

    kind: ArrangingStepKind
    units: tuple[str, ...] = ()
    under: str | None = None
    new_kind: UnitKind | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrangement:
    """One finding with the organisations and places it is about, and what a draft would do."""

    finding: PeopleFinding
    units: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    steps: tuple[ArrangingStep, ...] = ()

    @property
    def code(self) -> str:
        return self.finding.code


def find_arrangements(
    view: RulebookView, units: Sequence[UnitFacts], places: Sequence[PlaceFacts] = ()
) -> tuple[Arrangement, ...]:
    """Everything the day's rules find, by code, then by id: the order of the input says nothing."""
    rule = ruling(view, MinimumSizes)
    if rule is None:
        return (Arrangement(no_rule("sizes", "quy mô tối thiểu của tổ chức đảng")),)
    placement = view.of(StructurePlacement) if view.has(StructurePlacement.key) else None
    finder = _Finder(rule, placement, tuple(sorted(units, key=lambda one: one.id)))
    found = [*finder.units_found()]
    for place in sorted(places, key=lambda one: one.id):
        found += [*finder.place_found(place)]
    found += [*finder.joint(sorted(places, key=lambda one: one.id))]
    return tuple(sorted(found, key=lambda one: (one.code, one.units, one.places)))


@dataclass(frozen=True)
class _Finder:
    rule: Ruling[MinimumSizes]
    placement: StructurePlacement | None
    units: tuple[UnitFacts, ...]

    def units_found(self) -> Iterator[Arrangement]:
        for unit in self.units:
            if unit.kind in CELL_KINDS:
                yield from self._cell(unit)
            elif unit.kind is UnitKind.DANG_BO_CO_SO:
                yield from self._base(unit)

    def _cell(self, unit: UnitFacts) -> Iterator[Arrangement]:
        least = self.rule.value.organisation_from
        cite = self.rule.cite("organisation_from")
        if unit.official is None:
            text = "Chưa rõ số đảng viên chính thức, chưa biết có đủ để giữ tổ chức không."
            yield Arrangement(unknown("size_unknown", text, cite), (unit.id,))
        elif unit.official < least:
            figures: Figures = (("Chính thức", unit.official), ("Từ", least))
            text = (
                f"Có {unit.official} đảng viên chính thức, dưới {least}: ghép vào tổ chức khác,"
                " hoặc cùng nơi khác lập chi bộ ghép."
            )
            step = ArrangingStep(ArrangingStepKind.ATTACH, (unit.id,), to=self._siblings(unit))
            finding = PeopleFinding("below_minimum", JudgedState.NOT_MET, text, figures, cite)
            yield Arrangement(finding, (unit.id,), steps=(step,))
        if unit.members is not None:
            yield from self._outgrew(unit, unit.members)

    def _outgrew(self, unit: UnitFacts, members: int) -> Iterator[Arrangement]:
        """A cell that is large enough for a base committee, or at least for Party groups."""
        value = self.rule.value
        becomes = self._may_become_base(unit)
        if becomes and members >= value.base_committee_from:
            figures: Figures = (("Đảng viên", members), ("Từ", value.base_committee_from))
            text = f"Có {members} đảng viên: từ {value.base_committee_from} lập được đảng bộ cơ sở."
            step = ArrangingStep(ArrangingStepKind.CHANGE_KIND, (unit.id,),
                                 new_kind=UnitKind.DANG_BO_CO_SO)  # fmt: skip
            cite = self.rule.cite("base_committee_from")
            finding = PeopleFinding("outgrew_form", JudgedState.NOT_MET, text, figures, cite)
            yield Arrangement(finding, (unit.id,), steps=(step,))
        elif members >= value.group_from:
            figures = (("Đảng viên", members), ("Từ", value.group_from))
            text = f"Có {members} đảng viên, từ {value.group_from}: có thể chia tổ đảng."
            step = ArrangingStep(ArrangingStepKind.FORM_GROUPS, (unit.id,))
            cite = self.rule.cite("group_from")
            finding = PeopleFinding("needs_groups", JudgedState.NOT_MET, text, figures, cite)
            yield Arrangement(finding, (unit.id,), steps=(step,))

    def _may_become_base(self, unit: UnitFacts) -> bool:
        if unit.sector is Sector.VILLAGE and self.rule.value.villages_only_cells:
            return False
        if self.placement is None or unit.parent_kind is None:
            return False
        return self.placement.may_stand(UnitKind.DANG_BO_CO_SO, unit.parent_kind)

    def _base(self, unit: UnitFacts) -> Iterator[Arrangement]:
        least = self.rule.value.base_committee_from
        if unit.members is None:
            text = "Chưa rõ số đảng viên, chưa biết có đủ để là đảng bộ cơ sở không."
            cite = self.rule.cite("base_committee_from")
            yield Arrangement(unknown("size_unknown", text, cite), (unit.id,))
        elif unit.members < least:
            figures: Figures = (("Đảng viên", unit.members), ("Từ", least))
            allowed = self.rule.value.base_exceptions
            text = f"Có {unit.members} đảng viên, dưới {least}: lập chi bộ thay đảng bộ cơ sở"
            text += ", hoặc giữ khi cấp trên đồng ý." if allowed else "."
            state = JudgedState.EXCEPTION_POSSIBLE if allowed else JudgedState.NOT_MET
            cite = self.rule.cite("base_committee_from", "base_exceptions")
            step = ArrangingStep(ArrangingStepKind.CHANGE_KIND, (unit.id,),
                                 new_kind=self._cell_kind(unit.parent_kind))  # fmt: skip
            finding = PeopleFinding("base_below_minimum", state, text, figures, cite)
            yield Arrangement(finding, (unit.id,), steps=(step,))
        else:
            yield from self._may_be_delegated(unit, unit.members)

    def _may_be_delegated(self, unit: UnitFacts, members: int) -> Iterator[Arrangement]:
        """A base committee so large that its upper level may hand powers down: told, no draft."""
        since, special = self.rule.value.delegated_from, self.rule.value.delegated_special_from
        if since is None or members < since:
            return
        text = f"Có {members} đảng viên, từ {since}: cấp trên có thể giao quyền cấp trên cơ sở"
        text += f" (nơi đặc thù từ {special})." if special else "."
        figures: Figures = (("Đảng viên", members), ("Từ", since))
        cite = self.rule.cite("delegated_from", "delegated_special_from")
        finding = PeopleFinding("may_be_delegated", JudgedState.OK, text, figures, cite)
        yield Arrangement(finding, (unit.id,))

    def place_found(self, place: PlaceFacts) -> Iterator[Arrangement]:
        """A village without its own cell; elsewhere, enough members scattered over other units."""
        if place.own is not None:
            return
        least, village = self.rule.value.organisation_from, place.sector is Sector.VILLAGE
        code = "village_without_cell" if village else "scattered_members"
        cite = self.rule.cite("organisation_from", *(("villages_only_cells",) if village else ()))
        if place.official is None:
            text = "Chưa có tổ chức riêng; chưa rõ có bao nhiêu đảng viên chính thức ở đây."
            yield Arrangement(unknown(code, text, cite), places=(place.id,))
            return
        figures: Figures = (("Chính thức", place.official), ("Từ", least))
        enough = place.official >= least
        if not enough and not village:
            return
        steps = (self._found(place),) if enough else ()
        text = (
            f"Có {place.official} đảng viên chính thức đang sinh hoạt ở nơi khác: lập được chi bộ"
            f" riêng (từ {least})."
            if enough
            else f"Thôn chưa có chi bộ riêng, mới {place.official} đảng viên chính thức,"
            f" cần {least}. Bồi dưỡng kết nạp, hoặc lập chi bộ ghép."
        )
        finding = PeopleFinding(code, JudgedState.NOT_MET, text, figures, cite)
        yield Arrangement(finding, place.scattered_in, (place.id,), steps)

    def joint(self, places: Sequence[PlaceFacts]) -> Iterator[Arrangement]:
        """Several of one sector under one committee, none large enough alone, together so."""
        least = self.rule.value.organisation_from
        groups: dict[tuple[str, Sector], list[PlaceFacts | UnitFacts]] = defaultdict(list)
        for place in places:
            if place.own is None and place.official is not None and 0 < place.official < least:
                groups[place.under, place.sector].append(place)
        # Members of a place are counted in the units they are scattered in: never counted twice.
        holding = {unit for place in places if place.own is None for unit in place.scattered_in}
        for unit in self.units:
            small = unit.official is not None and 0 < unit.official < least
            if small and unit.kind in CELL_KINDS and unit.parent and unit.id not in holding:
                groups[unit.parent, unit.sector].append(unit)
        for (under, _), group in sorted(groups.items()):
            total = sum(one.official or 0 for one in group)
            if len(group) > 1 and total >= least:
                yield self._joint(under, group, total)

    def _joint(
        self, under: str, group: Sequence[PlaceFacts | UnitFacts], total: int
    ) -> Arrangement:
        cells = tuple(one.id for one in group if isinstance(one, UnitFacts))
        places = tuple(one for one in group if isinstance(one, PlaceFacts))
        sources = dict.fromkeys((*cells, *(unit for one in places for unit in one.scattered_in)))
        parent_kind = places[0].under_kind if places else self._parent_kind(cells[0])
        step = ArrangingStep(ArrangingStepKind.FOUND, tuple(sources), under,
                             self._cell_kind(parent_kind))  # fmt: skip
        least = self.rule.value.organisation_from
        text = f"{len(group)} nơi cùng lĩnh vực, cộng lại {total} đảng viên chính thức: có thể lập"
        text += f" chi bộ ghép (từ {least})."
        figures: Figures = (("Số nơi", len(group)), ("Chính thức", total), ("Từ", least))
        cite = self.rule.cite("organisation_from")
        finding = PeopleFinding("joint_cell", JudgedState.OK, text, figures, cite)
        return Arrangement(finding, cells, tuple(one.id for one in places), (step,))

    def _found(self, place: PlaceFacts) -> ArrangingStep:
        return ArrangingStep(ArrangingStepKind.FOUND, place.scattered_in, place.under,
                             self._cell_kind(place.under_kind))  # fmt: skip

    def _cell_kind(self, parent: UnitKind | None) -> UnitKind | None:
        """The kind of cell that may stand there; None: a person has to choose."""
        if self.placement is None or parent is None:
            return None
        kinds = (UnitKind.CHI_BO, UnitKind.CHI_BO_CO_SO)
        return next((one for one in kinds if self.placement.may_stand(one, parent)), None)

    def _parent_kind(self, cell: str) -> UnitKind | None:
        return next((one.parent_kind for one in self.units if one.id == cell), None)

    def _siblings(self, unit: UnitFacts) -> tuple[str, ...]:
        """Cells under the same committee that stand on their own, those of its sector first."""
        least = self.rule.value.organisation_from
        there = [
            one
            for one in self.units
            if one.parent == unit.parent
            and one.id != unit.id
            and one.kind in CELL_KINDS
            and (one.official or 0) >= least
        ]
        return tuple(
            one.id for one in sorted(there, key=lambda one: (one.sector != unit.sector, one.id))
        )
