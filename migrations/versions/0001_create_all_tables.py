"""Create all tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("card_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="unknown", nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "card_id", name=op.f("pk_card")),
        sa.UniqueConstraint("operation_id", "card_key", name=op.f("uq_card_operation_id_card_key")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_group_id", ["operation_id", "group_id"], unique=False)

    op.create_table(
        "citation",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("cited_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("decision_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "cited_id", "decision_id", name=op.f("pk_citation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counter",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "key", name=op.f("pk_counter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delta",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("delta_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("counters", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "delta_id", name=op.f("pk_delta")),
    )
    op.create_table(
        "entry",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("step", sa.String(length=6), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("target_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=160), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("facts_salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("private_salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("private_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "id", "step", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entry_clock",
            ["operation_id", "session_id"],
            unique=False,
            sqlite_where=sa.text("kind = 'clock'"),
            postgresql_where=sa.text("kind = 'clock'"),
        )
        batch_op.create_index("ix_entry_position", ["operation_id", "position"], unique=True)
        batch_op.create_index("ix_entry_seq", ["operation_id", "enrolment_id", "seq"], unique=False)

    op.create_table(
        "feed",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "group_id", name=op.f("pk_feed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fold_group",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("origins", sa.LargeBinary(), nullable=True),
        sa.Column("basis", sa.LargeBinary(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("open_cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "group_id", name=op.f("pk_fold_group")),
        postgresql_with={"fillfactor": 50, "toast_tuple_target": 8160},
    )
    op.create_table(
        "head",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ledger_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_head")),
    )
    op.create_table(
        "held",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("held_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("taken_up_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "held_id", name=op.f("pk_held")),
    )
    with op.batch_alter_table("held", schema=None) as batch_op:
        batch_op.create_index("ix_held_record_id", ["operation_id", "record_id"], unique=False)

    op.create_table(
        "household",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("area_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("home_site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "household_id", name=op.f("pk_household")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index("ix_household_group_id", ["operation_id", "group_id"], unique=False)

    op.create_table(
        "operation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("working_name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("appeal_code", sa.String(length=8), nullable=True),
        sa.Column("glide", sa.String(length=18), nullable=True),
        sa.Column("national_society", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("dref_type", sa.String(length=20), nullable=False),
        sa.Column("onset", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("hazard", sa.String(length=80), nullable=False),
        sa.Column("trigger_at", sa.BigInteger(), nullable=True),
        sa.Column("start_day", sa.String(length=10), nullable=False),
        sa.Column("end_day", sa.String(length=10), nullable=False),
        sa.Column("people_affected", sa.BigInteger(), nullable=True),
        sa.Column("people_in_need", sa.BigInteger(), nullable=True),
        sa.Column("people_targeted", sa.BigInteger(), nullable=True),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("selection_criteria", sa.Text(), nullable=False),
        sa.Column("statements", sa.LargeBinary(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("ledger_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("start_day <= end_day", name=op.f("ck_operation_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("appeal_code", name=op.f("uq_operation_appeal_code")),
        sa.UniqueConstraint("working_name", name=op.f("uq_operation_working_name")),
    )
    op.create_table(
        "seal",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "position", name=op.f("pk_seal")),
    )
    op.create_table(
        "standing",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("record_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("group_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("excess", sa.Integer(), nullable=False),
        sa.Column("codes", sa.String(length=160), nullable=False),
        sa.Column("item_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "record_id", name=op.f("pk_standing")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index("ix_standing_item_id", ["operation_id", "item_id", "site_id", "effective_at"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "allocation",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("granted_on", sa.String(length=10), nullable=True),
        sa.Column("funding_source", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_allocation_amount_not_negative")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_allocation_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "id", name=op.f("pk_allocation")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_audit_entry_operation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_audit_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_operation_id_at"), ["operation_id", "at"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sector", sa.String(length=60), nullable=False),
        sa.Column("account_group", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_budget_line_amount_not_negative")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_budget_line_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "id", name=op.f("pk_budget_line")),
    )
    op.create_table(
        "enrolment",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("enrolment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("site_ids", sa.LargeBinary(), nullable=False),
        sa.Column("site_lead", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_contact_at", sa.BigInteger(), nullable=True),
        sa.Column("app_version", sa.String(length=40), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("max_seq", sa.BigInteger(), nullable=False),
        sa.Column("seq_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'desk', 'import')", name=op.f("ck_enrolment_kind_known")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_enrolment_operation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_enrolment_user_id")),
        sa.PrimaryKeyConstraint("operation_id", "enrolment_id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enrolment_token_hash")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrolment_operation_id_kind_user_id"), ["operation_id", "kind", "user_id"], unique=False
        )

    op.create_table(
        "join_code",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("site_ids", sa.LargeBinary(), nullable=False),
        sa.Column("site_lead", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_join_code_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_join_code_code_hash")),
    )
    op.create_table(
        "plan_version",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("predecessor", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_by", sa.LargeBinary(length=16), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_plan_version_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", "version", name=op.f("pk_plan_version")),
    )
    op.create_table(
        "role",
        sa.Column("operation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('manager', 'site_lead', 'finance', 'protection', 'auditor', 'volunteer')", name=op.f("ck_role_role_known")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_role_operation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_user_id")),
        sa.PrimaryKeyConstraint("operation_id", "user_id", "role", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_user_id"), ["user_id"], unique=False)
