"""The same province assessed from the database and from files: the same to the last unit."""

from __future__ import annotations

import datetime as dt

import pytest

from vungmanh.analysis.facts import NOTHING, REASON_KEYS, STATUSES
from vungmanh.analysis.simulate import SMALL, simulate_province
from vungmanh.analysis.staging import periods_back, stage
from vungmanh.analysis.standing import in_order, stand
from vungmanh.meetings.actions.obligations import excuse_months, generate_obligations
from vungmanh.meetings.actions.reports import REPORT_FIELDS, record_reports
from vungmanh.org.actions.register import load_register, rows_of
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.judging import judge
from vungmanh.strengthening.models import Assessment
from vungmanh.strengthening.reasons import TO_VERIFY_KEYS
from vungmanh.strengthening.rules import fact_rules, first_assessable_day

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
#: What the second layer adds, and marks that are no reasons.
BESIDE_FACTS = {*TO_VERIFY_KEYS, "probably_weak"}


def test_database_and_files_agree() -> None:
    province = simulate_province(11, size=SMALL)
    tables, month = province.tables, province.last_month
    fields = ("unit", "month", *REPORT_FIELDS)
    load_register(tables=tables, by=None, at=AT)
    generate_obligations(first=province.first_month, last=month, by=None, at=AT)
    excuse_months(excuses=tables["excuses"], by=None, at=AT)
    reports = tables["meeting_reports"]
    record_reports(
        reports=(dict(zip(fields, row, strict=True)) for row in rows_of(reports, *fields)),
        source=None,
        by=None,
        at=AT,
    )
    assess_months(months=[month], by=None, at=AT)

    book = load_rulebook()
    staged = stage(tables, month)
    periods = periods_back(
        staged, month, lambda day: fact_rules(book, day), first_assessable_day(book)
    )
    inputs = snapshot(month)
    assert inputs is not None
    assert inputs.unit_ids == staged.units
    judged = judge(inputs, month, AT.date())
    weakness = judged.study.weakness
    for grain, order, second in zip(
        stand(staged.inputs, periods, judged.signs),
        ("cell_position", "organisation_position"),
        (weakness.cells, weakness.organisations),
        strict=True,
    ):
        stored = {
            str(row.unit_id): row
            for row in Assessment.objects.filter(**{f"{order}__isnull": False})
        }
        assert {staged.units[place] for place in grain.places} == set(stored)
        for position, place in enumerate(
            in_order(grain, periods[-1], second.hidden[:, -1]), start=1
        ):
            row = stored[staged.units[place]]
            assert row.status == STATUSES[grain.status[place]]
            before = grain.previous[place]
            assert row.previous_status == ("" if before == NOTHING else STATUSES[before])
            assert getattr(row, order) == position
            found = {
                key
                for key, is_there in zip(REASON_KEYS, grain.judged.reasons[place], strict=True)
                if is_there
            }
            assert {reason["key"] for reason in row.reasons} - BESIDE_FACTS == found
            facts = grain.judged.facts
            assert (row.due, row.held, row.not_held, row.no_report, row.excused) == tuple(
                int(getattr(facts, name)[place])
                for name in ("due", "held", "not_held", "no_report", "excused")
            )
