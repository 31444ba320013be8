"""From which side somebody comes to a dossier: by the unit in which the role is held.

A role held in the rated unit itself speaks for it; a role held in the committee, with reach below,
decides; one held above the committee answers appeals. For a unit without anybody of its own the
office of the committee writes what came on paper. The committee at the top has nobody above in
this system: it records what was answered, with the document of whoever did.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierSide, Reach, Role
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import Ancestry, UnitClosure, UnitParent, UnitVersion

#: Roles that speak for the unit in which they are held.
_SPEAK = (Role.CELL_SECRETARY, Role.COMMITTEE_OFFICE)


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
    sides = sides_in(viewer, dossier.cycle)
    if holds(viewer, dossier) or writes_from_paper(viewer, dossier):
        sides |= {DossierSide.UNIT}
    return sides


def holds(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether the viewer's role is held in the rated unit itself."""
    return any(grant.unit_id == dossier.unit_id for grant in viewer.grants)


def writes_from_paper(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether the deciding committee's office writes what a unit handed in on paper: only for one
    where nobody has an account. Whoever wrote it does not verify or decide it (`bars`)."""
    if viewer.role is not Role.COMMITTEE_OFFICE or not decides(viewer, dossier.cycle):
        return False
    own = RoleGrant.objects.filter(
        unit_id=dossier.unit_id, role__in=_SPEAK, valid__contains=viewer.on, user__is_active=True
    )
    return not own.exists()


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
