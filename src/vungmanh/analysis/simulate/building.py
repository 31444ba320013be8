"""Building the tree of a province from its plan (`sizes.py`)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from vungmanh.analysis.simulate import names
from vungmanh.analysis.simulate.randomness import simulated_id, stream
from vungmanh.analysis.simulate.sharing import share_out, split
from vungmanh.analysis.simulate.sizes import AreaPlan, Size
from vungmanh.analysis.simulate.tree import REFORM, Succession, Tree, Unit
from vungmanh.core.vocabulary import Sector, UnitKind

#: Village cells were merged in two rounds.
MERGE_DAYS = (date(2020, 1, 1), date(2024, 12, 1))
_STORY_AREAS = {
    "Mẫu Đông": names.QUAN_MAU, "Mẫu Nam": names.DONG_THU,
}  # fmt: skip
_STORY_VILLAGES = {names.TAN_MAU: ("Nà Mẫu",), names.THU_LAM: ("Pác Thử", "Khuổi Thử")}
QUAN_MAU_VILLAGES = 9


class Builder:
    """Makes units with ids in order, so that the same plan and seed give the same tree."""

    def __init__(self, seed: int, size: Size) -> None:
        self.seed = seed
        self.size = size
        self.rng = stream(seed, "tree")
        self.tree = Tree()

    def unit(
        self,
        name: str,
        kind: UnitKind,
        sector: Sector,
        area: str,
        parents: list[Unit],
        *,
        is_organisation: bool = False,
        founded: date | None = None,
        ended: date | None = None,
    ) -> Unit:
        made = Unit(
            simulated_id(self.seed, len(self.tree.units)),
            name,
            kind,
            sector,
            area,
            is_organisation,
            founded,
            ended,
        )
        for parent in parents:
            made.place_under(parent)
        self.tree.units.append(made)
        return made

    def build(self) -> Tree:
        """The whole tree, without official codes (`codes.py`)."""
        province = self.unit(
            "Đảng bộ tỉnh Mẫu", UnitKind.DANG_BO_TINH, Sector.COMMITTEE, "", []
        )  # fmt: skip
        old_names = iter(
            names.old_commune_names(sum(plan.old_communes for plan in self.size.areas), self.rng)
        )
        upper = {plan.name: self._district(plan, province) for plan in self.size.areas}
        blocs = [self._bloc(name, province) for name in names.BLOC_NAMES]
        groups: list[tuple[Unit, list[Unit]]] = []
        for plan in self.size.areas:
            own = [next(old_names) for _ in range(plan.old_communes)]
            groups += self._communes(plan, upper[plan.name], province, own)
        for plan in self.size.areas:
            new = [commune for commune, _ in groups if commune.area == plan.name]
            self._institutions(plan, upper[plan.name], new)
        for number, bloc in enumerate(blocs):
            self._bloc_agencies(number, bloc)
        self._agency_cells(groups)
        self._services(groups)
        villages = self._villages(groups)
        self._merge_villages(groups, villages)
        return self.tree

    # --- committees --------------------------------------------------------------------------

    def _district(self, plan: AreaPlan, province: Unit) -> Unit:
        word = "Đảng bộ thành phố Mẫu" if plan.is_city else f"Đảng bộ huyện {plan.name}"
        return self.unit(
            word, UnitKind.DANG_BO_HUYEN, Sector.COMMITTEE, plan.name, [province], ended=REFORM
        )

    def _bloc(self, name: str, province: Unit) -> Unit:
        area = next((plan.name for plan in self.size.areas if plan.is_city), "")
        return self.unit(name, UnitKind.DANG_BO_CAP_TREN, Sector.COMMITTEE, area, [province])

    def _communes(
        self, plan: AreaPlan, district: Unit, province: Unit, own_names: list[str]
    ) -> list[tuple[Unit, list[Unit]]]:
        """Each new commune of an area with the old ones it was made of."""
        story = _STORY_AREAS.get(plan.name)
        if story is not None:
            own_names[0] = story
        old = []
        for number, name in enumerate(own_names):
            if plan.is_city:
                word = "phường" if number < plan.old_communes // 2 else "xã"
            else:
                word = "thị trấn" if name == names.DONG_THU or (number == 1 and not story) else "xã"
            old.append(
                self.unit(
                    f"Đảng bộ {word} {name}", UnitKind.DANG_BO_XA, Sector.COMMUNE, plan.name,
                    [district], is_organisation=True, ended=REFORM,
                )
            )  # fmt: skip
            if name in (names.QUAN_MAU, names.DONG_THU):
                self.tree.named[name] = old[-1]
        word = "phường" if plan.is_city else "xã"
        groups = []
        wanted = names.new_commune_names(plan.name, plan.new_communes, is_city=plan.is_city)
        for name, part in zip(wanted, split(old, plan.new_communes, self.rng), strict=True):
            new = self.unit(
                f"Đảng bộ {word} {name}", UnitKind.DANG_BO_XA, Sector.COMMUNE, plan.name,
                [province], is_organisation=True, founded=REFORM,
            )  # fmt: skip
            self.tree.lineage += [
                Succession(unit, new, REFORM, "reform", "Quyết định số 01-QĐ/TU ngày 27/6/2025")
                for unit in part
            ]
            groups.append((new, part))
        return groups

    # --- organisations beside the communes ---------------------------------------------------

    def _institutions(self, plan: AreaPlan, district: Unit, communes: list[Unit]) -> None:
        """Schools, hospitals, agencies, firms: under the district, later under a commune."""
        places = [plan.name, "Phố Thử"] if plan.is_city else [plan.name]
        made = [
            (sector, pattern.format(place))
            for place in places
            for sector, patterns in names.INSTITUTIONS.items()
            for pattern in patterns
        ]
        chosen = sorted(self.rng.permutation(len(made))[: plan.organisations].tolist())
        # Half of them stand in the seat of the old district, the first commune.
        seats = np.where(
            self.rng.random(len(chosen)) < 0.5, 0, self.rng.integers(0, len(communes), len(chosen))
        )
        for place, seat in zip(chosen, seats, strict=True):
            sector, name = made[place]
            self._institution(name, sector, plan.name, [district, communes[seat]])

    def _bloc_agencies(self, number: int, bloc: Unit) -> None:
        count = self.size.bloc_organisations[number]
        for name in names.bloc_agency_names(number, count):
            self._institution(name, Sector.AGENCY, bloc.area, [bloc])

    def _institution(self, name: str, sector: Sector, area: str, parents: list[Unit]) -> None:
        is_large = self.rng.random() < (0.6 if sector is Sector.HEALTH else 0.31)
        if not is_large:
            self.unit(
                f"Chi bộ {name}", UnitKind.CHI_BO_CO_SO, sector, area, parents,
                is_organisation=True,
            )  # fmt: skip
            return
        body = self.unit(
            f"Đảng bộ {name}", UnitKind.DANG_BO_CO_SO, sector, area, parents, is_organisation=True
        )
        for branch in names.BRANCHES[sector][: int(self.rng.integers(2, 6))]:
            self.unit(f"Chi bộ {branch} {name}", UnitKind.CHI_BO, sector, area, [body])

    # --- cells of communes -------------------------------------------------------------------

    def _cell(self, name: str, sector: Sector, old: Unit, new: Unit) -> Unit:
        return self.unit(f"Chi bộ {name}", UnitKind.CHI_BO, sector, old.area, [old, new])

    def _agency_cells(self, groups: list[tuple[Unit, list[Unit]]]) -> None:
        """Each commune office has a cell; those of merged communes become one."""
        for new, olds in groups:
            ended = [
                self.unit(
                    f"Chi bộ cơ quan {_place(old)}", UnitKind.CHI_BO, Sector.AGENCY, old.area,
                    [old], ended=REFORM,
                )
                for old in olds
            ]  # fmt: skip
            joined = self.unit(
                f"Chi bộ cơ quan {_place(new)}", UnitKind.CHI_BO, Sector.AGENCY, new.area, [new],
                founded=REFORM,
            )  # fmt: skip
            self._succeed(ended, joined, REFORM, "Nghị quyết số 01-NQ/ĐU ngày 01/7/2025")

    def _services(self, groups: list[tuple[Unit, list[Unit]]]) -> None:
        """Schools, health stations, a few cooperatives."""
        templates = (
            ("Trường Tiểu học {}", Sector.SCHOOL, 0.8),
            ("Trường THCS {}", Sector.SCHOOL, 0.5),
            ("Trạm Y tế {}", Sector.HEALTH, 0.5),
            ("Hợp tác xã {}", Sector.ENTERPRISE, 0.08),
        )
        share = min(1.0, (self.size.villages[0] + 2) / 8)  # a small province has fewer of them
        for new, olds in groups:
            for old in olds:
                draws = self.rng.random(len(templates))
                for (template, sector, chance), draw in zip(templates, draws, strict=True):
                    if draw < chance * share:
                        self._cell(template.format(_bare(old)), sector, old, new)

    def _villages(self, groups: list[tuple[Unit, list[Unit]]]) -> dict[Unit, list[Unit]]:
        """Village cells, as many as the plan's number of cells asks for, by old commune."""
        now = sum(unit.is_cell and unit.ended is None for unit in self.tree.units)
        wanted = self.size.cells - now + self.size.merged_pairs
        olds = [old for _, part in groups for old in part]
        quan_mau = self.tree.named.get(names.QUAN_MAU)
        fixed = {olds.index(quan_mau): QUAN_MAU_VILLAGES} if quan_mau is not None else {}
        counts = share_out(wanted, len(olds), self.size.villages, fixed, self.rng)
        made: dict[Unit, list[Unit]] = {}
        place = 0
        for new, part in groups:
            here = counts[place : place + len(part)]
            place += len(part)
            first = _STORY_VILLAGES.get(_bare(new), ())
            pool = iter(names.village_names(int(here.sum()), self.rng, first))
            for old, count in zip(part, here.tolist(), strict=True):
                word = "thôn" if " xã " in old.name else "tổ dân phố"
                cells = [
                    self._cell(f"{word} {next(pool)}", Sector.VILLAGE, old, new)
                    for _ in range(count)
                ]
                made[old] = cells
                for cell in cells:
                    bare = cell.name.removeprefix("Chi bộ thôn ")
                    if bare in first:
                        self.tree.named[bare] = cell
        return made

    def _merge_villages(
        self, groups: list[tuple[Unit, list[Unit]]], villages: dict[Unit, list[Unit]]
    ) -> None:
        """Join pairs of neighbouring villages; those of a story first, or not at all."""
        successor = {old: new for new, part in groups for old in part}
        story = self.tree.named.get("Nà Mẫu")
        told = set(self.tree.named.values()) - {story}
        olds = [
            old
            for old, cells in villages.items()
            if old not in told and not told & set(cells) and len(cells) >= 2
        ]
        order = [olds[i] for i in self.rng.permutation(len(olds))]
        if story is not None:
            home = next(old for old in olds if story in villages[old])
            order = [home, *(old for old in order if old is not home)]
        for number, old in enumerate(order[: self.size.merged_pairs]):
            day = MERGE_DAYS[1] if number % 2 == 0 else MERGE_DAYS[0]
            self._merge_pair(villages[old][:2], old, successor[old], day)
        if len(order) < self.size.merged_pairs:
            raise ValueError("more pairs to merge than communes")

    def _merge_pair(self, pair: list[Unit], old: Unit, new: Unit, day: date) -> None:
        for cell in pair:
            cell.ended = day
            cell.links = []
            cell.place_under(old)
        joined = self.unit(
            pair[0].name, UnitKind.CHI_BO, Sector.VILLAGE, old.area, [old, new], founded=day
        )
        # The name is kept, as people do; the cell before is told apart by its dates.
        bare = pair[0].name.removeprefix("Chi bộ thôn ")
        if self.tree.named.get(bare) is pair[0]:
            self.tree.named[bare] = joined
        self._succeed(
            pair, joined, day, f"Nghị quyết số 41-NQ/ĐU ngày 20/11/{(day - timedelta(days=1)).year}"
        )

    def _succeed(self, olds: list[Unit], new: Unit, on: date, document: str) -> None:
        self.tree.lineage += [Succession(old, new, on, "merge", document) for old in olds]


def _bare(unit: Unit) -> str:
    """The name of a commune without the words that say it is one."""
    for word in ("xã ", "phường ", "thị trấn "):
        _, found, rest = unit.name.partition(word)
        if found:
            return rest
    return unit.name


def _place(unit: Unit) -> str:
    return unit.name.removeprefix("Đảng bộ ")


def build_tree(seed: int, size: Size) -> Tree:
    """The units of a simulated province with their parents and lineage."""
    return Builder(seed, size).build()
