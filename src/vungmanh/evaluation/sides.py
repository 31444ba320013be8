"""From which side somebody comes to a dossier: by the unit in which the role is held.

A role held in the rated unit itself speaks for it; a role held in the committee, with reach below,
decides; one held above the committee answers appeals. The committee at the top has nobody above in
this system: it records what was answered, with the document of whoever did.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierSide, Reach, Role
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import Ancestry, UnitClosure, UnitParent, UnitVersion


def decides(viewer: Viewer, cycle: Cycle) -> bool:
    """Whether the viewer's role is held in the committee of the cycle, or in what has taken its
    place since it ended."""
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    return bool(held) and (cycle.unit_id in held or _in_place_of(cycle, viewer.on) in held)


def _in_place_of(cycle: Cycle, on: dt.date) -> UUID | None:
    """Who finishes what a committee that has ended left open: the one unit it went into, or, where
    there is no such one, the unit that stood directly above it on its last day."""
    own = UnitVersion.objects.filter(unit_id=cycle.unit_id)
    if own.filter(Q(valid__endswith__gt=on) | Q(valid__upper_inf=True)).exists():
        return None
    alive = UnitVersion.objects.filter(unit_id=OuterRef("successor_id"), valid__contains=on)
    heirs = Ancestry.objects.filter(Exists(alive), predecessor_id=cycle.unit_id)
    found = list(heirs.order_by().values_list("successor_id", flat=True).distinct()[:2])
    if len(found) == 1:
        return found[0]
    above = UnitParent.objects.filter(unit_id=cycle.unit_id).order_by("-valid")
    return above.values_list("parent_id", flat=True).first()


def reads_whole(viewer: Viewer, cycle: Cycle) -> bool:
    """Whether the viewer reads a cycle as a whole: who decides in it, and the province."""
    return decides(viewer, cycle) or viewer.role is Role.PROVINCIAL_ANALYST


def sides_of(viewer: Viewer, dossier: Dossier) -> frozenset[DossierSide]:
    """The sides on which the viewer stands, whatever the role."""
    sides = set()
    if any(grant.unit_id == dossier.unit_id for grant in viewer.grants):
        sides.add(DossierSide.UNIT)
    return frozenset(sides) | sides_in(viewer, dossier.cycle)


def sides_in(viewer: Viewer, cycle: Cycle) -> frozenset[DossierSide]:
    """The sides on which the viewer stands towards every dossier of the cycle; one query."""
    sides = {DossierSide.COMMITTEE} if decides(viewer, cycle) else set()
    above = above_committee(cycle)
    if above & set(viewer.units_with(Reach.UNIT_AND_BELOW)) or (not above and sides):
        sides.add(DossierSide.UPPER)
    return frozenset(sides)


def above_committee(cycle: Cycle) -> set[UUID]:
    """The units above the committee on the day of the cycle; none above the top."""
    links = UnitClosure.objects.filter(
        descendant_id=cycle.unit_id, depth__gt=0, valid__contains=cycle.on
    )
    return set(links.order_by().values_list("ancestor_id", flat=True))
