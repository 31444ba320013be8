"""Tài khoản và quyền: who signs in, and in which roles. For administrators only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vungmanh.access.actions.accounts import (
    NewPassword,
    create_account,
    deactivate,
    end_grant,
    give_role,
    reactivate,
    renew_password,
)
from vungmanh.access.actions.erasure import erase_personal
from vungmanh.access.actions.second_factor import reset_second_factor
from vungmanh.access.queries import (
    MANAGE,
    account_counts,
    account_visible,
    accounts_matching,
    grant_visible,
)
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.org.names import names_for_roles, names_held
from vungmanh.web.access import needs
from vungmanh.web.people.forms import (
    UNITS_OFFERED,
    AccountForm,
    EndForm,
    ReasonForm,
    RoleForm,
)
from vungmanh.web.people.present import account_rows
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50


@require_safe
@needs(MANAGE)
def accounts(request: ViewerRequest) -> HttpResponse:
    """Every account with the roles it holds today."""
    today, viewer = timezone.localdate(), request.viewer
    text = " ".join(request.GET.get("q", "")[:120].split())
    role = request.GET.get("vai-tro", "")
    chosen = Role(role) if role in set(Role) else None
    found = accounts_matching(viewer, today, text=text, role=chosen)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "counts": account_counts(viewer, today),
        "page": page,
        "rows": account_rows(viewer, page.object_list, today),
        "text": text,
        "role": chosen or "",
        "roles": [("", _("Mọi vai trò")), *((one.value, _(one.label)) for one in Role)],
    }
    return render(request, "people/accounts.html", context)


@require_safe
@needs(MANAGE)
def account(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """One account: its roles now and before, and what can be done with it."""
    user = account_visible(request.viewer, user_id)
    [row] = account_rows(request.viewer, [user], timezone.localdate())
    context = {"row": row, "account": user, "is_own": user.pk == request.viewer.user.pk}
    return render(request, "people/account.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def account_new(request: ViewerRequest) -> HttpResponse:
    """Open an account."""
    form = AccountForm(request.POST or None, viewer=request.viewer, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in ("username", "display_name", "role")}
        new = _try(
            form,
            lambda: create_account(
                **values,
                unit_id=form.cleaned_data["unit_id"],
                by=request.viewer,
                at=timezone.now(),
            ),
        )
        if new is not None:
            return _show_once(request, new, is_new=True)
    return _form_page(request, form, "people/account_new.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def account_role(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """Give an account one more role."""
    user = account_visible(request.viewer, user_id)
    form = RoleForm(request.POST or None, viewer=request.viewer, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        role, unit_id = form.cleaned_data["role"], form.cleaned_data["unit_id"]
        given = _try(
            form,
            lambda: give_role(
                user_id=user.pk, role=role, unit_id=unit_id, by=request.viewer, at=timezone.now()
            ),
        )
        if given is not None:
            messages.success(request, _("Đã giao vai trò; người đó thấy ngay ở lần mở trang sau."))
            return redirect("account", user.pk)
    return _form_page(request, form, "people/account_role.html", {"account": user})


@require_safe
@needs(MANAGE)
def account_units(request: ViewerRequest) -> HttpResponse:
    """The units to choose from while the name is being typed: the same part as in the form."""
    words = request.GET.get("unit_words", "")[:200]
    units = names_for_roles(request.viewer, words, timezone.localdate(), limit=UNITS_OFFERED)
    return render(request, "people/unit_choices.html", {"units": units, "limit": UNITS_OFFERED})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def grant_end(request: ViewerRequest, grant_id: int) -> HttpResponse:
    """End a role on a day, with a reason."""
    grant, today = grant_visible(request.viewer, grant_id), timezone.localdate()
    earliest = max(today, grant.valid.lower + dt.timedelta(days=1))  # a role lasts a day at least
    form = EndForm(request.POST or None, initial={"ends_on": earliest})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        ended = _try(
            form,
            lambda: end_grant(grant_id=grant.pk, by=request.viewer, at=timezone.now(), **values),
        )
        if ended is not None:
            messages.success(request, _("Đã ghi ngày thôi vai trò."))
            return redirect("account", grant.user_id)
    unit = names_held(request.viewer, [grant.unit_id], today).get(grant.unit_id, "")
    context = {"account": grant.user, "role": Role(grant.role).label, "unit": unit}
    return _form_page(request, form, "people/grant_end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def account_lock(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """Lock an account, or unlock a locked one, with a reason."""
    user = account_visible(request.viewer, user_id)
    action, done = (
        (deactivate, _("Đã khóa tài khoản. Mở lại được bất cứ lúc nào ở trang này."))
        if user.is_active
        else (reactivate, _("Đã mở khóa tài khoản."))
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        switched = _try(
            form,
            lambda: action(user_id=user.pk, reason=reason, by=request.viewer, at=timezone.now()),
        )
        if switched is not None:
            messages.success(request, done)
            return redirect("account", user.pk)
    return _form_page(request, form, "people/account_lock.html", {"account": user})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def account_second_factor(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """Take away the second factor of somebody who lost their phone, with a reason."""
    user = account_visible(request.viewer, user_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        reset = _try(
            form,
            lambda: reset_second_factor(
                user_id=user.pk, reason=reason, by=request.viewer, at=timezone.now()
            ),
        )
        if reset is not None:
            messages.success(request, _("Đã gỡ; người đó bật lại ở lần đăng nhập tới."))
            return redirect("account", user.pk)
    return _form_page(request, form, "people/second_factor.html", {"account": user})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def account_erase(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """Empty what the ledger says of a person whose account is locked, with a reason."""
    user = account_visible(request.viewer, user_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        erased = _try(
            form,
            lambda: erase_personal(
                user_id=user.pk, reason=reason, by=request.viewer, at=timezone.now()
            ),
        )
        if erased is not None:
            messages.success(request, _("Đã xóa phần cá nhân; việc đã làm vẫn còn trong nhật ký."))
            return redirect("account", user.pk)
    return _form_page(request, form, "people/erase.html", {"account": user})


@never_cache
@require_POST
@needs(MANAGE)
def account_password(request: ViewerRequest, user_id: UUID) -> HttpResponse:
    """A new password for somebody who forgot theirs."""
    new = renew_password(user_id=user_id, by=request.viewer, at=timezone.now())
    return _show_once(request, new, is_new=False)


def _show_once(request: ViewerRequest, new: NewPassword, *, is_new: bool) -> HttpResponse:
    """The password in the answer itself: carried over a redirect it would have to be stored."""
    context = {"account": new.user, "password": new.password, "is_new": is_new}
    return render(request, "people/password.html", context)


def _try(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action returns; None when it refused, with its sentence put into the form."""
    try:
        return action()
    except InputError as error:
        form.add_error(error.field or None, error.message)
    except (Conflict, NotNow) as error:
        form.add_error(None, error.message)
    return None


def _form_page(
    request: ViewerRequest, form: forms.Form, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(
        request, template, {"form": form, "limit": UNITS_OFFERED, **context}, status=status
    )
