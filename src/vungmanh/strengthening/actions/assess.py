"""Assessing everybody at the end of a month."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

import vungmanh
from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_label
from vungmanh.meetings.frames import month_totals
from vungmanh.org.bulk import copy_rows
from vungmanh.strengthening.actions.flags import follow_flags
from vungmanh.strengthening.actions.leaving import follow_files
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.judging import judge
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.reference_store import keep_references, kept_references
from vungmanh.strengthening.results import Row, hash_of, line
from vungmanh.strengthening.rows import COLUMNS, rows_of
from vungmanh.strengthening.snapshot_store import keep, sweep
from vungmanh.strengthening.snapshots import Snapshot


@transaction.atomic
def assess_months(
    *,
    months: Iterable[dt.date],
    by: User | None,
    at: dt.datetime,
    progress: Callable[[dt.date], None] = lambda month: None,
) -> list[AssessmentRun]:
    """Assess each month anew, replacing what stood there; one event a month.

    Raises NotNow where nothing was due by then, or no rule was in force.
    """
    wanted = sorted(set(months))
    if not wanted:
        return []
    with connection.cursor() as cursor:  # two imports at once: the second waits, then sees both
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('strengthening.assess'))")
    data = snapshot(wanted[-1])
    if data is None or wanted[0] < data.inputs.first_month:
        raise NotNow(
            f"Chưa có số liệu đến hết {month_label(wanted[0])}. Nhập báo cáo trước, rồi tính lại."
        )
    runs = []
    for month in wanted:
        runs.append(_assess(data, month, by=by, at=at))
        progress(month)
    with connection.cursor() as cursor:
        # A run the planner has not counted looks empty to it: the page of a new month took ten
        # times as long until the next automatic count.
        cursor.execute("ANALYZE strengthening_assessment")
    sweep()
    follow_flags(by=by, at=at)
    follow_files(by=by, at=at)
    return runs


@transaction.atomic
def withdraw_assessments(*, months: Iterable[dt.date], by: User | None, at: dt.datetime) -> None:
    """Take back the assessments of months nobody reports on any more; one event a month."""
    for run in AssessmentRun.objects.filter(month__in=list(months)).order_by("month"):
        run.delete()
        record("assessment.withdrawn", by=by, at=at, subject=f"assessment:{run.month:%Y-%m}")
    sweep()
    follow_flags(by=by, at=at)
    follow_files(by=by, at=at)


def _assess(data: Snapshot, month: dt.date, *, by: User | None, at: dt.datetime) -> AssessmentRun:
    judged = judge(data, month, localdate(at), kept_references())
    rows = rows_of(judged)
    reported, due = month_totals(month)
    AssessmentRun.objects.filter(month=month).delete()
    run = AssessmentRun.objects.create(
        month=month,
        at=at,
        by=by,
        rulebook_version=data.rules.version,
        code_version=vungmanh.__version__,
        input_hash=data.digest,
        snapshot=keep(data, at),
        result_hash=hash_of(map(line, rows)),
        references=judged.references,
        reported=reported,
        due=due,
    )
    keep_references(judged, at)
    copy_rows("strengthening_assessment", ("run_id", *COLUMNS), _stored(run, rows))
    record(
        "assessment.made",
        by=by,
        at=at,
        subject=f"assessment:{month:%Y-%m}",
        data={"rulebook": run.rulebook_version, "input": run.input_hash},
    )
    return run


def _stored(run: AssessmentRun, rows: Iterable[Row]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            run.pk,
            *(
                json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
                for value in row
            ),
        ]
