"""Reads about choosing whom to strengthen. Everything is cut to the viewer's scope first."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from vungmanh.access import wall
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import SelectionState
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.file_reads import files_visible
from vungmanh.strengthening.models import Choice, Selection, SelectionAppeal, SelectionOverride
from vungmanh.strengthening.models.files import OVER

VIEW = "strengthening.selection.view"
APPEAL = "strengthening.selection.appeal"


def selections_visible(viewer: Viewer | None) -> QuerySet[Selection]:
    """The selections of the committees in sight: nobody reads those of a committee above."""
    if viewer is None or not can(viewer, VIEW):
        return Selection.objects.none()
    return Selection.objects.filter(
        Q(unit_id__in=units_visible(viewer, viewer.on))
        | Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    )


def selection_visible(viewer: Viewer | None, selection_id: UUID) -> Selection:
    """One selection. Raises NotFound alike for absent and out of sight."""
    found = (
        selections_visible(viewer)
        .select_related("programme", "made_by", "submitted_by", "decided_by")
        .filter(pk=selection_id)
        .first()
    )
    if found is None:
        raise NotFound(
            "Không tìm thấy lần lựa chọn này trong phạm vi của đồng chí.", code="no-selection"
        )
    # Snapshots stand behind the wall for whoever does not see all; what a selection in sight rests
    # on is part of it, and holds only units below its committee.
    with wall.lowered():
        assert found.snapshot
    return found


def appeal_visible(viewer: Viewer | None, appeal_id: UUID) -> SelectionAppeal:
    """What a unit said against being chosen, of a selection in sight. Raises NotFound."""
    found = SelectionAppeal.objects.select_related("selection", "by", "answered_by").filter(
        pk=appeal_id, selection__in=selections_visible(viewer)
    )
    appeal = found.first()
    if appeal is None:
        raise NotFound("Không tìm thấy kiến nghị này trong phạm vi của đồng chí.", code="no-appeal")
    return appeal


@dataclass(frozen=True)
class Inputs:
    """What a selection was asked and by which rule, from the bytes it kept."""

    rule: dict[str, Any]
    asked: dict[str, Any]
    candidates: dict[str, dict[str, Any]] = field(default_factory=dict)  # by unit
    waiting: dict[str, str] = field(default_factory=dict)  # until when each might answer


def inputs_of(found: Selection) -> Inputs:
    """Read from what was kept, never from the rulebook of today."""
    said = json.loads(bytes(found.snapshot.content))
    by_unit = {one["id"]: one for one in said["candidates"]}
    return Inputs(said["rule"], said["asked"], by_unit, said.get("waiting", {}))


def appeal_until(found: Selection) -> dt.date:
    """The last day on which a unit may appeal, by the rule of the choice."""
    assert found.decided_at is not None, "only what is decided can be appealed"
    now = load_rulebook().on(localdate(found.decided_at)).of(SelectionRule)
    days: int = inputs_of(found).rule.get("appeal_days", now.appeal_days)
    return localdate(found.decided_at) + dt.timedelta(days=days)


def last_words(found: Selection) -> dict[UUID, SelectionOverride]:
    """The last override on each unit, which is the one that counts."""
    said = found.overrides.select_related("by").order_by("at", "id")
    return {one.unit_id: one for one in said}


def helped_beside(viewer: Viewer, units: list[UUID]) -> dict[UUID, list[str]]:
    """Of these units, those with another above or below, in sight, that is being strengthened."""
    day = viewer.on
    links = UnitClosure.objects.filter(depth__gt=0, valid__contains=day)
    pairs = [
        *links.filter(ancestor_id__in=units).values_list("ancestor_id", "descendant_id"),
        *links.filter(descendant_id__in=units).values_list("descendant_id", "ancestor_id"),
    ]
    open_ = files_visible(viewer).exclude(state__in=OVER)
    around = open_.filter(unit_id__in={other for _, other in pairs})
    names = named(around.values_list("unit_id", flat=True), day)
    found: dict[UUID, list[str]] = {}
    for unit, other in pairs:
        if other in names:
            found.setdefault(unit, []).append(names[other])
    return {unit: sorted(others) for unit, others in found.items()}


# --- seen by the unit that was chosen -------------------------------------------------------------


@dataclass(frozen=True)
class ChoiceSeen:
    """A choice as the unit may read it: the decision and its own figures, no rank, nobody else."""

    choice: Choice
    number: str
    decided_on: Any
    row: dict[str, Any]
    rule: dict[str, Any]
    appeals: list[SelectionAppeal]
    until: dt.date  # the last day on which it may appeal
    month: dt.date  # of the assessment it rests on


def choice_visible(viewer: Viewer | None, choice_id: int) -> ChoiceSeen:
    """A choice of a unit in sight. Raises NotFound alike for absent and out of sight."""
    if viewer is None or not can(viewer, APPEAL):
        raise NotFound("Không tìm thấy việc chọn này.", code="no-choice")
    seen = Choice.objects.filter(unit_id__in=units_visible(viewer, viewer.on))
    # By its own key: the usual order joins the selection, which the unit does not see.
    choice = seen.filter(pk=choice_id).order_by("pk").first()
    if choice is None:
        raise NotFound("Không tìm thấy việc chọn này.", code="no-choice")
    # The selection belongs to the committee above: of it the unit reads the number and day of the
    # decision, the rule, and its own row of the table.
    with wall.lowered():
        found = Selection.objects.select_related("snapshot").get(pk=choice.selection_id)
        rows = {row["unit"]: row for row in found.result["table"]}
        rule, until = inputs_of(found).rule, appeal_until(found)
    appeals = SelectionAppeal.objects.filter(
        selection_id=choice.selection_id, unit_id=choice.unit_id
    ).select_related("by")
    return ChoiceSeen(
        choice, found.number, found.decided_on, rows.get(str(choice.unit_id), {}), rule,
        list(appeals), until, found.month,
    )  # fmt: skip


@dataclass(frozen=True)
class OwnList:
    """A decided list in which a unit of the viewer's stands, chosen or not: its own row alone."""

    selection_id: UUID
    unit_id: UUID
    year: int
    number: str
    decided_on: dt.date
    row: dict[str, Any]
    rule: dict[str, Any]
    choice: Choice | None
    appeals: list[SelectionAppeal]
    until: dt.date
    month: dt.date

    @property
    def may_appeal_after(self) -> bool:
        """Whether nothing of the unit's waits, and it was not taken out already."""
        waits = any(one.answered_at is None for one in self.appeals)
        return not waits and (self.choice is None or self.choice.withdrawn_at is None)


def own_lists(viewer: Viewer, programme_id: UUID) -> list[OwnList]:
    """The decided lists of a programme in which units of the viewer's own stand, newest first."""
    if not can(viewer, APPEAL):
        return []
    found = []
    for unit_id in sorted({grant.unit_id for grant in viewer.grants}):
        # The lists belong to committees above: the unit reads number and day of the decision, the
        # rule, and its own row.
        with wall.lowered():
            decided = Selection.objects.select_related("snapshot").filter(
                programme_id=programme_id, state=SelectionState.DECIDED,
                result__table__contains=[{"unit": str(unit_id)}],
            )  # fmt: skip
            found += [_own_list(one, unit_id) for one in decided]
    return sorted(found, key=lambda one: (-one.year, one.selection_id))


def _own_list(one: Selection, unit_id: UUID) -> OwnList:
    assert one.decided_on is not None, "decided lists have a day"
    row = next(row for row in one.result["table"] if row["unit"] == str(unit_id))
    appeals = SelectionAppeal.objects.filter(selection=one, unit_id=unit_id).select_related("by")
    return OwnList(
        one.pk, unit_id, one.year, one.number, one.decided_on, row, inputs_of(one).rule,
        one.choices.filter(unit_id=unit_id).first(), list(appeals), appeal_until(one), one.month,
    )  # fmt: skip
