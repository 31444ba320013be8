"""The words of reasons: a short chip with its figure, and the sentence that lets one recount it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vungmanh.core.text import NBSP, date_vi
from vungmanh.strengthening.reasons import Figures
from vungmanh.strengthening.statistic_texts import months_hidden, probably_weak

#: Reasons one can filter a list by, in the order of the rulebook's weights.
REASON_LABELS = {
    "meetings_held": gettext_lazy("Họp không đủ kỳ"),
    "secretary_vacant": gettext_lazy("Khuyết bí thư"),
    "failing_cells": gettext_lazy("Nhiều chi bộ không đạt"),
    "resolution_carried": gettext_lazy("Nghị quyết kéo dài"),
    "no_admission": gettext_lazy("Không kết nạp đảng viên"),
    "few_official_members": gettext_lazy("Quá ít đảng viên chính thức"),
    "meetings_refuted": gettext_lazy("Kiểm tra thấy báo họp mà không họp"),
    "meetings_refuted_few": gettext_lazy("Kiểm tra thấy một buổi báo họp mà không họp"),
    "probably_weak": gettext_lazy("Xác suất yếu cao"),
}
#: Marks that must be verified first.
_TO_VERIFY = {
    "silent": gettext_lazy("Báo cáo quá ít"),
    "meetings_undecided": gettext_lazy("Chưa kết luận được số kỳ họp"),
    "months_hidden": gettext_lazy("Có tháng không đọc được"),
    "meetings_excused": gettext_lazy("Nhiều kỳ được miễn, hoãn"),
}


def reason_label(key: str) -> str:
    """What a reason is called, marks to verify included."""
    return str(REASON_LABELS.get(key) or _TO_VERIFY.get(key) or key)


@dataclass(frozen=True)
class ReasonText:
    """A reason in words. `figure` stands somewhere in `chip`; `weight` is "" for a mark to verify.

    `rule_key` names the rule of the rulebook that sets the threshold.
    """

    key: str
    weight: str
    figure: str
    chip: str
    sentence: str
    rule_key: str
    named: tuple[Figures, ...] = ()  # cells of an organisation with their counts


def texts_of(reasons: list[Figures], *, cells: int = 0) -> list[ReasonText]:
    """The words of stored reasons, in their order. `cells` > 0: the unit is an organisation."""
    return [_text(figures, cells) for figures in reasons]


def _text(figures: Figures, cells: int) -> ReasonText:
    key = figures["key"]
    figure, chip, sentence = _WORDS[key](figures, cells)
    named = tuple(figures.get("named", ()))
    rule_key = _RULE_KEYS.get(key, f"fact_reason.{key}")
    return ReasonText(key, figures["weight"], figure, chip, sentence, rule_key, named)


def _counts(figures: Figures) -> str:
    return _("Họp %(held)s, không họp %(not_held)s, chưa có báo cáo %(no_report)s.") % figures


def _meetings_held(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = f"{figures['held']}/{figures['due']}"
    if cells:
        chip = _("%(figure)s kỳ của %(cells)s chi bộ") % {"figure": figure, "cells": cells}
    else:
        chip = _("%(figure)s kỳ bắt buộc") % {"figure": figure}
    limit = f"{figures['minimum']}/{figures['of']}"
    if figures["no_report"]:
        at_best = f"{figures['held'] + figures['no_report']}/{figures['due']}"
        told = _("Nếu %(n)s kỳ ấy đã họp thì là %(best)s, vẫn dưới mức %(limit)s.") % {
            "n": figures["no_report"], "best": at_best, "limit": limit,
        }  # fmt: skip
    else:
        told = _("Mức tối thiểu là %(limit)s.") % {"limit": limit}
    return figure, chip, f"{_counts(figures)} {told}"


def _meetings_undecided(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = f"{figures['held']}/{figures['due']}"
    chip = _("%(figure)s kỳ, %(n)s kỳ chưa báo cáo") % {
        "figure": figure, "n": figures["no_report"],
    }  # fmt: skip
    told = _(
        "Chưa kết luận được: nếu các kỳ chưa báo cáo đều đã họp thì đạt mức %(limit)s. Hỏi báo cáo"
        " còn thiếu trước."
    ) % {"limit": f"{figures['minimum']}/{figures['of']}"}
    return figure, chip, f"{_counts(figures)} {told}"


def _meetings_excused(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = str(figures["excused"])
    chip = _("%(figure)s kỳ được miễn") % {"figure": figure}
    told = _(
        "Được miễn nhiều hơn mức thường thấy ở nơi cùng nhóm; nếu các kỳ ấy vẫn phải họp thì dưới"
        " mức %(limit)s. Xem lại văn bản cho miễn."
    ) % {"limit": f"{figures['minimum']}/{figures['of']}"}
    return figure, chip, f"{_counts(figures)} {told}"


def _silent(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = f"{figures['held'] + figures['not_held']}/{figures['due']}"
    chip = _("chỉ báo cáo %(figure)s kỳ") % {"figure": figure}
    told = _(
        "Dưới %(limit)s số kỳ có báo cáo, nên không xếp hạng mà xác minh trước. Im lặng không"
        " phải là không họp, cũng không phải là đã họp."
    ) % {"limit": f"{figures['limit']}{NBSP}%"}
    return figure, chip, f"{_counts(figures)} {told}"


def _secretary_vacant(figures: Figures, cells: int) -> tuple[str, str, str]:
    days = str(figures["days"])
    chip = _("khuyết bí thư %(days)s ngày") % {"days": days}
    sentence = _("Khuyết từ %(since)s; mức nhắc là %(limit)s ngày.") % {
        "since": date_vi(dt.date.fromisoformat(figures["since"])), "limit": figures["limit"],
    }  # fmt: skip
    return days, chip, sentence


def _failing_cells(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = f"{figures['failing']}/{figures['cells']}"
    chip = _("%(figure)s chi bộ không đạt") % {"figure": figure}
    part, whole = figures["more_than"]
    sentence = _(
        "%(figure)s chi bộ có lý do nặng; mức nhắc là quá %(part)s/%(whole)s số chi bộ."
    ) % {"figure": figure, "part": part, "whole": whole}
    return figure, chip, sentence


def _resolution_carried(figures: Figures, cells: int) -> tuple[str, str, str]:
    times = str(figures["times"])
    chip = _("nghị quyết kéo dài %(times)s kỳ") % {"times": times}
    sentence = _("Nghị quyết chậm nhất đã chuyển kỳ %(times)s lần; mức nhắc là %(limit)s lần.") % {
        "times": times,
        "limit": figures["limit"],
    }
    return times, chip, sentence


def _no_admission(figures: Figures, cells: int) -> tuple[str, str, str]:
    chip = _("0 kết nạp trong %(years)s năm") % {"years": figures["years"]}
    sentence = _("Sổ đảng viên không có ai được kết nạp trong %(years)s năm gần nhất.") % figures
    return "0", chip, sentence


def _few_official_members(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = str(figures["official"])
    chip = ngettext(
        "%(figure)s đảng viên chính thức", "%(figure)s đảng viên chính thức", figures["official"]
    ) % {"figure": figure}
    sentence = _(
        "Dưới %(minimum)s đảng viên chính thức: đây là nguyên nhân phải sắp xếp, không phải lý do"
        " được miễn họp."
    ) % {"minimum": figures["minimum"]}
    return figure, chip, sentence


def _meetings_refuted(figures: Figures, cells: int) -> tuple[str, str, str]:
    figure = f"{figures['refuted']}/{figures['checked']}"
    chip = _("kiểm tra: %(figure)s buổi báo có mà không họp") % {"figure": figure}
    sentence = _(
        "Kiểm tra thấy %(refuted)s trong %(checked)s buổi đã báo cáo là có họp thì không họp; mức"
        " nhắc là %(limit)s buổi. Các buổi ấy được tính là không họp, báo cáo vẫn giữ như đã gửi."
    ) % {name: figures[name] for name in ("refuted", "checked", "limit")}
    return figure, chip, sentence


_WORDS = {
    "meetings_held": _meetings_held,
    "meetings_undecided": _meetings_undecided,
    "meetings_excused": _meetings_excused,
    "silent": _silent,
    "secretary_vacant": _secretary_vacant,
    "failing_cells": _failing_cells,
    "resolution_carried": _resolution_carried,
    "no_admission": _no_admission,
    "few_official_members": _few_official_members,
    "meetings_refuted": _meetings_refuted,
    "meetings_refuted_few": _meetings_refuted,
    "probably_weak": probably_weak,
    "months_hidden": months_hidden,
}
_RULE_KEYS = {
    "meetings_undecided": "fact_reason.meetings_held",
    "meetings_excused": "fact_reason.meetings_held",
    "silent": "status.reporting",
    "meetings_refuted_few": "fact_reason.meetings_refuted",
    "probably_weak": "status.probability",
    "months_hidden": "status.probability",
}
