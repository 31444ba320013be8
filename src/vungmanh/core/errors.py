"""The few errors of the house. Control flow looks at the type and the code, never at the text.

`code` is stable ASCII in kebab case. `message` is Vietnamese, ready to be shown as it is, and says
what to do next. `web` maps the types to answers once; nobody else does.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class VungManhError(Exception):
    """Something went wrong in a way the user can be told about."""

    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        chosen = self.default_code if code is None else code
        if not _CODE.fullmatch(chosen):
            raise ValueError(f"error code must be ASCII kebab case: {chosen!r}")
        super().__init__(message)
        self.code = chosen
        self.message = message


class NotAllowed(VungManhError):
    """*Who*: this person may not do this here."""

    default_code = "not-allowed"


class NotNow(VungManhError):
    """*When*: the thing is not in the state, or the day is not one, in which this can be done."""

    default_code = "not-now"


class NotFound(VungManhError):
    """Absent, or outside the viewer's scope: the answer is the same for both."""

    default_code = "not-found"


class Conflict(VungManhError):
    """Somebody was faster, or the record has changed since it was read."""

    default_code = "conflict"


class RuleBroken(VungManhError):
    """A rule of the rulebook forbids it; the rule's id and citation travel with the message."""

    default_code = "rule-broken"

    def __init__(
        self, message: str, *, rule_id: str, citation: str, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.rule_id = rule_id
        self.citation = citation


class InputError(VungManhError):
    """What was typed or sent cannot be read.

    `field` is the name of the form field or column it belongs to; `place` says where it stands for
    a reader ("ô D12, trang Tháng 10"). Either may be empty.
    """

    default_code = "input"

    def __init__(
        self, message: str, *, field: str = "", place: str = "", code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.field = field
        self.place = place
