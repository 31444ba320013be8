"""The steps of replacing a secretary, in words, with the address of the one that comes now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vungmanh.cadre.handed_over import HandOver
from vungmanh.cadre.replacing import Replacing
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import date_vi, number_vi
from vungmanh.org.models import Appointment, UnitVersion
from vungmanh.strengthening.following import YEAR
from vungmanh.strengthening.handing_over import OpenItem, OpenKind

_ADDRESSES = {
    OpenKind.FLAG: "flag", OpenKind.CAUSE: "support_file", OpenKind.MEASURE: "support_file",
    OpenKind.TASK: "task",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, skipped, followed (until a year is over), now or later; `to` and
    `act` lead to what comes now."""

    title: str
    state: str
    words: str
    to: str = ""
    act: str = ""
    place: str = ""


def steps_of(
    version: UnitVersion, stands: Replacing, told: HandOver | None, on: dt.date
) -> tuple[str, list[Step]]:
    """What the page opens with, and its five steps."""
    replaced = stands.holder is not None and stands.before is not None
    steps = [
        _leaving(stands), _acting(version, stands), _coming(version, stands),
        _handing(stands, told, replaced=replaced), _after(stands, on, replaced=replaced),
    ]  # fmt: skip
    return _finding(version.name, stands, on), steps


def item_rows(items: Iterable[OpenItem], told: HandOver | None) -> list[dict[str, Any]]:
    """Lines of the list; once confirmed, whether each was among them."""
    return [
        {
            "one": one,
            "kind": _(one.kind.label),
            "address": reverse("findings")
            if one.kind is OpenKind.FINDING
            else reverse(_ADDRESSES[one.kind], args=[one.place]),
            "is_handed": told is not None and one.key in told.keys,
        }
        for one in items
    ]


def _finding(name: str, stands: Replacing, on: dt.date) -> str:
    said = {"name": name}
    if stands.acting is not None:
        said |= {"who": stands.acting.holder_name}
        return _("%(name)s đang giao %(who)s phụ trách, chờ quyết định người mới.") % said
    if stands.holder is None and stands.vacant_since is not None:
        said |= {"n": number_vi((on - stands.vacant_since).days + 1)}
        return _("%(name)s khuyết bí thư %(n)s ngày, chờ người mới.") % said
    if stands.holder is None:
        return _("%(name)s chưa ghi ai giữ chức bí thư.") % said
    said |= {"who": stands.holder.holder_name, "day": date_vi(stands.holder.valid.lower)}
    if stands.before is None:
        return _("%(name)s chưa thay bí thư lần nào: %(who)s giữ chức từ %(day)s.") % said
    return _("%(name)s đã thay bí thư: %(who)s nhận chức từ %(day)s.") % said


def _leaving(stands: Replacing) -> Step:
    title = _("Người đang giữ thôi chức")
    if stands.before is not None:
        day = date_vi(stands.before.valid.upper) if stands.before.valid.upper else "–"
        words = _("%(who)s thôi giữ từ %(day)s") % {
            "who": stands.before.holder_name or "–", "day": day,
        }  # fmt: skip
        return Step(title, "done", words, place=_page(stands.before))
    if stands.holder is not None:
        to = reverse("post_end", args=[stands.holder.pk])
        words = _("Ghi ngày thôi giữ, văn bản, lý do. Từ ngày ấy tính là khuyết.")
        return Step(title, "now", words, to, _("Ghi thôi giữ"))
    return Step(title, "done", _("Sổ không có ai đang giữ"))


def _acting(version: UnitVersion, stands: Replacing) -> Step:
    title = _("Giao người phụ trách trong lúc khuyết")
    if stands.acted:
        words = "; ".join(_acted(one) for one in stands.acted)
        return Step(title, "done", words, place=_page(stands.acted[-1]))
    if stands.holder is not None:
        if stands.before is None:
            return Step(title, "later", _("Khi chức danh khuyết"))
        return Step(title, "skipped", _("Không giao ai"))
    to = _record(version, "acting")
    words = _("Có thể bỏ qua. Phải ghi đến ngày nào; có người mới thì việc giao tự hết.")
    return Step(title, "now", words, to, _("Giao phụ trách"))


def _coming(version: UnitVersion, stands: Replacing) -> Step:
    title = _("Quyết định người mới")
    if stands.holder is not None and stands.before is not None:
        words = _("%(who)s, từ %(day)s, %(document)s") % {
            "who": stands.holder.holder_name or "–", "day": date_vi(stands.holder.valid.lower),
            "document": stands.holder.document or _("không ghi văn bản"),
        }  # fmt: skip
        return Step(title, "done", words, place=_page(stands.holder))
    if stands.holder is not None:
        return Step(title, "later", _("Sau khi người đang giữ thôi chức"))
    if stands.ahead is not None:
        words = _("%(who)s sẽ nhận từ %(day)s") % {
            "who": stands.ahead.holder_name or "–", "day": date_vi(stands.ahead.valid.lower),
        }  # fmt: skip
        return Step(title, "done", words, place=_page(stands.ahead))
    words = _("Chương trình nêu quy định trước khi ghi; quyết định là của cấp có thẩm quyền.")
    return Step(title, "now", words, _record(version, "appointed"), _("Ghi người mới"))


def _handing(stands: Replacing, told: HandOver | None, *, replaced: bool) -> Step:
    title = _("Bàn giao việc còn dở")
    if told is not None and stands.holder is not None:
        words = _("Đã bàn giao %(n)s dòng ngày %(day)s, %(document)s") % {
            "n": number_vi(len(told.keys)), "day": date_vi(localdate(told.event.at)),
            "document": told.event.data["document"],
        }  # fmt: skip
        place = reverse("hand_over", args=[stands.holder.pk])
        return Step(title, "done", words, place=place)
    if replaced and stands.holder is not None:
        words = _("Xem danh sách việc, biện pháp, điều phải sửa; đánh dấu dòng đã giao.")
        to = reverse("hand_over", args=[stands.holder.pk])
        return Step(title, "now", words, to, _("Xem và xác nhận"))
    return Step(title, "later", _("Khi có người mới"))


def _after(stands: Replacing, on: dt.date, *, replaced: bool) -> Step:
    title = _("Theo dõi trước và sau")
    if replaced and stands.holder is not None:
        words = _("Đặt cạnh các đơn vị cùng loại; không kết luận do ai.")
        is_over = add_months(month_of(stands.holder.valid.lower), YEAR) < month_of(on)
        state = "done" if is_over else "followed"
        return Step(title, state, words, place=f"{_page(stands.holder)}#thay")
    return Step(title, "later", _("Khi có người mới"))


def _acted(one: Appointment) -> str:
    last = one.valid.upper or one.planned_until
    said = {"who": one.holder_name or "–", "day": date_vi(one.valid.lower)}
    if last is None:
        return _("%(who)s từ %(day)s") % said
    return _("%(who)s từ %(day)s đến %(last)s") % (said | {"last": date_vi(last)})


def _page(row: Appointment) -> str:
    return reverse("appointment", args=[row.pk])


def _record(version: UnitVersion, way: str) -> str:
    return f"{reverse('post_record', args=[version.unit_id])}?chuc=secretary&cach={way}"
