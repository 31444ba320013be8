"""What an address asks for, and putting the refusal of an action into its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms

from vungmanh.core.errors import InputError, NotAllowed, NotNow

VIEW = "meetings.task.view"


def uuid_of(text: str | None) -> UUID | None:
    """The id that an address names; None for what is no id."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def done(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action gave; None where it was refused, and the refusal stands in the form."""
    try:
        return action()
    except InputError as error:
        known = error.field if error.field in form.fields else None
        form.add_error(known, error.message)
    except (NotNow, NotAllowed) as error:
        form.add_error(None, error.message)
    return None
