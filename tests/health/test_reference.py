"""docs/reference is what the code says today."""

from __future__ import annotations

import importlib
import importlib.util
import re

import pytest
from django.apps import apps

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


def test_whatever_names_somebody_stands_in_the_matrix() -> None:
    """A column that calls somebody by name, alias or day of birth is told who sees it."""
    personal = importlib.import_module("vungmanh.org.personal")
    words = re.compile(r"(holder|signer|display|person)_name|alias|born_on|joined_on|external_key")
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("vungmanh.")
        for field in model._meta.concrete_fields
        if words.fullmatch(field.name)
    }
    fields = {f"org.Person.{name}" for name in personal.FIELDS}
    assert found - fields == set(personal.ELSEWHERE)
