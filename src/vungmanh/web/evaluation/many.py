"""One step of many dossiers on one page: what a meeting said of seventy is typed in one go.

Nothing is chosen beforehand: a row left alone is a row not done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.text import name_key, number_vi
from vungmanh.core.vocabulary import DossierAct, DossierState, DossierSubject
from vungmanh.evaluation.actions.hand import LONGEST_REASON
from vungmanh.evaluation.actions.many import MANY, Row, RowsWrong, act_on_many
from vungmanh.evaluation.bars import bars_of
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.reads import heard_of
from vungmanh.evaluation.states import STEPS
from vungmanh.strengthening.actions.deciding import checked_cycle
from vungmanh.strengthening.year_grading import dossier_findings
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.cycle_forms import name_of
from vungmanh.web.evaluation.dossier import by_rules
from vungmanh.web.evaluation.present import group_words
from vungmanh.web.evaluation.words import grade_labels
from vungmanh.web.requests import ViewerRequest

VERIFY = "evaluation.dossier.verify"
A = DossierAct
ON_A_PAGE = 100
TICK, GRADE, POINTS, REASON = "t-", "m-", "d-", "l-"
#: The acts that are a choice of grade; the others are a tick.
GRADED = (A.GIVE_OPINION, A.PROPOSE)


@dataclass(frozen=True)
class Asked:
    """Which step is done, and of which body an opinion is typed."""

    act: DossierAct
    body: str = ""

    def address(self, cycle: Cycle) -> str:
        query = {"buoc": self.act.value, **({"noi": self.body} if self.body else {})}
        return f"{reverse('cycle_many', args=[cycle.pk])}?{urlencode(query)}"


@dataclass(frozen=True)
class ManyRow:
    """One dossier on the page; `barred` says why this person may not."""

    dossier: Dossier
    heading: str
    name: str
    own: str
    by_rules: str
    barred: str
    ticked: bool
    grade: str
    points: str
    reason: str
    error: str


@dataclass(frozen=True)
class Came:
    """What came back of a form that was sent: what was typed, what is wrong with which row."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[UUID, str] = field(default_factory=dict)
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VERIFY)
def cycle_many(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Opinions opened, opinions of one body, verified, proposed: many dossiers in one form."""
    viewer, now = request.viewer, timezone.now()
    cycle = checked_cycle(cycle_id, viewer)
    there = _there(cycle)
    asked = _asked(request.POST if request.method == "POST" else request.GET, cycle, there)
    waiting = _waiting(asked, there)
    came = Came()
    if request.method == "POST":
        came = _written(request, asked, waiting, now)
        if not came.problem:
            return redirect(asked.address(cycle))
    with answering(request):
        context = _context(viewer, cycle, asked, there, came=came, now=now)
        status = 422 if came.problem else 200
        return render(request, "evaluation/cycle_many.html", context, status=status)


def _there(cycle: Cycle) -> list[Dossier]:
    """Every dossier of the cycle in a state that one of the steps starts from, by group."""
    states = {state.value for act in MANY for state in STEPS[act].sources}
    found = Dossier.objects.filter(cycle=cycle, removed_at=None, state__in=states)
    listed = found.select_related("cycle")
    return sorted(listed, key=lambda one: (one.subject, group_words(one.group), name_key(one.name)))


def _asked(data: Any, cycle: Cycle, there: Sequence[Dossier]) -> Asked:
    """The step that is asked for, else the first that something waits for."""
    said = next((act for act in MANY if act.value == data.get("buoc")), None)
    act = said or next((act for act in MANY if _in_step(act, there)), MANY[0])
    if act is not A.GIVE_OPINION:
        return Asked(act)
    body = data.get("noi", "")
    if body not in cycle.bodies:
        body = _first_unheard(cycle, _in_step(act, there))
    return Asked(act, body)


def _first_unheard(cycle: Cycle, waiting: Sequence[Dossier]) -> str:
    """The first body that has not spoken of all of them; the first of all where each has."""
    heard = list(heard_of(waiting).values())
    left = (body for body in cycle.bodies if any(body not in said for said in heard))
    return next(left, next(iter(cycle.bodies), ""))


def _in_step(act: DossierAct, there: Sequence[Dossier]) -> list[Dossier]:
    return [one for one in there if DossierState(one.state) in STEPS[act].sources]


def _waiting(asked: Asked, there: Sequence[Dossier]) -> list[Dossier]:
    """The dossiers of the step; of an opinion, those the body has not spoken of."""
    found = _in_step(asked.act, there)
    if asked.act is not A.GIVE_OPINION:
        return found
    heard = heard_of(found)
    return [one for one in found if asked.body not in heard[one.pk]]


# --- what is sent --------------------------------------------------------------------------------


def _written(
    request: ViewerRequest, asked: Asked, waiting: Sequence[Dossier], now: dt.datetime
) -> Came:
    typed = {
        name: str(said).strip()
        for name, said in request.POST.items()
        if name.startswith((TICK, GRADE, POINTS, REASON)) and str(said).strip()
    }
    listed = {str(one.pk) for one in waiting}
    gone = {name[2:] for name in typed} - listed
    if gone:
        said = _("%s hồ sơ vừa đổi bước nên không còn ở đây. Chưa ghi gì; xem lại rồi ghi.")
        return Came(typed, {}, said % number_vi(len(gone)))
    rows, errors = _rows(asked, waiting, typed)
    if errors:
        wrong = RowsWrong(errors, len(rows) + len(errors))
        return Came(typed, wrong.rows, wrong.message)
    try:
        done = act_on_many(act=asked.act, rows=rows, body=asked.body, by=request.viewer, at=now)
    except RowsWrong as error:
        return Came(typed, error.rows, error.message)
    except InputError as error:
        return Came(typed, {}, error.message)
    messages.success(request, _told(asked) % number_vi(done))
    return Came()


def _rows(
    asked: Asked, waiting: Sequence[Dossier], typed: Mapping[str, str]
) -> tuple[list[Row], dict[UUID, str]]:
    """The rows that were chosen; a reason or points without a grade are an error, not lost."""
    rows, errors = [], {}
    for one in waiting:
        grade, points, reason = (typed.get(f"{p}{one.pk}", "") for p in (GRADE, POINTS, REASON))
        if asked.act in GRADED and (points or reason) and not grade:
            errors[one.pk] = _("Chưa chọn mức cho hồ sơ này.")
        elif grade or f"{TICK}{one.pk}" in typed:
            rows.append(Row(one.pk, grade, points, reason))
    return rows, errors


def _told(asked: Asked) -> str:
    return {
        A.OPEN_OPINIONS: _("Đã mở lấy ý kiến %s hồ sơ."),
        A.GIVE_OPINION: _("Đã ghi ý kiến về %s hồ sơ."),
        A.VERIFY: _("Đã thẩm định %s hồ sơ; việc lấy ý kiến đóng lại."),
        A.PROPOSE: _("Đã đề xuất mức của %s hồ sơ."),
    }[asked.act]


# --- what is shown -------------------------------------------------------------------------------


def _context(
    viewer: Viewer, cycle: Cycle, asked: Asked, there: Sequence[Dossier], *, came: Came,
    now: dt.datetime,
) -> dict[str, Any]:  # fmt: skip
    waiting = _waiting(asked, there)
    shown = waiting[:ON_A_PAGE]
    return {
        "cycle": cycle,
        "asked": asked,
        "finding": _finding(asked, len(waiting), cycle.year),
        "problem": came.problem,
        "rows": _shown(viewer, asked, shown, came, now),
        "left": len(waiting) - len(shown),
        "steps": [
            (f"{_(act.label)} ({number_vi(len(_in_step(act, there)))})",
             Asked(act).address(cycle), act is asked.act)
            for act in MANY
        ],
        "bodies": _bodies(cycle, asked, there),
        "grades": grade_labels(cycle.year),
        "is_graded": asked.act in GRADED,
        "with_points": asked.act is A.PROPOSE,
        "with_rules": asked.act in (A.VERIFY, A.PROPOSE),
        "longest_reason": LONGEST_REASON,
        "button": _button(asked),
    }  # fmt: skip


def _bodies(cycle: Cycle, asked: Asked, there: Sequence[Dossier]) -> list[tuple[str, str, bool]]:
    """Each body with how many dossiers it has not spoken of yet."""
    if asked.act is not A.GIVE_OPINION:
        return []
    heard = heard_of(_in_step(asked.act, there))
    left = Counter(body for said in heard.values() for body in cycle.bodies if body not in said)
    return [
        (f"{body} ({number_vi(left[body])})", Asked(asked.act, body).address(cycle),
         body == asked.body)
        for body in cycle.bodies
    ]  # fmt: skip


def _shown(
    viewer: Viewer, asked: Asked, dossiers: Sequence[Dossier], came: Came, now: dt.datetime
) -> list[ManyRow]:
    if not dossiers:
        return []
    labels = grade_labels(dossiers[0].cycle.year)
    bars = bars_of(viewer, dossiers)
    with_rules = asked.act in (A.VERIFY, A.PROPOSE)
    found = dossier_findings(dossiers, at=now) if with_rules else {}
    rows, last = [], ""
    for one in dossiers:
        group, bar = _group(one), bars[one.pk].get(asked.act)
        said = by_rules(found[one.pk], labels) if one.pk in found else None
        typed = {p: came.typed.get(f"{p}{one.pk}", "") for p in (TICK, GRADE, POINTS, REASON)}
        rows.append(
            ManyRow(
                one,
                group if group != last else "",
                name_of(one),
                labels.get(one.self_grade, ""),
                said.words if said else "",
                bar.message if bar else "",
                bool(typed[TICK]),
                typed[GRADE],
                typed[POINTS],
                typed[REASON],
                came.errors.get(one.pk, ""),
            )
        )
        last = group
    return rows


def _group(one: Dossier) -> str:
    name = group_words(one.group)
    if one.subject == DossierSubject.LEADERSHIP:
        return _("%(group)s: tập thể lãnh đạo") % {"group": name}
    return name


def _finding(asked: Asked, waiting: int, year: int) -> str:
    told = {"n": number_vi(waiting), "year": year, "body": asked.body}
    if not waiting:
        return _("Không có hồ sơ năm %(year)s nào chờ bước này.") % told
    return {
        A.OPEN_OPINIONS: _("%(n)s hồ sơ năm %(year)s chờ mở lấy ý kiến."),
        A.GIVE_OPINION: _("%(n)s hồ sơ năm %(year)s chờ ý kiến của %(body)s."),
        A.VERIFY: _("%(n)s hồ sơ năm %(year)s chờ thẩm định."),
        A.PROPOSE: _("%(n)s hồ sơ năm %(year)s chờ đề xuất mức."),
    }[asked.act] % told


def _button(asked: Asked) -> str:
    return {
        A.OPEN_OPINIONS: _("Mở lấy ý kiến các hồ sơ đã chọn"),
        A.GIVE_OPINION: _("Ghi ý kiến của các dòng đã chọn"),
        A.VERIFY: _("Thẩm định xong các hồ sơ đã chọn"),
        A.PROPOSE: _("Đề xuất mức của các dòng đã chọn"),
    }[asked.act]
