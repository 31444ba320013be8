"""Each room introduces itself on one screen."""

from __future__ import annotations

import pytest

from tests.health.repository import PACKAGE, ROOMS, lines_in

ONE_SCREEN = 60


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_a_readme_of_one_screen(room: str) -> None:
    readme = PACKAGE / room / "README.md"
    assert readme.is_file()
    assert 5 <= lines_in(readme) <= ONE_SCREEN
    assert readme.read_text(encoding="utf-8").startswith(f"# {room}")
