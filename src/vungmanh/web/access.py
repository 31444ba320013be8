"""The one door of every page: signed in, and the role carries the permission.

Behind it stands the second wall (`access.wall`): whatever is only read is read as a PostgreSQL role
that sees no unit out of sight. What is posted runs as the owner, whose actions ask `check_can` and
`units_visible` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from vungmanh.access import wall
from vungmanh.access.permissions import PERMISSIONS, check_can
from vungmanh.web.requests import ViewerRequest

READING = {"GET", "HEAD"}
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
            if request.method not in READING:
                return view(request, *args, **kwargs)
            # A page tells of days up to the one looked at, and some parts of today.
            last = max(request.as_of, request.viewer.on)
            with wall.behind(request.viewer, last, since=wall.EVER):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
                if response.streaming:  # would be read when the wall is gone
                    response.streaming_content = list(response.streaming_content)
                return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
