"""What the program does by itself. Every night from two o'clock: the integrity checks, the
comparing of records filed, and the assessment of the month that ended when its reports were due.
Every minute: whether records came in that move what was assessed.

One thread beside the server process, asleep nearly always. A machine that is off at night catches
up after its next start: whatever is older than a day is asked again.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOUR = 2  # local time
AFTER_START = dt.timedelta(minutes=1)  # the first pages are served before the first check
DAY = dt.timedelta(days=1)
STOP_SECONDS = 10
LOOK_SECONDS = 60
NO_LETTERS = "django.core.mail.backends.dummy.EmailBackend"
#: No names and no counts: a letter may be read by anybody.
LETTER = "Có việc đang chờ đồng chí. Mở chương trình Vững Mạnh, trang đầu, để xem.\n"

logger = logging.getLogger(__name__)


@contextmanager
def checking_every_night() -> Iterator[None]:
    """Check every night until the block ends; a check under way is given a moment to end."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_checking, args=(stop,), name="nightly", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


def next_check(last: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """When to check: at two tonight, or soon when the last time is a day ago or never was.

    Both times carry the local zone.
    """
    if last is None or now - last >= DAY:
        return now + AFTER_START
    tonight = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + DAY


def check_now() -> None:
    """Ask every check as of today, then assess. What goes wrong is logged: the pages go on."""
    from django.conf import settings
    from django.db import Error, connection
    from django.utils import timezone

    from vungmanh.core.errors import VungManhError
    from vungmanh.meetings.actions.lookalikes import compare_new_texts
    from vungmanh.meetings.actions.receiving import force_held
    from vungmanh.org.actions.findings import run_checks
    from vungmanh.outputs.gradings.bundle import clear_bundles
    from vungmanh.outputs.members.actions import forget_old_lists
    from vungmanh.strengthening.actions.monthly import assess_month_ended

    now = timezone.now()
    today = timezone.localdate(now)
    clear_bundles(Path(settings.DATA) / "papers", at=now)
    forget_old_lists(at=now)
    try:
        run_checks(as_of=today, by=None, at=now)
    except Error:
        logger.exception("the nightly check of the data failed")
    try:
        force_held(at=now)
    except (Error, VungManhError):
        logger.exception("deciding what phones sent long ago failed")
    try:
        compare_new_texts(by=None, at=now)
    except (Error, VungManhError):
        logger.exception("comparing the records filed failed")
    _follow_files(now)
    _tell_what_waits(today, now)
    try:
        assess_month_ended(as_of=today, at=now)
    except (Error, VungManhError):
        logger.exception("the monthly assessment failed")
    finally:
        connection.close()


def _follow_files(now: dt.datetime) -> None:
    """The state of every file by month, so that what is told of files is of today."""
    from django.db import Error

    from vungmanh.core.errors import VungManhError
    from vungmanh.strengthening.actions.file_months import keep_file_months

    try:
        keep_file_months(at=now)
    except (Error, VungManhError):
        logger.exception("following the files failed")


def _tell_what_waits(today: dt.date, now: dt.datetime) -> None:
    """One digest a person and role; by letter too where Django is given a way to send letters."""
    from django.conf import settings
    from django.db import Error

    from vungmanh.core.errors import VungManhError
    from vungmanh.meetings.actions.digests import mail_digests, make_digests

    try:
        make_digests(day=today, at=now)
        if settings.EMAIL_BACKEND != NO_LETTERS:
            subject, body = "Việc của đồng chí hôm nay", LETTER
            sender = settings.DEFAULT_FROM_EMAIL
            mail_digests(day=today, at=now, subject=subject, body=body, sender=sender)
    except (Error, OSError, VungManhError):
        logger.exception("telling what waits failed")


def _keep_checking(stop: threading.Event) -> None:
    from django.utils import timezone

    last = _last_check()
    due = next_check(last, timezone.localtime())
    while not stop.wait(LOOK_SECONDS):
        now = timezone.localtime()
        if now >= due:
            check_now()
            due = next_check(timezone.localtime(), timezone.localtime())
        follow_now()


def follow_now() -> None:
    """Assess anew what moved, if it is time. What goes wrong is logged: it is tried again."""
    from django.db import Error, connection
    from django.utils import timezone

    from vungmanh.core.errors import VungManhError
    from vungmanh.strengthening.actions.following import assess_moved, is_time_to_follow

    now = timezone.now()
    try:
        if is_time_to_follow(now):
            assess_moved(at=now)
    except (Error, VungManhError):
        logger.exception("assessing anew what moved failed")
    finally:
        connection.close()


def _last_check() -> dt.datetime | None:
    from django.db import Error, connection
    from django.utils import timezone

    from vungmanh.org.findings import latest_run

    try:
        run = latest_run()
    except Error:
        return None  # asking all the checks will say what is wrong
    finally:
        connection.close()
    return timezone.localtime(run.at) if run else None
