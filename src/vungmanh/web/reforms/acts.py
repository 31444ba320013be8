"""The acts on one unit: the word in the address and what the button says."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.org.queries import versions_visible

LABELS = {
    "doi": gettext_lazy("Đổi tên, thông tin"),
    "chuyen": gettext_lazy("Chuyển"),
    "sap-nhap": gettext_lazy("Sáp nhập vào…"),
    "chia-tach": gettext_lazy("Chia tách"),
    "ket-thuc": gettext_lazy("Kết thúc"),
    "lap-moi": gettext_lazy("Lập đơn vị bên dưới"),
}


def heading_of(code: str) -> str:
    """The act as a page opens with it: a button may end in dots, a sentence does not."""
    return _("Sáp nhập") if code == "sap-nhap" else str(LABELS[code])


def acts_on(viewer: Viewer, unit_id: UUID) -> list[tuple[str, str]]:
    """Words and address of each act, for whoever may draft a reform on a unit that lives today."""
    if not can(viewer, "org.reform.draft"):
        return []
    if not versions_visible(viewer, viewer.on).filter(unit_id=unit_id).exists():
        return []
    return [
        (str(label), reverse("unit_act", args=[unit_id, code])) for code, label in LABELS.items()
    ]
