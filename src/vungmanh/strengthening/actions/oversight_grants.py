"""What an approved plan of overseers does to the charges of its cells, and how it is undone.

Called inside the acts of `oversight`, which have asked who and when.
"""

from __future__ import annotations

import datetime as dt

from vungmanh.access.actions.grants import end_role, grant_role
from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.strengthening.actions.oversight_hand import (
    effective_day,
    grants_of_cells,
    line_names,
)
from vungmanh.strengthening.models import OversightPlan


def carried_out(plan: OversightPlan, by: Viewer, at: dt.datetime) -> tuple[list[RoleGrant], int]:
    """End the charges of the cells and give those of the plan. A cell for which nobody could be
    found keeps whom it has; one that a hand left to nobody does not."""
    first, because = effective_day(plan, at), f"Kế hoạch phân công {plan.number}"
    lines = [
        one for one in plan.lines.select_related("overseer")
        if one.overseer_id or one.changed_by_id
    ]  # fmt: skip
    ended, begins = 0, {one.unit_id: first for one in lines if one.overseer_id}
    wanted = {one.unit_id: one.overseer_id for one in lines}
    for grant in grants_of_cells([one.unit_id for one in lines]):
        until = grant.valid.upper
        if until is not None and until <= first:
            continue
        if grant.user_id == wanted[grant.unit_id] and grant.valid.lower <= first:
            # Nothing changes for whoever has the cell already: the charge goes on from its own day.
            begins[grant.unit_id] = until or plan.valid_until
            if until is None or until > plan.valid_until:
                end_role(grant=grant, ends_on=plan.valid_until, reason=because, by=by.user, at=at)
            continue
        if first <= grant.valid.lower < plan.valid_until:
            name = line_names(plan).get(grant.unit_id, "")
            raise NotNow(
                f"{name} đã có người được giao phụ trách từ {date_vi(grant.valid.lower)}. Rút phân "
                "công ấy trước, hoặc lập kế hoạch chỉ đến ngày ấy.",
                code="charge-to-come",
            )
        if grant.valid.lower < first:
            end_role(grant=grant, ends_on=first, reason=because, by=by.user, at=at)
            ended += 1
    given = [
        grant_role(
            user=one.overseer, role=Role.OVERSEER, unit_id=one.unit_id, reach=Reach.UNIT,
            valid_from=begins[one.unit_id], valid_until=plan.valid_until, by=by.user, at=at,
        )
        for one in lines if one.overseer and begins[one.unit_id] < plan.valid_until
    ]  # fmt: skip
    return given, ended


def taken_back(plan: OversightPlan, day: dt.date, by: Viewer, at: dt.datetime) -> int:
    """End what the plan gave and what still lasts on that day."""
    cells = list(plan.lines.values_list("unit_id", flat=True))
    given = set(plan.result["given"])
    ended = 0
    for grant in grants_of_cells(cells):
        lasts = grant.valid.upper is None or grant.valid.upper > day
        if grant.pk in given and lasts:
            end_role(grant=grant, ends_on=day, reason=plan.withdrawn_reason, by=by.user, at=at)
            ended += 1
    plan.result = plan.result | {"withdrawn_from": day.isoformat()}
    return ended
