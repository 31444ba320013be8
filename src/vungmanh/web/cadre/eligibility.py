"""Đối chiếu điều kiện: one person and one post beside the rules of a day. Computed, shown, gone.

What is typed comes by POST, so that no address keeps it; nothing is written, no event either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.cadre.eligibility import KnownOf, known_of
from vungmanh.cadre.people import people_found
from vungmanh.cadre.posts import posts_of_unit
from vungmanh.cadre.staffing import kind_on
from vungmanh.core.errors import InputError
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.org.queries import visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.eligibility import EligibilityFacts, judge_eligibility
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import is_typing, rows_of
from vungmanh.web.cadre.forms import EligibilityForm, truth
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs("cadre.post.check")
def eligibility(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The conditions of one post for one person: met, not met, not known, each with its source."""
    viewer = request.viewer
    with answering(request):
        version = visible_unit(viewer, unit_id, viewer.on)
        posts = [one.post for one in posts_of_unit(viewer, unit_id, viewer.on)]
        people = people_found(viewer, request.POST.get("name", ""), viewer.on)
        form = EligibilityForm(
            None if is_typing(request) else request.POST or None, posts=posts, people=people,
            initial={"from_day": viewer.on, "post": request.GET.get("chuc")},
        )  # fmt: skip
        context: dict[str, Any] = {"form": form, "version": version, "rows": None}
        if form.is_bound and form.is_valid():
            context |= _answer(request, form, unit_id)
        response = render(request, "cadre/eligibility.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: ViewerRequest, form: EligibilityForm, unit_id: UUID) -> dict[str, Any]:
    told = form.cleaned_data
    who = form.person_id()
    known = known_of(request.viewer, told["name"], request.viewer.on, person_id=who)
    try:
        facts = _facts(form, known, unit_id)
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, _(error.message))
        return {}
    findings = judge_eligibility(load_rulebook().on(told["from_day"]), facts)
    names = unit_names({one.unit_id for one in (*known.rows, *known.earlier)})
    return {
        "rows": rows_of(findings, request.POST),
        "name": form.names[str(who)].name if who else told["name"],
        "post": _(Post(told["post"]).label),
        "known": known,
        "held": _said(known.rows, names),
        "earlier": _said(known.earlier, names),
    }  # fmt: skip


def _said(rows: Iterable[Appointment], names: Mapping[UUID, str]) -> list[tuple[str, str, Any]]:
    return [(names.get(one.unit_id, ""), _(Post(one.post).label), one.valid) for one in rows]


def _facts(form: EligibilityForm, known: KnownOf, unit_id: UUID) -> EligibilityFacts:
    """What was typed; where nothing was, what the register says of the one person of that name."""
    told = form.cleaned_data
    post = Post(told["post"])
    others, secretary = told["other_posts"], told["other_secretary"]
    others = known.posts_held if others is None else others
    secretary = known.as_secretary if secretary is None else secretary
    months = told["months_in_post"]
    years = told["years_left"]
    return EligibilityFacts(
        kind=kind_on(unit_id, told["from_day"]),
        post=post,
        way=AppointmentWay(told["way"]),
        starts_on=told["from_day"],
        months_in_post=known.months_in_post if months is None else months,
        years_left=None if years is None else Fraction(years),
        is_planned=truth(told["planned"]),
        is_head=truth(told["head"]),
        is_local=truth(told["local"]),
        terms_here=told["terms_here"],
        adds_post=truth(told["adds_post"]),
        posts_held=None if others is None else others + 1,
        as_secretary=None if secretary is None else secretary + (post is Post.SECRETARY),
        courses_done=known.courses,
    )
