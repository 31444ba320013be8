"""The bundle of a phone, put together for all the hats of its person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from vungmanh.access import wall
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.meetings.actions.deciding import oldest_form
from vungmanh.meetings.actions.receiving import USE
from vungmanh.meetings.facts import FIELDS, FORM
from vungmanh.meetings.phone_answers import MESSAGES, answer_of
from vungmanh.meetings.phone_bundle import Parts, add_cells
from vungmanh.meetings.phones import waiting_of

MOST_WAITING = 200


def bundle_for(viewer: Viewer, at: dt.datetime) -> dict[str, Any]:
    """Everything a phone works with until it has a network again (docs/house/phones.md)."""
    on, parts = timezone.localdate(at), Parts()
    for one in _hats(viewer):
        with wall.behind(one, on, since=wall.EVER):
            add_cells(parts, one, on)
    return {
        "now": at.isoformat(),
        "user": {"id": str(viewer.user.pk), "name": str(viewer.user)},
        "role": viewer.role.value if viewer.role else "",
        "form": FORM,
        "oldest_form": oldest_form(),
        "fields": [
            {
                "name": one.name, "kind": one.kind.value, "label": one.label, "help": one.help,
                "only_held": one.only_held,
            }
            for one in FIELDS.values()
        ],
        "units": parts.units,
        "sheets": parts.sheets,
        "waiting": [answer_of(one) for one in waiting_of(viewer.user, limit=MOST_WAITING)],
        "messages": MESSAGES,
        "left_out": parts.left_out,
    }  # fmt: skip


def _hats(viewer: Viewer) -> list[Viewer]:
    """The hat worn first, then the others in which a phone may be used."""
    others = [
        viewer_for(viewer.user, on=viewer.on, hat=hat.code)
        for hat in viewer.hats
        if hat != viewer.hat
    ]
    return [one for one in (viewer, *others) if can(one, USE)]
