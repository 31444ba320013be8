"""Memberships over time that contradict one another, whatever a text says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding, ruling
from vungmanh.rulebook.values.members import TransferRule

#: Ends after which somebody is no member of any organisation.
_GONE = frozenset(
    {MembershipEnd.DIED, MembershipEnd.LEFT, MembershipEnd.STRUCK, MembershipEnd.EXPELLED}
)


@dataclass(frozen=True)
class MembershipSpan:
    """From `first` until before `end`; None: open."""

    status: MembershipStatus
    first: dt.date
    end: dt.date | None = None

    def overlaps(self, other: MembershipSpan) -> bool:
        return (other.end is None or self.first < other.end) and (
            self.end is None or other.first < self.end
        )


def judge_membership(
    view: RulebookView,
    spans: Sequence[MembershipSpan],
    *,
    ended_way: MembershipEnd | None = None,
    ended_on: dt.date | None = None,
    attended_on: Sequence[dt.date] = (),
) -> tuple[PeopleFinding, ...]:
    """One home a day, one stay besides, and nothing after a member is gone; empty when sound."""
    return (*_overlaps(view, spans), *_after_end(ended_way, ended_on, attended_on))


def _overlaps(view: RulebookView, spans: Sequence[MembershipSpan]) -> Iterator[PeopleFinding]:
    rule = ruling(view, TransferRule)
    cite = rule.cite("counted_at_home") if rule else None
    for one, other in combinations(sorted(spans, key=lambda span: span.first), 2):
        stays = [span.status is MembershipStatus.TEMPORARY_IN for span in (one, other)]
        if stays[0] is stays[1] and one.overlaps(other):
            what = "Hai nơi sinh hoạt tạm thời" if stays[0] else "Hai nơi sinh hoạt chính thức"
            text = (
                f"{what} trùng từ {date_vi(other.first)}. Kết thúc nơi trước rồi mới ghi nơi sau."
            )
            figures = (("Nơi trước từ", one.first), ("Nơi sau từ", other.first))
            yield PeopleFinding("overlap", JudgedState.REFUSED, text, figures, cite)


def _after_end(
    way: MembershipEnd | None, ended_on: dt.date | None, attended_on: Sequence[dt.date]
) -> Iterator[PeopleFinding]:
    if way not in _GONE or way is None or ended_on is None:
        return
    for day in sorted(one for one in attended_on if one >= ended_on):
        text = (
            f"{way.label} ngày {date_vi(ended_on)} nhưng ghi có dự ngày {date_vi(day)}."
            " Xem lại một trong hai ngày."
        )
        figures = ((way.label, ended_on), ("Dự họp", day))
        yield PeopleFinding("attended_after_end", JudgedState.REFUSED, text, figures)
