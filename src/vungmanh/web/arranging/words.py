"""What each kind of finding is called, in the order of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CODES = {
    "below_minimum": gettext_lazy("Chi bộ dưới mức tối thiểu"),
    "joint_cell": gettext_lazy("Có thể lập chi bộ ghép"),
    "village_without_cell": gettext_lazy("Thôn chưa có chi bộ riêng"),
    "scattered_members": gettext_lazy("Doanh nghiệp, hợp tác xã chưa có tổ chức riêng"),
    "base_below_minimum": gettext_lazy("Đảng bộ cơ sở dưới mức tối thiểu"),
    "outgrew_form": gettext_lazy("Đã lớn hơn loại tổ chức"),
    "needs_groups": gettext_lazy("Có thể chia tổ đảng (chỉ nêu để biết)"),
    "size_unknown": gettext_lazy("Chưa rõ số đảng viên"),
    "sizes": gettext_lazy("Chưa có quy định"),
}
#: Pages that stand below Sắp xếp tổ chức in the navigation.
PAGES = (
    "arrangements", "arrangement", "places", "place", "place_new", "reform_papers", "reform_people",
)  # fmt: skip
ORDER = {code: place for place, code in enumerate(CODES)}


def label_of(code: str) -> str:
    return _(CODES[code])
