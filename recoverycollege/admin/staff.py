"""«Staff and access»: who works here, as what, how they are invited and how their access ends."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Tutor
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.admin.run_pages import page
from recoverycollege.staff import second_factor, services
from recoverycollege.staff.queries import staff
from recoverycollege.staff.roles import Role, has_chosen_password, role_of

View = Callable[..., HttpResponse]

ROW = re.compile(r"[0-9]{1,9}")

# Whoever looks after the whole college.
for_coordinators = permission_required("courses.change_college", raise_exception=True)


def _sentence(refusal: services.StaffError) -> str:
    return {
        services.EmailTaken: gettext("Somebody else signs in with this address."),
        services.TutorTaken: gettext("Somebody else signs in as this tutor."),
        services.TutorNeeded: gettext("Choose which tutor this is."),
        services.LastCoordinator: gettext(
            "This is the last coordinator who can sign in. Invite another one first, and wait "
            "until they have chosen a password."
        ),
        services.HasComeAlready: gettext("They have chosen a password already."),
        services.NoEmail: gettext("Write an e-mail address first."),
    }[type(refusal)]


class StaffForm(forms.Form):
    """Who somebody is. A tutor is one of those whose courses are planned here."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    tutor = forms.ModelChoiceField(
        label=_("Which tutor"),
        queryset=Tutor.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("For tutors, and for coordinators who lead courses themselves."),
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(user=None, is_active=True, erased_at=None)
        own = Q(user=user) if user else Q(pk__in=[])
        tutors: Any = self.fields["tutor"]
        tutors.queryset = Tutor.objects.filter(free | own).order_by("name")
        if user is not None and not user.email:
            # Who signs in by user name alone, as all did once.
            self.fields["email"].required = False
        if user is not None and user.is_superuser:
            self.fields["role"].disabled = True

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        validate_no_identity_number(name)
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        validate_no_identity_number(email)
        return email

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role") == Role.TUTOR and not self.cleaned_data.get("tutor"):
            self.add_error("tutor", gettext("Choose which tutor this is."))
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """What the verbs take."""
        role, tutor = Role(self.cleaned_data["role"]), self.cleaned_data["tutor"]
        return {
            "name": self.cleaned_data["name"],
            "email": self.cleaned_data["email"],
            "role": role,
            "tutor": None if role == Role.OWNER else tutor,
        }

    def refuse(self, refusal: services.StaffError) -> None:
        about = {services.EmailTaken: "email", services.LastCoordinator: "role"}
        self.add_error(about.get(type(refusal), "tutor"), _sentence(refusal))


def of_somebody(view: View) -> View:
    """A page about one member of staff, who is not erased.

    403 where that is a superuser and whoever asks is none: with another address or without the
    second factor, the superuser's sign-in would be theirs.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, user_id: int) -> HttpResponse:
        user = get_object_or_404(staff(), pk=user_id)
        if user.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return view(request, user)

    return for_coordinators(wrapped)


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()


@for_coordinators
def staff_list(request: HttpRequest) -> HttpResponse:
    people = list(staff())
    return page(
        request,
        "admin/staff.html",
        gettext("Staff and access"),
        people=[
            {
                "user": user,
                "name": _name(user),
                "role": role_of(user),
                "has_come": has_chosen_password(user),
                "invited_at": user.invited_at,  # type: ignore[attr-defined]  # annotated
                "has_factor": user.has_factor,  # type: ignore[attr-defined]  # annotated
            }
            for user in people
        ],
    )


@for_coordinators
def invite(request: HttpRequest) -> HttpResponse:
    """A new member of staff. A link from a tutor's page says whom."""
    written = request.GET.get("tutor", "")
    free = Tutor.objects.filter(user=None, erased_at=None)
    known = free.filter(pk=int(written)).first() if ROW.fullmatch(written) else None
    initial: dict[str, Any] = {"role": Role.TUTOR}
    if known is not None:
        initial |= {"name": known.name, "email": known.email, "tutor": known}
    form = StaffForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            user = services.invite(**form.answers(), by=request.user)
        except services.StaffError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                gettext("%(name)s is invited. The letter goes to %(email)s.")
                % {"name": _name(user), "email": user.email},
            )
            return redirect("admin:staff")
    return _form_page(
        request, form, gettext("Invite somebody to sign in"), gettext("Send the invitation")
    )


@of_somebody
def change(request: HttpRequest, user: User) -> HttpResponse:
    initial = {
        "name": _name(user),
        "email": user.email,
        "role": role_of(user),
        "tutor": getattr(user, "tutor", None),
    }
    form = StaffForm(request.POST or None, initial=initial, user=user)
    if form.is_bound and form.is_valid():
        try:
            services.change_staff(user=user, **form.answers(), by=request.user)
        except services.StaffError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("admin:staff")
    return _form_page(request, form, _name(user), gettext("Save"))


def _form_page(request: HttpRequest, form: StaffForm, title: str, button: str) -> HttpResponse:
    return page(
        request,
        "admin/form.html",
        title,
        subtitle=gettext("Staff and access"),
        form=form,
        button=button,
        back_url=reverse("admin:staff"),
    )


@of_somebody
def invite_again(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        try:
            services.invite_again(user=user, by=request.user)
        except services.StaffError as refusal:
            messages.error(request, _sentence(refusal))
        else:
            messages.success(
                request,
                gettext("%(name)s is invited. The letter goes to %(email)s.")
                % {"name": _name(user), "email": user.email},
            )
    return redirect("admin:staff")


@of_somebody
def end_access(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        try:
            services.take_access_away(user=user, by=request.user)
        except services.StaffError as refusal:
            messages.error(request, _sentence(refusal))
        else:
            messages.success(
                request,
                gettext("%(name)s cannot sign in any more, and is signed out everywhere.")
                % {"name": _name(user)},
            )
        return redirect("admin:staff")
    return _question(
        request,
        gettext("Take away the access of %(name)s?") % {"name": _name(user)},
        [
            gettext("They are signed out at once, on every device, and cannot sign in any more."),
            gettext("What they have done stays. You can invite them again later."),
        ],
        gettext("Take away the access"),
    )


@of_somebody
def forget_factor(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        services.forget_second_factor(user=user, by=request.user)
        messages.success(
            request, gettext("%(name)s signs in without the app now.") % {"name": _name(user)}
        )
        return redirect("admin:staff")
    sentences = [
        gettext("For somebody who has lost the telephone and the recovery codes."),
        gettext("Be sure that it is they who ask: ring them on a number you know."),
    ]
    if second_factor.is_required_of(user):
        sentences.append(gettext("They set up the app anew the next time they sign in."))
    return _question(
        request,
        gettext("Let %(name)s sign in without the app?") % {"name": _name(user)},
        sentences,
        gettext("Take the app away"),
    )


def _question(request: HttpRequest, title: str, sentences: list[str], button: str) -> HttpResponse:
    return page(
        request,
        "admin/confirm.html",
        title,
        subtitle=gettext("Staff and access"),
        sentences=sentences,
        button=button,
        back_url=reverse("admin:staff"),
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    one = "medarbeidere/<int:user_id>/"
    return [
        path("medarbeidere/", site.admin_view(staff_list), name="staff"),
        path("medarbeidere/inviter/", site.admin_view(invite), name="staff_invite"),
        path(one, site.admin_view(change), name="staff_change"),
        path(f"{one}inviter/", site.admin_view(invite_again), name="staff_invite_again"),
        path(f"{one}avslutt/", site.admin_view(end_access), name="staff_end_access"),
        path(f"{one}app/", site.admin_view(forget_factor), name="staff_forget_factor"),
    ]
