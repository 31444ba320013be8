"""Forms of two entries: is it one person, which stays, what becomes of days on which both stood."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.org.merge_effects import OverlapChoice
from vungmanh.web.members.forms import RevealForm
from vungmanh.web.people.forms import ReasonForm

Sides = list[tuple[str, str]]


class MergeForm(ReasonForm):
    """It is one person."""

    kept = forms.ChoiceField(
        label=gettext_lazy("Giữ dòng nào"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Dòng này giữ họ tên; mục nào nó còn trống thì lấy của dòng kia. Việc đã ghi của dòng"
            " kia chuyển sang dòng này."
        ),
    )
    overlap = forms.ChoiceField(
        label=gettext_lazy("Những ngày cả hai cùng có tên trong danh sách"),
        widget=forms.RadioSelect,
        required=False,
    )
    counted_twice = forms.BooleanField(
        label=gettext_lazy("Sổ đã đếm người này hai lần trong những ngày ấy: bớt một"),
        required=False,
    )
    field_order = ["kept", "overlap", "counted_twice", "reason"]

    def __init__(self, data: Any = None, *, sides: Sides, overlaps: bool) -> None:
        super().__init__(data)
        self.fields["kept"].choices = sides  # type: ignore[attr-defined]
        if overlaps:
            choices = [(one.value, _(one.label)) for one in OverlapChoice]
            self.fields["overlap"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["overlap"], self.fields["counted_twice"]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        told = dict(self.cleaned_data)
        kept, overlap = told.pop("kept"), told.pop("overlap", "")
        gone = next(side for side, _words in self.fields["kept"].choices if side != kept)  # type: ignore[attr-defined]
        return told | {
            "kept": UUID(kept),
            "gone": UUID(gone),
            "overlap": OverlapChoice(overlap) if overlap else None,
        }


class RevealSideForm(RevealForm):
    """Which masked field of which of the two, and what for."""

    person = forms.ChoiceField(label=gettext_lazy("Của dòng nào"))
    field_order = ["person", "field", "purpose"]

    def __init__(self, data: Any = None, *, sides: Sides) -> None:
        super().__init__(data)
        self.fields["person"].choices = sides  # type: ignore[attr-defined]
