"""Agreements with their instalments, and the ledger. The dates of signature that were typed on
projects become signed agreements without an amount, to be completed."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

from migrations import columns as c

revision = "0022"
down_revision = "0021"

_STATES = "planned asked returned checked paid refused"
_VERBS = "asked returned checked paid refused failed reopened deferred stated certified"


def _tables() -> c.Tables:
    """Made anew each time: a column belongs to one table."""
    return {
        "funding_agreement": [
            *c.references(project_id="project", unique=True),
            *c.choices(state="draft signed amended ended"),
            *(sa.Column(n, sa.String(60), unique=True) for n in ("number", "legal_commitment")),
            sa.Column("operator_reference", sa.String(60), unique=True),
            *c.texts("purpose"),
            *c.documents("parties"),
            *c.big_integers("amount_cents"),
            *c.days("starts_on?", "ends_on?", "signed_on?"),
            *c.references(document_id="attachment?"),
            *c.strings(document_sha256=64),
            *c.moments("committed_at?"),
            *c.days("ended_on?"),
            *c.texts("end_reason"),
            *c.entity(versioned=True),
            *c.checks(
                amount="amount_cents >= 0",
                signed_on_a_day="(state = 'draft') = (signed_on IS NULL)",
                commits_an_amount="committed_at IS NULL OR amount_cents > 0",
                ends_after_start="starts_on < ends_on",
            ),
        ],
        "agreement_amendment": [
            *c.references(agreement_id="funding_agreement"),
            *c.integers("number"),
            *c.days("signed_on"),
            *c.documents("changes"),
            *c.texts("reason"),
            *c.references(author_id="person"),
            *c.entity(),
            c.unique("agreement_id", "number"),
            *c.checks(says_why="reason <> ''"),
        ],
        "instalment": [
            *c.numbered(),
            sa.Column(
                "agreement_id", sa.Uuid(), sa.ForeignKey("funding_agreement.id"), nullable=False, index=True
            ),
            *c.big_integers("amount_cents"),
            *c.integers("share?"),
            *c.days("due_on?"),
            *c.documents("gates"),
            *c.booleans("needs_statement"),
            *c.choices(state=_STATES),
            *c.moments("turn_since"),
            *c.big_integers("statement_cents?"),
            *c.references(statement_by_id="person?", certified_by_id="person?", asked_by_id="person?"),
            *c.references(checked_by_id="person?"),
            *c.strings(checked_fingerprint=64),
            *c.references(paid_by_id="person?"),
            *c.days("paid_on?"),
            *c.strings(payment_reference=100),
            *c.checks(
                amount="amount_cents > 0",
                checked_by_another="checked_by_id <> asked_by_id",
                paid_by_another="paid_by_id <> checked_by_id",
                certified_by_another="certified_by_id <> statement_by_id",
                paid_on_a_day="(state = 'paid') = (paid_on IS NOT NULL)",
            ),
        ],
        "instalment_document": [
            *c.references(instalment_id="instalment"),
            *c.integers("position"),
            *c.strings(name=200),
            *c.days("due_on?"),
            sa.Column("attachment_id", sa.Uuid(), sa.ForeignKey("attachment.id"), index=True),
            *c.strings(sha256=64),
            *c.references(handed_by_id="person?"),
            *c.days("handed_on?"),
            *c.entity(),
            c.unique("instalment_id", "position"),
        ],
        "instalment_step": [
            *c.references(instalment_id="instalment"),
            *c.choices(verb=_VERBS),
            *c.big_integers("amount_cents"),
            *c.texts("reason"),
            *c.references(person_id="person?"),
            *c.entity(),
            c.index("ix_instalment_step_instalment_id_id", "instalment_id", "id"),
        ],
        "payment_recovery": [
            sa.Column("instalment_id", sa.Uuid(), sa.ForeignKey("instalment.id"), nullable=False, index=True),
            *c.big_integers("amount_cents"),
            *c.texts("reason"),
            *c.references(announced_by_id="person"),
            *c.texts("observations"),
            *c.references(observed_by_id="person?"),
            *c.moments("observed_at?"),
            *c.references(booked_by_id="person?"),
            *c.days("booked_on?"),
            *c.strings(reference=100),
            *c.moments("dropped_at?"),
            *c.entity(versioned=True),
            *c.checks(
                amount="amount_cents > 0",
                says_why="reason <> ''",
                booked_by_another="booked_by_id <> announced_by_id",
            ),
        ],
        "ledger_entry": [
            *c.references(project_id="project"),
            sa.Column("instalment_id", sa.Uuid(), sa.ForeignKey("instalment.id"), nullable=False, index=True),
            *c.choices(account="committed asked checked paid recovered"),
            *c.big_integers("amount_cents"),
            *c.days("on_day"),
            *c.strings(reference=100),
            *c.texts("reason"),
            *c.references(author_id="person"),
            *c.entity(),
            *c.checks(amount="amount_cents <> 0"),
            c.index("ix_ledger_entry_project_id_id", "project_id", "id"),
        ],
        "funding_terms": [
            *c.references(programme_id="programme", primary_key=True),
            *c.integers("recovery_days"),
            *c.documents("change_rules"),
            *c.strings(signatory_name=200, signatory_function=200),
            *c.texts("appeal_terms"),
            *c.integers("version"),
        ],
    }


def upgrade() -> None:
    c.make_tables(_tables())
    for name in ("agreement_amendment", "instalment_step", "ledger_entry"):
        c.append_only(name, "id")
    _turn_dates_into_agreements()


def downgrade() -> None:
    c.drop_tables(_tables())


def _turn_dates_into_agreements() -> None:
    connection = op.get_bind()
    engagement = sa.table("engagement", sa.column("project_id", sa.Uuid()), sa.column("agreed_on", sa.Date()))
    dated = connection.execute(sa.select(*engagement.c).where(engagement.c.agreed_on.is_not(None)))
    rows = [
        {
            "id": uuid7(),
            "created_at": datetime.now(UTC),
            "version": 1,
            "project_id": row.project_id,
            "state": "signed",
            "purpose": "",
            "parties": [],
            "amount_cents": 0,
            "signed_on": row.agreed_on,
            "document_sha256": "",
            "end_reason": "",
        }
        for row in dated
    ]
    if rows:
        kinds = {"id": sa.Uuid(), "project_id": sa.Uuid(), "created_at": c.MOMENT, "parties": sa.JSON()}
        kinds |= {"signed_on": sa.Date()}
        columns = [sa.column(name, kinds.get(name)) for name in rows[0]]
        connection.execute(sa.insert(sa.table("funding_agreement", *columns)), rows)
