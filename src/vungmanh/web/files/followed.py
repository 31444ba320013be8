"""How a file is followed, in words: latest month, reviews, grades, the end of its unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.models import User
from vungmanh.analysis.rebound import FEWEST
from vungmanh.core.periods import month_label
from vungmanh.core.programme_words import (
    CourseState,
    FileAct,
    FileFate,
    FileState,
    ReviewEnd,
    ReviewKind,
)
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook.programmes.exit import Exit
from vungmanh.strengthening.file_grades import GradesBeside, YearBeside
from vungmanh.strengthening.file_shown import Shown
from vungmanh.strengthening.lineage_of_files import heirs_of, is_alive, proposal_for
from vungmanh.strengthening.models import FileMonth, SupportFile
from vungmanh.strengthening.models.files import OVER

#: What is new of files: in the filter of the list.
NEWS_WORDS: dict[str, Any] = {
    "files_waiting": gettext_lazy("Đến lượt đồng chí"),
    "files_my_review": gettext_lazy("Đồng chí được cử kiểm điểm"),
    "files_slow": gettext_lazy("Dưới lộ trình, chưa cử người kiểm điểm"),
    "files_review": gettext_lazy("Đến kỳ kiểm điểm giữa năm, cuối năm"),
    "files_late": gettext_lazy("Có biện pháp quá hạn"),
    "files_missed": gettext_lazy("Có buổi họp người phụ trách không dự"),
    "files_exit": gettext_lazy("Đủ điều kiện ra khỏi diện"),
    "files_relapsed": gettext_lazy("Mới tái yếu"),
    "files_ended": gettext_lazy("Đơn vị đã kết thúc, hồ sơ còn mở"),
}


def latest_months(files: Iterable[UUID]) -> dict[UUID, FileMonth]:
    """The last month kept of each file. One query."""
    found = FileMonth.objects.filter(file_id__in=list(files)).order_by("file_id", "-month")
    return {one.file_id: one for one in found.distinct("file_id")}


def list_rows(
    files: Iterable[SupportFile], months: Mapping[UUID, FileMonth]
) -> list[tuple[SupportFile, str, int]]:
    """Each file with its latest month in words, and how many attendances were missed in it."""
    rows = []
    for file in files:
        one = months.get(file.pk)
        rows.append((file, course_words(one) if one else "", one.missed if one else 0))
    return rows


def course_words(one: FileMonth) -> str:
    """ "Tháng 12/2019: dưới lộ trình"."""
    state, month = CourseState(one.course), month_label(one.month)
    said = _("%(month)s: %(state)s") % {
        "month": month[:1].upper() + month[1:], "state": _(state.label).lower(),
    }  # fmt: skip
    if state is CourseState.UNKNOWN or one.actual is None or one.expected is None:
        return said
    return said + " " + _("(họp %(actual)s, chờ đợi %(expected)s)") % {
        "actual": percent_vi(one.actual / 100), "expected": percent_vi(one.expected / 100),
    }  # fmt: skip


def month_lines(file: SupportFile, shown: Shown, today: dt.date) -> list[str]:
    """What the program found of the latest month, and what is asked for next."""
    one = latest_months([file.pk]).get(file.pk)
    lines = []
    if one is not None:
        lines = [course_words(one)]
        if one.missed:
            lines.append(_missed(one, with_names=shown.inside))
        if one.leaving == Exit.MET and file.state == FileState.ACTING:
            lines.append(_("Đủ mọi điều kiện ra khỏi diện đã định lúc vào; trình được."))
    if file.state in OVER:
        return lines
    if shown.inside and file.review_due is not None and file.reviewer is not None:
        lines.append(
            _("%(who)s được cử kiểm điểm (%(kind)s), hạn %(day)s.") % {
                "who": file.reviewer, "kind": _(ReviewKind(file.review_kind).label).lower(),
                "day": date_vi(file.review_due),
            }
        )  # fmt: skip
    elif one is not None and one.is_slow and file.state == FileState.ACTING:
        lines.append(_("Dưới lộ trình nhiều tháng liền: nơi theo dõi phải cử người kiểm điểm."))
    return lines


def _missed(one: FileMonth, *, with_names: bool) -> str:
    said = _("%s lượt người phụ trách không dự buổi họp đã mở.") % number_vi(one.missed)
    if not with_names:
        return said
    users = {str(key): str(name) for key, name in _people(one.missed_by).items()}
    units = _names([UUID(each["unit"]) for each in one.missed_by], one.month)
    told = [
        f"{users.get(each['user'], '')}, {units.get(UUID(each['unit']), '')} "
        f"({number_vi(each['n'])})"
        for each in one.missed_by[:5]
    ]
    return f"{said} {'; '.join(told)}."


def _people(rows: Sequence[Mapping[str, Any]]) -> dict[Any, User]:
    return User.objects.in_bulk([UUID(each["user"]) for each in rows])


def _names(units: Sequence[UUID], on: dt.date) -> dict[UUID, str]:
    named = UnitVersion.objects.filter(unit_id__in=units, valid__startswith__lte=on)
    return dict(named.order_by("valid").values_list("unit_id", "name"))


@dataclass(frozen=True)
class ReviewRow:
    """A review as the page tells it."""

    on: dt.date
    title: str
    conclusion: str
    who: str
    text: str


def review_rows(shown: Shown) -> list[ReviewRow]:
    """The reviews, the latest first; only where the file is worked on."""
    entries = [one for one in shown.entries if one.act == FileAct.REVIEW][::-1]
    if not shown.inside or not entries:
        return []
    keys = [one.content.get("reviewer") for one in entries]
    people = {str(key): str(user) for key, user in User.objects.in_bulk(
        [UUID(key) for key in keys if key]).items()}  # fmt: skip
    return [
        ReviewRow(
            one.on,
            _(ReviewKind(one.content["kind"]).label),
            _(ReviewEnd(one.content["conclusion"]).label) if one.content.get("conclusion") else "",
            people.get(one.content.get("reviewer") or "", str(one.by or "")),
            one.reason,
        )
        for one in entries
    ]


def grade_rows(years: Sequence[YearBeside]) -> list[tuple[YearBeside, str, str]]:
    """Each year with its grade and how it stands beside the year before, the latest first."""
    return [(one, _(one.words), _step(one)) for one in reversed(years)]


def _step(one: YearBeside) -> str:
    if one.is_comparable is None:
        return _("không có năm trước để so")
    said = {"year": one.before}
    if not one.is_comparable:
        return _("thang khác năm %(year)s: không so được") % said
    if not one.step:
        return _("cùng thang, bằng năm %(year)s") % said
    return (
        _("cùng thang, cao hơn năm %(year)s") if one.step > 0
        else _("cùng thang, thấp hơn năm %(year)s")
    ) % said  # fmt: skip


def beside_words(found: GradesBeside | None) -> list[str]:
    """The grades beside those of like units not chosen; two scales are never compared."""
    if found is None:
        return []
    if found.change is None:
        return [
            _("Xếp loại năm %(before)s và năm %(after)s theo hai thang khác nhau: không so.") % {
                "before": found.before, "after": found.after,
            }
        ]  # fmt: skip
    one = found.change
    said: dict[str, Any] = {
        "before": found.before, "after": found.after, "n": number_vi(one.like),
        "better": number_vi(one.like_better),
    }  # fmt: skip
    moved = _("cao hơn") if one.is_better else _("thấp hơn") if one.is_worse else _("bằng")
    said["moved"] = moved
    if found.expected is None:
        return [
            _("Xếp loại năm %(before)s và năm %(after)s: chưa đánh giá tác dụng, có quá ít đơn vị "
              "cùng loại, cùng mức mà không được chọn (%(n)s, cần ít nhất %(least)s).") % {
                  **said, "least": number_vi(FEWEST),
              }
        ]  # fmt: skip
    lines = [_("Xếp loại năm %(after)s so với năm %(before)s: %(moved)s.") % said]
    told = _(
        "Trong %(n)s đơn vị cùng loại, cùng mức năm %(before)s mà không được chọn, %(better)s nơi "
        "tự lên mức cao hơn năm %(after)s (%(low)s đến %(high)s)."
    )
    return [*lines, told % {**said, "low": percent_vi(found.expected.low),
                            "high": percent_vi(found.expected.high)}]  # fmt: skip


def lineage_lines(file: SupportFile, names: Mapping[UUID, str], today: dt.date) -> list[str]:
    """From which unit the file came, and what the structure proposes when its unit has ended."""
    lines = []
    if file.line:
        units = _names([UUID(each["unit"]) for each in file.line], today)
        for each in file.line:
            lines.append(
                _("Mang từ %(name)s sang từ ngày %(day)s; số liệu từ đó là của đơn vị này, không "
                  "so với trước.") % {
                    "name": units.get(UUID(each["unit"]), ""),
                    "day": date_vi(dt.date.fromisoformat(each["until"])),
                }
            )  # fmt: skip
    if file.state in OVER or is_alive(file.unit_id, today):
        return lines
    heirs = heirs_of(file.unit_id, today)
    found = proposal_for(file, heirs)
    lines.append(_("%s đã kết thúc hoạt động.") % names.get(file.unit_id, ""))
    if found.fate is FileFate.CARRY and found.heir is not None:
        lines.append(
            _("Theo sắp xếp, đề nghị mang hồ sơ sang %(name)s (nhận %(share)s).") % {
                "name": found.heir.name, "share": percent_vi(found.heir.share),
            }
        )  # fmt: skip
    else:
        lines.append(_("Theo sắp xếp, đề nghị kết thúc hồ sơ theo đơn vị."))
    if len(heirs) > 1:
        lines.append(
            _("Nơi kế tiếp: %s; chọn một nơi khi trình.") % "; ".join(
                f"{one.name} ({percent_vi(one.share)})" for one in heirs
            )
        )  # fmt: skip
    return lines
