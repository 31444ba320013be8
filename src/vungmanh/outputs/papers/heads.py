"""What stands above the papers of a unit: the committee that leads it, its letters, its place."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.minutes.gather import heading_of
from vungmanh.outputs.papers.kinds.sender import Sender
from vungmanh.rulebook.values.papers import PaperBody

#: How a committee is called after its organisation, and the letters of its papers.
_COMMITTEES = (
    ("Đảng bộ tỉnh ", "Tỉnh ủy ", "TU"),
    ("Đảng bộ huyện ", "Huyện ủy ", "HU"),
    ("Đảng bộ ", "Đảng ủy ", "ĐU"),
    ("Chi bộ ", "Chi bộ ", "CB"),
)


def committee_of(name: str) -> tuple[str, str]:
    """The committee of an organisation and its letters: "Đảng ủy xã Quan Mẫu", "ĐU"."""
    for organisation, committee, mark in _COMMITTEES:
        if name.startswith(organisation):
            return committee + name.removeprefix(organisation), mark
    return name, "ĐU"


def bodies_of(kind: UnitKind) -> tuple[PaperBody, ...]:
    """Who may issue papers in a unit of this kind."""
    if kind in CELL_KINDS:
        return (PaperBody.CELL,)
    return (PaperBody.COMMITTEE, PaperBody.STANDING_COMMITTEE)


def sender_of_unit(unit_id: UUID, body: PaperBody, *, on: dt.date) -> Sender:
    """The committee of a unit as it is called on a day. Reads past the wall: what the committees
    above are called is no secret."""
    with lowered():
        heading = heading_of(unit_id, on)
    issuer, mark = committee_of(heading["issuer"])
    return Sender(
        superior=committee_of(heading["superior"])[0],
        issuer=issuer,
        place=heading["place"],
        mark=mark,
        body=body,
        day=on,
        is_simulated=heading["is_simulated"],
    )


def mark_of(unit_id: UUID) -> str:
    """The letters of a unit's papers."""
    with lowered():
        version = UnitVersion.objects.filter(unit_id=unit_id).order_by("valid").last()
    return committee_of(version.name)[1] if version else "ĐU"
