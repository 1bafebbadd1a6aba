"""The schema: brought up to date by the numbered files in migrations/, each in a transaction of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Connection, inspect, make_url, text

from relief.database_memory import refuse_if_lost, remember_database, set_memory_aside
from relief.db import db, is_sqlite
from relief.kernel.errors import BadSetting, Unusable
from relief.settings import Settings
from relief.traces import keys_were_made

NUMBERS = "alembic_version"  # the table in which alembic keeps the number of the last migration

# The triggers that the migrations leave: what they guard is written once.
GUARDS = frozenset((
    "keep_audit", "keep_audit_delete", "keep_entry_delete", "keep_entry_facts", "keep_entry_mark", "keep_entry_position",
    "keep_entry_private", "keep_erasure", "keep_erasure_delete", "keep_erasure_done", "keep_erasure_mark", "keep_held",
    "keep_held_delete", "keep_held_raw", "keep_held_taken_up", "keep_lineage", "keep_lineage_delete", "keep_seal",
    "keep_seal_delete",
))  # fmt: skip


def migrations_folder() -> Path:
    """Return the folder of the migrations: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).with_name("migrations")
    return inside if inside.is_dir() else inside.parents[1] / "migrations"


def newest_revision() -> str:
    """Return the number of the last migration this program knows, `''` when there is none."""
    return max((file.name[:4] for file in (migrations_folder() / "versions").glob("[0-9]*.py")), default="")


def find_revision(connection: Connection) -> str | None:
    """Return the number of the migration this database is at, None for a database without tables.

    Raises Unusable where there are tables and no number that a migration has: upgrading would make them a second time.
    """
    found, tables = None, set(inspect(connection).get_table_names())
    if NUMBERS in tables:
        found = connection.execute(text(f"SELECT version_num FROM {NUMBERS}")).scalar()
    if not re.fullmatch(r"\d{4}", found or "", re.ASCII) and tables & db.metadata.tables.keys():
        raise Unusable(_("The database has its tables, but %(table)s does not say which version of relief they belong to: "
                         "somebody emptied or changed it. Keep the database as it is, and bring the last backup back: "
                         "relief db restore FILE --replace", table=NUMBERS), code="version_missing")  # fmt: skip
    return found


def is_current(connection: Connection) -> bool:
    """Say whether the database has exactly the schema this program expects."""
    return find_revision(connection) == newest_revision()


def refuse_if_none(settings: Settings) -> None:
    """Raise BadSetting where nothing tells of an SQLite database: opening the app would make keys and an empty file there."""
    url, folder = make_url(settings.database_url), settings.instance
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and not Path(url.database or "").exists() and not folder.is_file() and not keys_were_made(folder):
        raise _no_database()


def _no_database() -> BadSetting:
    return BadSetting(_("There is no database yet. Run: relief db upgrade"), code="no_database")


def check_schema(earlier_too: bool = False) -> str:
    """Return the migration of the database; raises BadSetting where it has no tables yet, or is another version's.

    `earlier_too`: one that an earlier version made is good enough. Raises Unusable where tables or columns were taken away.
    """
    newest = newest_revision()
    with db.engine.connect() as connection:
        found = find_revision(connection)
        lacking = list_lacking(connection) if found == newest else []
    if found is None:
        refuse_if_lost(_settings())
        raise _no_database()
    if found > newest:
        raise BadSetting(_("The database belongs to a later version of relief. Update relief."), code="schema_not_current")
    if found < newest and not earlier_too:
        raise BadSetting(_("The database belongs to an earlier version of relief. Make a backup (relief db backup), then run: "
                           "relief db upgrade"), code="schema_not_current")  # fmt: skip
    if lacking:
        raise Unusable(_("Somebody took this away from the database: %(names)s. Keep it as it is, and bring the last backup "
                         "back: relief db restore FILE --replace", names=", ".join(lacking)), code="tables_missing")  # fmt: skip
    return found


def list_lacking(connection: Connection) -> list[str]:
    """Return the tables, and of the others the columns (`entry.position`), that the program needs and the database has not."""
    found = {name: {column["name"] for column in columns}
             for (_schema, name), columns in inspect(connection).get_multi_columns().items()}  # fmt: skip
    lacking = [name for name in db.metadata.tables if name not in found]
    return sorted(lacking + [f"{table.name}.{column.name}" for table in db.metadata.tables.values() if table.name in found
                             for column in table.columns if column.name not in found[table.name]])  # fmt: skip


def find_guards(connection: Connection) -> frozenset[str]:
    """Return the triggers of this database that are at work."""
    if is_sqlite(connection):
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"))
    return frozenset(found.scalars())


def upgrade_schema(revision: str = "head", anew: bool = False) -> str:
    """Run the migrations up to `revision` that this database lacks; return the newest this program knows.

    Raises Unusable instead of making tables where this installation had them before, unless they are meant to be made `anew`.
    """
    from flask_migrate import upgrade  # alembic takes a tenth of a second to import

    with db.engine.connect() as connection:
        found = find_revision(connection)
    if found is None and not anew:
        refuse_if_lost(_settings())
    _connect_alembic()
    upgrade(str(migrations_folder()), revision)
    remember_database(_settings())
    return newest_revision()


def give_up_lost() -> list[Path]:
    """Move away what tells of a lost database, so that an empty one can be made; does nothing where there are tables."""
    try:
        with db.engine.connect() as connection:
            lost = find_revision(connection) is None
    except Unusable as error:
        if error.code != "database_missing":
            raise
        lost = True
    return set_memory_aside(_settings()) if lost else []


def _settings() -> Settings:
    settings: Settings = current_app.extensions["relief_settings"]
    return settings


def write_migration(purpose: str) -> str:
    """Write the next numbered migration from what the models have and this database lacks; return its number."""
    from flask_migrate import revision  # see above

    _connect_alembic()
    number = f"{int(newest_revision() or 0) + 1:04d}"
    revision(str(migrations_folder()), message=f"{purpose.replace('_', ' ').capitalize()}.", autogenerate=True, rev_id=number)
    return number


def compare_default(*told: Any) -> bool | None:
    """Tell alembic that an empty text is an empty text, which it does not see on SQLite; leave the rest to it.

    It calls with context, reflected column, model's column, reflected default, model's default, model's default rendered.
    """
    return False if {told[3], told[5]} <= {"", "''", "('')"} else None


def _connect_alembic() -> None:
    from flask_migrate import Migrate  # see above

    if "migrate" not in current_app.extensions:
        Migrate(current_app, db, directory=str(migrations_folder()))
