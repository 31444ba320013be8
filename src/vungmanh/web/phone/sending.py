"""What phones ask and send: JSON in, JSON out (docs/house/phones.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, VungManhError
from vungmanh.core.vocabulary import PhoneWay
from vungmanh.meetings.actions.receiving import (
    USE,
    TooOften,
    check_pace,
    meet_phone,
    note_contact,
    phone_by_key,
    receive,
)
from vungmanh.meetings.phone_answers import DAY_SECONDS, clock_words
from vungmanh.meetings.phone_items import LARGEST_REQUEST, MOST_ITEMS, read_instant, storable_text
from vungmanh.web.access import needs
from vungmanh.web.phone.bundle import bundle_for
from vungmanh.web.requests import ViewerRequest

JSON = "application/json"
MOST_AN_HOUR, MOST_DEPOSITED = 3000, 400  # new items of one phone
WRONG_KEYS, WRONG_SECONDS = 30, 900  # tries of one address, and for how long it is then shut
MOST_HELD = 1_000_000
View = Callable[..., HttpResponse]


class TooLarge(VungManhError):
    """More than one sending may hold."""

    default_code = "too-large"


STATUS = {TooLarge: 413, TooOften: 429, NotAllowed: 403, NotFound: 404, Conflict: 409}


def says_json(request: ViewerRequest) -> bool:
    """Whether a phone asks, which can do nothing with a page."""
    return request.content_type == JSON or JSON in request.headers.get("Accept", "")


def answers_phones(view: View) -> View:
    """Errors become JSON; the hat worn is the first in which a phone may be used."""

    @wraps(view)
    def answering(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            is_guarded = hasattr(view, "permission")
            if is_guarded and not request.user.is_authenticated and says_json(request):
                return _trouble(401, "signed-out", "Đăng nhập lại để gửi; phần đã ghi còn nguyên.")
            if request.viewer is not None:
                request.viewer = _with_phone(request.viewer)
            return view(request, *args, **kwargs)
        except VungManhError as error:
            if not says_json(request):
                raise
            kinds = (status for kind, status in STATUS.items() if isinstance(error, kind))
            response = _trouble(next(kinds, 400), error.code, error.message)
            if isinstance(error, TooOften):
                response["Retry-After"] = str(error.retry_after)
            return response

    return answering


def _with_phone(viewer: Viewer) -> Viewer:
    """Somebody who looks through other eyes in the browser still has the phone of their own."""
    if can(viewer, USE):
        return viewer
    others = (viewer_for(viewer.user, on=viewer.on, hat=hat.code) for hat in viewer.hats)
    return next((one for one in others if can(one, USE)), viewer)


def _trouble(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


@dataclass(frozen=True)
class Sending:
    """The body of a sending, read."""

    device: UUID
    key: str
    name: str
    outbox: int | None
    clock: Any
    items: list[Any]


def read_sending(request: ViewerRequest) -> Sending:
    """Raises TooLarge, InputError (`bad-request`)."""
    too_large = "Gửi một lần quá nhiều; điện thoại tự chia nhỏ rồi gửi lại."
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST:
        raise TooLarge(too_large)
    try:
        said = json.loads(request.body)
        device, items = UUID(str(said["device"])), said.get("items", [])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UnreadablePostError):
        raise _unreadable() from None
    if not isinstance(items, list):
        raise _unreadable()
    if len(items) > MOST_ITEMS:
        raise TooLarge(too_large, code="too-many")
    outbox = said.get("outbox")
    is_count = isinstance(outbox, int) and not isinstance(outbox, bool)
    return Sending(
        device=device,
        key=storable_text(str(said.get("key") or "")),
        name=storable_text(str(said.get("name") or "")),
        outbox=outbox if is_count and 0 <= outbox <= MOST_HELD else None,
        clock=read_instant(said.get("clock")),
        items=items,
    )


def _unreadable() -> InputError:
    return InputError(
        "Không đọc được phần gửi lên. Tải lại trang rồi gửi lại; phần đã ghi còn nguyên.",
        code="bad-request",
    )


@require_POST
@answers_phones
@needs(USE)
def phone_send(request: ViewerRequest) -> HttpResponse:
    """Take what a phone recorded, under the session of its person."""
    if request.content_type != JSON:
        return _trouble(422, "bad-request", _unreadable().message)
    sending, now = read_sending(request), timezone.now()
    device = meet_phone(
        device_id=sending.device, key=sending.key, name=sending.name, outbox=sending.outbox,
        clock=sending.clock, by=request.viewer, at=now,
    )  # fmt: skip
    check_pace(device, sending.items, MOST_AN_HOUR, now)
    off = round((sending.clock - now).total_seconds()) if sending.clock else None
    answers = receive(device=device, items=sending.items, by=request.viewer, at=now, clock_off=off)
    return _answered(now, off, answers)


@csrf_exempt
@require_POST
@answers_phones
def phone_deposit(request: ViewerRequest) -> HttpResponse:
    """Keep what a phone recorded whose person is not signed in: by the key of the phone alone."""
    if request.content_type != JSON:
        return _trouble(422, "bad-request", _unreadable().message)
    sending, now = read_sending(request), timezone.now()
    tries = f"phone-key:{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(tries, 0) >= WRONG_KEYS:
        raise TooOften("Thử sai khóa quá nhiều lần. Chờ mười lăm phút rồi gửi lại.")
    try:
        device = phone_by_key(device_id=sending.device, key=sending.key)
    except NotAllowed:
        cache.set(tries, cache.get(tries, 0) + 1, WRONG_SECONDS)
        raise
    check_pace(device, sending.items, MOST_DEPOSITED, now)
    note_contact(device, outbox=sending.outbox, clock=sending.clock, at=now)
    off = round((sending.clock - now).total_seconds()) if sending.clock else None
    answers = receive(
        device=device, items=sending.items, by=None, at=now, way=PhoneWay.DEPOSITED, clock_off=off
    )
    return _answered(now, off, answers)


def _answered(now: Any, off: int | None, answers: list[dict[str, Any]]) -> JsonResponse:
    message = clock_words(off) if off is not None and abs(off) >= DAY_SECONDS else ""
    said = {"now": now.isoformat(), "clock_off": off, "clock_message": message, "items": answers}
    return JsonResponse(said)


@require_safe
@answers_phones
@needs(USE)
def phone_bundle(request: ViewerRequest) -> HttpResponse:
    """What a phone takes along to work without a network."""
    now = timezone.now()
    said = {**bundle_for(request.viewer, now), "csrf": get_token(request)}
    response = JsonResponse(said)
    response["Cache-Control"] = "no-store"
    return response
