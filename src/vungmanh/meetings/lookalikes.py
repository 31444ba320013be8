"""Reads about records that look like others: which one sees, which wait, how often rules are right.

Never more than "please look": two cells that met together, or a sentence everybody was told to
write, look alike too. Whoever may not see the other cell learns that there is one, not which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule, ObligationKind, Reach
from vungmanh.meetings.models import MeetingReport, MeetingVersion, TextLikeness
from vungmanh.meetings.reads import may_write_for
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import ended_units_visible, units_visible

REVIEW, ANSWER = "meetings.text.review", "meetings.text.answer"
#: With fewer scored months the same score each time says nothing.
LEAST_SCORED = 6


def text_of(facts: Mapping[str, Any]) -> str:
    """What of a record is compared: discussion and conclusion, as written. Places in it are places
    in `TextLikeness.passages`."""
    parts = [facts.get("discussion") or "", facts.get("conclusion") or ""]
    return "\n\n".join(part for part in parts if part.strip())


def likenesses_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[TextLikeness]:
    """Findings about units in sight on a day, and about those gone by then whose past one sees.

    Of versions that still stand: what was returned or corrected is no longer held against anybody,
    but what a person said of it stays, and counts.
    """
    gone = ended_units_visible(viewer, on)
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)
    stands = Q(version__in=standing_versions().values("pk"))
    return TextLikeness.objects.filter(seen, stands | ~Q(outcome=""))


def standing_versions() -> QuerySet[MeetingVersion]:
    """Of every meeting the last version that was neither returned nor taken back."""
    return (
        MeetingVersion.objects.filter(returned_at=None, retracted_at=None)
        .order_by("meeting_id", "-filing")
        .distinct("meeting_id")
    )


def likeness_visible(viewer: Viewer | None, likeness_id: UUID, on: dt.date) -> TextLikeness:
    """One finding. Raises NotFound alike for absent and out of sight."""
    found = likenesses_visible(viewer, on).filter(pk=likeness_id).first()
    if found is None:
        raise NotFound("Không tìm thấy biên bản này trong phạm vi của đồng chí.", code="no-text")
    return found


def units_in_sight(viewer: Viewer | None, units: Iterable[UUID], on: dt.date) -> set[UUID]:
    """Those of `units` whose records the viewer may read: the wall says the same."""
    asked = set(units)
    living = units_visible(viewer, on).filter(descendant_id__in=asked)
    gone = set(ended_units_visible(viewer, on)) if viewer is not None else set()
    return (set(living) | gone) & asked


def answers(viewer: Viewer, likeness: TextLikeness) -> bool:
    """Whether the viewer speaks for the cell: its own secretary, or whoever writes its records."""
    return can(viewer, ANSWER) and may_write_for(viewer, likeness.unit_id, likeness.month)


def reviews(viewer: Viewer, likeness: TextLikeness) -> bool:
    """Whether the viewer stands above the cell: who is looked at does not say what it is."""
    above = UnitClosure.objects.filter(
        descendant_id=likeness.unit_id,
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW),
        depth__gt=0,
    )
    return can(viewer, REVIEW) and above.exists()


@dataclass(frozen=True)
class SameScore:
    """A cell that told one and the same score for every month it scored within a year."""

    unit_id: UUID
    months: int
    score: Decimal


def same_scores(viewer: Viewer | None, on: dt.date) -> list[SameScore]:
    """The cells in sight that scored LEAST_SCORED months of the twelve before this one, or more,
    all alike; most months first. A count, no test: who was right so often is seen by looking."""
    last = add_months(month_of(on), -1)
    told = (
        MeetingReport.objects.filter(
            unit_id__in=units_visible(viewer, on),
            kind=ObligationKind.REGULAR,
            month__range=(add_months(last, -11), last),
            score__isnull=False,
        )
        .order_by()
        .values("unit_id")
        .annotate(months=Count("pk"), low=Min("score"), high=Max("score"))
        .filter(months__gte=LEAST_SCORED, low=F("high"))
    )
    rows = told.values_list("unit_id", "months", "low")
    return sorted((SameScore(*row) for row in rows), key=lambda one: (-one.months, one.unit_id))


@dataclass(frozen=True)
class RulePrecision:
    """How often a rule was right: of so many shown, what persons said they were."""

    rule: LikenessRule
    shown: int
    outcomes: dict[LikenessOutcome, int]

    @property
    def reviewed(self) -> int:
        return sum(self.outcomes.values())

    @property
    def share(self) -> float | None:
        """Those that needed a talk, of those reviewed; None while nothing has been."""
        needed = self.outcomes[LikenessOutcome.NEEDS_TALK]
        return needed / self.reviewed if self.reviewed else None


def precision_by_rule(viewer: Viewer | None, on: dt.date) -> list[RulePrecision]:
    """One row a rule that ever showed anything, over everything the viewer sees."""
    told = likenesses_visible(viewer, on).order_by().values_list("rule", "outcome")
    counts = {(rule, outcome): n for rule, outcome, n in told.annotate(n=Count("pk"))}
    found = []
    for rule in LikenessRule:
        outcomes = {one: counts.get((rule, one.value), 0) for one in LikenessOutcome}
        shown = counts.get((rule, ""), 0) + sum(outcomes.values())
        if shown:
            found.append(RulePrecision(rule, shown, outcomes))
    return found
