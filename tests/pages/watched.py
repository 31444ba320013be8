"""Which parameters of its address a page asks for, so that no page is read twice for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers import wsgi
from django.http import QueryDict


def names_asked_of_addresses(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A set that grows by every name that is asked of the query of a request.

    "*" stands for whoever takes all of them. The walk over all lists is the middleware's and the
    frame's, and tells nothing of the page: the one looks for bad characters, the other only hands
    on what was typed.
    """
    asked: set[str] = set()

    class Watched(QueryDict):
        def __getitem__(self, key: str) -> Any:
            asked.add(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            asked.add(str(key))
            return super().__contains__(key)

        def get(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().get(key, default)

        def getlist(self, key: str, default: Any = None) -> Any:
            asked.add(key)
            return super().getlist(key, default)

        def items(self) -> Any:
            asked.add("*")
            return super().items()

        def dict(self) -> Any:
            asked.add("*")
            return super().dict()

    monkeypatch.setattr(wsgi, "QueryDict", Watched)
    return asked
