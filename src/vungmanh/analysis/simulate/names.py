"""Invented names. Each carries “Mẫu” (sample) or “Thử” (trial): nobody takes it for real."""

from __future__ import annotations

from itertools import chain

import numpy as np

from vungmanh.core.vocabulary import Sector

NUMBERS = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")

_VILLAGE_HEADS = (
    "Nà", "Bản", "Pác", "Khuổi", "Lũng", "Cốc", "Phiêng", "Pò", "Thôm", "Kéo", "Còn", "Nặm",
    "Khau", "Đon", "Háng", "Tồng", "Phai", "Co", "Pá", "Slam", "Tà", "Cạm", "Thắm", "Nhọt",
    "Đông", "Tây", "Thượng", "Trung", "Hạ", "Tân", "Yên", "Hòa", "Xuân", "Minh", "Bãi", "Ao",
    "Gốc", "Cầu", "Suối", "Đồi",
)  # fmt: skip
_COMMUNE_WORDS = (
    "An", "Bình", "Cao", "Châu", "Chiến", "Cường", "Dân", "Dương", "Đại", "Đạo", "Đoàn", "Đức",
    "Gia", "Hải", "Hiệp", "Hòa", "Hoàng", "Hồng", "Hợp", "Hùng", "Hưng", "Hương", "Hữu", "Khánh",
    "Kiên", "Kim", "Lạc", "Lập", "Liên", "Long", "Lộc", "Lợi", "Lương", "Minh", "Mỹ", "Nghĩa",
    "Ngọc", "Nhân", "Nhất", "Ninh", "Phong", "Phú", "Phúc", "Phương", "Quang", "Quảng", "Quý",
    "Sơn", "Tam", "Thạch", "Thái", "Thanh", "Thành", "Thắng", "Thiện", "Thịnh", "Thọ", "Thống",
    "Thuận", "Tiến", "Tín", "Toàn", "Trí", "Trường", "Tú", "Tuấn", "Vạn", "Văn", "Viên", "Việt",
    "Vĩnh", "Vũ", "Xuân", "Yên",
)  # fmt: skip
_FAMILIES = (
    "Nông", "Hoàng", "Vi", "Lý", "Triệu", "Lương", "Hứa", "Đàm", "La", "Chu", "Nguyễn", "Trần",
    "Lê", "Phạm", "Dương", "Bế", "Lục", "Mã", "Linh", "Âu",
)  # fmt: skip
_NEW_WARDS = ("Mẫu Phố", "Thử Phố", "Mẫu Thành", "Thử Thành", "Mẫu Chợ", "Thử Chợ", "Mẫu Bến")

#: Names other parts of the simulation look for; see stories.py.
QUAN_MAU, DONG_THU = "Quan Mẫu", "Đồng Thử"
TAN_MAU, THU_LAM = "Tân Mẫu", "Thử Lâm"

#: Institutions of an area by sector; {} is the area. One that is large enough has cells below it.
INSTITUTIONS: dict[Sector, tuple[str, ...]] = {
    Sector.SCHOOL: (
        "Trường THPT {} Một", "Trường THPT {} Hai", "Trường THPT {} Ba",
        "Trường Phổ thông Dân tộc nội trú {}", "Trung tâm Giáo dục thường xuyên {}",
        "Trường Trung cấp nghề {}", "Trường Chuyên biệt {}",
    ),
    Sector.HEALTH: (
        "Bệnh viện đa khoa {}", "Trung tâm Y tế {}", "Trung tâm Kiểm nghiệm {}",
        "Bệnh viện Phục hồi chức năng {}",
    ),
    Sector.AGENCY: (
        "Kho bạc {}", "Thuế {}", "Hạt Kiểm lâm {}", "Bảo hiểm xã hội {}", "Thống kê {}",
        "Ngân hàng Chính sách {}", "Trạm Khuyến nông {}", "Thư viện {}", "Hội Chữ thập đỏ {}",
        "Đài Truyền thanh {}", "Trạm Thú y {}", "Văn phòng Đất đai {}", "Ban Quản lý dự án {}",
        "Trung tâm Văn hóa {}", "Bảo tàng {}", "Trung tâm Lưu trữ {}",
    ),
    Sector.ENTERPRISE: (
        "Điện lực {}", "Bưu điện {}", "Công ty Cấp nước {}", "Lâm trường {}", "Nông trường {}",
        "Công ty Môi trường {}", "Công ty Thủy lợi {}", "Xí nghiệp Gạch {}", "Nhà máy Xi măng {}",
        "Công ty Vận tải {}", "Công ty Xây dựng {}", "Công ty Chè {}", "Công ty Thương mại {}",
        "Hợp tác xã Thử Nghiệm {}", "Hợp tác xã Thử An {}", "Hợp tác xã Thử Phát {}",
        "Hợp tác xã Thử Thành {}", "Hợp tác xã Thử Xanh {}", "Công ty cổ phần Thử Tâm {}",
        "Công ty cổ phần Thử Việt {}",
    ),
}  # fmt: skip

#: Cells below a larger institution; {} is the institution.
BRANCHES: dict[Sector, tuple[str, ...]] = {
    Sector.SCHOOL: ("Tổ Tự nhiên", "Tổ Xã hội", "Tổ Hành chính", "Tổ Ngoại ngữ", "Tổ Thể chất"),
    Sector.HEALTH: ("Khoa Nội", "Khoa Ngoại", "Khoa Nhi", "Khối Hành chính", "Khoa Dược"),
    Sector.AGENCY: ("Phòng Một", "Phòng Hai", "Phòng Ba", "Văn phòng", "Phòng Bốn"),
    Sector.ENTERPRISE: ("Tổ Một", "Tổ Hai", "Tổ Ba", "Khối Văn phòng", "Tổ Bốn"),
}

#: Agencies of the province under the two blocs.
BLOC_NAMES = ("Đảng bộ các cơ quan Đảng tỉnh Mẫu", "Đảng bộ Ủy ban nhân dân tỉnh Mẫu")
_BLOC_HEADS = (
    ("Ban", "Hội", "Đoàn", "Nhà văn hóa"),
    ("Sở", "Chi cục", "Ban Quản lý", "Trung tâm"),
)
_BLOC_SUBJECTS = (
    "Kế hoạch", "Thông tin", "Lưu trữ", "Lý luận", "Nghiệp vụ", "Dân nguyện", "Tổng hợp",
    "Nông thôn", "Công thương", "Văn thể", "Khoa học", "Tài nguyên", "Giao thông",
)  # fmt: skip

REASONS_OF_DISTANCE = {
    "flood": "Mưa lũ chia cắt, đảng ủy đồng ý dời kỳ họp",
    "harvest": "Vào vụ gặt, đảng ủy đồng ý dời kỳ họp",
    "asked": "Chi bộ đề nghị, đảng ủy đồng ý dời kỳ họp",
}
NOTES_HELD = (
    "Họp muộn vì bí thư đi tập huấn", "Họp ghép với công tác thôn, đã tách biên bản",
    "Có cấp ủy viên phụ trách dự", "Điểm trừ: ít ý kiến phát biểu",
)  # fmt: skip
NOTES_NOT_HELD = (
    "Không đủ người dự", "Bí thư đi vắng, chưa cử người chủ trì", "Vào mùa vụ, không họp bù",
)  # fmt: skip


def village_names(count: int, rng: np.random.Generator, first: tuple[str, ...]) -> list[str]:
    """`count` different village names, those asked for first. Raises ValueError if too many."""
    made = chain(
        (f"{head} {mark}" for head in _VILLAGE_HEADS for mark in ("Mẫu", "Thử")),
        (f"{mark} {number}" for mark in ("Mẫu", "Thử") for number in NUMBERS),
    )
    pool = [name for name in made if name not in first]
    wanted = count - len(first)
    if wanted > len(pool):
        raise ValueError(f"no {count} different village names")
    return [*first, *(pool[i] for i in rng.permutation(len(pool))[:wanted])]


def old_commune_names(count: int, rng: np.random.Generator) -> list[str]:
    """`count` different names for communes before the reform, the twins not among them."""
    patterns = ("{} Mẫu", "{} Thử", "Thử {}")
    pool = [pattern.format(word) for word in _COMMUNE_WORDS for pattern in patterns]
    pool = [name for name in pool if name not in (QUAN_MAU, DONG_THU, TAN_MAU, THU_LAM)]
    return [pool[i] for i in rng.permutation(len(pool))[:count]]


def new_commune_names(area: str, count: int, *, is_city: bool) -> list[str]:
    """The communes of an area after the reform, in order."""
    if is_city:
        return list(_NEW_WARDS[:count])
    own = {"Mẫu Thượng": TAN_MAU, "Mẫu Lâm": THU_LAM}.get(area)
    numbered = [f"{area} {number}" for number in NUMBERS]
    return ([own] if own else []) + numbered[: count - (own is not None)]


def bloc_agency_names(bloc: int, count: int) -> list[str]:
    """The provincial agencies of a bloc (0 or 1)."""
    made = [f"{head} Thử {subject}" for subject in _BLOC_SUBJECTS for head in _BLOC_HEADS[bloc]]
    return made[:count]


def person_names(count: int, rng: np.random.Generator) -> list[str]:
    """`count` names of secretaries; the same name may come twice, as in life."""
    families = rng.integers(0, len(_FAMILIES), count)
    marks = rng.integers(0, 2, count)
    numbers = rng.integers(0, len(NUMBERS), count)
    return [
        f"{_FAMILIES[f]} {('Thử', 'Mẫu')[m]} {NUMBERS[n]}"
        for f, m, n in zip(families, marks, numbers, strict=True)
    ]
