"""Certificates as an answer to a request."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from certificates import pdf
from certificates.models import Certificate


def pdf_response(
    certificates: Sequence[Certificate], *, with_signatures: bool = True
) -> HttpResponse:
    """The PDF to look at or save. Its file name tells nothing."""
    if not certificates:
        raise Http404
    return HttpResponse(
        pdf.render(certificates, with_signatures=with_signatures),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="kursbevis.pdf"'},
    )
