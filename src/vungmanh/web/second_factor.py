"""The second factor: whoever sees a whole province or gives out roles proves twice who they are.

A session says `second_factor: ok` once its sign-in used a code, once an authenticator was set up in
it, or where the register holds nothing but simulated units: a demonstration has nothing to guard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from vungmanh.access.ledger import record
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Unit
from vungmanh.web.requests import ViewerRequest

#: decisions.md has no ruling; it is asked of whoever reads or decides for a whole committee.
ROLES = frozenset({Role.PROVINCIAL_ANALYST, Role.STANDING_COMMITTEE, Role.ADMINISTRATOR})
#: Where one may go without it: setting it up, signing out, changing role, language or password.
_OPEN = ("/tai-khoan-cua-toi/", "/vai-tro/", "/ngon-ngu/", "/static/")


def required(
    get_response: Callable[[ViewerRequest], HttpResponse],
) -> Callable[[ViewerRequest], HttpResponse]:
    """Send those who still owe the second factor to where they set it up."""

    def middleware(request: ViewerRequest) -> HttpResponse:
        if not _owes(request):
            return get_response(request)
        if request.htmx:
            return HttpResponseClientRedirect("/tai-khoan-cua-toi/2fa/")
        return redirect("mfa_index")

    return middleware


def _owes(request: ViewerRequest) -> bool:
    viewer = request.viewer
    if viewer is None or request.path.startswith(_OPEN):
        return False
    if not ROLES & {hat.role for hat in viewer.hats}:  # whichever of their roles they act in now
        return False
    return request.session.get("second_factor") != "ok"


@receiver(user_logged_in)
def note_sign_in(sender: object, request: HttpRequest, **_kwargs: Any) -> None:
    """Remember in the session whether this sign-in needs nothing more."""
    if not Unit.objects.filter(is_simulated=False).exists():
        request.session["second_factor"] = "ok"


@receiver(authenticator_used)
def note_code(sender: object, request: HttpRequest, **_kwargs: Any) -> None:
    request.session["second_factor"] = "ok"


@receiver(authenticator_added)
def note_set_up(sender: object, request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    request.session["second_factor"] = "ok"
    record("second_factor.set_up", by=user, at=timezone.now(), subject=f"user:{user.pk}")


@receiver(authenticator_removed)
def note_removal(sender: object, request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    request.session.pop("second_factor", None)
    record("second_factor.removed", by=user, at=timezone.now(), subject=f"user:{user.pk}")
