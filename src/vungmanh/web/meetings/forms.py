"""Forms of a meeting. What was typed stays as it was typed: `meetings.facts` says what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.vocabulary import ReportState
from vungmanh.meetings.facts import FIELDS, ROLL_MARKS, Facts, FieldKind, Problem, clean
from vungmanh.meetings.merging import FieldConflict
from vungmanh.meetings.roll import RollEntry, counts_by_name
from vungmanh.web.meetings.words import said_of

#: The parts of the record, in the order of the paper minutes (domain.md §2.5).
GROUPS = (
    (gettext_lazy("Có họp không"), ("outcome", "not_held_reason")),
    (gettext_lazy("Thời gian, nơi họp"), ("held_on", "starts", "ends", "place")),
    (gettext_lazy("Điều hành, người dự"), ("chair", "clerk", "guests", "superior_present")),
    (
        gettext_lazy("Điểm danh"),
        ("present", "present_official", "exempt_present", "excused", "excused_reasons",
         "unexcused"),
    ),
    (
        gettext_lazy("Thảo luận, kết luận"),
        ("speakers", "criticism_minutes", "discussion", "conclusion"),
    ),
    (gettext_lazy("Biểu quyết"), ("vote_for", "vote_against")),
    (gettext_lazy("Phần không nhập máy"), ("withheld", "withheld_note")),
)  # fmt: skip
#: Counts that a roll by name adds up by itself.
BY_ROLL = ("present", "present_official", "exempt_present", "excused", "unexcused")
#: Fields that a roll by name makes idle: each reason stands beside its name.
IDLE_BY_ROLL = (*BY_ROLL, "excused_reasons")
MARKS, REASON, WAS, CHOSEN = "roll-", "roll-reason-", "was", "chosen-"
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YES_NO = [
    ("", gettext_lazy("Chưa ghi")),
    ("true", gettext_lazy("Có")),
    ("false", gettext_lazy("Không")),
]
_OUTCOMES = [
    (ReportState.HELD.value, gettext_lazy("Có họp")),
    (ReportState.NOT_HELD.value, gettext_lazy("Không họp")),
]


@dataclass(frozen=True)
class Choice:
    """A field that somebody else wrote meanwhile: both values, and what a person chose."""

    name: str
    theirs: str
    mine: str
    chosen: str


@dataclass(frozen=True)
class RollRow:
    """One member on the roll call, with what is said of them."""

    entry: RollEntry
    marks: list[tuple[str, str, bool]]
    reason: str


@dataclass(frozen=True)
class Part:
    """One part of the minutes: its short fields side by side, its long ones below."""

    name: str
    title: Any
    short: list[forms.BoundField]
    long: list[forms.BoundField]
    with_roll: bool
    only_held: bool

    @property
    def has_counts(self) -> bool:
        """Mostly numbers: two of them fit side by side on a phone."""
        kinds = [FIELDS[bound.name].kind for bound in self.short]
        return sum(kind in (FieldKind.COUNT, FieldKind.TIME) for kind in kinds) * 2 >= len(kinds)


class RecordForm(forms.Form):
    """The record of one meeting, by counts or by names. Nothing is filled in but what was said."""

    def __init__(
        self, facts: Facts, data: Any = None, *, roll: list[RollEntry], has_names: bool
    ) -> None:
        self.stored, self.people, self.has_names = dict(facts), roll, has_names
        initial = {name: _typed(name, facts.get(name)) for name in FIELDS}
        super().__init__(data, initial=initial, prefix=None)
        for name, one in FIELDS.items():
            if name != "roll" and not (has_names and name in IDLE_BY_ROLL):
                self.fields[name] = _field(one.kind, _(one.label), _(one.help) if one.help else "")
        self.was = _loaded(data, self.stored) if self.is_bound else self.stored
        self.conflicts: dict[str, Choice] = {}

    @property
    def groups(self) -> Iterator[Part]:
        """The parts of the minutes with the fields that stand in them."""
        for title, names in GROUPS:
            shown = [name for name in names if name in self.fields]
            yield Part(
                names[0],
                title,
                [self[name] for name in shown if FIELDS[name].kind is not FieldKind.TEXT],
                [self[name] for name in shown if FIELDS[name].kind is FieldKind.TEXT],
                with_roll=self.has_names and "present" in names,
                only_held=all(FIELDS[name].only_held for name in names),
            )

    @property
    def was_json(self) -> str:
        """What the writer had before; it travels with the page, so that nobody is overwritten."""
        return json.dumps(self.was, ensure_ascii=False, sort_keys=True)

    def rows(self) -> list[RollRow]:
        """The roll call with what was marked; nobody is marked beforehand."""
        marked = self.marked() if self.is_bound else self.stored.get("roll") or {}
        found = []
        for one in self.people:
            said = marked.get(str(one.id), {})
            marks = [(mark, _(label), mark == said.get("status"))
                     for mark, label in ROLL_MARKS.items()]  # fmt: skip
            found.append(RollRow(one, marks, said.get("reason", "")))
        return found

    def marked(self) -> dict[str, dict[str, str]]:
        """The roll call as it was ticked."""
        found: dict[str, dict[str, str]] = {}
        for one in self.people:
            mark = self.data.get(f"{MARKS}{one.id}", "")
            reason = self.data.get(f"{REASON}{one.id}", "").strip()
            if mark:
                found[str(one.id)] = {"status": mark, **({"reason": reason} if reason else {})}
        return found

    def said(self) -> dict[str, Any]:
        """Every field as it would be kept; what cannot be kept stays as it was typed."""
        found: dict[str, Any] = {name: _kept(name, self.data.get(name)) for name in self.fields}
        if self.has_names:
            roll = self.marked()
            found["roll"] = roll or None
            found |= counts_by_name(self.people, {who: one["status"] for who, one in roll.items()})
        return found

    def sound(self) -> dict[str, Any]:
        """What was said, without what cannot be kept: for counting while somebody types."""
        return {name: value for name, value in self.said().items() if _is_sound(name, value)}

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(set, was) of what the writer changed, with what they chose where two had written."""
        was = dict(self.was)
        said = {name: now for name, now in self.said().items() if now != was.get(name)}
        for name in list(said):
            chosen = self.data.get(f"{CHOSEN}{name}", "")
            if chosen == "theirs":
                del said[name]
            elif chosen == "mine":
                was[name] = self.stored.get(name)
        return said, {name: was.get(name) for name in said}

    def refuse(self, problems: list[Problem]) -> None:
        """Put each sentence at its field; what has no field stands above the form."""
        for one in problems:
            self.add_error(one.field if one.field in self.fields else None, one.message)

    def show_conflict(self, conflict: FieldConflict) -> None:
        """Show both values beside each field; the draft stays and a person chooses."""
        for name, (theirs, mine, _was) in conflict.fields.items():
            chosen = self.data.get(f"{CHOSEN}{name}", "")
            self.conflicts[name] = Choice(name, said_of(name, theirs), said_of(name, mine), chosen)
        self.add_error(None, conflict.message)


class PlanForm(forms.Form):
    """When, where and what about. Only the day is needed, and only to announce."""

    planned_on = forms.DateField(
        label=gettext_lazy("Ngày họp"), required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Ngày này không có trong lịch; ghi lại.")},
    )  # fmt: skip
    planned_at = forms.TimeField(
        label=gettext_lazy("Giờ họp"), required=False, input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Ghi giờ và phút, ví dụ 19:30.")},
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Nơi họp"), max_length=200, required=False)
    theme = forms.CharField(
        label=gettext_lazy("Tên chuyên đề"), max_length=200, required=False,
    )  # fmt: skip
    items = forms.CharField(
        label=gettext_lazy("Nội dung thêm"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Mỗi dòng một nội dung. Việc còn lại và văn bản cấp trên đã có sẵn ở mục Chương trình,"
            " không phải ghi lại."
        ),
    )  # fmt: skip
    papers = forms.CharField(
        label=gettext_lazy("Tài liệu gửi kèm"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mỗi dòng một tài liệu: tên, số, ngày. Gửi trước ít nhất 1 ngày."),
    )  # fmt: skip

    LINES = ("items", "papers")

    def __init__(self, plan: Mapping[str, Any], data: Any = None, *, thematic: bool) -> None:
        self.stored = dict(plan)
        initial = {**plan, **{name: "\n".join(plan.get(name) or []) for name in self.LINES}}
        super().__init__(data, initial=initial)
        if not thematic:
            del self.fields["theme"]
        self.was = _loaded(data, self.stored) if self.is_bound else self.stored
        self.conflicts: dict[str, Choice] = {}

    @property
    def was_json(self) -> str:
        return json.dumps(self.was, ensure_ascii=False, sort_keys=True)

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(set, was) of what the writer changed, once the form is valid."""
        said = {name: self._kept(name) for name in self.fields}
        changed = {name: now for name, now in said.items() if now != self.was.get(name)}
        was = dict(self.was)
        for name in list(changed):
            chosen = self.data.get(f"{CHOSEN}{name}", "")
            if chosen == "theirs":
                del changed[name]
            elif chosen == "mine":
                was[name] = self.stored.get(name)
        return changed, {name: was.get(name) for name in changed}

    def _kept(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if name in self.LINES:
            lines = [" ".join(line.split()) for line in value.splitlines()]
            return [line for line in lines if line] or None
        if name == "planned_at" and value:
            return f"{value:%H:%M}"
        return value.isoformat() if name == "planned_on" and value else value or None

    def show_conflict(self, conflict: FieldConflict) -> None:
        """As of a record."""
        for name, (theirs, mine, _was) in conflict.fields.items():
            chosen = self.data.get(f"{CHOSEN}{name}", "")
            self.conflicts[name] = Choice(name, said_of(name, theirs), said_of(name, mine), chosen)
        self.add_error(None, conflict.message)


def _field(kind: FieldKind, label: str, help_text: str) -> forms.Field:
    widgets: dict[FieldKind, forms.Widget] = {
        FieldKind.CHOICE: forms.RadioSelect(choices=_OUTCOMES),
        FieldKind.YES_NO: forms.Select(choices=_YES_NO),
        FieldKind.DAY: forms.TextInput(attrs={"type": "date"}),
        FieldKind.TIME: forms.TextInput(attrs={"type": "time"}),
        FieldKind.TEXT: forms.Textarea(attrs={"rows": 5}),
        FieldKind.COUNT: forms.TextInput(attrs={"inputmode": "numeric", "class": "few"}),
        FieldKind.MINUTES: forms.TextInput(attrs={"inputmode": "numeric", "class": "few"}),
    }
    return forms.CharField(
        label=label, help_text=help_text, required=False,
        widget=widgets.get(kind, forms.TextInput()),
    )  # fmt: skip


def _typed(name: str, value: Any) -> str:
    """A stored value as the form shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _kept(name: str, raw: str | None) -> Any:
    """A typed value as it is kept; one that cannot be is refused later, at its field."""
    text = (raw or "").strip()
    if FIELDS[name].kind is FieldKind.DAY and (day := _DAY.fullmatch(text)):
        text = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    try:
        return clean(name, text)
    except ValueError:
        return text


def _is_sound(name: str, value: Any) -> bool:
    try:
        clean(name, value)
    except ValueError:
        return False
    return True


def _loaded(data: Any, stored: Facts) -> dict[str, Any]:
    """What the page had when it was opened; a page that lost it is compared with what is stored."""
    try:
        was = json.loads(data.get(WAS, ""))
    except ValueError:
        return dict(stored)
    return was if isinstance(was, dict) else dict(stored)
