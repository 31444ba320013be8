"""What the pages of lists from Excel draw from: lines in words, masked as `FIELDS` says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.personal import FIELDS
from vungmanh.org.personal import in_full as whole
from vungmanh.outputs.members.actions import value_of
from vungmanh.outputs.members.models import ListState, MemberLine, MemberLineState, MemberList
from vungmanh.outputs.members.reads import fields_shown, may_be_known, totals_of
from vungmanh.web.members.present import unit_names

TAKE = "lay-"  # name of the ticks of a line, by its id


def finding_of(found: MemberList, counts: dict[str, int]) -> str:
    """Where the list stands, in one sentence."""
    if found.problem:
        return found.problem
    said = {
        "new": number_vi(counts.get(MemberLineState.NEW, 0)),
        "different": number_vi(counts.get(MemberLineState.DIFFERENT, 0)),
        "refused": number_vi(counts.get(MemberLineState.REFUSED, 0)),
        "missing": number_vi(counts.get(MemberLineState.MISSING, 0)),
    }
    if found.state == ListState.PREVIEW:
        return _(
            "Tệp có %(new)s người mới, %(different)s người khác sổ, %(refused)s dòng không nhận;"
            " %(missing)s người trong sổ không có trong tệp."
        ) % said  # fmt: skip
    day = date_vi(localdate(found.at))
    if found.state == ListState.DONE:
        return _("Đã thực hiện danh sách đọc ngày %(day)s.") % {"day": day}
    return _("Đã hoàn tác danh sách đọc ngày %(day)s.") % {"day": day}


def line_rows(viewer: Viewer, lines: list[MemberLine], *, in_full: bool) -> list[dict[str, Any]]:
    """The lines of one page."""
    names = unit_names({line.unit_id for line in lines if line.unit_id})
    fields = fields_shown(lines)
    known = may_be_known(lines, viewer, viewer.on)
    rows = []
    for line in lines:
        name = line.person.name if line.person else line.said.get("name", "")
        rows.append(
            {
                "line": line,
                "name": FIELDS["name"].shown_to(viewer, name),
                "unit": names.get(line.unit_id, "") if line.unit_id else "",
                "state": _(line.get_state_display()),
                "known": FIELDS["name"].shown_to(viewer, known.get(line.pk, "")),
                "is_refused": line.state == MemberLineState.REFUSED,
                "fields": [
                    {
                        "name": one.name,
                        "label": _(FIELDS[one.name].label),
                        "stands": _shown(viewer, one.name, one.stands, in_full=in_full),
                        "told": _shown(viewer, one.name, one.told, in_full=in_full),
                        "is_taken": one.is_taken,
                    }
                    for one in fields.get(line.pk, [])
                ],
            }
        )
    return rows


def _shown(viewer: Viewer, name: str, text: str, *, in_full: bool) -> str:
    if not text:
        return _("chưa ghi")
    value: dt.date | str = value_of(name, text)
    if name == "status":
        value = _(MembershipStatus(text).label)
    return whole(value) if in_full else FIELDS[name].shown_to(viewer, value)


def totals(viewer: Viewer, found: MemberList) -> list[dict[str, Any]]:
    """Cells in which rows, names and counts differ."""
    differ = totals_of(found, viewer, viewer.on)
    names = unit_names({one.unit_id for one in differ})
    return [
        {
            "unit_id": one.unit_id,
            "unit": names.get(one.unit_id, ""),
            "numbers": (one.rows, one.listed, one.counted),
        }
        for one in differ
    ]
