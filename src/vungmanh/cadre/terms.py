"""Terms of a unit: when one is due to end, which congress comes next, how its papers stand."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.cadre.models import Term
from vungmanh.cadre.staffing import kind_on
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import Lineage, UnitVersion
from vungmanh.org.queries import members_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.clocks import Clock
from vungmanh.rulebook.people.days import vietnamese_working_days
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.rulebook.people.terms import TermFacts, congress_clocks, judge_term, term_end

_FOREBEARS = 6  # generations of splits that are followed back


def terms_of(unit_id: UUID) -> QuerySet[Term]:
    """The terms of a unit, the latest first."""
    return Term.objects.filter(unit_id=unit_id).order_by("-began_on")


def running_term(unit_id: UUID, on: dt.date) -> Term | None:
    """The term that runs on a day, past its end too while no congress followed."""
    found = terms_of(unit_id).filter(began_on__lte=on)
    return found.filter(Q(ended_on=None) | Q(ended_on__gt=on)).first()


def rule_of_term(unit_id: UUID, began_on: dt.date) -> tuple[dt.date | None, PeopleFinding]:
    """The day by which a term begun on a day is over, by the rule of that day; None: no rule."""
    found = term_end(load_rulebook().on(began_on), kind_on(unit_id, began_on), began_on)
    ends = dict(found.figures).get("Hết")
    return (ends if isinstance(ends, dt.date) else None), found


def judge_congress(
    *, unit_id: UUID, began_on: dt.date, due_on: dt.date | None = None, seats: int | None = None,
    is_appointed: bool = False,
) -> tuple[PeopleFinding, ...]:  # fmt: skip
    """What the rules say of a congress before it is recorded. `due_on` None: by the rule."""
    before = terms_of(unit_id).filter(began_on__lt=began_on, ended_on=None).first()
    facts = TermFacts(
        kind=kind_on(unit_id, began_on),
        began_on=began_on,
        due_on=due_on,
        is_appointed=is_appointed,
        seats=seats,
        official_members=members_of(unit_id, began_on).get(MembershipStatus.OFFICIAL),
        before=(before.began_on, before.due_on) if before else None,
    )
    return judge_term(load_rulebook().on, facts)


def next_ordinal(unit_id: UUID, on: dt.date) -> int | None:
    """Which congress the next one is; None where nothing was recorded to count from.

    Counting goes on through a split; a body made of several units begins with its first.
    """
    for _ in range(_FOREBEARS):
        counted = terms_of(unit_id).filter(ordinal__isnull=False, began_on__lt=on).first()
        if counted is not None and counted.ordinal is not None:
            return counted.ordinal + 1
        first = UnitVersion.objects.filter(unit_id=unit_id).order_by("valid").first()
        if first is None:
            return None
        founding = Lineage.objects.filter(successor_id=unit_id, on=first.valid.lower)
        made_of = set(founding.values_list("predecessor_id", flat=True))
        if len(made_of) != 1:
            return 1 if made_of else None
        (unit_id,) = made_of
    return None


def clocks_of(term: Term, on: dt.date) -> tuple[Clock, Clock]:
    """The report of the congress and its approval, in working days of the rule of that day."""
    return congress_clocks(
        load_rulebook().on(term.began_on),
        held_on=term.began_on,
        reported_on=term.reported_on,
        approved_on=term.approved_on,
        on=on,
        calendar=vietnamese_working_days(),
    )
