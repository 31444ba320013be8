"""Minutes of a sample of cells as texts, with the truth of who copied from whom (methods.md §12).

Every minute holds a form of sixty words, the month's directive of 22 phrases (of which each cell
reads out most), and four to ten phrases of its own. A copy repeats one's own earlier minute or a
neighbour's of the same month, with up to an eighth of its words changed. The words are ordinary
words of meetings put together by chance: they are meant for a detector, not for a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vungmanh.analysis.simulate.randomness import Ints, stream

if TYPE_CHECKING:
    from vungmanh.analysis.trial.province import TrialProvince

_FORM = (
    "Đảng Cộng sản Việt Nam. Biên bản sinh hoạt chi bộ thường kỳ. Hôm nay chi bộ họp tại nhà văn "
    "hóa. Đồng chí bí thư chủ trì, thư ký ghi biên bản. Tổng số đảng viên của chi bộ, có mặt, vắng "
    "mặt, lý do. Chi bộ nghe thông báo thời sự, đánh giá nhiệm vụ tháng trước, bàn nhiệm vụ tháng "
    "tới, thảo luận và kết luận."
)
_DONE = (
    "sửa", "bàn", "kiểm tra", "vận động", "phân công", "thu", "trồng", "nạo vét", "tuyên truyền",
    "đóng góp", "rà soát", "lập", "tổ chức", "nhắc", "giúp", "đề nghị", "giao", "quét dọn", "gặt",
    "họp bàn",
)  # fmt: skip
_WHAT = (
    "đường ngõ", "quỹ hội", "mương nước", "hộ nghèo", "vườn cam", "nhà văn hóa", "đảng phí",
    "lịch trực", "cột điện", "lúa xuân", "đàn trâu", "giếng khoan", "sân bóng", "tổ hòa giải",
    "hàng rào", "loa xóm", "bể lọc", "rừng keo", "cầu tạm", "sổ tay", "đám giỗ họ", "lớp mẫu "
    "giáo", "quầy thuốc", "bãi rác", "ao cá",
)  # fmt: skip
_WHERE = (
    "đầu thôn", "xóm trên", "xóm dưới", "bên suối", "sau trường", "cạnh chợ", "khu đồi", "tổ một",
    "tổ hai", "tổ ba", "gần trạm y tế", "ven đê", "ngõ giữa", "bờ ao", "dưới chân núi", "cổng làng",
)  # fmt: skip
_WHO = (
    "chi đoàn", "chi hội phụ nữ", "cựu chiến binh", "ban công tác mặt trận", "mười hai hộ",
    "các đảng viên trẻ", "tổ liên gia", "hội nông dân", "nhóm hưu trí", "ba gia đình",
    "công an viên", "trưởng thôn", "phó bí thư", "người cao tuổi", "đội dân quân",
)  # fmt: skip
_WHEN = (
    "trước rằm", "trong tuần tới", "cuối tháng", "sau vụ gặt", "sáng chủ nhật", "hai buổi tối",
    "trước mùa mưa", "ngay sau Tết", "đầu quý", "xong trong ba ngày", "chậm một tuần", "chưa xong",
)  # fmt: skip
_DIRECTIVE = (
    "quán triệt", "triển khai", "tăng cường", "đẩy mạnh", "thực hiện", "học tập", "tiếp tục",
    "nâng cao",
)  # fmt: skip
_OF_DIRECTIVE = (
    "nghị quyết", "chỉ thị", "kế hoạch", "kết luận", "cuộc vận động", "phong trào thi đua",
    "công tác phòng dịch", "chuyển đổi số", "xây dựng nông thôn mới", "bảo vệ rừng", "bầu cử",
    "cải cách hành chính",
)  # fmt: skip
_PHRASES_OF_DIRECTIVE, _READ_OUT = 22, 0.8
_OWN = (4, 10)
_MOST_CHANGED = 0.12
#: Of copies, this share repeats the cell's own last minute; the others a neighbour's.
_OF_OWN = 0.5


@dataclass(frozen=True)
class Minutes:
    """Texts of cell and month with the truth: `source` is the row copied from, or -1."""

    cell: list[str]
    month: list[int]
    text: list[str]
    source: list[int]


def write_minutes(
    seed: int, *, cells: int = 150, months: int = 12, copied: float = 0.13
) -> Minutes:
    """Minutes of `cells` cells over `months` months, of which about `copied` are copies."""
    names = [f"c{number + 1:04d}" for number in range(cells)]
    draws = stream(seed, "trial minutes copied").random((cells, months))
    return _write(seed, names, draws < copied)


def minutes_of(province: TrialProvince, *, cells: int = 150, year: int = -1) -> Minutes:
    """Minutes of a sample of a province's cells in one year; those that copied that year copy."""
    rng = stream(province.seed, "trial minutes sample")
    living = np.flatnonzero(province.tree.living_cells[: province.tree.first_cells])
    rows = np.sort(rng.choice(living, size=min(cells, len(living)), replace=False))
    copies = np.repeat(province.truth.copied[rows, year][:, None], 12, axis=1)
    return _write(province.seed, [province.tree.cells[row] for row in rows], copies)


def _write(
    seed: int, names: list[str], copies: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> Minutes:
    rng = stream(seed, "trial minutes")
    made = Minutes([], [], [], [])
    bodies: list[list[str]] = []
    months = copies.shape[1]
    directives = [_directive(rng) for _ in range(months)]
    for month in range(months):
        # Whoever writes for himself writes first: a copy needs something to copy.
        order = np.argsort(copies[:, month], kind="stable")
        written = order[: int((~copies[:, month]).sum())]
        row_of: dict[int, int] = {}
        for cell in order.tolist():
            source = -1
            if copies[cell, month]:
                source = _source(rng, cell, made, name=names[cell], written=written, row_of=row_of)
            body = _own(rng) if source < 0 else _changed(rng, bodies[source])
            row_of[cell] = len(made.text)
            bodies.append(body)
            made.cell.append(names[cell])
            made.month.append(month)
            made.source.append(source)
            made.text.append(_text(rng, directives[month], body))
    return made


def _source(
    rng: np.random.Generator, cell: int, made: Minutes, *,
    name: str, written: Ints, row_of: dict[int, int],
) -> int:  # fmt: skip
    """The row of one's own minute of the month before, or of a neighbour's of this month."""
    earlier = len(made.text) - len(row_of) - 1
    if earlier >= 0 and (rng.random() < _OF_OWN or not len(written)):
        while made.cell[earlier] != name:
            earlier -= 1
        return earlier
    if not len(written):
        return -1
    nearest = written[np.argsort(np.abs(written - cell), kind="stable")[:6]]
    return row_of[int(rng.choice(nearest))]


def _directive(rng: np.random.Generator) -> list[str]:
    """The directive of a month: everybody hears the same phrases."""
    return [
        f"{_pick(rng, _DIRECTIVE)} {_pick(rng, _OF_DIRECTIVE)} số {rng.integers(1, 99)} "
        f"{_pick(rng, _WHEN)}"
        for _ in range(_PHRASES_OF_DIRECTIVE)
    ]


def _own(rng: np.random.Generator) -> list[str]:
    """The words of four to ten phrases that only this cell could say."""
    phrases = [
        f"{_pick(rng, _WHO)} {_pick(rng, _DONE)} {_pick(rng, _WHAT)} {_pick(rng, _WHERE)} "
        f"{_pick(rng, _WHEN)}"
        for _ in range(rng.integers(_OWN[0], _OWN[1] + 1))
    ]
    return " ; ".join(phrases).split()


def _changed(rng: np.random.Generator, words: list[str]) -> list[str]:
    """Up to an eighth of the words changed: left out, or another put in their place."""
    share = rng.uniform(0, _MOST_CHANGED)
    result = []
    for word in words:
        if rng.random() >= share:
            result.append(word)
        elif rng.random() < 0.7:
            result += _pick(rng, _WHAT + _DONE + _WHO).split()[:1]
    return result


def _text(rng: np.random.Generator, directive: list[str], body: list[str]) -> str:
    read = [phrase for phrase in directive if rng.random() < _READ_OUT]
    date = f"Ngày {rng.integers(1, 28)}, {rng.integers(3, 30)} đồng chí."
    return f"{_FORM} {date} {'. '.join(read)}. {' '.join(body)}."


def _pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(rng.integers(len(words)))]
