"""How many are in the room, as the tutor counts them."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class HeadcountForm(forms.Form):
    headcount = forms.IntegerField(
        label=_("How many are here?"),
        min_value=0,
        max_value=settings.HEADCOUNT_AT_MOST,
        error_messages={
            "required": _("Write a number, such as 12."),
            "invalid": _("Write a number, such as 12."),
            "min_value": _("Write 0 or more."),
            "max_value": _("Write %(limit_value)s or less."),
        },
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
