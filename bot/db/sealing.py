"""Secrets that SQL keeps are sealed: whoever reads the database alone reads none of them."""

import base64
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES, _NONCE_BYTES = 32, 12


class BrokenSeal(Exception):  # noqa: N818 - it names what happened
    """What was sealed can't be opened: another key, another place, or it was tampered with."""


def key_of(text: str) -> bytes:
    """A key from its setting, 32 bytes in base64; raises ValueError for anything else."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("it should be 32 bytes in base64") from error
    if len(key) != _KEY_BYTES:
        raise ValueError("it should be 32 bytes in base64")
    return key


class Sealer:
    """Seals by AES-256-GCM, each secret to its own place: table, column and row."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, secret: str, table: str, column: str, row: object) -> str:
        """What SQL may keep of a secret."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._aes().encrypt(nonce, secret.encode(), _place(table, column, row))
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, table: str, column: str, row: object) -> str:
        """The secret; raises BrokenSeal where it was sealed elsewhere or with another key."""
        from cryptography.exceptions import InvalidTag

        try:
            told = base64.b64decode(sealed, validate=True)
            nonce, rest = told[:_NONCE_BYTES], told[_NONCE_BYTES:]
            opened = self._aes().decrypt(nonce, rest, _place(table, column, row))
        except (InvalidTag, ValueError) as error:
            raise BrokenSeal from error
        return opened.decode()

    def _aes(self) -> "AESGCM":
        # Imported here: it takes long to load, and only those who keep secrets have use of it.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)


def _place(table: str, column: str, row: object) -> bytes:
    return f"{table}.{column}/{row}".encode()
