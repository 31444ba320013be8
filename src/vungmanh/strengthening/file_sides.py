"""From which side somebody comes to a file: by the unit in which the role is held."""

from __future__ import annotations

from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileSide
from vungmanh.core.vocabulary import Reach
from vungmanh.strengthening.models import SupportFile

_NOT_YOURS = {
    FileSide.HANDLER: "Việc này của nơi theo dõi hồ sơ.",
    FileSide.APPROVER: "Việc này của cấp quyết định.",
    FileSide.UNIT: "Việc này của chính đơn vị được củng cố.",
}


def sides_of(viewer: Viewer, file: SupportFile) -> frozenset[FileSide]:
    """The sides on which the viewer stands, whatever the role."""
    held = set(viewer.units_with(Reach.UNIT_AND_BELOW))
    sides = set()
    if file.handler_id in held:
        sides.add(FileSide.HANDLER)
    if file.approver_id in held:
        sides.add(FileSide.APPROVER)
    if file.unit_id in {grant.unit_id for grant in viewer.grants}:
        sides.add(FileSide.UNIT)
    return frozenset(sides)


def is_offered_to(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether a file offered to this committee is the viewer's to accept or refuse."""
    return unit_id in viewer.units_with(Reach.UNIT_AND_BELOW)


def why_not(side: FileSide) -> str:
    """Whose act it is."""
    return _NOT_YOURS[side]
