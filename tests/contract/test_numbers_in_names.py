"""Units whose names hold numbers are listed in the order of the numbers."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from tests.cast import CELLS, PROVINCE, QUAN_MAU, make_cast
from tests.contract.rating_story import office, opened
from vungmanh.core.text import name_key, sort_key
from vungmanh.evaluation.board import cycle_board
from vungmanh.evaluation.models import Dossier
from vungmanh.org.models import UnitVersion

pytestmark = pytest.mark.django_db
NAMES = dict(zip(CELLS[QUAN_MAU], ("Chi bộ số 10", "Chi bộ số 2", "Chi bộ số 1"), strict=True))
ORDER = ["Chi bộ số 1", "Chi bộ số 2", "Chi bộ số 10"]


def test_the_register_and_the_board_follow_the_numbers() -> None:
    cast = make_cast()
    cycle = opened(cast)
    for old, new in NAMES.items():
        UnitVersion.objects.filter(name=old).update(name=new, name_key=sort_key(new))
        Dossier.objects.filter(name=old).update(name=new)
    numbered = UnitVersion.objects.filter(name__startswith="Chi bộ số")
    assert [one.name for one in numbered.order_by("name_key")] == [
        "Chi bộ số 1", "Chi bộ số 10", "Chi bộ số 2",
    ]  # fmt: skip
    migrated = import_module("vungmanh.org.migrations.0012_numbers_in_names").Migration
    migrated.operations[0].code(apps, None)
    assert [one.name for one in numbered.order_by("name_key")] == ORDER
    kept = UnitVersion.objects.get(name=PROVINCE)
    assert bytes(kept.name_key) == name_key(PROVINCE) == sort_key(PROVINCE)
    board = cycle_board(cycle, office(cast))
    assert list(dict.fromkeys(row.dossier.name for row in board.rows)) == ORDER
