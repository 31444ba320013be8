"""docs/reference is what the code says today."""

from __future__ import annotations

import importlib.util

import pytest

from tests.health.repository import ROOT

_spec = importlib.util.spec_from_file_location("write_reference", ROOT / "tools/write_reference.py")
assert _spec is not None
assert _spec.loader is not None
write_reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(write_reference)


@pytest.mark.parametrize("name", sorted(write_reference.pages()))
def test_reference_page_is_current(name: str) -> None:
    """If this fails: `python tools/write_reference.py`, read the difference, commit it."""
    committed = (ROOT / "docs/reference" / name).read_text("utf-8")
    assert committed == write_reference.pages()[name]
