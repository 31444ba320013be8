"""What a reform would come to, or came to: the register's part and the ledger's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind, ReformState
from vungmanh.meetings.models import Obligation
from vungmanh.org.models import Reform
from vungmanh.org.reform.consequences import Consequences, Place, Renamed
from vungmanh.org.reform.preview import Preview, preview_of
from vungmanh.org.reform.queries import VIEW
from vungmanh.org.reform.reading import as_read_by, people_of
from vungmanh.org.reform.told import consequences_told
from vungmanh.org.sight import is_analyst_of_the_root
from vungmanh.outputs.reforms.arriving import Arriving, arriving_of


@dataclass(frozen=True)
class DueChange:
    """A cell whose meetings stop being due (`months` are in the ledger), or begin to be (None)."""

    unit: Place
    months: int | None


@dataclass(frozen=True)
class LedgerChange:
    """What following a reform, or its undoing, did to the ledger: lines, and months assessed."""

    added: int
    removed: int
    changed: int
    months: int


@dataclass(frozen=True)
class DryRun:
    """A preview with what the ledger will say. `ledger` is known once it has been carried out.

    `people` are the names of account holders by id, None for whoever only counts them; `arriving`
    who would come by transfers once it is carried out.
    """

    preview: Preview
    due: tuple[DueChange, ...]
    ledger: LedgerChange | None = None
    people: Mapping[str, str] | None = None
    arriving: tuple[Arriving, ...] = ()


def dry_run_of(viewer: Viewer, reform: Reform) -> DryRun:
    """The consequences of an open reform as things stand. Raises what `preview_of` raises."""
    preview = preview_of(viewer, reform)
    if preview.consequences is None:
        return DryRun(preview, ())
    told = as_read_by(viewer, preview.consequences)
    people = people_of(viewer, told)
    return DryRun(
        replace(preview, consequences=told),
        due_changes(told),
        people=people,
        arriving=arriving_of(viewer, reform),
    )


def consequences_of(viewer: Viewer, reform: Reform) -> DryRun | None:
    """The dry run of an open reform; of one carried out, what was told at that moment.

    None where the register was loaded with the reform in it. Raises NotAllowed.
    """
    if reform.state != ReformState.COMMITTED:
        return dry_run_of(viewer, reform)
    check_can(viewer, VIEW)
    told = consequences_told(reform)
    if told is None:
        return None
    told = as_read_by(viewer, told)
    if not is_analyst_of_the_root(viewer):  # counted over all that whoever committed could see
        told = replace(told, counters=())
    due = [DueChange(Place(*one["unit"]), one["months"]) for one in reform.told.get("due", ())]
    read = {one.unit.id for one in told.ended} | {one.unit.id for one in told.founded}
    return DryRun(
        Preview(reform.basis, (), told),
        tuple(one for one in due if one.unit.id in read),
        ledger_change(reform),
        people_of(viewer, told),
    )


def ledger_change(reform: Reform) -> LedgerChange | None:
    """What the last carrying out, or undoing, did to the ledger; None when neither was followed."""
    kept = reform.told.get("ledger")
    return LedgerChange(**kept) if kept else None


def told_of_ledger(due: Iterable[DueChange], change: LedgerChange) -> dict[str, Any]:
    """The ledger's part for `Reform.told`."""
    lines = [{"unit": [one.unit.id, one.unit.name], "months": one.months} for one in due]
    return {"due": lines, "ledger": asdict(change)}


def due_changes(told: Consequences) -> tuple[DueChange, ...]:
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
    beginning += [DueChange(one.unit, None) for one in told.renamed if _becomes_a_cell(one)]
    return (*stopping, *beginning)


def _becomes_a_cell(one: Renamed) -> bool:
    """Whether a committee becomes a cell, which meets every month."""
    cells = {kind.label for kind in CELL_KINDS}
    return one.field == "kind" and one.before not in cells and one.after in cells
