"""What an app shows: codes of RFC 6238, made here by the standard library alone."""

import base64
import hashlib
import hmac
import struct
import time


def code_of(key: str) -> str:
    """The code of now, in six digits."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"
