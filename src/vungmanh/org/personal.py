"""What is kept of a person: why, how it is masked, who sees it, who may have it shown in full.

The one table behind pages, exports and docs/reference/personal-fields.md; tests look at the pages
of every role against it. What is not listed here is not kept of anybody: FIELDS of members,
ELSEWHERE of those who hold a post, sign, keep an account or are on the way by an alias.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role

VIEW, REVEAL = PERMISSIONS["org.person.view"], PERMISSIONS["org.person.reveal"]
HIDDEN = "•••"


def _plain(value: Any) -> str:
    return str(value)


def _year(value: Any) -> str:
    return f"{HIDDEN}/{value.year}" if isinstance(value, dt.date) else HIDDEN


def _tail(value: Any) -> str:
    return HIDDEN + str(value)[-3:] if len(str(value)) > 6 else HIDDEN


def _nothing(value: Any) -> str:
    return HIDDEN


@dataclass(frozen=True)
class PersonalField:
    """One field of a person.

    `seen_by` read it as `mask` shows it; everybody else reads nothing at all. `revealed_by` may
    have it shown in full, one at a time, by telling what for. An export holds what `export` gives.
    """

    label: str
    why: str
    mask: Callable[[Any], str]
    seen_by: frozenset[Role]
    revealed_by: frozenset[Role]
    how: str

    @property
    def is_masked(self) -> bool:
        return self.mask is not _plain

    def shown_to(self, viewer: Viewer | None, value: Any) -> str:
        """What a page shows a viewer in sight of the person's unit; empty: nothing."""
        if viewer is None or viewer.role not in self.seen_by or value in (None, ""):
            return ""
        return self.mask(value)


FIELDS: dict[str, PersonalField] = {
    "name": PersonalField(
        "Họ tên", "Điểm danh, kết nạp, chuyển sinh hoạt ở nơi cấp ủy đã bật ghi theo tên",
        _plain, VIEW, frozenset(), "hiện đủ trong danh sách của nơi mình",
    ),
    "status": PersonalField(
        "Diện", "Ai được mời họp, ai được tính khi biểu quyết",
        _plain, VIEW, frozenset(), "hiện đủ trong danh sách của nơi mình",
    ),
    "born_on": PersonalField(
        "Ngày sinh", "Điều kiện tuổi khi kết nạp; tìm người ghi trùng",
        _nothing, VIEW, REVEAL, "che cả",
    ),
    "joined_on": PersonalField(
        "Ngày vào Đảng", "Mốc xét Huy hiệu Đảng; tìm người ghi trùng",
        _year, VIEW, REVEAL, "chỉ hiện năm",
    ),
    "external_key": PersonalField(
        "Mã trong cơ sở dữ liệu đảng viên", "Đối chiếu danh sách mà không nhập lần hai",
        _tail, VIEW, REVEAL, "chỉ hiện ba ký tự cuối",
    ),
}  # fmt: skip


def in_full(value: Any) -> str:
    """A value as it reads once revealed."""
    return date_vi(value) if isinstance(value, dt.date) else str(value)


def for_export(name: str, value: Any) -> str:
    """What a file holds: masked fields stay masked, whoever asks for the file."""
    return FIELDS[name].mask(value) if value not in (None, "") else ""


@dataclass(frozen=True)
class KeptElsewhere:
    """A word about a person outside the lists of members, in one column of one table."""

    label: str
    why: str
    seen_by: frozenset[Role]
    how: str


_EVERYBODY = frozenset(Role)
_POST = "hiện đủ ở nơi mình; còn lại khi xóa tên trong danh sách, vì là việc theo văn bản"
ELSEWHERE: dict[str, KeptElsewhere] = {
    "org.Appointment.holder_name": KeptElsewhere(
        "Họ tên người giữ chức danh", "Ai giữ chức danh nào của tổ chức, từ ngày nào",
        PERMISSIONS["org.unit.view"], _POST,
    ),
    "cadre.Rotation.holder_name": KeptElsewhere(
        "Họ tên người luân chuyển", "Quyết định luân chuyển và ngày về",
        PERMISSIONS["cadre.rotation.view"], _POST,
    ),
    "outputs.PaperNumber.signer_name": KeptElsewhere(
        "Họ tên người ký", "In lại đúng văn bản đã ban hành",
        PERMISSIONS["outputs.paper.view"], _POST,
    ),
    "access.User.display_name": KeptElsewhere(
        "Họ tên người có tài khoản", "Ai đã ghi việc gì",
        _EVERYBODY, "hiện đủ cạnh việc người ấy ghi",
    ),
    "org.Admission.alias": KeptElsewhere(
        "Bí danh người được xem xét kết nạp", "Phân biệt hồ sơ ở nơi ghi theo số",
        PERMISSIONS["org.admission.view"], "hiện đủ ở nơi mình; không phải họ tên",
    ),
    "org.Admission.born_on": KeptElsewhere(
        "Ngày sinh người có bí danh", "Điều kiện tuổi khi kết nạp",
        frozenset(), "không hiện ở đâu; hết xem xét thì xóa",
    ),
}  # fmt: skip
