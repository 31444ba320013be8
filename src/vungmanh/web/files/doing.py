"""One act of a file as its page offers it: the form, the action behind it, what is said then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileAct
from vungmanh.strengthening.models import SupportFile
from vungmanh.web.files.choices import Offer

Does = Callable[[SupportFile, dict[str, Any], Viewer, dt.datetime], Any]


@dataclass(frozen=True)
class Doing:
    """One act as the page offers it."""

    act: FileAct
    form: Callable[[Any, Offer], forms.Form]
    does: Does
    told: Any
    lead: Any = ""
    button: Any = ""

    @property
    def words(self) -> Any:
        return self.button or self.act.label


def plain(form: Callable[..., forms.Form]) -> Callable[[Any, Offer], forms.Form]:
    """A form that needs to know nothing of the file."""
    return lambda data, offer: form(data, label_suffix="")


def with_typed(action: Callable[..., Any], *names: str, **more: Any) -> Does:
    """The action called with what was typed into these fields."""

    def does(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
        typed = {name: said[name] for name in names}
        return action(file_id=file.pk, by=by, at=at, **typed, **more)

    return does
