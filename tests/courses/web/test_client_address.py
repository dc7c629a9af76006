"""Whose request it is: only what our own proxies wrote is believed."""

import pytest

from courses.web.client_address import client_network, network_of, read_address

OPENED_BY = "192.0.2.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        # No proxy of ours: the header is the client's own invention.
        (0, "198.51.100.1", OPENED_BY),
        (0, "", OPENED_BY),
        # The last part was written by our proxy, what stands before it by the client.
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (1, "10.9.9.9,198.51.100.1", "198.51.100.1"),
        (2, "10.9.9.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        # Empty parts are nothing, wherever they stand.
        (1, "", OPENED_BY),
        (1, " ", OPENED_BY),
        (1, ", , ,", OPENED_BY),
        (1, ", 198.51.100.1", "198.51.100.1"),
        (1, "198.51.100.1, ", "198.51.100.1"),
        (1, "10.9.9.9,, ,198.51.100.1,", "198.51.100.1"),
        (2, ", 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1,, 10.0.0.1", "198.51.100.1"),
        # Fewer parts than proxies: not everything came the way it should.
        (2, "198.51.100.1", OPENED_BY),
        (2, ", 198.51.100.1", OPENED_BY),
        (3, "198.51.100.1, 10.0.0.1", OPENED_BY),
        # With ports.
        (1, "198.51.100.1:5678", "198.51.100.1"),
        (1, "[2001:db8:1:2::1]:443", "2001:db8:1::/56"),
        (1, "[2001:db8:1:2::1]", "2001:db8:1::/56"),
        (1, "[::ffff:198.51.100.1]:443", "198.51.100.1"),
        # No address at all.
        (1, "unknown", OPENED_BY),
        (1, "198.51.100.1, unknown", OPENED_BY),
        (1, "198.51.100.1, <script>", OPENED_BY),
        (1, "999.51.100.1", OPENED_BY),
        (1, "198.51.100.1 198.51.100.2", OPENED_BY),
        (1, "[198.51.100.1", OPENED_BY),
        (1, "9" * 5000, OPENED_BY),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(rf, settings, proxies, forwarded, network):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=OPENED_BY)
    assert client_network(request) == network


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_without_the_header_whoever_opened_the_connection_counts(rf, settings, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_network(rf.get("/", REMOTE_ADDR=OPENED_BY)) == OPENED_BY


@pytest.mark.parametrize("opened_by", ["", "unix:"])
def test_connection_without_an_address_has_no_network(rf, settings, opened_by):
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_network(rf.get("/", REMOTE_ADDR=opened_by)) == ""


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.8", "192.0.2.8"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:80", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:ff::1", "2001:db8:1::/56"),
        ("2001:db8:1:100::1", "2001:db8:1:100::/56"),
        ("2001:DB8:1:0100::1", "2001:db8:1:100::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("::1", "::/56"),
        ("192.0.2", ""),
        ("192.0.2.07", ""),
        ("192.0.2.7:80:90", ""),
        ("2001:db8::1::2", ""),
        ("nobody", ""),
        ("", ""),
        ("[]", ""),
        (":80", ""),
    ],
)
def test_network_is_an_ipv4_address_or_an_ipv6_network_of_a_household(written, network):
    assert network_of(read_address(written)) == network
