"""The timeline as the page draws it: a row a month, its meetings in one line, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import number_vi
from vungmanh.strengthening.timeline_shapes import Happening, HappeningKind, TimelineMonth

K = HappeningKind
_PAGES = {
    K.VISIT: ("visit", "meetings.visit.view"),
    K.INSPECTION: ("inspection", "meetings.inspection.view"),
    K.FLAG: ("flag", "strengthening.flag.list"),
}


@dataclass(frozen=True)
class Told:
    """One happening with the page of its record."""

    one: Happening
    label: str
    href: str


@dataclass(frozen=True)
class Row:
    """One month."""

    month: dt.date
    meetings: str
    told: tuple[Told, ...]


def rows_of(viewer: Viewer, months: Iterable[TimelineMonth]) -> list[Row]:
    return [
        Row(
            one.month,
            _meetings(one.marks, is_due=one.is_due),
            tuple(Told(each, _(each.kind.label), _href(viewer, each)) for each in one.happenings),
        )
        for one in months
    ]


def _meetings(marks: dict[str, int], *, is_due: bool) -> str:
    """ "Họp 3/4, không họp 1". Held, not held and not reported never stand for one another."""
    if not marks:
        return ""
    held, due = marks.get("H", 0), sum(marks.values()) - marks.get("E", 0)
    parts = [_("họp %(held)s/%(due)s") % {"held": number_vi(held), "due": number_vi(due)}]
    for mark, words in (
        ("N", _("không họp %s")),
        ("-", _("chưa báo cáo %s") if is_due else _("chưa đến hạn %s")),
        ("E", _("miễn, hoãn %s"))
    ):  # fmt: skip
        if marks.get(mark):
            parts.append(words % number_vi(marks[mark]))
    return ", ".join(parts)


def _href(viewer: Viewer, one: Happening) -> str:
    page, permission = _PAGES.get(one.kind, ("", ""))
    if not page or not one.ref or not can(viewer, permission):
        return ""
    try:
        return reverse(page, args=[one.ref])
    except NoReverseMatch:
        return ""
