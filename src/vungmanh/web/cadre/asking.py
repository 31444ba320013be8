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


def status_of(form: forms.Form) -> int:
    """422 once something sent was refused; what the rules say of a form in order is an answer."""
    return 422 if form.errors else 200


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
    said = sorted(findings, key=lambda found: order.index(found.state))
    above = [None, *(one.citation for one in said)]
    return [
        {
            "one": one,
            "label": _("Không ghi được") if _is_of_register(one) else _(one.state.label),
            "is_of_register": _is_of_register(one),
            "is_cited_above": one.citation is not None and one.citation == before,
            "is_grave": one.stops or one.state is JudgedState.NOT_MET,
            "takes_exception": one.state in ACCEPTABLE,
            "must": one.state is JudgedState.EXCEPTION_POSSIBLE,
            "allowed_by": data.get(f"cho-phep-{one.code}", ""),
            "reason": data.get(f"ly-do-{one.code}", ""),
        }
        for one, before in zip(said, above, strict=False)
    ]


def _is_of_register(one: PeopleFinding) -> bool:
    """Whether something is refused by how the register is kept, and not by a text."""
    return one.stops and one.citation is None
