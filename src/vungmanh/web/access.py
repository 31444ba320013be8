"""The one door of every page: signed in, and the role carries the permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from vungmanh.access.permissions import PERMISSIONS, check_can
from vungmanh.web.requests import ViewerRequest

View = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[View], View]:
    """Refuse the view to whoever lacks `permission` (a name of access.permissions).

    The name is kept on the view, so that a test can see that no page was forgotten.
    """
    if permission not in PERMISSIONS:
        raise KeyError(f"unknown permission {permission!r}")

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check_can(request.viewer, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
