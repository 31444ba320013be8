"""Xếp loại năm: the list of cycles and the board of one."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import DossierState
from vungmanh.evaluation.board import Board, cycle_board
from vungmanh.evaluation.reads import VIEW, cycle_visible, cycles_visible
from vungmanh.evaluation.sides import decides
from vungmanh.org.actions.own_rules import ADOPT
from vungmanh.web.access import needs
from vungmanh.web.components import Stat
from vungmanh.web.evaluation import present
from vungmanh.web.evaluation.anew import computed_anew
from vungmanh.web.evaluation.awards import running_words
from vungmanh.web.evaluation.quota_views import SEE
from vungmanh.web.evaluation.words import DECIDED, grade_labels, sees_proposals
from vungmanh.web.requests import ViewerRequest

OPEN, DECIDE = "evaluation.cycle.open", "evaluation.dossier.decide"
CYCLES_ON_A_PAGE = 30
S = DossierState


@require_safe
@needs(VIEW)
def evaluation(request: ViewerRequest) -> HttpResponse:
    """The cycles in sight by year, the newest first, each with how far it has come."""
    viewer, today = request.viewer, timezone.localdate()
    found = cycles_visible(viewer).order_by("-year", "name", "pk")
    years = sorted(set(found.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("nam", "")
    year = next((one for one in years if str(one) == asked), None)
    kept = found.filter(year=year) if year else found
    page = Paginator(kept, CYCLES_ON_A_PAGE).get_page(request.GET.get("trang"))
    rows = present.cycle_rows(viewer, page.object_list, today)
    context = {
        "finding": present.finding_of_cycles(rows),
        "rows": rows,
        "page": page,
        "years": [("", _("Mọi năm")), *((str(one), str(one)) for one in years)],
        "year": asked if year else "",
        "may_open": can(viewer, OPEN),
        "may_adopt": can(viewer, ADOPT),
    }
    return render(request, "evaluation/cycles.html", context)


@require_safe
@needs(VIEW)
def cycle(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The board: every dossier in sight by group, where it stands and what comes next."""
    viewer = request.viewer
    one = cycle_visible(viewer, cycle_id)
    board = cycle_board(one, viewer)
    asked = {name: request.GET.get(name, "")[:120] for name in ("q", "tt", "nhom", "muon")}
    rows = present.shown(
        board, words=asked["q"], state=asked["tt"], group=asked["nhom"],
        only_late=bool(asked["muon"]),
    )  # fmt: skip
    whole = bool(request.GET.get("in"))
    size = max(len(rows), 1) if whole else present.ON_A_PAGE
    page = Paginator(rows, size).get_page(request.GET.get("trang"))
    proposals = sees_proposals(viewer, one)
    is_committee = can(viewer, SEE) and proposals
    asks_anew = is_committee and "tinh-lai" in request.GET
    context = {
        "cycle": one,
        "is_committee": is_committee,
        "anew": computed_anew(viewer, one) if asks_anew else None,
        "may_decide": can(viewer, DECIDE) and decides(viewer, one),
        "finding": present.finding_of_board(one, board),
        "stats": _stats(board) if len(board.rows) > 1 else [],
        "page": page,
        "rows": present.dossier_rows(
            page.object_list,
            grade_labels(one.year),
            with_proposals=proposals,
            running=running_words(one, {row.dossier.unit_id for row in page.object_list}),
            today=timezone.localdate(),
        ),
        "asked": asked,
        "states": [("", _("Mọi bước")), *((s.value, _(s.label)) for s in board.counts)],
        "groups": present.groups_of(board),
        "is_filtered": any(asked.values()),
        "whole": whole,
        "print_query": urlencode({**{k: v for k, v in asked.items() if v}, "in": 1}),
    }
    return render(request, "evaluation/cycle.html", context)


def _stats(board: Board) -> list[Stat]:
    total = len(board.rows)
    waiting = board.counts.get(S.WAITING, 0) + board.counts.get(S.RETURNED, 0)
    decided = sum(board.counts.get(state, 0) for state in DECIDED)
    told = board.counts.get(S.NOTIFIED, 0)
    objected = sum(board.counts.get(one, 0) for one in (S.COMPLAINED, S.REVERIFYING, S.APPEALED))
    of, noun = number_vi(total), _("hồ sơ")
    return [
        Stat(_("Đã tự xếp loại"), number_vi(total - waiting), of, noun),
        Stat(_("Đã quyết định"), number_vi(decided), of, noun),
        Stat(_("Đã thông báo"), number_vi(told), of, noun),
        Stat(_("Bước muộn hoặc thiếu"), number_vi(board.late), of, noun,
             _("%(n)s đang kiến nghị") % {"n": number_vi(objected)}),
    ]  # fmt: skip
