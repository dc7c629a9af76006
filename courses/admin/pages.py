"""Pages of the admin that are no list and no form of a model."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """An admin page with the frame of all others."""
    return render(
        request, template, {**admin.site.each_context(request), "title": title, **context}
    )
