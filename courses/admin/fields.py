"""What one fills in on the admin's pages: the browser's own dates, pictures, choices."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext

from courses.admin.names_in_order import in_order
from courses.pictures import prepare

# In these somebody plans a semester, or looks back at one.
FIRST_YEAR, LAST_YEAR = 2000, 2099


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def datetime_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def validate_year(day: date) -> None:
    """A browser takes «27» typed into a date for the year 27, and says nothing."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(gettext("Write the year with four digits, such as 2027."))


class DayField(forms.DateField):
    widget = date_input()
    default_validators = [validate_year]


class MomentField(forms.DateTimeField):
    widget = datetime_input()
    default_validators = [validate_year]


NATIVE_DATES: dict[Any, dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": datetime_input()},
    models.DateField: {"form_class": DayField, "widget": date_input()},
}
# Texts of a few sentences: a field that is seen whole takes less of the page.
SHORT_TEXTS: dict[Any, dict[str, Any]] = {
    models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}
}
# What a browser offers to choose; one that knows no HEIC goes by the ending.
PICTURE_FILES = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,.heic,.heif"


class PictureField(forms.FileField):
    """A picture in any common form, also as a telephone makes it; it is stored drawn anew."""

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        # The length of the file's own name matters to nobody: it is not kept.
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        return prepare(cleaned) if cleaned and cleaned is data else cleaned

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": PICTURE_FILES}


class AddOnlyRelatedChoices:
    """Beside a choice stands only the way to add another: no way to change or delete it.

    What can be chosen stands in Norwegian order.
    """

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return in_order(super().formfield_for_foreignkey(db_field, request, **kwargs))  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return in_order(super().formfield_for_manytomany(db_field, request, **kwargs))  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = False
            widget.can_view_related = False
        return field


class ChoicesReadOnce(AddOnlyRelatedChoices):
    """All the forms of an inline share one reading of what there is to choose from."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField):
            field.choices = list(iter(field.iterator(field)))  # iter: no count beforehand
        return field
