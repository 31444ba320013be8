"""Forms of arranging: the draft out of a finding, laying aside, places and what is told of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.vocabulary import CELL_KINDS, Sector, UnitKind
from vungmanh.org.actions.arranging import Choice
from vungmanh.org.places import PLACE_SECTORS
from vungmanh.rulebook.people.arranging import ArrangingStep, ArrangingStepKind
from vungmanh.web.reforms.forms import DecisionForm
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.tasks.forms import day

Choices = list[tuple[str, str]]


class DraftForm(forms.Form):
    """What a person decides of a finding; the decision comes with its document and day."""

    target = forms.ChoiceField(label=gettext_lazy("Ghép vào"))
    name = forms.CharField(
        label=gettext_lazy("Tên tổ chức mới"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Chi bộ thôn Khe Đá."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Loại tổ chức"))
    document = DecisionForm.base_fields["document"]
    signed_on = DecisionForm.base_fields["signed_on"]
    effective_on = DecisionForm.base_fields["effective_on"]

    def __init__(self, data: Any = None, *, step: ArrangingStep, targets: Choices) -> None:
        super().__init__(data)
        becomes_base = step.new_kind is not None and step.new_kind not in CELL_KINDS
        founds = step.kind is ArrangingStepKind.FOUND or becomes_base
        if step.kind is ArrangingStepKind.ATTACH:
            self.fields["target"].choices = [("", _("Chọn tổ chức nhận")), *targets]  # type: ignore[attr-defined]
        else:
            del self.fields["target"]
        if not founds:
            del self.fields["name"]
        if step.kind is ArrangingStepKind.ATTACH or step.new_kind is not None:
            del self.fields["kind"]
        else:
            kinds = [(one.value, _(one.label)) for one in UnitKind if one in CELL_KINDS]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(
            document=said["document"],
            effective_on=said["effective_on"],
            signed_on=said["signed_on"],
            target=uuid_of(said.get("target")),
            name=said.get("name", ""),
            kind=UnitKind(said["kind"]) if said.get("kind") else None,
        )


class AsideForm(forms.Form):
    """Why nothing is done for now, and when to look again."""

    reason = forms.CharField(
        label=gettext_lazy("Vì sao để lại"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: đang kết nạp hai người, đủ số trước tháng sáu."),
    )
    until = day(gettext_lazy("Để lại đến hết ngày"))


class PlaceForm(forms.Form):
    """A village, an enterprise or a cooperative in the area of a committee."""

    name = forms.CharField(
        label=gettext_lazy("Tên nơi"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Thôn Khe Đá; Hợp tác xã Rau Khe Đá."),
    )
    sector = forms.ChoiceField(label=gettext_lazy("Là"))
    under = forms.ChoiceField(label=gettext_lazy("Thuộc địa bàn đảng bộ"))
    began_on = day(gettext_lazy("Có từ ngày"))

    def __init__(self, data: Any = None, *, committees: Choices) -> None:
        super().__init__(data)
        sectors = [(one.value, _(one.label)) for one in PLACE_SECTORS]
        self.fields["sector"].choices = sectors  # type: ignore[attr-defined]
        several = len(committees) > 1
        first = [("", _("Chọn đảng bộ"))] if several else []
        self.fields["under"].choices = [*first, *committees]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return said | {"sector": Sector(said["sector"]), "under": uuid_of(said["under"])}


class _OfCell(forms.Form):
    unit = forms.ChoiceField(label=gettext_lazy("Tổ chức"), required=False)
    other = forms.CharField(
        label=gettext_lazy("Hoặc tên, mã tổ chức khác trong phạm vi của đồng chí"),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, units: Choices) -> None:
        super().__init__(data)
        self.fields["unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and bool(said.get("unit")) == bool(said.get("other")):
            self.add_error("unit", _("Chọn một tổ chức trong danh sách, hoặc ghi tên, mã."))
        return said


class ReportForm(_OfCell):
    """How many official members of a cell live or work in the place."""

    official = forms.IntegerField(
        label=gettext_lazy("Đảng viên chính thức ở nơi này"),
        min_value=0,
        help_text=gettext_lazy("Chỉ ghi số. Không ai chuyển sinh hoạt vì số này."),
    )
    on = day(gettext_lazy("Tính đến ngày"))
    field_order = ("unit", "other", "official", "on")


class OwnUnitForm(_OfCell):
    """The organisation that the place has, or shares."""


class EndPlaceForm(forms.Form):
    """The place is no more."""

    ended_on = day(gettext_lazy("Ngày đầu tiên không còn"))
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)


class PaperForm(forms.Form):
    """A transfer by counts from one unit to the one that was founded."""

    document = forms.CharField(label=gettext_lazy("Số giấy giới thiệu"), max_length=200)
    decided_on = day(gettext_lazy("Ngày giấy giới thiệu"))
    count = forms.IntegerField(label=gettext_lazy("Số đảng viên chính thức"), min_value=1)
