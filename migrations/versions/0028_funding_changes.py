"""Change requests, their decisions, and the delays that move the plan of gates."""

from migrations import columns as c

revision = "0028"
down_revision = "0027"


def _tables() -> c.Tables:
    """Made anew each time: a column belongs to one table."""
    return {
        "funding_change": [
            *c.numbered(),
            *c.choices(
                kind="delay scope budget abandonment",
                state="filed examined granted refused applied withdrawn",
            ),
            *c.strings(authority=32),
            *c.texts("reason"),
            *c.integers("days?"),
            *c.big_integers("amount_cents?"),
            *c.texts("purpose", "learnings"),
            *c.references(filed_by_id="person", examined_by_id="person?", confirmed_by_id="person?"),
            *c.moments("confirmed_at?", "closed_at?"),
            *c.checks(says_why="reason <> ''"),
            c.unique_index(
                "uq_funding_change_open",
                "project_id",
                "kind",
                where="state IN ('filed', 'examined', 'granted')",
            ),
        ],
        "change_decision": [
            *c.references(change_id="funding_change"),
            *c.integers("number"),
            *c.booleans("is_granted"),
            *c.texts("reasons"),
            *c.integers("days?"),
            *c.big_integers("amount_cents?"),
            *c.references(decided_by_id="person"),
            *c.days("decided_on"),
            *c.strings(signatory_name=200, signatory_function=200),
            *c.texts("appeal_terms"),
            *c.entity(),
            c.unique("change_id", "number"),
            *c.checks(says_why="reasons <> ''"),
        ],
        "change_message": [
            *c.references(change_id="funding_change", author_id="person"),
            *c.texts("body"),
            *c.entity(),
            c.index("ix_change_message_change_id", "change_id"),
        ],
        "granted_delay": [
            *c.references(project_id="project", change_id="funding_change"),
            *c.integers("days"),
            *c.days("from_on"),
            *c.entity(),
            *c.checks(moves="days <> 0"),
            c.index("ix_granted_delay_project_id_from_on", "project_id", "from_on"),
        ],
    }


def upgrade() -> None:
    c.make_tables(_tables())
    for name in ("change_decision", "granted_delay"):
        c.append_only(name, "id")


def downgrade() -> None:
    c.drop_tables(_tables())
