"""Drawing a committee's plan of visits for a year: once, with its seed kept."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.vocabulary import CELL_KINDS
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import VisitFrequency
from vungmanh.strengthening.models import Assessment, AssessmentRun, VisitPlan
from vungmanh.strengthening.visiting import plan_inputs, plan_lines

PLAN = "strengthening.oversight.plan"


@transaction.atomic
def plan_visits(*, unit_id: UUID, year: int, by: Viewer, at: dt.datetime) -> VisitPlan:
    """Draw the plan of a year for the cells below a committee, from the last assessment.

    Raises NotFound for a unit out of reach, NotNow where the year has its plan (`plan-made`) or no
    rule says how often (`no-rule`), InputError for a year that is neither this nor the next.
    """
    check_can(by, PLAN)
    today = localdate(at)
    visible_unit(by, unit_id, by.on)
    if not units_held(by, by.on).filter(descendant_id=unit_id).exists():
        raise NotFound(
            "Không tìm thấy tổ chức này trong phạm vi của đồng chí.", code="unit-not-found"
        )
    if year not in (today.year, today.year + 1):
        raise InputError(
            "Chỉ lập kế hoạch cho năm nay hoặc năm sau.", field="year", code="bad-year"
        )
    view = load_rulebook().on(today)
    if not view.has(VisitFrequency.key):
        raise NotNow(
            "Chưa có quy định về số lần đến cơ sở; thêm ở mục Căn cứ rồi lập lại.", code="no-rule"
        )
    rule = view.of(VisitFrequency)
    month, statuses = _statuses(unit_id, today)
    inputs = plan_inputs(statuses, rule, secrets.token_hex(16))
    plan = VisitPlan(
        unit_id=unit_id, year=year, month=month, rule=view.rule(VisitFrequency.key).id,
        seed=inputs["seed"], inputs=inputs, lines=plan_lines(inputs), made_by=by.user, made_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise NotNow(
            f"Năm {year} đã có kế hoạch đi cơ sở; không bốc thăm lại để tránh chọn kết quả.",
            code="plan-made",
        ) from None
    record(
        "visit_plan.drawn",
        by=by.user,
        at=at,
        subject=f"unit:{unit_id}",
        data={
            "plan": str(plan.pk), "year": year, "seed": plan.seed, "cells": len(plan.lines),
            "drawn": sum(line["drawn"] for line in plan.lines),
        },
    )  # fmt: skip
    return plan


def _statuses(unit_id: UUID, on: dt.date) -> tuple[dt.date | None, dict[str, str | None]]:
    """The month of the last assessment, and the status in it of each cell below on a day."""
    below = UnitClosure.objects.filter(
        ancestor_id=unit_id, depth__gt=0, valid__contains=on
    ).values_list("descendant_id", flat=True)
    cells = UnitVersion.objects.filter(
        unit_id__in=below, valid__contains=on, kind__in=[kind.value for kind in CELL_KINDS]
    )
    found: dict[str, str | None] = {
        str(one): None for one in cells.values_list("unit_id", flat=True)
    }
    run = AssessmentRun.objects.filter(month__lte=on).order_by("-month").first()
    if run is None:
        return None, found
    known = Assessment.objects.filter(run=run, unit_id__in=list(found))
    found |= {str(unit): status for unit, status in known.values_list("unit_id", "status")}
    return run.month, found
