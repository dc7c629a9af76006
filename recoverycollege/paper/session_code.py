"""The sign for the room: how everybody in it gets a certificate, with the session's code."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from certificates import services
from certificates.models import SessionCode
from courses.norwegian import formatting
from recoverycollege.paper.drawing import as_pdf, drawing, printable


def render(code: SessionCode) -> bytes:
    """One sheet on its side. Tells no course. No query where the session and its run are loaded."""
    address = settings.SITE_URL + reverse("claim")
    closes_at = services.code_closes_at(code.session)
    context = {
        "title": gettext("Code for certificates"),
        "address": address.partition("://")[2],
        "code": code.printed_code,
        "target": f"{address}?{urlencode({'kode': code.code})}",
        "clock": printable(formatting.clock(closes_at)),
        "day": printable(formatting.day_without_weekday(closes_at)),
    }
    with drawing("session_code", words=[]) as lay_out:
        return as_pdf(lay_out(context))
