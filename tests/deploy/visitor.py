"""Visits the portal as somebody from outside does: by its name, over HTTPS. Prints what it saw.

Runs with any Python and nothing installed: `python3 visitor.py HOST CERTIFICATE WHAT …`.
"""

import html
import json
import re
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

host, certificate, what, *more = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate)


class Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


opener = urllib.request.build_opener(
    urllib.request.HTTPSHandler(context=context),
    urllib.request.HTTPCookieProcessor(CookieJar()),
    Stays,
)


def ask(
    address: str, data: dict[str, str] | bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """The status, the headers and the text."""
    body = urlencode(data).encode() if isinstance(data, dict) else data
    address = address if "://" in address else f"https://{host}{address}"
    own = {"Referer": f"https://{host}/"} | {k.replace("_", "-"): v for k, v in headers.items()}
    request = urllib.request.Request(address, body, own)  # noqa: S310 - https:// or http://
    try:
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, dict(answer.headers), answer.read().decode()


def fields(page: str, step: str) -> dict[str, str]:
    """What the hidden fields of the form for that step hold."""
    found = {}
    [form] = (each for each in page.split("<form") if f'name="step" value="{step}"' in each)
    for tag in re.findall(r"<input[^>]*>", form):
        if 'type="hidden"' in tag:
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def pages() -> object:
    """What is answered at the first addresses that somebody tries."""
    plain, headers, _text = ask(f"http://{host}/kurs/", Host="other.example.org")
    status, shown, front = ask("/")
    return {
        "healthz": ask("/healthz")[0],
        "front page": status,
        "admin": ask("/admin/")[0],
        "style": ask(re.search(r'href="(/static/[^"]*\.css)"', front)[1])[0],
        "HSTS": "Strict-Transport-Security" in shown,
        "cookies": "Set-Cookie" in shown,
        "server": shown["Server"],
        "plain": (plain, headers["Location"]),
        "other host": ask("/", Host="other.example.org")[0],
        "too large": ask("/kurs/", b"x" * 22_100_000)[0],
    }


def sign_up() -> object:
    """Signs somebody up for the first run in the catalogue that takes sign-ups; the heading."""
    name, email = more
    for course in dict.fromkeys(re.findall(r'href="(/kurs/[^"/?#]+/)"', ask("/kurs/")[2])):
        for address in dict.fromkeys(re.findall(r'href="([^"]*/pamelding/)"', ask(course)[2])):
            answers = {"name": name, "email": email}
            page = ask(address)[2]
            checked = ask(address, fields(page, "check") | answers)[2]
            sent = fields(checked, "enrol") | {"consent": "on"}
            status, headers, _text = ask(address, sent)
            if status == 302:
                receipt = ask(headers["Location"])[2]
                return re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", receipt, re.DOTALL)[1]
    return "nobody could be signed up"


def slow() -> object:
    """How long the front page takes while many send forms that never end, in seconds."""
    held = []
    for _each in range(40):
        raw = socket.create_connection((host, 443))
        sent = context.wrap_socket(raw, server_hostname=host)
        sent.sendall(
            f"POST /kurs/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 90000\r\n\r\nname=".encode()
        )
        held.append(sent)
    time.sleep(1)
    began = time.monotonic()
    status = ask("/")[0]
    return {"status": status, "quick": time.monotonic() - began < 3}


def open_link() -> object:
    return ask(more[0])[0]


def headers() -> object:
    """Which headers reach whoever is behind the proxy, of those that a visitor makes up."""
    names = ("X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Port", "X_Forwarded_Proto")
    made_up = dict.fromkeys((*names, "X_Real_IP", "Forwarded", "Proxy"), "made-up")
    return json.loads(ask("/", None, **made_up)[2])


print(json.dumps(globals()[what]()))
