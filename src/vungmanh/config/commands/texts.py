"""`vungmanh texts`: one's own minutes compared with one another. No database is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import vungmanh
from vungmanh.core.text import number_vi

HELP = """So các biên bản trong tệp của mình: chỗ nào giống nhau, chỗ nào không có nội dung riêng.

Máy mời xem lại, không kết luận thay ai. Không cần cơ sở dữ liệu, không ghi gì vào hệ thống.

Đưa vào một trong hai:

* một **thư mục** tệp `.txt`, `.docx`, tên là đơn vị, gạch dưới, tháng: `Chi bộ Nà Pài_2026-05.docx`
* một **bảng** `.csv`, `.parquet`, `.xlsx` có các cột `unit`, `month`, `text` và, nếu có, `filed_on`
  (hoặc: đơn vị, tháng, nội dung, ngày nộp). Có ngày nộp thì mới biết biên bản nào trước.

Trong thư mục ghi ra: `report.html` (hai biên bản cạnh nhau, chỗ giống được tô), `pairs.xlsx`,
`pairs.csv`.

Ví dụ:

* `vungmanh texts bien-ban --out ket-qua`
* `vungmanh texts bien-ban.xlsx --templates mau --out ket-qua`: bỏ câu chữ của các mẫu
  trong thư mục `mau`
"""


def texts(
    source: Annotated[Path, typer.Argument(metavar="THƯ_MỤC_HOẶC_BẢNG", help="Nơi để biên bản.")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="THƯ_MỤC", help="Nơi ghi kết quả.")] = Path(
        "ket-qua"
    ),
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates",
            metavar="TỆP_HOẶC_THƯ_MỤC",
            help="Mẫu và văn bản cấp trên (.txt, .docx): câu chữ trong ấy là của chung.",
        ),
    ] = None,
) -> None:
    from vungmanh.config.commands.assess_files import Steps
    from vungmanh.outputs.texts.compare import compare
    from vungmanh.outputs.texts.read import read_templates, read_texts
    from vungmanh.outputs.texts.report import finding, report_html
    from vungmanh.outputs.texts.write import check_target, write_found

    console = Console()
    steps = Steps(console)
    check_target(out, source)
    try:
        steps.begin("Đọc biên bản")
        read = read_texts(source)
        given = read_templates(templates) if templates else []
        steps.begin(f"So {number_vi(len(read))} biên bản")
        found = compare(read, given)
        steps.begin("Ghi kết quả")
        paths = write_found(out, found, report_html(found, vungmanh.__version__))
        steps.end()
    except BaseException:
        steps.end(done=False)
        raise
    console.print(f"[bold]{finding(found)}[/]", highlight=False)
    for path in paths:
        console.print(f"  {path}", highlight=False, soft_wrap=True)
