"""The keys of a backup (`secrets.json`) brought back, together with those that are there: each verifies what it signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from flask_babel import gettext as _

from relief.settings import Settings, load_secrets
from relief.traces import SECRETS, told_of, write_whole
from relief.upkeep.archive import BackupUnusable, unpack
from relief.upkeep.throwaway import work_folder


def restore_keys(path: Path, identity: Path | None, settings: Settings) -> Path | None:
    """Put the keys of a backup into place, the database stays; return where a damaged `secrets.json` is kept, if one was."""
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    with work_folder(settings.instance) as work:
        unpack(path, identity, work)
        join_keys(work, settings.instance)
        return place_keys(work, settings.instance)


def join_keys(work: Path, instance: Path) -> None:
    """Have in `work` both the keys of this installation, which come first, and those of the backup, which signed its ledger."""
    stored = [keys for folder in (instance, work) if (keys := _keys_in(folder))]
    if not stored:
        raise BackupUnusable(_("The backup holds no secrets and neither does %(folder)s: put the secrets.json that belongs to it "
                               "there first.", folder=instance), code="no_secrets")  # fmt: skip
    joined: dict[str, dict[str, str]] = {}
    for each in stored:
        for kind, named in each.items():
            for key, value in named.items():
                joined.setdefault(kind, {}).setdefault(key, value)
    write_whole(work / SECRETS, joined)
    load_secrets(work)  # says in a sentence what is wrong with them


def place_keys(work: Path, instance: Path) -> Path | None:
    """Move the joined keys into the instance folder; return where a damaged file was laid aside, None as a rule."""
    target, aside = instance / SECRETS, None
    if target.exists() and not _keys_in(instance):
        aside = target.rename(target.with_name(f"{SECRETS}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    write_whole(target, json.loads((work / SECRETS).read_bytes()))
    return aside


def _keys_in(folder: Path) -> dict[str, dict[str, str]]:
    """Return the stored keys, {} where there are none or the file is damaged."""
    stored = told_of(folder / SECRETS, {}) or {}
    return stored if all(isinstance(keys, dict) for keys in stored.values()) else {}
