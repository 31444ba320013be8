import pytest

from vungmanh.core.errors import (
    Conflict,
    InputError,
    NotAllowed,
    NotFound,
    NotNow,
    RuleBroken,
    VungManhError,
)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (NotAllowed, "not-allowed"),
        (NotNow, "not-now"),
        (NotFound, "not-found"),
        (Conflict, "conflict"),
        (InputError, "input"),
    ],
)
def test_error_without_a_code_carries_the_code_of_its_kind(kind, code):
    error = kind("Hãy tải lại trang.")
    assert isinstance(error, VungManhError)
    assert (error.code, error.message, str(error)) == (code, "Hãy tải lại trang.", error.message)


def test_error_with_a_code_keeps_its_own():
    assert Conflict("Đã có người sửa.", code="batch-committed").code == "batch-committed"


@pytest.mark.parametrize("code", ["", "Hai Từ", "có-dấu", "two_words", "-lead", "trail-"])
def test_error_code_outside_ascii_kebab_case_is_a_mistake_of_the_programmer(code):
    with pytest.raises(ValueError, match="kebab"):
        VungManhError("Lỗi.", code=code)


def test_rule_broken_carries_the_rule_and_its_citation():
    error = RuleBroken("Chưa đủ 8 kỳ.", rule_id="MAU-1", citation="Mẫu đề nghị")
    assert (error.code, error.rule_id, error.citation) == ("rule-broken", "MAU-1", "Mẫu đề nghị")


def test_input_error_says_where_it_stands():
    error = InputError("Số không đọc được.", field="present", place="ô D12", code="bad-number")
    assert (error.field, error.place) == ("present", "ô D12")
    assert (InputError("Thiếu tệp.").field, InputError("Thiếu tệp.").place) == ("", "")
