"""The staging step between filed records and `analysis.copying`: texts in, findings out.

Texts are turned into numbers once, when first met, and kept (`TextPrint`); a month is compared from
the numbers alone, and only the texts of pairs that are shown are read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import OuterRef, Subquery

from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import Likeness, likeness
from vungmanh.analysis.copying.passages import passages
from vungmanh.analysis.copying.shingles import Hashes, Shingler, shingle_set
from vungmanh.core.vocabulary import CELL_KINDS, LikenessRule, ReportState
from vungmanh.meetings.lookalikes import standing_versions, text_of
from vungmanh.meetings.models import MeetingVersion, Resolution, TextPrint
from vungmanh.org.models import UnitVersion

_BATCH = 2000
_NUMBERS = np.dtype("<u8")


@dataclass(frozen=True)
class Found:
    """One finding, in the words of `TextLikeness`."""

    unit_id: UUID
    month: dt.date
    version_id: int
    other_unit_id: UUID | None
    other_month: dt.date | None
    other_version_id: int | None
    rule: LikenessRule
    share: float
    shared: int
    passages: list[list[int]]
    order_known: bool

    def fields(self) -> dict[str, Any]:
        return {part.name: getattr(self, part.name) for part in fields(self)}


@dataclass(frozen=True)
class _Record:
    """A version that stands: whose, of which month, and when the meeting was first filed."""

    version: int
    unit: UUID
    month: dt.date
    filed: dt.datetime


def months_with_new_texts() -> list[dt.date]:
    """The months in which a record stands that was never compared, oldest first."""
    new = _standing().filter(text_print=None).order_by()
    return sorted(set(new.values_list("meeting__month", flat=True)))


def print_new(first: dt.date, last: dt.date) -> None:
    """Turn the texts of the months `first` to `last` into numbers where that was not done yet."""
    new = _standing().filter(text_print=None, meeting__month__range=(first, last))
    ids = sorted(new.values_list("pk", flat=True))
    shingler = Shingler()
    for begin in range(0, len(ids), _BATCH):
        some = ids[begin : begin + _BATCH]
        texts = _texts(some)
        numbers, offsets = shingler.of_texts([texts[version] for version in some])
        TextPrint.objects.bulk_create(
            TextPrint(
                version_id=version,
                shingles=numbers[offsets[place] : offsets[place + 1]].astype(_NUMBERS).tobytes(),
            )
            for place, version in enumerate(some)
        )


def compared(first: dt.date, month: dt.date) -> list[Found]:
    """What is found when the records of `month` are compared with one another and with those of the
    months from `first` on: of each record at most one pair, the closest."""
    records, corpus = _records(first, month)
    given = shingle_set(_texts_from_above())
    of_month = np.array([one.month == month for one in records], dtype=np.bool_)
    alike = likeness(corpus, given=given, only=of_month)
    # Nothing was written down at all: that is not said, and no finding.
    says_little = alike.empty & of_month & (np.diff(corpus.offsets) > 0)
    pairs = list(_closest(records, alike))
    common = np.union1d(alike.common, given)
    texts = _texts({version for one in pairs for version in (one.version_id, _other(one))})
    return [
        *(_with_passages(one, texts, common) for one in pairs),
        *(_empty(records[row], int(alike.own[row])) for row in np.flatnonzero(says_little)),
    ]


def _standing() -> Any:
    """The versions that stand of meetings that were held."""
    ids = standing_versions().values("pk")
    return MeetingVersion.objects.filter(pk__in=ids, facts__outcome=ReportState.HELD)


def _records(first: dt.date, last: dt.date) -> tuple[list[_Record], Corpus]:
    """The records of some months, in the order of versions, and their numbers.

    A correction does not make the record a later one: what counts is when the meeting was first
    filed.
    """
    filings = MeetingVersion.objects.filter(meeting=OuterRef("meeting")).order_by("filing")
    rows = (
        _standing()
        .filter(meeting__month__range=(first, last), text_print__isnull=False)
        .annotate(first_filed=Subquery(filings.values("filed_at")[:1]))
        .order_by("pk")
    )
    names = ("pk", "meeting__unit_id", "meeting__month", "first_filed", "text_print__shingles")
    records, parts = [], [np.zeros(0, dtype=_NUMBERS)]
    for *about, shingles in rows.values_list(*names).iterator():
        records.append(_Record(*about))
        parts.append(np.frombuffer(shingles, dtype=_NUMBERS))
    cells = {unit: place for place, unit in enumerate(sorted({one.unit for one in records}))}
    corpus = Corpus(
        np.concatenate(parts).astype(np.uint64),
        np.cumsum([len(part) for part in parts], dtype=np.int64),
        np.array([cells[one.unit] for one in records], dtype=np.int64),
        np.array([one.month.toordinal() for one in records], dtype=np.int64),
        np.array([round(one.filed.timestamp() * 1e6) for one in records], dtype=np.int64),
    )
    return records, corpus


def _closest(records: list[_Record], alike: Likeness) -> Iterator[Found]:
    """Of each later record the closest pair: alike as a whole before alike in part, and of two as
    close the cell's own, which explains more."""
    best: dict[int, tuple[tuple[bool, float, bool], Found]] = {}
    for place in range(len(alike)):
        later, earlier = records[alike.later[place]], records[alike.earlier[place]]
        is_whole, is_own = bool(alike.whole[place]), later.unit == earlier.unit
        rule = LikenessRule.OWN if is_own else LikenessRule.WHOLE
        one = Found(
            later.unit, later.month, later.version, earlier.unit, earlier.month, earlier.version,
            rule if is_whole else LikenessRule.PART,
            round(float((alike.jaccard if is_whole else alike.contained)[place]), 4),
            int(alike.shared[place]), [], bool(alike.order_known[place]),
        )  # fmt: skip
        weight = (is_whole, one.share, is_own)
        if later.version not in best or weight > best[later.version][0]:
            best[later.version] = weight, one
    for _, one in best.values():
        yield one


def _with_passages(one: Found, texts: dict[int, str], common: Hashes) -> Found:
    found = passages(texts[one.version_id], texts[_other(one)], common)
    spans = [
        [part.later_start, part.later_end, part.earlier_start, part.earlier_end] for part in found
    ]
    return Found(**{**one.fields(), "passages": spans})


def _other(one: Found) -> int:
    if one.other_version_id is None:
        raise ValueError("a pair has two")
    return one.other_version_id


def _empty(one: _Record, own: int) -> Found:
    return Found(
        one.unit, one.month, one.version, None, None, None, LikenessRule.EMPTY, 0.0, own, [], True
    )


def _texts(versions: Any) -> dict[int, str]:
    rows = MeetingVersion.objects.filter(pk__in=versions).values_list("pk", "facts")
    return {version: text_of(facts) for version, facts in rows}


def _texts_from_above() -> Iterator[str]:
    """Resolutions, plans and guidance of whatever stands above the cells: read out everywhere."""
    cells = UnitVersion.objects.filter(kind__in=CELL_KINDS).values("unit_id")
    rows = Resolution.objects.exclude(unit_id__in=cells)
    for title, text in rows.values_list("title", "text"):
        yield f"{title}. {text}"
