"""One step of many dossiers on one page: all of what was chosen is written, or none of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import Dossier, DossierEntry

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
UNITS = (CELL, SECOND, THIRD)
GOOD, FAIR = "tot", "hoan_thanh"


@pytest.fixture
def rated(story: Story) -> Story:
    """Three cells have rated themselves; the office is signed in."""
    for unit in UNITS:
        story.as_(SECRETARY, unit)
        assert story.post("rate_self", unit, grade=GOOD).status_code == 302  # type: ignore[attr-defined]
    story.as_(OFFICE)
    return story


def send(story: Story, step: str, marks: dict[str, str], body: str = "") -> HttpResponse:
    """`marks`: by cell "prefix value"; one page, as the browser sends it."""
    fields = {"buoc": step, "noi": body}
    for unit, said in marks.items():
        for one in said.split(";"):
            fields[f"{one[0]}-{story.dossier(unit).pk}"] = one[2:]
    return story.client.post(address(story), fields)  # type: ignore[return-value]


def address(story: Story) -> str:
    return f"/xep-loai/{story.cycle.pk}/nhieu-ho-so/"


def states(story: Story) -> list[str]:
    return [story.dossier(unit).state for unit in UNITS]


def test_a_meeting_is_typed_step_by_step(rated: Story) -> None:
    page = words(main_of(rated.client.get(address(rated))))
    assert "3 hồ sơ năm 2019 chờ mở lấy ý kiến." in page
    assert "Hoàn thành tốt nhiệm vụ" in page
    done = send(rated, "open_opinions", dict.fromkeys((CELL, SECOND), "t=1"))
    assert done["Location"] == f"{address(rated)}?buoc=open_opinions"
    assert states(rated) == ["in_opinion", "in_opinion", "self_rated"]
    body = rated.cycle.bodies[0]
    page = words(main_of(rated.client.get(address(rated), {"buoc": "give_opinion"})))
    assert f"2 hồ sơ năm 2019 chờ ý kiến của {body}." in page
    marks = {CELL: f"m={GOOD}", SECOND: f"m={FAIR};l=Còn hai việc muộn."}
    assert send(rated, "give_opinion", marks, body).status_code == 302
    said = DossierEntry.objects.filter(act="give_opinion").order_by("grade")
    assert [(one.body, one.grade, one.reason) for one in said] == [
        (body, FAIR, "Còn hai việc muộn."), (body, GOOD, ""),
    ]  # fmt: skip
    page = words(main_of(rated.client.get(address(rated), {"buoc": "give_opinion", "noi": body})))
    assert f"{body} (0)" in page
    assert send(rated, "verify", dict.fromkeys((CELL, SECOND), "t=1")).status_code == 302
    marks = {CELL: f"m={GOOD};d=87,5", SECOND: f"m={GOOD}"}
    assert send(rated, "propose", marks).status_code == 302
    assert states(rated) == ["proposed", "proposed", "self_rated"]
    assert str(DossierEntry.objects.get(act="propose", points__isnull=False).points) == "87.500"


def test_one_wrong_row_writes_none_and_keeps_what_was_typed(rated: Story) -> None:
    send(rated, "open_opinions", dict.fromkeys(UNITS, "t=1"))
    body = rated.cycle.bodies[0]
    marks = {CELL: f"m={GOOD}", SECOND: f"m={FAIR}", THIRD: f"m={FAIR};l=Có hai kỳ họp bỏ trống."}
    answer = send(rated, "give_opinion", marks, body)
    assert answer.status_code == 422
    page = words(main_of(answer))
    assert "Chưa ghi hồ sơ nào: 1 trong 3 hồ sơ còn vướng." in page
    assert "Mức này khác mức trước từ một bậc trở lên: ghi lý do." in page
    assert 'value="Có hai kỳ họp bỏ trống."' in answer.content.decode()
    assert not DossierEntry.objects.filter(act="give_opinion").exists()


def test_a_reason_without_a_grade_is_asked_about(rated: Story) -> None:
    send(rated, "open_opinions", {CELL: "t=1"})
    answer = send(rated, "give_opinion", {CELL: "l=Tốt."}, rated.cycle.bodies[0])
    assert answer.status_code == 422
    assert "Chưa chọn mức cho hồ sơ này." in words(main_of(answer))
    assert not DossierEntry.objects.filter(act="give_opinion").exists()


def test_nothing_chosen_says_so_and_another_step_meanwhile_too(rated: Story) -> None:
    answer = send(rated, "open_opinions", {})
    assert answer.status_code == 422
    assert "Chưa chọn hồ sơ nào." in words(main_of(answer))
    Dossier.objects.filter(pk=rated.dossier(CELL).pk).update(state="returned")
    answer = send(rated, "open_opinions", dict.fromkeys((CELL, SECOND), "t=1"))
    assert answer.status_code == 422
    assert "1 hồ sơ vừa đổi bước" in words(main_of(answer))
    assert states(rated) == ["returned", "self_rated", "self_rated"]


def test_who_filed_it_does_not_verify_it_here_either(story: Story) -> None:
    """An office that also speaks for the unit is told so at the row."""
    story.as_(OFFICE)
    Dossier.objects.filter(cycle=story.cycle).update(state="in_opinion", self_grade=GOOD)
    one = story.dossier()
    DossierEntry.objects.create(
        dossier=one, version=1, filing=one.filing, number=1, act="rate_self", state="self_rated",
        grade=GOOD, by=story.user(OFFICE, QUAN_MAU), at=one.changed_at,
    )  # fmt: skip
    page = story.client.get(address(story), {"buoc": "verify"})
    assert "đã nộp bản tự xếp loại này" in words(main_of(page))
    assert f"t-{one.pk}" not in page.content.decode()
    answer = send(story, "verify", dict.fromkeys((CELL, SECOND), "t=1"))
    assert answer.status_code == 422
    assert states(story) == ["in_opinion"] * 3


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [(Role.PROVINCIAL_ANALYST, PROVINCE, 403), (Role.OVERSEER, CELL, 403), (SECRETARY, CELL, 403),
     (OFFICE, LANG_THU, 404), (OFFICE, QUAN_MAU, 200)],
)  # fmt: skip
def test_the_page_is_for_the_committee_alone(
    story: Story, role: Role, unit: str, status: int
) -> None:
    client = story.as_(role, unit)
    assert client.get(address(story)).status_code == status
    if status != 200:
        assert client.post(address(story), {"buoc": "verify"}).status_code == status


@pytest.mark.parametrize("step", ["open_opinions", "give_opinion", "verify", "propose"])
def test_more_rows_cost_no_further_query(rated: Story, step: str) -> None:
    state = {"open_opinions": "self_rated", "propose": "verified"}.get(step, "in_opinion")
    Dossier.objects.filter(cycle=rated.cycle).update(state=state)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert rated.client.get(address(rated), {"buoc": step}).status_code == 200
        return len(caught)

    queries()
    three = queries()
    Dossier.objects.filter(pk=rated.dossier(CELL).pk).update(state="returned")
    assert queries() == three


def test_the_board_computes_every_decision_anew(story: Story) -> None:
    story.as_(OFFICE)
    board = f"/xep-loai/{story.cycle.pk}/"
    assert "Tính lại cả kỳ" in words(main_of(story.client.get(board)))
    page = words(main_of(story.client.get(board, {"tinh-lai": "1"})))
    assert "Kỳ này chưa có quyết định nào để tính lại." in page
    story.as_(SECRETARY, CELLS[QUAN_MAU][0])
    assert "Tính lại" not in words(main_of(story.client.get(board, {"tinh-lai": "1"})))


def test_opinions_begin_with_a_body_that_has_not_spoken_of_all(rated: Story) -> None:
    send(rated, "open_opinions", dict.fromkeys((CELL, SECOND, THIRD), "t=1"))
    first, second = rated.cycle.bodies[:2]
    for unit in (CELL, SECOND, THIRD):
        rated.post("give_opinion", unit, body=first, grade=GOOD)
    page = words(main_of(rated.client.get(address(rated), {"buoc": "give_opinion"})))
    assert f"3 hồ sơ năm 2019 chờ ý kiến của {second}." in page
