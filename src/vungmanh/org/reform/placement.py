"""The rule that says which kind may stand under which on a day."""

from __future__ import annotations

import datetime as dt

from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.loader import load_rulebook
from vungmanh.rulebook.values import StructurePlacement


def placement_on(day: dt.date) -> Rule | None:
    """The rule `structure.placement` of the day, None before the first one."""
    view = load_rulebook().on(day)
    return view.rule(StructurePlacement.key) if view.has(StructurePlacement.key) else None
