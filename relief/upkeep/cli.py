"""`relief db`: bring the schema up to date, make and check backups, bring one back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from relief.commands import answers_json, begins_anew, goes_with_any_keys, opens_itself
from relief.kernel.errors import BadSetting
from relief.kernel.ids import to_text
from relief.laid_aside import delete_laid_aside, list_laid_aside
from relief.ledger.anchors import remember_heads
from relief.ledger.lineage import NewLedger
from relief.ledger.progress import stage_lines
from relief.schema import check_schema, give_up_lost, write_migration
from relief.settings import Settings, load_settings
from relief.upkeep import archive, backup, restore
from relief.upkeep.keys_back import restore_keys
from relief.upkeep.throwaway import Checked
from relief.upkeep.upgrading import upgrade_database


@click.group("db")
def database() -> None:
    """The database: upgrade its schema, make a backup, check one, bring one back."""


COMMANDS = [database]


@database.command("upgrade")
@click.option("--anew", is_flag=True, help="The database that was here is lost and given up: begin with an empty one.")
@answers_json
@begins_anew
def upgrade_command(anew: bool, as_json: bool) -> None:
    """Make the database, or bring it up to date with this version of relief. Safe to repeat."""
    kept = list(give_up_lost()) if anew else []
    for path in kept:
        click.echo(_("Kept as %(path)s.", path=path), err=as_json)
    with stage_lines(_stages()) as tell:
        newest = upgrade_database(anew, tell)
    answer = {"migration": newest, "kept": [str(path) for path in kept]}
    click.echo(json.dumps(answer) if as_json else f"The database is at migration {newest}.")
    remember_heads()


@database.command("revision", hidden=True)
@click.argument("purpose")
@goes_with_any_keys
def revision_command(purpose: str) -> None:
    """For developers: write the migration PURPOSE (`add_card_replaced_by`) from the difference between models and database."""
    click.echo(f"Wrote migration {write_migration(purpose)}_{purpose}. Read it, then run the tests of both databases.")


@database.command("backup-key")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File for the private key.")
@answers_json
@opens_itself
def backup_key_command(output: Path, as_json: bool) -> None:
    """Make a pair of keys for backups. The private one opens them: take it away from the server, and keep a second copy."""
    public = archive.make_key(output)
    if as_json:
        click.echo(json.dumps({"private_key_file": str(output), "backup_recipient": public}))
        return
    click.echo(_("The private key is in %(path)s. Take it away from the server and keep a copy: without it no backup opens.",
                 path=output))  # fmt: skip
    click.echo(_("The public key goes into settings.toml of the instance folder:"))
    click.echo(f'backup_recipient = "{public}"')


@database.command("backup")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; by default backups/ "
              "in the instance folder, named by the moment.")  # fmt: skip
@click.option("--recipient", "recipients", multiple=True, help="Public key (age1...) instead of the one in the settings.")
@click.option("--unencrypted", is_flag=True, help="Write it readable for whoever gets the file.")
@click.option("--keep", type=click.IntRange(1, 10_000), help="Afterwards delete all but this many in backups/.")
@answers_json
@goes_with_any_keys
def backup_command(output: Path | None, recipients: tuple[str, ...], unencrypted: bool, keep: int | None, as_json: bool) -> None:
    """Back up database, secrets and settings while they are used: restored and verified on the spot, then encrypted.

    The key it is encrypted to is public; relief db backup-key makes one. Exit code 8: no backup, or one that does not verify.
    """
    check_schema(earlier_too=True)  # where there is nothing to back up, that is said first
    settings: Settings = current_app.extensions["relief_settings"]
    keys = archive.read_recipients(" ".join(recipients) or settings.backup_recipient) if not unencrypted else []
    if not keys and not unencrypted:
        raise BadSetting(_("There is no key to encrypt the backup to. relief db backup-key -o relief-backup.key makes one; "
                           "--unencrypted does without."), code="no_backup_key")  # fmt: skip
    with stage_lines(_stages()) as tell:
        made = backup.make_backup(settings, output, keys, current_app.extensions["relief_clock"].now(), tell)
    gone = backup.remove_old(settings, keep) if keep else []
    if as_json:
        click.echo(json.dumps({"path": str(made.path), "bytes": made.size, "encrypted": made.encrypted, "deleted": len(gone),
                               "operations": [asdict(each) for each in made.operations]}))  # fmt: skip
        return
    kept = _("encrypted") if made.encrypted else _("NOT encrypted: whoever gets it reads all names and keys")
    click.echo(_("Backup written, restored and verified: %(path)s (%(size)s bytes, %(kept)s).", path=made.path,
                 size=f"{made.size:,}", kept=kept))  # fmt: skip
    for path in gone:
        click.echo(_("Deleted: %(path)s", path=path))


@database.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with the private key.")
@answers_json
@opens_itself
def check_command(file: Path, identity: Path | None, as_json: bool) -> None:
    """Open the backup FILE and verify all that is in it, on any machine; nothing is kept.

    Exit code 0: it can be trusted. 8: it cannot be opened or does not verify.
    """
    with stage_lines(_stages()) as tell:
        checked = restore.read_backup(file, identity, load_settings(), tell)
    if as_json:
        click.echo(json.dumps({"good": not any(each.problems for each in checked),
                               "operations": [asdict(each) for each in checked]}))  # fmt: skip
    else:
        _tell(checked)
    if any(each.problems for each in checked):
        raise archive.BackupUnusable(_("This backup does not verify."), code="ledger_differs")
    if not as_json:
        click.echo(_("This backup can be opened, and all in it verifies."))


@database.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with the private key.")
@click.option("--replace", is_flag=True, help="There is a database: move it aside and keep it.")
@click.option("--keys-only", is_flag=True, help="Bring back secrets.json alone, beside the keys that are there; no database.")
@answers_json
@opens_itself
def restore_command(file: Path, identity: Path | None, replace: bool, keys_only: bool, as_json: bool) -> None:
    """Bring the backup FILE back into this installation, on SQLite or PostgreSQL wherever it was made.

    It is verified before anything is touched. Phones send again what it lacks, by themselves.
    """
    if keys_only:
        _restore_keys(file, identity, as_json)
        return
    with stage_lines(_stages()) as tell:
        done = restore.restore(file, identity, load_settings(), replace, tell)
    if as_json:
        click.echo(json.dumps({"aside": done.aside, "operations": [asdict(each) for each in done.operations],
                               "ledgers": [_ledger(each) for each in done.ledgers]}))  # fmt: skip
        return
    _tell(done.operations)
    if done.aside:
        click.echo(_("The database that was here is kept as %(aside)s. It still holds what is erased from now on: when nobody "
                     "misses anything, delete it with relief db aside --delete", aside=done.aside))  # fmt: skip
    _say_what_follows()


def _restore_keys(file: Path, identity: Path | None, as_json: bool) -> None:
    aside = restore_keys(file, identity, load_settings())
    if as_json:
        click.echo(json.dumps({"aside": str(aside) if aside else None}))
        return
    if aside:
        click.echo(_("The damaged secrets.json is kept as %(aside)s.", aside=aside))
    click.echo(_("The keys are back; the database was not touched. relief ledger verify CODE says whether they are the right."))


@database.command("aside")
@click.option("--delete", is_flag=True, help="Delete all of them, for good.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
@answers_json
@goes_with_any_keys
def aside_command(delete: bool, yes: bool, as_json: bool) -> None:
    """Name the databases that relief db restore laid aside; with --delete, delete them.

    They still hold what was erased since. Delete them when nobody misses anything.
    """
    settings: Settings = current_app.extensions["relief_settings"]
    names = list_laid_aside(settings)
    if not as_json:
        click.echo("\n".join(names) or _("Nothing is laid aside."))
    if delete and names:
        if not yes:
            click.confirm(_("Delete for good?"), abort=True, err=True)
        delete_laid_aside(settings, names)
    if as_json:
        click.echo(json.dumps({"aside": names, "deleted": delete}))
    elif delete and names:
        click.echo(_("Deleted."))


@database.command("adopt")
@answers_json
def adopt_command(as_json: bool) -> None:
    """Go on with the database as it is, after it was brought back by other means or lost its last records.

    Every operation starts a new ledger that names its parent, so that phones send again what is not here.
    """
    check_schema()
    started = restore.begin_new_ledgers("database.adopted", current_app.extensions["relief_settings"])
    remember_heads(adopted=True)
    if as_json:
        click.echo(json.dumps({"ledgers": [_ledger(each) for each in started]}))
        return
    for each in started:
        click.echo(_("New ledger %(new)s goes on from %(old)s at position %(position)s.", new=to_text(each.ledger_id),
                     old=to_text(each.parent_id), position=each.position))  # fmt: skip
        if each.known_position:
            click.echo(_("It had come to position %(known)s: what was after %(position)s is given up, but for what phones send "
                         "again. relief ledger verify goes on saying so.", known=each.known_position,
                         position=each.position))  # fmt: skip
    _say_what_follows()


def _stages() -> dict[str, str]:
    """Return the words for what takes long."""
    return {"rebuild": _("Computing totals anew"), "copy": _("Copying the database"), "verify": _("Verifying"),
            "write": _("Writing the file"), "open": _("Opening the file"),
            "place": _("Putting the database in its place")}  # fmt: skip


def _ledger(each: NewLedger) -> dict[str, object]:
    return {"operation": to_text(each.operation_id), "ledger": to_text(each.ledger_id), "parent": to_text(each.parent_id),
            "position": each.position, "known_position": each.known_position}  # fmt: skip


def _tell(checked: list[Checked]) -> None:
    for each in checked:
        click.echo(_("%(name)s  ledger %(ledger)s, position %(position)s, head %(head)s", name=each.name, ledger=each.ledger,
                     position=each.position, head=each.head[:16] or "-"))  # fmt: skip
        for problem in each.problems:
            click.echo(f"  {problem}")


def _say_what_follows() -> None:
    click.echo(_("Start the server: phones send again what is missing of the last 14 days, by themselves."))
    click.echo(_("To be done again, where it was done since that moment: what the office entered, users and roles changed, "
                 "phones revoked. Phones that joined since then join anew, and everybody signs in anew."))  # fmt: skip
