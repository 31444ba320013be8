"""What a summing up would leave open, and the gates that went by before an approval, in words."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import GateKind, SelectionState
from vungmanh.core.text import date_vi, number_vi
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.file_list import FileFilter, listed_files
from vungmanh.strengthening.models import Programme
from vungmanh.strengthening.programme_ending import StillOpen, still_open
from vungmanh.strengthening.selection_reads import VIEW as SEE_SELECTIONS

_NAMED = 20  # open files named on the page; the list has them all

Line = tuple[str, str]  # words, address or ""


def left_rows(
    viewer: Viewer, one: Programme, form: forms.Form, today: dt.date
) -> list[tuple[str, list[Line]]]:
    """Each kind of open matter with its lines, on the day that was typed or today."""
    said = form.cleaned_data.get("closed_on") if form.is_bound and form.is_valid() else None
    day = min(said or today, today)
    left = still_open(viewer, one, day)
    return [(title, lines) for title, lines in (
        (_("Lần lựa chọn chưa quyết định: quyết định hoặc rút trước"), _selections(viewer, left)),
        (_("Mốc tổng kết chưa đến"), [_gate(one, gate.pk, gate.kind, gate.due_on)
                                      for gate in left.to_come]),
        (_("Mốc còn thiếu báo cáo"), [
            _gate(one, each.gate.pk, each.gate.kind, each.gate.due_on,
                  _("thiếu %(n)s") % {"n": number_vi(each.missing)})
            for each in left.gates
        ]),
        (_("%(n)s hồ sơ đang mở, vẫn theo dõi đến khi xong") % {"n": number_vi(left.files)},
         _files(viewer, one, day, left)),
    ) if lines]  # fmt: skip


def _selections(viewer: Viewer, left: StillOpen) -> list[Line]:
    names = named((one.unit_id for one in left.selections), viewer.on)
    sees = can(viewer, SEE_SELECTIONS)
    return [
        (
            _("%(name)s, năm %(year)s: %(state)s") % {
                "name": names.get(one.unit_id, ""), "year": one.year,
                "state": _(SelectionState(one.state).label).lower(),
            },
            reverse("selection", args=[one.pk]) if sees else "",
        )
        for one in left.selections
    ]  # fmt: skip


def _gate(one: Programme, gate_id: int, kind: str, due: dt.date, more: str = "") -> Line:
    words = _("%(gate)s, hạn %(day)s") % {"gate": _(GateKind(kind).label), "day": date_vi(due)}
    address = reverse("programme_gate", args=[one.pk, gate_id])
    return (f"{words}: {more}" if more else words), address


def _files(viewer: Viewer, one: Programme, day: dt.date, left: StillOpen) -> list[Line]:
    found = listed_files(viewer, day, FileFilter(programme=one.pk))[:_NAMED]
    lines = [(each.name or "", reverse("support_file", args=[each.pk])) for each in found]  # type: ignore[attr-defined]
    if left.files > len(lines):
        lines.append((_("Xem cả danh sách"), files_address(one)))
    return lines


def files_address(one: Programme, state: str = "") -> str:
    """The list of the files of a programme; `state` "" are the open ones."""
    more = f"&trang-thai={state}" if state else ""
    return f"{reverse('support_files')}?de-an={one.pk}{more}"


def gates_gone_by(one: Programme, today: dt.date) -> list[str]:
    """Gates before the day on which it could be approved: nobody will have to report at them."""
    return [
        _("%(gate)s, hạn %(day)s") % {
            "gate": _(GateKind(gate.kind).label), "day": date_vi(gate.due_on),
        }
        for gate in one.gates.all() if gate.due_on < today
    ]  # fmt: skip
