"""The words of the second layer: how sure we are, and which parts make a unit weak."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.analysis.probability import Likelihood
from vungmanh.core.text import NBSP, number_vi
from vungmanh.strengthening.statistics import Figures

#: How probable weakness is, as a person would say it.
LIKELIHOOD_LABELS = {
    Likelihood.ALMOST_SURE: gettext_lazy("gần như chắc là yếu"),
    Likelihood.LIKELY: gettext_lazy("nhiều khả năng là yếu"),
    Likelihood.POSSIBLE: gettext_lazy("có thể là yếu"),
    Likelihood.NOT_ENOUGH: gettext_lazy("chưa đủ căn cứ để nói là yếu"),
}
PART_LABELS = {
    "held": gettext_lazy("họp đủ kỳ"),
    "attendance": gettext_lazy("dự họp"),
    "tasks": gettext_lazy("việc xong đúng hạn"),
}


#: Points between the estimate and what the period counts by itself that want a word.
_FAR_FROM_ALONE = 3


def whole_percent(share: float) -> str:
    """A probability for reading: never 0 % or 100 %, which no estimate can claim."""
    percent = min(max(int(share * 100 + 1e-9), 1), 99)  # down: .799 has not reached 80
    bound = _("trên") + NBSP if share > 0.99 else _("dưới") + NBSP if share < 0.01 else ""
    return f"{bound}{percent}{NBSP}%"


def parts_text(parts: list[Figures]) -> str:
    """What each part adds to or takes from the typical index; the points add up."""
    told = []
    for one in parts:
        points = one["points"]
        if points:
            word = _("hơn") if points > 0 else _("kém")
            sure = "" if one["explains"] or points > 0 else _(" (chưa chắc)")
            told.append(f"{PART_LABELS[one['part']]} {word} {number_vi(abs(points))}{sure}")
    return "; ".join(told) or _("không phần nào khác mức giữa")


def probably_weak(figures: Figures, cells: int) -> tuple[str, str, str]:
    """(figure, chip, sentence) of the reason "probably weak"."""
    figure = whole_percent(figures["probability"])
    lasts = figures["weight"] == "heavy"
    chip = _("%(figure)s là yếu") % {"figure": figure}
    first = _(
        "Chỉ số ước tính %(index)s (khoảng %(level)s %%: %(low)s–%(high)s), mốc yếu của nhóm là"
        " %(reference)s."
    ) % {
        "index": number_vi(figures["index"]), "level": figures["level"],
        "low": number_vi(figures["low"]), "high": number_vi(figures["high"]),
        "reference": number_vi(figures["reference"]),
    }  # fmt: skip
    alone = figures.get("alone")
    if alone is not None and abs(alone - figures["index"]) >= _FAR_FROM_ALONE:
        first = f"{first} {_pulled(alone, figures['index'])}"
    gap = sum(one["points"] for one in figures["parts"])
    second = _("So với mức giữa của nhóm (%(typical)s): %(parts)s; cộng lại %(gap)s điểm.") % {
        "typical": number_vi(round(figures["index"], 1) - gap),  # so that the sum can be redone
        "parts": parts_text(figures["parts"]),
        "gap": number_vi(gap).replace("-", "−"),
    }
    if lasts:
        third = _("Đã %(periods)s kỳ liền như vậy.") % {"periods": figures["periods"]}
    else:
        third = _("Chưa đủ chắc, hoặc chưa đủ hai kỳ liền, nên riêng lý do này chỉ để theo dõi.")
    return figure, chip, f"{first} {second} {third}"


def _pulled(alone: float, index: float) -> str:
    """Why the estimate is not what this period counts by itself."""
    if index < alone:
        told = _("Riêng kỳ này đếm được %(alone)s; các kỳ trước và nơi cùng nhóm kéo xuống.")
    else:
        told = _("Riêng kỳ này đếm được %(alone)s; các kỳ trước và nơi cùng nhóm kéo lên.")
    return told % {"alone": number_vi(alone)}


def months_hidden(figures: Figures, cells: int) -> tuple[str, str, str]:
    """(figure, chip, sentence) of the mark that months not accounted for could hide weakness."""
    kinds = (
        ("silent", _("%(n)s kỳ chưa báo cáo")),
        (
            "set_aside",
            _("%(n)s kỳ để riêng vì số người có mặt đều bất thường hoặc nộp dồn tháng 12"),
        ),
        ("excused", _("%(n)s kỳ được miễn")),
    )
    months = sum(figures[name] for name, _text in kinds)
    told = [text % {"n": number_vi(figures[name])} for name, text in kinds if figures[name]]
    figure = number_vi(months)
    chip = _("%(figure)s kỳ chưa rõ") % {"figure": figure}
    if not told:  # nothing of this period: what earlier ones were excused still weighs
        told, figure = [_("nhiều kỳ được miễn ở các năm trước")], ""
        chip = _("nhiều kỳ được miễn năm trước")
    sentence = _(
        "Có %(months)s. Theo số đã rõ thì xác suất yếu là %(probability)s; nếu các kỳ ấy đều không"
        " họp thì là %(hidden)s. Làm rõ các kỳ ấy trước."
    ) % {
        "months": ", ".join(told), "probability": whole_percent(figures["probability"]),
        "hidden": whole_percent(figures["hidden"]),
    }  # fmt: skip
    return figure, chip, sentence
