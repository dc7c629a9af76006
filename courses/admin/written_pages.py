"""Pages that the college writes itself, with their files; and the yes of whoever tells a story."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courses import files, services
from courses.admin.files import UploadField, about_upload
from courses.admin.saving import (
    ChangedFieldsForm,
    RefusalMessagesAdmin,
    RefusalMessagesForm,
    StaleRowsFormSet,
)
from courses.model_pages import model_pages
from courses.models import Page, PageFile
from courses.models.written_pages import TITLE_LENGTH, faults_in
from courses.pictures import prepare
from courses.views.written_pages import answer_with, context_of

if TYPE_CHECKING:
    FileInlineBase = admin.StackedInline[PageFile, Page]
else:
    FileInlineBase = admin.StackedInline

ABOUT_MARKDOWN = _(
    "An empty line begins a new paragraph, «## » at the start of a line makes a heading, and «- » "
    "a point of a list. A link: [what it says](https://example.org). A picture that you attach "
    "below: ![what it shows](name-of-the-file.jpg)."
)
ABOUT_OTHERS = _("Empty: whoever reads in this language gets the text in Norwegian bokmål.")
ABOUT_STORIES = _(
    "For a digital story alone. It can be published when somebody has said yes, and whoever told "
    "it can have it back whenever they want, with one click. No word of health beyond their own."
)


class PageForm(RefusalMessagesForm):
    """A title and a text for each language of the site, kept in two columns of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.initial[f"title_{code}"] = self.instance.titles.get(code, "")
            self.initial[f"text_{code}"] = self.instance.texts.get(code, "")

    def clean(self) -> dict[str, Any] | None:
        """A language that somebody changed on this page; what a colleague wrote in others stays."""
        cleaned = super().clean() or self.cleaned_data
        for kind, column in (("title", "titles"), ("text", "texts")):
            written = {
                code: self.cleaned_data[f"{kind}_{code}"].replace("\r\n", "\n").strip()
                for code, _name in settings.LANGUAGES
                if f"{kind}_{code}" in self.changed_data and f"{kind}_{code}" in self.cleaned_data
            }
            words = getattr(self.instance, column) | written
            setattr(self.instance, column, {code: each for code, each in words.items() if each})
        faults = faults_in(
            titles=self.instance.titles,
            texts=self.instance.texts,
            is_published=bool(cleaned.get("is_published")),
        )
        for name, sentence in faults.items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


# As if written in the class: Django's admin takes the form's fields from there.
for _code, _language in settings.LANGUAGES:
    _is_own = _code == settings.LANGUAGE_CODE
    PageForm.declared_fields |= {
        f"title_{_code}": forms.CharField(
            label=_("Title") if _is_own else format_lazy("{} ({})", _("Title"), _language),
            required=_is_own,
            max_length=TITLE_LENGTH,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        ),
        f"text_{_code}": forms.CharField(
            label=_("Text") if _is_own else format_lazy("{} ({})", _("Text"), _language),
            required=_is_own,
            widget=AdminTextareaWidget(attrs={"rows": 16 if _is_own else 8}),
            help_text=ABOUT_MARKDOWN if _is_own else "",
        ),
    }


class PublicUploadField(UploadField):
    """As for tutors; a picture is drawn anew, without what a camera writes of where it was."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        read = super().clean(data, initial)
        kind = files.kind_of(read.name) if isinstance(read, files.ReadFile) else None
        if kind is None or not kind.content_type.startswith("image/"):
            return read
        assert isinstance(data, UploadedFile)  # noqa: S101  else nothing was read
        drawn = prepare(data)
        drawn.seek(0)
        ending = PurePath(drawn.name or "").suffix
        same = {".jpg", ".jpeg"} >= {ending, PurePath(read.name).suffix.lower()}
        name = read.name if same else str(PurePath(read.name).with_suffix(ending))
        return files.ReadFile(name, drawn.read())


class PageFileForm(ChangedFieldsForm):
    upload = PublicUploadField(label=_("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = self._about_upload()

    def _about_upload(self) -> str:
        kinds = gettext(
            "PDF, Word, PowerPoint, Excel, OpenDocument, a picture or plain text, at most "
            "%(limit)s MB. Everybody can open it while the page is published."
        ) % {"limit": settings.COURSE_FILE_MEGABYTES}
        return about_upload(self.instance, kinds, at="admin:page_file")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if upload := cleaned.get("upload"):
            self.instance.hold(name=upload.name, content=upload.content)
        elif not self.instance.file_name and "upload" in cleaned:
            self.add_error("upload", gettext("Choose a file."))
        return cleaned


class PageFileInline(FileInlineBase):
    model = PageFile
    form = PageFileForm
    formset = StaleRowsFormSet
    fields = ["upload", "title", "order"]

    def get_extra(self, request: HttpRequest, obj: Page | None = None, **kwargs: Any) -> int:
        """Without JavaScript nobody can add a row, so one is there."""
        return 1


@admin.register(Page)
class PageAdmin(RefusalMessagesAdmin):
    form = PageForm
    list_display = ["name", "kind", "where", "state"]
    list_filter = ["kind", "is_published"]
    inlines = [PageFileInline]

    @admin.display(description=_("title"), ordering="slug")
    def name(self, page: Page) -> str:
        return page.titles.get(settings.LANGUAGE_CODE) or page.slug

    @admin.display(description=_("where the link to it stands"), ordering="place")
    def where(self, page: Page) -> str:
        return gettext("among the stories") if page.is_story else page.get_place_display()

    @admin.display(description=_("state"))
    def state(self, page: Page) -> str | SafeString:
        if page.withdrawn_on:
            return gettext("taken back")
        if not page.is_published:
            return gettext("draft")
        return format_html('<a href="{}">{}</a>', page.get_absolute_url(), gettext("published"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        """With what is stored, whatever a form that is refused makes of the page."""
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(is_public=F("is_published"))

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> Any:
        own, *others = [
            (name, {"fields": [f"title_{code}", f"text_{code}"], "description": ABOUT_OTHERS})
            for code, name in sorted(
                settings.LANGUAGES, key=lambda each: each[0] != settings.LANGUAGE_CODE
            )
        ]
        placed = [] if obj and obj.is_story else ["place", "order"]
        about = {"fields": ["slug", *placed, "is_published"]}
        story = {
            "fields": ["teller", "consent_on", "consent_how"],
            "description": ABOUT_STORIES,
        }
        return [
            (None, {"fields": ["kind"]}),
            (own[0], {"fields": own[1]["fields"]}),
            *([] if obj and not obj.is_story else [(_("Digital story"), story)]),
            (_("The page"), about),
            *others,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        return [
            *(["kind"] if obj else []),
            *(["slug"] if getattr(obj, "is_public", False) else []),
        ]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Page | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": [f"title_{settings.LANGUAGE_CODE}"]}

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        """Nothing yet: a page is saved along with its files."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        [of_files] = formsets
        services.save_page(
            page=form.instance,
            files=of_files.save(commit=False),
            removed_files=of_files.deleted_objects,
        )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        # The name of a file is not recorded: it may tell of somebody, and the log outlives it.
        return super().construct_change_message(request, form, [], add)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        there = set(Page.objects.values_list("slug", flat=True))
        lacking = any(each.slug not in there for each in model_pages())
        return super().changelist_view(
            request, {**(extra_context or {}), "lacks_model_pages": lacking}
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("shipped/", wrap(add_shipped), name="add_model_pages"),
            path("<row:page_id>/preview/", wrap(preview), name="page_preview"),
            path("<row:page_id>/withdraw/", wrap(withdraw), name="story_withdraw"),
            path("file/<row:file_id>/", wrap(page_file), name="page_file"),
            *super().get_urls(),
        ]


def _admin_address(file: PageFile) -> str:
    return reverse("admin:page_file", args=[file.pk])


@permission_required("courses.view_page", raise_exception=True)
@require_safe
def preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page as it will be, draft or not, with its pictures."""
    page = get_object_or_404(Page, pk=page_id)
    shown = {
        "preview_words": gettext("As it was saved last."),
        "preview_back": reverse("admin:courses_page_change", args=[page.pk]),
        "preview_back_words": gettext("Back to the page"),
    }
    return render(request, "courses/page.html", context_of(page, _admin_address) | shown)


@permission_required("courses.view_page", raise_exception=True)
@require_safe
def page_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file of any page, also of a draft."""
    found = PageFile.objects.defer(None).select_related("page")
    return answer_with(get_object_or_404(found, pk=file_id))


@permission_required("courses.change_page", raise_exception=True)
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """One click: the story is gone from the pages of the public."""
    if request.method == "POST":
        try:
            services.withdraw_story(page_id=page_id)
        except Page.DoesNotExist:
            raise Http404 from None
        days = settings.WITHDRAWN_STORY_DAYS
        words = ngettext(
            "The story is withdrawn. Nobody can read it any more, and in %(days)s day it is "
            "deleted. You can delete it at once, at the bottom of this page.",
            "The story is withdrawn. Nobody can read it any more, and in %(days)s days it is "
            "deleted. You can delete it at once, at the bottom of this page.",
            days,
        )
        messages.success(request, words % {"days": days})
    else:
        messages.warning(request, gettext("Not written down. Please try again."))
    return redirect("admin:courses_page_change", page_id)


@permission_required("courses.add_page", raise_exception=True)
def add_shipped(request: HttpRequest) -> HttpResponse:
    """One click: the texts to begin with, as drafts. Those that are there already stay."""
    if request.method == "POST":
        number = services.add_pages(pages=model_pages())
        words = ngettext("%(number)s draft is added.", "%(number)s drafts are added.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.warning(request, gettext("Not written down. Please try again."))
    return redirect("admin:courses_page_changelist")
