"""Programmes, choices and plans of overseers that wait for a decision, and what one was given.

Asked at the moment of looking (`live_waiting`), not once a night: whoever was named today sees it
today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access import wall
from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import PlanState, ProgrammeState, SelectionState
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.meetings.digest import Waiting
from vungmanh.org.queries import units_held
from vungmanh.strengthening.assigning_reads import plans_visible
from vungmanh.strengthening.file_news import files_with
from vungmanh.strengthening.file_reads import VIEW
from vungmanh.strengthening.models import OversightPlan, Programme
from vungmanh.strengthening.programme_reads import programmes_visible
from vungmanh.strengthening.selection_reads import selections_visible
from vungmanh.strengthening.standing_in import acting_for

NEW_CHARGE = dt.timedelta(days=7)  # how long a new charge is news
_KEY = "files_my_review"
#: What is told as it stands now, never from the list of the night.
LIVE = (
    _KEY, "programmes_to_decide", "programmes_returned", "selections_to_decide",
    "selections_returned", "oversight_to_decide", "oversight_returned", "charges_new",
)  # fmt: skip


def live_waiting(viewer: Viewer, on: dt.date) -> list[Waiting]:
    """What waits for the viewer now; nothing that is zero."""
    found = [*decisions_waiting(viewer, on)]
    if can(viewer, VIEW):
        reviews = files_with(viewer, on, _KEY).order_by("review_due")
        days = list(reviews.values_list("review_due", flat=True))
        found.append(Waiting(_KEY, len(days), days[0] if days else None))
    return [one for one in found if one.count]


def decisions_waiting(viewer: Viewer, on: dt.date) -> Iterator[Waiting]:
    """For the daily list (`meetings.digest`)."""
    held = acting_for(viewer).units_with(Reach.UNIT_AND_BELOW)
    if can(viewer, "strengthening.programme.approve"):
        asked = programmes_visible(viewer).filter(
            _other(viewer), state=ProgrammeState.SUBMITTED, unit_id__in=held
        )
        yield Waiting("programmes_to_decide", asked.count())
    if can(viewer, "strengthening.programme.draft"):
        yield Waiting("programmes_returned", _returned(viewer, held).count())
    if can(viewer, "strengthening.selection.decide"):
        lists = selections_visible(viewer).filter(
            _other(viewer), state=SelectionState.SUBMITTED, unit_id__in=held
        )
        yield Waiting("selections_to_decide", lists.count())
    if can(viewer, "strengthening.selection.run"):
        back = selections_visible(viewer).filter(
            state=SelectionState.DRAFT, unit_id__in=held, submitted_at__isnull=False
        )
        yield Waiting("selections_returned", back.count())
    yield Waiting("oversight_to_decide", plans_to_decide(viewer, on).count())
    yield Waiting("oversight_returned", plans_returned(viewer).count())
    if viewer.role is Role.OVERSEER:
        yield Waiting("charges_new", charges_new(viewer, on))


def plans_to_decide(viewer: Viewer, on: dt.date) -> QuerySet[OversightPlan]:
    """The plans that wait for the viewer's approval."""
    if not can(viewer, "strengthening.oversight.approve"):
        return OversightPlan.objects.none()
    persons = _persons(viewer)
    made = Q(made_by__in=persons) | Q(made_on_behalf__in=persons)
    return plans_visible(viewer).filter(
        _other(viewer), ~made, state=PlanState.SUBMITTED, unit_id__in=units_held(viewer, on)
    )  # fmt: skip


def plans_returned(viewer: Viewer) -> QuerySet[OversightPlan]:
    """The plans of the viewer's office that were sent back to be mended."""
    if not can(viewer, "strengthening.oversight.plan"):
        return OversightPlan.objects.none()
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    return plans_visible(viewer).filter(
        state=PlanState.DRAFT, unit_id__in=held, result__has_key="returned"
    )


def charges_new(viewer: Viewer, on: dt.date) -> int:
    """How many cells plans approved in the last days gave the viewer."""
    user = viewer.on_behalf_of or viewer.user
    # An overseer sees no plan; of it nothing is told but the number of one's own cells.
    with wall.lowered():
        plans = OversightPlan.objects.filter(
            state=PlanState.APPROVED, approved_at__date__gte=on - NEW_CHARGE,
            lines__overseer=user,
        ).distinct()  # fmt: skip
        given = [pk for found in plans for pk in found.result.get("given", ())]
        own = RoleGrant.objects.filter(pk__in=given, user=user, valid__endswith__gt=on)
        return own.count() if given else 0


def _returned(viewer: Viewer, held: Collection[UUID]) -> QuerySet[Programme]:
    return programmes_visible(viewer).filter(
        state=ProgrammeState.DRAFT, unit_id__in=held, submitted_at__isnull=False
    )


def _persons(viewer: Viewer) -> list[UUID]:
    lender = viewer.on_behalf_of
    return [viewer.user.pk, *([lender.pk] if lender else [])]


def _other(viewer: Viewer) -> Q:
    """Put forward by somebody else: nobody answers what they asked for."""
    persons = _persons(viewer)
    mine = Q(submitted_by__isnull=False, submitted_by__in=persons)
    return ~(mine | Q(submitted_on_behalf__isnull=False, submitted_on_behalf__in=persons))
