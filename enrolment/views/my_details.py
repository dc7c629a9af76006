"""What students read about themselves and correct: letters they got, name, contact, language."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import College
from courses.norwegian.formatting import phone
from enrolment import links, services
from enrolment.forms.my_details import MyDetailsForm, NewEmailForm
from enrolment.forms.optional_questions import OptionalQuestions
from enrolment.letters import without_links
from enrolment.models import Letter, Student
from enrolment.student_session import personal_page, sign_in, signed_in_student, stay_signed_in
from enrolment.views.my_page import link_is_gone


@personal_page
@require_safe
def my_letters(request: HttpRequest) -> HttpResponse:
    """What the student has been told, the newest first, as it was said."""
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    told = (
        student.letters.filter(sent_at__isnull=False)
        .exclude(kind=Letter.Kind.LINK)
        .select_related("enrolment__run__course", "run__course")
        .order_by("-sent_at", "-pk")
    )
    context = {
        "letters": [(letter, without_links(letter)) for letter in told],
        "section": "my_page",
    }
    return render(request, "enrolment/my_letters.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_details(request: HttpRequest) -> HttpResponse:
    """Spelling, contact, channel, language, and what the college asks beside that.

    A new e-mail address is confirmed first.
    """
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    college = College.objects.current()
    form = MyDetailsForm(
        request.POST if request.method == "POST" else None,
        student=student,
        reminds=college.reminds_students,
        questions=OptionalQuestions.of(college),
    )
    if form.is_valid() and _correct(request, student, form):
        with translation.override(form.cleaned_data["language"]):
            return redirect("my_details" if form.new_email else "my_page")
    context = {
        "form": form,
        "asked": services.new_email_of(student),
        "days": settings.NEW_EMAIL_DAYS,
        "college": college,
        "section": "my_page",
    }
    return render(request, "enrolment/my_details.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_new_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the letter to a new address: a page with one button, which lets it count.

    Whoever has not come in as the student writes the student's name: an address may be mistyped,
    and its letter read by a stranger, who is told nothing about anybody.
    """
    letter = links.new_email_letter_of(token)
    student = letter.student if letter is not None else None
    signed_in = signed_in_student(request)
    if letter is None or student is None or services.new_email_of(student) != letter:
        if signed_in is not None:
            return redirect("my_details")  # the button pressed twice
        return link_is_gone(request)
    sent = request.POST if request.method == "POST" else None
    form = None if signed_in == student else NewEmailForm(sent)
    is_too_much = False
    if sent is not None and (form is None or form.is_valid()):
        is_too_much = form is not None and services.count_new_email_name(letter=letter)
        if not is_too_much and (changed := _confirm(request, student, letter, form)):
            return changed
    context = {
        "address": letter.address,
        "form": form,
        "is_too_much": is_too_much,
        "section": "my_page",
    }
    status = 429 if is_too_much else 200
    return render(request, "enrolment/my_new_email.html", context, status=status)


def _confirm(
    request: HttpRequest, student: Student, letter: Letter, form: NewEmailForm | None
) -> HttpResponse | None:
    """Let the address count, and the student in. None where the page is to be shown once more."""
    name = None if form is None else form.cleaned_data["name"]
    try:
        changed = services.confirm_new_email(student=student, letter=letter, name=name)
    except services.NotLive:
        return link_is_gone(request)
    except services.WrongName:
        if form is not None:
            form.add_error(
                "name", gettext("We have another name here. Write the whole name, or ring us.")
            )
        return None
    except ValidationError:
        messages.warning(request, _ring_us())
        return None
    sign_in(request, changed, token=links.page_token(changed))
    messages.success(
        request, gettext("From now on we write to %(email)s.") % {"email": changed.email}
    )
    return redirect("my_page")


def _correct(request: HttpRequest, student: Student, form: MyDetailsForm) -> bool:
    """Write down what has changed, and say so. False where the page is to be shown once more."""
    try:
        if form.changed:
            changed = services.correct_own(student=student, **form.changed)
            stay_signed_in(request, changed)
        if form.new_email:
            services.ask_for_new_email(student=student, email=form.new_email)
    except Student.DoesNotExist:
        pass  # erased meanwhile: the next page says what there is
    except ValidationError:
        # Another record of this name and contact; whose it is, is told to nobody.
        form.add_error(None, _ring_us())
        return False
    except services.TooManyAddresses:
        form.add_error(
            "email", gettext("We have sent several letters to new addresses today. Try tomorrow.")
        )
        return False
    if form.changed:
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, gettext("Saved."))
    return True


def _ring_us() -> str:
    return gettext("We could not save this here. Ring us on %(phone)s, and we will do it.") % {
        "phone": phone(College.objects.current().phone)
    }
