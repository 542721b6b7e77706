"""Keys: how a store is unlocked, and how bytes are sealed so that a flipped bit or another place is refused.

Sealing is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D); what a box is about is authenticated with it, so
that a box moved to another place does not open. A passphrase becomes a key by scrypt (RFC 7914), a key file and every
purpose by HKDF-SHA256 (RFC 5869). Knows nothing of records.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from indexer.errors import ConfigError, IndexCorrupt

PASSPHRASE, KEY_FILE = "ANAMNESIS_RECORDS_PASSPHRASE", "ANAMNESIS_RECORDS_KEY_FILE"
_SIZE, _NONCE = 32, 12
# scrypt's cost: 64 MiB and about 0.2 s on one core.
_COST = {"n": 1 << 16, "r": 8, "p": 1}
_SHORTEST_PASSPHRASE, _SHORTEST_FILE = 12, 32


# What was taken out of the environment, for a second opening in the same process.
_taken: list[Unlock] = []


class WrongKey(ConfigError):
    """The passphrase or key file does not open this store."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """32 secret bytes. Its text never shows them."""

    secret: bytes

    @staticmethod
    def new() -> Key:
        """A random key."""
        return Key(secrets.token_bytes(_SIZE))

    def __repr__(self) -> str:
        return "Key(…)"

    def derive(self, purpose: str) -> Key:
        """The key for one purpose; it says nothing about this key or about that of another purpose."""
        return Key(HKDF(hashes.SHA256(), _SIZE, None, purpose.encode()).derive(self.secret))

    def seal(self, data: bytes, *, about: str) -> bytes:
        """A box: nonce, ciphertext and tag. about: where it belongs; `open` must be given the same."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.secret).encrypt(nonce, data, about.encode())

    def open(self, box: bytes, *, about: str) -> bytes:
        """What was sealed. Raises IndexCorrupt when a bit was changed, the place is another or the key is."""
        try:
            return AESGCM(self.secret).decrypt(box[:_NONCE], box[_NONCE:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise IndexCorrupt(
                f"{about}: the encrypted bytes are damaged, moved or of another key; restore the file from a copy"
            ) from error

    def name(self, text: str) -> str:
        """A keyed hash as 32 hex digits (HMAC-SHA256): the same text gives the same name, which says nothing of it."""
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True, repr=False)
class Unlock:
    """What a person unlocks a store with. kind: `passphrase` or `key file`."""

    kind: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Unlock({self.kind})"

    def wrap(self, key: Key) -> dict[str, Any]:
        """The store's key, sealed; JSON."""
        salt = secrets.token_bytes(16)
        how: dict[str, Any] = {"kind": self.kind, "salt": salt.hex(), **(_COST if self.kind == "passphrase" else {})}
        return {**how, "box": self._stretched(how).seal(key.secret, about="store key").hex()}

    def unwrap(self, wrapped: Mapping[str, Any], *, store: Path) -> Key:
        """The store's key. Raises WrongKey."""
        if wrapped.get("kind") != self.kind:
            raise WrongKey(f"{store}: was locked with a {wrapped.get('kind')}; a {self.kind} was given")
        try:
            return Key(self._stretched(wrapped).open(bytes.fromhex(wrapped["box"]), about="store key"))
        except (IndexCorrupt, KeyError, TypeError, ValueError) as error:
            raise WrongKey(f"{store}: this {self.kind} does not open it") from error

    def _stretched(self, how: Mapping[str, Any]) -> Key:
        salt = bytes.fromhex(how["salt"])
        if self.kind == "key file":
            return Key(HKDF(hashes.SHA256(), _SIZE, salt, b"key file").derive(self.secret))
        n, r, p = int(how["n"]), int(how["r"]), int(how["p"])
        if not (1 << 14 <= n <= 1 << 20 and 1 <= r <= 16 and 1 <= p <= 4):
            raise ValueError("scrypt's cost is out of bounds")
        return Key(hashlib.scrypt(self.secret, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=_SIZE))


def unlock(*, key_file: str | Path | None = None, prompt: bool = False) -> Unlock:
    """What to unlock with: the key file given, else that of `$ANAMNESIS_RECORDS_KEY_FILE`, else the passphrase in
    `$ANAMNESIS_RECORDS_PASSPHRASE`, else one asked for at the terminal (prompt). A passphrase is taken out of the
    environment, so that no child process inherits it. Raises ConfigError when there is none."""
    if file := key_file or os.environ.get(KEY_FILE):
        return from_file(Path(file))
    if passphrase := os.environ.pop(PASSPHRASE, None):
        _taken[:] = [from_passphrase(passphrase)]
    if _taken:
        return _taken[0]
    if prompt and sys.stdin.isatty():
        return from_passphrase(getpass.getpass("Passphrase of the records: "))
    raise ConfigError(
        f"patient records are kept encrypted and no key was given; set {KEY_FILE} to a file of {_SHORTEST_FILE} random "
        f"bytes (head -c 32 /dev/urandom > records.key; chmod 600 records.key) or {PASSPHRASE}"
    )


def from_file(path: Path) -> Unlock:
    """From a key file. Raises ConfigError when it cannot be read, is short, or may be read by others."""
    try:
        data, mode = path.read_bytes(), path.stat().st_mode
    except OSError as error:
        raise ConfigError(f"{path}: the key file cannot be read ({error.strerror})") from error
    if mode & 0o077:
        raise ConfigError(f"{path}: others may read this key file (mode {mode & 0o777:o}); run: chmod 600 {path}")
    if len(data) < _SHORTEST_FILE:
        raise ConfigError(f"{path}: {len(data)} bytes are too few for a key; expected {_SHORTEST_FILE} random bytes")
    return Unlock("key file", data)


def from_passphrase(text: str) -> Unlock:
    """From a passphrase. Raises ConfigError when it is short."""
    if len(text) < _SHORTEST_PASSPHRASE:
        raise ConfigError(f"the passphrase has {len(text)} characters; expected {_SHORTEST_PASSPHRASE} or more")
    return Unlock("passphrase", text.encode())
