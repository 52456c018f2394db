"""People, their sessions, programmes, tracks, scopes and roles."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from migrations import columns as c

revision = "0002"
down_revision = "0001"

INSTALLATION = UUID(int=1)  # the scope in which administrators hold their role


def tables() -> c.Tables:
    return {
        "person": [
            *c.entity(versioned=True),
            *c.strings(email=254, handle=60, unique=True),
            *c.strings(name=120, locale=2, time_zone=64),
            *c.strings(name_fold=240, index=True),
            *c.strings(password_hash=200, nullable=True),
            *c.moments("disabled_at?"),
        ],
        "scope": [
            *c.entity(),
            *c.choices(kind="installation programme project"),
            *c.references(parent_id="scope?", index=True),
            *c.checks(only_root_is_alone="(kind = 'installation') = (parent_id IS NULL)"),
        ],
        "invitation": [
            *c.entity(),
            *c.references(scope_id="scope", index=True),
            *c.strings(email=254, place_fr=500, place_en=500, page=300),
            *c.choices(
                role="team_member team_lead coach ethics_reviewer programme_lead juror operator observer administrator"
            ),
            *c.integers("share_of_time?"),
            *c.strings(token_hash=64, unique=True),
            *c.references(invited_by_id="person?", accepted_by_id="person?"),
            *c.moments("expires_at", "accepted_at?", "revoked_at?"),
        ],
        "open_session": [
            *c.entity(),
            *c.references(person_id="person", index=True),
            *c.strings(token_hash=64, unique=True),
            *c.moments("expires_at", "last_seen_at", "ended_at?"),
            *c.strings(browser=24, system=24),
        ],
        "password_reset": [
            *c.entity(),
            *c.references(person_id="person?", index=True),
            *c.moments("expires_at", "ended_at?"),
        ],
        "programme": [
            *c.references(id="scope", primary_key=True),
            *c.strings(slug=60, unique=True),
            *c.strings(name_fr=120, name_en=120),
            *c.texts("about_fr", "about_en"),
            *c.days("starts_on"),
            *c.integers("months", "test_retention", "version"),
            *c.booleans("is_demonstration"),
            *c.checks(months="months BETWEEN 1 AND 36"),
        ],
        "address_change": [
            *c.entity(),
            *c.references(person_id="person", session_id="open_session"),
            *c.strings(email=254),
            *c.moments("old_confirmed_at?", "new_confirmed_at?", "cancelled_at?", "applied_at?"),
            *c.moments("expires_at"),
            c.unique_index(
                "uq_address_change_waiting", "person_id", where="applied_at IS NULL AND cancelled_at IS NULL"
            ),
        ],
        "track": [
            *c.entity(versioned=True),
            *c.references(programme_id="programme"),
            *c.strings(key=60, name_fr=120, name_en=120),
            *c.integers("position"),
            c.unique("programme_id", "key"),
        ],
        "role_assignment": [
            *c.entity(),
            *c.references(scope_id="scope", person_id="person", index=True),
            *c.choices(
                role="team_member team_lead coach ethics_reviewer programme_lead juror operator observer administrator"
            ),
            *c.references(track_id="track?"),
            *c.integers("share_of_time?"),
            *c.checks(share_of_time="share_of_time BETWEEN 0 AND 100"),
            c.unique_index(
                "uq_role_assignment_plain", "scope_id", "person_id", "role", where="track_id IS NULL"
            ),
            c.unique_index(
                "uq_role_assignment_on_track",
                "scope_id",
                "person_id",
                "role",
                "track_id",
                where="track_id IS NOT NULL",
            ),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())
    scope = sa.table("scope", sa.column("id", sa.Uuid), sa.column("kind"), sa.column("created_at", c.MOMENT))
    row = {"id": INSTALLATION, "kind": "installation", "created_at": datetime.now(UTC)}
    op.bulk_insert(scope, [row])


def downgrade() -> None:
    c.drop_tables(tables())
