"""Forms for accounts and roles: what was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import CELL_KINDS, Role
from vungmanh.org.names import UnitName, names_for_roles

UNITS_OFFERED = 12
#: Roles held in one cell; the others are held in a committee and reach everything below it.
CELL_ROLES = frozenset({Role.OVERSEER, Role.CELL_SECRETARY})

#: For the person who gives the role, not for the one who gets it.
ROLE_MEANS = {
    Role.PROVINCIAL_ANALYST: gettext_lazy("xem và nhập cho một đảng bộ và mọi cấp bên dưới."),
    Role.COMMITTEE_OFFICE: gettext_lazy("như trên, thường trong một đảng bộ xã, phường."),
    Role.STANDING_COMMITTEE: gettext_lazy("xem như trên và duyệt; không soạn, không nhập."),
    Role.OVERSEER: gettext_lazy("xem chi bộ được giao; mỗi chi bộ giao một lần."),
    Role.CELL_SECRETARY: gettext_lazy("chỉ xem chi bộ của mình, không thấy thứ hạng."),
    Role.ADMINISTRATOR: gettext_lazy("mở tài khoản, giao vai trò; không xem số liệu nơi nào."),
}


class RoleForm(forms.Form):
    """A role and the unit it is held in. The unit is found by words, then chosen from a list."""

    role = forms.ChoiceField(label=gettext_lazy("Vai trò"))
    unit_words = forms.CharField(
        label=gettext_lazy("Đơn vị"),
        max_length=200,
        help_text=gettext_lazy(
            "Gõ vài chữ của tên, có dấu hay không dấu đều được, rồi chọn trong danh sách hiện ra."
        ),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, on: dt.date) -> None:
        super().__init__(data)
        labels = [(role.value, _(role.label)) for role in Role]
        self.fields["role"].choices = [("", _("Chọn vai trò")), *labels]  # type: ignore[attr-defined]
        self.fields["role"].help_text = format_html_join(
            "",
            "<div><b>{}</b>: {}</div>",
            ((_(role.label), means) for role, means in ROLE_MEANS.items()),
        )
        # The list below follows the typing; without scripts it comes with the answer.
        self.fields["unit_words"].widget.attrs.update(
            {
                "autocomplete": "off",
                "hx-get": reverse("account_units"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#unit-choices",
                "hx-sync": "this:replace",
            }
        )
        words = (data or {}).get("unit_words", "")
        self.units: list[UnitName] = names_for_roles(viewer, words, on, limit=UNITS_OFFERED)
        self.chosen: str = (data or {}).get("unit", "")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "unit_words" not in values or "role" not in values:
            return values
        unit = self._unit()
        if unit is None:
            words = (
                _("Chọn một đơn vị trong danh sách bên dưới.")
                if self.units
                else _("Không có tổ chức nào tên như vậy. Gõ ít chữ hơn, hoặc chỉ gõ tên riêng.")
            )
            self.add_error("unit_words", words)
            return values
        role = Role(values["role"])
        if (role in CELL_ROLES) != (unit.kind in CELL_KINDS):
            self.add_error("unit_words", _misfit(role, unit))
        return {**values, "role": role, "unit_id": unit.unit_id}

    def _unit(self) -> UnitName | None:
        """What was chosen of the list; a list of one needs no choosing."""
        if len(self.units) == 1:
            return self.units[0]
        return next((unit for unit in self.units if str(unit.unit_id) == self.chosen), None)


def _misfit(role: Role, unit: UnitName) -> str:
    names = {"role": _(role.label), "unit": unit.name}
    if role in CELL_ROLES:
        return _("%(role)s được giao ở một chi bộ; %(unit)s không phải chi bộ.") % names
    return _("%(role)s được giao ở một đảng bộ; %(unit)s là chi bộ.") % names


class AccountForm(RoleForm):
    """A new account with its first role."""

    display_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=40,
        help_text=gettext_lazy("Chữ thường không dấu, không có khoảng trắng; ví dụ nguyen.mau."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    field_order = ["display_name", "username", "role", "unit_words"]


class ReasonForm(forms.Form):
    """Why something is done; kept in the ledger."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        help_text=gettext_lazy("Một câu ngắn; được giữ trong nhật ký."),
    )


class EndForm(ReasonForm):
    """When a role ends, and why."""

    ends_on = forms.DateField(
        label=gettext_lazy("Thôi từ ngày"),
        help_text=gettext_lazy("Ngày đầu tiên không còn vai trò này."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    field_order = ["ends_on", "reason"]
