"""Giving the place back from a letter, and changing one's mind. No reason is asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment
from enrolment.queries import load_programme, newest_of, other_open_runs
from enrolment.student_session import personal_page
from enrolment.views.my_page import link_is_gone
from enrolment.views.sign_up import to_receipt


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """One page for one student in one run, whichever letter the link came from.

    It shows how things stand, with the button that fits. The button names the row that was shown,
    so that pressing it again, or on a page that was left open, changes nothing.
    """
    enrolment = links.enrolment_of(Purpose.WITHDRAW, token)
    if enrolment is None:
        return link_is_gone(request)
    current = newest_of(enrolment)
    if (
        request.method == "POST"
        and request.POST.get("shown") == f"{current.submission}-{current.status}"
    ):
        services.use_language(student=current.student, language=get_language() or "nb")
        try:
            if current.is_live:
                services.withdraw(enrolment=current)
            else:
                answer = services.undo_withdrawal(
                    enrolment=current, when_one_left=services.WhenOneLeft.read(request.POST)
                )
                return to_receipt(current.run.course.slug, current.run_id, answer.outcome)
        except services.OnePlaceLeft:
            context = {"enrolment": current, "run": current.run, "section": "my_page"}
            return render(request, "enrolment/withdraw_one_place.html", context)
        except services.EnrolmentError:
            pass  # cancelled, begun or over meanwhile: the page says so
    if request.method == "POST":
        return redirect("withdraw", token)
    return _how_it_stands(request, current)


def _how_it_stands(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    run = load_programme(enrolment.run)
    context: dict[str, object] = {"enrolment": enrolment, "run": run, "section": "my_page"}
    if enrolment.is_live:
        context["goes_on_at_once"] = (
            enrolment.has_place and run.waiting > 0 and run.fills_by_itself()
        )
        context["queue_number"] = enrolment.queue_number() if enrolment.is_waiting else None
        return render(request, "enrolment/withdraw.html", context)
    try:
        services.check_open(run)
        context["can_undo"] = True
        context["would_wait"] = not run.has_room_for(1)
    except services.EnrolmentError:
        context["can_undo"] = False
        context["others"] = other_open_runs(run)
    return render(request, "enrolment/withdraw_done.html", context)
