"""The request as views receive it, with what the middleware attached (for the type checker)."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from vungmanh.access.viewer import Viewer


class ViewerRequest(HttpRequest):
    """A request of a signed-in user. Signed out, `viewer` is None and the rest is not there."""

    viewer: Viewer
    period: dt.date  # first day of the month that figures end with
    as_of: dt.date  # its last day: the structure that pages show
    is_latest: bool  # the month is the one that pages start with: registers show today
    newer_period: dt.date | None  # a later month that has only begun to report
    newer_structure: dt.date | None  # a later month from which the structure is another
    period_options: list[tuple[str, str]]  # (slug, label), the earliest first
    htmx: HtmxDetails
