"""The words of what two entries have in common."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from vungmanh.analysis.same_person import Sign, Sureness

SIGNS = {
    Sign.KEY: gettext_lazy("cùng mã trong cơ sở dữ liệu đảng viên"),
    Sign.NAME_SAME: gettext_lazy("cùng họ tên"),
    Sign.NAME_BARE: gettext_lazy("tên giống nhau khi bỏ dấu"),
    Sign.NAME_ORDER: gettext_lazy("cùng các chữ trong tên, khác thứ tự"),
    Sign.NAME_SHORT: gettext_lazy("một bên thiếu chữ đệm"),
    Sign.NAME_TYPO: gettext_lazy("tên khác nhau một chữ cái"),
    Sign.BORN_SAME: gettext_lazy("cùng ngày sinh"),
    Sign.BORN_SWAPPED: gettext_lazy("ngày và tháng sinh đổi chỗ cho nhau"),
    Sign.BORN_YEAR: gettext_lazy("cùng năm sinh, một bên chỉ ghi 01/01"),
    Sign.JOINED_SAME: gettext_lazy("cùng ngày vào Đảng"),
    Sign.SAME_CELL: gettext_lazy("cùng có tên ở một chi bộ"),
    Sign.BORN_DIFFERENT: gettext_lazy("khác ngày sinh"),
    Sign.KEY_DIFFERENT: gettext_lazy("khác mã"),
}
AGAINST = (Sign.BORN_DIFFERENT, Sign.KEY_DIFFERENT)
SURENESS = {
    Sureness.CERTAIN: gettext_lazy("Cùng mã"),
    Sureness.LIKELY: gettext_lazy("Nhiều khả năng là một"),
    Sureness.POSSIBLE: gettext_lazy("Có thể là một"),
}
