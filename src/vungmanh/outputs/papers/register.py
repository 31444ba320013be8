"""The register of papers sent out: what each unit in sight has issued, and what stands on paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotFound
from vungmanh.core.text import fold
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.rulebook.values.papers import SigningCapacity

VIEW = "outputs.paper.view"


@dataclass(frozen=True)
class Wanted:
    """The filters of the register; empty means all."""

    type: str = ""
    term: str = ""
    year: int | None = None
    text: str = ""


def numbers_visible(viewer: Viewer | None) -> QuerySet[PaperNumber]:
    """What the units in sight today issued, and those gone whose past the viewer reads."""
    if viewer is None or not can(viewer, VIEW):
        return PaperNumber.objects.none()
    gone = Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    found = PaperNumber.objects.filter(Q(unit_id__in=units_visible(viewer, viewer.on)) | gone)
    return found.select_related("by", "cancelled_by")


def number_visible(viewer: Viewer | None, number_id: UUID) -> PaperNumber:
    """One of them. Raises NotFound alike for absent and out of sight."""
    found = numbers_visible(viewer).filter(pk=number_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy văn bản này trong sổ của phạm vi đồng chí.", code="no-paper-number"
        )
    return found


def register_of(
    viewer: Viewer | None, unit_id: UUID, wanted: Wanted = Wanted()
) -> QuerySet[PaperNumber]:
    """The numbered papers of one unit, the latest first. Every word of the text must occur, with or
    without diacritics."""
    found = numbers_visible(viewer).filter(unit_id=unit_id, number__isnull=False)
    if wanted.type:
        found = found.filter(type=wanted.type)
    if wanted.term:
        found = found.filter(term=wanted.term)
    if wanted.year is not None:
        found = found.filter(on__year=wanted.year)
    for word in fold(wanted.text).split():
        found = found.filter(search__contains=word)
    return found.order_by("-on", "-at", "-number", "pk")


# --- on paper ------------------------------------------------------------------------------------


def issue_of(unit_id: UUID, subject: str) -> PaperNumber | None:
    """How a paper was issued; None while it is not. What was cancelled is on no paper.

    Reads past the wall: a unit prints the notice sent to it with the number of the committee above.
    """
    with lowered():
        found = PaperNumber.objects.filter(unit_id=unit_id, subject=subject, cancelled_at=None)
        return found.first()


def stamped(sender: Sender, closing: Closing, issue: PaperNumber | None) -> tuple[Sender, Closing]:
    """Sender and closing with number, day and signer as the paper was issued."""
    if issue is None:
        return sender, closing
    sender = replace(sender, on=issue.on, number=issue.number)
    if issue.signer_role:
        closing = replace(closing, signers=(signer_of(issue),))
    return sender, closing


def signer_of(issue: PaperNumber) -> Signer:
    return Signer(
        issue.signer_role, issue.signer_name, SigningCapacity(issue.capacity), issue.signed_for
    )
