"""Choosing a unit by typing words: the units in sight, and those the same draft founds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.listing import names_above
from vungmanh.org.queries import search_units

PICKS_OFFERED = 12


@dataclass(frozen=True)
class Pick:
    """A unit to choose: an identifier, or "#ref" of one that the draft founds."""

    code: str
    name: str
    kind: str  # its label
    above: str = ""


def picks_for(
    viewer: Viewer,
    words: str,
    on: dt.date,
    *,
    besides: UUID | None = None,
    new_units: Sequence[Pick] = (),
) -> list[Pick]:
    """Units existing on a day whose name or code holds every word; new ones of the draft first."""
    wanted = fold(words).split()
    if not wanted:
        return []
    new = [one for one in new_units if all(word in fold(one.name) for word in wanted)]
    found = [
        one
        for one in search_units(viewer, words, on, limit=PICKS_OFFERED + 1)
        if one.unit_id != besides
    ]
    above = names_above([one.unit_id for one in found], on)
    known = [
        Pick(str(one.unit_id), one.name, UnitKind(one.kind).label, above.get(one.unit_id, ""))
        for one in found
    ]
    return [*new, *known][:PICKS_OFFERED]
