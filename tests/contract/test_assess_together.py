"""Two assessments of one month at the same time: the second waits, and neither fails."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.cast import AT, december, make_cast
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import Assessment, AssessmentRun

MONTH = december(2017)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_run_and_no_error() -> None:
    cast = make_cast()
    cast.hold(cast.cells[0], 2017, held=12)
    failures: list[Exception] = []

    def assess() -> None:
        try:
            assess_months(months=[MONTH], by=None, at=AT)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=assess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert AssessmentRun.objects.filter(month=MONTH).count() == 1
    units = Assessment.objects.values_list("unit_id", flat=True)
    assert len(units) == len(set(units)) > 0
