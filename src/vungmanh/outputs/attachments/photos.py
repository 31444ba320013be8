"""A picture made anew from its pixels: upright, of a sensible size, without EXIF, GPS or XMP."""

from __future__ import annotations

import io
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi
from vungmanh.outputs.attachments.sniff import JPEG, PNG

#: What is decoded at most: a file of a few kB can claim to be a picture of gigabytes.
MOST_PIXELS = 50_000_000
#: A page of A4 is readable at this size; a photograph needs no more.
LONGEST_SIDE = 2400
QUALITY = 82


def clean_photo(data: bytes, media_type: str) -> tuple[bytes, str]:
    """The picture and what it is now. PNG stays PNG (scans are sharp and small), the rest is JPEG.

    Raises InputError for a picture that is too large or broken.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_large(f"{opened.width} × {opened.height} điểm ảnh")
            # A JPEG is decoded at half or a quarter at once, which spares the memory of an old PC.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright, media_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(f"hơn {number_vi(MOST_PIXELS / 1e6)} triệu điểm ảnh") from None
    except (OSError, SyntaxError, ValueError, EOFError):  # Pillow's answers to a broken file
        raise InputError(
            "Ảnh bị hỏng hoặc tải lên chưa trọn. Chụp lại hoặc chọn lại ảnh.",
            field="file",
            code="attachment-broken",
        ) from None


def _written(picture: Any, media_type: str) -> tuple[bytes, str]:
    """Through a blank picture, so that nothing the file carried beside its pixels comes along."""
    from PIL import Image

    as_png = media_type == PNG
    mode = picture.mode if as_png and picture.mode in {"1", "L"} else "RGB"
    blank = Image.new(mode, picture.size, "white")
    if "A" in picture.getbands() or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        blank.paste(shown, mask=shown.getchannel("A"))
    else:
        blank.paste(picture.convert(mode))
    target = io.BytesIO()
    if as_png:
        blank.save(target, "PNG", optimize=True)
    else:
        blank.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return target.getvalue(), PNG if as_png else JPEG


def _too_large(size: str) -> InputError:
    return InputError(
        f"Ảnh quá lớn: {size}, nhiều nhất {number_vi(MOST_PIXELS / 1e6)} triệu. Chụp lại ở cỡ ảnh "
        "thường rồi đính kèm.",
        field="file",
        code="attachment-too-large",
    )
