"""The login of a server."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """The one name and password of a server, as HTTP Basic carries them."""

    user: str
    password: str = field(repr=False)

    def allows(self, authorization: str) -> bool:
        """Whether a header's value holds this login; takes as long for a near miss as for a far one."""
        scheme, _, told = authorization.partition(" ")
        try:
            given = base64.b64decode(told.strip(), validate=True) if scheme.lower() == "basic" else b""
        except (binascii.Error, ValueError):
            given = b""
        wanted = f"{self.user}:{self.password}".encode()
        return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(wanted).digest())
