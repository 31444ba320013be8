"""Transfers: who waits for whom, sending, and the answer of the other side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.actions.transfers import (
    ACCEPT,
    GOING,
    SEND,
    TransferWish,
    accept_transfer,
    refuse_transfer,
    return_from_stay,
    send_transfer,
    take_back_acceptance,
    withdraw_transfer,
)
from vungmanh.org.models import Membership, MemberTransfer
from vungmanh.org.named import given_name_key, names_on
from vungmanh.org.names import cells_to_send_to
from vungmanh.org.personal import FIELDS
from vungmanh.org.queries import cells_visible, held_unit, units_held
from vungmanh.org.transfers import (
    clocks_of_transfer,
    late_days,
    still_waiting,
    transfer_visible,
    transfers_visible,
)
from vungmanh.rulebook import load_rulebook
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import IN, AcceptForm, ReturnForm, SendForm, tried
from vungmanh.web.members.present import MOST, by_name, ends_of
from vungmanh.web.people.forms import UNITS_OFFERED, ReasonForm
from vungmanh.web.requests import ViewerRequest

VIEW = "org.transfer.view"
ON_A_PAGE = 40


def who_goes(viewer: Viewer, one: MemberTransfer, named: set[UUID]) -> str:
    """A name for those who may read it at an end where names are on (`named`), else a number."""
    is_named = one.person is not None and not named.isdisjoint({one.from_unit_id, one.to_unit_id})
    name = FIELDS["name"].shown_to(viewer, one.person.name) if is_named else ""
    return name or _("%(n)s đảng viên") % {"n": number_vi(one.count)}


def _rows(viewer: Viewer, transfers: Sequence[MemberTransfer]) -> list[dict[str, Any]]:
    """Each with its two places, and who goes as the viewer may read it."""
    names = ends_of(transfers)
    named = by_name(viewer, names)
    return [_row(viewer, one, names, named) for one in transfers]


def _row(
    viewer: Viewer, one: MemberTransfer, names: dict[UUID, str], named: set[UUID]
) -> dict[str, Any]:
    start, end = one.from_unit_id, one.to_unit_id
    return {
        "one": one,
        "who": who_goes(viewer, one, named),
        "kind": _(TransferKind(one.kind).label),
        "state": _(TransferState(one.state).label),
        "start": names.get(start, "") if start else one.elsewhere,
        "end": names.get(end, "") if end else one.elsewhere,
    }


@require_safe
@needs(VIEW)
def transfers(request: ViewerRequest) -> HttpResponse:
    """Those that wait, the oldest first; then those that were answered."""
    viewer, on = request.viewer, request.viewer.on
    seen, rules_on = transfers_visible(viewer, on), cache(load_rulebook().on)
    open_ones, done = list(still_waiting(seen)), seen.exclude(state=TransferState.SENT)
    page = Paginator(done, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": _("%(n)s lần chuyển sinh hoạt đang chờ tiếp nhận.") % {
            "n": number_vi(len(open_ones)),
        },
        "waiting": [
            row | {"late": late_days(row["one"], on, rules_on)} for row in _rows(viewer, open_ones)
        ],
        "page": page,
        "done": _rows(viewer, list(page.object_list)),
    }  # fmt: skip
    return render(request, "members/transfers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEND)
def transfer_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Send members of a cell on their way."""
    viewer = request.viewer
    version = held_unit(viewer, unit_id, viewer.on)
    people, cells = _choices(viewer, unit_id)
    form = SendForm(
        request.POST or None, people=people, cells=cells,
        find=lambda words: cells_to_send_to(viewer, words, viewer.on, limit=UNITS_OFFERED),
    )  # fmt: skip
    made: list[MemberTransfer] = []
    if request.method == "POST" and form.is_valid() and tried(
        form,
        lambda: made.append(
            send_transfer(wish=_wish(form.values(), unit_id), by=viewer, at=timezone.now())
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã giới thiệu. Nơi đi còn tính đến ngày nơi nhận tiếp nhận."))
        return redirect("transfer", made[0].pk)
    with answering(request):
        is_cell = UnitKind(version.kind) in CELL_KINDS
        context = {
            "version": version, "form": form, "is_cell": is_cell, "limit": UNITS_OFFERED,
        }  # fmt: skip
        status = 422 if request.method == "POST" else 200
        return render(request, "members/transfer_new.html", context, status=status)


@require_safe
@needs(SEND)
def transfer_cells(request: ViewerRequest) -> HttpResponse:
    """The cells to choose from while a name is being typed: the same part as in the form."""
    words, viewer = request.GET.get("unit_words", "")[:200], request.viewer
    units = cells_to_send_to(viewer, words, viewer.on, limit=UNITS_OFFERED)
    return render(request, "people/unit_choices.html", {"units": units, "limit": UNITS_OFFERED})


def _choices(viewer: Viewer, unit_id: UUID) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who may go by name, and the cells in sight."""
    cells = cells_visible(viewer, viewer.on).exclude(unit_id=unit_id)[:MOST]
    people: list[tuple[str, str]] = []
    if names_on(unit_id, viewer.on):
        rows = Membership.objects.filter(
            unit_id=unit_id, valid__endswith=None, status__in=GOING, person__erased_at=None
        ).select_related("person")
        people = [
            (str(row.person_id), FIELDS["name"].shown_to(viewer, row.person.name)) for row in rows
        ]
        people.sort(key=lambda one: given_name_key(one[1]))
    return people, [(str(cell.unit_id), cell.name) for cell in cells]


def _wish(told: dict[str, Any], unit_id: UUID) -> TransferWish:
    """What the form says. Whoever comes from outside the province comes as a number: a list of
    names takes them in afterwards."""
    kind, day, paper = told["kind"], told["decided_on"], told["document"]
    stay = {"status": told["status"], "until": told["until"], "is_study": told["is_study"]}
    if told["way"] == IN:
        return TransferWish(
            kind, day, paper, to_unit=unit_id, elsewhere=told["elsewhere"], count=told["count"],
            **stay,
        )  # fmt: skip
    to_unit = UUID(told["to_unit"]) if told["to_unit"] else None
    who = told.get("who")
    return TransferWish(
        kind, day, paper, from_unit=unit_id, to_unit=to_unit, elsewhere=told["elsewhere"],
        person=UUID(who) if who else None, count=1 if who else told["count"], **stay,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def transfer(request: ViewerRequest, transfer_id: UUID) -> HttpResponse:
    """One transfer: where it stands, its terms, and what this side may answer."""
    viewer = request.viewer
    one = transfer_visible(viewer, transfer_id, viewer.on)
    act = request.POST.get("act", "")
    kinds: dict[str, Callable[[Any], forms.Form]] = {
        "accept": AcceptForm, "refuse": ReasonForm, "withdraw": ReasonForm, "back": ReasonForm,
        "return": ReturnForm,
    }  # fmt: skip
    given = {name: make(request.POST if act == name else None) for name, make in kinds.items()}
    form = given.get(act)
    if form is not None and form.is_valid() and tried(form, _act(request, one, act, form)):
        taken_back = act in {"withdraw", "back"}
        messages.success(request, _("Đã rút.") if taken_back else _("Đã ghi."))
        return redirect("transfer", transfer_id)
    with answering(request):
        context = _context(viewer, one) | {"forms": given, "act": act}
        status = 422 if request.method == "POST" else 200
        return render(request, "members/transfer.html", context, status=status)


def _act(
    request: ViewerRequest, one: MemberTransfer, act: str, form: forms.Form
) -> Callable[[], Any]:
    said = form.cleaned_data
    told = {"transfer_id": one.pk, "by": request.viewer, "at": timezone.now(), **said}
    if act == "return":
        return lambda: return_from_stay(**told)
    sent = request.POST.get("revision", "")
    told["revision"] = int(sent) if sent.isascii() and sent.isdecimal() else one.revision
    done: dict[str, Callable[..., Any]] = {
        "accept": accept_transfer, "refuse": refuse_transfer, "withdraw": withdraw_transfer,
        "back": take_back_acceptance,
    }  # fmt: skip
    return lambda: done[act](**told)


def _context(viewer: Viewer, one: MemberTransfer) -> dict[str, Any]:
    held = units_held(viewer, viewer.on)
    start, end = one.from_unit_id or one.to_unit_id, one.to_unit_id or one.from_unit_id
    sends = can(viewer, SEND) and held.filter(descendant_id=start).exists()
    takes = can(viewer, ACCEPT) and held.filter(descendant_id=end).exists()
    waits, taken = one.state == TransferState.SENT, one.state == TransferState.ACCEPTED
    stays = taken and one.kind == TransferKind.TEMPORARY
    may = {
        "accept": waits and takes, "refuse": waits and takes, "withdraw": waits and sends,
        "back": taken and takes, "return": stays and can(viewer, SEND) and takes,
    }  # fmt: skip
    [row] = _rows(viewer, [one])
    return {
        "row": row,
        "one": one,
        "status": _(one.get_status_display()),
        "clocks": clocks_of_transfer(one, viewer.on),
        "may": may,
        "may_any": any(may.values()),
    }
