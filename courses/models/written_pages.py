"""Pages that the college writes itself, the digital stories among them, and their files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses import markdown
from courses.files import NAME_LENGTH
from courses.models.checks import known_choice
from courses.norwegian.identity_numbers import LOOKED_THROUGH, validate_no_identity_number
from courses.norwegian.text_language import guessed_language

TITLE_LENGTH = 80
TEXT_LENGTH = 30_000


class AllAsJSON(models.Aggregate):
    """A value of every row as one list of JSON, read as text; None where there is no row."""

    function = "JSON_GROUP_ARRAY"
    name = "AllAsJSON"
    output_field = models.TextField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_AGG", **context)


class PageQuerySet(models.QuerySet["Page"]):
    def published(self) -> "PageQuerySet":
        return self.filter(is_published=True)

    def stories(self) -> "PageQuerySet":
        """Those that anybody may read, the last one told first."""
        return self.published().filter(kind=Page.Kind.STORY).order_by("-consent_on", "-pk")

    def pages(self) -> "PageQuerySet":
        """Those that anybody may read, the stories not among them."""
        return self.published().filter(kind=Page.Kind.PAGE)

    def links_as_text(self) -> Concat:
        """All that stand in the menu or the foot, as `College.page_links` has them. No query."""
        placed = self.pages().exclude(place=Page.Place.LINK).order_by()
        titles = {code: KT(f"titles__{code}") for code, _name in settings.LANGUAGES}
        link = JSONObject(place=F("place"), order=F("order"), id=F("pk"), slug=F("slug"), **titles)
        all_of_them = placed.annotate(all=Value(1)).values("all")
        as_json = Subquery(all_of_them.annotate(links=AllAsJSON(link)).values("links"))
        # With nothing after it, so that SQLite too takes it for a text, wherever it stands.
        text: models.TextField[str, str] = models.TextField()
        return Concat(Cast(as_json, text), Value(""), output_field=text)


class Page(models.Model):
    """A text of the college's own in its languages: about itself, or somebody's digital story.

    A story belongs to whoever told it. It is public only with a yes that is written down here, and
    as long as it stands.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("page about the college")
        STORY = "story", _("digital story")

    class Place(models.TextChoices):
        MENU = "menu", _("in the menu at the top")
        FOOTER = "footer", _("at the foot of every page")
        LINK = "link", _("nowhere: only by its address")

    kind = models.CharField(
        _("kind"),
        max_length=5,
        choices=Kind,
        default=Kind.PAGE,
        help_text=_("It cannot become the other one later."),
    )
    # By the code of the language; the college's own one is there always.
    titles: Any = models.JSONField(_("titles"), default=dict)
    texts: Any = models.JSONField(_("texts"), default=dict)
    slug = models.SlugField(
        _("address"),
        max_length=60,
        unique=True,
        help_text=_("The last part of the page's address: /om/…/. Fixed while it is published."),
    )
    place = models.CharField(
        _("where the link to it stands"),
        max_length=6,
        choices=Place,
        default=Place.FOOTER,
        help_text=_("Digital stories stand together on a page of their own instead."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The lowest number stands first.")
    )
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Until you tick this it is a draft.")
    )
    teller = models.CharField(
        _("who tells"),
        max_length=60,
        blank=True,
        validators=[validate_no_identity_number],
        help_text=_("The name that whoever tells wants to be called. It may be left out."),
    )
    consent_on = models.DateField(
        _("said yes on"),
        null=True,
        blank=True,
        help_text=_("The day when whoever tells said yes to showing exactly this."),
    )
    consent_how = models.CharField(
        _("how they said it"),
        max_length=120,
        blank=True,
        validators=[validate_no_identity_number],
        help_text=_("Such as «signed on paper, in the folder in the office»."),
    )
    withdrawn_on = models.DateField(_("taken back"), null=True, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of your own")
        verbose_name_plural = _("pages of your own")
        ordering = ["kind", "order", "pk"]
        constraints = [
            known_choice("kind", ["page", "story"], name="page_kind_known"),
            known_choice("place", ["menu", "footer", "link"], name="page_place_known"),
            models.CheckConstraint(
                condition=Q(kind="page")
                | Q(is_published=False)
                | (Q(consent_on__isnull=False, withdrawn_on=None) & ~Q(consent_how="")),
                name="page_story_published_with_a_yes",
                violation_error_message=_(
                    "A story is published only when it is written down on which day whoever tells "
                    "said yes, and how. One that was withdrawn needs a new yes."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="story")
                | Q(teller="", consent_on=None, consent_how="", withdrawn_on=None),
                name="page_without_teller",
                violation_error_message=_(
                    "Only a digital story has somebody who tells: leave those fields empty, or "
                    "choose that kind."
                ),
            ),
        ]

    def __str__(self) -> str:
        # A story's name would stand in the admin's log, which outlives it.
        if self.is_story:
            return gettext("Digital story %(number)s") % {"number": self.pk or ""}
        return in_language(self.titles, settings.LANGUAGE_CODE)[0]

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.consent_on and self.consent_on > timezone.localdate():
            raise ValidationError({"consent_on": gettext("This day has not come yet.")})

    @property
    def is_story(self) -> bool:
        return self.kind == self.Kind.STORY

    @property
    def title(self) -> tuple[str, str]:
        """The title for whoever reads now, and the language it is written in."""
        return in_language(self.titles, get_language() or settings.LANGUAGE_CODE)

    @property
    def text(self) -> tuple[str, str]:
        """The text for whoever reads now, and the language it is written in."""
        return in_language(self.texts, get_language() or settings.LANGUAGE_CODE)


def in_language(words: Mapping[str, str], language: str) -> tuple[str, str]:
    """The words in this language, or else in the college's own; and the language they are in."""
    own = settings.LANGUAGE_CODE
    if language != own and words.get(language):
        return words[language], language
    # Tutors and tellers write in the Norwegian that is theirs.
    return words.get(own, ""), guessed_language(words.get(own, ""))


@dataclass(frozen=True)
class PageLink:
    """A page of the college's own, as the menu and the foot name it."""

    slug: str
    title: str
    language: str  # of the title

    @property
    def address(self) -> str:
        return reverse("page", args=[self.slug])


def links_in(text: str, place: str) -> list[PageLink]:
    """Those of `PageQuerySet.links_as_text` that stand in this place, for whoever reads now."""
    found = [each for each in json.loads(text or "[]") if each["place"] == place]
    found.sort(key=lambda each: (each["order"], each["id"]))
    language = get_language() or settings.LANGUAGE_CODE
    return [PageLink(each["slug"], *in_language(each, language)) for each in found]


def faults_in(
    *, titles: Mapping[str, str], texts: Mapping[str, str], is_published: bool
) -> dict[str, str]:
    """What is to be mended in the words of a page, by field and language, as `text_nb`."""
    faults = {}
    for code, _name in settings.LANGUAGES:
        title, text = titles.get(code, ""), texts.get(code, "")
        if bool(title) != bool(text) or (code == settings.LANGUAGE_CODE and not title):
            faults["text_" + code if title else "title_" + code] = gettext(
                "Write both the title and the text."
            )
        if len(title) > TITLE_LENGTH:
            faults["title_" + code] = gettext("Write a shorter title.")
        if len(text) > TEXT_LENGTH:
            faults["text_" + code] = gettext("This is too long: make two pages of it.")
        elif links := markdown.refused_links(text):
            words = gettext("Links begin with https://, mailto: or tel:. Mend these: %(links)s")
            faults["text_" + code] = words % {"links": ", ".join(links)}
        elif is_published and (places := markdown.open_places(text)):
            words = gettext("Write this yourselves first: %(places)s")
            faults["text_" + code] = words % {"places": ", ".join(places)}
        for name, written in (("title_", title), ("text_", text)):
            if number := _identity_number_fault(written):
                faults[name + code] = number
    return faults


def _identity_number_fault(text: str) -> str:
    """The refusal of a long text, which is looked through piece by piece; empty without one."""
    overlap = 100  # signs: more than a number takes up
    try:
        for start in range(0, len(text), LOOKED_THROUGH - overlap):
            validate_no_identity_number(text[start : start + LOOKED_THROUGH])
    except ValidationError as fault:
        return str(fault.message)
    return ""


class PageFileManager(models.Manager["PageFile"]):
    """Leaves the content of the files in the database until somebody fetches one."""

    def get_queryset(self) -> "models.QuerySet[PageFile]":
        return super().get_queryset().defer("content")


class PageFile(models.Model):
    """A file that a page offers, or a picture in its text. Public as long as the page is."""

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="files", verbose_name=_("page")
    )
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        validators=[validate_no_identity_number],
        help_text=_("What the link to it says. Without one it is the name of the file."),
    )
    file_name = models.CharField(
        _("name of the file"), max_length=NAME_LENGTH, validators=[validate_no_identity_number]
    )
    content = models.BinaryField(editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)  # bytes
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The lowest number stands first.")
    )

    objects = PageFileManager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files and pictures")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file_name="") & Q(size__gt=0),
                name="page_file_with_its_content",
                violation_error_message=_("A file has a name, and something in it."),
            ),
        ]

    def __str__(self) -> str:
        # As a story's own name: see `Page`.
        if self.page.is_story:
            return gettext("File %(number)s") % {"number": self.pk or ""}
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.title or self.file_name

    @property
    def ending(self) -> str:
        """What kind of file it is, as people call it: «PDF»."""
        return PurePath(self.file_name).suffix.removeprefix(".").upper()

    def hold(self, *, name: str, content: bytes) -> None:
        """Be this file, whatever it was before. Nothing is saved yet."""
        self.file_name, self.content, self.size = name, content, len(content)
