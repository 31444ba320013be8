"""What a phone is told: the server's own sentences, and an item's answer as the contract has it."""

from __future__ import annotations

from typing import Any, Final

from vungmanh.core.vocabulary import PhoneItemState
from vungmanh.meetings.models import PhoneItem

HELD, KEPT = PhoneItemState.HELD, PhoneItemState.QUARANTINED
DAY_SECONDS: Final = 86_400

MESSAGES: Final = {
    "after-missing": "Mục ghi trước mục này chưa tới máy chủ. Máy chủ đang giữ; tới đủ thì ghi.",
    "after-conflict": "Chưa nộp: còn chỗ hai nơi ghi khác nhau, chờ chọn. Chọn xong thì tự nộp.",
    "trouble": "Máy chủ gặp lỗi khi ghi mục này và đang giữ lại; sẽ thử lại, không phải gửi lại.",
    "not-yours-now": "Chi bộ này không còn do đồng chí phụ trách. Máy chủ đã giữ nguyên; văn phòng "
    "đảng ủy sẽ xem và quyết định.",
    "unit-unknown": "Máy chủ không có đơn vị này. Mục được giữ nguyên; văn phòng đảng ủy sẽ xem.",
    "signed-out": "Máy chủ đã giữ nguyên. Đăng nhập lại thì tự ghi; không đăng nhập được thì văn "
    "phòng đảng ủy xem và quyết định.",
    "id-reused": "Mã của mục này đã dùng cho nội dung khác. Cả hai đều được giữ; ghi lại thành mục "
    "mới.",
    "bad-item": "Không đọc được mục này; ghi lại thành mục mới. Nội dung gốc vẫn được giữ.",
    "unknown-kind": "Máy chủ không biết loại việc này. Tải lại trang trên điện thoại rồi ghi lại.",
    "form-too-old": "Mẫu ghi trên điện thoại quá cũ. Mở lại khi có mạng để tải mẫu mới, rồi ghi "
    "lại; nội dung cũ vẫn được giữ.",
    "form-too-new": "Mẫu ghi trên điện thoại mới hơn máy chủ. Nội dung vẫn được giữ; báo người "
    "quản trị.",
    "after-refused": "Chưa nộp, vì bản ghi trước đó không ghi được. Sửa chỗ được báo rồi nộp lại.",
}


def clock_words(off: int) -> str:
    """How far the clock of a phone is off, as a sentence."""
    days, way = round(abs(off) / DAY_SECONDS), "nhanh" if off > 0 else "chậm"
    return (
        f"Đồng hồ điện thoại chạy {way} {days} ngày so với máy chủ; chỉnh ngày giờ của máy rồi xem "
        "lại ngày họp."
    )


def answer_of(item: PhoneItem, *, known: bool = False) -> dict[str, Any]:
    """What the phone is told about an item (docs/house/phones.md)."""
    answers = {HELD.value: "held", KEPT.value: "kept"}
    answer = answers.get(item.state, "known" if known else item.state)
    return {
        "id": str(item.pk),
        "answer": answer,
        "then": item.state if answer == "known" else "",
        "code": item.code,
        **{name: item.answer.get(name) for name in ("message", "field", "revision", "conflict")},
        "problems": item.answer.get("problems", []),
    }
