"""Reading the copy of its outbox that a phone saved to a file (docs/house/phones.md).

Plain, or locked with a password of its own. The proof says that the phone itself wrote it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc
from vungmanh.meetings.phone_items import LARGEST_REQUEST, storable_text

PLAIN, LOCKED = "vungmanh-phone", "vungmanh-phone-locked"
SEALED = "vungmanh-phone-sealed"  # by the PIN: only the phone opens it
MOST_ITEMS: Final = 1000
MOST_ROUNDS: Final = 2_000_000  # of the password's derivation: a file must not stop the server
LARGEST_FILE: Final = 4 * LARGEST_REQUEST
SALT_BYTES, IV_BYTES = 64, 12


@dataclass(frozen=True)
class SavedCopy:
    """What a file holds. `text` is the items as they were signed."""

    device: UUID
    username: str
    saved_at: str
    text: str
    items: list[Any]
    proof: str

    def is_proven(self, key_hash: str) -> bool:
        """Whether a phone with the key of that hash wrote it."""
        if not key_hash or not self.proof:
            return False
        right = hmac.new(bytes.fromhex(key_hash), self.text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(right, self.proof.lower().encode("ascii", "ignore").decode())


def read_copy(data: bytes, password: str = "") -> SavedCopy:
    """Raises InputError (`not-a-copy`, `password-needed`, `wrong-password`) with what to do."""
    if len(data) > LARGEST_FILE:
        raise _not_a_copy("Tệp này lớn hơn mọi bản sao của điện thoại.")
    said = _object(data)
    if said.get("format") == SEALED:
        raise InputError(
            "Tệp này khóa bằng mã PIN nên chỉ mở được trên điện thoại. Mở ở mục “Máy này” trên "
            "điện thoại, rồi lưu bản sao từ “Chờ gửi”.",
            field="file",
            code="sealed-copy",
        )
    if said.get("format") == LOCKED:
        said = _object(_unlocked(said, password))
    if said.get("format") != PLAIN or said.get("version") != 1:
        raise _not_a_copy("Tệp này không phải bản sao lưu từ điện thoại.")
    try:
        device, text = UUID(str(said["device"])), said["items"]
        items = json.loads(text)
    except (KeyError, ValueError, TypeError, RecursionError):
        raise _not_a_copy("Bản sao này bị cắt hoặc bị sửa.") from None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise _not_a_copy(f"Bản sao này không có danh sách mục, hoặc có quá {MOST_ITEMS} mục.")
    words = {
        name: storable_text(str(said.get(name) or ""))[:150]
        for name in ("user", "saved_at", "proof")
    }
    return SavedCopy(
        device=device, username=words["user"], saved_at=words["saved_at"], text=text, items=items,
        proof=words["proof"],
    )  # fmt: skip


def _object(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _not_a_copy("Không đọc được tệp này.")
    return said


def _unlocked(said: dict[str, Any], password: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not password:
        raise InputError(
            "Bản sao này có mật khẩu. Hỏi người lưu rồi ghi mật khẩu vào ô bên dưới.",
            field="password",
            code="password-needed",
        )
    try:
        salt, iv, sealed = (
            base64.b64decode(str(said[name]), validate=True) for name in ("salt", "iv", "data")
        )
        rounds = int(said["iterations"])
    except (KeyError, ValueError, TypeError, binascii.Error):
        raise _not_a_copy("Bản sao này bị cắt hoặc bị sửa.") from None
    if not (0 < rounds <= MOST_ROUNDS and 0 < len(salt) <= SALT_BYTES and len(iv) == IV_BYTES):
        raise _not_a_copy("Bản sao này bị cắt hoặc bị sửa.")
    words = nfc(password).encode("utf-8", "ignore")
    key = hashlib.pbkdf2_hmac("sha256", words, salt, rounds, dklen=32)
    try:
        return AESGCM(key).decrypt(iv, sealed, None)
    except InvalidTag:
        raise InputError(
            "Mật khẩu không mở được bản sao này. Xem lại chữ hoa, chữ thường và dấu.",
            field="password",
            code="wrong-password",
        ) from None


def _not_a_copy(what: str) -> InputError:
    return InputError(
        f"{what} Lưu lại bản sao trên điện thoại rồi nạp tệp ấy.", field="file", code="not-a-copy"
    )
