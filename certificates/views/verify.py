"""Anybody may check a certificate that they hold in their hands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from certificates import services
from certificates.forms.verify import VerifyForm
from courses.web.client_address import client_network
from courses.web.throttle import takes_at_least
from enrolment.student_session import personal_page

# How long comparing takes, in seconds, whatever there is to compare with.
ANSWER_TAKES = 0.1


@csrf_exempt  # changes nothing, and needs no cookie
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Number and name → genuine, replaced, not valid, or not confirmed. Neither is in an address.

    The code on paper leads here with the number after `#`, which browsers keep to themselves.
    """
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": form})
    come_back_at = services.count_check(network=client_network(request))
    if come_back_at:
        context = {"come_back_at": come_back_at}
        response = render(request, "certificates/verify_later.html", context, status=429)
        seconds = (come_back_at - timezone.now()).total_seconds()
        response["Retry-After"] = str(max(1, round(seconds)))
        return response
    with takes_at_least(ANSWER_TAKES):
        answer = services.verify(number=form.cleaned_data["number"], name=form.cleaned_data["name"])
    return render(
        request,
        "certificates/verify_answer.html",
        {"form": form, "verdict": answer.verdict, "certificate": answer.certificate},
    )
