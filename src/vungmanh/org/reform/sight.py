"""Who comes to see what, and who no longer does: the rule of sight on the planned structure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vungmanh.access.models import RoleGrant
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.reform.consequences import SightChange
from vungmanh.org.reform.grants import GrantChange
from vungmanh.org.reform.outcome import Outcome

Parents = Mapping[str, str | None]


@dataclass
class Tree:
    """Who stands below whom on one day, asked often."""

    parents: Parents
    _children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _below: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit, parent in self.parents.items():
            if parent is not None:
                self._children[parent].append(unit)

    def below(self, unit: str) -> frozenset[str]:
        """The unit, if it lives, and everything below it."""
        if unit not in self._below:
            found, waiting = set(), [unit] if unit in self.parents else []
            while waiting:
                one = waiting.pop()
                found.add(one)
                waiting += self._children.get(one, [])
            self._below[unit] = frozenset(found)
        return self._below[unit]

    def above(self, units: Iterable[str]) -> set[str]:
        """The units and everything above them."""
        found: set[str] = set()
        for start in units:
            unit: str | None = start
            while unit is not None and unit not in found:
                found.add(unit)
                unit = self.parents.get(unit)
        return found


def tree_after(before: Tree, outcome: Outcome) -> Tree:
    """The tree as the outcome leaves it."""
    after = {unit: parent for unit, parent in before.parents.items() if unit not in outcome.ended}
    after.update(outcome.parents)
    return Tree(after)


def sight_changes(
    before: Tree, outcome: Outcome, grants: Sequence[RoleGrant], moving: Sequence[GrantChange]
) -> list[SightChange]:
    """For each holder of roles whose sight changes, by role: units gained and lost.

    What merely gets a new name or goes on in a successor in sight is neither. A unit that did not
    exist before is no gain, and one that ends without a successor is no loss.
    """
    after = tree_after(before, outcome)
    concerned = before.above(outcome.touched) | after.above(outcome.parents)
    heirs = {change.grant.pk: change.successor for change in moving}
    held: dict[tuple[str, Role], list[RoleGrant]] = defaultdict(list)
    for grant in grants:
        held[str(grant.user_id), Role(grant.role)].append(grant)
    changes = []
    for (user, role), theirs in sorted(held.items()):
        places = {str(grant.unit_id) for grant in theirs}
        if role is Role.ADMINISTRATOR or not places & concerned:
            continue
        seen = _seen(before, [(str(one.unit_id), one.reach) for one in theirs])
        kept = [(heirs.get(one.pk, str(one.unit_id)), one.reach) for one in theirs]
        sees = _seen(after, [(unit, reach) for unit, reach in kept if unit is not None])
        gains, loses = _compared(outcome, seen, sees)
        if gains or loses:
            changes.append(SightChange(user, role, gains, loses))
    return changes


def _seen(tree: Tree, places: Iterable[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    for unit, reach in places:
        if reach == Reach.UNIT_AND_BELOW:
            found |= tree.below(unit)
        elif unit in tree.parents:
            found.add(unit)
    return found


def _compared(outcome: Outcome, seen: set[str], sees: set[str]) -> tuple[int, int]:
    came_from: dict[str, set[str]] = defaultdict(set)
    went_to: dict[str, set[str]] = defaultdict(set)
    for one in outcome.lineage:
        came_from[one.successor].add(one.predecessor)
        went_to[one.predecessor].add(one.successor)
    gains = sum(
        1
        for unit in sees - seen
        if (unit not in outcome.created or came_from[unit]) and not came_from[unit] & seen
    )
    loses = sum(
        1
        for unit in seen - sees
        if (unit not in outcome.ended or went_to[unit]) and not went_to[unit] & sees
    )
    return gains, loses
