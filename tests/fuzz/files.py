"""Files that nobody should bring: bombs, halves, disguises, two kinds in one, and names that lead elsewhere."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache

from openpyxl import Workbook
from PIL import Image

SCRIPT = b"<script>alert(1)</script>"
WHERE_TAKEN = "Kalinkavichy 52.13 N"  # in the photo's own notes: nobody may be told
NAMES = (
    "list.csv",
    "../../../../relief-was-here",
    "..\\..\\relief-was-here.xlsx",
    "/etc/cron.d/relief-was-here",
    "C:\\relief-was-here\\list.csv",
    "\u202efdp.exe",
    "list.csv\x00.png",
    'a"; filename="b.csv',
    "a\r\nSet-Cookie: a=b",
    SCRIPT.decode(),
    "x" * 5000,
    ".",
    " ",
    "con",
)
TYPES = ("text/csv", "image/png", "text/html", "application/x-msdownload", "", "a/b; c=\u00e9", "x" * 5000)
MILLION = 1_000_000


@cache
def files() -> dict[str, bytes]:
    """Return the contents by what they are."""
    return {**_tables(), **_packages(), **_workbooks(), **_pictures()}


def _tables() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "zeros": bytes(1000),
        "every byte": bytes(range(256)) * 40,
        "too large by one": b"a;b\n" * (10 * 1024 * 1024 // 4) + b"x",
        "an endless cell": b'a;b\n"' + b"x" * MILLION * 2,
        "an endless line": b";" * MILLION,
        "an endless header": ";".join(f"column {number}" for number in range(5000)).encode() + b"\n1",
        "many empty lines": b"\n" * MILLION,
        "many quotes": b'"' * 300_001,
        "half an utf-16": b"\xff\xfea\x00;",
        "a formula": "ФИО;Пол\n=HYPERLINK(\"http://evil.example\");ж\n+1;@a".encode(),
        "markup": b"name;sex\n" + SCRIPT + b";f\n",
        "a page": b"<html>" + SCRIPT,
        "a surrogate": b"name;sex\n" + b"\xed\xa0\x80;f\n",
        "a PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        "an old workbook": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000),
        "many years": b"name;birthday\n" + b"a;99999-99-99\nb;0000-00-00\nc;1e400\n",
    }


def _package(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def _packages() -> dict[str, bytes]:
    bomb = _package({"list.csv": bytes(150 * MILLION)})
    inner = _package({"a.csv": b"name;sex\na;f"})
    return {
        "a bomb": bomb,
        "a bomb that lies about its size": bomb.replace(struct.pack("<I", 150 * MILLION), struct.pack("<I", 10)),
        "many bombs": _package({f"{number}.csv": bytes(20 * MILLION) for number in range(12)}),
        "a package in a package": _package({"inner.zip": inner, "list.csv": inner}),
        "many parts": _package({f"{number}.csv": b"a;b\n1;2" for number in range(3000)}),
        "parts that lead elsewhere": _package({f"{way}/relief-was-here.csv": b"a;b\n1;2" for way in ("", "../../..")}),
        "half a package": inner[: len(inner) // 2],
        "a package with a password": inner.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        ),
        "an unknown way of packing": inner.replace(b"\x08\x00", b"\x63\x00"),
        "a package after a picture": _picture("PNG") + inner,
    }


def _workbooks() -> dict[str, bytes]:
    book = Workbook()
    book.active.append(["Номер семьи", "ФИО", "Пол"])
    book.active.append(["1", "=1+1", SCRIPT.decode()])
    stream = io.BytesIO()
    book.save(stream)
    fine = stream.getvalue()
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    end = b"</sheetData></worksheet>"
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheets = {
        "far cells": b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>a</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "farther cells than there are": b'<row r="99999999999"><c r="ZZZZZZ99999999999"><v>1</v></c></row>',
        "a word that is not there": b'<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="B1" t="s"><v>-5</v></c></row>',
        "strange numbers": b'<row r="1"><c r="A1"><v>1e999</v></c><c r="B1" t="d"><v>never</v></c><c r="C1" t="e"><v>#N/A</v></c>'
        b'<c r="D1" s="9999"><v>9e9</v></c></row>',
        "no cell's name": b'<row r="x"><c r="!!"><v>1</v></c></row>',
        "deep": b"<a>" * 200_000,
    }
    changed = {f"a workbook with {name}": _with_sheet(fine, start + rows + end) for name, rows in sheets.items()}
    return {
        "a fine workbook": fine,
        **changed,
        "a workbook of entities": _with_sheet(fine, entities + start + b"<row><c><v>&b;</v></c></row>" + end),
        "a workbook of nothing": _with_sheet(fine, b""),
        "a bomb of a workbook": _with_sheet(fine, start + b"<row/>" * (120 * MILLION // 6) + end),
        "a workbook of macros": _with_part(fine, "xl/vbaProject.bin", b"x"),
        "half a workbook": fine[: len(fine) * 2 // 3],
        "a workbook without its book": _with_part(fine, "xl/workbook.xml", b"<workbook/>"),
    }


def _with_sheet(book: bytes, sheet: bytes) -> bytes:
    return _with_part(book, "xl/worksheets/sheet1.xml", sheet)


def _with_part(book: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        return _package({each: package.read(each) for each in package.namelist()} | {name: content})


def _pictures() -> dict[str, bytes]:
    photo = Image.Exif()
    photo[0x010E] = WHERE_TAKEN  # ImageDescription
    png, jpeg = _picture("PNG"), _picture("JPEG", exif=photo)
    header = png.index(b"IHDR")
    return {
        "a picture": png,
        "a photo that says where": jpeg,
        "a picture of a billion dots": _with_size(png, header, 60_000, 60_000),
        "a picture of no dots": _with_size(png, header, 0, 0),
        "a picture larger than any": _with_size(png, header, 2**31 - 1, 2**31 - 1),
        "a picture with a bomb of words": png[: header + 21] + _bomb_of_words() + png[header + 21 :],
        "half a photo": jpeg[: len(jpeg) // 2],
        "a photo that is a page": jpeg + SCRIPT,
        "a picture that is a program": b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)",
        "many pictures": _picture("GIF", save_all=True, append_images=[Image.new("P", (8, 8), number) for number in range(500)]),
        "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
        "a document in TIFF": _picture("TIFF"),
        "a WebP": _picture("WEBP"),
        "Postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/relief-was-here) (w) file\n",
    }  # fmt: skip


def _bomb_of_words() -> bytes:
    return _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(64 * MILLION)))


def _picture(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new("P" if kind == "GIF" else "RGB", (8, 8)).save(stream, kind, **options)
    return stream.getvalue()


def _with_size(png: bytes, header: int, width: int, height: int) -> bytes:
    facts = struct.pack(">II", width, height) + png[header + 12 : header + 17]
    return png[: header - 4] + _chunk(b"IHDR", facts) + png[header + 21 :]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
