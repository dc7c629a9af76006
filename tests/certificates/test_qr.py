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


def pictures_on(data: bytes, number: int = 0) -> list[Image.Image]:
    """The pictures that are drawn on the page itself: all pages share what there is to draw."""
    document = pikepdf.open(io.BytesIO(data))
    page = document.pages[number]
    drawn = [
        page.Resources.XObject[str(operands[0])]
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "Do"
    ]
    return [pikepdf.PdfImage(each).as_pil_image() for each in drawn if each.Subtype == "/Image"]


def code_on(data: bytes, page: int = 0) -> list[list[int]]:
    """The modules of the printed code, read back from its picture."""
    (picture,) = pictures_on(data, page)
    size = picture.width // qr.MODULE_PIXELS
    middle = qr.MODULE_PIXELS // 2
    return [
        [
            int(
                picture.getpixel((x * qr.MODULE_PIXELS + middle, y * qr.MODULE_PIXELS + middle))
                < 128
            )
            for x in range(size)
        ]
        for y in range(size)
    ]


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
    assert code_on(data) == code_for(f"{SITE}{path}#ABCDEFGHJK")
    assert words in text_of(data)


def test_printed_address_is_that_of_the_page(client):
    factories.make_college()
    for language in ("nb", "nn", "en"):
        address = make_certificate(site_url=SITE, language=language).verify_address
        assert client.get(address.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("fields", [{}, LONG], ids=["plain", "long"])
def test_code_is_a_figure_with_words_in_its_place_on_the_page(fields):
    document = pikepdf.open(io.BytesIO(pdf.render([make_certificate(site_url=SITE, **fields)])))
    (figure,) = [each for each in document.objects if is_part(each, "/Figure")]
    assert str(figure.Alt) == "QR-kode til siden der kursbeviset kan sjekkes"
    assert len(document.pages) == 1
    left, bottom, right, top = (float(each) * 25.4 / 72 for each in figure.A.BBox)
    assert (round(left), round(bottom), round(right), round(top)) == (178, 14, 196, 32)
    assert drawn_at(document) == pytest.approx((left, bottom, right, top), abs=0.1)


def drawn_at(document: pikepdf.Pdf) -> tuple[float, ...]:
    """Where the last picture of the first page is drawn, in millimetres from the left and below."""
    matrix, kept = pikepdf.Matrix(), []
    place = matrix
    for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
        if str(operator) == "q":
            kept.append(matrix)
        elif str(operator) == "Q":
            matrix = kept.pop()
        elif str(operator) == "cm":
            matrix = pikepdf.Matrix(*operands) @ matrix
        elif str(operator) == "Do":
            place = matrix
    corners = [place.transform((0, 0)), place.transform((1, 1))]
    xs, ys = (sorted(float(each[axis]) * 25.4 / 72 for each in corners) for axis in (0, 1))
    return xs[0], ys[0], xs[1], ys[1]


def test_address_is_a_link_to_what_the_code_says():
    data = pdf.render([make_certificate(site_url=SITE)])
    document = pikepdf.open(io.BytesIO(data))
    (link,) = document.pages[0].Annots
    assert str(link.A.URI) == f"{SITE}/kursbevis/#ABCDEFGHJK"
    assert [each.S for each in document.objects if is_part(each, "/Link")] == ["/Link"]
    assert len(str(link.Contents)) > 0


def is_part(each: pikepdf.Object, kind: str) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind


def test_each_page_has_its_own_code_also_beside_logos_and_in_parts(monkeypatch):
    monkeypatch.setattr("certificates.pdf.document.LAID_OUT_AT_ONCE", 2)
    numbers = ["ABCDEFGHJK", "BCDEFGHJKM", "CDEFGHJKMN"]
    certificates = [make_certificate(site_url=SITE, number=number) for number in numbers]
    certificates[1].site_url = ""
    data = pdf.render(certificates)
    assert code_on(data, 0) == code_for(f"{SITE}/kursbevis/#ABCDEFGHJK")
    assert pictures_on(data, 1) == []
    assert code_on(data, 2) == code_for(f"{SITE}/kursbevis/#CDEFGHJKMN")


def test_without_an_address_nothing_is_said():
    data = pdf.render([make_certificate()])
    assert pictures_on(data) == []
    document = pikepdf.open(io.BytesIO(data))
    assert "/Annots" not in document.pages[0]
    assert "Sjekk" not in text_of(data)


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
    data = pdf.render([make_certificate(site_url=SITE, owners=owners)])
    *places, _code = boxes_drawn_in(pikepdf.open(io.BytesIO(data)))
    assert len(places) == number
    assert min(left for left, _bottom, _right in places) >= 14
    assert max(right for _left, _bottom, right in places) <= 196
    assert min(bottom for _left, bottom, _right in places) >= 32  # above the code


def boxes_drawn_in(document: pikepdf.Pdf) -> list[tuple[float, float, float]]:
    """Left, bottom and right of every box that a picture is clipped to, in millimetres."""
    matrix, kept, box, boxes = pikepdf.Matrix(), [], None, []
    for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
        if str(operator) == "q":
            kept.append(matrix)
        elif str(operator) == "Q":
            matrix = kept.pop()
        elif str(operator) == "cm":
            matrix = pikepdf.Matrix(*operands) @ matrix
        elif str(operator) == "re":
            x, y, width, height = (float(each) for each in operands)
            corners = [matrix.transform((x, y)), matrix.transform((x + width, y + height))]
            xs, ys = (sorted(each[axis] * 25.4 / 72 for each in corners) for axis in (0, 1))
            box = (xs[0], ys[0], xs[1])
        elif str(operator) == "Do" and box and box[2] - box[0] < 40:
            boxes.append(box)
            box = None
    return boxes


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
def test_path_draws_the_modules_of_the_code(text):
    picture = qr.qr_code(text)
    drawn = sum(int(width) for width in re.findall(r"h(\d+)v1", picture.path))
    assert drawn == sum(map(sum, segno.make_qr(text, error="m").matrix))
    assert picture.size == segno.make_qr(text, error="m").symbol_size(border=qr.QUIET_ZONE)[0]
