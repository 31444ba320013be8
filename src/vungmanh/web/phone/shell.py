"""The page, the manifest and the service worker of the phone.

None of them holds anything of anybody: what is personal comes from guarded addresses and is sealed
on the phone.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.web import webfont
from vungmanh.web.assets import HERE
from vungmanh.web.context import has_simulated_units

MODULES = HERE / "static/vungmanh/js/phone"
PAGE = "vungmanh/js/phone/main.js"
WORKER = Path(__file__).parent / "worker.js"


@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """The shell: the same for everybody, so that a phone may keep it."""
    response = render(request, "phone/shell.html", {"is_simulated": has_simulated_units()})
    add_never_cache_headers(response)  # the service worker keeps it, nobody on the way does
    return response


@require_safe
def phone_manifest(request: HttpRequest) -> HttpResponse:
    """What the home screen of a phone is told."""
    icon = {"src": static("vungmanh/mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    manifest = {
        "name": _("Vững Mạnh trên điện thoại"),
        "short_name": "Vững Mạnh",
        "lang": request.LANGUAGE_CODE,  # type: ignore[attr-defined]
        "start_url": reverse("phone"),
        "scope": reverse("phone"),
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#fbf9f4",
        "icons": [icon],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


@require_safe
def phone_worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps; another list is another version."""
    page = render(request, "phone/shell.html", {"is_simulated": has_simulated_units()}).content
    urls = [reverse("phone"), reverse("phone_manifest"), *shell_files()]
    version = hashlib.sha256(page + b"".join(_content(url) for url in urls[2:])).hexdigest()[:16]
    shell = json.dumps({"version": version, "urls": urls})
    source = f"const SHELL = {shell};\n{WORKER.read_text(encoding='utf-8')}"
    headers = {"Service-Worker-Allowed": reverse("phone"), "Cache-Control": "no-cache"}
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers=headers)


def shell_files() -> list[str]:
    """Every file the shell asks for. Modules name each other plainly: they go by plain names, and
    the one that the page names also by the name it has there."""
    modules = sorted(path.name for path in MODULES.glob("*.js"))
    plain = [f"{settings.STATIC_URL}vungmanh/js/phone/{name}" for name in modules]
    fonts = [f"vungmanh/fonts/{webfont.file_name(weight)}" for weight in webfont.WEIGHTS]
    others = [static(name) for name in (PAGE, "vungmanh/vungmanh.css", "vungmanh/mark.svg", *fonts)]
    return list(dict.fromkeys([*plain, *others]))


@lru_cache(maxsize=256)
def _content(url: str) -> bytes:
    """What stands behind an address of the shell; its name says enough where it carries a hash."""
    name = url.removeprefix(settings.STATIC_URL)
    found = finders.find(name)
    return Path(found).read_bytes() if found else url.encode()
