"""The certificate on paper."""

import hashlib
import io
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pikepdf
import pypdf
import pytest
import time_machine
from PIL import Image

from certificates import pdf, services
from certificates.models import Certificate
from certificates.pdf import files, fonts
from courses.models import College, Course, Partner, Picture, Tutor
from enrolment.models import Student
from tests.certificates.test_services import be_there, make_held_run

HEALTH = re.compile(r"recovery|psyk|\brus|helse|pasient|bruker|health|mental|diagnos", re.I)


def make_certificate(**fields) -> Certificate:
    """A certificate that is not stored."""
    values = {
        "number": "ABCDEFGHJK",
        "language": "nb",
        "name": "Ingrid Åsheim",
        "title": "Å tro på seg selv",
        "hours": Decimal(4),
        "sessions_attended": 2,
        "first_on": date(2026, 11, 5),
        "last_on": date(2026, 11, 19),
        "place": "Sandnes bibliotek",
        "tutors": ["Bo Ek", "Åse Vik"],
        "college_name": "Skolen ved fjorden",
        "owners": [{"name": "Sandnes kommune", "logo": ""}, {"name": "Sola kommune", "logo": ""}],
        "wording": "Takk for at du var med.",
        "issued_at": datetime(2026, 11, 19, 19, 30, tzinfo=UTC),
    } | fields
    return Certificate(**values)


def read(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def text_of(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def fonts_of(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """The descriptors of all fonts in the document."""
    return [
        each
        for each in document.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]


def parts_of(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """The elements of a kind in the structure tree, in document order."""
    found = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Array):
            for each in element:
                walk(each)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == kind:
                found.append(element)
            walk(element.get("/K"))

    walk(document.Root.StructTreeRoot.K)
    return found


def test_certificate_says_everything_once():
    text = text_of(pdf.render([make_certificate()]))
    for words in (
        "Skolen ved fjorden",
        "KURSBEVIS",
        "Ingrid Åsheim",
        "har deltatt på",
        "Å tro på seg selv",
        "5.–19. november 2026 · 4 timer",
        "Sandnes bibliotek",
        "Bo Ek",
        "Åse Vik",
        "Sandnes kommune, Sola kommune",
        "Takk for at du var med.",
        "19. november 2026 · Nummer ABC-DEFG-HJK",
    ):
        assert text.count(words) == 1, words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ("KURSBEVIS", "har deltatt på", "1 time", "kursholder")),
        ("nn", ("KURSBEVIS", "har delteke på", "1 time", "kurshaldar")),
        ("en", ("CERTIFICATE OF ATTENDANCE", "took part in", "1 hour", "tutor")),
    ],
)
def test_certificate_speaks_the_students_language(language, words):
    data = pdf.render([make_certificate(language=language, hours=Decimal(1))])
    text = text_of(data)
    assert [each for each in words if each not in text] == []
    assert read(data).Root.Lang == language


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "På nett"), ("nn", "På nett"), ("en", "Online")]
)
def test_what_was_held_at_no_venue_was_held_online(language, words):
    text = text_of(pdf.render([make_certificate(language=language, place="", owners=[])]))
    assert f" {words} " in text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_word_of_health_but_what_the_facts_say(language):
    assert HEALTH.search(text_of(pdf.render([make_certificate(language=language)]))) is None


def test_file_is_tagged_and_says_what_it_is():
    document = read(pdf.render([make_certificate()]))
    assert document.Root.MarkInfo.Marked
    assert document.Root.Lang == "nb"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert document.open_metadata()["pdfuaid:part"] == "1"
    assert document.open_metadata()["dc:title"] == "Kursbevis – Ingrid Åsheim"
    assert str(document.docinfo["/Title"]) == "Kursbevis – Ingrid Åsheim"
    assert len(parts_of(document, "/H1")) == 1
    assert len(document.pages) == 1
    box = [float(each) for each in document.pages[0].MediaBox]
    assert [round(each * 25.4 / 72) for each in box] == [0, 0, 210, 297]


def test_drawing_is_marked_as_decoration():
    document = read(pdf.render([make_certificate()]))
    operators = pikepdf.parse_content_stream(document.pages[0])
    inside, drawn = "", []
    for operands, operator in operators:
        if str(operator) in ("BMC", "BDC"):
            inside = str(operands[0])
        elif str(operator) == "EMC":
            inside = ""
        elif str(operator) in ("Do", "f", "S"):
            drawn.append(inside)
    assert drawn
    assert set(drawn) == {"/Artifact"}  # the landscape and the lines; no figure without a code


def test_heading_can_be_read_as_words():
    for language, heading in (("nb", "KURSBEVIS"), ("en", "CERTIFICATE OF ATTENDANCE")):
        data = pdf.render([make_certificate(language=language)])
        page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
        assert heading in page.extract_text(extraction_mode="layout")
        assert heading in page.extract_text()


def languages_of(data: bytes) -> list[tuple[str, str]]:
    """Every paragraph with the language it is told to be in, the section's where it has none."""
    document = read(data)
    reader = pypdf.PdfReader(io.BytesIO(data))
    found = []
    for section in parts_of(document, "/Sect"):
        for element in parts_under(section, ("/P", "/H1")):
            page = document.pages.index(pikepdf.Page(element.Pg))
            words = "".join(marked_text(reader.pages[page], number) for number in marks_of(element))
            found.append((str(element.get("/Lang", section.Lang)), " ".join(words.split())))
    return found


def parts_under(element: pikepdf.Object, kinds: tuple[str, ...]) -> list[pikepdf.Object]:
    if isinstance(element, pikepdf.Array):
        return [found for each in element for found in parts_under(each, kinds)]
    if not isinstance(element, pikepdf.Dictionary):
        return []
    if element.get("/S") in kinds:
        return [element]
    return parts_under(element.get("/K"), kinds)


def marks_of(element: pikepdf.Object) -> list[int]:
    if isinstance(element, pikepdf.Array):
        return [found for each in element for found in marks_of(each)]
    if isinstance(element, pikepdf.Dictionary):
        return marks_of(element.get("/K"))
    return [] if element is None else [int(element)]


def marked_text(page: pypdf.PageObject, number: int) -> str:
    """What is written between the marks of this number."""
    inside, pieces = [False], []

    def before(operator, operands, _matrix, _text_matrix):
        if operator == b"BDC":
            inside[0] = operands[1].get("/MCID") == number
        elif operator == b"EMC":
            inside[0] = False

    def visit(text, *_where):
        if inside[0]:
            pieces.append(text)

    page.extract_text(visitor_operand_before=before, visitor_text=visit)
    return "".join(pieces)


def test_every_paragraph_is_told_in_its_own_language():
    english = make_certificate(
        language="en",
        wording="Thank you for taking part.",
        wording_language="en",
        site_url="https://kurs.example.org",
    )
    assert languages_of(pdf.render([english])) == [
        ("nb", "Skolen ved fjorden"),
        ("en", "CERTIFICATE OF ATTENDANCE"),
        ("en", "Ingrid Åsheim"),
        ("en", "took part in"),
        ("nb", "Å tro på seg selv"),
        ("en", "5–19 November 2026 · 4 hours"),
        ("nb", "Sandnes bibliotek"),
        ("en", "Bo Ek tutor"),
        ("en", "Åse Vik tutor"),
        ("nb", "Sandnes kommune, Sola kommune"),
        ("en", "Thank you for taking part."),
        ("en", "19 November 2026 · Number ABC-DEFG-HJK Check it at kurs.example.org/en/kursbevis"),
    ]


def test_document_of_several_names_nobody_and_tells_each_ones_language():
    names = ["Ingrid Åsheim", "Kari Lie"]
    data = pdf.render(
        [make_certificate(name=names[0]), make_certificate(name=names[1], language="en")]
    )
    document = read(data)
    assert len(document.pages) == 2
    assert str(document.docinfo["/Title"]) == "Kursbevis"
    metadata = str(document.open_metadata()) + str(dict(document.docinfo))
    assert [name for name in names if name in metadata] == []
    assert "/Outlines" not in document.Root
    assert [str(each.Lang) for each in parts_of(document, "/Sect")] == ["nb", "en"]


LONG = {
    "name": "Maximiliana Konstantinopoulou-Hohenzollern av Nordmarken og Sandnesfjorden, den eldre",
    "title": "Å gå ved siden av hverandre i lokalsamfunnet: en innføring for alle som har lyst til "
    "å vite mer om det å være",
    "place": "Sandnes bibliotek · Stavanger kulturhus, store sal i andre etasje · Bryne mølle",
    "tutors": [f"Kursholder Nummer-{each} Etternavnesen" for each in range(9)],
    "owners": [
        {"name": f"Eierorganisasjon nummer {each} i fylket", "logo": ""} for each in range(11)
    ],
    "wording": "Takk for at du delte av deg selv og lærte sammen med oss. " * 4,
}


def test_long_facts_stay_on_one_page_and_all_can_be_read():
    data = pdf.render([make_certificate(**LONG)])
    text = text_of(data)
    assert len(read(data).pages) == 1
    for words in (LONG["name"], LONG["title"], LONG["place"]):
        assert words in text
    for tutor in LONG["tutors"]:
        assert tutor in text
    assert "nummer 10" in text
    assert "ABC-DEFG-HJK" in text


def lines_of(data: bytes, page: int = 0) -> list[tuple[float, float, str]]:
    """Each piece of text with where it begins, in millimetres from the left and from the foot."""
    pieces = []

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x = text_matrix[4] * matrix[0] + matrix[4]
            y = text_matrix[5] * matrix[3] + matrix[5]
            pieces.append((x * 25.4 / 72, y * 25.4 / 72, text))

    pypdf.PdfReader(io.BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return pieces


@pytest.mark.parametrize(
    "fields",
    [
        {},
        LONG,
        {"name": "W" * 100, "title": "W" * 120},
        {"name": "W" * 100, "title": "W" * 120, "tutors": LONG["tutors"][:6]},
        {"name": "W" * 100, "title": "W" * 60, "tutors": LONG["tutors"][:3]},
        {"tutors": LONG["tutors"][:5]},
    ],
    ids=["plain", "long", "wide", "wide, six tutors", "wide name, three tutors", "five tutors"],
)
def test_printers_margins_are_kept_and_facts_end_above_the_signatures(fields):
    certificate = make_certificate(**fields)
    pieces = lines_of(pdf.render([certificate]))
    assert min(x for x, _y, _text in pieces) >= 12
    assert max(x for x, _y, _text in pieces) <= 198
    assert min(y for _x, y, _text in pieces) >= 12
    assert max(y for _x, y, _text in pieces) <= 285
    (facts_end,) = [y for _x, y, text in pieces if "4 timer" in text]
    signed = max(y for _x, y, text in pieces if text.strip().startswith(certificate.tutors[0][:6]))
    assert facts_end - signed > 12


def test_college_stands_as_high_as_ever_over_a_long_name_where_there_is_room():
    def height(**fields) -> float:
        pieces = lines_of(pdf.render([make_certificate(**fields)]))
        (found,) = [y for _x, y, text in pieces if "Skolen" in text]
        return found

    name = "Maximiliana Konstantinopoulou av Norden"
    assert height(name=name) == height()
    assert height(**LONG) > height()


def test_tutors_without_lines_stand_with_the_other_facts():
    pieces = lines_of(pdf.render([make_certificate()], with_signatures=False))
    (facts_end,) = [y for _x, y, text in pieces if "bibliotek" in text]
    (tutors,) = [y for _x, y, text in pieces if "Bo Ek" in text]
    assert 5 < facts_end - tutors < 15


def test_more_tutors_than_lines_are_all_named():
    tutors = [f"Kursholder {each:02}" for each in range(12)]
    text = text_of(pdf.render([make_certificate(tutors=tutors)]))
    assert [tutor for tutor in tutors if tutor not in text] == []


def make_logo(colour: str) -> str:
    stream = io.BytesIO()
    Image.new("RGB", (60, 30), colour).save(stream, "PNG")
    return Picture.objects.create(name=f"{colour}.png", content=stream.getvalue()).name


def logos_on(document: pikepdf.Pdf, page: int = 0) -> int:
    """How many pictures are drawn on the page."""

    def drawn(resources: pikepdf.Object) -> int:
        count = 0
        for each in resources.get("/XObject", {}).values():
            if each.get("/Subtype") == "/Image":
                count += 1
            else:
                count += drawn(each.get("/Resources", {}))
        return count

    return drawn(document.pages[page].Resources)


@pytest.mark.django_db
def test_logos_are_decoration_beside_their_owners_names():
    logo = make_logo("teal")
    data = pdf.render(
        [make_certificate(college_logo=logo, owners=[{"name": "Sola kommune", "logo": logo}])]
    )
    document = read(data)
    assert parts_of(document, "/Figure") == []
    assert logos_on(document) == 2
    assert text_of(data).count("Sola kommune") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "printed"), [(14, 14), (15, 0)])
def test_more_logos_than_a_line_holds_are_names_only(number, printed):
    logo = make_logo("teal")
    owners = [{"name": f"Eier {each:02}", "logo": logo} for each in range(number)]
    data = pdf.render([make_certificate(owners=owners)])
    assert logos_on(read(data)) == printed
    assert f"Eier {number - 1:02}" in text_of(data)


@pytest.mark.django_db
def test_logo_is_stored_once_for_all_pages():
    logo = make_logo("teal")
    document = read(pdf.render([make_certificate(college_logo=logo) for _each in range(5)]))
    images = [
        each
        for each in document.objects
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
    ]
    assert len(images) == 1


@pytest.mark.django_db
def test_many_are_laid_out_in_parts_and_come_as_one_document(monkeypatch):
    logo = make_logo("teal")
    languages = ["nb", "nb", "en", "nn", "nb"]
    certificates = [
        make_certificate(name=f"Student {number}", language=language, college_logo=logo)
        for number, language in enumerate(languages)
    ]
    whole = pdf.render(certificates)
    monkeypatch.setattr("certificates.pdf.document.LAID_OUT_AT_ONCE", 2)
    data = pdf.render(certificates)
    document = read(data)
    assert text_of(data) == text_of(whole)
    assert [str(each.Lang) for each in parts_of(document, "/Sect")] == languages
    assert len(fonts_of(document)) == len(fonts_of(read(whole)))
    assert str(document.docinfo["/Title"]) == "Kursbevis"
    assert pdf.render(certificates) == data
    images = [
        each
        for each in document.objects
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
    ]
    assert len(images) == 1


@pytest.mark.django_db
def test_logo_that_is_missing_or_broken_is_left_out(caplog):
    Picture.objects.create(name="broken.png", content=b"no picture")
    data = pdf.render(
        [make_certificate(college_logo="gone.png", owners=[{"name": "A", "logo": "broken.png"}])]
    )
    assert logos_on(read(data)) == 0
    assert caplog.records == []


def drawn_in(document: pikepdf.Pdf) -> set[str]:
    """The colours that words and lines of the first page have, those of its pictures too."""

    def of(content: pikepdf.Object) -> set[str]:
        found = {
            "#" + bytes(round(float(each) * 255) for each in operands[:3]).hex()
            for operands, operator in pikepdf.parse_content_stream(content)
            if str(operator) in ("rg", "RG", "scn", "SCN") and len(operands) == 3
        }
        for each in content.get("/Resources", {}).get("/XObject", {}).values():
            if each.get("/Subtype") == "/Form":
                found |= of(each)
        return found

    return of(document.pages[0].obj)


@pytest.mark.any_database
def test_certificate_has_the_colour_of_its_college():
    own = drawn_in(read(pdf.render([make_certificate(college_colour="#7a1f4b")])))
    standard = drawn_in(read(pdf.render([make_certificate()])))
    assert standard - own == {"#14464c", "#744100"}  # lines of the landscape, and the heading
    assert own - standard == {"#7a1f4b"}


@pytest.mark.django_db
def test_colours_of_the_day_of_issue_stay():
    run = make_held_run()
    be_there(run)
    College.objects.update(colour="#7a1f4b")
    services.issue(run=run, by=None)
    before = pdf.render([Certificate.objects.get()])
    College.objects.update(colour="#005a9c")
    assert Certificate.objects.get().college_colour == "#7a1f4b"
    assert pdf.render([Certificate.objects.get()]) == before


@pytest.mark.django_db
def test_facts_stay_frozen_when_everything_changes():
    run = make_held_run()
    student = be_there(run)
    services.issue(run=run, by=None)
    before = pdf.render([Certificate.objects.get()])
    Course.objects.update(title="Nytt", discreet_title="Nytt")
    Tutor.objects.update(name="Ny Kursholder")
    College.objects.update(name="Nytt navn", certificate_wordings={"nb": "Nye ord"})
    Partner.objects.create(name="Ny eier")
    Student.objects.filter(pk=student.pk).update(name="Nytt Navn", language="en")
    run.sessions.filter(pk=run.sessions.first().pk).update(
        starts_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    run.venue.name = "Nytt sted"
    run.venue.save()
    assert pdf.render([Certificate.objects.get()]) == before


def test_printing_again_gives_the_same_bytes_whatever_was_printed_between():
    certificates = [make_certificate(), make_certificate(name="علي حسن", number="BBBBBBBBBB")]
    single, both = pdf.render(certificates[:1]), pdf.render(certificates)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert pdf.render(certificates) == both
        assert pdf.render(certificates[:1]) == single


def test_another_process_gives_the_same_bytes():
    """A fresh process, with another hash seed, a day later in another time zone."""
    script = (
        "import django, sys, hashlib; django.setup()\n"
        "from certificates import pdf\n"
        "from tests.certificates.test_pdf import make_certificate\n"
        "document = pdf.render([make_certificate(name='علي Åse 😊')])\n"
        "print(hashlib.sha256(document).hexdigest())\n"
    )
    document = pdf.render([make_certificate(name="علي Åse 😊")])
    seen = {hashlib.sha256(document).hexdigest()}
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        run = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(run.stdout.strip())
    assert len(seen) == 1


def test_only_own_files_are_fetched():
    fetcher = files.fetcher({"a.png": b"x"})
    own = fonts.FONTS / "README.md"
    assert fetcher.fetch("picture:a.png").read() == b"x"
    assert fetcher.fetch(own.as_uri()).read() == own.read_bytes()
    for url in (
        "http://127.0.0.1/",
        "https://example.org/a.css",
        "file:///etc/passwd",
        f"{files.HERE.as_uri()}/../manage.py",
        f"{files.HERE.as_uri()}/%2e%2e/manage.py",
        "data:text/plain,x",
    ):
        with pytest.raises(ValueError, match="Not a file"):
            fetcher.fetch(url)
    with pytest.raises(KeyError):
        fetcher.fetch("picture:other.png")
