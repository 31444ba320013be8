"""The WSGI application that `vungmanh run` serves."""

import datetime as dt
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vungmanh.config.settings")
application = get_wsgi_application()

from vungmanh.rulebook.people.days import vietnamese_working_days  # noqa: E402

# The library of holidays takes more than a second to load: now, not under the first page of terms.
vietnamese_working_days().is_working(dt.date(2026, 1, 1))
