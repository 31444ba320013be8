"""Putting a refusal into its form, and reading the exceptions that somebody accepts by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from vungmanh.cadre.staffing import ACCEPTABLE
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow, RuleBroken
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding


def is_typing(request: HttpRequest) -> bool:
    """Whether a name is still being typed: the page is asked for whom the lists know by it."""
    return request.headers.get("HX-Request") == "true" and "xac-nhan" not in request.POST


def tried(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action gave; None where it was refused, with reason and source in the form."""
    try:
        return action()
    except InputError as error:
        also = getattr(form, "asked_as", {}).get(error.field)
        field = next((one for one in (error.field, also) if one in form.fields), None)
        form.add_error(field, _(error.message))
    except RuleBroken as error:
        words = _(error.message)
        if error.citation:
            words = _("%(words)s (%(cite)s)") % {"words": words, "cite": error.citation}
        form.add_error(None, words)
    except (NotNow, NotAllowed, Conflict) as error:
        form.add_error(None, _(error.message))
    return None


def exceptions_in(data: QueryDict, findings: Iterable[PeopleFinding]) -> list[dict[str, str]]:
    """The exceptions written beside findings that may be accepted."""
    said = []
    for one in findings:
        allowed_by = data.get(f"cho-phep-{one.code}", "")
        reason = data.get(f"ly-do-{one.code}", "")
        if one.state in ACCEPTABLE and (allowed_by or reason):
            said.append({"code": one.code, "allowed_by": allowed_by, "reason": reason})
    return said


def rows_of(findings: Iterable[PeopleFinding], data: QueryDict) -> list[dict[str, Any]]:
    """Findings as the page shows them: what stops first, then warnings, unknown, the rest."""
    order = [
        JudgedState.REFUSED, JudgedState.EXCEPTION_POSSIBLE, JudgedState.NOT_MET,
        JudgedState.WARNING, JudgedState.UNKNOWN, JudgedState.OK, JudgedState.MET,
    ]  # fmt: skip
    return [
        {
            "one": one,
            "is_grave": one.stops or one.state is JudgedState.NOT_MET,
            "takes_exception": one.state in ACCEPTABLE,
            "must": one.state is JudgedState.EXCEPTION_POSSIBLE,
            "allowed_by": data.get(f"cho-phep-{one.code}", ""),
            "reason": data.get(f"ly-do-{one.code}", ""),
        }
        for one in sorted(findings, key=lambda found: order.index(found.state))
    ]
