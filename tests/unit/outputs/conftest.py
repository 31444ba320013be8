"""These tests ask no database, so they draw by the rules that come with the program alone."""

from __future__ import annotations

import pytest

from vungmanh.rulebook import loader


@pytest.fixture(autouse=True)
def shipped_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "_own", loader._Own())
