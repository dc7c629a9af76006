"""Pages that the college writes: three languages, drafts, files, and stories with a yes."""

import gzip
import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from courses import services
from courses.model_pages import model_pages
from courses.models import Page, PageFile
from courses.web import public_pages
from tests import factories

pytestmark = pytest.mark.django_db

IDENTITY_NUMBER = "13097248022"


@pytest.fixture
def staff() -> Client:
    factories.make_college()
    client = Client()
    client.force_login(factories.make_coordinator())
    return client


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def answers(**fields: object) -> dict[str, object]:
    """What the admin's page sends."""
    files = {f"files-{name}": number for name, number in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))}
    return {
        "kind": "page",
        "title_nb": "Om oss",
        "text_nb": "Vi er en skole.",
        "slug": "om-oss",
        "place": "footer",
        "order": 0,
        "files-0-order": 0,
        **files,
        **fields,
    }


def test_page_speaks_each_language_or_says_which_it_speaks(client) -> None:
    factories.make_college()
    factories.make_page(
        slug="om",
        titles={"nb": "Om oss", "en": "About us"},
        texts={"nb": "Vi er en skole.", "en": "We are a school."},
    )
    assert "<h1>Om oss</h1>" in shown(client, "/om/om/")
    english = shown(client, "/en/om/om/")
    assert "<h1>About us</h1>" in english
    assert '<div class="written">\n<p>We are a school.</p>' in english
    nynorsk = shown(client, "/nn/om/om/")
    assert '<h1 lang="nb">Om oss</h1>' in nynorsk
    assert '<div class="written" lang="nb">\n<p>Vi er en skole.</p>' in nynorsk
    assert '<a href="/nn/om/om/" lang="nb">Om oss</a>' in nynorsk
    assert '<a href="/en/om/om/">About us</a>' in english


def test_links_stand_where_they_were_placed_and_in_their_order(client) -> None:
    factories.make_college()
    for slug, place, order in (("b", "footer", 2), ("a", "footer", 1), ("c", "menu", 1)):
        factories.make_page(slug=slug, titles={"nb": f"Side {slug}"}, place=place, order=order)
    factories.make_page(slug="d", place="link")
    factories.make_page(slug="e", is_published=False)
    for url in ("/", "/kurs/", "/tilgjengelighet/", "/om/c/"):
        head, _main, foot = shown(client, url).partition("</header>")
        assert 'href="/om/c/"' in head, url
        assert foot.index('href="/om/a/"') < foot.index('href="/om/b/"'), url
        assert not any(f'href="/om/{slug}/"' in head + foot for slug in "de"), url
    assert 'href="/om/c/" aria-current="true"' in shown(client, "/om/c/")
    found = shown(client, "/sitemap.xml")
    assert [slug for slug in "abcde" if f"/en/om/{slug}/" in found] == ["a", "b", "c", "d"]


def test_pages_ask_for_no_query_more_and_keep_for_a_minute(client, django_assert_num_queries):
    factories.make_college()
    page = factories.make_page(slug="om")
    factories.make_page_file(page)
    factories.make_story()
    for url, queries in (("/tilgjengelighet/", 1), ("/om/om/", 3), ("/historier/", 2)):
        with django_assert_num_queries(queries):
            response = client.get(url)
        assert response.headers["Cache-Control"] == "public, max-age=60", url
        assert response.cookies == {}
        assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"titles": {"nb": "Noe annet"}},
        {"texts": {"nb": "Noe annet"}},
        {"place": "menu"},
        {"slug": "annet"},
        {"is_published": False},
    ],
)
def test_every_page_shows_at_once_what_changed(client, changed) -> None:
    factories.make_college()
    page = factories.make_page(slug="om")
    before = {url: client.get(url).content for url in ("/kurs/", "/om/om/", "/personvern/")}
    Page.objects.filter(pk=page.pk).update(**changed)
    after = {url for url, content in before.items() if client.get(url).content != content}
    assert after >= ({"/om/om/"} if "texts" in changed else set(before))


def test_file_goes_with_its_page(client) -> None:
    page = factories.make_page(slug="om", texts={"nb": "![En hage](hage.png)"})
    picture = factories.make_page_file(page, file_name="hage.png")
    minutes = factories.make_page_file(page, title="Referatet fra mai")
    address = reverse("page_file", args=[minutes.pk])
    text = shown(client, "/om/om/")
    assert f'<img src="{reverse("page_file", args=[picture.pk])}" alt="En hage">' in text
    assert "hage.png" not in text  # it stands in the text already
    assert f'href="{address}"><span>Referatet fra mai</span></a>' in text
    response = client.get(address)
    assert response.content == b"Referat"
    assert response.headers["Content-Disposition"] == 'attachment; filename="referat.txt"'
    assert response.headers["Cache-Control"] == "public, max-age=60"
    Page.objects.update(is_published=False)
    assert client.get(address).status_code == client.get("/om/om/").status_code == 404


# Stories


def test_story_is_told_and_withdrawn_with_one_click(staff, client) -> None:
    story = factories.make_story(slug="stolen", teller="Oppdiktede Olaug")
    file = reverse("page_file", args=[factories.make_page_file(story).pk])
    assert "Fortalt av Oppdiktede Olaug" in shown(client, "/om/stolen/")
    assert 'href="/om/stolen/"' in shown(client, "/historier/")
    assert 'href="/historier/"' in shown(client, "/")
    assert 'content="noindex"' in shown(client, "/om/stolen/")
    assert "/om/stolen/" not in shown(client, "/sitemap.xml")
    change = reverse("admin:courses_page_change", args=[story.pk])
    withdraw = reverse("admin:story_withdraw", args=[story.pk])
    assert f'action="{withdraw}"' in shown(staff, change)
    assert 'name="place"' not in shown(staff, change)
    assert "blant historiene" in shown(staff, reverse("admin:courses_page_changelist"))
    assert staff.get(withdraw).status_code == 302
    assert client.get("/om/stolen/").status_code == 200
    assert staff.post(withdraw).headers["Location"] == change
    gone = [client.get(url).status_code for url in ("/om/stolen/", "/historier/", file)]
    assert gone == [404, 404, 404]
    assert "/historier/" not in shown(client, "/")
    story.refresh_from_db()
    assert story.withdrawn_on == timezone.localdate()
    services.withdraw_story(page_id=story.pk, now=timezone.now() + timedelta(days=3))
    story.refresh_from_db()
    assert story.withdrawn_on == timezone.localdate()
    with pytest.raises(Page.DoesNotExist):
        services.withdraw_story(page_id=factories.make_page().pk)


def test_nothing_of_a_story_is_kept_here_for_longer_than_a_minute(client, monkeypatch) -> None:
    factories.make_college()
    factories.make_story(slug="stolen", titles={"nb": "Olaugs vei"})
    kept: dict[str, int] = {}
    store = public_pages.cache.set

    def keep(key: str, value: object, seconds: int) -> None:
        kept[key.partition(".")[0]] = seconds
        store(key, value, seconds)

    monkeypatch.setattr(public_pages.cache, "set", keep)
    for url in ("/om/stolen/", "/historier/"):
        response = client.get(url, headers={"accept-encoding": "gzip"})
        assert "Olaugs vei" in gzip.decompress(response.content).decode()
        assert kept.pop("gzip") == 60
        assert "page" not in kept


@pytest.mark.parametrize(
    "lacking", [{"consent_on": None}, {"consent_how": ""}, {"withdrawn_on": "2026-01-01"}]
)
def test_no_story_is_published_without_a_yes(lacking) -> None:
    story = factories.make_story()
    with pytest.raises(IntegrityError), transaction.atomic():
        Page.objects.filter(pk=story.pk).update(**lacking)
    for name, value in lacking.items():
        setattr(story, name, value)
    with pytest.raises(ValidationError, match="hvilken dag fortelleren sa ja"):
        services.save_page(page=story)


def test_withdrawn_story_is_told_again_with_a_new_yes_alone() -> None:
    today = timezone.localdate()
    story = factories.make_story(consent_on=today - timedelta(days=9))
    story = services.withdraw_story(page_id=story.pk, now=timezone.now() - timedelta(days=2))
    story.is_published = True
    for day in (today - timedelta(days=9), today - timedelta(days=3)):
        story.consent_on = day
        with pytest.raises(ValidationError):
            services.save_page(page=story)
    story.consent_on = today
    services.save_page(page=story)
    assert Page.objects.stories().get().withdrawn_on is None


def test_withdrawn_story_is_deleted_with_its_files_after_a_while(settings) -> None:
    settings.WITHDRAWN_STORY_DAYS = 5
    told, story = factories.make_story(), factories.make_story()
    factories.make_page_file(story)
    now = timezone.now()
    services.withdraw_story(page_id=story.pk, now=now)
    assert services.purge_stories(now=now + timedelta(days=5)) == 0
    late = now + timedelta(days=6)
    assert services.purge_stories(now=late, dry_run=True) == services.purge_stories(now=late) == 1
    assert Page.objects.get() == told
    assert not PageFile.objects.exists()


def test_log_names_nobody_who_tells(staff) -> None:
    staff.post(
        reverse("admin:courses_page_add"),
        answers(kind="story", title_nb="Olaugs vei", teller="Olaug"),
    )
    entry = LogEntry.objects.get()
    assert "Olaug" not in entry.object_repr + entry.change_message


# The admin


def test_page_is_written_in_the_admin_with_a_picture_drawn_anew(staff, client) -> None:
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Her bor jeg"
    Image.effect_noise((60, 40), 90).convert("RGB").save(photo, "JPEG", exif=exif)
    sent = answers(
        title_en="About us",
        text_en="We are a school.",
        text_nb="![Oss](oss.jpg)",
        is_published="on",
        **{"files-0-upload": SimpleUploadedFile("oss.jpg", photo.getvalue())},
    )
    response = staff.post(reverse("admin:courses_page_add"), sent)
    assert response.status_code == 302, response.context["errors"]
    page = Page.objects.get()
    assert page.titles == {"nb": "Om oss", "en": "About us"}
    file = PageFile.objects.defer(None).get()
    assert file.file_name == "oss.jpg"
    assert b"Her bor jeg" not in bytes(file.content)
    assert f'src="{reverse("page_file", args=[file.pk])}" alt="Oss"' in shown(client, "/om/om-oss/")
    change = reverse("admin:courses_page_change", args=[page.pk])
    staff.post(change, answers(text_nb="Nytt", title_en="", text_en=""))
    page.refresh_from_db()
    assert (page.titles, page.texts) == ({"nb": "Om oss"}, {"nb": "Nytt"})


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"text_nb": ""}, "text_nb", "Skriv eller velg noe her."),
        ({"title_nn": "Om oss"}, "text_nn", "Skriv både tittel og tekst."),
        ({"text_nb": "[x](http://a.no)"}, "text_nb", "Rett disse: http://a.no"),
        ({"text_nb": "[Navnet]", "is_published": "on"}, "text_nb", "Skriv dette selv først"),
        ({"text_nb": "x " * 2600 + IDENTITY_NUMBER}, "text_nb", "fødselsnummer"),
        ({"title_nb": IDENTITY_NUMBER}, "title_nb", "fødselsnummer"),
        ({"kind": "story", "teller": IDENTITY_NUMBER}, "teller", "fødselsnummer"),
        ({"kind": "story", "consent_on": "2098-01-01"}, "consent_on", "ikke kommet ennå"),
        ({"kind": "story", "is_published": "on"}, "__all__", "hvilken dag fortelleren sa ja"),
        ({"teller": "Olaug"}, "__all__", "Bare en digital historie"),
    ],
)
def test_admin_says_what_is_to_be_mended(staff, fields, name, words) -> None:
    response = staff.post(reverse("admin:courses_page_add"), answers(**fields))
    assert words in " ".join(response.context["adminform"].form.errors[name])
    assert not Page.objects.exists()


def test_address_of_a_published_page_and_the_kind_are_fixed() -> None:
    page = factories.make_page(slug="om", is_published=False)
    page.slug = "oss"
    services.save_page(page=page)
    page.is_published = True
    services.save_page(page=page)
    page.slug = "om"
    with pytest.raises(ValidationError, match="ligger fast"):
        services.save_page(page=page)
    page.slug, page.kind = "oss", "story"
    with pytest.raises(ValidationError, match="En side er en side"):
        services.save_page(page=page)


def test_shipped_texts_are_added_as_drafts_with_one_click(staff, client) -> None:
    mine = factories.make_page(slug="om-oss")
    address = reverse("admin:add_model_pages")
    pages = reverse("admin:courses_page_changelist")
    assert f'action="{address}"' in shown(staff, pages)
    staff.post(address)
    drafts = Page.objects.exclude(pk=mine.pk)
    assert drafts.count() == len(model_pages()) - 1
    assert not drafts.published().exists()
    assert f'action="{address}"' not in shown(staff, pages)
    assert all(
        set(each.titles) == set(each.texts) == {code for code, _name in settings.LANGUAGES}
        for each in drafts
    )
    steering = drafts.get(slug="styringsgruppe")
    preview = reverse("admin:page_preview", args=[steering.pk])
    assert "[antall] personer. Halvparten vet fra eget liv" in shown(staff, preview)
    assert client.get("/om/styringsgruppe/").status_code == 404
    how = drafts.get(slug="slik-fungerer-det")
    assert "](/nn/kurs/)" in how.texts["nn"]


def test_preview_shows_drafts_with_their_files(staff) -> None:
    page = factories.make_page(is_published=False, texts={"nb": "![x](hage.png)"})
    file = factories.make_page_file(page, file_name="hage.png", content=b"hage")
    address = reverse("admin:page_file", args=[file.pk])
    response = staff.get(reverse("admin:page_preview", args=[page.pk]))
    assert f'<img src="{address}" alt="x">' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert staff.get(address).content == b"hage"
