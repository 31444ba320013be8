"""What comes of the places kept for those who do not report: a task for each, by name and day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.choosing import Why
from vungmanh.core.text import percent_vi
from vungmanh.meetings.actions.tasks import Hand, first_steps, new_task
from vungmanh.meetings.models import Task
from vungmanh.meetings.models.tasks import OWNER, TITLE
from vungmanh.meetings.wishes import TaskWish
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import Selection
from vungmanh.strengthening.selection_reads import inputs_of


def give_verifying(*, selection: Selection, by: Viewer, at: dt.datetime) -> list[Task]:
    """Called by whoever decides: the committee's own staff, who put the list forward, look at every
    silent unit that took a place, within the term of the rule. Which task is for which unit is kept
    in the selection's terms.
    """
    day, taken = localdate(at), set(selection.choices.values_list("unit_id", flat=True))
    rows = {UUID(row["unit"]): row for row in selection.result["table"] if row["why"] == Why.VERIFY}
    names = named(rows, day)
    term = inputs_of(selection).rule.get("verify_days", 0)
    due = day + dt.timedelta(days=term)
    made = {}
    for unit, row in rows.items():
        if unit in taken or unit not in names:  # chosen by name all the same, or gone
            continue
        reported = percent_vi(row["reported"], decimals=0)
        title = f"Xác minh tình hình sinh hoạt của {names[unit]} (báo cáo {reported} số kỳ)"
        made[unit] = new_task(
            selection.unit_id,
            TaskWish(
                title=title[:TITLE], owner=str(selection.submitted_by)[:OWNER], due_on=due,
                output="Kết luận từng kỳ chưa báo cáo: đã họp, không họp, hay được hoãn",
                given_on=day,
            ),
            at,
        )  # fmt: skip
    Task.objects.bulk_create(made.values())
    first_steps(list(made.values()), Hand(by, at))
    for unit, task in made.items():
        record(
            "task.given", by=by.user, at=at, subject=f"task:{task.pk}",
            data={"unit": str(task.unit_id), "due_on": due.isoformat(), "verifies": str(unit)},
            personal={"title": task.title, "owner": task.owner},
        )  # fmt: skip
    selection.terms["verify"] = {str(unit): str(task.pk) for unit, task in made.items()}
    selection.save(update_fields=["terms"])
    return list(made.values())
