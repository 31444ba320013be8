"""The list of files: its filters and its finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.programme_words import FileState
from vungmanh.core.text import number_vi
from vungmanh.strengthening.file_list import ALL, FileFilter
from vungmanh.web.files.followed import NEWS_WORDS
from vungmanh.web.files.forms import Choices

_LONGEST = 100


def filter_of(said: Mapping[str, str]) -> tuple[FileFilter, list[tuple[str, str]]]:
    """What to list, and the parameters that say so; what cannot be read is passed over."""
    state, year = said.get("trang-thai", ""), said.get("nam", "")
    chosen = FileFilter(
        text=said.get("q", "")[:_LONGEST],
        state=state if state == ALL or state in set(FileState) else "",
        programme=_uuid(said.get("de-an", "")),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        handler=_uuid(said.get("noi", "")),
    )
    kept = {
        "q": chosen.text, "trang-thai": chosen.state, "de-an": chosen.programme,
        "nam": chosen.year, "noi": chosen.handler,
    }  # fmt: skip
    return chosen, [(name, str(value)) for name, value in kept.items() if value]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    options: Choices
    value: str


def filters_of(found: Mapping[str, Any], chosen: FileFilter, news: str = "") -> list[Filter]:
    """The filters; one that could not part anything is left out."""
    states = [("", _("Đang mở")), (ALL, _("Cả hồ sơ đã khép"))]
    states += [(one.value, _(one.label)) for one in FileState]
    rows = [Filter("trang-thai", _("Trạng thái"), states, chosen.state)]
    new = [("", _("Tất cả")), *((key, str(words)) for key, words in NEWS_WORDS.items())]
    rows.append(Filter("xem", _("Cần để ý"), new, news if news in NEWS_WORDS else ""))
    for name, label, options, value in (
        ("de-an", _("Đề án"), found["programmes"], chosen.programme),
        ("nam", _("Năm chọn"), found["years"], chosen.year),
        ("noi", _("Nơi theo dõi"), found["handlers"], chosen.handler),
    ):
        if len(options) > 1 or value:
            told = [("", _("Tất cả")), *((str(key), str(words)) for key, words in options)]
            rows.append(Filter(name, label, told, str(value or "")))
    return rows


def finding_of(count: int, waiting: int, *, is_filtered: bool) -> str:
    """How many files, and how many of them wait for the viewer."""
    said = {"n": number_vi(count), "waiting": number_vi(waiting)}
    if not count:
        if is_filtered:
            return _("Không có hồ sơ nào khớp các điều kiện lọc.")
        return _("Chưa có hồ sơ củng cố nào đang mở trong phạm vi của đồng chí.")
    if waiting:
        return _("%(n)s hồ sơ củng cố; %(waiting)s hồ sơ chờ đồng chí làm.") % said
    return _("%(n)s hồ sơ củng cố; không hồ sơ nào chờ đồng chí.") % said
