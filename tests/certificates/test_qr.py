"""The code on a certificate, and the line that says in words what it leads to."""

import io
import re

import pikepdf
import pytest
import segno
from PIL import Image

from certificates import pdf, qr, services
from certificates.models import Certificate
from tests import factories
from tests.certificates.test_pdf import LONG, make_certificate, text_of
from tests.certificates.test_services import be_there, make_held_run

pytestmark = pytest.mark.django_db

SITE = "https://kurs.example.org"


def page_operators(data: bytes, page: int = 0) -> str:
    document = pikepdf.open(io.BytesIO(data))
    return document.pages[page].Contents[1].read_bytes().decode("latin-1")


def code_on(operators: str) -> list[list[int]]:
    """The modules of the drawn code, read back from its boxes."""
    (scale, boxes) = re.search(
        r"q (0\.\d+) 0 0 \1 0 0 cm 0 g ((?:\d+ \d+ \d+ 1 re ?)+) f Q", operators
    ).groups()
    size = round(1 / float(scale))
    modules = [[0] * size for _row in range(size)]
    for x, y, width in re.findall(r"(\d+) (\d+) (\d+) 1 re", boxes):
        for column in range(int(x), int(x) + int(width)):
            modules[size - int(y) - 1][column] = 1
    return modules


def code_for(text: str) -> list[list[int]]:
    return [list(row) for row in segno.make_qr(text, error="m", mask=qr.MASK).matrix]


@pytest.mark.parametrize(
    ("language", "path", "words"),
    [
        ("nb", "/kursbevis/", "Sjekk det på kurs.example.org/kursbevis"),
        ("nn", "/nn/kursbevis/", "Sjekk det på kurs.example.org/nn/kursbevis"),
        ("en", "/en/kursbevis/", "Check it at kurs.example.org/en/kursbevis"),
    ],
)
def test_code_and_line_lead_to_the_page_in_the_certificates_language(language, path, words):
    data = pdf.render([make_certificate(site_url=SITE, language=language)])
    assert code_on(page_operators(data)) == code_for(f"{SITE}{path}#ABCDEFGHJK")
    assert words in text_of(data)


def test_printed_address_is_that_of_the_page(client):
    factories.make_college()
    for language in ("nb", "nn", "en"):
        address = make_certificate(site_url=SITE, language=language).verify_address
        assert client.get(address.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("fields", [{}, LONG], ids=["plain", "long"])
def test_code_is_a_picture_with_words_in_the_structure(fields):
    document = pikepdf.open(io.BytesIO(pdf.render([make_certificate(site_url=SITE, **fields)])))
    figures = [each for each in document.objects if is_part(each, "/Figure")]
    assert [str(each.Alt) for each in figures] == ["QR-kode til siden der kursbeviset kan sjekkes"]
    assert len(document.pages) == 1
    content = document.pages[0].Contents[1].read_bytes()
    # The boxes are drawn between the beginning and the end of what is marked as the figure.
    assert re.search(
        rb"/Figure\s+<<[^>]*/MCID \d+[^>]*>>\s+BDC(?:(?!EMC).)*? re f Q", content, re.S
    )


def is_part(each: pikepdf.Object, kind: str) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind


def test_each_page_has_its_own_code_also_beside_logos_and_in_parts(monkeypatch):
    monkeypatch.setattr("certificates.pdf.document.LAID_OUT_AT_ONCE", 2)
    numbers = ["ABCDEFGHJK", "BCDEFGHJKM", "CDEFGHJKMN"]
    certificates = [make_certificate(site_url=SITE, number=number) for number in numbers]
    certificates[1].site_url = ""
    data = pdf.render(certificates)
    assert code_on(page_operators(data, 0)) == code_for(f"{SITE}/kursbevis/#ABCDEFGHJK")
    assert " 1 re" not in page_operators(data, 1)
    assert code_on(page_operators(data, 2)) == code_for(f"{SITE}/kursbevis/#CDEFGHJKMN")


def test_without_an_address_nothing_is_said():
    data = pdf.render([make_certificate()])
    assert " Do" not in page_operators(data)
    assert "Sjekk" not in text_of(data)


def test_code_stays_on_the_page_and_off_the_margin():
    operators = page_operators(pdf.render([make_certificate(site_url=SITE)]))
    # The matrices before the code: the page's own, the place of the picture, its size.
    before = operators[: operators.index(" 0 0 cm 0 g")]
    place, size = re.findall(
        r"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) cm", before
    )[-2:]
    x, y, width = float(place[4]), float(place[5]), float(size[0])
    per_mm = 96 / 25.4
    assert (round(x / per_mm), round(y / per_mm), round(width / per_mm)) == (178, 265, 18)


@pytest.mark.parametrize("number", [1, 4, 5, 9, 10, 14])
def test_logos_stay_between_the_margins(number, monkeypatch):
    """The code and the logos share the foot of the page, however many owners there are."""
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), "#14464c").save(picture, "PNG")
    monkeypatch.setattr(
        "certificates.pdf.document.pictures_of",
        lambda _certificates: {"logo.png": picture.getvalue()},
    )
    owners = [{"name": f"Kommune {each}", "logo": "logo.png"} for each in range(number)]
    operators = page_operators(pdf.render([make_certificate(site_url=SITE, owners=owners)]))
    drawn = re.findall(
        r"1 0 0 1 ([\d.]+) ([\d.]+) cm\s(?:(?!cm).)*?([\d.]+) 0 0 -[\d.]+ 0 [\d.]+ cm\s/\S+ Do",
        operators,
        re.S,
    )
    assert len(drawn) == number
    lefts = [float(x) * 25.4 / 96 for x, _y, _width in drawn]
    rights = [(float(x) + float(width)) * 25.4 / 96 for x, _y, width in drawn]
    assert min(lefts) >= 14
    assert max(rights) <= 196


def test_new_address_of_the_site_does_not_change_what_was_issued(settings):
    settings.SITE_URL = SITE
    run = make_held_run()
    be_there(run)
    services.issue(run=run, by=None)
    first = pdf.render([Certificate.objects.get()])
    settings.SITE_URL = "https://ny.example.org"
    assert pdf.render([Certificate.objects.get()]) == first
    be_there(run, name="Åse Vik")
    (later,) = services.issue(run=run, by=None)
    assert "ny.example.org" in text_of(pdf.render([later]))


@pytest.mark.parametrize("text", ["https://a.no/#2", "https://" + "b" * 60 + ".example.org/#ABC"])
def test_svg_and_pdf_draw_the_same_modules(text):
    picture = qr.qr_code(text)
    drawn = sum(int(width) for width in re.findall(r"h(\d+)v1", picture.path))
    assert drawn == sum(map(sum, segno.make_qr(text, error="m").matrix))
    assert picture.size == segno.make_qr(text, error="m").symbol_size(border=qr.QUIET_ZONE)[0]
