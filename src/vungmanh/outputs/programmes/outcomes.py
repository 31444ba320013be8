"""Before and after of the chosen units, never alone: beside like units not chosen, and beside what
the way back to the mean alone would give (decisions.md 13).

Nothing here is an effect of the programme, and nothing is said of one unit. Where too few units are
like a chosen one, it is counted as not assessed and its before and after are not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from vungmanh.analysis.means import student
from vungmanh.analysis.rebound import FEWEST
from vungmanh.core.text import number_vi
from vungmanh.outputs.programmes.asked import Asked, FileThen
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row, count
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.strengthening.comparison import Comparison, compare_many
from vungmanh.strengthening.grade_changes import (
    Expected,
    GradeChange,
    expected_of,
    grade_changes,
)

CODE = "truoc-sau"
LEVEL = 0.9  # of the interval of a mean difference, as that of one unit's rise has
_TOO_FEW = "quá ít nơi để nói"
_NOT_TOLD = f"chưa đánh giá tác dụng: cần ít nhất {FEWEST} nơi tương tự không được chọn"
_SAYS = (
    "Nơi được chọn vốn đang ở năm xấu của mình; một phần sự khá lên tự đến dù không ai giúp. Vì "
    "vậy mỗi số trước và sau đứng cạnh nơi tương tự không được chọn và mức tự trở về trung bình. "
    "Đây không phải hiệu quả của đề án và không nói gì về riêng một nơi.",
)
_SHARES = (64, 36)


def outcomes(asked: Asked) -> Chapter:
    """Meetings held, then grades; of files whose year after is over by then."""
    by_pk = {one.file.pk: one for one in asked.files}
    compared = compare_many([one.file for one in asked.files], asked.on)
    held = [
        (by_pk[pk], one) for pk, one in compared.items()
        if one.before is not None and one.after is not None
    ]  # fmt: skip
    grids = [_held(held)]
    for gap, words in ((0, "năm củng cố"), (1, "năm sau năm củng cố")):
        grids.append(_grades(asked, gap, words))
    return Chapter(CODE, "Trước và sau", _SAYS, grids=tuple(grids))


# --- meetings held -------------------------------------------------------------------------------


def _held(held: Sequence[tuple[FileThen, Comparison]]) -> Grid:
    told = [(one, it) for one, it in held if it.is_told]
    untold = [(one, it) for one, it in held if not it.is_told]
    rows = [
        Row("Số nơi đã qua đủ một năm sau khi vào diện, biết cả hai năm",
            (count(f"{CODE}.hop.noi", "nơi so được trước và sau", _records(held)),)),
        Row("Trong đó chưa đánh giá tác dụng, vì quá ít nơi tương tự",
            (count(f"{CODE}.hop.chua", "nơi có quá ít nơi tương tự", _records(untold)),)),
        Row("Tỷ lệ kỳ đã họp, trung bình của các nơi còn lại, năm trước → năm sau",
            (_mean_pair("hop.chon", told, [(it.before, it.after) for _, it in told]),)),
        Row("Nơi tương tự không được chọn, gần mức ấy nhất khi trước",
            (_mean_pair("hop.tuong-tu", told,
                        [(it.like_before, it.like_after) for _, it in told]),)),
        Row("Tự đến dù không củng cố: xu hướng chung và trở về trung bình",
            (_expected(told),)),
        Row("Các nơi được chọn hơn (+), kém (−) mức tự đến ấy", (_beyond(told),)),
    ]  # fmt: skip
    return Grid("Kỳ họp thường kỳ đã họp", ("Số liệu", "Giá trị"), tuple(rows), _SHARES)


def _records(held: Sequence[tuple[FileThen, Comparison]]) -> tuple[Record, ...]:
    return tuple(Record(one.name, _of_one(it), one.address) for one, it in held)


def _of_one(it: Comparison) -> str:
    """The facts of one unit with what they must be held against; no conclusion."""
    if it.expected is None:
        return f"{_NOT_TOLD}, có {number_vi(it.like)}"
    low, high = (max(0.0, min(100.0, one)) for one in (it.expected.low, it.expected.high))
    return (
        f"{_points(it.before)} → {_points(it.after)}; nơi tương tự {_points(it.like_before)} → "
        f"{_points(it.like_after)}; tự đến khoảng {_points(it.expected.expected)} (90 %: từ "
        f"{_points(low)} đến {_points(high)}, học từ {number_vi(it.like)} nơi)"
    )


def _points(value: float | None) -> str:
    return "chưa biết" if value is None else f"{number_vi(value)} %"


def _mean_pair(
    code: str, held: Sequence[tuple[FileThen, Comparison]],
    pairs: Sequence[tuple[float | None, float | None]],
) -> Figure:  # fmt: skip
    known = [(b, a) for b, a in pairs if b is not None and a is not None]
    value = _NOT_TOLD
    if known:
        before, after = fmean(b for b, _ in known), fmean(a for _, a in known)
        value = f"{_points(before)} → {_points(after)} ({number_vi(len(known))} nơi)"
    return Figure(f"{CODE}.{code}", value, "nơi được chọn trong trung bình", _records(held))


def _expected(told: Sequence[tuple[FileThen, Comparison]]) -> Figure:
    value = _NOT_TOLD
    if told:
        after = fmean(it.expected.expected for _, it in told if it.expected)
        back = fmean(it.expected.regression for _, it in told if it.expected)
        value = (
            f"{_points(after)}, trong đó riêng trở về trung bình {_signed(back)} điểm "
            f"({number_vi(len(told))} nơi)"
        )
    return Figure(f"{CODE}.hop.tu-den", value, "nơi được chọn có đủ nơi tương tự", _records(told))


def _beyond(told: Sequence[tuple[FileThen, Comparison]]) -> Figure:
    """The mean difference with Student's interval over the units."""
    gaps = [
        it.after - it.expected.expected for _, it in told if it.expected and it.after is not None
    ]
    mean = student(gaps, LEVEL)
    value = _TOO_FEW
    if mean is not None:
        value = (
            f"{_signed(mean.estimate)} điểm (khoảng 90 %: từ {_signed(mean.low)} đến "
            f"{_signed(mean.high)}; {number_vi(len(gaps))} nơi)"
        )
    return Figure(f"{CODE}.hop.hon-kem", value, "nơi được chọn có đủ nơi tương tự", _records(told))


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{number_vi(abs(value))}"


# --- yearly grades -------------------------------------------------------------------------------


def _grades(asked: Asked, gap: int, words: str) -> Grid:
    by_pk, book = {one.file.pk: one for one in asked.files}, load_rulebook()
    changes, broken = grade_changes([one.file for one in asked.files], gap, asked.on)

    def cell(code: str, counted: str, some: Sequence[GradeChange]) -> Figure:
        return count(f"{CODE}.muc-{gap}.{code}", counted, (
            Record(by_pk[one.file.pk].name, _told_grade(one, gap, book), by_pk[one.file.pk].address)
            for one in some
        ))  # fmt: skip

    enough = [one for one in changes if one.is_told]
    better = [one for one in enough if one.is_better]
    worse = [one for one in enough if one.is_worse]
    same = [one for one in enough if not one.is_better and not one.is_worse]
    expected = expected_of(changes)
    rows = [
        Row("Số nơi có mức của cả hai năm", (cell("noi", "nơi có mức của hai năm", changes),)),
        Row("Trong đó chưa đánh giá tác dụng, vì quá ít nơi tương tự",
            (cell("chua", "nơi có quá ít nơi tương tự",
                  [one for one in changes if not one.is_told]),)),
        *([Row("Lên mức", (cell("len", "nơi được chọn lên mức", better),)),
           Row("Giữ mức", (cell("giu", "nơi được chọn giữ mức", same),)),
           Row("Xuống mức", (cell("xuong", "nơi được chọn xuống mức", worse),))] if enough else []),
        Row("Tự đến dù không củng cố: số nơi lên mức nếu như nơi tương tự không được chọn",
            (Figure(f"{CODE}.muc-{gap}.tu-den", _by_itself(expected),
                    "nơi được chọn có đủ nơi tương tự cùng mức khi trước",
                    cell("x", "", enough).records),)),
    ]  # fmt: skip
    if broken:
        rows.append(Row("Hai năm theo hai thang khác nhau, không so", (number_vi(broken),)))
    title = f"Mức xếp loại: năm trước khi được chọn so với {words}"
    return Grid(title, ("Số liệu", "Số nơi"), tuple(rows), _SHARES)


def _by_itself(found: Expected | None) -> str:
    if found is None:
        return f"{_NOT_TOLD}, cùng mức khi trước"
    return (
        f"khoảng {number_vi(found.expected)} (95 %: từ {number_vi(found.low)} đến "
        f"{number_vi(found.high)}), thực tế {number_vi(found.better)}, trong "
        f"{number_vi(found.units)} nơi; mỗi nơi học từ ít nhất {number_vi(found.like)} nơi tương tự"
    )


def _told_grade(one: GradeChange, gap: int, book: Rulebook) -> str:
    """The facts of one unit with what they must be held against, or that nothing is told."""
    if not one.is_told:
        return f"{_NOT_TOLD}, cùng mức khi trước; có {number_vi(one.like)}"
    year = one.file.choice.year
    before = {each.code: each.label for each in book.grade_scale(year - 1).grades}
    after = {each.code: each.label for each in book.grade_scale(year + gap).grades}
    return (
        f"{before.get(one.before, '')} ({year - 1}) → {after.get(one.after, '')} ({year + gap}); "
        f"nơi tương tự cùng mức, không được chọn: {number_vi(one.like_better)}/"
        f"{number_vi(one.like)} lên mức"
    )
