"""The page of one dossier and every act on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.vocabulary import DossierAct, DossierState, DossierSubject
from vungmanh.evaluation.actions.dossiers import write_answers
from vungmanh.evaluation.merging import AnswerConflict
from vungmanh.evaluation.models import Dossier
from vungmanh.evaluation.procedure import decider_of
from vungmanh.evaluation.reads import (
    VIEW,
    acts_for,
    decisions_visible,
    dossier_visible,
    entries_visible,
)
from vungmanh.evaluation.sides import decides, holds
from vungmanh.strengthening.year_grading import DossierFinding, dossier_finding
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation import criteria, parts
from vungmanh.web.evaluation import dossier as told
from vungmanh.web.evaluation.acts import DOINGS, ActForm, went_through
from vungmanh.web.evaluation.criteria import Sent
from vungmanh.web.evaluation.present import group_words
from vungmanh.web.evaluation.words import grade_labels
from vungmanh.web.requests import ViewerRequest


@dataclass(frozen=True)
class Came:
    """What came back of a form that was sent."""

    form: ActForm | None = None
    act: str = ""
    sent: Sent = field(default_factory=Sent)
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def dossier(request: ViewerRequest, dossier_id: UUID) -> HttpResponse:
    """One dossier: what it rests on, what each level said, and what may be done with it now."""
    viewer, now = request.viewer, timezone.now()
    one = dossier_visible(viewer, dossier_id)
    if request.method != "POST":
        return _page(request, one, now)
    act = request.POST.get("act", "")
    if act == DossierAct.WRITE:
        return _write(request, one, now)
    doing = next((doing for doing in DOINGS.values() if doing.act == act), None)
    if doing is None:
        return _page(request, one, now, status=422)
    form = told.form_for(doing, one, request.POST)
    if form.is_valid() and went_through(
        form, lambda: doing.does(one, form.cleaned_data, viewer, now)
    ):
        messages.success(request, doing.told)
        return redirect("dossier", one.pk)
    return _page(request, one, now, Came(form, act), status=422)


def _write(request: ViewerRequest, one: Dossier, now: dt.datetime) -> HttpResponse:
    """Keep what was typed into the criteria and conditions; what is wrong stays to be mended."""
    said, was = criteria.answers_sent(request.POST, criteria.ANSWER, criteria.WAS)
    held, held_was = criteria.answers_sent(request.POST, criteria.SAID, criteria.SAID_WAS)
    sheet = dossier_finding(one, at=now).sheet
    wrong = criteria.check_answers(sheet, said) if sheet else {}
    sent = Sent({**said, **held}, {**was, **held_was}, wrong)
    if wrong:
        problem = _("Chưa ghi: sửa các mục đánh dấu đỏ rồi ghi lại. Điều đã gõ còn nguyên.")
        return _page(request, one, now, Came(sent=sent, problem=problem), status=422)
    try:
        _kept(request, one, now, sent, held)
    except AnswerConflict as error:
        theirs = {code: told.value_words(values[0]) for code, values in error.fields.items()}
        known = {code: str(values[0] or "") for code, values in error.fields.items()}
        sent = Sent(sent.values, {**sent.was, **known}, {}, theirs)
        return _page(request, one, now, Came(sent=sent, problem=error.message), status=422)
    except (InputError, NotNow) as error:
        return _page(request, one, now, Came(sent=sent, problem=error.message), status=422)
    messages.success(request, _("Đã ghi tiêu chí; chưa nộp."))
    return redirect("dossier", one.pk)


def _kept(
    request: ViewerRequest, one: Dossier, now: dt.datetime, sent: Sent, held: dict[str, str]
) -> None:
    said = {code: value for code, value in sent.values.items() if code not in held}
    was = {code: sent.was.get(code, "") for code in said}
    by = request.viewer
    write_answers(
        dossier_id=one.pk, set=criteria.or_none(said), was=criteria.or_none(was), by=by, at=now
    )
    before = {key: sent.was.get(key, "") for key in held}
    if held:
        write_answers(
            dossier_id=one.pk, set=criteria.as_bools(held), was=criteria.as_bools(before),
            part="condition_answers", by=by, at=now,
        )  # fmt: skip


def _page(
    request: ViewerRequest, one: Dossier, now: dt.datetime, came: Came | None = None, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    viewer, today, came = request.viewer, timezone.localdate(now), came or Came()
    with answering(request):
        one.refresh_from_db()
        entries, grades = entries_visible(viewer, one), grade_labels(one.cycle.year)
        offered = told.offered_to(viewer, one, came.form, came.act)
        found = dossier_finding(one, at=now)
        decisions = decisions_visible(viewer, one)
        acts = {act.act for act in acts_for(viewer, one) if act.bar is None}
        context: dict[str, Any] = {
            "dossier": one,
            "cycle": one.cycle,
            "finding": told.finding_of(one, today),
            "lead": told.lead_of(one, today),
            "state": DossierState(one.state),
            "subject": DossierSubject(one.subject),
            "levels": told.levels_of(one, entries),
            "steps": told.steps_of(one, entries, parts.names_of(found)),
            "stray": None if any(act.form is came.form for act in offered) else came.form,
            "not_now": told.not_now(viewer, one),
            "group": group_words(one.group),
            "decider": decider_of(one),
            "decided": told.decided_of(one, decisions),
            **told.cap_and_award(one, decisions, now),
            "compared": told.compared(decisions) if "tinh-lai" in request.GET else None,
            "found": found,
            "meets_best": told.meets_best(found, one),
            "points_words": told.points_words(found),
            "by_rules": told.by_rules(found, grades),
            "may_number": can(viewer, "evaluation.dossier.decide") and decides(viewer, one.cycle),
            "write_problem": came.problem,
            "on_paper": DossierAct.WRITE in acts and not holds(viewer, one),
            **_sheet(one, found, came.sent, may_write=DossierAct.WRITE in acts, today=today),
        }
        # Who fills in the sheet hands it in below it; every other act stands above.
        last = [act for act in offered if context["to_do"] and act.act is DossierAct.RATE_SELF]
        context |= {"offered": [act for act in offered if act not in last], "offered_last": last}
        # Nobody has said anything yet: who fills in the sheet is not told so five times.
        heard = any(one.by or one.note == _("đã cho ý kiến, chưa mở") for one in context["levels"])
        context["has_levels"] = heard or not context["to_do"]
        return render(request, "evaluation/dossier.html", context, status=status)


def _sheet(
    one: Dossier, found: DossierFinding, sent: Sent, *, may_write: bool, today: dt.date
) -> dict[str, Any]:
    """Criteria and conditions in parts, and what is left of them for whoever writes."""
    grades = grade_labels(one.cycle.year)
    rows = criteria.criterion_rows(found, one, sent)
    groups = parts.criterion_parts(rows, found, is_open=not may_write)
    asked = criteria.condition_rows(found, one, grades, sent)
    waits = any(part.left for part in groups)
    conditions = parts.condition_parts(asked, is_open=not may_write, waits=waits)
    return {
        "criteria": groups,
        "conditions": conditions,
        "may_write": may_write,
        "to_do": parts.to_do(one, groups, conditions, today) if may_write and groups else None,
    }
