"""Deciding one item of a phone: written, refused, in conflict, held, or kept for the office.

Whoever calls holds the lock of the phone and of the item. What the act itself did is undone as a
whole where it is refused; that the item came, and what became of it, stays in any case.
"""

from __future__ import annotations

import copy
import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, VungManhError
from vungmanh.core.vocabulary import PhoneItemState
from vungmanh.meetings import facts
from vungmanh.meetings.actions.phone_kinds import FILE, KINDS, WRITE
from vungmanh.meetings.actions.phone_outcomes import Outcome, PhoneKind
from vungmanh.meetings.merging import FactsRefused
from vungmanh.meetings.models import PhoneItem
from vungmanh.meetings.phone_answers import DAY_SECONDS, MESSAGES, clock_words
from vungmanh.org.models import Unit

HELD, KEPT, REFUSED = (
    PhoneItemState.HELD,
    PhoneItemState.QUARANTINED,
    PhoneItemState.REFUSED,
)

CHOSEN_ON_PHONE = "Người ghi chọn trên điện thoại."

logger = logging.getLogger(__name__)


def oldest_form() -> int:
    """The server takes this version of the form and the one before (house.md §1.8)."""
    return max(1, facts.FORM - 1)


def said(state: PhoneItemState, code: str) -> Outcome:
    """An outcome of the server itself."""
    return Outcome(state, code, MESSAGES[code])


def decide(
    item: PhoneItem, *, by: Viewer | None, at: dt.datetime, office: Viewer | None = None,
    forced: bool = False,
) -> None:  # fmt: skip
    """Decide an item that waits, and keep the answer.

    `by` is the person of the phone, None where nobody is signed in; `office` who releases it, and
    in whose name it is written where that person no longer may. `forced`: without waiting for what
    came before it.
    """
    outcome, waits_for = _refused_at_sight(item), list[UUID]()
    if outcome is None and by is None and office is None:
        outcome = said(KEPT, "signed-out")
    if outcome is None:
        waits_for = [] if forced else _missing_before(item)
        outcome = said(HELD, "after-missing") if waits_for else None
    if outcome is None:
        outcome, waits_for = _decide_act(item, [one for one in (by, office) if one], at)
    item.forced = item.forced or (forced and outcome.state is not HELD)
    keep(item, outcome, waits_for=waits_for, by=office or by, at=at)
    if item.settles and outcome.state in (PhoneItemState.ACCEPTED, PhoneItemState.CONFLICT):
        _settle(item, item.settles, at)


def keep(
    item: PhoneItem, outcome: Outcome, *, by: Viewer | None, at: dt.datetime,
    waits_for: list[UUID] | None = None,
) -> None:  # fmt: skip
    """Store what was decided, with its event. What waits already for the same is left as it is."""
    answer = {
        "message": _with_clock(item, outcome),
        "field": outcome.field,
        "revision": outcome.revision,
        "conflict": outcome.conflict,
        "problems": outcome.problems,
    }
    told = (item.state, item.code, item.waits_for, item.answer)
    is_open = outcome.state in (HELD, KEPT)
    item.state, item.code = outcome.state.value, outcome.code
    item.waits_for, item.answer = waits_for or [], answer
    if told == (item.state, item.code, item.waits_for, item.answer):
        return
    item.decided_at = None if is_open else at
    item.decided_by = None if is_open or by is None else by.user
    item.save()
    record(
        "phone_item.decided",
        by=by.user if by else None,
        at=at,
        subject=f"unit:{item.unit_id}",
        data={
            "item": str(item.pk),
            "phone": str(item.device_id),
            "kind": item.kind,
            "state": item.state,
            "code": item.code,
            "way": item.way,
            **({"forced": True} if item.forced else {}),
        },
        personal={"of": str(item.user_id)},
    )


def _refused_at_sight(item: PhoneItem) -> Outcome | None:
    if item.code in ("bad-item", "id-reused"):
        return said(REFUSED, item.code)
    if item.kind not in KINDS:
        return said(REFUSED, "unknown-kind")
    if item.form < oldest_form():
        return said(REFUSED, "form-too-old")
    return said(REFUSED, "form-too-new") if item.form > facts.FORM else None


def _missing_before(item: PhoneItem) -> list[UUID]:
    """The item made before this one, where it has not come or waits itself for one that has not."""
    if item.after is None:
        return []
    before = PhoneItem.objects.filter(pk=item.after, device=item.device_id).first()
    waits = before is None or (before.state, before.code) == (KEPT, "signed-out")
    if waits or (before and before.state == HELD and before.code != "after-conflict"):
        return [item.after]
    return []


def _decide_act(
    item: PhoneItem, people: list[Viewer], at: dt.datetime
) -> tuple[Outcome, list[UUID]]:
    try:
        return _do_act(item, people, at)
    except FactsRefused as error:
        found = [vars(one) for one in error.problems]
        return Outcome(REFUSED, error.code, error.message, error.field, problems=found), []
    except VungManhError as error:
        name = error.field if isinstance(error, InputError) else ""
        return Outcome(REFUSED, error.code, error.message, name), []
    except Exception:  # one that is stuck never stops the rest: it is kept, told and tried again
        logger.exception("item %s of a phone could not be decided", item.pk)
        return said(HELD, "trouble"), []


def _do_act(item: PhoneItem, people: list[Viewer], at: dt.datetime) -> tuple[Outcome, list[UUID]]:
    kind = KINDS[item.kind]
    unit_id = kind.unit_of(item)
    if not Unit.objects.filter(pk=unit_id).exists():
        return said(KEPT, "unit-unknown"), []
    hands = (_hand_for(kind, item, unit_id, one) for one in people)
    hand = next((one for one in hands if one), None)
    if hand is None:
        return said(KEPT, "not-yours-now"), []
    stopped = _stops_filing(item) if item.kind == FILE else None
    if stopped is not None:
        return stopped
    with transaction.atomic():
        return kind.write(item, hand, at), []


def _stops_filing(item: PhoneItem) -> tuple[Outcome, list[UUID]] | None:
    """A record is not filed while part of what its writer typed is not in it."""
    rows = {
        row.pk: row for row in PhoneItem.objects.filter(device=item.device_id, subject=item.subject)
    }
    writes = [row for row in rows.values() if row.kind == WRITE]
    open_conflicts = [row.pk for row in writes if row.state == PhoneItemState.CONFLICT]
    if open_conflicts:
        return said(HELD, "after-conflict"), open_conflicts
    missing, later = set[str](), set[str]()
    for row in _back_from(item, rows):
        names = set(row.body["set"]) if isinstance(row.body.get("set"), dict) else set()
        if row.kind == WRITE and row.state == REFUSED:
            missing |= names - later
        elif row.kind == WRITE:
            later |= names
    return (said(REFUSED, "after-refused"), []) if missing else None


def _back_from(item: PhoneItem, rows: Mapping[UUID, PhoneItem]) -> Iterator[PhoneItem]:
    """What the phone made before an item, the last first. What its person gave up is not named."""
    passed, before = {item.pk}, rows.get(item.after) if item.after else None
    while before is not None and before.pk not in passed:
        passed.add(before.pk)
        yield before
        before = rows.get(before.after) if before.after else None


def in_order_of_making(rows: Iterable[PhoneItem]) -> list[PhoneItem]:
    """The items about one subject as the phone made them: each behind the one it names."""
    by_id = {row.pk: row for row in rows}

    def steps_back(row: PhoneItem) -> int:
        passed = {row.pk}
        while row.after in by_id and row.after not in passed:
            passed.add(row.after)
            row = by_id[row.after]
        return len(passed)

    return sorted(by_id.values(), key=lambda row: (steps_back(row), row.received_at, row.pk))


def _hand_for(kind: PhoneKind, item: PhoneItem, unit_id: UUID, viewer: Viewer) -> Viewer | None:
    """The viewer in the first hat of that person in which this may be done for the unit."""
    roles = kind.open_to(item)
    for one in _hats_of(viewer):
        if one.role in roles and kind.is_theirs(item, unit_id, one):
            return one
    return None


def _hats_of(viewer: Viewer) -> Iterator[Viewer]:
    """The hat worn first, then the others; each with a user of its own, who acts in that hat."""
    if viewer.role is None:
        return
    yield viewer
    for hat in viewer.hats:
        if hat != viewer.hat:
            yield viewer_for(copy.copy(viewer.user), on=viewer.on, hat=hat.code)


def _settle(item: PhoneItem, conflict_id: UUID, at: dt.datetime) -> None:
    """The person of the phone chose between the two values of an earlier conflict, with this item.

    A field this item does not speak of keeps the other's value, which stands.
    """
    asked = PhoneItem.objects.select_for_update().filter(
        pk=conflict_id, user=item.user_id, subject=item.subject, state=PhoneItemState.CONFLICT
    )
    for conflict in asked:
        spoken = (item.body.get(name) for name in ("set", "scores"))
        chosen = next((one for one in spoken if one and isinstance(one, dict)), {})
        close_conflict(
            conflict,
            chosen,
            why=item.why or CHOSEN_ON_PHONE,
            by=item.decided_by or item.user,
            at=at,
        )


def close_conflict(
    item: PhoneItem, chosen: dict[str, Any], *, why: str, by: User, at: dt.datetime
) -> None:
    """Keep who chose which value of a conflict, and why."""
    item.settlement = {
        name: _choice(said, chosen.get(name, said["theirs"]))
        for name, said in item.answer["conflict"].items()
    }
    item.state = PhoneItemState.SUPERSEDED.value
    item.settled_at, item.settled_by, item.settled_reason = at, by, why
    item.save()
    record(
        "phone_item.settled",
        by=by,
        at=at,
        subject=f"unit:{item.unit_id}",
        data={
            "item": str(item.pk),
            "kind": item.kind,
            "chosen": {name: one["choice"] for name, one in item.settlement.items()},
        },
        personal={"reason": why},
    )


def _choice(said: dict[str, Any], value: Any) -> dict[str, Any]:
    sides = [side for side in ("theirs", "mine") if said[side] == value]
    return {"choice": sides[0] if sides else "other", "value": value}


def _with_clock(item: PhoneItem, outcome: Outcome) -> str:
    """A day that cannot be, from a phone whose clock is days off: say that it is the clock."""
    off: int | None = item.clock_off
    if outcome.state is not REFUSED or not off or abs(off) < DAY_SECONDS:
        return outcome.message
    return f"{outcome.message} {clock_words(off)}"
