"""The environment variables of an installation: read, checked, and every fault told at once.

A fault is one line: the variable's name, what is wrong with it, and an example. Values that hold a
password or a key are never repeated. `python -m recoverycollege.environment` only checks.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 32  # characters at least
NEW_KEY = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
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
    "SMS_FROM": "Skolen",
    "STATUS_TOKEN": NEW_KEY,
    "TRUSTED_PROXY_COUNT": "1",
}
PERCENT = (
    "in user and password, characters such as @ / # ? : and % are percent-encoded "
    "(@ is %40, / is %2F, # is %23, ? is %3F, : is %3A, % is %25)"
)
LOCAL_HOST = re.compile(r"localhost|.+\.localhost|127(\.\d+){3}|::1")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?")


class FaultyEnvironment(ImproperlyConfigured):
    """Settings cannot be read. As text it is a line for each fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Fault(Exception):
    """What is wrong with one value."""


@dataclass
class Environment:
    """What the settings take from the environment, in the form they need."""

    debug: bool = False
    secret_key: str = ""
    former_secret_keys: list[str] = field(default_factory=list)
    certificate_key: str = ""
    site_url: str = ""
    allowed_hosts: list[str] = field(default_factory=list)
    database: dict[str, Any] = field(default_factory=dict)
    email: dict[str, Any] = field(default_factory=dict)
    from_email: str = ""
    erasures: Path = Path()
    backups: Path | None = None
    backup_recipient: str = ""
    sms: dict[str, Any] = field(default_factory=dict)
    status_token: str = ""
    proxies: int = 1


def read(values: Mapping[str, str], *, var: Path) -> Environment:
    """Read the variables; `var` is where a developer's database and letters lie.

    Raises FaultyEnvironment with all faults there are.
    """
    faults: list[str] = []

    def take(name: str, parse: Any, *, default: str | None = None) -> Any:
        """The value as `parse` makes it; None where it is faulty. No default: it is required."""
        try:
            value = _plain(values.get(name, ""))
            if not value:
                if default is None:
                    raise Fault("is missing")
                value = default
            return parse(value)
        except Fault as fault:
            faults.append(f"{name} {fault}. Example: {name}={EXAMPLES[name]}")
        return None

    debug = bool(take("DEBUG", _switch, default="0"))
    secret_key = take("SECRET_KEY", _key)
    certificate_key = take("CERTIFICATE_KEY", _key)
    if secret_key and secret_key == certificate_key:
        faults.append(
            "CERTIFICATE_KEY is the same as SECRET_KEY: make a key of its own. "
            f"Example: CERTIFICATE_KEY={NEW_KEY}"
        )
    site_url = take("SITE_URL", lambda value: _origin(value, may_be_plain=debug))
    host = urlsplit(site_url or "").hostname or "localhost"
    developers = debug or None
    environment = Environment(
        debug=debug,
        secret_key=secret_key or "",
        former_secret_keys=take("SECRET_KEY_FALLBACKS", _keys, default=""),
        certificate_key=certificate_key or "",
        site_url=site_url or "",
        allowed_hosts=take("ALLOWED_HOSTS", _hosts, default=f"[{host}]" if ":" in host else host),
        database=take(
            "DATABASE_URL", _database, default=developers and f"sqlite:///{var / 'db.sqlite3'}"
        ),
        email=take("EMAIL_URL", _email, default=developers and f"file://{var / 'letters'}"),
        from_email=take("DEFAULT_FROM_EMAIL", _address, default=developers and "post@example.org"),
        erasures=take("ERASURES_FILE", _file, default=developers and f"{var / 'erasures'}"),
        backups=take("BACKUP_FOLDER", _folder, default=""),
        backup_recipient=take("BACKUP_RECIPIENT", _recipient, default=""),
        sms=take("SMS_URL", lambda value: _sms(value, is_for_developers=debug), default="off"),
        status_token=take("STATUS_TOKEN", lambda value: value and _key(value), default=""),
        proxies=take("TRUSTED_PROXY_COUNT", _number, default="1"),
    )
    if environment.sms and environment.sms["SMS_BACKEND"] == "http":
        environment.sms["SMS_FROM"] = take("SMS_FROM", _sms_sender)
    if "PROXIES" in values:
        # Overlooked, it would let visitors behind no proxy choose their own address.
        faults.append(
            "PROXIES is called TRUSTED_PROXY_COUNT now: rename it. "
            f"Example: TRUSTED_PROXY_COUNT={EXAMPLES['TRUSTED_PROXY_COUNT']}"
        )
    if faults:
        raise FaultyEnvironment(faults)
    return environment


def _plain(value: str) -> str:
    """The value, unless it carries quotes or brackets that were only meant to enclose it."""
    if value != value.strip():
        raise Fault("has a space or line break at its beginning or end: take it away")
    if value[:1] in ("'", '"'):
        raise Fault("begins with a quotation mark, which is taken as a part of it: leave it out")
    if not value.isprintable():
        raise Fault("has a sign in it that cannot be seen: write it anew")
    return value


def _switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise Fault(f"is {value!r} and must be 0 or 1")
    return value == "1"


def _key(value: str) -> str:
    if len(value) < KEY_LENGTH:
        raise Fault(f"has {len(value)} characters and needs {KEY_LENGTH} or more")
    return value


def _keys(value: str) -> list[str]:
    return [_key(each.strip()) for each in value.split(",")] if value else []


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise Fault(f"is {value!r} and must be a whole number, 0 or more")
    return int(value)


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise Fault("must be one e-mail address, without a name beside it")
    return value


def _file(value: str) -> Path:
    if not value.startswith("/") or value.endswith("/"):
        raise Fault("must name a file from the root, with / at its beginning and none at its end")
    return Path(value)


def _folder(value: str) -> Path | None:
    if value and not value.startswith("/"):
        raise Fault("must name a folder from the root, with / at its beginning")
    return Path(value) if value else None


def _recipient(value: str) -> str:
    """A public key; a private one, too, would be taken by whoever breaks in here."""
    if value and not re.fullmatch(r"age1[0-9a-z]+|ssh-(ed25519|rsa) [0-9A-Za-z+/=]+( .*)?", value):
        raise Fault("must be a public key, of age or SSH")
    return value


def _hosts(value: str) -> list[str]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if not hosts:
        raise Fault("names no host")
    for host in hosts:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]", host):
            raise Fault(
                f"names {host!r}: write hosts alone, with neither https:// nor port nor path"
            )
    return hosts


def _origin(value: str, *, may_be_plain: bool) -> str:
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not value.lower().startswith(f"{parts.scheme}://"):
        raise Fault(f"is {value!r} and must begin with https://")
    if "@" in parts.netloc:
        raise Fault("has a user name in it, and must be scheme and host alone")
    if parts.path.strip("/") or parts.query or parts.fragment or "?" in value or "#" in value:
        raise Fault(f"is {value!r} and must end after the host: no path and nothing behind it")
    host = parts.hostname or ""
    if not host:
        raise Fault(f"is {value!r} and has no host")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise Fault(f"has a host that cannot be, {host!r}") from None
        raise Fault(f"must have its host in the form that browsers send: {host}")
    if ":" not in host and not HOST_NAME.fullmatch(host):
        raise Fault(f"has a host that cannot be, {host!r}")
    if parts.scheme == "http" and not may_be_plain and not LOCAL_HOST.fullmatch(host):
        raise Fault("must begin with https://: http:// is for localhost alone")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database(value: str) -> dict[str, Any]:
    scheme = value.partition(":")[0].lower()
    if scheme == "sqlite":
        if not value.startswith("sqlite:///") or len(value) == len("sqlite:///"):
            raise Fault("must name a file after sqlite:///")
    elif scheme in ("postgres", "postgresql"):
        parts = _server(value)
        if not parts.path.strip("/"):
            raise Fault("has no name of a database at its end")
        if "/" in parts.path.strip("/"):
            raise Fault(f"has more than one name after the host; {PERCENT}")
    else:
        raise Fault("must begin with postgres:// or sqlite:///")
    try:
        return {**dj_database_url.parse(value, conn_max_age=60, conn_health_checks=True)}
    except ValueError:
        raise Fault(f"cannot be read; {PERCENT}") from None


def _email(value: str) -> dict[str, Any]:
    """Django's settings for sending mail; see README for what each form of address means."""
    scheme = value.partition(":")[0].lower()
    if scheme == "file":
        if not value.startswith("file:///"):
            raise Fault("must name a folder from the root after file://, as in file:///srv/letters")
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(value.removeprefix("file://")),
        }
    if scheme not in ("smtp", "smtps"):
        raise Fault("must begin with smtp://, smtps:// or file:///")
    parts = _server(value)
    if not parts.hostname:
        raise Fault("has no host")
    if parts.path.strip("/"):
        raise Fault(f"has something behind the host; {PERCENT}")
    options = parse_qsl(parts.query, keep_blank_values=True)
    if options not in ([], [("tls", "required")]) or (parts.query and scheme == "smtps"):
        raise Fault("knows no option but ?tls=required, for smtp://")
    user = unquote(parts.username or "")
    password = unquote(parts.password or "")
    if bool(user) != bool(password):
        raise Fault("has a user or a password alone: write both or neither")
    return {
        "EMAIL_BACKEND": "recoverycollege.mail.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if scheme == "smtps" else 25),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_SSL": scheme == "smtps",
        # A password goes over no open line.
        "EMAIL_USE_TLS": scheme == "smtp" and bool(user or options),
    }


def _sms(value: str, *, is_for_developers: bool) -> dict[str, Any]:
    """Settings for sending SMS; none is sent where the variable is not set."""
    off = {
        "SMS_BACKEND": "",
        "SMS_GATEWAY": "",
        "SMS_USER": "",
        "SMS_PASSWORD": "",
        "SMS_FROM": "",
    }
    if value == "off":
        return off
    if value == "console:":
        if not is_for_developers:
            raise Fault("is console: which shows numbers, and is for DEBUG=1 alone")
        return off | {"SMS_BACKEND": "console"}
    if value.partition(":")[0].lower() not in ("http", "https"):
        raise Fault("must begin with https://, or be console: while DEBUG=1")
    parts = _server(value)
    if not parts.hostname:
        raise Fault("has no host")
    if parts.scheme == "http" and not LOCAL_HOST.fullmatch(parts.hostname):
        raise Fault("must begin with https://: http:// is for localhost alone")
    user = unquote(parts.username or "")
    password = unquote(parts.password or "")
    if bool(user) != bool(password):
        raise Fault("has a user or a password alone: write both or neither")
    host = parts.netloc.rpartition("@")[2]
    return {
        "SMS_BACKEND": "http",
        "SMS_GATEWAY": parts._replace(netloc=host).geturl(),
        "SMS_USER": user,
        "SMS_PASSWORD": password,
        "SMS_FROM": "",
    }


def _sms_sender(value: str) -> str:
    """What phones show: more than eleven letters or digits, or other signs, no network carries."""
    if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|\+?[0-9]{3,15}", value):
        raise Fault(
            "must be a name of eleven letters from A to Z, digits and spaces at most, or a number"
        )
    return value


def _server(value: str) -> SplitResult:
    """The parts of an address with user and password, where those break nothing."""
    parts = _split(value)
    if "://" not in value:
        raise Fault("must have :// after its first word")
    if "#" in value or "@" in parts.path or "@" in parts.query:
        raise Fault(f"has characters in user or password that mean something else; {PERCENT}")
    if re.search(r"%(?![0-9A-Fa-f]{2})", value):
        raise Fault(f"has a % that begins no percent-encoded character; {PERCENT}")
    return parts


def _split(value: str) -> SplitResult:
    if re.search(r"\s", value):
        raise Fault("has a space in it")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise Fault(f"has no number as its port, or a host that cannot be; {PERCENT}") from None
    if port == 0 or re.search(r":$", parts.netloc):
        raise Fault("has a colon behind the host, and no port")
    return parts


def main() -> None:
    """Tell the faults of this process's environment, and end with 1 where there are any."""
    try:
        read(os.environ, var=Path("var").resolve())
    except FaultyEnvironment as faulty:
        sys.exit(str(faulty))


if __name__ == "__main__":
    main()
