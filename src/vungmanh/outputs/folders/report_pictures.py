"""The pictures of the report, each under one sentence that says how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from vungmanh.core.text import number_vi, percent_vi
from vungmanh.outputs.charts import Interval, completeness_chart, funnel_chart, interval_chart

if TYPE_CHECKING:
    from vungmanh.outputs.folders.report import Limits

_SHOWN = 30
_FEW_SIZES = 3  # numbers of meetings due: with fewer a funnel is a column


def pictures(rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    """Intervals of the weakest, funnel, completeness: those for which there is enough."""
    made = [_intervals(rows, limits), _funnel(rows), _completeness(rows, limits)]
    shown = "".join(one for one in made if one)
    return f"<section><h2>Nhìn bằng hình</h2>{shown}</section>" if shown else ""


def _intervals(rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    known = [row for row in rows if row["rank"] is not None]
    weakest = sorted(known, key=lambda row: (row["index"], row["unit"]))[:_SHOWN]
    if len(weakest) < 2:
        return ""
    lines = [
        Interval(row["name"], row["low"], row["index"], row["high"], row["reference"])
        for row in weakest
    ]
    reference = "vạch đỏ là mốc yếu của nhóm."
    if all(line.reference is None for line in lines):
        reference = (
            "chưa có mốc yếu, vì ít nơi quá hoặc các nơi gần như nhau, nên chưa nói được xác suất."
        )
    overlap = sum(line.low <= lines[0].high for line in lines[1:])
    return _figure(
        "Chỉ số thấp nhất trước (số đầu dòng là của riêng hình này, không phải thứ tự làm việc): "
        f"chấm là ước lượng, thanh là khoảng {limits.interval_percent} %, "
        f"{reference} {number_vi(overlap)} trong {number_vi(len(lines) - 1)} nơi sau có khoảng "
        "chạm khoảng của nơi đầu: thứ tự giữa chúng chưa chắc.",
        interval_chart(lines, title="Chỉ số thấp nhất với khoảng", axis="Chỉ số (0–100)"),
    )


def _funnel(rows: Sequence[Mapping[str, Any]]) -> str:
    known = [row for row in rows if row["held"] is not None and row["not_held"] is not None]
    held = np.array([row["held"] for row in known], dtype=np.float64)
    told = held + np.array([row["not_held"] for row in known], dtype=np.float64)
    if len(np.unique(np.round(told[told > 0]))) < _FEW_SIZES or held.sum() == 0:
        return ""
    target = float(held.sum() / told.sum())
    return _figure(
        "Tỷ lệ họp của từng nơi so với mức chung "
        f"{percent_vi(target)} (vạch ngang), chỉ tính kỳ có báo cáo. Nơi ít kỳ dao động nhiều do "
        "ngẫu nhiên nên giới hạn loe ra; chỉ nơi nằm dưới vạch đứt mới đáng nói là thấp.",
        funnel_chart(
            held,
            told,
            target,
            title="Biểu đồ phễu tỷ lệ kỳ đã họp",
            axis="Số kỳ có báo cáo",
        ),
    )


def _completeness(rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    shares = np.array(
        [np.nan if row["completeness"] is None else row["completeness"] for row in rows]
    )
    if not (~np.isnan(shares)).any():
        return ""
    limit = limits.reported_percent / 100
    low = int((shares < limit).sum())
    return _figure(
        f"{number_vi(low)} trong {number_vi(int((~np.isnan(shares)).sum()))} nơi báo cáo dưới "
        f"{limits.reported_percent} % số kỳ phải họp (vạch đứt): phải xác minh trước khi nói gì.",
        completeness_chart(shares, limit, title="Mức đầy đủ của báo cáo"),
    )


def _figure(caption: str, svg: str) -> str:
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"
