"""A committee over a period, as known on a day: the table, its file, what was reported of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.text import date_vi, number_vi, slug
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.org.actions.aggregates import REPORT
from vungmanh.org.actions.statistics import publish_statistic, withdraw_statistic
from vungmanh.org.models import PublishedStatistic
from vungmanh.org.queries import units_held
from vungmanh.org.statistics import Period, Statistic, content_of, statistic
from vungmanh.org.statistics_changed import (
    Difference,
    corrections,
    differences,
    published_one,
    published_visible,
    words_of_period,
)
from vungmanh.outputs.statistics import statistic_workbook
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.statistics.asked import DAYS, HALF, YEAR, Asked, asked
from vungmanh.web.statistics.forms import PublishForm
from vungmanh.web.statistics.present import (
    cells_of,
    heads_of,
    label_of,
    moving_columns,
    rows_of,
    signed,
    status_columns,
)

VIEW, COUNT = "org.aggregate.view", "org.member.count"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ON_A_PAGE, SHOWN = 30, 15


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def member_statistics(request: ViewerRequest) -> HttpResponse:
    """The period asked for; the office notes that it was reported."""
    try:
        question = asked(request)
    except InputError as told:
        return render(request, "statistics/nothing.html", {"problem": _(told.message)}, status=400)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[PublishedStatistic] = []
        if tried(form, lambda: made.append(_publish(request, question, form))):
            messages.success(request, _("Đã giữ nguyên bảng như đã báo cáo."))
            return redirect("statistic_reported", made[0].pk)
    with answering(request):
        return _page(request, question, form)


def _publish(request: ViewerRequest, question: Asked, form: PublishForm) -> PublishedStatistic:
    return publish_statistic(
        unit_id=question.unit_id, period=question.period, by=request.viewer, at=timezone.now(),
        **form.cleaned_data,
    )  # fmt: skip


def _told(request: ViewerRequest, question: Asked) -> Statistic:
    return statistic(
        request.viewer, question.unit_id, question.period,
        known_at=question.known_at, now=question.now,
    )  # fmt: skip


def _page(request: ViewerRequest, question: Asked, form: PublishForm) -> HttpResponse:
    base = choices_of(question)
    try:
        one = _told(request, question)
    except InputError as told:
        return render(
            request, "statistics/nothing.html", base | {"problem": _(told.message)}, status=400
        )
    except NotFound as told:
        if told.code != "before-register":
            raise
        return render(request, "statistics/nothing.html", base | {"problem": told.message})
    reported = published_visible(request.viewer, question.unit_id)
    stands = next(
        (row for row in reported if not row.withdrawn_at and row.last == question.period.last
         and row.first == question.period.first), None,
    )  # fmt: skip
    held = units_held(request.viewer, request.viewer.on)
    may = can(request.viewer, REPORT) and held.filter(descendant_id=question.unit_id).exists()
    context = base | tables_of(content_of(one), request.GET.get("trang")) | {
        "one": one,
        "finding": _finding(one),
        "known": date_vi(timezone.localdate(one.known_at)),
        "untold": [(one.names.get(cell, ""), cell, signed(number), number < 0)
                   for cell, number in list(one.total.untold.items())[:SHOWN]],
        "more_untold": max(0, len(one.total.untold) - SHOWN),
        "uncounted": [(one.names.get(cell, ""), cell) for cell in one.total.uncounted[:SHOWN]],
        "more_uncounted": max(0, len(one.total.uncounted) - SHOWN),
        "organisations": _organisations(one),
        "reported": reported,
        "stands": stands,
        "form": form,
        "may_report": may and not (stands or question.known_on or one.is_blank),
        "may_count": can(request.viewer, COUNT),
        "rest": question.rest,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "statistics/period.html", context, status=status)


def tables_of(content: dict[str, Any], part: str | None) -> dict[str, Any]:
    """Both tables of a statistic, a part of its lines at a time."""
    page = Paginator(content["lines"], ON_A_PAGE).get_page(part)
    moving, standing = moving_columns(content), status_columns(content)
    return {
        "page": page,
        "moving": moving,
        "moving_heads": heads_of(moving),
        "standing": standing,
        "moving_rows": rows_of(page.object_list, moving),
        "standing_rows": rows_of(page.object_list, standing),
        "moving_total": cells_of(content["total"], moving),
        "standing_total": cells_of(content["total"], standing),
    }


def _finding(one: Statistic) -> str:
    words = words_of_period(one.period.first, one.period.last, _)
    if one.is_blank:
        day = date_vi(timezone.localdate(one.known_at))
        return _("%(unit)s, %(period)s: đến hết ngày %(day)s sổ chưa ghi số đảng viên nào.") % {
            "unit": one.unit.name, "period": words, "day": day,
        }  # fmt: skip
    return _("%(unit)s, %(period)s: từ %(a)s đến %(b)s đảng viên.") % {
        "unit": one.unit.name, "period": words, "a": number_vi(one.total.opened),
        "b": number_vi(one.total.closed),
    }  # fmt: skip


def choices_of(question: Asked) -> dict[str, Any]:
    """What the filters of a period offer."""
    return {"question": question, "kinds": _kinds(), "years": _years(question)}


def _kinds() -> list[tuple[str, str]]:
    return [(YEAR, _("Cả năm, đến 31/12")), (HALF, _("6 tháng, đến 30/6")),
            (DAYS, _("Từ ngày đến ngày"))]  # fmt: skip


def _years(question: Asked) -> list[tuple[str, str]]:
    today = timezone.localdate(question.now).year
    return [(str(year), str(year)) for year in range(today, today - 15, -1)]


def _organisations(one: Statistic) -> dict[str, list[tuple[str, int]]]:
    found = one.organisations
    return {
        "kinds": [(_(kind.label), found.kinds[kind]) for kind in UnitKind if kind in found.kinds],
        "sectors": [(_(s.label), found.sectors[s]) for s in Sector if s in found.sectors],
    }


@require_safe
@needs(VIEW)
def member_statistics_file(request: ViewerRequest) -> HttpResponse:
    """The same as Excel, saying as of when it was known."""
    one = _told(request, asked(request))
    return _download(content_of(one))


def _download(content: dict[str, Any], document: str = "") -> HttpResponse:
    name = f"thong-ke-dang-vien-{slug(content['name'], most=60)}-den-{content['last']}.xlsx"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        statistic_workbook(content, document=document),
        content_type=XLSX,
        headers={"Content-Disposition": disposition},
    )


# --- what was reported --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def statistic_reported(request: ViewerRequest, statistic_id: UUID) -> HttpResponse:
    """What was reported, to the letter; what differs now, who changed it and why."""
    viewer = request.viewer
    kept = published_one(viewer, statistic_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(
        form,
        lambda: withdraw_statistic(
            statistic_id=statistic_id, reason=form.cleaned_data["reason"], by=viewer,
            at=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã rút. Bảng cũ vẫn xem được ở đây."))
        return redirect("statistic_reported", statistic_id)
    with answering(request):
        context = _reported_context(request, kept) | {"form": form}
        status = 422 if request.method == "POST" else 200
        return render(request, "statistics/reported.html", context, status=status)


def _reported_context(request: ViewerRequest, kept: PublishedStatistic) -> dict[str, Any]:
    viewer, content = request.viewer, kept.content
    question = Asked(kept.unit_id, DAYS, Period(kept.first, kept.last), None, timezone.now())
    lives = units_held(viewer, viewer.on).filter(descendant_id=kept.unit_id).exists()
    changed: list[Difference] | None = None
    with suppress(NotFound):  # by the register now the unit had ended before that day
        changed = differences(content, content_of(_told(request, question)))
    since = [] if changed == [] else corrections(viewer, kept)
    return tables_of(content, request.GET.get("trang")) | {
        "kept": kept,
        "finding": _("%(unit)s, %(period)s: đã báo cáo %(n)s đảng viên.") % {
            "unit": content["name"], "period": words_of_period(kept.first, kept.last, _),
            "n": number_vi(content["total"]["closing"]),
        },
        "is_gone": changed is None,
        "changed": [(one, label_of(one.figure)) for one in changed or ()],
        "corrections": [(one, signed(one.number)) for one in since],
        "back": reverse("member_statistics") + question.query,
        "may_withdraw": lives and can(viewer, REPORT) and kept.withdrawn_at is None,
    }  # fmt: skip


@require_safe
@needs(VIEW)
def statistic_reported_file(request: ViewerRequest, statistic_id: UUID) -> HttpResponse:
    """What was reported, as Excel: the same bytes each time."""
    kept = published_one(request.viewer, statistic_id)
    return _download(kept.content, kept.document)
