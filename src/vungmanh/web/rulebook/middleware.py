"""One state of the rules a page: the province's own are asked for once a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from vungmanh.org.own_rules import steady

GetResponse = Callable[[HttpRequest], HttpResponse]


def steady_rules(get_response: GetResponse) -> GetResponse:
    """The middleware's entry in the settings."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with steady():
            return get_response(request)

    return middleware
