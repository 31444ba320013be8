"""The history of a month: who changed what, from and to, and the filings compared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from vungmanh.access.models import User
from vungmanh.core.text import number_vi
from vungmanh.meetings.facts import FIELDS
from vungmanh.meetings.models import MeetingChange, MeetingVersion
from vungmanh.web.meetings.month import Month
from vungmanh.web.meetings.words import label_of, said_of, via_words

CHANGES_SHOWN = 30


@dataclass(frozen=True)
class Change:
    """One act with what it changed, from and to."""

    at: dt.datetime
    who: str
    what: str
    via: str
    reason: str
    fields: list[tuple[str, str, str]]


def changes(page: Month) -> list[Change]:
    """The latest changes first."""
    if page.meeting is None:
        return []
    rows = MeetingChange.objects.filter(meeting=page.meeting).select_related("by")
    return [_change(one) for one in rows.order_by("-revision")[:CHANGES_SHOWN]]


def _change(one: MeetingChange) -> Change:
    fields = [
        (label_of(name), _brief(name, was), _brief(name, now))
        for name, (was, now) in one.fields.items()
    ]
    what = _(one.get_act_display()).lower()
    return Change(one.at, who(one.by), what, via_words(one.via), one.reason, fields)


def _brief(name: str, value: Any) -> str:
    """A value in the history: of a long text its length, so that the list stays a list."""
    if isinstance(value, str) and name in ("discussion", "conclusion"):
        return _("%(n)s chữ") % {"n": number_vi(len(value.split()))}
    return said_of(name, value)


def who(user: User | None) -> str:
    return str(user) if user else _("Hệ thống")


@dataclass(frozen=True)
class VersionRow:
    """One filing: when, by whom, what became of it, and how it differs from the one before."""

    title: str
    events: list[str]
    differences: list[tuple[str, str, str]]


def version_rows(page: Month) -> list[VersionRow]:
    """Every filing, the latest first, compared with the one before it."""
    rows, before = [], None
    for one in page.versions:
        rows.append(VersionRow(_title(one), _events(one), _differences(before, one)))
        before = one
    return rows[::-1]


def _title(one: MeetingVersion) -> str:
    if one.version == 1:
        return _("Bản nộp lần %(n)s") % {"n": one.filing}
    return _("Bản đính chính lần %(n)s (nộp lần %(filing)s)") % {
        "n": one.version - 1, "filing": one.filing,
    }  # fmt: skip


def _events(one: MeetingVersion) -> list[str]:
    via = via_words(one.filed_via)
    told = [
        _("%(who)s nộp %(when)s") % {"who": who(one.filed_by), "when": _when(one.filed_at)}
        + (f" ({via})" if via else "")
    ]
    if one.reason:
        told.append(_("Lý do đính chính: %(reason)s") % {"reason": one.reason})
    for at, user, words in (
        (one.returned_at, one.returned_by, _("%(who)s trả lại %(when)s")),
        (one.confirmed_at, one.confirmed_by, _("%(who)s xác nhận %(when)s")),
        (one.sealed_at, one.sealed_by, _("%(who)s khóa %(when)s")),
    ):
        if at:
            told.append(words % {"who": who(user), "when": _when(at)})
    if one.returned_reason:
        told.append(_("Lý do trả lại: %(reason)s") % {"reason": one.returned_reason})
    if one.retracted_at:
        told.append(_("Rút lại %(when)s") % {"when": _when(one.retracted_at)})
    return told


def _when(at: dt.datetime) -> str:
    return f"{localtime(at):%d/%m/%Y %H:%M}"


def _differences(before: MeetingVersion | None, one: MeetingVersion) -> list[tuple[str, str, str]]:
    if before is None:
        return []
    names = [name for name in FIELDS if before.facts.get(name) != one.facts.get(name)]
    return [
        (label_of(name), said_of(name, before.facts.get(name)), said_of(name, one.facts.get(name)))
        for name in names
    ]
