"""Pictures are drawn anew before they are stored, and shown while somebody has them."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageFile

from courses import pictures, services
from courses.models import College, Partner, Picture, Tutor
from tests.factories import make_college, make_tutor
from tests.pictures import GPS, a_picture, encoded, photograph, photograph_with_gps

pytestmark = pytest.mark.django_db


def png(colour: str) -> ContentFile:
    return ContentFile(a_picture(colour), name="Logo.PNG")


def prepared(data: bytes) -> Image.Image:
    image = Image.open(pictures.prepare(ContentFile(data)))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(pictures.PictureRefused) as refused:
        pictures.prepare(ContentFile(data, name="bilde.jpg"))
    return refused.value.message


# What is stored


def test_photograph_is_upright_small_and_tells_nothing_of_where_it_was_taken():
    data = pictures.prepare(ContentFile(photograph_with_gps())).read()
    image = Image.open(io.BytesIO(data))
    image.load()
    assert (image.format, image.size) == ("JPEG", (600, 800))
    # Blue lay on the left; turned by a quarter it is on top.
    red, _green, blue = image.getpixel((300, 100))
    assert blue > red
    assert len(data) < 200_000
    assert dict(image.getexif()) == {}
    assert dict(image.getexif().get_ifd(GPS)) == {}
    assert {"exif", "icc_profile", "comment", "xmp"} & set(image.info) == set()
    for telling in (b"Telefon", b"Sandnes", b"Exif"):
        assert telling not in data


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_every_way_to_hold_a_telephone_gives_an_upright_picture(orientation):
    image = prepared(photograph_with_gps(orientation=orientation))
    assert image.size == ((800, 600) if orientation < 5 else (600, 800))


def test_heic_is_opened():
    pictures_know_heic()
    data = encoded(photograph(400, 300), "HEIF")
    assert data[4:12] == b"ftypheic"
    assert prepared(data).format == "JPEG"
    assert prepared(data).size == (400, 300)


def pictures_know_heic() -> None:
    """Opening any picture teaches Pillow HEIC, here to write one."""
    pictures.prepare(ContentFile(a_picture()))


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "PNG", "JPEG"])
def test_other_kinds_become_jpeg_or_png(kind):
    image = prepared(encoded(photograph(), kind))
    assert (image.format, image.size) == ("JPEG", (800, 600))


def test_logo_with_holes_stays_so():
    logo = Image.new("RGBA", (40, 20), "navy")
    logo.putpixel((0, 0), (0, 0, 0, 0))
    image = prepared(encoded(logo))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((5, 5)) == (0, 0, 128, 255)


def test_holes_of_a_palette_stay_so():
    logo = Image.new("P", (4, 4), 1)
    logo.putpalette([0, 0, 0, 0, 0, 128])
    logo.putpixel((0, 0), 0)
    assert prepared(encoded(logo, "PNG", transparency=0)).getpixel((0, 0))[3] == 0


def test_logo_without_holes_has_no_channel_for_them():
    assert prepared(encoded(Image.new("RGBA", (40, 20), "navy"))).mode == "RGB"


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 90, (90, 90, 90)),
        ("I;16", 90 * 256, (90, 90, 90)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_colours_in_any_notation_are_kept(mode, colour, seen):
    assert prepared(encoded(Image.new(mode, (4, 4), colour))).getpixel((1, 1)) == seen


def test_printers_colours_become_those_of_a_screen():
    image = prepared(encoded(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = image.getpixel((20, 20))
    assert (image.mode, red > 200, green < 60, blue < 60) == ("RGB", True, True, True)


def test_profile_of_colours_is_applied_and_left_out():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = prepared(encoded(Image.new("RGB", (4, 4), "navy"), "PNG", icc_profile=profile))
    assert image.getpixel((1, 1)) == (0, 0, 128)
    assert "icc_profile" not in image.info


def test_broken_profile_of_colours_is_left_out():
    data = encoded(Image.new("RGB", (4, 4), "navy"), "PNG", icc_profile=b"no profile")
    assert prepared(data).getpixel((1, 1)) == (0, 0, 128)


def test_prepared_picture_is_not_drawn_again():
    picture = pictures.prepare(ContentFile(photograph_with_gps()))
    assert pictures.prepare(picture) is picture


# What is refused


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (encoded(Image.new("RGB", (4, 4)), "TIFF"), "TIFF"),
        (encoded(Image.new("RGB", (4, 4)), "BMP"), "BMP"),
        (encoded(Image.new("RGB", (4, 4)), "EPS"), "EPS"),
        (encoded(Image.new("RGB", (4, 4)), "PDF"), "PDF"),
        (encoded(Image.new("RGB", (40, 40)), "AVIF"), "AVIF"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>', "SVG"),
        (b"8BPS\0\1" + bytes(20), "Photoshop"),
        (b"PK\x03\x04" + bytes(20), "Word/ZIP"),
    ],
)
def test_other_kind_is_refused_by_name_whatever_the_file_is_called(data, kind):
    assert refusal(data) == (
        f"Dette er en {kind}-fil. Lagre bildet som JPEG eller PNG, og velg den filen i stedet. "
        "HEIC, WebP og GIF går også bra."
    )


@pytest.mark.parametrize("data", [b"x", b"<html><script></script></html>", b"\xff\xd8 no more"])
def test_what_is_no_picture_is_refused(data):
    assert refusal(data) == (
        "Denne filen er ikke et bilde vi kan åpne. Velg et bilde i JPEG, PNG, HEIC, WebP eller GIF."
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_damaged_picture_is_refused(kind, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    pictures_know_heic()
    data = encoded(photograph(400, 300), kind)
    assert refusal(data[: len(data) * 2 // 3]) == (
        "Bildet er skadet og lar seg ikke åpne. Lagre det på nytt, eller velg et annet."
    )


@pytest.mark.parametrize(
    "width", [9000, 15000]
)  # Pillow itself warns at the one, stops at the other
def test_decompression_bomb_is_refused(width):
    bomb = encoded(Image.new("1", (width, width)))
    assert len(bomb) < 100_000
    assert refusal(bomb) == "Bildet har for mange piksler. Velg et på høyst 64 megapiksler."


def test_too_large_a_file_is_refused_unread(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 1_000_000)
    assert refusal(bytes(1_500_000)) == "Bildet er for stort: 2 MB. Velg et på høyst 1 MB."


# Where it is kept


def test_picture_is_kept_in_the_database_under_its_content():
    college = make_college(logo=png("navy"))
    assert college.logo.name == f"{college.logo.name[:32]}.png"
    assert Image.open(college.logo).getpixel((0, 0)) == (0, 0, 128)
    assert Picture.objects.get().name == college.logo.name


def test_same_content_is_stored_once():
    make_college(logo=png("navy"))
    Partner.objects.create(name="Eier", logo=png("navy"))
    assert Picture.objects.count() == 1


def test_new_logo_leaves_the_old_one_for_what_was_printed_with_it(client):
    college = make_college(logo=png("navy"))
    before, address = college.logo.name, college.logo.url
    college.logo = png("teal")
    college.save()
    services.delete_unused_portraits()
    assert college.logo.name != before
    assert Picture.objects.filter(name=before).exists()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("first", ["logo", "portrait"])
def test_picture_that_was_a_logo_stays_when_the_portrait_goes(first):
    if first == "logo":
        make_college(logo=png("navy"))
    tutor = make_tutor(photo=png("navy"))
    if first == "portrait":
        make_college(logo=png("navy"))
    College.objects.update(logo="")
    Tutor.objects.filter(pk=tutor.pk).update(photo="")
    services.delete_unused_portraits()
    assert Picture.objects.count() == 1


def test_portrait_that_a_colleague_has_too_stays_until_both_are_gone():
    tutors = [make_tutor(photo=png("navy")) for _each in range(2)]
    for tutor, left in zip(tutors, (1, 0), strict=True):
        Tutor.objects.filter(pk=tutor.pk).update(photo="")
        services.delete_unused_portraits()
        assert Picture.objects.count() == left


# How it is shown


def test_logo_is_shown_and_kept_for_a_day(client):
    college = make_college(logo=png("navy"))
    answer = client.get(college.logo.url)
    assert answer["Content-Type"] == "image/png"
    assert answer.content == college.logo.read()
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies


def test_portrait_is_asked_for_every_time_and_gone_at_once(client):
    tutor = make_tutor(photo=png("navy"))
    answer = client.get(tutor.photo.url)
    assert answer["Cache-Control"] == "no-cache"
    known = {"If-None-Match": answer["ETag"]}
    assert client.get(tutor.photo.url, headers=known).status_code == 304
    Tutor.objects.update(photo="")
    assert client.get(tutor.photo.url, headers=known).status_code == 404


def test_picture_that_nobody_has_is_not_found(client):
    Picture.objects.create(name="some.png", content=a_picture(), is_logo=True)
    assert client.get("/bilder/some.png").status_code == 404


@pytest.mark.parametrize("ending", ["pdf", "ps", "svg", "html"])
def test_what_a_browser_would_run_is_not_served_as_such(client, ending):
    Picture.objects.create(name=f"some.{ending}", content=b"x")
    make_tutor(photo=f"some.{ending}")
    assert client.get(f"/bilder/some.{ending}")["Content-Type"] == "application/octet-stream"


def test_unknown_picture_is_not_found(client):
    assert client.get("/bilder/finnes-ikke.png").status_code == 404
