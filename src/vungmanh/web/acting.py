"""Putting the refusal of an action into the form that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from vungmanh.core.errors import InputError, NotNow


def went_through(form: forms.Form, action: Callable[[], Any]) -> bool:
    """Whether the action went through; its refusal stands at its field, or above the form."""
    try:
        action()
    except InputError as error:
        form.add_error(error.field or None, error.message)
    except NotNow as error:
        form.add_error(None, error.message)
    return not form.errors
