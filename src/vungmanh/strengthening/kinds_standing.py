"""Which kinds of committee stand under a committee, so that only these choose and report."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.models import UnitClosure


def kinds_standing(unit_id: UUID, day: dt.date) -> frozenset[UnitKind]:
    """The kinds of the units that stand in a committee on a day, itself among them; what the
    register does not end stands on every day to come."""
    rows = UnitClosure.objects.filter(
        ancestor_id=unit_id, valid__contains=day, descendant__versions__valid__contains=day
    )
    kinds = rows.order_by().values_list("descendant__versions__kind", flat=True).distinct()
    return frozenset(UnitKind(kind) for kind in kinds)
