"""The quota in plain Vietnamese: to the one held back, and to the committee before it votes.

What one held back is told: its own score, the cap and how it was reckoned, and the lowest chosen
score; never who has it, and not where a single one was chosen, for that would be that one's score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from vungmanh.core.text import NBSP
from vungmanh.rulebook.grading.apportion import Apportionment
from vungmanh.rulebook.grading.groups import group_label
from vungmanh.rulebook.grading.quota import (
    Cap,
    GroupResult,
    HeldBack,
    HeldBackReason,
    QuotaResult,
)
from vungmanh.rulebook.grading.tiebreaks import criterion_label
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaOnComplaint, QuotaRounding
from vungmanh.rulebook.values.words import QuotaBase

_ROUNDED = {
    QuotaRounding.DOWN: "làm tròn xuống",
    QuotaRounding.NEAREST: "làm tròn đến số gần nhất thành",
    QuotaRounding.UP: "làm tròn lên",
}


def cap_words(cap: Cap) -> str:
    """How the cap was reckoned: "20 % của 37 là 7,4, làm tròn xuống 7."."""
    if not cap.good:
        return "Chưa nơi nào được đề nghị từ hoàn thành tốt trở lên, nên không có số để tính tỷ lệ."
    passed = f" Số này vượt {_percent(cap)} do cách làm tròn." if cap.passes_percent else ""
    if cap.base_of is QuotaBase.GOOD_OR_BETTER:
        return f"{_share(cap)}.{passed}"
    return (
        f"Có {cap.good} nơi từ hoàn thành tốt trở lên. Chọn {cap.places} nơi xuất sắc thì còn "
        f"{cap.base} nơi hoàn thành tốt; {_share(cap)}. Chọn thêm một nơi nữa thì vượt.{passed}"
    )


def held_back_words(result: QuotaResult, candidate_id: str) -> str:
    """Why this one is not among the best, said to itself; empty when it was not held back."""
    group = result.of(candidate_id)
    held = group.held(candidate_id)
    if held is None:
        return ""
    if held.score is None:
        return (
            "Được đề xuất xuất sắc nhưng chưa có điểm, nên chưa xét được. Hãy chấm đủ các tiêu chí."
        )
    begin = f"Được đề xuất xuất sắc nhưng {_limit(group)} {cap_words(group.cap)}"
    return f"{begin}{_shared(group)} {_why(group, held, held.score)}".strip()


def group_words(group: GroupResult) -> tuple[str, ...]:
    """The group for the committee: sentences in the order of reading."""
    said = [cap_words(group.cap) + _shared(group)]
    if len(group.parts) > 1:
        parts = "; ".join(group_label(one) for one in group.parts)
        said.append(f"Gộp {len(group.parts)} nhóm nhỏ: {parts}.")
    if group.cap.good:
        beyond = sum(one.score is not None for one in group.held_back)
        said.append(
            f"Được chọn {len(group.chosen)} trong {group.places} suất; "
            f"{beyond} nơi được đề xuất nhưng vượt số."
        )
    if group.decided_by:
        said.append(
            f"{len(group.level)} nơi bằng điểm ở chỗ hết suất, xét theo tiêu chí phụ: "
            f"{'; '.join(criterion_label(one) for one in group.decided_by)}."
        )
    if group.tied:
        said.append(_tie(group, None))
    unscored = sum(one.reason is HeldBackReason.NO_SCORE for one in group.held_back)
    if unscored:
        said.append(f"{unscored} nơi được đề xuất chưa có điểm, chưa xét.")
    if group.protected:
        said.append(f"{len(group.protected)} nơi không tính vào tỷ lệ.")
    return tuple(said)


def over_cap(result: QuotaResult, wished: Iterable[str], *, remedy: str = "") -> tuple[str, ...]:
    """A sentence for each group in which more are wished the best grade than it has places.

    `remedy`: what to do, where it is not to wish fewer. Protected ones do not count; an id that is
    not of the result is a KeyError.
    """
    counts: Counter[str] = Counter()
    for one in set(wished):
        group = result.of(one)
        counts[group.name] += one not in group.protected
    return tuple(
        f"Nhóm “{group_label(group.name)}” đề nghị {counts[group.name]} nơi xuất sắc, "
        f"chỉ được {group.places}. {cap_words(group.cap)} "
        f"{remedy or f'Hãy bớt {counts[group.name] - group.places} nơi.'}"
        for group in result.groups
        if counts[group.name] > group.places
    )


def complaint_remedy(method: QuotaMethod) -> str:
    """What the rule leaves to do where a complaint is right and no place is left."""
    if method.on_complaint is QuotaOnComplaint.BEYOND:
        return (
            "Quy định về cách tính cho vượt tỷ lệ khi trả lời kiến nghị nếu có văn bản: ghi số, ký "
            "hiệu và ngày văn bản rồi trả lời lại."
        )
    return (
        "Quy định về cách tính không cho vượt tỷ lệ khi trả lời kiến nghị: giữ mức đã quyết định "
        "và ghi lý do; khi nhóm có suất trống (một nơi đang giữ suất bị hạ mức, hoặc thêm nơi được "
        "xếp từ hoàn thành tốt trở lên) thì mở lại hồ sơ để xét."
    )


def apportion_words(shared: Apportionment) -> tuple[str, ...]:
    """Webster's method step by step: each place with the number by which it was given."""
    said, place = [], 0
    for turn in shared.turns:
        numbers = ", ".join(str(place + n) for n in range(1, len(turn.names) + 1))
        place += len(turn.names)
        names = " và ".join(group_label(one) for one in turn.names)
        alike = ", ngang nhau" if len(turn.names) > 1 else ""
        said.append(
            f"Suất {numbers}: {names}{alike}, {turn.claim} : {2 * turn.taken + 1} = "
            f"{plain(turn.quotient)}."
        )
    return tuple(said)


def _percent(cap: Cap) -> str:
    return f"{cap.percent}{NBSP}%"


def _share(cap: Cap) -> str:
    said = f"{_percent(cap)} của {cap.base} là {plain(cap.exact)}"
    return said if cap.exact == cap.places else f"{said}, {_ROUNDED[cap.rounding]} {cap.places}"


def _limit(group: GroupResult) -> str:
    name = f"nhóm “{group_label(group.name)}”"
    if group.shared is None:
        name += f" có {group.cap.good} nơi từ hoàn thành tốt trở lên,"
    else:
        pool = f"{group.cap.good} nơi từ hoàn thành tốt trở lên"
        name += f" gộp với nhóm nhỏ khác thành {pool},"
    return f"{name} {f'chỉ được {group.places} suất' if group.places else 'không có suất nào'}."


def _shared(group: GroupResult) -> str:
    if group.shared is None:
        return ""
    parts = "; ".join(f"{group_label(name)}: {places}" for name, places in group.shared.places)
    said = f" Chia cho các nhóm nhỏ theo phương pháp Webster: {parts}."
    if group.shared.tied:
        said += (
            f" Còn {group.shared.left} suất không chia được, vì {len(group.shared.tied)} nhóm có"
            " quyền ngang nhau."
        )
    return said


def _why(group: GroupResult, held: HeldBack, score: Fraction) -> str:
    own = f"Điểm của đơn vị: {plain(score)}."
    if not group.places:
        return own
    if held.reason is HeldBackReason.TIED_AT_CUT:
        return f"{own} {_tie(group, score)}"
    if not group.chosen:
        return (
            f"{own} {group.tied} nơi đứng trước bằng nhau mà không đủ suất, nên chưa chọn nơi nào."
        )
    if score == group.cut:
        return (
            f"{own} Bằng điểm với mức cuối cùng được chọn; đứng sau theo tiêu chí phụ: "
            f"{criterion_label(held.by)}."
        )
    if len(group.chosen) == 1:
        return f"{own} Mức được chọn cao hơn; không nêu số, vì chỉ một nơi được chọn."
    return f"{own} Mức cuối cùng được chọn: {plain(group.cut or Fraction(0))}."


def _tie(group: GroupResult, score: Fraction | None) -> str:
    at = "" if score is None else f" ở {plain(score)} điểm"
    still = " và ngang nhau ở mọi tiêu chí phụ so được" if group.criteria else ""
    return (
        f"{group.tied} nơi bằng nhau{at}{still} mà chỉ còn {group.unused} suất; không vượt số,"
        " nên không nơi nào trong đó được chọn."
    )
