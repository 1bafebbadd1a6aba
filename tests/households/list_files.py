"""Household lists as they really come, odd ones included: each with what must come out of it.

A case is (name, bytes, what comes out): households as `{"H-1": "female 18-59, male 2-5"}`, problems as `[(row, column, code)]`,
codes to explain as `{("sex", "1")}`, or the code of the error that refuses the file as a whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl

ANNA_IVAN = {"H-1": "female 18-59, male 2-5"}
ROWS = [["H-1", "Anna Demo", "f", "34"], ["H-1", "Ivan Demo", "m", "5"]]
HEADER = ["external_id", "member_name", "sex", "age"]


@dataclass(frozen=True)
class ListFile:
    """One file and what must come out of it."""

    name: str
    content: bytes
    households: dict[str, str] = field(default_factory=dict)
    problems: tuple[tuple[int, str, str], ...] = ()
    questions: frozenset[tuple[str, str]] = frozenset()
    error: str = ""
    members: bytes | None = None
    private: dict[str, str] = field(default_factory=dict)


def text(header: list[str], rows: list[list[str]], separator: str = ",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in (header, *rows))


def csv(header: list[str], rows: list[list[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    return text(header, rows, separator).encode(encoding)


def workbook(*sheets: tuple[str, list[list[Any]]], change: Callable[[Any], None] = lambda _book: None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook with one of its parts replaced, or one more."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return stream.getvalue()


def hide_second(book: Any) -> None:
    book.worksheets[1].sheet_state = "veryHidden"


def merge_cells(*ranges: str) -> Callable[[Any], None]:
    def merge(book: Any) -> None:
        for each in ranges:
            book.worksheets[0].merge_cells(each)

    return merge


def protected_zip() -> bytes:
    """A ZIP whose first entry says that it is encrypted."""
    content = bytearray(packed(**{"a.csv": b"external_id\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
GOOD = workbook(("List", [HEADER, *ROWS]))
KOBO_MAIN = [["start", "group_hh/name", "group_hh/village", "_id", "_uuid", "_index"],
             ["2026-01-05", "Anna Demo", "Vetka", 101, "aa-1", 1],
             ["2026-01-05", "Olga Demo", "Loev", 102, "aa-2", 2]]  # fmt: skip
KOBO_MEMBERS = [["members/name", "members/sex", "members/age", "_index", "_parent_table_name", "_parent_index",
                 "_submission__uuid"],
                ["Anna Demo", "female", 34, 1, "form", 1, "aa-1"], ["Ivan Demo", "male", 5, 2, "form", 1, "aa-1"],
                ["Olga Demo", "female", 71, 3, "form", 2, "aa-2"]]  # fmt: skip
ODK_MAIN = csv(["SubmissionDate", "hh-head_name", "KEY"], [["2026-01-05", "Anna Demo", "uuid:1"]])
ODK_MEMBERS = csv(["sex", "age", "PARENT_KEY", "KEY", "SET-OF-members"],
                  [["f", "34", "uuid:1", "uuid:1/m[1]", "x"], ["m", "5", "uuid:1", "uuid:1/m[2]", "x"]])  # fmt: skip
RUSSIAN = ["№ семьи", "ФИО", "Населённый пункт", "Пол", "Возраст"]
RUSSIAN_ROWS = [["H-1", "Иванова Анна", "Ветка", "ж", "34 года"], ["H-1", "", "", "м", "5 лет"]]

FILES = [
    ListFile("comma", csv(HEADER, ROWS), ANNA_IVAN),
    ListFile("semicolon", csv(HEADER, ROWS, ";"), ANNA_IVAN),
    ListFile("tab", csv(HEADER, ROWS, "\t"), ANNA_IVAN),
    ListFile("upright strokes", csv(HEADER, ROWS, "|"), ANNA_IVAN),
    ListFile("byte order mark", csv(HEADER, ROWS, encoding="utf-8-sig"), ANNA_IVAN),
    ListFile("utf-16 with mark, tabs", csv(HEADER, ROWS, "\t", "utf-16"), ANNA_IVAN),
    ListFile("utf-16 little end first, no mark", csv(RUSSIAN, RUSSIAN_ROWS, "\t", "utf-16-le"), ANNA_IVAN),
    ListFile("utf-16 big end first, no mark", csv(HEADER, ROWS, ",", "utf-16-be"), ANNA_IVAN),
    ListFile("windows-1251, Russian headers", csv(RUSSIAN, RUSSIAN_ROWS, ";", "windows-1251"), ANNA_IVAN,
             private={"H-1": "Ветка"}),
    ListFile("windows-1252, French headers",
             csv(["N° ménage", "Nom du chef de ménage", "Localité", "Sexe", "Âge"],
                 [["H-1", "Hélène Démo", "Orléans-Forêt", "femme", "34 ans"], ["H-1", "", "", "garçon", "5 ans"]], ";",
                 "windows-1252"), ANNA_IVAN, private={"H-1": "Orléans-Forêt"}),
    ListFile("Spanish headers", csv(["Código del hogar", "Jefe de hogar", "Sexo", "Edad"],
                                    [["H-1", "Ana", "mujer", "34"], ["H-1", "", "hombre", "5"]]), ANNA_IVAN),
    ListFile("Arabic headers", csv(["رقم الأسرة", "اسم رب الأسرة", "الجنس", "العمر"],
                                   [["H-1", "آنا", "أنثى", "34"], ["H-1", "", "ذكر", "5"]]), ANNA_IVAN),
    ListFile("Arabic headers with a bare number", csv(["الرقم", "اسم رب الأسرة", "الجنس", "العمر"],
                                                      [["H-1", "آنا", "أنثى", "34"], ["H-1", "", "ذكر", "5"]]), ANNA_IVAN),
    ListFile("Arabic digits", csv(["رقم الأسرة", "الاسم", "الجنس", "العمر", "تاريخ الميلاد"],
                                  [["١", "آنا", "أنثى", "٣٤", "١٩٧٨-٠٦-٠١"], ["١", "علي", "ذكر", "۵", ""]]),
             {"١": "female 18-59, male 2-5"}),
    ListFile("separator line", b"sep=;\r\n" + csv(HEADER, ROWS, ";"), ANNA_IVAN),
    ListFile("quoted cells with separators and line ends",
             b'external_id,"member_name",sex,age\n"H-1","Demo, Anna\n""A""",f,34\n"H-1",x,m,5\n', ANNA_IVAN),
    ListFile("title lines above the header", b"Household list;;;\n;;;\n" + csv(HEADER, ROWS, ";"), ANNA_IVAN),
    ListFile("a row of HXL tags", csv(HEADER, [["#id", "#name", "#gender", "#age"], *ROWS]), ANNA_IVAN),
    ListFile("blank rows and columns", csv([*HEADER, "", ""], [ROWS[0], ["", "", "", ""], [*ROWS[1], "", ""]]), ANNA_IVAN),
    ListFile("our own export's apostrophes", csv(["external_id", "phone", "members"], [["H-1", "'+375 29", "1"]]),
             {"H-1": "unknown unknown"}),
    ListFile("one row a household with counts",
             csv(["external_id", "Women 18-59", "Boys 2-5", "members"], [["H-1", "1", "1", "3"]]),
             {"H-1": "female 18-59, male 2-5, unknown unknown"}),
    ListFile("whole numbers through a data frame", csv(HEADER, [["H-1", "A", "f", "34.0"], ["H-1", "B", "m", "5.0"]]), ANNA_IVAN),
    ListFile("ages as text and in months", csv(HEADER, [["H-1", "A", "f", "34 years"], ["H-1", "B", "m", "18 months"]]),
             {"H-1": "female 18-59, male 0-1"}),
    ListFile("empty cells stay unknown", csv(HEADER, [["H-1", "A", "", ""], ["H-1", "B", "n/a", "-"]]),
             {"H-1": "unknown unknown, unknown unknown"}),
    ListFile("birth dates in three spellings", csv(["external_id", "sex", "Date of birth"],
             [["H-1", "f", "18.03.1975"], ["H-1", "m", "25/12/2008"], ["H-1", "m", "2008-12-25T00:00:00"]]),
             {"H-1": "female 18-59, male 2-5, male 2-5"}),
    ListFile("a day that may be a month", csv(["external_id", "birth_date"], [["H-1", "03/04/1995"], ["H-2", "03/04/1980"]]),
             {"H-2": "unknown 18-59"}, ((2, "birth_date", "ask_order"),), frozenset({("birth_date", "order")})),
    ListFile("coded sex", csv(HEADER, [["H-1", "A", "1", "34"], ["H-2", "B", "2", "5"]]), {},
             ((2, "sex", "ask_meaning"), (3, "sex", "ask_meaning")), frozenset({("sex", "1"), ("sex", "2")})),
    ListFile("M beside H is not M beside F", csv(HEADER, [["H-1", "A", "M", "34"], ["H-2", "B", "H", "5"]]), {},
             ((2, "sex", "ask_meaning"), (3, "sex", "ask_meaning")), frozenset({("sex", "m"), ("sex", "h")})),
    ListFile("M alone may be mujer", csv(["Código del hogar", "Sexo", "Edad"], [["H-1", "M", "34"], ["H-2", "", "5"]]),
             {"H-2": "unknown 2-5"}, ((2, "sex", "ask_meaning"),), frozenset({("sex", "m")})),
    ListFile("M beside a Spanish word", csv(HEADER, [["H-1", "A", "M", "34"], ["H-2", "B", "hombre", "5"]]), {"H-2": "male 2-5"},
             ((2, "sex", "ask_meaning"),), frozenset({("sex", "m")})),
    ListFile("M beside femenino", csv(HEADER, [["H-1", "A", "M", "34"], ["H-2", "B", "femenino", "5"]]),
             {"H-1": "male 18-59", "H-2": "female 2-5"}),
    *(ListFile(f"a line of totals: {words}", csv(["№ семьи", "Глава семьи", "Состав семьи"], [["H-1", "A", "2"], cells], ";"),
               {"H-1": "unknown unknown, unknown unknown"}, ((3, "external_id", "totals"),))
      for words in ("Итого", "ВСЕГО:", "Усяго", "Total", "Total général", "Sub-total", "المجموع", "Итого по деревне: 25")
      for cells in ([words, "2", ""], ["", words, "2"])),
    ListFile("a line of totals with a number of its own", csv(["№", "ФИО", "Пол", "Возраст"], [["1", "Жук Олег", "м", "71"],
             ["2", "Всего", "", ""]]), {"1": "male 60+"}, ((3, "external_id", "totals"),)),
    ListFile("a number that only begins like a total", csv(["external_id", "members"], [["totalitarian-1", "1"]]),
             {"totalitarian-1": "unknown unknown"}),
    ListFile("age nought", csv(HEADER, [["H-1", "A", "f", "0"], ["H-2", "B", "f", "5"]]), {"H-2": "female 2-5"},
             ((2, "age", "ask_zero"),), frozenset({("age", "0")})),
    ListFile("graded disability", csv(["external_id", "sex", "disability"], [["H-1", "f", "1"], ["H-2", "f", "2"]]), {},
             ((2, "disability", "ask_meaning"), (3, "disability", "ask_meaning")),
             frozenset({("disability", "1"), ("disability", "2")})),
    ListFile("an age band that became a date", csv(["external_id", "age_band"], [["H-1", "06.Dec"], ["H-2", "2-5"]]),
             {"H-2": "unknown 2-5"}, ((2, "age_band", "not_an_age_band"),)),
    ListFile("a failed formula", csv(HEADER, [["H-1", "#N/A", "f", "34"], ["H-2", "B", "m", "5"]]), {"H-2": "male 2-5"},
             ((2, "member_name", "spreadsheet_error"),)),
    ListFile("workbook", GOOD, ANNA_IVAN),
    ListFile("workbook with formulas that nobody has worked out", workbook(("List", [
        HEADER, ["H-1", "=CONCATENATE(1,2)", "f", "34"], ["H-2", "B", "m", "=2+3"], ["H-3", "C", "m", "5"],
        ["", "", "", "=1+1"],
    ])), {"H-3": "male 2-5"}, ((2, "member_name", "spreadsheet_error"), (3, "age", "spreadsheet_error"))),
    ListFile("workbook with days that it shows as numbers", workbook(("List", [
        ["external_id", "birth_date"], ["H-1", 28915], ["H-2", date(2008, 12, 25)], ["H-3", 1975],
    ])), {"H-2": "unknown 2-5", "H-3": "unknown 18-59"}, ((2, "birth_date", "day_as_number"),)),
    ListFile("workbook with numbers, days and truth", workbook(("List", [
        ["external_id", "sex", "birth_date", "disability"],
        [1, "f", datetime.fromisoformat("1975-03-18"), True], [2, "m", date(2008, 12, 25), False],
    ])), {"1": "female 18-59", "2": "male 2-5"}),
    ListFile("workbook where a spreadsheet made a day of an age band", workbook(("List", [
        ["external_id", "age_band"], ["H-1", datetime.fromisoformat("2013-12-06")], ["H-2", "2-5"],
    ])), {"H-2": "unknown 2-5"}, ((2, "age_band", "not_an_age_band"),)),
    ListFile("workbook whose household numbers are merged, and a sex and a title", workbook(("List", [
        ["Families of May"], [], ["№", "Member name", "Sex", "Age"], ["H-1", "A", "f", 34], [None, "B", None, 5],
        ["H-2", "C", "m", None], [None, "D", "f", 71],
    ]), change=merge_cells("A1:D1", "A4:A5", "C4:C5", "A6:A7")),
             {"H-1": "female 18-59, unknown 2-5", "H-2": "male unknown, female 60+"}),
    ListFile("workbook with a note, a list and a hidden sheet", workbook(
        ("Read me", [["This is a note"]]), ("Choices", [HEADER, ["X", "x", "f", "1"]]),
        ("List", [["List of 5 May"], [], HEADER, *ROWS, [None]]),
        change=hide_second), ANNA_IVAN),
    ListFile("Kobo workbook with a repeat group", workbook(("form", KOBO_MAIN), ("members", KOBO_MEMBERS)),
             {"aa-1": "female 18-59, male 2-5", "aa-2": "female 60+"}, private={"aa-1": "Vetka"}),
    ListFile("Kobo household without members", workbook(("form", KOBO_MAIN), ("members", KOBO_MEMBERS[:3])),
             {"aa-1": "female 18-59, male 2-5"}, ((3, "members", "missing"),)),
    ListFile("ODK files, one by one", ODK_MAIN, {"uuid:1": "female 18-59, male 2-5"}, members=ODK_MEMBERS),
    ListFile("ODK members alone", ODK_MEMBERS, {"uuid:1": "female 18-59, male 2-5"}),
    ListFile("Kobo members alone", workbook(("members", KOBO_MEMBERS)), {"aa-1": "female 18-59, male 2-5", "aa-2": "female 60+"}),
    ListFile("ODK archive", packed(**{"form.csv": ODK_MAIN, "form-members.csv": ODK_MEMBERS}),
             {"uuid:1": "female 18-59, male 2-5"}),
    ListFile("second file of something else", csv(HEADER, ROWS), error="bad_input", members=csv(["a", "b"], [["1", "2"]])),
    ListFile("macros", with_part(GOOD, "xl/vbaProject.bin", b"x"), error="macros"),
    ListFile("declared entities",
             with_part(GOOD, "xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst/>'),
             error="declarations"),
    ListFile("declared entities in UTF-16", with_part(GOOD, "xl/sharedStrings.xml", '<!DOCTYPE a []><sst/>'.encode("utf-16")),
             error="declarations"),
    ListFile("old workbook", OLE, error="xls"),
    ListFile("workbook with a password", OLE + "EncryptedPackage".encode("utf-16-le"), error="encrypted"),
    ListFile("archive with a password", protected_zip(), error="encrypted"),
    ListFile("ODS", packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<a/>"}), error="ods"),
    ListFile("XLSB", packed(**{"xl__workbook.bin": b"x"}), error="xlsb"),
    ListFile("a letter", packed(**{"word__document.xml": b"<a/>"}), error="not_a_list"),
    ListFile("a page called XLS", b"<html><table><tr><td>external_id</td></tr></table></html>", error="not_a_list"),
    ListFile("a picture", b"\x89PNG\r\n\x1a\n" + bytes(200), error="not_a_list"),
    ListFile("cut workbook", GOOD[: len(GOOD) // 2], error="damaged"),
    ListFile("broken sheet", with_part(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), error="damaged"),
    ListFile("empty", b"", error="bad_input"),
    ListFile("only a header", csv(HEADER, []), {}),
    ListFile("no number of households", csv(["colour", "sex"], [["red", "f"]]), error="bad_input"),
]  # fmt: skip
