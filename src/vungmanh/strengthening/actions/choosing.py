"""Choosing whom to strengthen: run, put to who decides, overridden by name, decided, appealed.

Who puts a selection to the committee never decides it, neither in person nor for who lent the role.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

import vungmanh
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, NotFound, NotNow
from vungmanh.core.programme_words import ChoiceWay, FileState, SelectionState
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import StatusPersistence
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening.actions.choosing_checks import (
    check_day,
    check_free,
    check_otherwise,
    taken,
)
from vungmanh.strengthening.actions.choosing_hand import (
    Grounds,
    check_asked,
    check_committee,
    check_other_person,
    check_plan,
    check_state,
    check_year,
    document_number,
    held_selection,
    note,
    run_of,
    running,
    saved,
    seed_of,
    sentence,
    set_aside_draft,
)
from vungmanh.strengthening.choosing import (
    Asked,
    candidates_of,
    compute,
    hash_of,
    inputs_of,
    units_chosen,
)
from vungmanh.strengthening.choosing_figures import figures_of, promised_for
from vungmanh.strengthening.choosing_obstacles import answer_until
from vungmanh.strengthening.models import (
    Choice,
    Selection,
    SelectionOverride,
    SupportFile,
)
from vungmanh.strengthening.snapshot_store import keep_bytes

RUN = "strengthening.selection.run"
DECIDE = "strengthening.selection.decide"
NO_GROUNDS = Grounds()


@transaction.atomic
def run_selection(
    *, programme_id: UUID, unit_id: UUID, year: int, month: dt.date, asked: Asked,
    grounds: Grounds = NO_GROUNDS, by: Viewer, at: dt.datetime,
) -> Selection:  # fmt: skip
    """Compute who would be chosen and keep everything it rests on; a draft is computed anew.

    Lots are drawn from one seed a committee and year: another draw, as more places than the
    programme plans, asks for a reason that is kept (`grounds`). Raises NotFound out of reach,
    NotAllowed for a level that does not choose, NotNow without an assessment of `month` or a
    running programme, Conflict where this committee's selection of the year is already put
    forward, InputError.
    """
    check_can(by, RUN)
    beside_register()
    day = localdate(at)
    check_committee(by, unit_id, day)
    programme = running(programme_id, year)
    check_year(year, day)
    check_asked(asked)
    over_plan = check_plan(programme, visible_unit(by, unit_id, day).kind, asked, grounds)
    run = run_of(month, day)
    view = load_rulebook().on(day)
    rule, step = view.of(SelectionRule), view.of(StatusPersistence).period_months
    candidates = candidates_of(
        unit_id, run, rule, period_months=step, by=by, on=day,
        promised=promised_for(programme_id, unit_id, year),
    )  # fmt: skip
    if not candidates:
        raise NotNow("Không có đơn vị nào bên dưới được nhận diện trong tháng đã chọn.")
    before = Selection.objects.filter(programme=programme, unit_id=unit_id, year=year)
    seed, redraw = seed_of(before.order_by("-made_at", "-pk").first(), grounds)
    units = [UUID(one.id) for one in candidates]
    inputs = inputs_of(
        candidates, rule, asked, year=year, seed=seed, figures=figures_of(run, units),
        waiting=answer_until(units, day),
    )  # fmt: skip
    result = compute(inputs)
    set_aside_draft(programme, unit_id, year, by, at)
    terms = {"run": run.result_hash, "run_inputs": run.input_hash}
    made = Selection(
        programme=programme, unit_id=unit_id, year=year, month=month, state=SelectionState.DRAFT,
        rules={key: view.rule(key).id for key in (SelectionRule.key, StatusPersistence.key)},
        terms=terms | {"over_plan": over_plan, "redraw": redraw},
        rulebook_version=load_rulebook().version, code_version=vungmanh.__version__,
        snapshot=keep_bytes(inputs, at), seed=seed, result=result, result_hash=hash_of(result),
        made_by=by.user, made_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # two sessions at once: the other one's stands
        raise Conflict(
            "Có người vừa lập danh sách của năm này. Mở danh sách ấy; cần thì lập lại sau.",
            code="selection-stands",
        ) from None
    said = {field: text for field, text in dataclasses.asdict(grounds).items() if text}
    note("selection.run", made, by, at, data={"chosen": len(result["chosen"])}, personal=said)
    return made


@transaction.atomic
def submit_selection(*, selection_id: UUID, by: Viewer, at: dt.datetime) -> Selection:
    """Put a draft to who decides. Raises NotFound, NotNow (not a draft, programme closed)."""
    check_can(by, RUN)
    found = held_selection(by, selection_id, at)
    check_state(found, SelectionState.DRAFT)
    running(found.programme_id, found.year)
    found.state, found.submitted_by, found.submitted_at = SelectionState.SUBMITTED, by.user, at
    found.submitted_on_behalf = by.on_behalf_of
    saved(found, "state", "submitted_by", "submitted_on_behalf", "submitted_at")
    note("selection.submitted", found, by, at)
    return found


@transaction.atomic
def withdraw_selection(
    *, selection_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Selection:
    """Take back what is not decided yet; it stays readable. Raises NotFound, NotNow, InputError."""
    check_can(by, RUN)
    found = held_selection(by, selection_id, at)
    check_state(found, SelectionState.DRAFT, SelectionState.SUBMITTED)
    found.withdrawn_reason = sentence(reason, "reason")
    found.state = SelectionState.WITHDRAWN
    saved(found, "state", "withdrawn_reason")
    note("selection.withdrawn", found, by, at, personal={"reason": found.withdrawn_reason})
    return found


@transaction.atomic
def return_selection(*, selection_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Selection:
    """Hand a list back to who put it forward, with why: a draft again, to be put forward anew.

    What was decided otherwise stays. Raises NotFound, NotNow unless it was put forward, NotAllowed
    (who put it forward), InputError (`reason`).
    """
    check_can(by, DECIDE)
    found = held_selection(by, selection_id, at)
    check_state(found, SelectionState.SUBMITTED)
    check_other_person(by, found)
    said = sentence(reason, "reason")
    found.terms["returned"] = {
        "reason": said, "on": localdate(at).isoformat(), "by": str(by.user.pk)
    }  # fmt: skip
    found.state = SelectionState.DRAFT
    saved(found, "state", "terms")
    note("selection.returned", found, by, at, personal={"reason": said})
    return found


@transaction.atomic
def override(
    *, selection_id: UUID, unit_id: UUID, is_in: bool, reason: str, by: Viewer, at: dt.datetime
) -> SelectionOverride:
    """Take a unit in or leave one out against the rule, by name. The last word on a unit counts.

    Raises NotFound (also for a unit that is not in the table), NotNow unless it was put forward,
    where nothing would change, or while a unit to take in is being helped or may still answer
    (decisions.md 6), InputError (`reason`).
    """
    check_can(by, DECIDE)
    found = held_selection(by, selection_id, at)
    check_state(found, SelectionState.SUBMITTED)
    check_other_person(by, found)
    if str(unit_id) not in {row["unit"] for row in found.result["table"]}:
        raise NotFound("Đơn vị này không có trong bảng lựa chọn.")
    check_otherwise(found, unit_id, is_in=is_in, day=localdate(at))
    made = SelectionOverride.objects.create(
        selection=found, unit_id=unit_id, is_in=is_in, reason=sentence(reason, "reason"),
        by=by.user, at=at,
    )  # fmt: skip
    note(
        "selection.overridden", found, by, at,
        data={"unit": str(unit_id), "in": is_in}, personal={"reason": made.reason},
    )  # fmt: skip
    return made


@transaction.atomic
def decide_selection(
    *, selection_id: UUID, number: str, decided_on: dt.date, by: Viewer, at: dt.datetime
) -> Selection:
    """Decide: the units become choices, each with why. A unit gone since, or chosen by another
    committee for the same year, stops all of it, naming the unit.

    Raises NotFound, NotNow (also once the programme is closed), NotAllowed (who put it forward),
    Conflict, InputError.
    """
    check_can(by, DECIDE)
    beside_register()
    found = held_selection(by, selection_id, at)
    check_state(found, SelectionState.SUBMITTED)
    check_other_person(by, found)
    running(found.programme_id, found.year)
    day = localdate(at)
    check_day(found, decided_on, day)
    number = document_number(number)
    choices = _choices(found)
    if not choices:
        raise NotNow("Danh sách không còn đơn vị nào được chọn; rút lại nếu không chọn ai.")
    check_free(found, [one.unit_id for one in choices], day)
    found.state, found.decided_by, found.decided_at = SelectionState.DECIDED, by.user, at
    found.decided_on, found.number = decided_on, number
    saved(found, "state", "decided_by", "decided_at", "decided_on", "number")
    try:
        with transaction.atomic():
            Choice.objects.bulk_create(choices)
    except IntegrityError as error:
        raise taken() from error
    note(
        "selection.decided", found, by, at,
        data={"units": [str(one.unit_id) for one in choices], "number": number},
    )  # fmt: skip
    return found


def _choices(found: Selection) -> list[Choice]:
    """Who is chosen after every override, in order: the table first, then who was taken in."""
    said = {one.unit_id: one for one in found.overrides.order_by("at", "id")}
    chosen = [unit for unit in units_chosen(found.result) if _stays(said.get(unit))]
    drawn = set(found.result["lots"])
    ways = {
        unit: ChoiceWay.LOT if str(unit) in drawn else ChoiceWay.RULE for unit in chosen
    }  # fmt: skip
    again = SupportFile.objects.filter(unit_id__in=chosen, state=FileState.RELAPSED)
    relapsed = set(again.values_list("unit_id", flat=True))
    ways |= {unit: ChoiceWay.RELAPSE for unit in chosen if unit in relapsed}
    taken = [unit for unit, one in said.items() if one.is_in and unit not in ways]
    ways |= dict.fromkeys(taken, ChoiceWay.OVERRIDE)
    return [
        Choice(
            selection=found, unit_id=unit, year=found.year, position=position, way=way,
            reason=said[unit].reason if way is ChoiceWay.OVERRIDE else "",
        )
        for position, (unit, way) in enumerate(ways.items(), start=1)
    ]  # fmt: skip


def _stays(said: SelectionOverride | None) -> bool:
    return said is None or said.is_in
