"""Files and links for a course's tutors, on the course's own page."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import files
from courses.admin.saving import ChangedFieldsForm, StaleRowsFormSet
from courses.models import Course, CourseFile
from courses.models.files import FILE_OR_LINK_MESSAGE
from courses.norwegian.identity_numbers import validate_no_identity_number

if TYPE_CHECKING:
    FileInlineBase = admin.StackedInline[CourseFile, Course]
else:
    FileInlineBase = admin.StackedInline


class UploadField(forms.FileField):
    """A file of a kind that is taken; its cleaned value is what `files.read` makes of it."""

    widget = forms.FileInput(attrs={"accept": files.ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        if not isinstance(cleaned, UploadedFile):
            return cleaned
        read = files.read(cleaned)
        validate_no_identity_number(read.name)
        return read


def about_upload(file: Any, kinds: str, *, at: str) -> str:
    """Which file is there now, opened by the address called `at`, and which `kinds` are taken."""
    if not (file.pk and file.file_name):
        return kinds
    return format_html(
        '{} <a href="{}">{}</a> ({}). {} {}',
        gettext("Now:"),
        reverse(at, args=[file.pk]),
        file.file_name,
        filesizeformat(file.size),
        gettext("Choose another to replace it."),
        kinds,
    )


class CourseFileForm(ChangedFieldsForm):
    upload = UploadField(label=_("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = self._about_upload()

    def _about_upload(self) -> str:
        kinds = gettext(
            "PDF, Word, PowerPoint, Excel, OpenDocument, a picture or plain text, at most "
            "%(limit)s MB. Nobody who takes part is named in it, nor in its name."
        ) % {"limit": settings.COURSE_FILE_MEGABYTES}
        return about_upload(self.instance, kinds, at="course_file")

    def clean(self) -> dict[str, Any] | None:
        """The row becomes the file or the link that was given last; it is never both."""
        cleaned = super().clean() or self.cleaned_data
        if "upload" not in cleaned or "link" not in cleaned:
            return cleaned
        upload, link = cleaned["upload"], cleaned["link"]
        if upload and link:
            self.add_error("link", FILE_OR_LINK_MESSAGE)
        elif upload:
            self.instance.hold(name=upload.name, content=upload.content)
        elif link and link != self.instance.link:
            self.instance.point_at(link)
        elif not link and not self.instance.file_name:
            self.add_error("upload", FILE_OR_LINK_MESSAGE)
        return cleaned


class CourseFileInline(FileInlineBase):
    model = CourseFile
    form = CourseFileForm
    formset = StaleRowsFormSet
    # Django's own field for an address says below it what the field itself holds.
    formfield_overrides = {
        models.URLField: {"widget": forms.URLInput(attrs={"class": "vURLField"})}
    }
    fields = ["title", "kind", "upload", "link", "order"]

    def get_extra(self, request: HttpRequest, obj: Course | None = None, **kwargs: Any) -> int:
        """Without JavaScript nobody can add a row, so one is there; a new course has none yet."""
        return 1 if obj else 0
