"""What is kept of a photograph or a PDF: what it shows, and nothing of where, who and with what."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from vungmanh.core.errors import InputError
from vungmanh.outputs.attachments.attach import MOST_PDF, MOST_PHOTO, clean_file
from vungmanh.outputs.attachments.pdfs import clean_pdf, without_stamps
from vungmanh.outputs.attachments.photos import LONGEST_SIDE, MOST_PIXELS

GPS, ORIENTATION, MAKE, GPS_LATITUDE = 0x8825, 0x0112, 0x010F, 2
XMP = b"<x:xmpmeta>xa Quan Mau</x:xmpmeta>"


def photo(size: tuple[int, int] = (40, 20), *, form: str = "JPEG", turned: bool = False) -> bytes:
    """A picture that says where and with what it was taken; red at the left, blue at the right."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKE] = "May Mau"
    exif[ORIENTATION] = 6 if turned else 1
    exif[GPS] = {1: "N", GPS_LATITUDE: (21.0, 51.0, 12.0), 3: "E", 4: (106.0, 45.0, 33.0)}
    target = io.BytesIO()
    more = {"xmp": XMP} if form in {"JPEG", "WEBP"} else {}
    picture.save(target, form, exif=exif, **more)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_nothing_of_where_and_with_what_it_was_taken(form: str) -> None:
    sent = photo(form=form)
    assert opened(sent).getexif().get_ifd(GPS)[1] == "N"  # what is sent does tell
    kept = clean_file("ảnh.bin", sent)
    with opened(kept.content) as picture:
        assert dict(picture.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(picture.info)
    assert XMP not in kept.content
    assert b"May Mau" not in kept.content


def test_a_photo_taken_on_its_side_is_stood_upright() -> None:
    with opened(clean_file("a.jpg", photo((400, 200), turned=True)).content) as picture:
        assert picture.size == (200, 400)
        red, _green, blue = picture.getpixel((100, 40))
        assert red > 200 > blue


def test_a_photo_of_a_modern_phone_becomes_one_that_an_old_line_can_carry() -> None:
    kept = clean_file("a.jpg", photo((4000, 3000)))
    with opened(kept.content) as picture:
        assert max(picture.size) <= LONGEST_SIDE
    assert len(kept.content) < 1_000_000


def test_a_scan_with_a_clear_ground_stands_on_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    target = io.BytesIO()
    clear.save(target, "PNG")
    with opened(clean_file("quét.png", target.getvalue()).content) as picture:
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_small_file_that_claims_to_be_a_huge_picture_is_refused_unread() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    for side in (8_000, 40_000):  # above our limit, and above the one at which Pillow gives up
        assert side * side > MOST_PIXELS
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        body = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
        with pytest.raises(InputError, match="triệu") as refused:
            clean_file("bom.png", b"\x89PNG\r\n\x1a\n" + head + body)
        assert refused.value.code == "attachment-too-large"


def test_a_photo_cut_off_on_its_way_is_refused_with_what_to_do() -> None:
    for sent in (photo((800, 600))[:700], photo(form="PNG")[:60], photo(form="WEBP")[:40]):
        with pytest.raises(InputError, match="Chụp lại hoặc chọn lại ảnh") as refused:
            clean_file("a.jpg", sent)
        assert refused.value.code == "attachment-broken"


# --- what it really is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"", "Tệp rỗng"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Tương thích nhất"),
        (b"PK\x03\x04" + b"\0" * 60, "In ra PDF"),
        (b"<html><script>alert(1)</script>", "ảnh JPEG, PNG, WEBP hoặc tệp PDF"),
        (b"GIF89a" + b"\0" * 60, "ảnh JPEG, PNG, WEBP hoặc tệp PDF"),
        (b"<?xml version='1.0'?><svg onload='x()'/>", "ảnh JPEG, PNG, WEBP hoặc tệp PDF"),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused_by_its_content(
    sent: bytes, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        clean_file("ảnh.jpg", sent)
    assert refused.value.field == "file"


def test_the_ending_follows_the_content_and_not_the_name() -> None:
    kept = clean_file("C:\\Users\\x\\trang  điểm\u202e danh.exe", photo())
    assert kept.name == "trang điểm danh.jpg"
    assert kept.media_type == "image/jpeg"
    assert clean_file("../../etc/.", photo()).name.endswith(".jpg")
    assert len(clean_file("a" * 400 + ".jpg", photo()).name) == 120


def test_a_photo_over_ten_megabytes_is_refused_with_both_sizes() -> None:
    with pytest.raises(InputError, match=r"nặng 12.*nhiều nhất 10.*vẫn còn"):
        clean_file("a.jpg", photo() + b"\0" * (12 * 10**6 - len(photo())))
    assert MOST_PHOTO < MOST_PDF


# --- PDF -----------------------------------------------------------------------------------------


def named(**parts: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): part for name, part in parts.items()})


def pdf(*, pages: int = 1, locked: str = "") -> bytes:
    """A document with everything that should not stay in one."""
    writer = PdfWriter()
    for _number in range(pages):
        page = writer.add_blank_page(200, 200)
        script = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("boom"),
            }
        )
        page[NameObject("/AA")] = named(O=script)
        told = DecodedStreamObject()
        told.set_data(XMP)
        page[NameObject("/Metadata")] = writer._add_object(told)
        shot = StreamObject()
        shot._data = photo((64, 32))
        shot.update(
            named(
                Type=NameObject("/XObject"),
                Subtype=NameObject("/Image"),
                Filter=NameObject("/DCTDecode"),
                Width=NumberObject(64),
                Height=NumberObject(32),
                ColorSpace=NameObject("/DeviceRGB"),
                BitsPerComponent=NumberObject(8),
            )
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/XObject"): DictionaryObject(
                    {NameObject("/A0"): writer._add_object(shot)}
                )
            }
        )
        link = named(
            Type=NameObject("/Annot"),
            Subtype=NameObject("/Link"),
            Rect=ArrayObject([NumberObject(0)] * 4),
            A=script,
        )
        writer.add_annotation(_number, FreeText(text="Đã họp", rect=(10, 10, 90, 40)))
        page["/Annots"].append(writer._add_object(link))
    writer.add_attachment("bi-mat.txt", b"tep ben trong")
    writer.add_metadata({"/Author": "Nguoi Lap", "/Producer": "May In"})
    if locked:
        writer.encrypt(locked, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_scripts_files_and_names() -> None:
    sent = pdf(pages=2)
    for told in (
        b"boom",
        b"/EmbeddedFile",
        b"tep ben trong",
        b"Nguoi Lap",
        XMP,
        b"May Mau",
    ):
        assert told in sent
    kept = clean_file("Biên bản.pdf", sent)
    assert kept.pages == 2
    for told in (b"boom", b"/EmbeddedFile", b"tep ben trong", b"Nguoi Lap", b"pypdf", XMP):
        assert told not in kept.content
    assert b"May Mau" not in kept.content
    for name in (b"/JavaScript", b"/JS", b"/AA", b"/EmbeddedFile", b"/Metadata", b"/Link"):
        assert name not in kept.content
    reader = PdfReader(io.BytesIO(kept.content))
    assert [note.get_object()["/Subtype"] for note in reader.pages[0]["/Annots"]] == ["/FreeText"]
    assert reader.pages[0].images[0].image.size == (64, 32)
    assert reader.trailer["/Root"].keys() <= {"/Type", "/Pages"}


def test_a_locked_pdf_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="mật khẩu") as refused:
        clean_pdf(pdf(locked="khoa"))
    assert refused.value.code == "attachment-locked"


def test_a_pdf_that_is_broken_or_far_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="bị hỏng"):
        clean_pdf(b"%PDF-1.7\nrac")
    with pytest.raises(InputError, match="201 trang"):
        clean_pdf(_blank(201))


def _blank(pages: int) -> bytes:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(50, 50)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_picture_inside_a_pdf_keeps_its_pixels_to_the_byte() -> None:
    sent = photo((64, 32))
    bare = without_stamps(sent)
    assert len(bare) < len(sent)
    assert opened(bare).tobytes() == opened(sent).tobytes()
    assert dict(opened(bare).getexif()) == {}
    assert without_stamps(bare) == bare
