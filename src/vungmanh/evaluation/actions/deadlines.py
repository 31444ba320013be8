"""The last days of the steps of every cycle, as the province lays them down with a document."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from itertools import pairwise

import yaml
from django.db import transaction

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.board import TIMED
from vungmanh.org.actions.own_rules import ADOPT, Paper, adopt_rule, draft_rule
from vungmanh.org.models import OwnRule
from vungmanh.rulebook.values.cycles import GradeDeadlines, StepDeadline

_DAY = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")
_A_COMMON_YEAR = 2001


@transaction.atomic
def adopt_deadlines(
    *, days: Mapping[DossierAct, StepDeadline], paper: Paper, by: Viewer, at: dt.datetime
) -> OwnRule:
    """Make these days the province's own rule; cycles opened before keep the days they have.

    Raises InputError at a step that ends before the one it follows, and for a paper that cannot
    stand.
    """
    check_can(by, ADOPT)
    said = [days[act] for act in TIMED if act in days]
    if not said:
        raise InputError("Ghi hạn của ít nhất một bước.", field=TIMED[0].value, code="no-deadline")
    for before, after in pairwise(said):
        if after.last_day(_A_COMMON_YEAR) < before.last_day(_A_COMMON_YEAR):
            raise InputError(
                f"Hạn của bước “{after.step.label}” ({after.text}) sớm hơn hạn của bước "
                f"“{before.step.label}” ({before.text}), là bước làm trước. Sửa một trong hai "
                "ngày.",
                field=after.step.value,
                code="deadline-before-step",
            )
    value = {
        "deadlines": [
            {
                "step": one.step.value, "month": one.month, "day": one.day,
                "next_year": one.next_year,
            }
            for one in said
        ]
    }  # fmt: skip
    told = "; ".join(f"{one.step.label.lower()} {one.text}" for one in said)
    draft = draft_rule(
        key=GradeDeadlines.key,
        title=f"Hạn các bước xếp loại: {told}",
        text=yaml.safe_dump(value, allow_unicode=True, sort_keys=False),
        by=by,
        at=at,
    )
    return adopt_rule(own_rule_id=draft.pk, paper=paper, by=by, at=at)


def read_deadline(step: DossierAct, said: str, *, next_year: bool) -> StepDeadline | None:
    """What was typed as "5/12"; None where nothing was. Raises InputError at the step."""
    text = said.strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise InputError("Ghi ngày/tháng, ví dụ 5/12.", field=step.value, code="bad-day")
    try:
        return StepDeadline(step, int(found.group(2)), int(found.group(1)), next_year)
    except ValueError as error:
        raise InputError(str(error), field=step.value, code="bad-day") from None
