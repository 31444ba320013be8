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
    "may_be_delegated": gettext_lazy("Có thể được giao quyền cấp trên cơ sở (chỉ nêu để biết)"),
    "needs_groups": gettext_lazy("Có thể chia tổ đảng (chỉ nêu để biết)"),
    "size_unknown": gettext_lazy("Chưa rõ số đảng viên"),
    "sizes": gettext_lazy("Chưa có quy định"),
}
#: What to do where the finding makes no draft; the others want their numbers first.
ADVICE = {
    "below_minimum": gettext_lazy(
        "Cùng đảng bộ không có chi bộ nào đủ số để ghép vào. Xem việc lập chi bộ ghép, kết nạp"
        " thêm, hoặc lập việc sắp xếp chuyển sang đảng bộ khác."
    ),
    "village_without_cell": gettext_lazy(
        "Chưa đủ đảng viên chính thức để lập chi bộ riêng. Báo đủ số ở trang của thôn, bồi dưỡng"
        " kết nạp, hoặc lập chi bộ ghép."
    ),
    "may_be_delegated": gettext_lazy(
        "Giao quyền là quyết định của cấp trên, không đổi loại tổ chức nên không cần dự thảo."
    ),
    "needs_groups": gettext_lazy(
        "Chi bộ tự chia tổ đảng; sổ tổ chức không ghi tổ đảng nên không cần dự thảo."
    ),
}
#: Pages that stand below Sắp xếp tổ chức in the navigation.
PAGES = (
    "arrangements", "arrangement", "places", "place", "place_new", "reform_papers", "reform_people",
)  # fmt: skip
ORDER = {code: place for place, code in enumerate(CODES)}


def label_of(code: str) -> str:
    return _(CODES[code])


def advice_of(code: str) -> str:
    """What to do about a finding of which no draft can be made."""
    if code in ADVICE:
        return _(ADVICE[code])
    return _("Chưa rõ số đảng viên nên chưa lập dự thảo được: ghi số trước.")
