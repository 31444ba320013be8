"""From which side somebody comes to a dossier: by the unit in which the role is held.

A role held in the rated unit itself speaks for it; a role held in the committee, with reach below,
decides; one held above the committee answers appeals. The committee at the top has nobody above in
this system: it records what was answered, with the document of whoever did.
"""

from __future__ import annotations

from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import DossierSide, Reach
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.org.models import UnitClosure


def decides(viewer: Viewer, cycle: Cycle) -> bool:
    """Whether the viewer's role is held in the committee of the cycle."""
    return cycle.unit_id in viewer.units_with(Reach.UNIT_AND_BELOW)


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
