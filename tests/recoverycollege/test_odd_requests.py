"""What no browser of ours sends: no page and no form answers it with an error of ours."""

import io
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from certificates import services as certificate_services
from certificates.models import Certificate
from courses.models import Tutor
from enrolment import links
from enrolment.links import Purpose
from recoverycollege.plain_requests import plain_content_type
from tests import factories

pytestmark = pytest.mark.django_db

CHARSETS = [
    *("hex", "rot13", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"),
    *("base64", "zlib", "bz2", "uu", "quopri", "utf-7", "utf-16", "utf-8-sig", "no-such", ""),
]
BOUNDARY = "grense"
ODD_VALUES = ["a\0b", "\ud800", "\r\nX-Odd: 1", "9" * 30, "¹"]


class GuardedClient(Client):
    """Sends what the web server hands on: the guard stands before Django."""

    def request(self, **request):
        if "CONTENT_TYPE" in request:
            request["CONTENT_TYPE"] = plain_content_type(request["CONTENT_TYPE"])
        return super().request(**request)


@pytest.fixture
def _connection_stays():
    """As the test client does: a request must not close the connection of the test."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.fixture
def tutor():
    return factories.make_tutor_with_sign_in()


@pytest.fixture
def run(tutor):
    """A run whose first session is on now, with somebody in the register and a certificate."""
    run = factories.make_published_run(in_days=-0.01, sessions=2)
    run.assignments.filter(role="peer").update(tutor=tutor)
    enrolment = factories.enrol(factories.make_published_run())
    certificate_services.issue_by_name(
        run=run,
        sessions=[run.sessions.first()],
        names=["Kari Nordmann"],
        language="nb",
        by=tutor.user,
    )
    run.enrolment = enrolment
    return run


FIELDS = [
    *("name", "email", "phone", "adjustment", "companion", "step", "shown", "contact", "code"),
    *("form_id", "number", "headcount", "shown_headcount", "names", "sessions", "language"),
    *("login", "password", "next", "old_password", "new_password1", "when_one_left", "form"),
    *("submission", "notice", "channel", "title", "slug", "action", "_selected_action", "q"),
    *("sender", "first_day", "weeks", "outcome", "student", "capacity", "sender_name"),
]
QUERY = [
    *("semester", "sok", "side", "samling", "ogsa", "kode", "hvilke", "nr", "linjer", "next"),
    *("q", "p", "o", "e", "all", "status__exact", "id", "run__id__exact", "_popup", "student"),
]


def public_pages(run) -> list[str]:
    student = run.enrolment.student
    token = links.enrolment_token(Purpose.WITHDRAW, run.enrolment)
    coming = run.enrolment.run
    return [
        reverse("front_page"),
        reverse("catalogue"),
        reverse("course", args=[run.course.slug]),
        reverse("sign_up", args=[coming.course.slug, coming.pk]),
        reverse("my_page"),
        reverse("my_link"),
        reverse("my_page_sign_in", args=[links.page_token(student)]),
        reverse("my_companion", args=[run.enrolment.submission]),
        reverse("my_sign_out"),
        reverse("withdraw", args=[token]),
        reverse("claim"),
        reverse("verify"),
        reverse("sign_in"),
        reverse("sign_out"),
        "/nn" + reverse("my_link"),
        "/finnes-ikke/",
    ]


def staff_pages(run) -> list[str]:
    certificate = Certificate.objects.get()
    return [
        reverse("tutor_runs"),
        reverse("password"),
        *(
            reverse(name, args=[run.pk])
            for name in (
                *("tutor_register", "tutor_contacts", "tutor_sheet", "tutor_certificates"),
                *("tutor_names", "tutor_session_code", "tutor_certificates_renew"),
            )
        ),
        reverse("tutor_certificate_correct", args=[run.pk, certificate.pk]),
        reverse("tutor_certificate_withdraw", args=[run.pk, certificate.pk]),
    ]


def admin_pages(run) -> list[str]:
    pages = [reverse("admin:index"), reverse("admin:call_list"), reverse("admin:copy_semester")]
    for model, _admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        pages.append(reverse(f"{name}_changelist"))
        pages.append(reverse(f"{name}_add"))
        if row is not None:
            pages.append(reverse(f"{name}_change", args=[row.pk]))
    coming = run.enrolment.run
    pages += [
        reverse(f"admin:{name}", args=[coming.pk])
        for name in (
            "phone_sign_up",
            "run_copy",
            "run_cancel",
            "run_history",
            "run_move",
            "run_substitute",
            "run_hand_over",
            "run_to_draft",
            "run_pattern",
        )
    ]
    return pages


def every_page(run):
    """Each page with a client that may open it."""
    tutor, coordinator = GuardedClient(), GuardedClient()
    tutor.force_login(Tutor.objects.exclude(user=None).get().user)
    coordinator.force_login(factories.make_coordinator())
    for page in public_pages(run):
        yield GuardedClient(), page
    for page in staff_pages(run):
        yield tutor, page
    for page in admin_pages(run):
        yield coordinator, page


def multipart(fields: dict[str, str], part_type: str = "") -> bytes:
    head = f"\r\nContent-Type: {part_type}" if part_type else ""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{head}\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    whole = "".join(parts) + f"--{BOUNDARY}--\r\n"
    return whole.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("value", ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_no_value_in_a_form_makes_an_error_of_ours(run, value):
    """Sent as each kind of form, with a charset that is none and an address as odd as the form."""
    quoted = value.encode("utf-8", "surrogatepass")
    plain = urlencode(dict.fromkeys(FIELDS, quoted))
    parts = multipart(dict.fromkeys(FIELDS, value), "text/plain; charset=hex")
    query = urlencode(dict.fromkeys(QUERY, quoted))
    for number, (client, page) in enumerate(every_page(run)):
        if number % 2:
            content_type, sent = f"multipart/form-data; boundary={BOUNDARY}; charset=uu", parts
        else:
            content_type, sent = "application/x-www-form-urlencoded; charset=rot13", plain
        address = {"query_string": query} if "/admin/" not in page else {}
        response = client.generic("POST", page, sent, content_type, **address)
        assert response.status_code < 500, page


@pytest.mark.parametrize("value", ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_no_value_in_an_address_makes_an_error_of_ours(run, value):
    quoted = value.encode("utf-8", "surrogatepass")
    query = urlencode(dict.fromkeys(QUERY, quoted))
    for client, page in every_page(run):
        assert client.get(page, query_string=query).status_code < 500, page


@pytest.mark.parametrize("value", ["\0", "\ud800"], ids=["nul", "surrogate"])
def test_no_value_in_a_path_makes_an_error_of_ours(run, value):
    for client, page in every_page(run):
        path = page.rsplit("/", 2)[0] + "/" + value + "/"
        environ = {"PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1")}
        assert client.get(page, **environ).status_code < 500, page


@pytest.mark.parametrize("name", ["session", "csrftoken", "django_language", "messages", "other"])
@pytest.mark.parametrize("value", ['"\\000"', '"a\\000b' + "x" * 30 + '"', "\x80\xff", "x" * 4000])
def test_no_cookie_makes_an_error_of_ours(run, name, value):
    for method, page in [
        ("GET", reverse("my_page")),
        ("POST", reverse("my_link")),
        ("GET", reverse("sign_in")),
        ("GET", reverse("tutor_register", args=[run.pk])),
        ("POST", reverse("admin:index")),
    ]:
        client = GuardedClient(enforce_csrf_checks=True)
        response = client.generic(method, page, HTTP_COOKIE=f"{name}={value}")
        assert response.status_code < 500, (method, page)


@pytest.mark.parametrize(
    "content_type",
    [
        *(f"application/x-www-form-urlencoded; charset={charset}" for charset in CHARSETS),
        *(f"multipart/form-data; boundary=x; charset={charset}" for charset in CHARSETS),
        "application/x-www-form-urlencoded; charset*=hex''abc",
        "multipart/form-data; boundary*=undefined''abc",
        "text/plain; a*=no-such''b; boundary",
        "multipart/form-data; boundary=\x80",
        ";",
    ],
)
@pytest.mark.usefixtures("_connection_stays")
def test_no_content_type_breaks_the_application_itself(content_type):
    from recoverycollege.wsgi import application  # it asks the database as it loads

    sent = b"contact=kari%40example.org"
    environ = Client()._base_environ(
        PATH_INFO="/min-side/lenke/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(len(sent)),
        **{"wsgi.input": io.BytesIO(sent)},
    )
    answers = []
    b"".join(application(environ, lambda status, headers: answers.append(status)))
    assert answers[0] in {"403 Forbidden", "400 Bad Request"}


def test_a_form_is_read_as_utf_8_whatever_it_says_of_itself():
    factories.get_college()
    response = GuardedClient().generic(
        "POST",
        reverse("my_link"),
        urlencode({"contact": "blåbær"}),
        "application/x-www-form-urlencoded; charset=iso-8859-1",
    )
    assert 'value="blåbær"' in response.content.decode()


def test_the_boundary_of_a_multipart_form_is_kept():
    given = 'multipart/form-data; charset=hex; Boundary="a b"; x=y'
    assert plain_content_type(given) == 'multipart/form-data; boundary="a b"'
    assert plain_content_type("text/html; charset=rot13") == "text/html"


def test_a_nul_is_taken_out_of_what_was_sent():
    factories.get_college()
    response = Client().post(reverse("my_link"), {"contact": "ka\0ri"})
    assert 'value="kari"' in response.content.decode()
