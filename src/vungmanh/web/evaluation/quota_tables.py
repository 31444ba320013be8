"""Groups of a cycle under the cap as tables: places, equals, who waits, who is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from vungmanh.core.text import name_key, number_vi
from vungmanh.evaluation.models import Dossier
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.rulebook.grading.explain import apportion_words, group_words
from vungmanh.rulebook.grading.groups import group_label
from vungmanh.rulebook.grading.quota import Candidate, GroupResult, HeldBack, QuotaResult
from vungmanh.rulebook.grading.tiebreaks import criterion_label, tiebreak_words
from vungmanh.rulebook.values.bounds import plain
from vungmanh.strengthening.year_places import OpenPlaces
from vungmanh.web.evaluation.words import grade_labels


@dataclass(frozen=True)
class PlaceRow:
    """One organisation that stands for a place. `part`: its own group, in a pool; `ties`: the
    secondary criteria of one that is equal in score where the places end; `is_next`: it was held
    back and a place is free now; `is_first_below`: the first under the cut."""

    dossier: Dossier
    part: str
    score: str
    ties: tuple[str, ...]
    is_chosen: bool
    is_unscored: bool
    why: str
    decided: str
    is_next: bool
    is_first_below: bool = False


@dataclass(frozen=True)
class GroupTable:
    name: str
    is_pooled: bool
    group: GroupResult
    sentences: tuple[str, ...]
    shared: tuple[str, ...]
    cut: str
    rows: tuple[PlaceRow, ...]


@dataclass(frozen=True)
class FreePlace:
    """A group in which a place waits for one held back, or grades stand above the cap."""

    words: str
    next: tuple[Dossier, ...]


def group_tables(
    found: QuotaResult, candidates: Sequence[Candidate], seen: Mapping[str, Dossier],
    turns: Set[str],
) -> tuple[list[GroupTable], list[str]]:  # fmt: skip
    """A table for each group in which anybody is proposed good or better, and the names of the
    others. `turns`: whose turn a free place is."""
    by_id = {one.id: one for one in candidates}
    tables = [_table(group, by_id, seen, turns) for group in found.groups if group.cap.good]
    quiet = [group_label(group.name) for group in found.groups if not group.cap.good]
    return tables, sorted(quiet, key=name_key)


def left_out(found: QuotaResult, seen: Mapping[str, Dossier]) -> list[Dossier]:
    """The protected units in sight, by name."""
    ids = {one for group in found.groups for one in group.protected}
    return sorted((seen[one] for one in ids & set(seen)), key=lambda d: name_key(d.name))


def free_places(places: Sequence[OpenPlaces], seen: Mapping[str, Dossier]) -> list[FreePlace]:
    """What stands open, in words; nobody's grade is changed by it."""
    return [
        FreePlace(
            _place_words(one),
            tuple(sorted((seen[n] for n in one.next if n in seen), key=lambda d: name_key(d.name))),
        )
        for one in places
    ]


def _place_words(one: OpenPlaces) -> str:
    group = group_label(one.group)
    if one.over:
        return _(
            "Nhóm “%(group)s” đang có nhiều hơn số suất %(n)s nơi, vì số từ hoàn thành tốt trở lên "
            "đã giảm. Mức đã quyết định giữ nguyên; không thêm nơi nào."
        ) % {"group": group, "n": number_vi(one.over)}
    return _("Nhóm “%(group)s” còn %(n)s suất. Theo điểm thì đến lượt:") % {
        "group": group, "n": number_vi(one.free),
    }  # fmt: skip


def _table(
    group: GroupResult, by_id: Mapping[str, Candidate], seen: Mapping[str, Dossier], turns: Set[str]
) -> GroupTable:
    held = {one.id: one for one in group.held_back}
    listed = [seen[one] for one in (*group.chosen, *held) if one in seen]
    listed.sort(key=lambda d: (str(d.pk) in held, -(by_id[str(d.pk)].score or 0), name_key(d.name)))
    is_pooled = len(group.parts) > 1
    first = next((str(d.pk) for d in listed if str(d.pk) in held), "")
    rows = tuple(
        replace(
            _row(dossier, by_id[str(dossier.pk)], group, held.get(str(dossier.pk))),
            is_next=str(dossier.pk) in turns,
            is_first_below=str(dossier.pk) == first,
        )
        for dossier in listed
    )
    shared = apportion_words(group.shared) if group.shared else ()
    name = group_label(group.name)
    return GroupTable(name, is_pooled, group, group_words(group), shared, _cut(group), rows)


def _cut(group: GroupResult) -> str:
    """What ends where the line is drawn: the places, or those that equals do not fit into."""
    if group.tied:
        return _("Còn %s suất, không đủ cho các nơi bằng điểm.") % number_vi(group.unused)
    if group.unused:
        return ""  # below stand only those without a score
    return _("Hết %s suất.") % number_vi(group.places)


def _row(dossier: Dossier, one: Candidate, group: GroupResult, held: HeldBack | None) -> PlaceRow:
    ties: tuple[str, ...] = ()
    if one.id in group.level:
        pairs = zip(group.criteria, one.tiebreaks, strict=True)
        ties = tuple(f"{criterion_label(name)}: {tiebreak_words(name, n)}" for name, n in pairs)
    return PlaceRow(
        dossier,
        group_label(one.group) if len(group.parts) > 1 else "",
        _("chưa có điểm") if one.score is None else plain(one.score),
        ties,
        held is None,
        one.score is None,
        _why(held) if held else "",
        _decided(dossier),
        is_next=False,
    )


def _why(held: HeldBack) -> str:
    """The reason in a word; the arithmetic stands above the table."""
    if held.by:
        return _("bằng điểm, đứng sau theo: %s") % criterion_label(held.by)
    label = _(held.reason.label)
    return label[:1].lower() + label[1:]


def _decided(dossier: Dossier) -> str:
    grade = grade_labels(dossier.cycle.year).get(dossier.grade, "")
    return _("%s (lần trước)") % grade if grade and dossier.state in UNDECIDED else grade
