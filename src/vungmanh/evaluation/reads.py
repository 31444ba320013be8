"""Reads about cycles and dossiers. `dossiers_visible` is the one rule: page, list and count ask it.

Whoever stands in the rated unit, or above it, sees its dossier; other units' dossiers do not exist
for it. What was said of it, the unit reads once it is decided; opinions are blind until then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import DossierAct, DossierSide, DossierState
from vungmanh.evaluation import states
from vungmanh.evaluation.bars import Bar, bars_for
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry, GradeDecision
from vungmanh.evaluation.procedure import rule_value
from vungmanh.evaluation.sides import sides_in, sides_of
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.rulebook.values.cycles import CycleProcedure

VIEW = "evaluation.cycle.view"
A = DossierAct
#: What the unit itself says or is told at once; the rest it reads when it is decided.
_OPEN_TO_THE_UNIT = (
    A.WRITE, A.RATE_SELF, A.OPEN_OPINIONS, A.RETURN, A.NOTIFY, A.COMPLAIN, A.REVERIFY, A.APPEAL,
    A.REOPEN,
)  # fmt: skip
_DECIDING = (A.DECIDE, A.ANSWER_COMPLAINT, A.ANSWER_APPEAL)


def dossiers_visible(viewer: Viewer | None, *, removed: bool = False) -> QuerySet[Dossier]:
    """The dossiers of units in sight today, and of those gone whose past the viewer reads."""
    if viewer is None or not can(viewer, VIEW):
        return Dossier.objects.none()
    seen = Q(unit_id__in=units_visible(viewer, viewer.on))
    gone = Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    found = Dossier.objects.filter(seen | gone)
    return found if removed else found.filter(removed_at=None)


def dossier_visible(viewer: Viewer | None, dossier_id: UUID) -> Dossier:
    """One dossier with its cycle. Raises NotFound alike for absent and out of sight."""
    found = (
        dossiers_visible(viewer, removed=True).select_related("cycle").filter(pk=dossier_id).first()
    )
    if found is None:
        raise NotFound(
            "Không tìm thấy hồ sơ xếp loại này trong phạm vi của đồng chí.", code="no-dossier"
        )
    return found


def cycles_visible(viewer: Viewer | None) -> QuerySet[Cycle]:
    """The cycles of committees in sight, and those in which a dossier is."""
    if viewer is None or not can(viewer, VIEW):
        return Cycle.objects.none()
    own = dossiers_visible(viewer).filter(cycle=OuterRef("pk")).order_by()
    seen = Q(unit_id__in=units_visible(viewer, viewer.on))
    gone = Q(unit_id__in=ended_units_visible(viewer, viewer.on))
    return Cycle.objects.filter(seen | gone | Exists(own))


def cycle_visible(viewer: Viewer | None, cycle_id: UUID) -> Cycle:
    """One cycle. Raises NotFound alike for absent and out of sight."""
    found = cycles_visible(viewer).filter(pk=cycle_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy kỳ xếp loại này trong phạm vi của đồng chí.", code="no-cycle"
        )
    return found


def entries_visible(viewer: Viewer, dossier: Dossier) -> list[DossierEntry]:
    """What was done with the dossier, oldest first, as far as this viewer may read it."""
    return entries_of(viewer, [dossier])[dossier.pk]


def entries_of(viewer: Viewer, dossiers: Sequence[Dossier]) -> dict[UUID, list[DossierEntry]]:
    """As `entries_visible`, of many; the number of queries grows with their cycles alone.

    Reads past the wall, which shows no opinion while they are gathered: one's own, and all of them
    once one's own is given, are told here by who looks.
    """
    cycles = {one.cycle_id: one.cycle for one in dossiers}
    sides = {key: sides_in(viewer, cycle) for key, cycle in cycles.items()}
    said: dict[UUID, list[DossierEntry]] = {one.pk: [] for one in dossiers}
    with lowered():
        rows = DossierEntry.objects.filter(dossier__in=said).select_related("by", "on_behalf")
        for entry in rows.order_by("dossier_id", "number"):
            said[entry.dossier_id].append(entry)
    return {one.pk: _readable(said[one.pk], sides[one.cycle_id], one, viewer) for one in dossiers}


def _readable(
    said: list[DossierEntry], sides: frozenset[DossierSide], dossier: Dossier, viewer: Viewer
) -> list[DossierEntry]:
    if sides & {DossierSide.COMMITTEE, DossierSide.UPPER}:
        return [entry for entry in said if not _is_blind(entry, said, dossier, viewer)]
    last = max((entry.number for entry in said if entry.act in _DECIDING), default=0)
    return [entry for entry in said if entry.number <= last or entry.act in _OPEN_TO_THE_UNIT]


def _is_blind(
    entry: DossierEntry, said: list[DossierEntry], dossier: Dossier, viewer: Viewer
) -> bool:
    """An opinion of somebody else, while opinions are gathered and one's own is not given."""
    if entry.act != A.GIVE_OPINION or entry.filing != dossier.filing:
        return False
    if dossier.state != DossierState.IN_OPINION or _is_open(dossier.cycle):
        return False
    return not any(
        other.by_id == viewer.user.pk
        for other in said
        if other.act == A.GIVE_OPINION and other.filing == dossier.filing
    )


def _is_open(cycle: Cycle) -> bool:
    """Whether the procedure of the cycle says that opinions are not blind. Where it says nothing
    they are: nobody leans on what another has written."""
    procedure = rule_value(cycle.rules, CycleProcedure.key)
    step = procedure.step(A.GIVE_OPINION) if isinstance(procedure, CycleProcedure) else None
    return step is not None and step.blind is False


def bodies_heard(dossier: Dossier) -> dict[str, bool]:
    """Each body that is asked, and whether its opinion of the current filing is in.

    Reads past the wall: that a word was said is no secret, the word is.
    """
    heard = heard_of([dossier])[dossier.pk]
    return {body: body in heard for body in [*dossier.cycle.bodies, *sorted(heard)]}


def heard_of(dossiers: Collection[Dossier]) -> dict[UUID, set[str]]:
    """By dossier, the bodies whose opinion of the current filing is in; one query for all."""
    filings = {one.pk: one.filing for one in dossiers}
    heard: dict[UUID, set[str]] = {key: set() for key in filings}
    with lowered():
        said = DossierEntry.objects.filter(dossier_id__in=filings, act=A.GIVE_OPINION)
        for dossier_id, filing, body in said.values_list("dossier_id", "filing", "body"):
            if filing == filings[dossier_id]:
                heard[dossier_id].add(body)
    return heard


def decisions_visible(viewer: Viewer, dossier: Dossier) -> list[GradeDecision]:
    """The decisions about a dossier that is in sight, oldest first."""
    return decisions_of(viewer, [dossier])[dossier.pk]


def decisions_of(viewer: Viewer, dossiers: Sequence[Dossier]) -> dict[UUID, list[GradeDecision]]:
    """As `decisions_visible`, of many: one query."""
    made: dict[UUID, list[GradeDecision]] = {one.pk: [] for one in dossiers}
    found = dossiers_visible(viewer, removed=True).filter(pk__in=made)
    decisions = GradeDecision.objects.filter(dossier__in=found).select_related("by", "on_behalf")
    for decision in decisions.order_by("dossier_id", "number"):
        made[decision.dossier_id].append(decision)
    return made


@dataclass(frozen=True)
class ActOffered:
    """An act that role, side and state allow; `bar` says why this person may not all the same."""

    act: DossierAct
    needs_reason: bool
    bar: Bar | None = None


def acts_for(viewer: Viewer, dossier: Dossier) -> list[ActOffered]:
    """What the viewer may do with the dossier now, in the order of the table."""
    if dossier.removed_at is not None:
        return []
    state = DossierState(dossier.state)
    acts = states.acts_for(viewer.role, state)
    if not acts:
        return []
    sides, bars = sides_of(viewer, dossier), bars_for(viewer, dossier)
    return [
        ActOffered(act, states.STEPS[act].needs_reason, bars.get(act))
        for act in acts
        if states.STEPS[act].side in sides
    ]
