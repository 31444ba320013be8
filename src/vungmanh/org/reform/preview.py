"""The dry run: what a reform would do, told without writing anything."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import CELL_KINDS, ReformState, Role, UnitKind, Vocabulary
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.queries import versions_visible
from vungmanh.org.reform.consequences import (
    Consequences,
    Counter,
    Ended,
    Founded,
    Heir,
    ListGoes,
    Members,
    Moved,
    OpenWork,
    Place,
    PostEnds,
    Renamed,
    RoleEnds,
)
from vungmanh.org.reform.grants import GrantChange, day_of_grants, grant_changes
from vungmanh.org.reform.joining import naming_warnings, stay_warnings
from vungmanh.org.reform.load import load_structure
from vungmanh.org.reform.members import added
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.placement import placement_on
from vungmanh.org.reform.plan import plan
from vungmanh.org.reform.problems import Problem
from vungmanh.org.reform.queries import VIEW
from vungmanh.org.reform.sight import Tree, sight_changes
from vungmanh.org.reform.speakers import speakers_of_units
from vungmanh.org.reform.sql import ask
from vungmanh.org.reform.steps import Move, Step, steps_from_json
from vungmanh.org.reform.structure import Counts, Structure, Version

_FIELDS = {
    "name": "Tên",
    "kind": "Loại",
    "sector": "Lĩnh vực",
    "area": "Địa bàn",
    "official_code": "Mã",
    "is_organisation": "Là tổ chức cơ sở đảng",
}


@dataclass(frozen=True)
class Preview:
    """`basis` is what `commit_reform` asks for. With problems there are no consequences."""

    basis: str
    problems: tuple[Problem, ...]
    consequences: Consequences | None


def preview_of(viewer: Viewer, reform: Reform) -> Preview:
    """What an open reform would do to the register as it is now.

    Raises NotAllowed, and NotNow for a reform that has been committed.
    """
    check_can(viewer, VIEW)
    if reform.state == ReformState.COMMITTED:
        raise NotNow(
            "Việc sắp xếp đã thực hiện: xem kết quả trên trang của việc sắp xếp.",
            code="reform-committed",
        )
    steps = steps_from_json(reform.steps)
    loaded = load_structure(steps, reform.effective_on, viewer)
    outcome = plan(loaded.structure, steps, placement_on(reform.effective_on))
    if outcome.problems:
        return Preview(loaded.basis, outcome.problems, None)
    return Preview(loaded.basis, (), Telling(viewer, loaded.structure, steps, outcome).all())


class Telling:
    """Turns an outcome without problems into lists for a reader."""

    def __init__(
        self, viewer: Viewer, structure: Structure, steps: tuple[Step, ...], outcome: Outcome
    ) -> None:
        self.viewer, self.structure, self.outcome = viewer, structure, outcome
        self.steps = steps
        self.tree = _tree_on(structure)

    def all(self) -> Consequences:
        before, after = self._totals()
        end = day_of_grants(self.structure.on, self.viewer.on)
        changes = grant_changes(self.outcome, self.structure, end)
        grants = RoleGrant.objects.filter(valid__contains=end)
        ended, roles = tuple(self._ended()), tuple(self._roles(changes))
        return Consequences(
            on=self.structure.on,
            founded=tuple(self._founded()),
            ended=ended,
            moved=tuple(self._moved()),
            renamed=tuple(self._renamed()),
            members=tuple(self._members()),
            members_before=before,
            members_after=after,
            members_leaving=added(*self.outcome.leaving.values()),
            posts=tuple(self._posts()),
            roles=roles,
            sight=tuple(sight_changes(self.tree, self.outcome, list(grants), changes)),
            open_work=tuple(self._open_work()),
            counters=tuple(self._counters()),
            warnings=(
                *_warnings(ended, roles),
                *naming_warnings(self.structure, self.outcome),
                *stay_warnings(self.outcome),
            ),
            lists=tuple(self._lists()),
        )

    def place(self, unit: str) -> Place:
        """The unit by the name it has before the reform, or is founded with."""
        founded = self.outcome.created.get(unit)
        return Place(unit, founded.name if founded else self.structure.name_of(unit))

    def _maybe(self, unit: str | None) -> Place | None:
        return self.place(unit) if unit else None

    def _version(self, unit: str) -> Version:
        version = self.structure.version_of(unit)
        assert version is not None  # a plan without problems speaks of living units only
        return version

    def _founded(self) -> Iterable[Founded]:
        for unit, version in self.outcome.created.items():
            parent = self.outcome.parents.get(unit)
            yield Founded(self.place(unit), version.kind, self._maybe(parent))

    def _ended(self) -> Iterable[Ended]:
        heirs: dict[str, list[Heir]] = {}
        for one in self.outcome.lineage:
            heir = Heir(self.place(one.successor), one.share, one.kind)
            heirs.setdefault(one.predecessor, []).append(heir)
        for unit in self.outcome.ended:
            state = self.structure.units[unit]
            yield Ended(
                self.place(unit),
                self._version(unit).kind,
                self._maybe(state.parent),
                tuple(heirs.get(unit, ())),
                state.counts,
                any(self.outcome.leaving.get(unit, {}).values()),
            )

    def _moved(self) -> Iterable[Moved]:
        named = {step.unit for step in self.steps if isinstance(step, Move)}
        for unit, parent in self.outcome.parents.items():
            if unit in self.outcome.created:
                continue
            yield Moved(
                self.place(unit),
                self._version(unit).kind,
                self._maybe(self.structure.units[unit].parent),
                self._maybe(parent),
                len(self.tree.below(unit)) - 1,
                unit not in named,
            )

    def _renamed(self) -> Iterable[Renamed]:
        for unit, after in self.outcome.versions.items():
            if unit in self.outcome.created:
                continue
            before = self._version(unit)
            for field, label in _FIELDS.items():
                old, new = getattr(before, field), getattr(after, field)
                if old != new:
                    yield Renamed(self.place(unit), field, label, _said(old), _said(new))

    def _members(self) -> Iterable[Members]:
        """Units whose members become different: those that end, then those that receive."""
        for unit in self.outcome.ended:
            counts = self.structure.units[unit].counts
            if counts:
                yield Members(self.place(unit), counts, {})
        for unit, after in self.outcome.counts.items():
            yield Members(self.place(unit), self._counts(unit), after)

    def _counts(self, unit: str) -> Counts:
        state = self.structure.units.get(unit)
        return state.counts if state else {}

    def _totals(self) -> tuple[Counts, Counts]:
        """Members of all units whose members become different, before and after."""
        before = [self._counts(unit) for unit in {*self.outcome.ended, *self.outcome.counts}]
        return added(*before), added(*self.outcome.counts.values())

    def _lists(self) -> Iterable[ListGoes]:
        """Names that go on elsewhere, by number."""
        tally = Tally((one.unit, one.target) for one in self.outcome.people)
        for (unit, target), number in tally.items():
            yield ListGoes(self.place(unit), self._maybe(target), number)

    def _posts(self) -> Iterable[PostEnds]:
        for unit in self.outcome.ended:
            for held in self.structure.units[unit].posts:
                yield PostEnds(self.place(unit), held.post, held.holder_name)

    def _roles(self, changes: Iterable[GrantChange]) -> Iterable[RoleEnds]:
        for change in changes:
            yield RoleEnds(
                str(change.grant.user_id),
                Role(change.grant.role),
                self.place(change.unit),
                self._maybe(change.successor),
            )

    def _open_work(self) -> Iterable[OpenWork]:
        """Rows of any room that are still open in a unit that ends.

        A model with such rows says so: `open_as` what one is, `open_when` how to tell.
        """
        units = [UUID(unit) for unit in self.outcome.ended]
        for model, key in speakers_of_units():
            what = getattr(model, "open_as", None)
            if what is None:
                continue
            rows = model._default_manager.filter(model.open_when, **{f"{key}__in": units})
            for unit, count in rows.order_by().values_list(key).annotate(number=Count("pk")):
                yield OpenWork(self.place(str(unit)), what, count)

    def _counters(self) -> Iterable[Counter]:
        """Units in the viewer's sight on the day, by kind, before and after."""
        rows = versions_visible(self.viewer, self.structure.on).order_by()
        before: Tally[tuple[str, bool]] = Tally(
            {
                (kind, organisation): number
                for kind, organisation, number in rows.values_list(
                    "kind", "is_organisation"
                ).annotate(number=Count("pk"))
            }
        )
        after = Tally(before)
        for unit in [*self.outcome.ended, *self.outcome.versions]:
            version = self.structure.version_of(unit)
            if version is not None:
                after[version.kind.value, version.is_organisation] -= 1
        for version in self.outcome.versions.values():
            after[version.kind.value, version.is_organisation] += 1
        yield _counter("organisations", "Tổ chức cơ sở đảng", before, after, lambda _, org: org)
        cells = {kind.value for kind in CELL_KINDS}
        yield _counter("cells", "Chi bộ", before, after, lambda kind, _: kind in cells)
        for kind in UnitKind:
            counter = _counter(
                kind.value, kind.label, before, after, lambda one, _, kind=kind: one == kind.value
            )
            if counter.before or counter.after:
                yield counter


def _counter(
    key: str,
    label: str,
    before: Mapping[tuple[str, bool], int],
    after: Mapping[tuple[str, bool], int],
    counts: Any,
) -> Counter:
    def total(tally: Mapping[tuple[str, bool], int]) -> int:
        return sum(number for which, number in tally.items() if counts(*which))

    return Counter(key, label, total(before), total(after))


def _tree_on(structure: Structure) -> Tree:
    """The whole tree on the day, in two queries."""
    living = UnitVersion.objects.filter(valid__contains=structure.on).order_by()
    parents: dict[str, str | None] = {
        str(unit): None for unit in living.values_list("unit_id", flat=True)
    }
    links = "SELECT unit_id, parent_id FROM org_unitparent WHERE valid @> %s::date"
    parents.update((str(unit), str(parent)) for unit, parent in ask(links, structure.on))
    return Tree(parents)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return value.label if isinstance(value, Vocabulary) else str(value)


def _warnings(ended: Iterable[Ended], roles: Iterable[RoleEnds]) -> Iterable[str]:
    """What is allowed, and yet somebody should know before committing."""
    for one in ended:
        if one.leaving:
            number = number_vi(sum(one.members.values()))
            yield (
                f"{number} đảng viên của {one.unit.name} không được tính ở đơn vị nào nữa. "
                "Nêu nơi nhận đảng viên nếu đây không phải chủ ý."
            )
    undecided = sum(1 for role in roles if role.successor is None)
    if undecided:
        yield (
            f"{number_vi(undecided)} vai trò trong đơn vị kết thúc chưa có nơi tiếp theo: "
            "người quản trị cần giao lại."
        )
