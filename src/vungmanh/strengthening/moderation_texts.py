"""Moderation in words: what is asked of a committee before it votes, never a verdict."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi
from vungmanh.strengthening.moderation import Discrepancy, Doubt, Leaning, Strict
from vungmanh.strengthening.moderation_years import YearBefore


def discrepancy_text(found: Discrepancy) -> str:
    """The sentence beside one unit, with its interval and the mark it misses or passes."""
    figures = {
        "index": number_vi(found.signal.index),
        "low": number_vi(found.signal.low),
        "high": number_vi(found.signal.high),
        "cut": number_vi(found.cut),
        "grade": found.grade,
        "flags": found.signal.open_flags,
    }
    if found.doubt is Doubt.EXCELLENT_WITH_SIGNALS:
        return (
            _(
                "Đề nghị “%(grade)s”, còn %(flags)s dấu hiệu yếu đang mở; chỉ số %(index)s, cả"
                " khoảng %(low)s–%(high)s dưới mốc %(cut)s của các đơn vị cùng loại được mức này."
                " Cần nói rõ căn cứ trước khi biểu quyết."
            )
            % figures
        )
    return (
        _(
            "Đề nghị “%(grade)s”, không có dấu hiệu yếu nào mở; chỉ số %(index)s, cả khoảng"
            " %(low)s–%(high)s trên mốc %(cut)s của các đơn vị cùng loại được mức tốt. Cần xem lại"
            " có điều gì số liệu chưa thấy."
        )
        % figures
    )


def strict_text(found: Strict) -> str:
    """Whether a committee grades apart from others, with the interval."""
    if found.leaning is Leaning.TOO_FEW or found.estimate is None:
        return _("Chưa so được: cần từ năm đơn vị có chỉ số ở mỗi nơi, và ít nhất hai nơi.")
    assert found.low is not None
    assert found.high is not None
    figures = {
        "places": number_vi(abs(found.estimate) * 100),
        "low": number_vi(found.low * 100),
        "high": number_vi(found.high * 100),
        "units": found.units,
    }
    if found.low == found.high:  # the committees differ no more than chance makes them
        text = _(
            "Các nơi khác nhau không hơn mức tình cờ, nên chưa nói được nơi nào rộng hay chặt"
            " (%(units)s đơn vị)."
        )
    elif found.leaning is Leaning.LENIENT:
        text = _(
            "Với số liệu như nhau, %(units)s đơn vị ở đây được xếp cao hơn nơi khác khoảng"
            " %(places)s bậc trên 100 (khoảng 95%%: %(low)s đến %(high)s)."
        )
    elif found.leaning is Leaning.STRICT:
        text = _(
            "Với số liệu như nhau, %(units)s đơn vị ở đây bị xếp thấp hơn nơi khác khoảng"
            " %(places)s bậc trên 100 (khoảng 95%%: %(low)s đến %(high)s)."
        )
    else:
        text = _(
            "Chưa thấy xếp khác nơi khác (%(units)s đơn vị; khoảng 95%%: %(low)s đến %(high)s bậc"
            " trên 100)."
        )
    return text % figures


def before_text(before: YearBefore) -> str:
    """What changed since the year before, or why that is not said."""
    if before.is_break:
        return _(
            "Năm %(year)s xếp theo quy định khác: hai năm để cạnh nhau mà xem, không tính tăng"
            " giảm."
        ) % {"year": before.year}
    change = before.change
    if change is None:
        return _("Chưa có xếp loại năm %(year)s của các đơn vị này.") % {"year": before.year}
    text = (
        _("So với năm %(year)s: %(up)s đơn vị lên bậc, %(same)s giữ nguyên, %(down)s xuống bậc.")
        % {"year": before.year, "up": change.up, "same": change.same, "down": change.down}
    )  # fmt: skip
    if change.up + change.down and not change.is_clear:
        text += " " + _("Số đổi bậc còn ít, chưa nói được là đi lên hay đi xuống.")
    return text
