"""The running chart of one cell: from which month on meetings fail more than among its like.

Worked out when it is opened and not before: the threshold of a new level takes a second to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from vungmanh.analysis.weakening import charts, expected_false
from vungmanh.core.periods import add_months, month_label
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.meetings.queries import marks_by_year
from vungmanh.strengthening.figures.words import Told, unknown

if TYPE_CHECKING:
    from vungmanh.strengthening.figures.opened import Subject

#: Months between false signals of one cell: among three thousand cells five a month even so.
MONTHS_TO_A_FALSE_ONE = 600


def running_chart(subject: Subject) -> Told | None:
    """The last signal and where the chart stands now; None for an organisation."""
    if not subject.is_cell:
        return None
    found = subject.assessment.statistics
    usual = found["parts"][0]["typical"] if found else None
    years = marks_by_year(subject.assessment.unit_id, until=subject.day)
    if usual is None or not years:
        return unknown(_("Chưa có mức chung của nhóm, hoặc chi bộ chưa có kỳ nào phải họp."))
    marks = "".join(years[year] for year in sorted(years))
    drawn = charts(np.array([[ord(mark) for mark in marks]]), usual, MONTHS_TO_A_FALSE_ONE)
    first = min(years)

    def month(place: int) -> str:
        return month_label(add_months(subject.run.month.replace(year=first, month=1), place))

    signalled = np.flatnonzero(drawn.signals[0])
    total, limit = float(drawn.sums[0, -1]), float(drawn.threshold[0])
    terms = [
        (_("Nếp chung của nhóm"), percent_vi(usual)),
        (
            _("Tổng hiện nay và ngưỡng"),
            f"{number_vi(round(total, 2))} / {number_vi(round(limit, 2))}",
        ),
    ]
    if subject.assessment.ranked:
        false = expected_false(subject.assessment.ranked, MONTHS_TO_A_FALSE_ONE)
        told = _("chừng %(n)s mỗi tháng trong %(of)s nơi cùng loại") % {
            "n": number_vi(round(false, 1)), "of": number_vi(subject.assessment.ranked),
        }  # fmt: skip
        terms.append((_("Tín hiệu nhầm chờ đợi"), told))
    if not len(signalled):
        return Told(_("chưa có tín hiệu nào"), _("Từ %(month)s đến nay.") % {"month": month(0)},
                    tuple(terms))  # fmt: skip
    last = int(signalled[-1])
    value = _("tín hiệu gần nhất ở %(month)s") % {"month": month(last)}
    since = month(int(drawn.since[0, last]))
    working = _("Các kỳ không họp dồn lại từ %(since)s; đã có %(n)s tín hiệu.") % {
        "since": since, "n": len(signalled),
    }  # fmt: skip
    return Told(value, working, tuple(terms))
