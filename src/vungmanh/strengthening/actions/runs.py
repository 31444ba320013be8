"""Assessing a month on demand: what whoever answers for the whole province may ask for."""

from __future__ import annotations

import datetime as dt

from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.org.sight import is_analyst_of_the_root
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.recompute import Recomputed, recompute

MAKE = "strengthening.run.make"


def may_make(viewer: Viewer | None) -> bool:
    """Whether the viewer may assess: a run is of everybody, so only who sees everybody."""
    return is_analyst_of_the_root(viewer)


def check_may_make(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may assess the whole province."""
    check_can(viewer, MAKE)
    if not may_make(viewer):
        raise NotAllowed(
            "Một lần tính là của cả tỉnh, nên chỉ chuyên viên cấp tỉnh tính được. Hãy báo cấp tỉnh."
        )


def make_run(*, month: dt.date, by: Viewer, at: dt.datetime) -> AssessmentRun:
    """Assess one month from what is recorded now; NotNow where there is nothing to assess from."""
    check_may_make(by)
    return assess_months(months=[month], by=by.user, at=at)[0]


def recomputed(*, run_id: int, by: Viewer) -> tuple[AssessmentRun, Recomputed]:
    """A run compared with what its kept inputs give. It names units of the whole province."""
    check_may_make(by)
    run = AssessmentRun.objects.select_related("snapshot").filter(pk=run_id).first()
    if run is None:
        raise NotFound("Lần tính này không còn: tháng ấy đã được tính lại. Tải lại danh sách.")
    return run, recompute(run)
