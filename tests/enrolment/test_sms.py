"""The text of an SMS, and a gateway on loopback that also misbehaves."""

import socket

import pytest
from django.utils import translation

from courses.norwegian.formatting import short_moment
from enrolment import sms
from tests import factories

WHEN = factories.oslo(2099, 3, 12, 18)
LONGEST = factories.oslo(2099, 9, 30, 18, 30)  # «onsdag 30. september kl. 18.30»
SIGNS_A_PHONE_HAS = "Ææ Øø Åå Éé Üü Öö Ää @!\"#%&/()=?+-*.,:;<>'"


def status(code: int, more: str = "") -> bytes:
    return f"HTTP/1.1 {code} So\r\nContent-Length: 0\r\n{more}\r\n".encode()


def test_gateway_gets_number_sender_and_text(gateway):
    sms.send(to="+4790012345", text="Det er nytt om lørdag. Ring 22 86 50 00.")
    [(path, headers, body)] = gateway.got
    assert path == "/send?account=7"
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Basic cG9ydGFsOmh5c2o="
    assert body == {
        "to": "+4790012345",
        "from": "Skolen",
        "text": "Det er nytt om lørdag. Ring 22 86 50 00.",
    }


def test_gateway_without_password_is_given_none(gateway, settings):
    settings.SMS_USER = settings.SMS_PASSWORD = ""
    sms.send(to="+4790012345", text="Hei")
    assert "Authorization" not in gateway.got[0][1]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status(200), None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x00\xff{garb", None),
        (status(500), sms.SmsUnclear),
        (status(502), sms.SmsUnclear),
        (status(504), sms.SmsUnclear),
        (status(503), sms.SmsNotTaken),
        (status(429), sms.SmsNotTaken),
        (status(401), sms.SmsNotTaken),
        (status(404), sms.SmsNotTaken),
        (status(302, "Location: http://127.0.0.1:9/\r\n"), sms.SmsNotTaken),
        (status(400), sms.SmsRefused),
        (status(422), sms.SmsRefused),
        (b"220 mail.example.org ESMTP\r\n", sms.SmsUnclear),
        (b"HTTP/1.1 ok ok\r\n\r\n", sms.SmsUnclear),
        (b"\x00\xff\xfe", sms.SmsUnclear),
        (b"", sms.SmsUnclear),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, sms.SmsUnclear),
        (None, sms.SmsUnclear),
    ],
)
def test_what_an_answer_means(gateway, answer, outcome):
    gateway.answer = answer
    if outcome is None:
        sms.send(to="+4790012345", text="Hei")
    else:
        with pytest.raises(outcome) as error:
            sms.send(to="+4790012345", text="Hei")
        assert "90012345" not in f"{error.value!r} {error.value}"
    assert len(gateway.got) == 1


def test_gateway_that_is_down_has_taken_nothing(settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.SMS_BACKEND, settings.SMS_GATEWAY = "http", f"http://127.0.0.1:{port}/"
    settings.SMS_USER = settings.SMS_PASSWORD = settings.SMS_FROM = ""
    with pytest.raises(sms.SmsNotTaken):
        sms.send(to="+4790012345", text="Hei")


def test_gateway_that_speaks_no_tls_is_told_nothing(gateway, settings):
    settings.SMS_GATEWAY = settings.SMS_GATEWAY.replace("http://", "https://")
    with pytest.raises(sms.SmsNotTaken):
        sms.send(to="+4790012345", text="Hei")
    assert gateway.got == []


def test_developer_sees_the_sms_in_the_terminal(settings, capsys):
    settings.SMS_BACKEND = "console"
    sms.send(to="+4790012345", text="Hei")
    assert capsys.readouterr().out == "SMS to +4790012345: Hei\n"


def test_nothing_is_sent_where_it_is_switched_off(settings):
    assert not sms.is_switched_on()
    with pytest.raises(sms.SmsRefused):
        sms.send(to="+4790012345", text="Hei")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        (SIGNS_A_PHONE_HAS + "å" * (160 - len(SIGNS_A_PHONE_HAS)), True),
        ("€" * 80, True),
        ("€" * 80 + "a", False),
        ("á" + "a" * 69, True),
        ("á" + "a" * 70, False),
        ("–" * 70, True),
        ("😀" * 35, True),
        ("😀" * 36, False),
        ("kl.\N{NO-BREAK SPACE}18" + "a" * 70, False),
    ],
)
def test_what_one_message_holds(text, fits):
    assert sms.fits_one_message(text) is fits


@pytest.mark.parametrize(
    ("language", "has_email", "expected"),
    [
        (
            "nb",
            True,
            "Beskjed fra Skolen: Det er nytt om torsdag 12. mars kl. 18.00. "
            "Ring 22 86 50 00, eller se e-posten.",
        ),
        (
            "nn",
            True,
            "Beskjed frå Skolen: Det er nytt om torsdag 12. mars kl. 18.00. "
            "Ring 22 86 50 00, eller sjå e-posten.",
        ),
        (
            "en",
            True,
            "Message from Skolen: There is news about Thursday 12 March, 18:00. "
            "Ring 22 86 50 00, or see your e-mail.",
        ),
        (
            "nb",
            False,
            "Beskjed fra Skolen: Det er nytt om torsdag 12. mars kl. 18.00. Ring 22 86 50 00.",
        ),
    ],
)
def test_text_is_neutral_and_plain(language, has_email, expected):
    with translation.override(language):
        text = sms.text_of(about=WHEN, sender="Skolen", phone="+4722865000", has_email=has_email)
    assert text == expected
    assert sms.GSM_7.issuperset(text)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("phone", ["+4722865000", "+442079460958"])
@pytest.mark.parametrize(
    "sender", ["Skolen", "S" * 60, "Å" * 60, "Kárášjoga skuvla", "Å–" * 30, "€" * 60]
)
def test_text_fits_one_message_whatever_the_sender(language, phone, sender):
    with translation.override(language):
        for has_email in (True, False):
            text = sms.text_of(about=LONGEST, sender=sender, phone=phone, has_email=has_email)
            assert sms.fits_one_message(text)
            assert short_moment(LONGEST).replace("\xa0", " ") in text
