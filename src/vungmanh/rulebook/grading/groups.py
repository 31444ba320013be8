"""Which organisations share one cap: groups of like kind, small ones pooled."""

from __future__ import annotations

from collections.abc import Mapping

from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.rulebook.values.quota import QuotaGrouping, QuotaMethod


def like_kind(sector: Sector, kind: UnitKind, grouping: QuotaGrouping) -> str:
    """The code of the group of an organisation: "school", or "school/chi_bo".

    Villages never stand with schools, agencies or enterprises (decisions.md 22). Organisations and
    leading collectives are held apart by asking for each in a call of its own.
    """
    if grouping is QuotaGrouping.SECTOR:
        return sector.value
    return f"{sector.value}/{kind.value}"


def group_label(name: str) -> str:
    """A group in Vietnamese; a name that is no code of `like_kind` stays as it is."""
    sector, _, kind = name.partition("/")
    if sector not in set(Sector) or (kind and kind not in set(UnitKind)):
        return name
    label = Sector(sector).label
    return f"{label}, {UnitKind(kind).label}" if kind else label


def pooled_groups(good: Mapping[str, int], method: QuotaMethod) -> tuple[str, ...]:
    """Which groups are counted as one; none when fewer than two are too small.

    `good` counts, by group, who is rated good or better: the number a cap is taken of. A group
    without any has nothing to bring, and stays by itself so that this is said of it.
    """
    small = sorted(name for name, count in good.items() if 0 < count < method.minimum_group)
    return tuple(small) if len(small) > 1 else ()
