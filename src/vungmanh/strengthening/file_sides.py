"""From which side somebody comes to a file: by the unit in which the role is held.

Where the committee that follows or decides has ended, another acts for it (`standing_in`).
"""

from __future__ import annotations

from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileSide
from vungmanh.core.vocabulary import Reach
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.standing_in import is_held, places_now

_NOT_YOURS = {
    FileSide.HANDLER: "Việc này của nơi theo dõi hồ sơ.",
    FileSide.APPROVER: "Việc này của cấp quyết định.",
    FileSide.UNIT: "Việc này của chính đơn vị được củng cố.",
}


def sides_of(viewer: Viewer, file: SupportFile) -> frozenset[FileSide]:
    """The sides on which the viewer stands, whatever the role."""
    held = set(viewer.units_with(Reach.UNIT_AND_BELOW))
    sides, places = set(), {file.handler_id, file.approver_id}
    if held and not places <= held:
        passed = places_now(places - held, viewer.on)
        held |= {ended for ended, place in passed.items() if place in held}
    if file.handler_id in held:
        sides.add(FileSide.HANDLER)
    if file.approver_id in held:
        sides.add(FileSide.APPROVER)
    if file.unit_id in {grant.unit_id for grant in viewer.grants}:
        sides.add(FileSide.UNIT)
    return frozenset(sides)


def is_offered_to(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether a file offered to this committee is the viewer's to accept or refuse."""
    return is_held(viewer, unit_id)


def why_not(side: FileSide) -> str:
    """Whose act it is."""
    return _NOT_YOURS[side]
