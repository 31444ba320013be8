"""The form of a visit: few taps on a narrow phone; it remembers what it was opened on."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.ids import uuid7
from vungmanh.meetings.models.visits import NOTE
from vungmanh.meetings.visits import TEXTS
from vungmanh.web.tasks.forms import day

YES, NO = "co", "khong"


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VisitForm(forms.Form):
    """One visit. `known` are its facts when the page was opened: what somebody else writes
    meanwhile is noticed. The id is made with the page, so that sending twice records once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    overseer = forms.ChoiceField(
        label=gettext_lazy("Ai đã đi"),
        help_text=gettext_lazy("Chỉ người được phân công phụ trách nơi này trong một năm qua."),
    )
    on = day(gettext_lazy("Đi ngày nào"))
    attended = forms.ChoiceField(
        label=gettext_lazy("Có dự buổi sinh hoạt không?"), widget=forms.RadioSelect
    )
    found = _note(
        gettext_lazy("Thấy gì"), gettext_lazy("Ghi việc của chi bộ; không nhận xét từng người.")
    )
    agreed = _note(gettext_lazy("Đã thống nhất gì với chi bộ"))
    put_right = _note(gettext_lazy("Điều lần trước nêu, nay đã khắc phục"))
    by_plan = forms.ChoiceField(label=gettext_lazy("Lần này"), widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, known: dict[str, Any] | None = None,
        overseers: list[tuple[UUID, str]] | None = None, first: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"key": uuid7(), "by_plan": YES, **(first or {})})
        self.fields["attended"].choices = [(YES, _("Có dự")), (NO, _("Không dự"))]  # type: ignore[attr-defined]
        self.fields["by_plan"].choices = [  # type: ignore[attr-defined]
            (YES, _("Theo kế hoạch")),
            (NO, _("Ngoài kế hoạch")),
        ]
        if overseers is None:
            del self.fields["overseer"]
        else:
            self.fields["overseer"].choices = [(str(pk), name) for pk, name in overseers]  # type: ignore[attr-defined]
        if known is not None:
            for name in ("key", "on"):
                del self.fields[name]
            self.initial |= {name: known.get(name, "") for name in TEXTS}
            self.initial |= {name: YES if known[name] else NO for name in ("attended", "by_plan")}
            self.initial["was"] = json.dumps(known, sort_keys=True)

    def said(self) -> dict[str, Any]:
        """What is said of the visit, once the form is valid."""
        told = self.cleaned_data
        return {
            **{name: told[name] or None for name in TEXTS},
            **{name: told[name] == YES for name in ("attended", "by_plan")},
        }

    def before(self) -> dict[str, Any]:
        """What the page was opened on."""
        try:
            was = json.loads(self.cleaned_data.get("was") or "{}")
        except ValueError:
            return {}
        return was if isinstance(was, dict) else {}
