"""Two days of the rulebook beside each other."""

from datetime import date

from vungmanh.rulebook import shipped_rulebook

BOOK = shipped_rulebook()


def test_a_day_beside_itself_has_no_difference():
    assert BOOK.compare(date(2026, 1, 1), date(2026, 1, 1)) == []


def test_the_day_of_a_guidance_shows_what_it_began_and_what_it_changed():
    found = {one.key: one for one in BOOK.compare(date(2025, 10, 27), date(2025, 10, 28))}
    began = found["obligation.thematic_meeting"]
    assert (began.before, began.sentence) == (None, "Quy định mới.")
    changed = found["obligation.regular_meeting_minutes"]
    (field,) = changed.fields
    assert (field.before, field.after) == ("văn bản không nêu", "120")
    assert changed.sentence.startswith("Đổi 1 điểm, theo Hướng dẫn số 42-HD/BTCTW")
    assert "grade_scale" not in found


def test_backwards_a_rule_is_told_as_gone():
    found = {one.key: one for one in BOOK.compare(date(2025, 10, 28), date(2025, 10, 27))}
    gone = found["obligation.thematic_meeting"]
    assert (gone.after, gone.sentence) == (None, "Không còn quy định.")
    assert all(field.after == "" for field in gone.fields)


def test_the_same_content_under_a_new_document_is_told_as_such():
    found = {one.key: one for one in BOOK.compare(date(2024, 1, 1), date(2025, 9, 1))}
    quota = found["grade_quota.excellent"]
    assert quota.fields == ()
    assert "giữ nguyên" in quota.sentence
    assert "366-QĐ/TW" in quota.sentence
