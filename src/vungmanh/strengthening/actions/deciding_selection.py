"""Deciding whom to strengthen: the decision and the file of every chosen unit, both or neither."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.strengthening.actions.choosing import decide_selection
from vungmanh.strengthening.actions.choosing_verify import give_verifying
from vungmanh.strengthening.actions.files import open_files
from vungmanh.strengthening.models import Selection


@transaction.atomic
def decide_and_open(
    *, selection_id: UUID, number: str, decided_on: dt.date, by: Viewer, at: dt.datetime
) -> Selection:
    """Decide a selection that was put forward, open the files of its units, and give a task to
    verify each that does not report.

    Raises what `decide_selection` and `open_files` raise; then nothing at all is decided.
    """
    made = decide_selection(
        selection_id=selection_id, number=number, decided_on=decided_on, by=by, at=at
    )
    open_files(selection=made, by=by, at=at)
    give_verifying(selection=made, by=by, at=at)
    return made
