"""Pages that belong to no room: error pages, changing the role one acts in, the gallery."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vungmanh.core.errors import RuleBroken, VungManhError
from vungmanh.core.vocabulary import Role
from vungmanh.web.frame.samples import gallery_samples
from vungmanh.web.requests import ViewerRequest


@login_required
@require_POST
def act_as(request: ViewerRequest) -> HttpResponse:
    """Look through the eyes of another role one holds; what one does not hold is ignored."""
    if request.POST.get("role") in {hat.code for hat in request.viewer.hats}:
        request.session["role"] = request.POST["role"]
    return HttpResponseRedirect("/")


@login_required
@require_safe
def gallery(request: ViewerRequest) -> HttpResponse:
    """Every component with sample data. For those who build pages: nobody else has it."""
    if not settings.DEBUG and request.viewer.role is not Role.ADMINISTRATOR:
        raise Http404
    return render(request, "gallery.html", gallery_samples())


# --- errors ------------------------------------------------------------------------------------


def coded_error(request: HttpRequest, error: VungManhError, status: int) -> HttpResponse:
    """An error of the house: its own sentence, and the rule behind it if there is one."""
    if status == 404:
        return not_found(request, error)
    context = {
        "message": error.message,
        "code": error.code,
        "citation": error.citation if isinstance(error, RuleBroken) else "",
    }
    return render(request, "errors/coded.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page, to the letter, for what does not exist and for what one may not see."""
    return render(request, "errors/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere; a phone fetches a new token."""
    if request.content_type == "application/json":
        said = {"code": "csrf", "message": _("Phiên làm việc đã đổi; điện thoại tự gửi lại.")}
        return JsonResponse(said, status=403)
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Stands on nothing that may itself be broken: no database, no frame."""
    return render(None, "errors/500.html", status=500)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Asked for by allauth when a password is tried too often."""
    return render(request, "errors/429.html", status=429)
