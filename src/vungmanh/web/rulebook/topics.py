"""How the rulebook is laid out for a reader: topics in order, and what each rule is used for.

The uses say what the program does today. A rule that is kept but not yet applied says so: a reader
must not look for its effect. tests/pages/rulebook holds that every rule key is here once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from vungmanh.rulebook import Rule

_LATER = _("Ghi sẵn để tra cứu; chương trình chưa tính gì theo quy định này.")


@dataclass(frozen=True)
class Topic:
    """A group of rule keys, each with what it is used for (lazily translated)."""

    slug: str
    title: Any
    uses: dict[str, Any]


TOPICS = (
    Topic(
        "sinh-hoat",
        _("Sinh hoạt chi bộ"),
        {
            "obligation.regular_meeting": _(
                "Tính mỗi chi bộ phải họp kỳ nào: đó là mẫu số của “5/12 kỳ bắt buộc”."
            ),
            "obligation.thematic_meeting": _(
                "Ghi vào Sổ nghĩa vụ ở tháng cuối mỗi quý; chưa tính vào lý do nhận diện."
            ),
            "structure.placement": _(
                "Giữ cho sổ tổ chức đúng: loại nào được có, đặt dưới loại nào, theo từng ngày."
            ),
            "structure.who_meets": _("Tính loại tổ chức nào phải họp thường kỳ và chuyên đề."),
            "obligation.yearly_plan": _("Ghi vào Sổ nghĩa vụ đầu năm; chưa tính vào lý do nào."),
            "obligation.yearly_review": _("Ghi vào Sổ nghĩa vụ cuối năm; chưa tính vào lý do nào."),
            "obligation.yearly_screening": _(
                "Ghi vào Sổ nghĩa vụ đầu năm; chưa tính vào lý do nào."
            ),
            "membership.attendance_base": _(
                "Nêu số đảng viên phải có mặt từng ngày bên cạnh số báo cáo; chưa tính vào chỉ số."
            ),
            "meeting.voting_majority": _(
                "Tính buổi họp có đủ số để biểu quyết không và nghị quyết có đủ phiếu không."
            ),
            "obligation.regular_meeting_minutes": _LATER,
            "meeting_grades": _LATER,
            "report.deadline": _(
                "Ghi hạn báo cáo của từng kỳ trong Sổ nghĩa vụ; qua hạn ấy mới chốt được sổ tháng."
            ),
        },
    ),
    Topic(
        "ly-do",
        _("Lý do nhận diện"),
        {
            "fact_reason.meetings_held": _(
                "Nêu lý do họp không đủ kỳ ở Nhận diện và trang tổ chức. Kỳ chưa báo cáo được coi"
                " như đã họp khi so với ngưỡng; nếu vì thế mới đạt thì ghi “cần xác minh”."
            ),
            "fact_reason.secretary_vacant": _(
                "Nêu lý do khuyết bí thư, đếm từ ngày khuyết đến hết kỳ đang xem."
            ),
            "fact_reason.failing_cells": _(
                "Nêu lý do của một tổ chức cơ sở khi nhiều chi bộ của nó có lý do nặng."
            ),
            "fact_reason.resolution_carried": _(
                "Nêu lý do nghị quyết bị chuyển sang nhiều kỳ mà chưa làm xong."
            ),
            "fact_reason.meetings_refuted": _(
                "Nêu lý do khi kiểm tra thấy buổi đã báo là có họp thì không họp."
            ),
            "fact_reason.no_admission": _("Nêu lý do nhiều năm không kết nạp được đảng viên."),
            "fact_reason.few_official_members": _(
                "Nêu nguyên nhân phải sắp xếp; không phải lý do được miễn họp."
            ),
        },
    ),
    Topic(
        "trang-thai",
        _("Trạng thái và chỉ số"),
        {
            "status.reporting": _(
                "Đưa nơi báo cáo quá ít vào hàng “phải xác minh”, làm trước các hàng khác."
            ),
            "status.persistence": _(
                "Định bao lâu thì một nơi chuyển sang, và ra khỏi, trạng thái “cần củng cố”."
            ),
            "status.flag_reply_term": _(
                "Định hạn để đơn vị giải trình; chưa giải trình mà chưa hết hạn thì chưa kết luận."
            ),
            "status.probability": _(
                "Định xác suất yếu bao nhiêu thì theo dõi, bao nhiêu thì là dấu hiệu cần củng cố,"
                " và mốc yếu lấy ở đâu."
            ),
            "index.weights": _(
                "Gộp số kỳ họp, dự họp và việc xong đúng hạn thành chỉ số của Nhận diện."
            ),
        },
    ),
    Topic(
        "xep-loai",
        _("Xếp loại hằng năm"),
        {
            "grade_scale": _(
                "Đọc xếp loại của từng năm theo đúng thang của năm ấy; hai thang khác nhau không"
                " nối thành một đường."
            ),
            "grade_conditions.organisation": _(
                "Đối chiếu từng điều kiện với sổ sách trong hồ sơ xếp loại; chỉ đề nghị mức khi mọi"
                " điều kiện đã rõ."
            ),
            "year_sheet.organisation": _(
                "Cho các tiêu chí và điểm của hồ sơ xếp loại tổ chức; tỉnh thay bằng bảng của mình."
            ),
            "year_sheet.leadership": _(
                "Cho các tiêu chí và điểm của hồ sơ xếp loại tập thể lãnh đạo."
            ),
            "grade_conditions.member": _LATER,
            "grade_quota.excellent": _(
                "Định số nơi nhiều nhất được mức cao nhất trong từng nhóm tương đồng."
            ),
            "grade_quota.method": _(
                "Định cách làm tròn, cách xét khi bằng điểm và cách gộp nhóm nhỏ của tỷ lệ ấy."
            ),
            "grade_cycle.opening": _(
                "Định ngày sớm nhất mở kỳ xếp loại và các cột ý kiến của hồ sơ."
            ),
            "award_counters": _(
                "Đếm số năm liền đạt mức cao nhất, kể cả qua sáp nhập và qua hai thang xếp loại."
            ),
            "grade_procedure": _(
                "Định các bước, thứ tự và mẫu giấy của kỳ xếp loại theo năm được xếp loại."
            ),
            "grade_deciders": _("Định cấp nào quyết định mức của tổ chức nào, theo từng ngày."),
            "grade_deadlines": _("Ghi hạn từng bước của kỳ xếp loại; quá hạn thì ghi là chậm."),
        },
    ),
    Topic(
        "bang-diem",
        _("Bảng điểm sinh hoạt"),
        {
            "meeting_sheet.frame": _(
                "Đối chiếu khi soạn bảng điểm: khung nêu gì và để ngỏ cho tỉnh những gì."
            ),
            "meeting_sheet.regular": _(
                "Kiểm tra bảng điểm trước khi dùng: mức hở, điểm cộng sai, chi bộ ít người thiệt."
            ),
            "meeting_sheet.thematic": _("Kiểm tra bảng điểm của buổi chuyên đề trước khi dùng."),
        },
    ),
    Topic(
        "cung-co",
        _("Củng cố"),
        {
            "programme.selection": _(
                "Lập danh sách nơi cần củng cố của một năm: ai đủ điều kiện, giới hạn nào."
            ),
            "programme.gates": _("Đặt các mốc báo cáo khi lập một đề án củng cố."),
            "programme.causes": _("Danh mục nguyên nhân để chẩn đoán trong hồ sơ củng cố."),
            "programme.measures": _("Danh mục biện pháp, và bản ghi nào chứng tỏ đã làm."),
            "programme.paths": _("So kết quả từng tháng của một hồ sơ với mức chờ đợi."),
            "programme.exit": _(
                "Xét ra khỏi diện củng cố và thời gian giữ vững; giữ cố định từ ngày vào diện."
            ),
            "programme.reviews": _(
                "Nhắc kiểm điểm hồ sơ giữa năm, cuối năm, và khi chuyển biến chậm."
            ),
            "programme.label": _("Lời gọi trung tính của nơi đang được tập trung củng cố."),
            "oversight.attendance": _("Tính số lần mỗi chức danh phải dự sinh hoạt chi bộ."),
            "oversight.visits": _("Lập kế hoạch đi cơ sở của năm: theo tình trạng và theo thăm."),
        },
    ),
    Topic(
        "can-bo",
        _("Cán bộ, bồi dưỡng"),
        {
            "posts.of_kind": _("Nêu chức danh của từng tổ chức; kiểm tra trước khi ghi bổ nhiệm."),
            "posts.term": _("Tính ngày hết nhiệm kỳ của một chức danh, một cấp ủy."),
            "posts.staffing": _(
                "Kiểm tra trước khi ghi việc bầu, chỉ định, điều chuyển; nhắc hạn sau đại hội."
            ),
            "posts.concurrent": _("Nhắc khi một người giữ nhiều chức danh."),
            "posts.rotation": _(
                "Đối chiếu từng điều kiện khi có người hỏi; không lưu lại, không xếp thứ tự ai."
            ),
            "training.obligatory": _("Tính ai đến hạn học lớp nào."),
            "training.days": _("So số ngày bồi dưỡng trong năm với số ngày theo chức danh."),
        },
    ),
    Topic(
        "dang-vien",
        _("Đảng viên, sắp xếp tổ chức"),
        {
            "members.admission": _("Tính hạn từng bước kết nạp; kiểm tra tuổi, thời gian dự bị."),
            "members.transfer": _("Tính hạn chuyển sinh hoạt; từ chối chuyển trái quy định."),
            "members.exempt": _("Nhắc khi việc miễn sinh hoạt quá hạn hoặc không ghi ngày hết."),
            "members.badges": _("Nêu mốc Huy hiệu Đảng và đợt trao sắp đến."),
            "members.screening": _(
                "Nêu căn cứ xóa tên để chi bộ biết; chương trình không tự kết luận."
            ),
            "arranging.minimum": _(
                "Tìm tổ chức dưới quy mô tối thiểu, thôn hoặc doanh nghiệp chưa có tổ chức riêng."
            ),
        },
    ),
    Topic(
        "the-thuc",
        _("Thể thức văn bản"),
        {
            "paper_layout.party": _("Trình bày, ghi số và ký văn bản của Đảng do chương trình in."),
            "paper_layout.state": _("Trình bày văn bản hành chính nhà nước do chương trình in."),
            "paper_limits": _("Từ chối loại văn bản mà nơi ban hành không có thẩm quyền."),
            "congress_terms": _(
                "Định ngày số văn bản đếm lại từ 1 ở nơi chưa ghi ngày đại hội của mình."
            ),
        },
    ),
)

USES = {key: use for topic in TOPICS for key, use in topic.uses.items()}


def by_topic(rules: Iterable[Rule]) -> list[tuple[Topic, list[Rule]]]:
    """The rules under their topics, in the order in which the topics name them."""
    places = {key: place for place, key in enumerate(USES)}
    ordered = sorted(rules, key=lambda rule: places[rule.key])
    grouped = [(topic, [rule for rule in ordered if rule.key in topic.uses]) for topic in TOPICS]
    return [(topic, found) for topic, found in grouped if found]
