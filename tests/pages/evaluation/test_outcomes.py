"""The pages on which a cell counts its members and the committee reads the counts."""

from __future__ import annotations

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, Story
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import YearOutcome

GRADES = ("excellent", "good", "completed", "not_completed", "unrated")


def sent(*numbers: int) -> dict[str, str]:
    said = dict(zip(GRADES, map(str, numbers), strict=True))
    return {"of": "members", **{f"members-{name}": value for name, value in said.items()}}


def test_a_cell_counts_its_members_and_the_committee_reads_sum_and_cap(story: Story) -> None:
    address = f"/xep-loai/ho-so/{story.dossier().pk}/ket-qua/"
    cell = story.as_(Role.CELL_SECRETARY, CELL)
    page = cell.get(address).content.decode()
    assert "Chưa ghi: Đảng viên; Mặt trận" in page
    assert 'value="0"' not in page, "nothing is filled in beforehand"
    wrong = cell.post(address, sent(2, 5, 1, 0, 0))
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "Cộng lại là 8 đảng viên" in said
    assert 'value="5"' in said, "what was typed stays"
    short = cell.post(address, {**sent(2, 6, 1, 0, 0), "members-good": ""})
    assert short.status_code == 422
    assert not YearOutcome.objects.exists()
    assert cell.post(address, sent(2, 6, 1, 0, 0)).status_code == 302
    page = cell.get(address).content.decode()
    assert "2 hoàn thành xuất sắc nhiệm vụ; 6 hoàn thành tốt nhiệm vụ" in page
    assert address in cell.get(f"/xep-loai/ho-so/{story.dossier().pk}/").content.decode()
    office = story.as_(Role.COMMITTEE_OFFICE)
    assert 'class="form"' not in office.get(address).content.decode(), "it reads only"
    assert office.post(address, sent(1, 8, 0, 0, 0)).status_code == 403
    whole = office.get(f"/xep-loai/{story.cycle.pk}/dang-vien/").content.decode()
    assert "1 trong 3 chi bộ đã ghi kết quả năm 2019: 8 trong 9 đảng viên" in whole
    assert "2 đảng viên xuất sắc; 20% của 8 là 1." in whole
    assert "Vượt 1" in whole
    assert 'data-l="Xuất sắc">2<' in whole, "on a phone each number has its heading"


def test_nobody_else_reads_the_counts(story: Story) -> None:
    own = f"/xep-loai/ho-so/{story.dossier().pk}/ket-qua/"
    whole = f"/xep-loai/{story.cycle.pk}/dang-vien/"
    asked = {
        "neighbour": story.as_(Role.COMMITTEE_OFFICE, LANG_THU).get(own).status_code,
        "neighbour_whole": story.as_(Role.COMMITTEE_OFFICE, LANG_THU).get(whole).status_code,
        "cell_whole": story.as_(Role.CELL_SECRETARY, CELL).get(whole).status_code,
        "administrator": story.as_(Role.ADMINISTRATOR, PROVINCE).get(own).status_code,
        "province": story.as_(Role.PROVINCIAL_ANALYST, PROVINCE).get(whole).status_code,
        "commune": story.as_(Role.COMMITTEE_OFFICE, QUAN_MAU).get(whole).status_code,
    }
    assert asked == {
        "neighbour": 404, "neighbour_whole": 404, "cell_whole": 403, "administrator": 403,
        "province": 200, "commune": 200,
    }  # fmt: skip


def test_a_number_nobody_counts_comes_back_in_plain_words(story: Story) -> None:
    address = f"/xep-loai/ho-so/{story.dossier().pk}/ket-qua/"
    cell = story.as_(Role.CELL_SECRETARY, CELL)
    for bad in ("7.5", "-1", "99999999999"):
        said = cell.post(address, {**sent(2, 6, 1, 0, 0), "members-good": bad})
        assert said.status_code == 422
        assert "Ghi số nguyên từ 0 đến" in said.content.decode()


def test_numbers_that_stand_are_there_to_be_mended(story: Story) -> None:
    address = f"/xep-loai/ho-so/{story.dossier().pk}/ket-qua/"
    story.as_(Role.CELL_SECRETARY, CELL)
    office = story.as_(Role.COMMITTEE_OFFICE).get(address).content.decode()
    assert "Chính tổ chức ghi ở trang này" in office
    cell = story.as_(Role.CELL_SECRETARY, CELL)
    cell.post(address, sent(2, 6, 1, 0, 0))
    assert 'name="members-good" value="6"' in cell.get(address).content.decode()
