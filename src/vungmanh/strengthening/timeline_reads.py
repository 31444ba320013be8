"""The readers of the timeline, one a kind of record; each a query or two whatever the span."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import can
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import (
    FlagFate,
    InspectionKind,
    InspectionState,
    LineageKind,
    Post,
    Role,
    UnitKind,
)
from vungmanh.evaluation.queries import grades_of
from vungmanh.meetings.inspections import listed_inspections
from vungmanh.meetings.visits import visits_visible
from vungmanh.org.models import Appointment, Lineage, UnitParent, UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.file_shown import Shown
from vungmanh.strengthening.file_words import act_words
from vungmanh.strengthening.flags import flags_visible
from vungmanh.strengthening.reason_texts import reason_label
from vungmanh.strengthening.timeline_shapes import MOST, Happening, HappeningKind, Span

K = HappeningKind
NAMED = 3  # units named in one line before the rest is counted


def acts_of(span: Span, shown: Shown) -> list[Happening]:
    """What was done with the file, as far as the viewer reads it."""
    return [
        Happening(one.on, K.ACT, act_words(one), one.reason, who=who_of(one))
        for one in shown.entries
        if span.within(one.on)
    ]


def who_of(entry: Any) -> str:
    """Who did it, and in whose place."""
    if entry.by is None:
        return _("máy ghi theo số liệu")
    if entry.on_behalf is None:
        return str(entry.by)
    return _("%(by)s thay %(whose)s") % {"by": entry.by, "whose": entry.on_behalf}


def _visits(span: Span) -> Iterator[Happening]:
    found = visits_visible(span.viewer, span.viewer.on).filter(
        unit_id__in=span.units, on__range=(span.first, span.last), withdrawn_at=None
    )
    for one in _latest(found, "-on", "-id"):
        went = _("Dự sinh hoạt") if one.attended else _("Đến cơ sở")
        text = " ".join(part for part in (one.found, one.agreed, one.put_right) if part)
        yield Happening(
            one.on, K.VISIT, _joined(went, span.of(one.unit_id)), text, str(one.overseer),
            ref=str(one.pk),
        )  # fmt: skip


def _inspections(span: Span) -> Iterator[Happening]:
    found = listed_inspections(span.viewer, span.viewer.on).filter(
        unit_id__in=span.units, on__range=(span.first, span.last)
    ).exclude(state=InspectionState.WITHDRAWN)  # fmt: skip
    for one in _latest(found, "-on", "-id"):
        text = ""
        if one.checked:
            text = _("%(n)s trong %(of)s buổi đã báo có họp thì không họp.") % {
                "n": number_vi(one.refuted), "of": number_vi(one.checked),
            }  # fmt: skip
        title = _joined(_(InspectionKind(one.kind).label), span.of(one.unit_id))
        yield Happening(one.on, K.INSPECTION, title, text, one.body, ref=str(one.pk))


def _flags(span: Span) -> Iterator[Happening]:
    """Reasons against the unit itself, for those who read flags at all."""
    if not can(span.viewer, "strengthening.flag.list"):
        return
    found = flags_visible(span.viewer, span.viewer.on).filter(unit_id=span.file.unit_id)
    for one in _latest(found.filter(since_month__lte=span.last), "-since_month", "-id"):
        label = reason_label(one.reason)
        if span.within(one.since_month):
            title = _("Có dấu hiệu: %s") % label
            yield Happening(one.since_month, K.FLAG, title, ref=str(one.pk))
        if one.cleared_month and span.within(one.cleared_month):
            title = _("Hết dấu hiệu: %s") % label
            yield Happening(one.cleared_month, K.FLAG, title, ref=str(one.pk))
        elif one.concluded_at and span.within(localdate(one.concluded_at)):
            title = _("Kết luận về dấu hiệu: %s") % label
            fate = _(FlagFate(one.fate).label)
            yield Happening(localdate(one.concluded_at), K.FLAG, title, fate, ref=str(one.pk))


def _secretaries(span: Span) -> Iterator[Happening]:
    """Secretaries who came, and posts left empty."""
    found = Appointment.objects.filter(
        Q(valid__startswith__range=(span.first, span.last))
        | Q(valid__endswith__range=(span.first, span.last)),
        unit_id__in=span.units, post=Post.SECRETARY,
    )  # fmt: skip
    rows = _latest(found, "-valid")
    began = {(one.unit_id, one.valid.lower) for one in rows}
    for one in rows:
        where = span.of(one.unit_id)
        if span.within(one.valid.lower):
            title = _joined(_("Bí thư mới"), where)
            yield Happening(one.valid.lower, K.PEOPLE, title, one.holder_name)
        ended = one.valid.upper
        if ended and span.within(ended) and (one.unit_id, ended) not in began:
            yield Happening(ended, K.PEOPLE, _joined(_("Khuyết bí thư"), where))


def _overseers(span: Span) -> Iterator[Happening]:
    found = RoleGrant.objects.filter(
        role=Role.OVERSEER, unit_id__in=span.units,
        valid__startswith__range=(span.first, span.last),
    ).select_related("user")  # fmt: skip
    rows = sorted(_latest(found, "-valid"), key=lambda one: (one.valid.lower, str(one.user)))
    for (day, user), group in groupby(rows, key=lambda one: (one.valid.lower, str(one.user))):
        names = [span.of(one.unit_id) for one in group]
        yield Happening(day, K.PEOPLE, _joined(_("Phân công phụ trách"), _some(names)), user)


def _grades(span: Span) -> Iterator[Happening]:
    """Grades of the unit, each on its own scale; a break where two scales are not compared."""
    book, before = load_rulebook(), 0
    for one in grades_of(span.file.unit_id, until=span.last.year):
        rule, scale = book.grade_scale_rule(one.year), book.grade_scale(one.year)
        day = one.decided_on or dt.date(one.year, 12, 31)
        if span.within(day):
            if before and book.is_break(before, one.year):
                text = _("Từ năm %s xếp theo thang khác; không so với mức trước.") % one.year
                yield Happening(day, K.GRADE, _("Đổi thang xếp loại"), text, is_break=True)
            labels = {grade.code: _(grade.label) for grade in scale.grades}
            title = _("Xếp loại năm %(year)s: %(grade)s") % {
                "year": one.year, "grade": labels.get(one.grade, one.grade),
            }  # fmt: skip
            yield Happening(day, K.GRADE, title, rule.document.name)
        before = one.year


def _structure(span: Span) -> Iterator[Happening]:
    """New names and kinds of the unit, new units above it, and what was merged or split."""
    unit, first, last = span.file.unit_id, span.first, span.last
    for version in UnitVersion.objects.filter(
        unit_id=unit, valid__startswith__range=(first, last)
    ).order_by("valid"):
        text = f"{version.name} ({_(UnitKind(version.kind).label)})"
        yield Happening(version.valid.lower, K.STRUCTURE, _("Tên, loại hình từ ngày này"), text)
    links = UnitParent.objects.filter(unit_id=unit, valid__startswith__range=(first, last))
    names = _names([one.parent_id for one in links], last)
    for link in links:
        text = names.get(link.parent_id, "")
        yield Happening(link.valid.lower, K.STRUCTURE, _("Trực thuộc từ ngày này"), text)
    yield from _lineage(span)


def _lineage(span: Span) -> Iterator[Happening]:
    within = Q(predecessor_id__in=span.units) | Q(successor_id__in=span.units)
    found = Lineage.objects.filter(within, on__range=(span.first, span.last))
    rows = sorted(_latest(found, "-on"), key=lambda one: (one.on, one.kind, one.document))
    ids = [unit for one in rows for unit in (one.predecessor_id, one.successor_id)]
    names = {**_names(ids, span.last), **span.names}
    for (day, kind, document), group in groupby(
        rows, key=lambda one: (one.on, one.kind, one.document)
    ):
        lines = list(group)
        came = _some([names.get(one.predecessor_id, "") for one in lines])
        went = _some([names.get(one.successor_id, "") for one in lines])
        text = _("%(came)s, nay là %(went)s.") % {"came": came, "went": went}
        title = _joined(_(LineageKind(kind).label), document)
        yield Happening(day, K.STRUCTURE, title, text, is_break=True)


READERS: tuple[Callable[[Span], Iterable[Happening]], ...] = (
    _visits, _inspections, _flags, _secretaries, _overseers, _grades, _structure,
)  # fmt: skip


def _latest(found: QuerySet[Any], *order: str) -> list[Any]:
    """The latest MOST, the earliest of them first."""
    return list(found.order_by(*order)[:MOST])[::-1]


def _joined(title: str, more: str) -> str:
    return f"{title}: {more}" if more else title


def _some(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    told = list(dict.fromkeys(name for name in names if name))
    if len(told) <= NAMED:
        return ", ".join(told)
    return _("%(names)s và %(n)s nơi khác") % {
        "names": ", ".join(told[:NAMED]), "n": number_vi(len(told) - NAMED),
    }  # fmt: skip


def _names(units: list[UUID], on: dt.date) -> dict[UUID, str]:
    named = UnitVersion.objects.filter(unit_id__in=units, valid__startswith__lte=on)
    return dict(named.order_by("valid").values_list("unit_id", "name"))
