"""Forms of the queue of phones: choosing between values, releasing, rejecting, a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.meetings.facts import FieldKind
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import kind_of, label_of, value_words

MINE, THEIRS, OTHER = "mine", "theirs", "other"
YES_OR_NO = {"state", "attended", "by_plan"}  # nothing beside the two

__all__ = ["ChoiceForm", "CopyForm", "ReasonForm"]


class ChoiceForm(forms.Form):
    """For each field that two wrote differently: which value stands. Nothing is chosen beforehand.

    `now` is what stands there when the page was made; it travels along, so that a later change is
    noticed.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, conflict: Mapping[str, Mapping[str, Any]], now: Mapping[str, Any], data: Any = None
    ) -> None:
        words = json.dumps({name: now.get(name) for name in conflict}, sort_keys=True)
        super().__init__(data, initial={"seen": words})
        self.conflict, self.now = conflict, now
        for name, values in conflict.items():
            self.fields[f"pick-{name}"] = forms.ChoiceField(
                label=label_of(name),
                widget=forms.RadioSelect,
                choices=_choices(name, values["mine"], now.get(name)),
            )
            if _takes_other(name):
                self.fields[f"other-{name}"] = forms.CharField(
                    label=_("Giá trị khác của “%s”") % label_of(name),
                    required=False,
                    max_length=30_000,
                    widget=_widget(name),
                )
        self.fields["reason"] = ReasonForm().fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            seen = json.loads(cleaned.get("seen", ""))
        except ValueError:
            seen = None
        if not isinstance(seen, dict):
            raise forms.ValidationError(_("Tải lại trang rồi chọn lại."))
        self.as_seen, self.chosen = seen, dict[str, Any]()
        for name, values in self.conflict.items():
            pick = cleaned.get(f"pick-{name}")
            if pick == OTHER:
                said = cleaned.get(f"other-{name}", "").strip()
                if not said:
                    self.add_error(f"other-{name}", _("Ghi giá trị, hoặc chọn một trong hai."))
                self.chosen[name] = int(said) if said.isascii() and said.isdecimal() else said
            else:
                self.chosen[name] = values["mine"] if pick == MINE else seen.get(name)
        return cleaned


def _choices(name: str, mine: Any, now: Any) -> list[tuple[str, str]]:
    choices = [
        (THEIRS, _("Trên máy chủ: %s") % value_words(name, now)),
        (MINE, _("Trên điện thoại: %s") % value_words(name, mine)),
    ]
    return [*choices, (OTHER, _("Giá trị khác, ghi bên dưới"))] if _takes_other(name) else choices


def _takes_other(name: str) -> bool:
    """Not where no one line can say it, or where the two are all there is to choose from."""
    return name not in YES_OR_NO and kind_of(name) not in (
        FieldKind.ROLL, FieldKind.CHOICE, FieldKind.YES_NO,
    )  # fmt: skip


def _widget(name: str) -> forms.Widget:
    kind = kind_of(name)
    if kind is FieldKind.DAY:
        return forms.DateInput(attrs={"type": "date"})
    if kind is FieldKind.TEXT:
        return forms.Textarea(attrs={"rows": 4})
    is_number = kind in (FieldKind.COUNT, FieldKind.MINUTES)
    return forms.TextInput(attrs={"inputmode": "numeric"} if is_number else {})


class CopyForm(forms.Form):
    """The saved copy of a phone."""

    file = forms.FileField(
        label=gettext_lazy("Tệp bản sao"),
        help_text=gettext_lazy("Tệp .json do điện thoại lưu bằng nút “Lưu bản sao”."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu của bản sao, nếu có"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Mật khẩu người lưu đã đặt cho tệp này, không phải mã PIN."),
    )
