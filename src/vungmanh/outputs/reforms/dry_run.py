"""What a reform would come to, without writing: the register's preview and the ledger's part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind
from vungmanh.meetings.models import Obligation
from vungmanh.org.models import Reform
from vungmanh.org.reform.consequences import Consequences, Place
from vungmanh.org.reform.preview import Preview, preview_of


@dataclass(frozen=True)
class DueChange:
    """A cell whose meetings stop being due (`months` are in the ledger), or begin to be (None)."""

    unit: Place
    months: int | None


@dataclass(frozen=True)
class DryRun:
    """A preview with what the ledger will say."""

    preview: Preview
    due: tuple[DueChange, ...]


def dry_run_of(viewer: Viewer, reform: Reform) -> DryRun:
    """The consequences of an open reform as things stand. Raises what `preview_of` raises."""
    preview = preview_of(viewer, reform)
    told = preview.consequences
    return DryRun(preview, _due(told) if told else ())


def _due(told: Consequences) -> tuple[DueChange, ...]:
    """Regular months after the day in cells that end; cells that are founded."""
    # The month of the day itself was half lived in the old structure: the ledger decides on it.
    first = add_months(month_of(told.on), 0 if told.on.day == 1 else 1)
    lines = Obligation.objects.filter(
        unit_id__in=[UUID(one.unit.id) for one in told.ended],
        kind=ObligationKind.REGULAR,
        month__gte=first,
    )
    months = dict(lines.order_by().values_list("unit_id").annotate(n=Count("id")))
    stopping = [
        DueChange(one.unit, months[UUID(one.unit.id)])
        for one in told.ended
        if UUID(one.unit.id) in months
    ]
    beginning = [DueChange(one.unit, None) for one in told.founded if one.kind in CELL_KINDS]
    return (*stopping, *beginning)
