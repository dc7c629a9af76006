"""A table as a spreadsheet: XLSX, and CSV as Norwegian spreadsheet programs read it.

Whatever people have written stays text: no cell becomes a formula, and no phone number a number.
"""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from defusedcsv import csv
from django.db.models import TextChoices
from django.utils.translation import gettext


class Share(float):
    """A part of a whole, from 0 to 1: shown as per cent."""


Cell = str | date | int | float | None

# What some spreadsheet programs take for the beginning of a formula, beside what `defusedcsv`
# knows: the same signs as East Asian keyboards write them.
WIDE_SIGNS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
DAY = "dd.mm.yyyy"
NARROWEST, WIDEST = 6, 48  # characters
TITLE_AT_MOST = 31  # characters; and none of these
NOT_IN_TITLES = str.maketrans("[]:*?/\\", "       ")
A4 = 9  # as XLSX numbers sizes of paper


class Format(TextChoices):
    """In which form a file is taken out. The values stand in addresses and names of files."""

    XLSX = "xlsx", "Excel (XLSX)"
    CSV = "csv", "CSV"

    @property
    def content_type(self) -> str:
        if self == Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """A table with what stands over it: what it is about, and what it may be used for."""

    title: str
    about: str
    terms: str
    heads: Sequence[str | date]
    rows: Sequence[Sequence[Cell]]

    @property
    def lines_above(self) -> list[str]:
        return [self.about, self.terms]


def write(sheets: Sequence[Sheet], form: Format) -> bytes:
    """The file, as its bytes: a page for each sheet, or in CSV one after the other.

    Nothing is written to a disk.
    """
    return _csv(sheets) if form == Format.CSV else _xlsx(sheets)


def one_line(text: str) -> str:
    """The text without what no cell shows: line breaks, tabs, and other control characters."""
    kept = (" " if unicodedata.category(each) == "Cc" else each for each in text)
    return "".join(kept).strip()


def _csv(sheets: Sequence[Sheet]) -> bytes:
    """With semicolons, decimal comma and the mark that tells a program that it is UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        writer.writerows([_as_text(line)] for line in sheet.lines_above)
        writer.writerow([])
        writer.writerow([_as_text(head) for head in sheet.heads])
        writer.writerows([_as_text(cell) for cell in row] for row in sheet.rows)
    return stream.getvalue().encode("utf-8-sig")


def _as_text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, Share):
        return f"{cell * 100:.0f} %"
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    text = one_line(cell)
    return f"'{text}" if text.startswith(WIDE_SIGNS) else text


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for number, sheet in enumerate(sheets, start=1):
        title = one_line(sheet.title).translate(NOT_IN_TITLES).strip("' ")
        # A program refuses two pages of one name.
        _page(book, sheet, f"{number} {title}"[:TITLE_AT_MOST] if len(sheets) > 1 else title)
    book.close()
    return stream.getvalue()


def _page(book: Any, sheet: Sheet, title: str) -> None:
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "valign": "top"})
    quiet = book.add_format({"italic": True})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    head_day = book.add_format(
        {"bold": True, "bottom": 1, "num_format": DAY, "align": "left", "valign": "top"}
    )
    # «@»: a phone number that somebody corrects in the file stays text as well.
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": DAY})
    share = book.add_format({"num_format": "0 %"})
    page.write_string(0, 0, one_line(sheet.about), bold)
    page.write_string(1, 0, one_line(sheet.terms), quiet)
    first = len(sheet.lines_above) + 1
    for column, name in enumerate(sheet.heads):
        if isinstance(name, date):
            page.write_datetime(first, column, name, head_day)
        else:
            page.write_string(first, column, one_line(name), head)
        page.set_column(column, column, _width([name, *(row[column] for row in sheet.rows)]))
    for number, row in enumerate(sheet.rows, start=first + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(number, column, cell, day)
            elif isinstance(cell, str):
                page.write_string(number, column, one_line(cell), text)
            elif isinstance(cell, Share):
                page.write_number(number, column, cell, share)
            elif cell is not None:
                page.write_number(number, column, cell)
    page.freeze_panes(first + 1, 1)
    if sheet.rows:
        page.autofilter(first, 0, first + len(sheet.rows), len(sheet.heads) - 1)
    page.repeat_rows(first)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    numbering = gettext("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    page.set_footer(f"&C{numbering}")


def _width(cells: Sequence[Cell]) -> int:
    """Characters: as wide as the widest cell, with room for the button of the filter."""
    widest = max(10 if isinstance(each, date) else len(str(each or "")) for each in cells)
    return min(max(widest + 3, NARROWEST), WIDEST)
