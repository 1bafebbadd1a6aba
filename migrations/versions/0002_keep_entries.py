"""Keep entries: triggers that let nobody change or delete what was sealed, signed or audited.

Allowed are what the ledger itself needs: the sealer's position and hash, once, and erasing a private part.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_KEPT = (
    "operation_id, id, step, kind, enrolment_id, seq, session_id, card_id, household_id, target_id, received_at, uploaded_by, "
    "verdict, facts, facts_salt, private_digest"
)
# name, table, event, condition
TRIGGERS = (
    ("keep_entry_delete", "entry", "DELETE", None),
    ("keep_entry_facts", "entry", f"UPDATE OF {_KEPT}", None),
    ("keep_entry_position", "entry", "UPDATE OF position, hash", "OLD.position IS NOT NULL"),
    ("keep_entry_private", "entry", "UPDATE OF private, private_salt", "NEW.private IS NOT NULL OR NEW.private_salt IS NOT NULL"),
    ("keep_seal_delete", "seal", "DELETE", None),
    ("keep_seal", "seal", "UPDATE", None),
    ("keep_audit_delete", "audit_entry", "DELETE", None),
    ("keep_audit", "audit_entry", "UPDATE", None),
)


def upgrade() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            "CREATE FUNCTION relief_keep() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'relief: % is append-only', TG_TABLE_NAME; END $$"
        )
    for name, table, event, condition in TRIGGERS:
        when = f"WHEN ({condition}) " if condition else ""
        if postgresql:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION relief_keep()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'relief: {table} is append-only'); END"
            )

