"""Files by state, causes, measures, and who is slow to change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.timezone import localdate

from vungmanh.core.programme_words import FileState, MeasureState
from vungmanh.core.text import date_vi
from vungmanh.outputs.programmes.asked import Asked, FileThen
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record, Row, count
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import CauseCatalogue, MeasureCatalogue
from vungmanh.strengthening.file_causes import seen_on_site
from vungmanh.strengthening.following import courses_of, last_whole
from vungmanh.strengthening.models import FileCause, FileMeasure
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.year_addresses import Address

FILES, CAUSES, MEASURES, SLOW = "ho-so", "nguyen-nhan", "bien-phap", "cham"
_SHARES = (46, 18)


def files(asked: Asked) -> Chapter:
    """In which state the files stood at the end, what came and went in the period, and the list."""
    some = asked.files
    S = FileState

    def line(label: str, code: str, which: Callable[[FileThen], bool]) -> Row:
        found = (_of(one) for one in some if which(one))
        return Row(label, (count(f"{FILES}.{code}", "hồ sơ củng cố", found),))

    open_ = [state for state in S if state not in OVER and state is not S.HOLDING]
    rows = [
        line("Hồ sơ đã lập từ đầu đề án", "tat-ca", lambda one: True),
        line("Đang mở, chưa ra khỏi diện", "dang-mo", lambda one: one.state in open_),
        *(
            line(f"Trong đó: {state.label.lower()}", state.value, _in_state(state))
            for state in open_
        ),
        *(line(state.label, state.value, _in_state(state))
          for state in (S.HOLDING, S.CLOSED, S.RELAPSED, S.ENDED, S.WITHDRAWN)),
    ]  # fmt: skip
    moves = [
        line("Vào diện trong kỳ", "vao", lambda one: asked.is_within(one.file.entered_on)),
        line("Ra khỏi diện trong kỳ", "ra", lambda one: asked.is_within(one.file.exited_on)),
        line("Tái yếu trong kỳ", "tai-yeu-trong-ky", lambda one: one.state is S.RELAPSED
             and asked.is_within(one.file.ended_on)),
    ]  # fmt: skip
    listed = tuple(
        Row(one.name, (date_vi(one.file.entered_on), one.state.label), one.address) for one in some
    )
    heads = ("Trạng thái", "Số hồ sơ")
    return Chapter(
        FILES,
        "Hồ sơ củng cố",
        grids=(
            Grid("Đến cuối kỳ", heads, tuple(rows), _SHARES),
            Grid("Trong kỳ", heads, tuple(moves), _SHARES),
            Grid("Danh sách nơi được tập trung củng cố", ("Đơn vị", "Vào diện", "Trạng thái"),
                 listed, (46, 18, 36), "Chưa có hồ sơ nào trong phạm vi này."),
        ),
    )  # fmt: skip


def _in_state(state: FileState) -> Callable[[FileThen], bool]:
    return lambda one: one.state is state


def _of(one: FileThen) -> Record:
    told = f"vào diện ngày {date_vi(one.file.entered_on)}; {one.state.label.lower()}"
    return Record(one.name, told, one.address)


def causes(asked: Asked) -> Chapter:
    """The causes that were approved by then, and how many of them were verified on the spot."""
    by_file = {one.file.pk: one for one in asked.files}
    catalogue = load_rulebook().on(asked.on).of(CauseCatalogue)
    found: dict[str, list[FileCause]] = defaultdict(list)
    for cause in FileCause.objects.filter(file__in=by_file).order_by("at", "pk"):
        is_left = cause.withdrawn_at is None or localdate(cause.withdrawn_at) > asked.on
        if is_left and cause.pk in by_file[cause.file_id].causes:
            found[cause.cause].append(cause)

    def cell(code: str, counted: str, some: Iterable[FileCause]) -> Figure:
        return count(code, counted, (
            Record(by_file[one.file_id].name, one.document or one.evidence, Address(
                "support_cause", {"file_id": str(one.file_id), "cause_id": str(one.pk)}))
            for one in some
        ))  # fmt: skip

    rows, site = [], seen_on_site([each for some in found.values() for each in some])
    for one in catalogue.causes:
        if some := found.pop(one.code, None):
            seen = [each for each in some if each.pk in site and site[each.pk] <= asked.on]
            code = f"{CAUSES}.{one.code}"
            rows.append(Row(one.text, (
                cell(code, "nguyên nhân đã được duyệt", some),
                cell(f"{code}.tai-cho", "nguyên nhân đã xác minh tại chỗ", seen),
            )))  # fmt: skip
    for code, some in sorted(found.items()):
        rows.append(Row(code, (cell(f"{CAUSES}.{code}", "nguyên nhân đã được duyệt", some), "–")))
    heads = ("Nguyên nhân", "Số hồ sơ", "Đã xác minh tại chỗ")
    grid = Grid("", heads, tuple(rows), (60, 18, 22), "Chưa có chẩn đoán nào được duyệt.")
    said = ("Chỉ tính nguyên nhân trong chẩn đoán đã được duyệt; mỗi hồ sơ có thể có nhiều.",)
    return Chapter(CAUSES, "Nguyên nhân đã tìm ra", said, grids=(grid,))


def measures(asked: Asked) -> Chapter:
    """The measures of approved plans by kind: done with a record as proof, late, dropped."""
    by_file = {one.file.pk: one for one in asked.files}
    planned = {pk for one in asked.files for pk in one.measures}
    found: dict[str, list[FileMeasure]] = defaultdict(list)
    for measure in FileMeasure.objects.filter(pk__in=planned).order_by("due_on", "pk"):
        found[measure.kind].append(measure)

    def state(one: FileMeasure) -> MeasureState:
        """On the day of the report: what ended later was still planned."""
        is_over = one.ended_on is not None and one.ended_on <= asked.on
        return MeasureState(one.state) if is_over else MeasureState.PLANNED

    def cell(code: str, counted: str, some: Iterable[FileMeasure]) -> Figure:
        return count(code, counted, (
            Record(
                by_file[one.file_id].name,
                f"{one.text or one.output}; hạn {date_vi(one.due_on)}; {state(one).label.lower()}",
                Address("support_measure",
                        {"file_id": str(one.file_id), "measure_id": str(one.pk)}),
            ) for one in some
        ))  # fmt: skip

    M, rows = MeasureState, []
    known = {
        one.code: one.text for one in load_rulebook().on(asked.on).of(MeasureCatalogue).measures
    }
    for kind in sorted(
        found, key=lambda one: (list(known).index(one) if one in known else 999, one)
    ):
        some, code = found[kind], f"{MEASURES}.{kind}"
        done = [one for one in some if state(one) is M.DONE]
        late = [one for one in some if state(one) is M.PLANNED and one.due_on < asked.on]
        rows.append(Row(known.get(kind, kind), (
            cell(code, "biện pháp trong kế hoạch đã duyệt", some),
            cell(f"{code}.lam", "biện pháp đã làm", done),
            cell(f"{code}.can-cu", "biện pháp đã làm, có bản ghi làm căn cứ",
                 [one for one in done if one.proof]),
            cell(f"{code}.qua-han", "biện pháp quá hạn chưa xong", late),
            cell(f"{code}.thoi", "biện pháp không làm nữa",
                 [one for one in some if state(one) is M.DROPPED]),
        )))  # fmt: skip
    heads = ("Biện pháp", "Theo kế hoạch", "Đã làm", "Có bản ghi làm căn cứ", "Quá hạn",
             "Không làm nữa")  # fmt: skip
    grid = Grid(
        "", heads, tuple(rows), (40, 12, 12, 12, 12, 12), "Chưa có kế hoạch nào được duyệt."
    )
    return Chapter(MEASURES, "Biện pháp", grids=(grid,))


def slow(asked: Asked) -> Chapter:
    """Units below the path of their diagnosis in the latest months; not reported is not slow."""
    until = asked.on
    tried = [
        one
        for one in asked.files
        if one.state in (FileState.ACTING, FileState.EXIT_ASKED) and one.file.path
        and last_whole(until) > one.file.entered_on
    ]  # fmt: skip
    courses = courses_of([one.file for one in tried], until)
    found = [one for one in tried if courses[one.file.pk].is_slow]
    rows = (
        Row("Đang theo kế hoạch, đã có đường đi dự kiến", (
            count(f"{SLOW}.xet", "hồ sơ đang theo kế hoạch", (_of(one) for one in tried)),)),
        Row("Dưới đường dự kiến nhiều tháng liền", (
            count(f"{SLOW}.cham", "hồ sơ chuyển biến chậm", (_of(one) for one in found)),)),
        Row("Trong số đó: chưa cử người kiểm điểm", (
            count(f"{SLOW}.chua-cu", "hồ sơ chậm chưa cử người kiểm điểm",
                  (_of(one) for one in found if one.file.reviewer_id is None)),)),
    )  # fmt: skip
    said = (
        "So với đường đi mà chẩn đoán cho phép chờ đợi; tháng chưa báo cáo không bị coi là chậm.",
    )
    grid = Grid("", ("Chuyển biến", "Số hồ sơ"), rows, _SHARES)
    return Chapter(SLOW, "Nơi chuyển biến chậm", said, grids=(grid,))
