"""A plan of overseers, for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.core.programme_words import PlanState
from vungmanh.strengthening.actions.oversight import write_lines
from vungmanh.strengthening.assigning import compute
from vungmanh.strengthening.assigning_records import CellCover, OverseerAsked, PlanAsked, gather
from vungmanh.strengthening.choosing import hash_of
from vungmanh.strengthening.models import OversightPlan, PlannedOversight

ON = dt.date(2019, 12, 31)


def planned(unit: UUID, above: UUID, user: User) -> dict[str, object]:
    """The parameters that lead to a committee's draft for one cell, and to its line."""
    made = plan_of(unit, above, user)
    return {"plan_id": made, "line_id": PlannedOversight.objects.get(plan_id=made).pk}


def plan_of(unit: UUID, above: UUID, user: User) -> UUID:
    """A committee's draft for one cell."""
    made = OversightPlan.objects.filter(unit_id=above, lines__unit_id=unit).first()
    if made is None:
        asked = PlanAsked(
            ON, dt.date(2021, 1, 1), (OverseerAsked(user.pk, 2),), CellCover.NAMED,
            cells=frozenset({unit}),
        )  # fmt: skip
        inputs = gather(above, asked, on=ON)
        made = OversightPlan.objects.create(
            unit_id=above, valid_from=ON, valid_until=asked.valid_until, state=PlanState.DRAFT,
            inputs=inputs, input_hash=hash_of(inputs), result={"computed": compute(inputs)},
            made_by=user, made_at=AT,
        )  # fmt: skip
        write_lines(made)
    return made.pk
