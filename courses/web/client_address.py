"""Where a request comes from: the client's address, and the network that counts are kept for."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# What an internet provider gives to one household or one library at the least.
IPV6_PREFIX = 56
# Some proxies write the port, too: `192.0.2.7:5678`, `[2001:db8::1]:443`.
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d*)?|([^:]*):\d*")

Address = IPv4Address | IPv6Address


def client_network(request: HttpRequest) -> str:
    """The network of whoever asks: what limits are kept for."""
    return network_of(client_address(request))


def network_of(address: Address | None) -> str:
    """An IPv4 address, or the /56 network of an IPv6 address; empty where there is none.

    Many people behind one connection may share one: limits for a network must be high enough.
    """
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address or "")


def client_address(request: HttpRequest) -> Address | None:
    """The client's address as the outermost of our own `TRUSTED_PROXY_COUNT` saw it.

    Each proxy adds whom it was asked by at the right end of `X-Forwarded-For`; whatever stands
    further left was written by the client, and is not believed. Where the header has fewer parts
    than we have proxies, or something else than an address, whoever opened the connection counts.
    """
    forwarded = [
        part.strip()
        for part in request.headers.get("X-Forwarded-For", "").split(",")
        if part.strip()
    ]
    found = None
    if 0 < settings.TRUSTED_PROXY_COUNT <= len(forwarded):
        found = read_address(forwarded[-settings.TRUSTED_PROXY_COUNT])
    return found or read_address(str(request.META.get("REMOTE_ADDR", "")))


def read_address(text: str) -> Address | None:
    """An address in any notation that proxies use; None for anything else.

    An IPv4 address that is wrapped into IPv6 is that IPv4 address.
    """
    if match := WITH_PORT.fullmatch(text.strip()):
        text = match[1] or match[2] or ""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
