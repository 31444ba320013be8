"""What a reform means for terms of committees and for people on rotation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from vungmanh.cadre.models import Rotation, Term
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import Post
from vungmanh.org.reform.consequences import Consequences, Place
from vungmanh.org.reform.steps import REF
from vungmanh.outputs.reforms.sections import Cell, Section


def terms_section(told: Consequences) -> Section:
    """Terms that run in units that end, and how the committees that go on in their stead stand."""
    heirs = [heir.unit for one in told.ended for heir in one.heirs]
    running = _running([*(one.unit for one in told.ended), *heirs], told.on)
    rows = []
    for one in told.ended:
        term = running.get(one.unit.id)
        if term is None:
            continue
        goes_on = [f"{heir.unit.name}: {_term_of(heir.unit, running)}" for heir in one.heirs]
        rows.append((
            Cell(one.unit.name, one.unit.id), Cell(term.began_on), Cell(term.due_on),
            Cell("; ".join(goes_on) or _("không có nơi kế tiếp")),
        ))  # fmt: skip
    return Section(
        "nhiem-ky",
        _("Nhiệm kỳ kết thúc theo đơn vị"),
        _("%s nhiệm kỳ thôi chạy cùng đơn vị; nơi kế tiếp giữ nhiệm kỳ của mình, hoặc ghi mới.")
        % number_vi(len(rows)),
        (_("Đơn vị"), _("Từ ngày"), _("Đến hạn"), _("Nhiệm kỳ của nơi kế tiếp")),
        tuple(rows),
    )


def rotations_section(told: Consequences) -> Section:
    """People sent to, or from, a unit that ends: where they return must be decided. No names."""
    units = {one.unit.id: one.unit for one in told.ended}
    ids = [UUID(unit) for unit in units]
    found = Rotation.objects.filter(
        Q(to_unit__in=ids) | Q(from_unit__in=ids), Rotation.open_when, began_on__lt=told.on
    ).order_by("return_on", "id")
    rows = []
    for one in found:
        for unit, post, words in (
            (one.to_unit_id, one.to_post, _("nơi đến kết thúc: chức vụ ấy thôi từ ngày hiệu lực")),
            (one.from_unit_id, one.from_post, _("nơi đi kết thúc: định lại nơi trở về")),
        ):
            place = units.get(str(unit))
            if place is not None:
                rows.append((
                    Cell(place.name, place.id), Cell(_(Post(post).label) if post else ""),
                    Cell(one.return_on), Cell(words),
                ))  # fmt: skip
    return Section(
        "luan-chuyen",
        _("Luân chuyển đang dở"),
        _("%s luân chuyển có nơi đi hoặc nơi đến kết thúc; từng việc phải quyết định lại.")
        % number_vi(len({one.pk for one in found})),
        (_("Đơn vị"), _("Chức vụ"), _("Hẹn trở về"), _("Việc phải làm")),
        tuple(rows),
    )


def _running(places: Iterable[Place], on: dt.date) -> dict[str, Term]:
    """The term that runs in each unit on the eve of a day."""
    ids = [UUID(one.id) for one in places if not one.id.startswith(REF)]
    terms = Term.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), unit__in=ids)
    rows = terms.filter(began_on__lt=on).order_by("began_on")
    return {str(term.unit_id): term for term in rows}


def _term_of(place: Place, running: dict[str, Term]) -> str:
    term = running.get(place.id)
    if term is None:
        return _("chưa ghi nhiệm kỳ, chỉ định hoặc đại hội rồi ghi")
    return _("đến %s") % date_vi(term.due_on)
