"""The college's own words in its annual reports."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.admin.saving import RefusalMessagesAdmin, RefusalMessagesForm
from courses.models import AnnualReport
from recoverycollege.figures.report import PARTS

# Characters: two pages of the report.
LENGTH = 6000
FIELDS = {f"{part}_{code}": (part, code) for code, _name in settings.LANGUAGES for part in PARTS}


class AnnualReportForm(RefusalMessagesForm):
    """A field for each part in each language, all kept in one column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (part, language) in FIELDS.items():
            self.initial[name] = self.instance.words.get(part, {}).get(language, "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        words: dict[str, dict[str, str]] = {part: {} for part in PARTS}
        for name, (part, language) in FIELDS.items():
            words[part][language] = self.cleaned_data.get(name, "").strip()
        self.instance.words = words
        return cleaned


# As if written in the class: Django's admin takes the form's fields from there.
AnnualReportForm.declared_fields |= {
    name: forms.CharField(
        label=PARTS[part],
        required=False,
        max_length=LENGTH,
        widget=AdminTextareaWidget(attrs={"rows": 6, "lang": language}),
    )
    for name, (part, language) in FIELDS.items()
}


@admin.register(AnnualReport)
class AnnualReportAdmin(RefusalMessagesAdmin):
    form = AnnualReportForm
    list_display = ["year"]

    def get_fieldsets(self, request: HttpRequest, obj: AnnualReport | None = None) -> Any:
        return [
            (None, {"fields": ["year"]}),
            *(
                (
                    name,
                    {
                        "fields": [f"{part}_{code}" for part in PARTS],
                        "description": _(
                            "Figures, charts and the programme come by themselves. What stands in "
                            "no language is left out; where a language has none, the Norwegian "
                            "bokmål text is used."
                        )
                        if code == settings.LANGUAGE_CODE
                        else "",
                    },
                )
                for code, name in settings.LANGUAGES
            ),
        ]
