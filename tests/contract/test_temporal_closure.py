"""The closure kept by triggers equals a clerk's walk up the links, on random dated trees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.org.models import Unit, UnitClosure, UnitParent, UnitVersion
from vungmanh.org.queries import closure_differences

pytestmark = pytest.mark.django_db

BEGIN = dt.date(2020, 1, 1)
DAYS = 24
Span = tuple[int, int]  # days from BEGIN; the end exclusive, DAYS means still open


@dataclass(frozen=True)
class Link:
    unit: int
    parent: int
    span: Span


@dataclass(frozen=True)
class Tree:
    """Units by number, each with the spans it was alive, and who stood below whom and when."""

    lives: tuple[tuple[Span, ...], ...]
    links: tuple[Link, ...]


def overlap(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


@st.composite
def spans(draw: st.DrawFn, most: int) -> tuple[Span, ...]:
    """Up to `most` spans in order, which touch or leave a gap."""
    cuts = draw(st.lists(st.integers(0, DAYS), min_size=2, max_size=2 * most, unique=True))
    cuts.sort()
    step = draw(st.sampled_from([1, 2]))  # each touches the next, or leaves a gap
    return tuple(pairwise(cuts))[::step][:most]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Parents have smaller numbers, so that no day holds a circle."""
    lives = tuple(draw(st.lists(spans(2), min_size=2, max_size=6)))
    links = []
    for unit in range(1, len(lives)):
        for wanted in draw(spans(3)):
            parent = draw(st.integers(0, unit - 1))
            for own in joined(lives[unit]):
                for above in joined(lives[parent]):
                    span = overlap(wanted, overlap(own, above))
                    if span[0] < span[1]:
                        links.append(Link(unit, parent, span))
    return Tree(lives, tuple(links))


def joined(parts: tuple[Span, ...]) -> list[Span]:
    """Spans that touch, as one: a new name does not end a life."""
    result: list[Span] = []
    for start, end in parts:
        if result and result[-1][1] == start:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def walked(tree: Tree) -> set[tuple[int, int, int, int]]:
    """(day, ancestor, descendant, depth) by walking up, one day and one unit at a time."""
    found = set()
    for day in range(DAYS):
        for unit, parts in enumerate(tree.lives):
            if not any(start <= day < end for start, end in parts):
                continue
            here, depth = unit, 0
            while True:
                found.add((day, here, unit, depth))
                ups = [link.parent for link in tree.links
                       if link.unit == here and link.span[0] <= day < link.span[1]]  # fmt: skip
                if not ups:
                    break
                (here,) = ups
                depth += 1
    return found


def kept(ids: list) -> set[tuple[int, int, int, int]]:
    """The same from the table that the triggers keep."""
    number = {unit: place for place, unit in enumerate(ids)}
    found = set()
    for row in UnitClosure.objects.filter(descendant_id__in=ids):
        for day in range(DAYS):
            date = BEGIN + dt.timedelta(days=day)
            if row.valid.lower <= date and (row.valid.upper is None or date < row.valid.upper):
                key = (day, number[row.ancestor_id], number[row.descendant_id], row.depth)
                assert key not in found, "a row twice on one day"
                found.add(key)
    return found


def dates(span: Span) -> DateRange:
    start, end = span
    return DateRange(
        BEGIN + dt.timedelta(days=start),
        None if end == DAYS else BEGIN + dt.timedelta(days=end),
    )


def written(tree: Tree) -> list:
    """Write a tree in as few statements as a bulk load; returns the ids by number."""
    ids = [uuid7() for _ in tree.lives]
    Unit.objects.bulk_create(Unit(id=one) for one in ids)
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit_id=ids[unit], valid=dates(span), name=f"Chi bộ {unit}", name_fold="", name_key=b"",
            kind=UnitKind.CHI_BO, sector=Sector.VILLAGE, is_organisation=False,
        )
        for unit, parts in enumerate(tree.lives)
        for span in parts
    )  # fmt: skip
    UnitParent.objects.bulk_create(
        UnitParent(unit_id=ids[link.unit], parent_id=ids[link.parent], valid=dates(link.span))
        for link in tree.links
    )
    return ids


def check_closure(tree: Tree, ids: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert kept(ids) == walked(tree)
    assert closure_differences() == []


few = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(trees())
def test_the_closure_of_a_bulk_load_is_what_a_clerk_would_write(tree: Tree) -> None:
    event(f"deepest {max(depth for *_, depth in walked(tree))}")
    with transaction.atomic():
        check_closure(tree, written(tree))
        transaction.set_rollback(True)


@few
@given(trees(), st.data())
def test_the_closure_follows_every_later_change(tree: Tree, data: st.DataObject) -> None:
    """Links are cut off, given to another parent or taken away, one after the other."""
    with transaction.atomic():
        ids = written(tree)
        for _ in range(data.draw(st.integers(1, 4))):
            if not tree.links:
                break
            tree = changed(tree, data, ids)
            check_closure(tree, ids)
        transaction.set_rollback(True)


def changed(tree: Tree, data: st.DataObject, ids: list) -> Tree:
    """Change one link in the table and in the tree alike."""
    place = data.draw(st.integers(0, len(tree.links) - 1))
    link = tree.links[place]
    row = UnitParent.objects.get(unit_id=ids[link.unit], valid=dates(link.span))
    kind = data.draw(st.sampled_from(["shorten", "another parent", "remove"]))
    event(kind)
    others = list(tree.links[:place] + tree.links[place + 1 :])
    if kind == "shorten" and link.span[1] - link.span[0] > 1:
        end = data.draw(st.integers(link.span[0] + 1, link.span[1] - 1))
        link = Link(link.unit, link.parent, (link.span[0], end))
        row.valid = dates(link.span)
        row.save()
        return Tree(tree.lives, (*others, link))
    able = [
        parent
        for parent in range(link.unit)
        if any(overlap(life, link.span) == link.span for life in joined(tree.lives[parent]))
    ]
    if kind == "another parent":
        link = Link(link.unit, data.draw(st.sampled_from(able)), link.span)
        row.parent_id = ids[link.parent]
        row.save()
        return Tree(tree.lives, (*others, link))
    row.delete()
    return Tree(tree.lives, tuple(others))
