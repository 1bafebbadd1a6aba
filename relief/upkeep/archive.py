"""The file of a backup: a tar of few named files, gzipped, encrypted to public keys in the `age` format.

Without relief, `age --decrypt -i KEY FILE | tar -xz` opens it. Everything is streamed: memory does not grow with the file.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, BinaryIO

import pyrage
from flask_babel import gettext as _

from relief.kernel.errors import BadInput, Conflict, ReliefError

DATABASE, SECRETS, SETTINGS, MANIFEST = "relief.db", "secrets.json", "settings.toml", "manifest.json"
MEMBERS = (MANIFEST, SECRETS, SETTINGS, DATABASE)  # the small ones first: they are found without reading all
AGE_MAGIC, GZIP_MAGIC, SQLITE_MAGIC = b"age-encryption.org/", b"\x1f\x8b", b"SQLite format 3\x00"
GZIP_LEVEL = 1  # a third of the size at a tenth of the time of level 9
BLOCK_BYTES = 1 << 20


class BackupUnusable(ReliefError):
    """A backup's file cannot be opened: the wrong key, damage, or no backup at all."""

    code, status, exit_code = "backup_unusable", 500, 8


def make_key(path: Path) -> str:
    """Write a new private key to `path` (mode 0600, never over another file) as `age-keygen` does; return the public key."""
    if path.exists():
        raise Conflict(_("%(path)s exists already, and a key is never written over: without it no backup made for it opens. Name "
                         "another file, or go on with the key that is there.", path=path), code="key_there")  # fmt: skip
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"# The private key of the backups made for {public}\n# Keep it away from the server.\n{identity}\n")
    return public


def read_recipients(text: str) -> list[pyrage.x25519.Recipient]:
    """Return the public keys in a text, separated by blanks or commas; raises BadInput."""
    try:
        return [pyrage.x25519.Recipient.from_str(each) for each in text.replace(",", " ").split()]
    except pyrage.RecipientError as error:
        raise BadInput(_("A backup key is public and begins with age1: relief db backup-key makes one. This is none: %(text)s",
                         text=text[:8]), where="backup_recipient") from error  # fmt: skip


def read_identities(path: Path) -> list[pyrage.x25519.Identity]:
    """Return the private keys in a file as `age-keygen` and `relief db backup-key` write it; raises BadInput."""
    try:
        lines = path.read_text(encoding="ascii").split("\n")
        found = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise BadInput(_("%(path)s holds no private key: it has a line that begins with AGE-SECRET-KEY-1.", path=path),
                       where="--identity")  # fmt: skip
    return found


def pack(folder: Path, output: BinaryIO, recipients: Sequence[pyrage.x25519.Recipient]) -> None:
    """Write the members that are in `folder` to `output`, encrypted where there are recipients."""

    def write(file: BinaryIO) -> None:
        with (gzip.GzipFile(fileobj=file, mode="wb", compresslevel=GZIP_LEVEL, mtime=0) as squeezed,
              tarfile.open(fileobj=squeezed, mode="w|") as tar):  # fmt: skip
            for name in MEMBERS:
                if (folder / name).exists():
                    tar.add(folder / name, name, filter=_plain)

    if recipients:
        _pipe(write, lambda file: pyrage.encrypt_io(file, output, list(recipients)))
    else:
        write(output)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owns the file on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def unpack(path: Path, identity: Path | None, folder: Path) -> None:
    """Write a backup's members into `folder`; a bare copy of an SQLite database is taken too. Raises BackupUnusable."""
    with path.open("rb") as file:
        magic = file.read(len(AGE_MAGIC))
        file.seek(0)
        try:
            if magic.startswith(AGE_MAGIC):
                keys = _keys_for(identity)
                _pipe(lambda output: _decrypt(file, output, keys), lambda source: _read_tar(source, folder))
            elif magic.startswith(GZIP_MAGIC):
                _read_tar(file, folder)
            elif magic.startswith(SQLITE_MAGIC[: len(magic)]) and magic:
                _write(file, folder / DATABASE)
            else:
                raise BackupUnusable(_("%(path)s is no backup of relief.", path=path))
        except pyrage.DecryptError as error:
            raise BackupUnusable(_("%(path)s cannot be decrypted: it is damaged, or made for another key. (%(reason)s)",
                                   path=path, reason=error)) from error  # fmt: skip
        except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise BackupUnusable(_("%(path)s is damaged: %(reason)s.", path=path, reason=error)) from error
    if not (folder / DATABASE).exists():
        raise BackupUnusable(_("%(path)s holds no database.", path=path))


def looks_like_backup(path: Path) -> bool:
    """Tell by its first bytes whether a file may be a backup; only opening it with its key says more."""
    with path.open("rb") as file:
        magic = file.read(len(AGE_MAGIC))
    return magic.startswith(AGE_MAGIC) if ".age" in path.suffixes else magic.startswith(GZIP_MAGIC)


def _keys_for(identity: Path | None) -> list[pyrage.x25519.Identity]:
    if identity is None:
        raise BadInput(_("This backup is encrypted: --identity names the file with its private key."), where="--identity")
    return read_identities(identity)


def _decrypt(file: BinaryIO, output: BinaryIO, keys: list[pyrage.x25519.Identity]) -> None:
    try:
        pyrage.decrypt_io(file, output, keys)
    except OSError as error:
        if error.errno is None:  # so the library tells of damage far inside; a full disk has a number
            raise pyrage.DecryptError(str(error)) from error
        raise


def _read_tar(source: BinaryIO, folder: Path) -> None:
    with gzip.GzipFile(fileobj=source, mode="rb") as squeezed, tarfile.open(fileobj=squeezed, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() and member.name in MEMBERS else None
            if content is not None:
                _write(content, folder / member.name)
        while squeezed.read(BLOCK_BYTES):  # to the end: only there a cut file shows
            pass


def _write(source: IO[bytes], path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(source, file, BLOCK_BYTES)


def _pipe(produce: Callable[[BinaryIO], object], consume: Callable[[BinaryIO], object]) -> None:
    """Run both at once, the one writing what the other reads; the producer's failure goes before the consumer's."""
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writing, "wb") as file:
                produce(file)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="relief-backup-pipe")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as file:
            consume(file)
            while file.read(BLOCK_BYTES):  # let the producer finish: it may still find damage
                pass
    finally:
        thread.join()
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0]
