"""What a page of statistics is asked for: which unit, which period, as known on which day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vungmanh.core.errors import InputError, NotFound
from vungmanh.org.statistics import Period, last_period
from vungmanh.web.requests import ViewerRequest

HALF, YEAR, DAYS = "6-thang", "nam", "ngay"


@dataclass(frozen=True)
class Asked:
    """The question in the address, and the address that asks it again."""

    unit_id: UUID
    kind: str
    period: Period
    known_on: dt.date | None
    now: dt.datetime

    @property
    def known_at(self) -> dt.datetime:
        """The end of the day; now where none, or today, is given."""
        if self.known_on is None:
            return self.now
        tomorrow = dt.datetime.combine(self.known_on + dt.timedelta(days=1), dt.time.min)
        end = timezone.make_aware(tomorrow) - dt.timedelta(microseconds=1)
        return self.now if self.known_on == timezone.localdate(self.now) else end

    @property
    def query(self) -> str:
        return f"?don-vi={self.unit_id}{self.rest}"

    @property
    def rest(self) -> str:
        """The question without its unit."""
        said = {"loai-ky": self.kind, "nam": str(self.period.last.year)}
        if self.kind == DAYS:
            said |= {"tu": self.period.first.isoformat(), "den": self.period.last.isoformat()}
        if self.known_on:
            said["biet"] = self.known_on.isoformat()
        return f"&{urlencode(said)}"


def asked(request: ViewerRequest) -> Asked:
    """Raises NotFound for a unit that is none, InputError (`tu`, `den`, `biet`) for no day."""
    now = timezone.now()
    said = request.GET
    usual = last_period(timezone.localdate(now))
    kind = said.get("loai-ky", "")
    if kind not in {HALF, YEAR, DAYS}:
        kind = HALF if usual.last.month == 6 else YEAR
    year = said.get("nam", "")
    number = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
    number = number if number and 1931 <= number <= 9000 else usual.last.year
    period = Period.half(number) if kind == HALF else Period.year(number)
    if kind == DAYS:
        last = day_of(said.get("den", ""), "den") or usual.last
        period = Period(day_of(said.get("tu", ""), "tu") or last.replace(month=1, day=1), last)
    return Asked(unit_of(request), kind, period, day_of(said.get("biet", ""), "biet"), now)


def unit_of(request: ViewerRequest) -> UUID:
    """The unit asked for, or the viewer's own."""
    text = request.GET.get("don-vi", "")
    if not text:
        if request.viewer.unit_id is None:
            raise NotFound(_("Vai trò này không gắn với tổ chức nào."))
        return request.viewer.unit_id
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Không tìm thấy tổ chức này trong phạm vi của đồng chí.")) from None


def day_of(text: str, field: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1931 <= day.year <= 9000:
        raise InputError(_("Ghi ngày theo dạng ngày/tháng/năm."), field=field, code="no-day")
    return day
