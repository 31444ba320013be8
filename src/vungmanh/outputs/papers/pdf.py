"""A paper as PDF: tagged for readers aloud, fonts inside, PDF/A-2a for the archive.

The same paper gives the same bytes: no clock, no chance; where no day is said in the paper, none is
in the file. Fonts are those of the machine, else the one that comes with the installation, so two
machines with different fonts give files that read the same and differ in their letters.
"""

from __future__ import annotations

import atexit
import os
import threading
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import Any

from vungmanh.core.errors import NotNow
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.layout import check_names, layout_of
from vungmanh.outputs.papers.pdf_parts import marked
from vungmanh.outputs.papers.pdf_style import FALLBACK, style

VARIANT = "pdf/a-2a"
#: Each holds all weights from 100 to 900.
_FACES = {"normal": "NotoSerif[wdth,wght].ttf", "italic": "NotoSerif-Italic[wdth,wght].ttf"}
#: The library below shares the fonts it has read between drawings and is not made for two at once.
_one_at_a_time = threading.Lock()


def as_pdf(paper: Paper) -> bytes:
    """The paper as PDF. Raises NotNow where what draws it is not installed."""
    check_names(paper)
    layout = layout_of(paper).layout
    weasyprint = _library()
    with _one_at_a_time:
        fonts, faces = _fonts()
        sheet = weasyprint.CSS(
            string=style(layout, is_landscape=paper.is_landscape), font_config=fonts
        )
        drawn = weasyprint.HTML(string=marked(paper, layout), url_fetcher=_nothing_else())
        made: bytes = drawn.write_pdf(
            stylesheets=[faces, sheet], font_config=fonts, pdf_variant=VARIANT
        )
    return made


def _library() -> Any:
    try:
        import weasyprint
    except ModuleNotFoundError:
        raise NotNow(
            "Chưa cài phần “documents” nên chưa ghi được PDF. Chạy lại ./run không có "
            'VUNGMANH_BASE_ONLY, hoặc: pip install "vungmanh[documents]". Tệp Word vẫn tải được.',
            code="extra-missing",
        ) from None
    except OSError:
        raise NotNow(
            "Máy chủ thiếu thư viện Pango nên chưa ghi được PDF. Cài một lần: apt install "
            "libpango-1.0-0 libpangoft2-1.0-0. Tệp Word vẫn tải được.",
            code="pdf-library-missing",
        ) from None
    return weasyprint


@cache
def _fonts() -> tuple[Any, Any]:
    """The fonts of the machine, and those of the installation under a name of our own."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    # Where the system has no libharfbuzz-subset, fontTools writes the clock into what it embeds.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    atexit.register(_fonts.cache_clear)  # it cannot be let go after the interpreter is taken down
    fonts = FontConfiguration()
    folder = files("fontpkg_noto_serif") / "files"
    faces = "".join(
        f'@font-face {{ font-family: "{FALLBACK}"; font-style: {slant}; '
        f'src: url("{_address(folder / name)}") }}\n'
        for slant, name in _FACES.items()
    )
    return fonts, weasyprint.CSS(string=faces, font_config=fonts, url_fetcher=_only_files())


def _address(file: Traversable) -> str:
    with as_file(file) as path:
        return path.as_uri()


def _only_files() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file",))


def _nothing_else() -> Any:
    """A paper fetches nothing: whatever a text says is a text."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=())
