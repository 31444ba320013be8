"""Forms of posts, terms and rotations. What was typed becomes values; the actions decide."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from vungmanh.cadre.actions.rotations import RotationWish
from vungmanh.cadre.people import Listed
from vungmanh.cadre.rotations import RotationFacts
from vungmanh.cadre.staffing import ROTATIONS, Circumstances, Holder
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.strengthening.handing_over import OpenItem
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.tasks.forms import day

YES, NO, NOBODY = "co", "khong", "khong-ai"
_KNOWN = [("", _("Chưa rõ")), (YES, _("Có")), (NO, _("Không"))]
_PLAIN = [one for one in AppointmentWay if one not in ROTATIONS]


def known(label: Any, help_text: Any = "") -> forms.ChoiceField:
    """Yes, no, or not known: what is not known is judged as not known."""
    return forms.ChoiceField(label=label, required=False, choices=_KNOWN, help_text=help_text)


def number(label: Any, help_text: Any = "", most: int = 99) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, help_text=help_text
    )


def line(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200, help_text=help_text)


def truth(text: str) -> bool | None:
    return None if not text else text == YES


class NamedForm(forms.Form):
    """Somebody typed by name; where the lists know people of that name, one of them or nobody.

    `people` are those found by what was typed in the field `typed_in`.
    """

    typed_in: ClassVar[str]

    def __init__(
        self, data: Any = None, *, posts: list[Post], people: list[Listed], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["post"].choices = [(one.value, _text(one.label)) for one in posts]  # type: ignore[attr-defined]
        # What is typed goes by POST: no address keeps a name.
        self.fields[self.typed_in].widget.attrs |= {
            "autocomplete": "off", "hx-post": "", "hx-trigger": "input changed delay:300ms",
            "hx-target": "#nguoi", "hx-select": "#nguoi", "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
        }  # fmt: skip
        if not people:
            del self.fields["person"]
            return
        self.names = {str(one.person_id): one for one in people}
        field = self.fields["person"]
        field.choices = [  # type: ignore[attr-defined]
            *((key, f"{one.name}, {one.unit}") for key, one in self.names.items()),
            (NOBODY, _text("Không phải ai trong danh sách; ghi theo họ tên đã gõ")),
        ]
        field.error_messages["required"] = _text(
            "Danh sách có người tên này: chọn đúng người, hoặc chọn không phải ai."
        )

    def person_id(self) -> UUID | None:
        """Whom of the list it is, once the form is valid; None: by name alone."""
        told = self.cleaned_data.get("person", NOBODY)
        return None if told == NOBODY else UUID(told)


class PostForm(NamedForm):
    """Who comes into a post. The posts are those of the unit's kind."""

    typed_in = "holder"

    post = forms.ChoiceField(label=_("Chức danh"))
    holder = forms.CharField(
        label=_("Họ và tên"), max_length=120,
        help_text=_("Nơi ghi theo tên: gõ vài chữ, không cần dấu, rồi chọn trong danh sách."),
    )  # fmt: skip
    person = forms.ChoiceField(label=_("Trong danh sách có"), widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=_("Cách giao"), choices=[(one.value, _(one.label)) for one in _PLAIN],
        help_text=_("Luân chuyển ghi ở mục Luân chuyển, để theo dõi cả hai nơi."),
    )  # fmt: skip
    from_day = day(_("Giữ từ ngày"))
    planned_until = day(
        _("Dự kiến đến ngày"), required=False, help_text=_("Giao phụ trách thì phải ghi.")
    )
    document = line(_("Quyết định, nghị quyết"), _("Số, ngày văn bản."))
    proposed = known(_("Chi bộ đã đề nghị chưa? (khi cấp trên chỉ định)"))
    after_reform = forms.BooleanField(label=_("Do sáp nhập, chia tách"), required=False)
    ballots = number(_("Đã bầu mấy lần không được (nếu có)"))
    other_posts = number(_("Đang giữ mấy chức danh khác"), _("Để trống nếu chưa rõ."))
    other_secretary = number(_("Trong đó làm bí thư mấy nơi"))
    retires_on = day(_("Ngày nghỉ hưu, nếu đã có quyết định"), required=False)

    def act(self) -> dict[str, Any]:
        """What the action asks for, once the form is valid."""
        told = self.cleaned_data
        return {
            "post": Post(told["post"]),
            "holder": Holder(told["holder"], self.person_id()),
            "way": AppointmentWay(told["way"]),
            "from_day": told["from_day"],
            "told": Circumstances(
                after_reform=told["after_reform"], proposed_by_unit=truth(told["proposed"]),
                ballots=told["ballots"], other_posts=told["other_posts"],
                other_secretary=told["other_secretary"], retires_on=told["retires_on"],
            ),
        }  # fmt: skip


class HandOverForm(forms.Form):
    """Which lines of the list were handed to whoever came, and by which paper."""

    keys = forms.MultipleChoiceField(
        label=_("Đã bàn giao"), required=False, widget=forms.CheckboxSelectMultiple
    )
    document = line(_("Biên bản bàn giao"), _("Số, ngày; chỗ cất biên bản."))

    def __init__(self, data: Any = None, *, items: list[OpenItem]) -> None:
        super().__init__(data)
        if not items:
            del self.fields["keys"]
            return
        self.fields["keys"].choices = [  # type: ignore[attr-defined]
            (one.key, _line_of(one)) for one in items
        ]

    def clean(self) -> dict[str, Any]:
        return {"keys": [], **self.cleaned_data}


def _line_of(one: OpenItem) -> str:
    said = [f"{_text(one.kind.label)}: {one.title}"]
    if one.owner:
        said.append(one.owner)
    if one.due_on:
        said.append(f"{_text('hạn')} {date_vi(one.due_on)}")
    return ", ".join(said)


class PostEndForm(ReasonForm):
    """When somebody leaves a post, and why."""

    on = day(_("Thôi giữ từ ngày"))
    document = line(_("Quyết định, văn bản"), _("Số, ngày văn bản."))
    is_moved = forms.BooleanField(
        label=_("Cấp trên điều động đi nơi khác"), required=False,
        help_text=_("Khi nhiều cấp ủy viên do bầu được điều đi cùng lúc, cần cấp trên đồng ý."),
    )  # fmt: skip
    after_reform = forms.BooleanField(label=_("Do sáp nhập, chia tách"), required=False)
    field_order = ["on", "document", "reason", "is_moved", "after_reform"]


class TermForm(forms.Form):
    """A congress, or a committee appointed after a merger."""

    asked_as: ClassVar = {"from_day": "began_on"}  # what the action calls it, and this form

    began_on = day(_("Ngày đại hội, hoặc ngày chỉ định"))
    document = line(_("Nghị quyết, quyết định"), _("Số, ngày văn bản."))
    is_appointed = forms.BooleanField(
        label=_("Cấp trên chỉ định cấp ủy sau sáp nhập, chia tách"), required=False
    )
    ordinal = number(_("Đại hội lần thứ"), _("Để trống thì tính tiếp từ lần trước."), 200)
    seats = number(_("Số cấp ủy viên đại hội quyết định"), most=200)
    due_on = day(_("Hết nhiệm kỳ"), required=False, help_text=_("Để trống thì tính theo quy định."))
    note = line(_("Ghi chú"), required=False)


class TermPapersForm(forms.Form):
    """When a congress was reported and approved."""

    reported_on = day(_("Ngày báo cáo kết quả đại hội"), required=False)
    approved_on = day(_("Ngày cấp trên chuẩn y"), required=False)
    reason = line(_("Lý do, khi bỏ một ngày đã ghi"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RotationForm(forms.Form):
    """A decision on a rotation into one unit; `left` are the posts held in the unit it leaves."""

    asked_as: ClassVar = {"from_day": "began_on", "planned_until": "return_on", "holder": "left"}

    left = forms.ChoiceField(label=_("Ai, đang giữ chức danh nào ở nơi đi"))
    holder = forms.CharField(label=_("Họ và tên"), max_length=120)
    elsewhere = line(_("Cơ quan, chức danh ở nơi đi (ngoài sổ tổ chức)"))
    to_post = forms.ChoiceField(label=_("Chức danh ở nơi đến"))
    way = forms.ChoiceField(
        label=_("Hướng"),
        choices=[(one.value, _(one.label)) for one in AppointmentWay if one in ROTATIONS],
    )
    began_on = day(_("Từ ngày"))
    return_on = day(_("Dự kiến về ngày"))
    aim = forms.CharField(
        label=_("Mục đích"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = line(_("Quyết định"), _("Số, ngày văn bản."))
    years_left = number(_("Còn mấy năm công tác"), most=60)
    planned = known(_("Trong quy hoạch"))
    adds_post = known(_("Phải thêm chức danh để nhận người"))
    head = known(_("Chức danh người đứng đầu theo quy định luân chuyển"))
    local = known(_("Là người địa phương nơi đến"))
    terms_here = number(_("Đã giữ chức này ở đây mấy nhiệm kỳ liền"), most=20)
    after_reform = forms.BooleanField(label=_("Do sáp nhập, chia tách"), required=False)

    def __init__(
        self, data: Any = None, *, posts: list[Post], left: list[Appointment] | None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.rows = {str(one.pk): one for one in left or ()}
        self.fields["to_post"].choices = [(one.value, _text(one.label)) for one in posts]  # type: ignore[attr-defined]
        if left is None:
            del self.fields["left"]
        else:
            del self.fields["holder"], self.fields["elsewhere"]
            self.fields["left"].choices = [  # type: ignore[attr-defined]
                (key, f"{one.holder_name or '–'}, {_text(Post(one.post).label)}")
                for key, one in self.rows.items()
            ]

    def wish(self, to_unit: Any) -> RotationWish:
        """The decision, once the form is valid."""
        told = self.cleaned_data
        row = self.rows.get(told.get("left", ""))
        return RotationWish(
            holder=Holder(row.holder_name, row.person_id) if row else Holder(told["holder"]),
            way=AppointmentWay(told["way"]), to_unit=to_unit, to_post=Post(told["to_post"]),
            began_on=told["began_on"], return_on=told["return_on"], aim=told["aim"],
            document=told["document"], from_unit=row.unit_id if row else None,
            from_post=Post(row.post) if row else None, elsewhere=told.get("elsewhere", ""),
            facts=RotationFacts(
                years_left=told["years_left"], is_planned=truth(told["planned"]),
                adds_post=truth(told["adds_post"]), is_head=truth(told["head"]),
                is_local=truth(told["local"]), terms_here=told["terms_here"],
            ),
            told=Circumstances(after_reform=told["after_reform"]),
        )  # fmt: skip


class RotationEndForm(forms.Form):
    """A return, or a stay for good."""

    how = forms.ChoiceField(
        label=_("Kết thúc thế nào"), widget=forms.RadioSelect,
        choices=[("ve", _("Về, thôi giữ chức ở nơi đến")), ("o-lai", _("Ở lại nơi đến"))],
    )  # fmt: skip
    on = day(_("Từ ngày"))
    document = line(_("Quyết định"), _("Số, ngày văn bản."))
    outcome = forms.CharField(
        label=_("Kết quả so với mục đích"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Nói việc của đơn vị, không nhận xét con người."),
    )  # fmt: skip


class EligibilityForm(NamedForm):
    """What is known of one person for one post; nothing of it is kept."""

    typed_in = "name"

    post = forms.ChoiceField(label=_("Chức danh"))
    way = forms.ChoiceField(
        label=_("Cách giao"), choices=[(one.value, _(one.label)) for one in AppointmentWay]
    )
    from_day = day(_("Nhận từ ngày"))
    name = forms.CharField(
        label=_("Họ và tên"), required=False, max_length=120,
        help_text=_("Để lấy điều sổ chức danh đã có; có thể để trống và ghi số liệu bên dưới."),
    )  # fmt: skip
    person = forms.ChoiceField(label=_("Trong danh sách có"), widget=forms.RadioSelect)
    months_in_post = number(_("Đã giữ chức hiện nay mấy tháng"), most=600)
    years_left = number(_("Còn mấy năm công tác"), most=60)
    terms_here = number(_("Đã giữ chức này ở đây mấy nhiệm kỳ liền"), most=20)
    other_posts = number(_("Đang giữ mấy chức danh khác"))
    other_secretary = number(_("Trong đó làm bí thư mấy nơi"))
    planned = known(_("Trong quy hoạch"))
    local = known(_("Là người địa phương"))
    head = known(_("Chức danh người đứng đầu theo quy định luân chuyển"))
    adds_post = known(_("Phải thêm chức danh để nhận người"))
