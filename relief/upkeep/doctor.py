"""What may be wrong with an installation, each in a sentence with its cure. Nothing is changed, and nothing needs to work."""

from __future__ import annotations

import shlex
import shutil
import time
from collections.abc import Iterator

from flask_babel import gettext as _

from relief.kernel.errors import ReliefError
from relief.settings import Settings, load_settings
from relief.traces import SECRETS
from relief.upkeep.archive import looks_like_backup
from relief.upkeep.backup import UNVERIFIED, is_good, list_backups, list_leftovers
from relief.upkeep.database_check import check_database
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding
from relief.upkeep.ground_check import check_file, check_folder, check_memories, check_secrets
from relief.upkeep.server_check import check_server

LEAST_FREE_BYTES, ENOUGH_FREE_BYTES = 100 << 20, 1 << 30
BACKUP_HOURS = 48


def examine(quick: bool = False) -> Iterator[Finding]:
    """Yield what is found, the ground first; where the ground is broken, what stands on it is not looked at.

    `quick`: without verifying the ledgers entry by entry, which takes a minute a million.
    """
    try:
        settings = load_settings()
    except ReliefError as error:
        yield Finding(BROKEN, "settings", error.message, _("docs/settings.md has every setting."))
        return
    yield Finding(OK, "settings", _("All settings can be read."))
    yield from _settings(settings)
    ground = [*check_folder(settings), *check_secrets(settings), *check_file(settings)]
    yield from ground
    yield from check_memories(settings)
    yield from _space(settings)
    yield from _backups(settings)
    if all(each.state != BROKEN for each in ground) and (settings.instance / SECRETS).exists():  # else opening it makes them
        yield from check_database(settings, quick)
    yield from check_server(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.clock_file or settings.demo:
        yield Finding(LOOK, "settings", _("demo or clock_file is set: good for demonstrations and drills only."),
                      _("Take them out of settings.toml for real work."))  # fmt: skip
    if not settings.backup_recipient:
        yield Finding(LOOK, "settings", _("Backups have no key to be encrypted to."),
                      _("This makes one, and says what to write into settings.toml:"),
                      "relief db backup-key -o relief-backup.key")  # fmt: skip


def _space(settings: Settings) -> Iterator[Finding]:
    place = settings.instance if settings.instance.is_dir() else settings.instance.parent
    if not place.is_dir():
        return
    free = shutil.disk_usage(place).free
    state = BROKEN if free < LEAST_FREE_BYTES else LOOK if free < ENOUGH_FREE_BYTES else OK
    cure = "" if state == OK else _("Make room: a full disk stops phones from handing in. Old backups are in backups/.")
    yield Finding(state, "disk", _("%(size)s MB are free.", size=f"{free >> 20:,}"), cure)


def _backups(settings: Settings) -> Iterator[Finding]:
    found = list_backups(settings)
    good = [path for path in found if is_good(path)]
    hours = (time.time() - good[-1].stat().st_mtime) / 3600 if good else 0
    says = _("There is no backup in backups/.")
    if good:
        says = _("The last backup is %(hours)s hours old: %(name)s.", hours=round(hours), name=good[-1].name)
    if good and hours <= BACKUP_HOURS:
        yield Finding(OK, "backup", says)
    else:
        yield Finding(LOOK, "backup", says, _("Make one every night, and copy the files away from this machine:"),
                      "relief db backup")  # fmt: skip
    for path in found:
        if not looks_like_backup(path):
            yield Finding(BROKEN, "backup", _("%(name)s has the name of a backup and is none.", name=path.name),
                          _("Move it away, so that nobody relies on it:"),
                          shlex.join(["mv", str(path), str(path.with_name(f"no-backup-{path.name}"))]))  # fmt: skip
    if found and found[-1].name.endswith(UNVERIFIED):
        yield Finding(BROKEN, "backup", _("The last backup does not verify: %(name)s.", name=found[-1].name),
                      _("Keep the earlier ones, and see what is wrong:"), "relief ledger verify CODE")  # fmt: skip
    for path in list_leftovers(settings):
        yield Finding(LOOK, "backup", _("A backup or restore that was cut short left %(path)s, readable for whoever gets it.",
                                        path=path),
                      _("Remove it:"), shlex.join(["rm", "-r", str(path)]))  # fmt: skip
