"""A day is the day where the province lies; the clock of the database is seven hours behind."""

from __future__ import annotations

import re

from tests.health.repository import files, name_of

#: The day of a moment as its clock has it: between midnight and seven that is yesterday.
DAY_OF_ANOTHER_PLACE = re.compile(r"\b(?:\w+_)?at\.date\(\)")


def test_no_day_is_taken_from_the_clock_of_the_database() -> None:
    found = {
        f"{name_of(path)}:{number}": line.strip()
        for path in files(".py", below="src")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if DAY_OF_ANOTHER_PLACE.search(line)
    }
    assert found == {}, "localdate(moment), not moment.date()"
