"""What every request carries: readable text, viewer, month looked at, language; coded errors.

`request.viewer`          access.viewer.Viewer, or None when nobody is signed in
`request.period`          first day of the month that figures end with
`request.as_of`           its last day: the structure that pages show
`request.is_latest`       whether it is the month that pages start with: registers show today then
`request.newer_period`    a later month that has only begun to report, when looking at the latest
`request.newer_structure` a later month from which the structure is another, likewise
`request.period_options`  (slug, label) of the months that can be chosen
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import (
    Conflict,
    InputError,
    NotAllowed,
    NotFound,
    NotNow,
    RuleBroken,
    VungManhError,
)
from vungmanh.core.periods import add_months, last_day, month_label, month_of, month_slug
from vungmanh.org.structure import months_of_change
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.web.frame.views import bad_request, coded_error
from vungmanh.web.requests import ViewerRequest

#: How far back the months before and after a change of structure are offered beside the others.
MONTHS_OF_CHANGE = 36

GetResponse = Callable[[HttpRequest], HttpResponse]

#: What is not listed is a fault of what was sent (InputError and the like).
STATUS_OF = {NotFound: 404, NotAllowed: 403, NotNow: 409, Conflict: 409, RuleBroken: 409}


def storable_text(get_response: GetResponse) -> GetResponse:
    """Refuse what holds a NUL character: PostgreSQL stores and compares none, and nobody types it.

    The answer says so in the user's words, whichever form it was. Stands before anything that reads
    a cookie or asks the database; so its page knows no viewer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        refused = None
        try:
            if not _holds_nul(request):
                return get_response(request)
            refused = InputError(
                "Trong chữ gửi lên có một ký tự không nhìn thấy mà máy không lưu được (thường lẫn "
                "vào khi chép từ phần mềm khác). Quay lại trang trước, xóa chỗ vừa dán, gõ lại rồi "
                "gửi.",
                code="nul-character",
            )
        except UnreadablePostError:
            pass  # the line was cut while sending
        translation.activate(translation.get_language_from_request(request))
        _speak_vietnamese(request)
        if refused is None:
            return bad_request(request, BadRequest("unreadable"))
        if request.headers.get("HX-Request"):
            return _beside_the_part(refused, 400)
        return coded_error(request, refused, 400)

    return middleware


def _holds_nul(request: HttpRequest) -> bool:
    """Whether path, query, form or cookies do. Files are the business of whoever reads them."""
    texts = [request.path_info, *request.COOKIES.values()]
    for fields in (request.GET, request.POST):
        for name, values in fields.lists():
            texts += [name, *map(str, values)]
    return any("\0" in text for text in texts)


def viewer(get_response: GetResponse) -> Callable[[ViewerRequest], HttpResponse]:
    """Attach who is looking, and at which month."""

    def middleware(request: ViewerRequest) -> HttpResponse:
        _speak_vietnamese(request)
        request.viewer = None  # type: ignore[assignment]
        if request.user.is_authenticated:
            hat = request.session.get("role", "")
            request.viewer = viewer_for(request.user, on=timezone.localdate(), hat=hat)
            _attach_period(request)
        return _without_nested_sign_in(request, get_response(request))

    return middleware


def _speak_vietnamese(request: HttpRequest) -> None:
    """Vietnamese unless somebody chose otherwise: offices often run an English browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE


def _attach_period(request: ViewerRequest) -> None:
    """The month asked for by ?ky=, else the one looked at before, else the latest assessed.

    A month in which the structure changed may be looked at before anybody has reported on it.
    """
    runs = list(AssessmentRun.objects.order_by("month").values_list("month", "reported", "due"))
    assessed = [month for month, _reported, _due in runs]
    # A month for which few have reported yet may be asked for, but nobody starts with it.
    told = [month for month, reported, due in runs if 2 * reported >= due]
    latest = (told or assessed or [month_of(timezone.localdate())])[-1]
    changed = months_of_change(since=add_months(latest, -MONTHS_OF_CHANGE), after=last_day(latest))
    by_slug = {month_slug(month): month for month in sorted({*assessed, *changed})}
    asked = request.GET.get("ky", "")
    if asked in by_slug:
        if request.session.get("ky") != asked:
            request.session["ky"] = asked
    elif asked:
        messages.warning(request, _("Chưa có số liệu của kỳ “%s”; đang xem kỳ gần nhất.") % asked)
    request.period = by_slug.get(asked or request.session.get("ky", ""), latest)
    request.as_of = last_day(request.period)
    request.is_latest = is_latest = request.period == latest
    request.newer_period = next((m for m in assessed[-1:] if m > latest and is_latest), None)
    request.newer_structure = next((m for m in changed[-1:] if m > latest and is_latest), None)
    known = set(assessed)
    request.period_options = [
        (slug, month_label(month) if month in known else _only_structure(month))
        for slug, month in by_slug.items()
    ]


def _only_structure(month: dt.date) -> str:
    return _("%(month)s (cơ cấu)") % {"month": month_label(month)}


def _without_nested_sign_in(request: ViewerRequest, response: HttpResponse) -> HttpResponse:
    """Signed out meanwhile: load the whole page anew instead of putting a sign-in into a part."""
    target = urlsplit(response.get("Location", "")).path
    if request.htmx and response.status_code == 302 and target == resolve_url(settings.LOGIN_URL):
        return HttpResponseClientRefresh()
    return response


def _beside_the_part(error: VungManhError, status: int) -> HttpResponse:
    """The part on screen stays; trouble.js shows the sentence beside it."""
    return HttpResponse(status=status, headers={"X-Vungmanh-Message": quote(error.message)})


class _CodedErrors:
    """Errors of the house become answers, in one place."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: ViewerRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: ViewerRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, VungManhError):
            return None
        kinds = (status for kind, status in STATUS_OF.items() if isinstance(error, kind))
        status = next(kinds, 400)
        if request.htmx:
            return _beside_the_part(error, status)
        return coded_error(request, error, status)


def coded_errors(get_response: GetResponse) -> _CodedErrors:
    """The middleware's entry in the settings."""
    return _CodedErrors(get_response)
