"""Who acted: in person, or through somebody to whom the role was lent."""

from __future__ import annotations

from uuid import UUID

from vungmanh.access.viewer import Viewer


def is_one_of(viewer: Viewer, *persons: UUID | None) -> bool:
    """Whether the viewer, or whoever lent the role, is one of these.

    Keep both who did it and on whose behalf, and compare with both: else a lender answers what was
    asked for in the lender's own name.
    """
    lender = viewer.on_behalf_of
    own = {viewer.user.pk} | ({lender.pk} if lender else set())
    return bool(own & set(persons))
