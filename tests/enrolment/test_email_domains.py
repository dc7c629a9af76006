import pytest

from enrolment.forms.email_domains import COMMON, REAL, likely_meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("mgail.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.no", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cmo", "gmail.com"),
        ("gmail", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmal.com", "hotmail.com"),
        ("hotmial.no", "hotmail.no"),
        ("hotmail.on", "hotmail.no"),
        ("hotmail.con", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("outlook.con", "outlook.com"),
        ("online.on", "online.no"),
        ("onlien.no", "online.no"),
        ("icloud.co", "icloud.com"),
        ("iclod.com", "icloud.com"),
        ("yaho.no", "yahoo.no"),
        ("live.con", "live.com"),
        ("live.on", "live.no"),
        ("msn.cm", "msn.com"),
        ("broadpakr.no", "broadpark.no"),
    ],
)
def test_slip_in_a_common_domain_is_seen(written, meant):
    assert likely_meant(f"ola@{written}") == f"ola@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        *COMMON,
        *sorted(REAL),
        "hotmail.se",
        "hotmail.co.uk",
        "hotmail.fr",
        "live.se",
        "live.dk",
        "outlook.dk",
        "yahoo.de",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "mail.no",
        "fmail.com",
        "googlemail.com",
        "proton.me",
        "pm.me",
        "me.com",
        "mac.com",
        "like.no",
        "life.com",
        "men.com",
        "lise.net",
        "smart.no",
        "student.uib.no",
        "sandnes.kommune.no",
        "online.gmail.example",
        "example.org",
        "skolen.no",
        "",
    ],
)
def test_other_domains_are_not_asked_about(domain):
    assert likely_meant(f"ola@{domain}") == ""


def test_nothing_is_asked_where_there_is_no_address():
    assert likely_meant("") == ""
    assert likely_meant("gmail.con") == ""
