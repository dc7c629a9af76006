"""Files for tutors: what is taken, what their names become, and how they are saved on a course."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses import services
from courses.files import KINDS, NAME_LENGTH, read, tidy_name
from courses.models import Course, CourseFile
from tests import factories
from tests.courses.test_admin_stale_pages import OpenPage
from tests.test_constraints import refuses
from tests.test_people_fields import VALID as IDENTITY_NUMBER

PDF = b"%PDF-1.7 en plan"


def chosen(name: str = "plan.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(file: SimpleUploadedFile) -> str:
    with pytest.raises(ValidationError) as refused:
        read(file)
    return refused.value.message


# What is taken


@pytest.mark.parametrize("ending", KINDS)
def test_each_kind_is_taken_where_its_content_begins_so(ending: str) -> None:
    begins = (KINDS[ending].begins or (b"Hei",))[0]
    assert read(chosen(f"Plan{ending.upper()}", begins + b"...")).content == begins + b"..."
    if KINDS[ending].begins:
        assert f"({ending})" in refusal(chosen(f"plan{ending}", b"MZ, et program"))


@pytest.mark.parametrize(
    "name", ["plan.exe", "plan.html", "plan.svg", "plan.docm", "plan", ".pdf", "plan.pdf.js"]
)
def test_other_kinds_are_refused_by_their_ending(name: str) -> None:
    assert "Lagre den som PDF" in refusal(chosen(name))


def test_an_empty_and_a_large_file_are_refused_in_words(settings) -> None:
    assert refusal(chosen(content=b"")) == "Fila er tom. Velg en annen."
    settings.COURSE_FILE_MEGABYTES = 1
    assert len(read(chosen(content=PDF.ljust(1_000_000))).content) == 1_000_000
    assert (
        refusal(chosen(content=PDF.ljust(1_000_001)))
        == "Fila er for stor: 2 MB. Velg en på høyst 1 MB."
    )


def test_plain_text_of_an_old_program_is_stored_as_it_is_served() -> None:
    assert read(chosen("plan.txt", "blåbær".encode("cp1252"))).content == "blåbær".encode()
    assert read(chosen("plan.txt", "blåbær".encode())).content == "blåbær".encode()


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("Øvelse på å være.pdf", "Øvelse på å være.pdf"),
        ("a\u030a.pdf", "å.pdf"),  # as a Mac writes it
        ("plan\u202efdp.pdf", "planfdp.pdf"),  # turns the direction of what follows
        ("pl\r\nan\x00.pdf", "plan.pdf"),
        ("../../plan.pdf", ".._.._plan.pdf"),
        ('plan"; filename=x.pdf', 'plan"; filename=x.pdf'),
        ("å" * 300 + ".pdf", "å" * (NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_names_hold_anything_that_is_seen(name: str, tidied: str) -> None:
    assert tidy_name(name) == tidied


# What is stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"link": "https://example.org/"}, True),
        ({"file_name": ""}, True),
        ({"content": None}, True),
        ({"content": None, "file_name": "", "size": 0}, True),
        ({"content": None, "file_name": "", "size": 0, "link": "https://example.org/"}, False),
        ({"size": 0}, True),
    ],
)
def test_a_row_is_a_file_or_a_link(fields: dict[str, object], refused: bool) -> None:
    factories.make_course_file()
    assert refuses(CourseFile, **fields) == refused


@pytest.mark.django_db
def test_files_are_saved_changed_and_taken_away_with_their_course() -> None:
    course = factories.make_course()
    kept, gone = (factories.make_course_file(course, title=title) for title in ("Blir", "Går"))
    new = CourseFile(title="Film")
    new.point_at("https://example.org/film")
    kept.hold(name="ny.pdf", content=PDF)

    services.save_course(course=course, files=[new, kept], removed_files=[gone])

    assert {each.title: each.file_name or each.link for each in course.files.all()} == {
        "Blir": "ny.pdf",
        "Film": "https://example.org/film",
    }
    assert bytes(CourseFile.objects.get(title="Blir").content) == PDF
    course.delete()
    assert CourseFile.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"title": f"Fra {IDENTITY_NUMBER}"},
        {"file_name": f"{IDENTITY_NUMBER}.pdf"},
        {"kind": "hemmelig"},
    ],
)
def test_what_breaks_a_rule_is_not_saved(fields: dict[str, str]) -> None:
    course = factories.make_course()
    file = CourseFile(title="Plan")
    file.hold(name="plan.pdf", content=PDF)
    for name, value in fields.items():
        setattr(file, name, value)
    with pytest.raises(ValidationError):
        services.save_course(course=course, files=[file])
    assert course.files.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.org/x", "file:///etc/x"])
def test_a_link_leads_to_a_web_page(link: str) -> None:
    course = factories.make_course()
    file = CourseFile(title="Plan")
    file.point_at(link)
    with pytest.raises(ValidationError):
        services.save_course(course=course, files=[file])
    assert course.files.count() == 0


@pytest.mark.django_db
def test_content_is_read_by_nobody_who_does_not_ask_for_it(django_assert_num_queries) -> None:
    course = factories.make_course_file().course
    with django_assert_num_queries(1):
        [file] = course.files.all()
        assert (file.title, file.size) == ("Planen", 4)
    assert "content" in file.get_deferred_fields()


# On the course's page


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def add(page: OpenPage, **answers: object):
    """Send a new row of files along with the page as it stands."""
    number = int(page.answers["files-TOTAL_FORMS"][0])
    row = {"title": "Plan", "kind": "preparation", "link": "", "order": "0"} | answers
    return page.save(
        **{"files-TOTAL_FORMS": number + 1}
        | {f"files-{number}-{name}": value for name, value in row.items()}
    )


def errors_of(response) -> list[str]:
    assert response.status_code == 200
    return [
        str(error)
        for group in response.context["inline_admin_formsets"]
        for form in group.formset.errors
        for found in form.values()
        for error in found
    ]


@pytest.mark.django_db
def test_a_file_and_a_link_are_added_on_the_courses_page(staff) -> None:
    course = factories.make_course()
    assert add(OpenPage(staff, course), upload=chosen("Øvelse.pdf")).status_code == 302
    link = "https://example.org/film"
    assert add(OpenPage(staff, course), title="Film", link=link, order="1").status_code == 302
    assert list(course.files.values_list("title", "file_name", "link", "size")) == [
        ("Plan", "Øvelse.pdf", "", len(PDF)),
        ("Film", "", "https://example.org/film", 0),
    ]
    page = staff.get(reverse("admin:courses_course_change", args=[course.pk])).content.decode()
    assert f'<a href="{reverse("course_file", args=[course.files.first().pk])}">Øvelse.pdf' in page
    assert "Ikke skriv navn på studenter" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Velg en fil eller skriv en lenke, én av delene."),
        (
            {"upload": PDF, "link": "https://example.org/"},
            "Velg en fil eller skriv en lenke, én av delene.",
        ),
        ({"upload": b""}, "Fila er tom. Velg en annen."),
        (
            {"link": "javascript:alert(1)"},
            "Skriv hele nettadressen, for eksempel https://example.org.",
        ),
    ],
)
def test_what_cannot_be_is_said_at_the_row(staff, answers: dict, said: str) -> None:
    course = factories.make_course()
    if "upload" in answers:
        answers = answers | {"upload": chosen(content=answers["upload"])}
    assert said in errors_of(add(OpenPage(staff, course), **answers))
    assert course.files.count() == 0


@pytest.mark.django_db
def test_identity_number_in_the_name_of_a_file_is_refused(staff) -> None:
    course = factories.make_course()
    [said] = errors_of(add(OpenPage(staff, course), upload=chosen(f"{IDENTITY_NUMBER}.pdf")))
    assert said.startswith(f"Det som begynner med {IDENTITY_NUMBER[:6]}")
    assert course.files.count() == 0


@pytest.mark.django_db
def test_a_file_is_replaced_becomes_a_link_and_is_taken_away(staff) -> None:
    course = factories.make_course_file().course
    OpenPage(staff, course).save(**{"files-0-upload": chosen("ny.pdf")})
    assert list(course.files.values_list("file_name", "link")) == [("ny.pdf", "")]
    OpenPage(staff, course).save(**{"files-0-link": "https://example.org/"})
    assert list(course.files.values_list("file_name", "link")) == [("", "https://example.org/")]
    OpenPage(staff, course).save(**{"files-0-DELETE": "on"})
    assert course.files.count() == 0


@pytest.mark.django_db
def test_an_older_page_undoes_nothing_of_a_colleagues_file(staff) -> None:
    course = factories.make_course_file().course
    one, other = OpenPage(staff, course), OpenPage(staff, course)
    one.save(**{"files-0-title": "Ny plan", "files-0-upload": chosen("ny.pdf")})
    other.save(**{"files-0-kind": "handout"})
    assert list(course.files.values_list("title", "file_name", "kind")) == [
        ("Ny plan", "ny.pdf", "handout")
    ]
    one.save(**{"files-0-DELETE": "on"})
    answer = other.save(**{"files-0-title": "Min plan"})
    assert "En kollega har endret dette i mellomtiden" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_page_of_a_course_costs_the_same_for_any_number_of_files(
    staff, django_assert_num_queries, number: int
) -> None:
    course = factories.make_course()
    for _each in range(number):
        factories.make_course_file(course)
    address = reverse("admin:courses_course_change", args=[course.pk])
    staff.get(address)
    with django_assert_num_queries(17):
        staff.get(address)


@pytest.mark.django_db
def test_a_course_is_deleted_with_its_files(staff) -> None:
    course = factories.make_course_file().course
    address = reverse("admin:courses_course_delete", args=[course.pk])
    assert staff.post(address, {"post": "yes"}).status_code == 302
    assert (Course.objects.count(), CourseFile.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_course_without_files_is_saved_as_before(staff) -> None:
    course = factories.make_course()
    assert OpenPage(staff, course).save(title="Ny tittel").status_code == 302
    assert Course.objects.get().title == "Ny tittel"


@pytest.mark.django_db
def test_a_file_can_be_added_without_javascript(client):
    """One empty row is there on a course that exists; left empty, it is no file."""
    course = factories.make_course()
    client.force_login(factories.make_coordinator())
    url = reverse("admin:courses_course_change", args=[course.pk])
    _developers, files = client.get(url).context["inline_admin_formsets"]
    assert [str(form["title"].value() or "") for form in files.formset.forms] == [""]
    new = client.get(reverse("admin:courses_course_add")).context["inline_admin_formsets"][1]
    assert new.formset.forms == []
