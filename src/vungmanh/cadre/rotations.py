"""Reads about rotations: which are in sight, where each stands on a day, what its rule says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import Rotation
from vungmanh.cadre.staffing import Circumstances, Holder, judge_appointment, judge_move, kind_on
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import AppointmentWay, RotationState
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.days import whole_months
from vungmanh.rulebook.people.eligibility import EligibilityFacts, judge_eligibility, judge_stay
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding

#: Conditions of a rotation; what a post asks besides is for the page on eligibility.
_OF_ROTATION = frozenset(
    {"rotation", "direction", "term_served", "years_left", "planned", "adds_no_post", "not_local",
     "head", "terms_here"}
)  # fmt: skip


@dataclass(frozen=True)
class RotationFacts:
    """What only a person can say of somebody to be rotated; None is not known."""

    years_left: int | None = None
    is_planned: bool | None = None
    adds_post: bool | None = None
    is_head: bool | None = None
    is_local: bool | None = None
    terms_here: int | None = None


def rotations_visible(viewer: Viewer, on: dt.date) -> QuerySet[Rotation]:
    """Rotations of which one end is in sight: who lost somebody reads it like who received.

    So do those who may still read of an end that a reform ended.
    """
    found = Q()
    for seen in (units_visible(viewer, on), ended_units_visible(viewer, on)):
        found |= Q(from_unit_id__in=seen) | Q(to_unit_id__in=seen)
    return Rotation.objects.filter(found)


def rotation_visible(viewer: Viewer, rotation_id: UUID, on: dt.date) -> Rotation:
    """One rotation. Raises NotFound alike for absent and out of sight."""
    found = rotations_visible(viewer, on).filter(pk=rotation_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy quyết định luân chuyển này trong phạm vi của đồng chí.",
            code="no-rotation",
        )
    return found


def tied_to_rotations(unit_id: UUID) -> dict[int, Rotation]:
    """Appointments of a unit in sight that rotations wrote or ended, each with its rotation: they
    are ended and taken back there. Of one called off nothing is left."""
    ends = Q(from_unit_id=unit_id) | Q(to_unit_id=unit_id)
    found = Rotation.objects.filter(ends).exclude(state=RotationState.CANCELLED)
    rows = [(row, one) for one in found for row in (one.appointment_id, one.left_appointment_id)]
    return {row: one for row, one in rows if row is not None}


def state_on(rotation: Rotation, on: dt.date) -> RotationState:
    """Where it stands: decided before its first day, then away until somebody records its end."""
    if rotation.state in {RotationState.DECIDED, RotationState.AWAY}:
        return RotationState.AWAY if rotation.began_on <= on else RotationState.DECIDED
    return RotationState(rotation.state)


def is_past_return(rotation: Rotation, on: dt.date) -> bool:
    """Whether the day of return has come and nobody recorded a return or a stay."""
    return state_on(rotation, on) is RotationState.AWAY and rotation.return_on <= on


def left_post(unit_id: UUID | None, post: Post | None, holder: Holder,
              on: dt.date) -> Appointment | None:  # fmt: skip
    """The appointment that somebody holds in the post to be left on a day."""
    if unit_id is None or post is None:
        return None
    rows = Appointment.objects.filter(unit_id=unit_id, post=post, valid__contains=on)
    return next((one for one in rows if holder.is_of(one)), None)


def judge_rotation(
    *, holder: Holder, way: AppointmentWay, to_unit: UUID, to_post: Post, began_on: dt.date,
    left: Appointment | None, facts: RotationFacts, told: Circumstances,
    return_on: dt.date | None = None,
) -> tuple[PeopleFinding, ...]:  # fmt: skip
    """The rule on rotation, then what the receiving unit's posts ask, then the unit left behind.

    A condition of a rule that binds and is not met is accepted by name and reason, or stops.
    """
    served = None if left is None else whole_months(left.valid.lower, began_on)
    asked = EligibilityFacts(
        kind=kind_on(to_unit, began_on),
        post=to_post,
        way=way,
        starts_on=began_on,
        months_in_post=served,
        years_left=facts.years_left,
        is_planned=facts.is_planned,
        is_head=facts.is_head,
        is_local=facts.is_local,
        terms_here=facts.terms_here,
        adds_post=facts.adds_post,
    )
    rules = load_rulebook().on(began_on)
    found = [one for one in judge_eligibility(rules, asked) if one.code in _OF_ROTATION]
    found += () if return_on is None else judge_stay(rules, began_on, return_on)
    leaving = () if left is None else (left.pk,)
    return (
        *(_to_be_accepted(one) for one in found),
        *judge_appointment(
            unit_id=to_unit, post=to_post, holder=holder, way=way, from_day=began_on, told=told,
            leaving=leaving,
        ),
        *(() if left is None else judge_move(left, began_on, after_reform=told.after_reform)),
    )  # fmt: skip


def _to_be_accepted(one: PeopleFinding) -> PeopleFinding:
    is_bound = one.citation is not None and one.citation.binds
    if one.state is JudgedState.NOT_MET and is_bound:
        return replace(one, state=JudgedState.EXCEPTION_POSSIBLE)
    return one
