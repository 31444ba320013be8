"""Forms of reforms: the decision, and one act on one unit, each turned into steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.steps import Change, Create, End, Merge, Move, Step
from vungmanh.web.reforms.picks import PICKS_OFFERED, Pick, picks_for


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": gettext_lazy("Ghi ngày/tháng/năm, ví dụ 01/07/2025.")},
    )


class DecisionForm(forms.Form):
    """What decides: its name, document and days."""

    title = forms.CharField(
        label=gettext_lazy("Tên"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Sắp xếp đảng bộ xã sau khi bỏ cấp huyện."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số và ngày văn bản"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: QĐ 15-QĐ/TU, 20/6/2025."),
    )
    signed_on = day_field(gettext_lazy("Ngày ký"), required=False)
    effective_on = day_field(
        gettext_lazy("Ngày hiệu lực"),
        help_text=gettext_lazy("Ngày đầu tiên theo cơ cấu mới."),
    )


class ActForm(forms.Form):
    """One act on one unit. Without a draft to add it to, it brings the decision along."""

    takes_unit = ""  # what the unit to be chosen is; "" when none is
    unit_is_wanted = True

    document = DecisionForm.base_fields["document"]
    signed_on = DecisionForm.base_fields["signed_on"]
    effective_on = DecisionForm.base_fields["effective_on"]

    #: Told by each act: its steps once the form is valid (the marks already taken in the draft are
    #: given), and what the reform is called when this act is all of it.
    steps: Callable[[set[str]], list[Step]]
    title: Callable[[], str]

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        unit: UnitVersion,
        on: dt.date,
        new_units: Sequence[Pick] = (),
        has_draft: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.viewer, self.unit, self.on = viewer, unit, on
        if has_draft:
            for name in ("document", "signed_on", "effective_on"):
                del self.fields[name]
        self.picks: list[Pick] = []
        self.chosen = (data or {}).get("target", "")
        if self.takes_unit:
            self._take_unit(data or {}, new_units)
        self.prepare()
        decision = [name for name in self.fields if name in DecisionForm.base_fields]
        self.order_fields([*(name for name in self.fields if name not in decision), *decision])

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """Fields that stand together, in groups; the others are `others`."""
        return []

    @property
    def others(self) -> list[forms.BoundField]:
        grouped = {one.name for group in self.parts for one in group}
        return [one for one in self if one.name not in grouped]

    def prepare(self) -> None:
        """Fields that depend on the unit."""

    def _take_unit(self, data: Any, new_units: Sequence[Pick]) -> None:
        address = f"{reverse('reform_units')}?khong={self.unit.unit_id}"
        self.fields["target_words"] = forms.CharField(
            label=self.takes_unit,
            max_length=200,
            required=self.unit_is_wanted,
            help_text=_("Gõ vài chữ của tên hoặc mã, rồi chọn trong danh sách hiện ra."),
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "hx-get": address,
                    "hx-include": "[name=vao],[name=effective_on]",
                    "hx-trigger": "input changed delay:250ms",
                    "hx-target": "#unit-choices",
                    "hx-sync": "this:replace",
                }
            ),
        )
        words = data.get("target_words", "")
        self.picks = picks_for(
            self.viewer, words, self.on, besides=self.unit.unit_id, new_units=new_units
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("target_words"):
            return {**values, "target": None}
        one = next((pick for pick in self.picks if pick.code == self.chosen), None)
        if one is None and len(self.picks) == 1:
            one = self.picks[0]
        if one is None:
            words = (
                _("Chọn một đơn vị trong danh sách bên dưới.")
                if self.picks
                else _("Không có tổ chức nào tên như vậy. Gõ ít chữ hơn, hoặc chỉ gõ tên riêng.")
            )
            self.add_error("target_words", words)
        return {**values, "target": one}

    @property
    def limit(self) -> int:
        return PICKS_OFFERED


class FactsMixin(ActForm):
    """Name, kind, sector, place, code: what a unit is."""

    name = forms.CharField(label=gettext_lazy("Tên"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Loại hình"))
    sector = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"))
    area = forms.CharField(label=gettext_lazy("Địa bàn"), max_length=80, required=False)
    official_code = forms.CharField(label=gettext_lazy("Mã"), max_length=32, required=False)
    is_organisation = forms.BooleanField(
        label=gettext_lazy("Là tổ chức cơ sở đảng"), required=False
    )

    def prepare(self) -> None:
        kinds = [(kind.value, _(kind.label)) for kind in UnitKind]
        sectors = [(sector.value, _(sector.label)) for sector in Sector]
        self.fields["kind"].choices = [("", _("Chọn loại hình")), *kinds]  # type: ignore[attr-defined]
        self.fields["sector"].choices = [("", _("Chọn lĩnh vực")), *sectors]  # type: ignore[attr-defined]
        first = ("name", "kind", "sector", "area", "official_code", "is_organisation")
        self.order_fields([*first, "document", "signed_on", "effective_on"])


class CreateForm(FactsMixin):
    """A unit founded right below this one."""

    def steps(self, refs: set[str]) -> list[Step]:
        values = self.cleaned_data
        parent = str(self.unit.unit_id)
        return [Create(ref=free_ref(refs), parent=parent, **_facts(values))]

    def title(self) -> str:
        return f"Lập mới {self.cleaned_data['name']}"


class ChangeForm(FactsMixin):
    """Other facts of the unit; what is left as it was is not part of the step."""

    def prepare(self) -> None:
        super().prepare()
        for name, value in _facts_now(self.unit).items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.errors and not self._changes(values):
            self.add_error(None, _("Chưa đổi gì so với hiện nay. Sửa ít nhất một ô."))
        return values

    def _changes(self, values: dict[str, Any]) -> dict[str, Any]:
        now = _facts_now(self.unit)
        return {name: value for name, value in _facts(values).items() if value != now[name]}

    def steps(self, refs: set[str]) -> list[Step]:
        return [Change(unit=str(self.unit.unit_id), **self._changes(self.cleaned_data))]

    def title(self) -> str:
        changes = self._changes(self.cleaned_data)
        if "name" in changes:
            return f"Đổi tên {self.unit.name} thành {changes['name']}"
        return f"Đổi thông tin {self.unit.name}"


class MoveForm(ActForm):
    """Another unit above."""

    takes_unit = gettext_lazy("Về dưới đơn vị")

    def steps(self, refs: set[str]) -> list[Step]:
        return [Move(unit=str(self.unit.unit_id), parent=self.cleaned_data["target"].code)]

    def title(self) -> str:
        return f"Chuyển {self.unit.name} về {self.cleaned_data['target'].name}"


class MergeForm(ActForm):
    """The unit ends and goes into another."""

    takes_unit = gettext_lazy("Sáp nhập vào đơn vị")

    def steps(self, refs: set[str]) -> list[Step]:
        source = str(self.unit.unit_id)
        return [Merge(sources=(source,), target=self.cleaned_data["target"].code)]

    def title(self) -> str:
        return f"Sáp nhập {self.unit.name} vào {self.cleaned_data['target'].name}"


class EndForm(ActForm):
    """The unit ends; its members, and the units below it, go to one place."""

    takes_unit = gettext_lazy("Đảng viên và đơn vị bên dưới chuyển về")
    unit_is_wanted = False
    children: Sequence[UnitVersion] = ()

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.children and not self.errors and values["target"] is None:
            self.add_error(
                "target_words", _("Còn đơn vị bên dưới: chọn nơi các đơn vị ấy chuyển về.")
            )
        return values

    def steps(self, refs: set[str]) -> list[Step]:
        target = self.cleaned_data["target"]
        to = target.code if target else None
        moves: list[Step] = [Move(unit=str(one.unit_id), parent=str(to)) for one in self.children]
        return [*moves, End(unit=str(self.unit.unit_id), members_to=to)]

    def title(self) -> str:
        return f"Kết thúc hoạt động {self.unit.name}"


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": " ".join(values["name"].split()),
        "kind": UnitKind(values["kind"]),
        "sector": Sector(values["sector"]),
        "area": values["area"],
        "official_code": values["official_code"],
        "is_organisation": values["is_organisation"],
    }


def _facts_now(unit: UnitVersion) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": UnitKind(unit.kind),
        "sector": Sector(unit.sector),
        "area": unit.area,
        "official_code": unit.official_code,
        "is_organisation": unit.is_organisation,
    }


def free_ref(refs: set[str]) -> str:
    """A mark not yet used in the draft; it is taken from then on."""
    number = 1
    while f"moi-{number}" in refs:
        number += 1
    refs.add(f"moi-{number}")
    return f"moi-{number}"


class UndoForm(forms.Form):
    """Why a reform is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do hoàn tác"),
        max_length=300,
        help_text=gettext_lazy("Một câu ngắn; được giữ trong nhật ký."),
    )
