"""What pages are served with, built at install time: font, icons, one style sheet, catalogues.

`prepare` builds all of it into one folder from installed packages and our own sources. It looks at
a content stamp first, so that calling it at every start costs nothing.

    <build_dir>/static/vungmanh/vungmanh.css      our CSS files in one, tokens first, print last
    <build_dir>/static/vungmanh/fonts/*.woff2
    <build_dir>/static/vungmanh/icons.svg
    <build_dir>/locale/<language>/LC_MESSAGES/django.mo

htmx needs nothing: it is served from the installed django-htmx.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from vungmanh.web import webfont

HERE = Path(__file__).parent
STYLES = HERE / "static/vungmanh/css"
LOCALES = HERE / "locale"

#: The icons that templates name. Pages speak in words: an icon only where a word has no room.
ICONS = ("search", "x")

_PACKAGES = ("fontpkg-be-vietnam-pro", "fonttools", "lucide", "polib")
_FIRST, _LAST = ("tokens.css", "base.css", "frame.css"), ("print.css",)


def prepare(build_dir: Path) -> None:
    """Build everything into `build_dir`, unless what is there was made from the same sources.

    Raises OSError when the folder cannot be written.
    """
    stamp_file, stamp = build_dir / "assets.stamp", _stamp()
    products = _products(build_dir)
    if _read(stamp_file) == stamp and all(path.exists() for path in products):
        return
    for path, make in products.items():
        _write(path, make())
    _write(stamp_file, stamp.encode())


def _products(build_dir: Path) -> dict[Path, Callable[[], bytes]]:
    """Every file to be built, with what makes its content."""
    ours = build_dir / "static/vungmanh"
    made: dict[Path, Callable[[], bytes]] = {
        ours / "vungmanh.css": lambda: style_sheet().encode(),
        ours / "icons.svg": icon_sprite,
    }
    for weight in webfont.WEIGHTS:
        made[ours / "fonts" / webfont.file_name(weight)] = partial(webfont.build, weight)
    for catalogue in catalogues():
        target = build_dir / "locale" / catalogue.relative_to(LOCALES).with_suffix(".mo")
        made[target] = partial(compiled, catalogue)
    return made


def style_files() -> list[Path]:
    """Our CSS files in the order in which they are joined. Layers, not order, decide who wins."""
    names = {path.name: path for path in STYLES.glob("*.css")}
    middle = sorted(set(names) - {*_FIRST, *_LAST})
    return [names[name] for name in (*_FIRST, *middle, *_LAST)]


def style_sheet() -> str:
    """One style sheet: a phone on a slow line asks once instead of twenty times."""
    joined = "\n".join(path.read_text(encoding="utf-8") for path in style_files())
    return _COMMENT.sub("", webfont.face_css() + "\n" + joined)


_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


def icon_sprite() -> bytes:
    """The icons in use as symbols of one SVG file, coloured by the text they stand in."""
    archive = (files("lucide") / "lucide.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as drawings:
        symbols = [_symbol(name, drawings.read(f"{name}.svg").decode()) for name in ICONS]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _symbol(name: str, drawing: str) -> str:
    inner = re.sub(r"\s+", " ", drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]).strip()
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
    )


def catalogues() -> list[Path]:
    """The translation sources, one per language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def compiled(catalogue: Path) -> bytes:
    """A translation source as the .mo file that Django reads."""
    import polib  # slow to import, and needed once per installation

    return polib.pofile(str(catalogue), encoding="utf-8").to_binary()


def _stamp() -> str:
    """Changes whenever anything that `prepare` reads has changed."""
    seen = hashlib.sha256()
    for package in _PACKAGES:
        seen.update(f"{package} {version(package)}\n".encode())
    for path in [HERE / "assets.py", HERE / "webfont.py", *style_files(), *catalogues()]:
        seen.update(f"{path.relative_to(HERE)}\n".encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _write(path: Path, content: bytes) -> None:
    """Put a file in its place in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(path)
