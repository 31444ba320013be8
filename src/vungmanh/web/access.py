"""The one door of every page: signed in, and the role carries the permission.

Behind it stands the second wall (`access.wall`): whatever is only read is read as a PostgreSQL role
that sees no unit out of sight. What is posted runs as the owner, whose actions ask `check_can` and
`units_visible` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from vungmanh.access import wall
from vungmanh.access.permissions import PERMISSIONS, check_can
from vungmanh.web.requests import ViewerRequest

READING = {"GET", "HEAD"}
View = Callable[..., HttpResponse]


def second_wall(request: ViewerRequest, *, ahead: bool = False) -> AbstractContextManager[None]:
    """Read as a page is read: of days up to the one looked at, and some parts of today.

    `ahead`: also of days to come, where what is decided lies.
    """
    last = wall.FOREVER if ahead else max(request.as_of, request.viewer.on)
    return wall.behind(request.viewer, last, since=wall.EVER)


def answering(request: ViewerRequest, *, ahead: bool = False) -> AbstractContextManager[None]:
    """`second_wall` for the page that answers what was posted; who only reads stands behind it."""
    if request.method in READING:
        return nullcontext()
    return second_wall(request, ahead=ahead)


def needs(permission: str, *, ahead: bool = False) -> Callable[[View], View]:
    """Refuse the view to whoever lacks `permission` (a name of access.permissions).

    The name is kept on the view, so that a test can see that no page was forgotten. `ahead` as in
    `second_wall`.
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
            with second_wall(request, ahead=ahead):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render"):
                    response.render()
                if response.streaming:  # would be read when the wall is gone
                    response.streaming_content = list(response.streaming_content)
                return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
