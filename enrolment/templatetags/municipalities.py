"""A student's municipality in words."""

from django import template

from enrolment.forms.optional_questions import in_words

register = template.Library()
register.filter("municipality", in_words)
