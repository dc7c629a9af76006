"""Every variable of the environment: what is taken, and what is said where it is not."""

from pathlib import Path

import pytest

from recoverycollege.environment import FaultyEnvironment, read

VAR = Path("/srv/portal/var")
NEW_KEY = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
GOOD = {
    "SECRET_KEY": "s" * 32,
    "CERTIFICATE_KEY": "c" * 32,
    "SITE_URL": "https://kurs.example.org",
    "DATABASE_URL": "postgres://portal:p%40ss@db.example.org:5433/portal",
    "EMAIL_URL": "smtp://localhost",
    "DEFAULT_FROM_EMAIL": "post@example.org",
    "ERASURES_FILE": "/srv/portal/erasures",
}
EXAMPLES = {
    "DEBUG": "0",
    "SECRET_KEY": NEW_KEY,
    "SECRET_KEY_FALLBACKS": "the former SECRET_KEY",
    "CERTIFICATE_KEY": NEW_KEY,
    "SITE_URL": "https://kurs.example.org",
    "ALLOWED_HOSTS": "kurs.example.org,www.kurs.example.org",
    "DATABASE_URL": "postgres://portal:p%40ssword@localhost:5432/portal",
    "EMAIL_URL": "smtp://portal:p%40ssword@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "post@example.org",
    "ERASURES_FILE": "/srv/portal/erasures",
    "BACKUP_FOLDER": "/srv/backups/portal",
    "BACKUP_RECIPIENT": "age1…, which age-keygen calls the public key",
    "SMS_URL": "https://portal:p%40ssword@gateway.example.org/send",
    "STATUS_TOKEN": NEW_KEY,
    "TRUSTED_PROXY_COUNT": "1",
}
PERCENT = (
    "in user and password, characters such as @ / # ? : and % are percent-encoded "
    "(@ is %40, / is %2F, # is %23, ? is %3F, : is %3A, % is %25)"
)


def faults(**values: str) -> list[str]:
    with pytest.raises(FaultyEnvironment) as faulty:
        read(GOOD | values, var=VAR)
    return faulty.value.faults


def line(name: str, what: str) -> str:
    return f"{name} {what}. Example: {name}={EXAMPLES[name]}"


def taken(**values: str):
    return read(GOOD | values, var=VAR)


def test_what_is_needed_is_enough():
    given = taken()
    assert (given.debug, given.proxies) == (False, 1)
    assert given.allowed_hosts == ["kurs.example.org"]
    assert (given.database["USER"], given.database["PASSWORD"]) == ("portal", "p@ss")
    assert (given.database["HOST"], given.database["PORT"]) == ("db.example.org", 5433)


def test_all_faults_are_told_at_once_and_none_repeats_a_secret():
    with pytest.raises(FaultyEnvironment) as faulty:
        read(
            {"SECRET_KEY": "hush", "EMAIL_URL": "imap://me:hush@host", "TRUSTED_PROXY_COUNT": "-1"},
            var=VAR,
        )
    assert str(faulty.value).splitlines() == [
        line("SECRET_KEY", "has 4 characters and needs 32 or more"),
        line("CERTIFICATE_KEY", "is missing"),
        line("SITE_URL", "is missing"),
        line("DATABASE_URL", "is missing"),
        line("EMAIL_URL", "must begin with smtp://, smtps:// or file:///"),
        line("DEFAULT_FROM_EMAIL", "is missing"),
        line("ERASURES_FILE", "is missing"),
        line("TRUSTED_PROXY_COUNT", "is '-1' and must be a whole number, 0 or more"),
    ]


@pytest.mark.parametrize("given", ["erasures", "/srv/portal/"])
def test_list_of_erasures_is_a_file_from_the_root(given):
    what = "must name a file from the root, with / at its beginning and none at its end"
    assert faults(ERASURES_FILE=given) == [line("ERASURES_FILE", what)]
    assert taken().erasures == Path("/srv/portal/erasures")


def test_backups_have_a_folder_and_are_encrypted_by_a_public_key():
    assert (taken().backups, taken().backup_recipient) == (None, "")
    what = "must name a folder from the root, with / at its beginning"
    assert faults(BACKUP_FOLDER="backups") == [line("BACKUP_FOLDER", what)]
    for public in ("age1q0p", "ssh-ed25519 AAAAC3Nz it@example.org"):
        assert taken(BACKUP_RECIPIENT=public).backup_recipient == public
    private = "AGE-SECRET-KEY-1Q0P"
    what = "must be a public key, of age or SSH"
    assert faults(BACKUP_RECIPIENT=private) == [line("BACKUP_RECIPIENT", what)]


def test_old_name_of_the_number_of_proxies_is_told():
    assert faults(PROXIES="0") == [
        "PROXIES is called TRUSTED_PROXY_COUNT now: rename it. Example: TRUSTED_PROXY_COUNT=1"
    ]


def test_developer_needs_no_servers():
    keys = {name: GOOD[name] for name in ("SECRET_KEY", "CERTIFICATE_KEY")}
    given = read(keys | {"DEBUG": "1", "SITE_URL": "http://192.168.1.5:8000"}, var=VAR)
    assert given.database["NAME"] == "/srv/portal/var/db.sqlite3"
    assert given.email["EMAIL_FILE_PATH"] == "/srv/portal/var/letters"
    assert given.from_email == "post@example.org"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_empty_is_missing(name):
    assert faults(**{name: ""}) == [line(name, "is missing")]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize("space", [" {}", "{} ", "{}\n", "\t{}"])
def test_space_around_is_told(name, space):
    wrong = {name: space.format((GOOD | EXAMPLES)[name])}
    what = "has a space or line break at its beginning or end: take it away"
    assert line(name, what) in faults(**wrong)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotation_marks_that_were_copied_along_are_told(name, quote):
    wrong = {name: quote + (GOOD | EXAMPLES)[name] + quote}
    what = "begins with a quotation mark, which is taken as a part of it: leave it out"
    assert line(name, what) in faults(**wrong)


def test_sign_that_cannot_be_seen_is_told():
    what = "has a sign in it that cannot be seen: write it anew"
    assert faults(SECRET_KEY="s" * 40 + "\u200bs") == [line("SECRET_KEY", what)]


def test_former_secret_keys_are_a_list():
    assert taken().former_secret_keys == []
    former = ["f" * 32, "g" * 40]
    assert taken(SECRET_KEY_FALLBACKS=", ".join(former)).former_secret_keys == former
    assert faults(SECRET_KEY_FALLBACKS="f" * 31) == [
        line("SECRET_KEY_FALLBACKS", "has 31 characters and needs 32 or more")
    ]


def test_keys_are_two():
    assert faults(CERTIFICATE_KEY="s" * 32) == [
        "CERTIFICATE_KEY is the same as SECRET_KEY: make a key of its own. "
        f"Example: CERTIFICATE_KEY={NEW_KEY}"
    ]


@pytest.mark.parametrize("length", [1, 31])
@pytest.mark.parametrize("name", ["SECRET_KEY", "CERTIFICATE_KEY"])
def test_short_key_is_refused(name, length):
    what = f"has {length} characters and needs 32 or more"
    assert faults(**{name: "k" * length}) == [line(name, what)]


@pytest.mark.parametrize("value", ["true", "yes", "2", "False"])
def test_debug_is_a_switch(value):
    assert faults(DEBUG=value) == [line("DEBUG", f"is {value!r} and must be 0 or 1")]


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://kurs.example.org/", "https://kurs.example.org"),
        ("https://Kurs.Example.org:8443", "https://kurs.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8014", "http://127.0.0.1:8014"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_site_is_an_origin(given, origin):
    assert taken(SITE_URL=given).site_url == origin


def test_host_that_is_a_number_is_allowed_in_brackets():
    assert taken(SITE_URL="http://[::1]:8000").allowed_hosts == ["[::1]"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("kurs.example.org", "is 'kurs.example.org' and must begin with https://"),
        ("https:kurs.example.org", "is 'https:kurs.example.org' and must begin with https://"),
        ("ftp://kurs.example.org", "is 'ftp://kurs.example.org' and must begin with https://"),
        ("http://kurs.example.org", "must begin with https://: http:// is for localhost alone"),
        ("https://", "is 'https://' and has no host"),
        (
            "https://example.org/kurs",
            "is 'https://example.org/kurs' and must end after the host: no path and nothing behind "
            "it",
        ),
        (
            "https://example.org?",
            "is 'https://example.org?' and must end after the host: no path and nothing behind it",
        ),
        ("https://me@example.org", "has a user name in it, and must be scheme and host alone"),
        ("https://kurs example.org", "has a space in it"),
        ("https://kurs_ved.example.org", "has a host that cannot be, 'kurs_ved.example.org'"),
        (
            "https://blåbær.example.org",
            "must have its host in the form that browsers send: xn--blbr-roah.example.org",
        ),
        (
            "https://example.org:https",
            f"has no number as its port, or a host that cannot be; {PERCENT}",
        ),
        ("https://example.org:", "has a colon behind the host, and no port"),
    ],
)
def test_site_that_is_no_origin_is_refused(given, what):
    assert faults(SITE_URL=given) == [line("SITE_URL", what)]


@pytest.mark.parametrize(
    "given", ["https://example.org", "example.org:8000", "example.org/kurs", "a b"]
)
def test_hosts_are_hosts_alone(given):
    what = f"names {given!r}: write hosts alone, with neither https:// nor port nor path"
    assert faults(ALLOWED_HOSTS=given) == [line("ALLOWED_HOSTS", what)]


def test_hosts_are_a_list():
    assert taken(ALLOWED_HOSTS="a.example.org, 127.0.0.1,").allowed_hosts == [
        "a.example.org",
        "127.0.0.1",
    ]


@pytest.mark.parametrize(
    ("given", "name", "host"),
    [
        ("sqlite:////srv/portal.sqlite3", "/srv/portal.sqlite3", ""),
        ("sqlite:///var/db.sqlite3", "var/db.sqlite3", ""),
        ("postgres:///portal", "portal", ""),
        ("postgresql://portal@%2Frun%2Fpostgresql/portal", "portal", "/run/postgresql"),
    ],
)
def test_database_is_named_by_an_address(given, name, host):
    database = taken(DATABASE_URL=given).database
    assert (database["NAME"], database["HOST"]) == (name, host)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("mysql://u:p@host/name", "must begin with postgres:// or sqlite:///"),
        ("db.sqlite3", "must begin with postgres:// or sqlite:///"),
        ("sqlite://", "must name a file after sqlite:///"),
        ("sqlite:///", "must name a file after sqlite:///"),
        ("postgres:portal", "must have :// after its first word"),
        ("postgres://u:p@host", "has no name of a database at its end"),
        ("postgres://u:p@host/a/b", f"has more than one name after the host; {PERCENT}"),
        (
            "postgres://u:p/q@host/name",
            f"has no number as its port, or a host that cannot be; {PERCENT}",
        ),
        (
            "postgres://u:1/q@host/name",
            f"has characters in user or password that mean something else; {PERCENT}",
        ),
        (
            "postgres://u:1#q@host/name",
            f"has characters in user or password that mean something else; {PERCENT}",
        ),
        (
            "postgres://u:100%@host/name",
            f"has a % that begins no percent-encoded character; {PERCENT}",
        ),
        ("postgres://u:p@host:/name", "has a colon behind the host, and no port"),
    ],
)
def test_database_that_cannot_be_is_refused(given, what):
    assert faults(DATABASE_URL=given) == [line("DATABASE_URL", what)]


def email(given: str) -> dict:
    return taken(EMAIL_URL=given).email


@pytest.mark.parametrize(
    ("given", "host", "port", "user", "password", "ssl", "tls"),
    [
        ("smtp://localhost", "localhost", 25, "", "", False, False),
        ("smtp://mail.example.org?tls=required", "mail.example.org", 25, "", "", False, True),
        (
            "smtp://u:p%40%2F%23@mail.example.org:587",
            "mail.example.org",
            587,
            "u",
            "p@/#",
            False,
            1,
        ),
        (
            "smtps://u%40example.org:p@m.example.org",
            "m.example.org",
            465,
            "u@example.org",
            "p",
            1,
            0,
        ),
    ],
)
def test_mail_server_is_named_by_an_address(given, host, port, user, password, ssl, tls):
    settings = email(given)
    assert settings == {
        "EMAIL_BACKEND": "recoverycollege.mail.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_SSL": bool(ssl),
        "EMAIL_USE_TLS": bool(tls),
    }


def test_letters_may_lie_in_a_folder():
    assert email("file:///srv/the letters") == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": "/srv/the letters",
    }


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("localhost", "must begin with smtp://, smtps:// or file:///"),
        ("smtp:localhost", "must have :// after its first word"),
        ("smtp://", "has no host"),
        (
            "file://letters",
            "must name a folder from the root after file://, as in file:///srv/letters",
        ),
        ("smtp://host/path", f"has something behind the host; {PERCENT}"),
        (
            "smtp://u:p/q@host:587",
            f"has no number as its port, or a host that cannot be; {PERCENT}",
        ),
        (
            "smtp://u:1/q@host:587",
            f"has characters in user or password that mean something else; {PERCENT}",
        ),
        (
            "smtp://host:smtp",
            f"has no number as its port, or a host that cannot be; {PERCENT}",
        ),
        ("smtp://user@host", "has a user or a password alone: write both or neither"),
        ("smtp://host?tls=maybe", "knows no option but ?tls=required, for smtp://"),
        ("smtps://host?tls=required", "knows no option but ?tls=required, for smtp://"),
    ],
)
def test_mail_server_that_cannot_be_is_refused(given, what):
    assert faults(EMAIL_URL=given) == [line("EMAIL_URL", what)]


@pytest.mark.parametrize("given", ["post", "Skolen <post@example.org>", "a@b.no,c@d.no"])
def test_sender_is_one_address(given):
    what = "must be one e-mail address, without a name beside it"
    assert faults(DEFAULT_FROM_EMAIL=given) == [line("DEFAULT_FROM_EMAIL", what)]


@pytest.mark.parametrize("given", ["one", "1.5", "-1", "²"])
def test_proxies_are_a_number(given):
    what = f"is {given!r} and must be a whole number, 0 or more"
    assert faults(TRUSTED_PROXY_COUNT=given) == [line("TRUSTED_PROXY_COUNT", what)]


def test_no_sms_without_a_gateway():
    assert taken().sms["SMS_BACKEND"] == ""
    assert taken(SMS_URL="").sms["SMS_BACKEND"] == ""


@pytest.mark.parametrize(
    ("given", "gateway", "user", "password"),
    [
        ("https://sms.example.org/send", "https://sms.example.org/send", "", ""),
        (
            "https://u%40b:p%2F%23@sms.example.org:8443/a/b?c=d",
            "https://sms.example.org:8443/a/b?c=d",
            "u@b",
            "p/#",
        ),
        ("http://localhost:9000", "http://localhost:9000", "", ""),
    ],
)
@pytest.mark.parametrize("sender", ["Skolen", "Skolen 2", "+4790012345", "2099"])
def test_sms_gateway_is_named_by_an_address(given, gateway, user, password, sender):
    assert taken(SMS_URL=given, SMS_FROM=sender).sms == {
        "SMS_BACKEND": "http",
        "SMS_GATEWAY": gateway,
        "SMS_USER": user,
        "SMS_PASSWORD": password,
        "SMS_FROM": sender,
    }


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("gateway.example.org", "must begin with https://, or be console: while DEBUG=1"),
        ("console:", "is console: which shows numbers, and is for DEBUG=1 alone"),
        ("https:gateway", "must have :// after its first word"),
        ("https://", "has no host"),
        (
            "http://u:secret@gateway.example.org/",
            "must begin with https://: http:// is for localhost alone",
        ),
        ("https://u@gateway.example.org/", "has a user or a password alone: write both or neither"),
        (
            "https://u:1/q@gateway.example.org/",
            f"has characters in user or password that mean something else; {PERCENT}",
        ),
        (
            "https://u:100%@gateway.example.org/",
            f"has a % that begins no percent-encoded character; {PERCENT}",
        ),
    ],
)
def test_sms_gateway_that_cannot_be_is_refused(given, what):
    assert faults(SMS_URL=given, SMS_FROM="Skolen") == [line("SMS_URL", what)]


def test_sms_on_the_console_is_for_developers():
    assert taken(SMS_URL="console:", DEBUG="1").sms["SMS_BACKEND"] == "console"


@pytest.mark.parametrize(
    ("sender", "what"),
    [
        ("", "is missing"),
        *(
            (
                sender,
                "must be a name of eleven letters from A to Z, digits and spaces at most, or a "
                "number",
            )
            for sender in ("Skolen ved fjorden", "Skolen på", "Skole!", "12", "+47 900")
        ),
    ],
)
def test_sms_needs_a_sender_that_networks_carry(sender, what):
    assert faults(SMS_URL=EXAMPLES["SMS_URL"], SMS_FROM=sender) == [
        f"SMS_FROM {what}. Example: SMS_FROM=Skolen"
    ]
