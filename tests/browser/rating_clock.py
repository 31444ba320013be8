"""A day of the story: the clock of the program and that of the database go together.

What is recorded gets its moment from the database (`recorded_at`); facts of a year are read as they
were known at a moment. A story of 2019 therefore needs both clocks set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection

_START = """
CREATE TABLE story_clock (at timestamptz NOT NULL);
INSERT INTO story_clock VALUES (now());
GRANT SELECT ON story_clock TO PUBLIC;
CREATE FUNCTION story_recorded_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.recorded_at IS DISTINCT FROM OLD.recorded_at THEN
    SELECT at INTO NEW.recorded_at FROM story_clock;
  END IF;
  RETURN NEW;
END $$;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t
             USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND c.column_name = 'recorded_at'
               AND t.table_type = 'BASE TABLE'
  LOOP
    EXECUTE format('CREATE TRIGGER story_recorded_at BEFORE INSERT OR UPDATE ON %I FOR EACH ROW'
                   ' EXECUTE FUNCTION story_recorded_at()', one.table_name);
  END LOOP;
END $$
"""
_END = "DROP FUNCTION story_recorded_at CASCADE; DROP TABLE story_clock"


class Clock:
    """Both clocks; `to` moves them to the morning of a day, from where they go on."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def to(self, year: int, month: int, day: int) -> None:
        at = dt.datetime(year, month, day, 2, tzinfo=dt.UTC)
        self._traveller.move_to(at, tick=True)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE story_clock SET at = %s", [at])


@pytest.fixture
def clock(transactional_db: None) -> Iterator[Clock]:
    with connection.cursor() as cursor:
        cursor.execute(_START)
    with time_machine.travel(dt.datetime(2019, 11, 30, 2, tzinfo=dt.UTC), tick=True) as traveller:
        found = Clock(traveller)
        found.to(2019, 11, 30)
        yield found
    with connection.cursor() as cursor:
        cursor.execute(_END)
