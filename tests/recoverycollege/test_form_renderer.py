"""What is written without a template is what Django's templates would have written."""

from datetime import date, time
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from recoverycollege.form_renderer import WRITERS, PlainRenderer

SIGNS = """<b>"Åse" & 'Bo'</b>\n{{ x }}"""
CHOICES = [
    ("", "–"),
    (1, SIGNS),
    ("to", _("Courses")),
    (_("Courses"), [(12345, 67890), ("<4>", mark_safe("&amp;"))]),
]
ATTRIBUTES = {"class": 'a "b"', "required": True, "disabled": False, "data-n": 12345, "x": None}

WIDGETS = [
    forms.TextInput(ATTRIBUTES),
    forms.NumberInput(),
    forms.EmailInput(),
    forms.URLInput(),
    forms.HiddenInput(),
    forms.PasswordInput(render_value=True),
    forms.CheckboxInput(ATTRIBUTES),
    forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    forms.TimeInput({"type": "time"}, format="%H:%M"),
    forms.DateTimeInput(),
    forms.Textarea(ATTRIBUTES),
    forms.Select(ATTRIBUTES, CHOICES),
    forms.SelectMultiple(ATTRIBUTES, CHOICES),
    forms.NullBooleanSelect(),
    forms.RadioSelect(ATTRIBUTES, CHOICES),
    forms.ClearableFileInput(),
    forms.MultipleHiddenInput(),
    forms.SplitDateTimeWidget(),
]
VALUES = [
    None,
    "",
    SIGNS,
    "to",
    0,
    1,
    12345,
    True,
    False,
    Decimal("1234.50"),
    date(2026, 11, 5),
    time(18, 0),
    mark_safe("<i>&amp;</i>"),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_widget_is_written_as_by_its_template(widget, value):
    if isinstance(widget, forms.SelectMultiple | forms.MultipleHiddenInput):
        value = [value]
    elif isinstance(widget, forms.SplitDateTimeWidget):
        value = [None, None]
    given = ("na<me", value, {"id": "id_x"})
    assert widget.render(*given, renderer=PlainRenderer()) == widget.render(
        *given, renderer=DjangoTemplates()
    )


class Form(forms.Form):
    name = forms.CharField(label=mark_safe("<i>N</i>"))
    text = forms.CharField(label=SIGNS, widget=forms.Textarea, help_text="Hjelp", required=False)
    kind = forms.ChoiceField(label=_("Courses"), choices=CHOICES)
    many = forms.IntegerField(min_value=1, max_value=2)


@pytest.mark.parametrize("data", [None, {}, {"name": SIGNS, "text": "a\r\nb", "many": "7"}])
def test_form_is_written_as_by_its_templates(data):
    plain = Form(data, renderer=PlainRenderer())
    assert plain.as_p() == Form(data, renderer=DjangoTemplates()).as_p()


@pytest.mark.parametrize("messages", [[], [SIGNS]])
def test_errors_are_written_as_by_their_template(messages):
    plain = ErrorList(messages, renderer=PlainRenderer())
    assert str(plain) == str(ErrorList(messages, renderer=DjangoTemplates()))


def test_every_part_that_is_written_has_a_template_of_djangos():
    for name in WRITERS:
        DjangoTemplates().get_template(name)


def test_the_portals_forms_use_it():
    assert isinstance(Form().renderer, PlainRenderer)
