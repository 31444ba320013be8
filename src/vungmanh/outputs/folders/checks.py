"""What is checked before anything is counted: whole columns at once, words only for what is wrong.

Every sentence names what stands in the row and what to do; the place is added by `problems`.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from vungmanh.core.text import date_vi
from vungmanh.outputs.folders.loaded import Loaded
from vungmanh.outputs.folders.problems import Problems

FIRST_YEAR, LAST_YEAR = 1945, 2100
_EPOCH = dt.date(1970, 1, 1).toordinal()
_FIRST_DAY = dt.date(FIRST_YEAR, 1, 1).toordinal() - _EPOCH
_LAST_DAY = dt.date(LAST_YEAR, 12, 31).toordinal() - _EPOCH
_OPEN = 2**31
_MONTHS = 12
_MOST_YEARS_APART = 10

#: table → (smaller, larger, what is wrong when it is not, what to do).
_PAIRS = {
    "cell_months": (
        ("present", "members", "có mặt {a} nhưng chỉ có {b} đảng viên"),
        ("exempt", "members", "miễn sinh hoạt {a} nhưng chỉ có {b} đảng viên"),
        ("tasks_on_time", "tasks_due", "xong đúng hạn {a} việc nhưng chỉ có {b} việc đến hạn"),
    ),
    "cell_years": (
        ("held", "due", "đã họp {a} kỳ nhưng chỉ phải họp {b} kỳ"),
        ("not_held", "due", "không họp {a} kỳ nhưng chỉ phải họp {b} kỳ"),
        ("present", "owing", "{a} lượt có mặt nhưng chỉ phải dự {b} lượt"),
        ("tasks_on_time", "tasks_due", "xong đúng hạn {a} việc nhưng chỉ có {b} việc đến hạn"),
    ),
}


def check(loaded: Loaded, problems: Problems) -> None:
    """All that can be told from one table alone."""
    _obligatory(loaded, problems)
    _years_and_months(loaded, problems)
    _days(loaded, problems)
    _negative(loaded, problems)
    for smaller, larger, text in _PAIRS.get(loaded.table.name, ()):
        _pair(loaded, problems, smaller, larger, text)
    if loaded.table.name == "cell_years":
        _sum_of_years(loaded, problems)
    if loaded.table.name == "units":
        _spans(loaded, problems)
    if loaded.table.name == "lineage":
        _shares(loaded, problems)
    _duplicates(loaded, problems)


def _obligatory(loaded: Loaded, problems: Problems) -> None:
    for column in loaded.table.columns:
        # A blank `held` is no report; a blank that could not be read has been told already.
        if not column.obligatory or column.type == "held" or not loaded.has(column.name):
            continue
        if column.type != "text" and any(
            one.code == "value-unreadable" and one.column == column.name for one in problems.kept
        ):
            continue
        loaded.refuse(
            problems,
            "value-missing",
            ~loaded.known(column.name),
            lambda place: "để trống. Điền vào, hoặc xóa dòng nếu là dòng tổng, dòng ghi chú.",
            column.name,
        )


def _years_and_months(loaded: Loaded, problems: Problems) -> None:
    if loaded.has("year"):
        year = loaded.numbers("year", FIRST_YEAR)
        loaded.refuse(
            problems,
            "year-unbelievable",
            (year < FIRST_YEAR) | (year > LAST_YEAR),
            lambda place: (
                f"năm {year[place]} không có thể. Ghi năm từ {FIRST_YEAR} đến {LAST_YEAR}."
            ),
            "year",
        )
        # By default the latest year told of is assessed: one mistyped would be that year. The year
        # to come is let through, for whoever writes it ahead.
        latest = dt.datetime.now(dt.UTC).year + 1
        loaded.refuse(
            problems,
            "year-to-come",
            (year > latest) & (year <= LAST_YEAR),
            lambda place: f"năm {year[place]} chưa đến. Kiểm tra lại số năm.",
            "year",
        )
        if loaded.table.name in _PAIRS:
            _years_apart(loaded, problems, year, latest)
    if loaded.has("month"):
        month = loaded.numbers("month", 1)
        loaded.refuse(
            problems,
            "month-outside",
            (month < 1) | (month > 12),
            lambda place: (
                f"tháng {month[place]}, nhưng một năm chỉ có tháng 1 đến 12. Sửa số "
                "tháng; số cả năm thì đưa vào bảng cell_years."
            ),
            "month",
        )


def _years_apart(loaded: Loaded, problems: Problems, year: NDArray[np.int64], latest: int) -> None:
    """A year mistyped would stretch the history by decades of which nothing is known, and the
    reference would be taken from them."""
    believed = (year >= FIRST_YEAR) & (year <= latest) & loaded.known("year")
    told, rows = np.unique(year[believed], return_counts=True)
    for place in np.flatnonzero(np.diff(told) > _MOST_YEARS_APART):
        last, first = told[place], told[place + 1]
        is_early = rows[: place + 1].sum() <= rows[place + 1 :].sum()
        loaded.refuse(
            problems,
            "year-far-away",
            believed & ((year <= last) if is_early else (year >= first)),
            lambda place, last=last, first=first: (  # type: ignore[misc]
                f"năm {year[place]} đứng xa các năm khác: giữa {last} và {first} không có dòng nào."
                " Sửa số năm, hoặc bỏ các dòng ấy."
            ),
            "year",
        )


def _days(loaded: Loaded, problems: Problems) -> None:
    for column in loaded.table.columns:
        if column.type != "date" or not loaded.has(column.name):
            continue
        day = loaded.numbers(column.name, 0)
        loaded.refuse(
            problems,
            "date-unbelievable",
            (day < _FIRST_DAY) | (day > _LAST_DAY),
            lambda place, name=column.name: (  # type: ignore[misc]
                f"ngày {date_vi(loaded.value(name, place))} không có thể. Kiểm tra lại năm."
            ),
            column.name,
        )


def _negative(loaded: Loaded, problems: Problems) -> None:
    for column in loaded.table.columns:
        if column.type != "count" or not loaded.has(column.name):
            continue
        values = loaded.numbers(column.name, 0)
        loaded.refuse(
            problems,
            "count-negative",
            values < 0,
            lambda place, values=values: (  # type: ignore[misc]
                f"số đếm âm ({values[place]}). Ghi số đúng; chưa rõ thì để trống, không ghi số âm."
            ),
            column.name,
        )


def _pair(loaded: Loaded, problems: Problems, smaller: str, larger: str, text: str) -> None:
    small, large = loaded.numbers(smaller), loaded.numbers(larger)
    both = loaded.known(smaller) & loaded.known(larger)
    loaded.refuse(
        problems,
        f"{smaller}-above-{larger}".replace("_", "-"),
        both & (small > large) & (large >= 0),
        lambda place: (
            text.format(a=small[place], b=large[place])
            + f". Sửa cột {smaller} hoặc {larger}; số nào chưa rõ thì để trống."
        ),
        smaller,
    )


def _sum_of_years(loaded: Loaded, problems: Problems) -> None:
    held, not_held, due, excused = (
        loaded.numbers(name) for name in ("held", "not_held", "due", "excused")
    )
    told = np.maximum(held, 0) + np.maximum(not_held, 0)
    owed = np.maximum(due, told) + np.maximum(excused, 0)
    loaded.refuse(
        problems,
        "more-than-a-year",
        (owed > _MONTHS) & ((due < 0) | (told <= due)),
        lambda place: (
            f"kể cả kỳ được miễn là {owed[place]} kỳ, nhưng một năm chỉ có {_MONTHS} tháng, mỗi "
            "tháng một kỳ thường lệ. Không ghi các buổi họp thêm; kỳ được miễn không tính vào due."
        ),
        "due" if loaded.has("due") else "held",
    )
    wrong = (held >= 0) & (not_held >= 0) & (due >= 0) & (held + not_held > due)
    loaded.refuse(
        problems,
        "held-and-not-above-due",
        wrong & (held <= due) & (not_held <= due),
        lambda place: (
            f"đã họp {held[place]} và không họp {not_held[place]} kỳ, cộng lại nhiều hơn "
            f"{due[place]} kỳ phải họp. Sửa một trong ba số."
        ),
        "held",
    )


def _spans(loaded: Loaded, problems: Problems) -> None:
    start, end = loaded.numbers("valid_from", -_OPEN), loaded.numbers("valid_to", _OPEN)
    loaded.refuse(
        problems,
        "span-empty",
        end <= start,
        lambda place: "ngày kết thúc không sau ngày bắt đầu. Sửa valid_from hoặc valid_to.",
        "valid_to",
    )
    unit = loaded.codes("unit")
    order = np.lexsort((start, unit))
    follows = unit[order][1:] == unit[order][:-1]
    overlaps = np.zeros(len(unit), dtype=np.bool_)
    # Rows that start together are told as duplicates.
    late = (end[order][:-1] > start[order][1:]) & (start[order][1:] > start[order][:-1])
    overlaps[order[1:][follows & late]] = True
    words = loaded.words("unit")
    loaded.refuse(
        problems,
        "spans-overlap",
        overlaps,
        lambda place: (
            f"đơn vị “{words[unit[place]]}” đã có dòng khác còn hiệu lực ngày này. Ghi "
            "valid_to của dòng trước bằng valid_from của dòng này."
        ),
        "valid_from",
    )


def _shares(loaded: Loaded, problems: Problems) -> None:
    old, new = _common_codes(loaded, "predecessor", "successor")
    words = loaded.words("predecessor")
    loaded.refuse(
        problems,
        "lineage-of-itself",
        (old == new) & (old >= 0),
        lambda place: "đơn vị cũ và đơn vị mới là một. Xóa dòng này.",
        "successor",
    )
    if not loaded.has("share"):
        return
    import pyarrow.compute as pc

    share = pc.fill_null(loaded.data.column("share"), 1.0).to_numpy()
    known = loaded.known("share")
    wrong = known & ~((share > 0) & (share <= 1))
    loaded.refuse(
        problems,
        "share-outside",
        wrong,
        lambda place: f"phần {share[place]:g} không nằm giữa 0 và 1. Ghi ví dụ 0,5 hoặc 50%.",
        "share",
    )
    code = loaded.codes("predecessor")
    total = np.bincount(code[code >= 0], share[code >= 0], minlength=len(words))
    all_known = np.bincount(code[code >= 0], ~known[code >= 0], minlength=len(words)) == 0
    off = all_known & (np.abs(total - 1) > 0.005) & (np.bincount(code[code >= 0]) > 0)
    first = np.zeros(len(code), dtype=np.bool_)
    first[np.unique(code, return_index=True)[1]] = True
    loaded.refuse(
        problems,
        "shares-not-whole",
        first & (code >= 0) & off[code] & ~wrong,
        lambda place: (
            f"các phần của “{words[code[place]]}” cộng lại {total[code[place]]:.3g}, "
            "không phải 1. Sửa cột share, hoặc để trống cả để chia đều."
        ),
        "share",
    )


def _common_codes(loaded: Loaded, *columns: str) -> list[NDArray[np.int64]]:
    """The codes of two text columns in one numbering; −1 for null."""
    numbers: dict[str, int] = {}
    found = []
    for column in columns:
        own = [numbers.setdefault(word, len(numbers)) for word in loaded.words(column)]
        codes = loaded.codes(column)
        found.append(np.where(codes < 0, -1, np.array([*own, -1])[codes]))
    return found


def _duplicates(loaded: Loaded, problems: Problems) -> None:
    """Rows whose key an earlier row has."""
    key = np.zeros(loaded.data.num_rows, dtype=np.int64)
    names = [name for name in loaded.table.key if loaded.has(name)]
    complete = np.ones(len(key), dtype=np.bool_)
    for name in names:
        column = loaded.table.column(name)
        is_text = column.type == "text"
        values = loaded.codes(name) if is_text else loaded.numbers(name, -_OPEN)
        complete &= loaded.known(name) | (not column.obligatory)
        low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
        width = high - low + 1
        if width > 2**40 or (key.max(initial=0) + 1) * width > 2**62:
            values, low = np.unique(values, return_inverse=True)[1], 0
            width = int(values.max()) + 1
        key = key * width + (values - low)
    ordered = np.sort(key[complete])
    if not (ordered[1:] == ordered[:-1]).any():
        return
    first = np.unique(key, return_index=True)[1]
    again = complete.copy()
    again[first] = False
    loaded.refuse(
        problems,
        "key-twice",
        again,
        lambda place: (
            ", ".join(f"{name} {_shown(loaded.value(name, place))}" for name in names)
            + " đã có ở dòng trước. Mỗi nơi mỗi kỳ chỉ một dòng: xóa dòng thừa."
        ),
        names[0],
    )


def _shown(value: object) -> str:
    if value is None:
        return "trống"
    return date_vi(value) if isinstance(value, dt.date) else f"“{value}”"
