"""Entries that may be one person: the list, and two of them side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.viewer import Viewer
from vungmanh.core.people_words import PairOutcome
from vungmanh.core.text import number_vi
from vungmanh.org.actions.duplicates import merge_persons, say_different, undo_pair
from vungmanh.org.actions.personal import reveal
from vungmanh.org.duplicates import (
    MERGE,
    Compared,
    Entry,
    compared,
    likely_pairs,
    named_units,
    spoken_of,
)
from vungmanh.org.models import Membership, Person
from vungmanh.org.personal import FIELDS
from vungmanh.org.queries import units_below, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.members.duplicate_forms import MergeForm, RevealSideForm
from vungmanh.web.members.duplicate_words import AGAINST, SIGNS, SURENESS
from vungmanh.web.members.forms import tried
from vungmanh.web.members.present import MOST, unit_names
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 40
NAME = FIELDS["name"]


@require_safe
@needs(MERGE)
def duplicates(request: ViewerRequest) -> HttpResponse:
    """The pairs nobody has spoken of, and those somebody has."""
    viewer, on = request.viewer, request.viewer.on
    branch = _branch(request)
    units = named_units(viewer, on, branch)
    pairs = likely_pairs(viewer, on, branch) if units else []
    told = Paginator(spoken_of(viewer, on), ON_A_PAGE).get_page(request.GET.get("xong"))
    page = Paginator(pairs or [], ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": _finding(pairs, has_names=bool(units)),
        "has_names": bool(units),
        "too_many": pairs is None,
        "branches": _branches(viewer) if pairs is None or branch else [],
        "page": page,
        "pairs": _pairs(viewer, page.object_list),
        "told_page": told,
        "told": [
            (one, NAME.shown_to(viewer, one.first.name), NAME.shown_to(viewer, one.second.name),
             _(one.get_outcome_display()))
            for one in told.object_list
        ],
    }  # fmt: skip
    return render(request, "members/duplicates.html", context)


def _branch(request: ViewerRequest) -> UUID | None:
    """The branch asked for; none where the address names no unit in sight."""
    try:
        wanted = UUID(request.GET.get("don-vi", ""))
    except ValueError:
        return None
    return visible_unit(request.viewer, wanted, request.viewer.on).unit_id


def _branches(viewer: Viewer) -> list[tuple[str, str]]:
    if viewer.unit_id is None:
        return []
    below = units_below(viewer, viewer.unit_id, viewer.on)[:MOST]
    return [(str(one.unit_id), one.name) for one in below]


def _finding(pairs: list[Any] | None, *, has_names: bool) -> str:
    if not has_names:
        return _("Nơi này ghi theo số, không có tên để tìm người ghi trùng.")
    if pairs is None:
        return _("Danh sách dài: chọn một đảng bộ để tìm người ghi trùng.")
    if not pairs:
        return _("Không thấy ai có thể đã ghi trùng.")
    return _("%(n)s đôi tên có thể là một người.") % {"n": number_vi(len(pairs))}


def _pairs(viewer: Viewer, pairs: Any) -> list[dict[str, Any]]:
    """The pairs of one page with names, cells and signs in words."""
    ids = {one for pair in pairs for one in (pair.first, pair.second)}
    people = Person.objects.in_bulk(ids)
    homes = dict(
        Membership.objects.filter(person__in=ids, valid__endswith=None)
        .order_by("-status")
        .values_list("person", "unit")
    )
    names = unit_names(homes.values())
    return [
        {
            "pair": pair,
            "sides": [
                (NAME.shown_to(viewer, people[one].name), names.get(homes.get(one), ""))
                for one in (pair.first, pair.second)
            ],
            "sureness": SURENESS[pair.sureness],
            "signs": [SIGNS[sign] for sign in pair.signs],
        }
        for pair in pairs
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MERGE)
def duplicate(request: ViewerRequest, first_id: UUID, second_id: UUID) -> HttpResponse:
    """Two entries side by side: one person, two persons, or what was said is taken back."""
    viewer, act = request.viewer, request.POST.get("act", "")
    found = compared(viewer, first_id, second_id, viewer.on)
    forms = _forms(viewer, found, act, request.POST)
    form = forms.get(act)
    said: list[Any] = []
    if (
        form is not None
        and form.is_valid()
        and tried(form, lambda: said.append(_do(request, found, act, form)))
    ):
        messages.success(request, said[0])
        if act in {"undo", "reveal"}:
            return redirect("duplicate", first_id, second_id)
        return redirect("duplicates")
    with answering(request):
        context = _context(viewer, found) | {"forms": forms, "act": act}
        status = 422 if request.method == "POST" else 200
        return render(request, "members/duplicate.html", context, status=status)


def _forms(viewer: Viewer, found: Compared, act: str, data: Any) -> dict[str, Any]:
    """The forms of what may be said of the two now."""
    sides = [
        (str(one.person.pk), f"{words}: {NAME.shown_to(viewer, one.person.name)}")
        for words, one in ((_("Dòng A"), found.first), (_("Dòng B"), found.second))
    ]
    if found.told is not None:
        return {"undo": ReasonForm(data if act == "undo" else None)}
    return {
        "merge": MergeForm(
            data if act == "merge" else None, sides=sides, overlaps=bool(found.overlaps)
        ),
        "different": ReasonForm(data if act == "different" else None),
        "reveal": RevealSideForm(data if act == "reveal" else None, sides=sides),
    }


def _do(request: ViewerRequest, found: Compared, act: str, form: Any) -> str:
    """Carry it out; what to say of it."""
    who, said = {"by": request.viewer, "at": timezone.now()}, form.cleaned_data
    if act == "merge":
        merge_persons(**form.values(), **who)
        return _("Đã gộp. Gộp nhầm thì mở lại đôi tên ấy ở phần Đã xem và tách ra.")
    if act == "different":
        say_different(first=found.first.person.pk, second=found.second.person.pk, **said, **who)
        return _("Đã ghi là hai người; lần sau không hỏi lại.")
    if act == "undo" and found.told is not None:
        undo_pair(pair_id=found.told.pk, **said, **who)
        return _("Đã rút; mọi thứ như trước.")
    value = reveal(**said, **who)
    return f"{_(FIELDS[said['field']].label)}: {value or _('chưa ghi')}"


def _context(viewer: Viewer, found: Compared) -> dict[str, Any]:
    sides = (found.first, found.second)
    names = unit_names({row.unit_id for side in sides for row in side.rows})
    told = found.told
    return {
        "found": found,
        "names": [NAME.shown_to(viewer, side.person.name) for side in sides],
        "fields": _fields(viewer, sides),
        "places": [_places(side, names) for side in sides],
        "signs": [SIGNS[sign] for sign in found.signs if sign not in AGAINST],
        "against": [SIGNS[sign] for sign in found.signs if sign in AGAINST],
        "told": told,
        "is_merged": told is not None and told.outcome == PairOutcome.MERGED,
        "outcome": _(told.get_outcome_display()) if told else "",
    }


def _fields(viewer: Viewer, sides: tuple[Entry, Entry]) -> list[tuple[str, list[str]]]:
    """Every field that is kept, masked, of both."""
    return [
        (_(field.label), [field.shown_to(viewer, getattr(side.person, name)) for side in sides])
        for name, field in FIELDS.items()
        if name != "status"
    ]


def _places(side: Entry, names: dict[UUID, str]) -> list[tuple[str, str, Membership]]:
    return [(names.get(row.unit_id, ""), _(row.get_status_display()), row) for row in side.rows]
