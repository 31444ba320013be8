"""What a phone takes along: the cells of its person with their months, members, tasks and sheets.

A fixed number of queries for any number of cells, but for the scoring sheets of the last months.
Bounded, because the phones are old: what was left out is counted, never silently missing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import VungManhError
from vungmanh.core.periods import add_months, month_of, month_slug
from vungmanh.core.vocabulary import CELL_KINDS, MeetingState, ObligationKind, Role
from vungmanh.meetings.actions.tasks import task_facts
from vungmanh.meetings.facts import FIELDS, FieldKind
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport, Obligation, Receipt, Task, Visit
from vungmanh.meetings.reads import first_month_for
from vungmanh.meetings.roll import rolls_of, units_with_names
from vungmanh.meetings.scores import own_scores_of
from vungmanh.meetings.sheets import sheet_for_phone
from vungmanh.meetings.tasks import open_tasks
from vungmanh.meetings.visits import visit_facts
from vungmanh.org.models import MembershipCount, UnitVersion
from vungmanh.org.queries import units_held

MEETINGS: Final = (ObligationKind.REGULAR.value, ObligationKind.THEMATIC.value)
MOST_UNITS, MOST_MONTHS, MOST_TASKS, MOST_NAMES, MOST_ITEMS = 30, 16, 40, 500, 20
MOST_VISITS = 5  # the last ones of each cell
MONTHS_BACK, ALWAYS, SCORED = 24, 3, 2  # months looked at, always sent, and sent with their sheet
TEXT_BUDGET: Final = 600_000  # letters of discussion and conclusion in all
CLOSED = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)
TEXTS = tuple(one.name for one in FIELDS.values() if one.kind is FieldKind.TEXT)

PLANNED = ("planned_on", "planned_at", "place")  # offered on the phone, never filled in

Row = dict[str, Any]


@dataclass
class Parts:
    """The parts of a bundle that several hats of one person add to."""

    units: list[Row] = field(default_factory=list)
    sheets: dict[str, Row] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=lambda: {"units": 0, "tasks": 0, "months": 0})
    letters: int = 0


def add_cells(parts: Parts, viewer: Viewer, on: dt.date) -> None:
    """Add the cells that the viewer answers for on a day."""
    known = {one["id"] for one in parts.units}
    cells = [
        one
        for one in UnitVersion.objects.filter(
            unit_id__in=units_held(viewer, on), valid__contains=on, kind__in=list(CELL_KINDS)
        ).order_by("name_key", "unit_id")
        if str(one.unit_id) not in known
    ]
    room = max(0, MOST_UNITS - len(parts.units))
    parts.left_out["units"] += max(0, len(cells) - room)
    cells = cells[:room]
    if not cells:
        return
    ids = [one.unit_id for one in cells]
    months, tasks = _months(parts, viewer, ids, on), _tasks(parts, ids, on)
    members, agendas = _members(ids, on), _agendas(ids, on)
    visits = _visits(viewer, ids, on)
    is_writer = viewer.role is Role.CELL_SECRETARY  # an overseer calls no roll
    named = units_with_names(ids, on)
    rolls = rolls_of(ids, on) if is_writer else {}
    for cell in cells:
        key = cell.unit_id
        parts.units.append(
            {
                "id": str(key),
                "name": cell.name,
                "role": viewer.role.value if viewer.role else "",
                "names_on": key in named,
                "members": members.get(key, {}),
                "roll": [
                    {"id": str(one.id), "name": one.name, "status": one.status.value}
                    for one in rolls.get(key, [])[:MOST_NAMES]
                ],
                "months": months.get(key, []),
                "tasks": tasks.get(key, []),
                "agenda": agendas.get(key, []),
                **visits.get(key, {"visits": [], "attended": 0}),
            }
        )


def _members(ids: Iterable[UUID], on: dt.date) -> dict[UUID, Row]:
    found: dict[UUID, Row] = {}
    for one in MembershipCount.objects.filter(unit_id__in=ids, valid__contains=on):
        found.setdefault(one.unit_id, {})[one.status] = one.count
    return found


def _tasks(parts: Parts, ids: list[UUID], on: dt.date) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    listed = open_tasks(ids, on)
    facts = Task.objects.in_bulk([one.id for one in listed])
    for one in listed:
        rows = found.setdefault(one.unit_id, [])
        if len(rows) == MOST_TASKS:
            parts.left_out["tasks"] += 1
            continue
        rows.append(
            {
                "id": str(one.id),
                "title": one.title,
                "owner": one.owner,
                "output": one.output,
                "due_on": one.due_on.isoformat(),
                "state": "open",
                "carried": one.carried,
                "overdue": one.is_overdue,
                "revision": one.revision,
                "facts": task_facts(facts[one.id]),
            }
        )
    return found


def _visits(viewer: Viewer, ids: Iterable[UUID], on: dt.date) -> dict[UUID, Row]:
    """The person's own last visits to each cell, and how often they attended this year."""
    if viewer.role is not Role.OVERSEER:
        return {}
    own = Visit.objects.filter(
        unit_id__in=ids, overseer=viewer.user, withdrawn_at=None, on__year__gte=on.year - 1
    ).order_by("-on", "-id")
    found: dict[UUID, Row] = {}
    for one in own:
        row = found.setdefault(one.unit_id, {"visits": [], "attended": 0})
        row["attended"] += one.attended and one.on.year == on.year
        if len(row["visits"]) < MOST_VISITS:
            row["visits"].append(
                {
                    "id": str(one.pk),
                    "on": one.on.isoformat(),
                    "revision": one.revision,
                    "facts": visit_facts(one),
                }
            )
    return found


def _agendas(ids: list[UUID], on: dt.date) -> dict[UUID, list[str]]:
    """What the next meeting opens with beside the open tasks: what was prepared, and guidance."""
    found: dict[UUID, list[str]] = {}
    planned = Meeting.objects.filter(unit_id__in=ids, month=month_of(on), kind__in=MEETINGS)
    for meeting in planned.order_by("kind"):
        items = [*([meeting.plan["theme"]] if meeting.plan.get("theme") else [])]
        items += [one for one in meeting.plan.get("items") or [] if isinstance(one, str)]
        found.setdefault(meeting.unit_id, []).extend(items)
    waiting = Receipt.objects.filter(unit_id__in=ids, received_at=None, sent_on__lte=on)
    for receipt in waiting.select_related("resolution").order_by("sent_on", "id"):
        one = receipt.resolution
        title = " ".join(part for part in (one.number, one.title) if part)
        found.setdefault(receipt.unit_id, []).append(title)
    return {key: items[:MOST_ITEMS] for key, items in found.items()}


# --- months ------------------------------------------------------------------------------------


def _months(parts: Parts, viewer: Viewer, ids: list[UUID], on: dt.date) -> dict[UUID, list[Row]]:
    """The last months, and earlier ones that are still open, the newest first."""
    this = month_of(on)
    span = {"unit_id__in": ids, "month__range": (add_months(this, -MONTHS_BACK), this)}
    meetings = {one.pk: one for one in Meeting.objects.filter(**span, kind__in=MEETINGS)}
    reports = {
        (one.unit_id, one.kind, one.month): one.state
        for one in MeetingReport.objects.filter(**span, kind__in=MEETINGS)
    }
    found: dict[UUID, list[tuple[Obligation, Meeting | None]]] = {key: [] for key in ids}
    due = Obligation.objects.filter(**span, kind__in=MEETINGS).order_by("-month", "kind")
    for one in due:
        meeting = meetings.get(meeting_id(one.unit_id, one.kind, one.month))
        is_open = (one.unit_id, one.kind, one.month) not in reports and not one.excuse_document
        is_written = meeting is not None and meeting.state not in CLOSED
        if one.month < add_months(this, -ALWAYS) and not is_open and not is_written:
            continue
        if len(found[one.unit_id]) == MOST_MONTHS:
            parts.left_out["months"] += 1
        else:
            found[one.unit_id].append((one, meeting))
    scores = own_scores_of(viewer, list(meetings))
    return {
        key: [
            _month(parts, viewer, one, meeting, this)
            | {
                "reported": reports.get((one.unit_id, one.kind, one.month)),
                "scores": scores.get(meeting.pk) if meeting else None,
            }
            for one, meeting in rows
        ]
        for key, rows in found.items()
    }


def _month(
    parts: Parts, viewer: Viewer, due: Obligation, meeting: Meeting | None, this: dt.date
) -> Row:
    facts = dict(meeting.facts) if meeting else {}
    plan = meeting.plan if meeting else {}
    if viewer.role is not Role.CELL_SECRETARY:  # a draft is for those who write it
        facts = facts if meeting and meeting.state in CLOSED else {}
        facts.pop("roll", None)
    return {
        "kind": due.kind,
        "month": month_slug(due.month),
        "due_by": due.due_by.isoformat() if due.due_by else "",
        "first_month": month_slug(first_month_for(due.kind, due.month) or due.month),
        "last_month": month_slug(due.postponed_until or due.month),
        "plan": {name: plan[name] for name in PLANNED if plan.get(name)},
        "excused": due.excuse_reason,
        "meeting": str(meeting_id(due.unit_id, due.kind, due.month)),
        "state": meeting.state if meeting else None,
        "revision": meeting.revision if meeting else 0,
        "cut": _cut(parts, facts),
        "facts": facts,
        "sheet": _sheet(parts, due) if due.month >= add_months(this, -SCORED) else None,
    }


def _cut(parts: Parts, facts: Row) -> list[str]:
    """Long texts beyond the budget stay on the server; their names are told."""
    cut = []
    for name in TEXTS:
        size = len(facts.get(name) or "")
        if size and parts.letters + size > TEXT_BUDGET:
            del facts[name]
            cut.append(name)
        else:
            parts.letters += size
    return cut


def _sheet(parts: Parts, due: Obligation) -> str | None:
    """The key under which the sheet of a month stands; two readings of one sheet have two."""
    try:
        sheet = sheet_for_phone(due.unit_id, due.kind, due.month)
    except VungManhError:  # no sheet in force then: nothing is scored
        return None
    for number in range(1, len(parts.sheets) + 2):
        key = sheet["id"] if number == 1 else f"{sheet['id']}~{number}"
        if _same(parts.sheets.setdefault(key, sheet), sheet):
            return str(key)
    raise AssertionError("one of n + 1 keys is free")


def _same(one: Row, other: Row) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
