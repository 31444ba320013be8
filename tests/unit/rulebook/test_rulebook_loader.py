"""Each mistake in a rule file has one sentence that names the file, the key and what is allowed."""

import textwrap
from datetime import date

import pytest

from vungmanh.core.vocabulary import Evidence, Weight
from vungmanh.rulebook import RulebookError, read_rulebook
from vungmanh.rulebook.values import MeetingsHeld, RegularMeetingMinutes

GOOD = """\
id: HD1-2020-thoi-luong
key: obligation.regular_meeting_minutes
title: Buổi họp thử dài ít nhất 60 phút
document:
  issuer: Ban Thử
  type: Hướng dẫn
  number: 1-HD/BT
  date: 2020-01-15
valid_from: 2020-02-01
valid_to: null
scope: national
evidence: READ
citation: Điều 1
value:
  minutes: 60
  with_thematic: null
"""

SCALE = """\
id: {id}
key: grade_scale
title: Thang thử {first}
document: {{issuer: Ban Thử, type: Quy định, number: 1-QĐ, date: 2000-01-01}}
valid_from: {first}-01-01
valid_to: {valid_to}
scope: national
evidence: READ
citation: Điều 1
value:
  regime: {id}
  first_year: {first}
  last_year: {last}
  grades: [{{code: tot, label: Tốt, order: 1}}]
  comparable_group: {group}
"""


def write(folder, text, name="HD1-2020-thoi-luong"):
    path = folder / "national" / "sinh_hoat" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def refusal(folder):
    with pytest.raises(RulebookError) as caught:
        read_rulebook([folder])
    return caught.value


def test_loader_turns_a_file_into_a_typed_rule(tmp_path):
    write(tmp_path, GOOD + "note: Ghi chú thử\n")
    (rule,) = read_rulebook([tmp_path]).rules
    assert rule.value == RegularMeetingMinutes(minutes=60, with_thematic=None)
    assert (rule.valid_from, rule.valid_to) == (date(2020, 2, 1), None)
    assert rule.evidence is Evidence.READ
    assert rule.document.name == "Hướng dẫn số 1-HD/BT ngày 15/01/2020 của Ban Thử"
    assert (rule.note, rule.guides, rule.replaces) == ("Ghi chú thử", (), ())


# (what is replaced, by what, code, key)
BROKEN = [
    ("  minutes: 60", "  minutes: 60\n  hours: 1", "unknown-key", "value.hours"),
    ("  minutes: 60\n", "", "missing-key", "value.minutes"),
    ("  minutes: 60", "  minutes: sixty", "wrong-type", "value.minutes"),
    ("  minutes: 60", "  minutes: yes", "wrong-type", "value.minutes"),
    ("  minutes: 60", "  minutes: 60.5", "wrong-type", "value.minutes"),
    ("  minutes: 60", "  minutes: null", "wrong-type", "value.minutes"),
    ("  minutes: 60", "  minutes: 0", "bad-value", "value"),
    ("  minutes: 60", "  minutes: 60\n  minutes: 90", "bad-yaml", ""),
    ("scope: national", "scope: national\nreferences: []", "unknown-key", "references"),
    ("citation: Điều 1\n", "", "missing-key", "citation"),
    ("citation: Điều 1", "citation: ''", "bad-value", "citation"),
    ("citation: Điều 1", "citation: 12", "wrong-type", "citation"),
    ("title: Buổi", "title: '  ' #", "bad-value", "title"),
    ("evidence: READ", "evidence: SURE", "bad-value", "evidence"),
    ("evidence: READ", "evidence: template", "bad-value", "evidence"),
    ("scope: national", "scope: province_template", "bad-value", "evidence"),
    ("scope: national", "scope: world", "bad-value", "scope"),
    ("valid_from: 2020-02-01", "valid_from: 2020-02-31", "bad-date", "valid_from"),
    ("valid_from: 2020-02-01", "valid_from: '2020-02-01'", "bad-date", "valid_from"),
    ("valid_from: 2020-02-01", "valid_from: 2020-02-01 08:00:00", "bad-date", "valid_from"),
    ("valid_from: 2020-02-01", "valid_from: 2020-01-14", "bad-date", "valid_from"),
    ("valid_to: null", "valid_to: 2020-02-01", "bad-date", "valid_to"),
    ("valid_to: null", "valid_to: sau này", "bad-date", "valid_to"),
    ("  date: 2020-01-15", "  date: null", "missing-key", "document.date"),
    ("  date: 2020-01-15", "  date: 2020", "bad-date", "document.date"),
    ("  issuer: Ban Thử\n", "", "missing-key", "document.issuer"),
    ("key: obligation.regular", "key: obligations.regular", "unknown-rule-key", "key"),
    ("id: HD1-2020", "id: HD2-2020", "misplaced-file", "id"),
    ("id: HD1-2020-thoi-luong", "id: HD1/2020", "bad-value", "id"),
    ("scope: national", "scope: national\nreplaces: HD0", "wrong-type", "replaces"),
    ("scope: national", "scope: national\nreplaces: [HD0]", "bad-value", "replaces"),
    ("scope: national", "scope: national\nguides: [HD0]", "wrong-type", "guides[1]"),
    ("document:\n", "document: [\n", "bad-yaml", ""),
]


@pytest.mark.parametrize(("old", "new", "code", "key"), BROKEN)
def test_loader_refuses_a_broken_file_naming_file_and_key(tmp_path, old, new, code, key):
    assert GOOD.count(old) == 1
    write(tmp_path, GOOD.replace(old, new))
    error = refusal(tmp_path)
    assert (error.code, error.key) == (code, key)
    assert error.file.endswith("HD1-2020-thoi-luong.yaml")
    assert error.file in error.message
    assert key in error.message


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("  minutes: 60", "  hours: 1", "minutes, with_thematic"),
        ("scope: national", "scopes: national", "id, key, title, document"),
        ("evidence: READ", "evidence: SURE", "READ, SEC, MEM, template"),
        ("key: obligation.regular_meeting_minutes", "key: x", "obligation.regular_meeting"),
    ],
)
def test_loader_error_lists_what_is_allowed(tmp_path, old, new, allowed):
    write(tmp_path, GOOD.replace(old, new))
    assert allowed in refusal(tmp_path).message


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n"])
def test_loader_refuses_a_file_that_is_no_rule(tmp_path, text):
    write(tmp_path, text)
    assert refusal(tmp_path).code == "wrong-type"


def test_loader_refuses_another_encoding(tmp_path):
    write(tmp_path, GOOD).write_bytes(GOOD.encode("utf-16"))
    error = refusal(tmp_path)
    assert error.code == "bad-yaml"
    assert "UTF-8" in error.message


def test_loader_refuses_two_rules_of_one_key_that_overlap(tmp_path):
    write(tmp_path, GOOD.replace("valid_to: null", "valid_to: 2021-01-02"))
    later = GOOD.replace("HD1-2020", "HD2-2021").replace("2020-02-01", "2021-01-01")
    write(tmp_path, later, "HD2-2021-thoi-luong")
    error = refusal(tmp_path)
    assert error.code == "overlap"
    assert "HD1-2020-thoi-luong" in error.message
    assert "HD2-2021-thoi-luong" in error.message


def test_loader_accepts_rules_of_one_key_that_follow_each_other(tmp_path):
    write(tmp_path, GOOD.replace("valid_to: null", "valid_to: 2021-01-01"))
    later = GOOD.replace("HD1-2020", "HD2-2021").replace("2020-02-01", "2021-01-01")
    write(tmp_path, later, "HD2-2021-thoi-luong")
    book = read_rulebook([tmp_path])
    key = RegularMeetingMinutes.key
    assert book.on(date(2020, 12, 31)).rule(key).id == "HD1-2020-thoi-luong"
    assert book.on(date(2021, 1, 1)).rule(key).id == "HD2-2021-thoi-luong"
    assert [rule.id[:3] for rule in book.history(key)] == ["HD1", "HD2"]


def test_loader_refuses_a_template_beside_a_national_rule(tmp_path):
    write(tmp_path, GOOD)
    template = GOOD.replace("HD1-2020", "MAU").replace("evidence: READ", "evidence: template")
    template = template.replace("scope: national", "scope: province_template")
    template = template.replace("number: 1-HD/BT", "number: ''").replace(
        "date: 2020-01-15", "date:"
    )
    write(tmp_path, template, "MAU-thoi-luong")
    assert refusal(tmp_path).code == "overlap"


@pytest.mark.parametrize(
    "named", ["number: 1-HD/BT\n  date: null", "number: ''\n  date: 2020-01-15"]
)
def test_loader_refuses_a_template_that_pretends_to_be_a_document(tmp_path, named):
    template = GOOD.replace("evidence: READ", "evidence: template")
    template = template.replace("scope: national", "scope: province_template")
    write(tmp_path, template.replace("number: 1-HD/BT\n  date: 2020-01-15", named))
    assert refusal(tmp_path).key == "document"


def test_loader_refuses_two_files_of_one_id(tmp_path):
    write(tmp_path / "a", GOOD)
    write(tmp_path / "b", GOOD)
    with pytest.raises(RulebookError) as caught:
        read_rulebook([tmp_path / "a", tmp_path / "b"])
    assert caught.value.code == "duplicate-id"


@pytest.mark.parametrize(("last", "first"), [("2018", 2020), ("2019", 2019), ("null", 2020)])
def test_loader_refuses_rating_years_with_a_hole_or_twice(tmp_path, last, first):
    write(
        tmp_path,
        SCALE.format(id="A", first=2018, last=last, valid_to="2019-01-01", group="x"),
        "A",
    )
    write(tmp_path, SCALE.format(id="B", first=first, last="null", valid_to="null", group="x"), "B")
    assert refusal(tmp_path).code == "year-gap"


def test_version_follows_the_content_and_nothing_else(tmp_path):
    path = write(tmp_path / "a", GOOD)
    version = read_rulebook([tmp_path / "a"]).version
    assert len(version) == 12
    write(tmp_path / "b", GOOD).write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert read_rulebook([tmp_path / "b"]).version == version
    path.write_text(GOOD.replace("minutes: 60", "minutes: 61"), encoding="utf-8")
    assert read_rulebook([tmp_path / "a"]).version != version


def test_a_province_rule_goes_before_the_general_one_in_that_province_only(tmp_path):
    write(tmp_path / "base", GOOD)
    own = GOOD.replace("HD1-2020", "QD9-2022").replace("scope: national", "scope: province:mau")
    own = own.replace("minutes: 60", "minutes: 45").replace("2020-02-01", "2022-01-01")
    write(tmp_path / "own", own, "QD9-2022-thoi-luong")
    book = read_rulebook([tmp_path / "base", tmp_path / "own"])

    def minutes(day, province=""):
        return book.on(day, province=province).of(RegularMeetingMinutes).minutes

    assert minutes(date(2022, 1, 1), "mau") == 45
    assert minutes(date(2021, 12, 31), "mau") == 60
    assert minutes(date(2022, 1, 1), "khac") == 60
    assert minutes(date(2022, 1, 1)) == 60


# (key, a value its class must refuse)
BAD_VALUES = [
    ("obligation.regular_meeting", "{every_months: 0}"),
    ("obligation.thematic_meeting", "{every_months: -3}"),
    ("report.deadline", "{days_after_month: 0}"),
    ("structure.who_meets", "{kinds: [], sectors: []}"),
    ("obligation.yearly_plan", "{kinds: [], sectors: [], due_month: 1, due_day: 31}"),
    ("obligation.yearly_review", "{kinds: [chi_bo], sectors: [], due_month: 13, due_day: 1}"),
    ("obligation.yearly_screening", "{kinds: [chi_bo], sectors: [], due_month: 2, due_day: 29}"),
    ("membership.attendance_base", "{expected: [], if_present: [], voting: []}"),
    (
        "membership.attendance_base",
        "{expected: [official], if_present: [official], voting: [official]}",
    ),
    ("membership.attendance_base", "{expected: [official], if_present: [], voting: [exempt]}"),
    ("meeting_grades", "{bands: []}"),
    ("meeting_grades", "{bands: [{code: tot, label: Tốt, from_score: 50}]}"),
    (
        "meeting_grades",
        "{bands: [{code: a, label: A, from_score: 50}, {code: b, label: B, from_score: 50},"
        " {code: c, label: C, from_score: 0}]}",
    ),
    (
        "meeting_grades",
        "{bands: [{code: a, label: A, from_score: 101}, {code: c, label: C, from_score: 0}]}",
    ),
    (
        "fact_reason.meetings_held",
        "{window_months: 12, minimum: 13, of: 12, minimum_due: 6, weight: heavy}",
    ),
    (
        "fact_reason.meetings_held",
        "{window_months: 12, minimum: 8, of: 12, minimum_due: 13, weight: heavy}",
    ),
    ("fact_reason.secretary_vacant", "{days: 0, weight: heavy}"),
    ("fact_reason.secretary_vacant", "{days: 90, weight: huge}"),
    ("fact_reason.resolution_carried", "{times: 0, weight: light}"),
    ("fact_reason.no_admission", "{years: 0, weight: light}"),
    ("fact_reason.few_official_members", "{minimum: 0, weight: light}"),
    (
        "fact_reason.failing_cells",
        "{more_than_numerator: 3, more_than_denominator: 3, weight: heavy}",
    ),
    ("index.weights", "{held: 0.4, attendance: 0.3, resolutions: 0.4}"),
    ("index.weights", "{held: 1.4, attendance: -0.7, resolutions: 0.3}"),
    ("status.reporting", "{minimum_percent: 101}"),
    ("status.persistence", "{period_months: 12, weak_periods: 0, good_periods_to_clear: 2}"),
    (
        "grade_scale",
        "{regime: A, first_year: 2020, last_year: 2019, comparable_group: x,"
        " grades: [{code: tot, label: Tốt, order: 1}]}",
    ),
    (
        "grade_scale",
        "{regime: A, first_year: 2020, last_year: null, comparable_group: x,"
        " grades: [{code: tot, label: Tốt, order: 2}]}",
    ),
    (
        "grade_scale",
        "{regime: A, first_year: 2020, last_year: null, comparable_group: x,"
        " grades: [{code: tot, label: Tốt, order: 1}, {code: tot, label: Tốt, order: 2}]}",
    ),
]


@pytest.mark.parametrize(("key", "value"), BAD_VALUES)
def test_loader_refuses_a_value_that_makes_no_sense(tmp_path, key, value):
    head = GOOD[: GOOD.index("value:")].replace("obligation.regular_meeting_minutes", key)
    write(tmp_path, f"{head}value: {value}\n")
    error = refusal(tmp_path)
    assert error.code == "bad-value"
    assert error.key.startswith("value")


@pytest.mark.parametrize(
    ("bands", "key"), [("90", "value.bands"), ("[90]", "value.bands[1]"), ("null", "value.bands")]
)
def test_loader_refuses_a_list_that_is_none_and_names_the_item(tmp_path, bands, key):
    head = GOOD[: GOOD.index("value:")].replace(
        "obligation.regular_meeting_minutes", "meeting_grades"
    )
    write(tmp_path, f"{head}value: {{bands: {bands}}}\n")
    error = refusal(tmp_path)
    assert (error.code, error.key) == ("wrong-type", key)


def test_whole_numbers_are_fine_as_weights_of_the_index(tmp_path):
    head = GOOD[: GOOD.index("value:")].replace(
        "obligation.regular_meeting_minutes", "index.weights"
    )
    write(tmp_path, f"{head}value: {{held: 1, attendance: 0, resolutions: 0.0}}\n")
    (rule,) = read_rulebook([tmp_path]).rules
    assert isinstance(rule.value.held, float)


def test_weights_of_reasons_are_words_of_the_vocabulary(tmp_path):
    head = GOOD[: GOOD.index("value:")].replace(
        "obligation.regular_meeting_minutes", MeetingsHeld.key
    )
    write(
        tmp_path,
        head + "value: {window_months: 12, minimum: 8, of: 12, minimum_due: 6, weight: light}\n",
    )
    (rule,) = read_rulebook([tmp_path]).rules
    assert rule.value.weight is Weight.LIGHT
