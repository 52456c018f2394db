"""Notifications, preferences and calendar links."""

from migrations import columns as c

revision = "0004"
down_revision = "0003"


def tables() -> c.Tables:
    return {
        "calendar_link": [
            *c.references(person_id="person", primary_key=True),
            *c.strings(token_hash=64, unique=True),
            *c.moments("created_at"),
        ],
        "notification": [
            *c.references(person_id="person", primary_key=True),
            *c.uuids("fact_id", primary_key=True),
            *c.moments("created_at", "read_at?", "due_at", "settled_at?"),
            *c.strings(kind=40, action=64, subject=64),
            *c.references(scope_id="scope?", around_id="scope?"),
            *c.uuids("subject_id", "group_id", "actor_id?"),
            *c.documents("facts"),
            *c.booleans("in_digest"),
            *c.strings(letter=64, nullable=True),
            c.index("ix_notification_person_id_group_id", "person_id", "group_id"),
            c.index("ix_notification_waiting", "due_at", where="settled_at IS NULL"),
            c.index("ix_notification_unread", "person_id", where="read_at IS NULL"),
        ],
        "notification_mute": [
            *c.references(person_id="person", primary_key=True),
            *c.uuids("about_id", primary_key=True),
            *c.references(scope_id="scope?"),
            *c.moments("created_at"),
        ],
        "notification_preference": [
            *c.references(person_id="person", primary_key=True),
            *c.strings(kind=40, primary_key=True),
            *c.choices(channel="inbox at_once daily weekly never"),
        ],
        "notification_rhythm": [
            *c.references(person_id="person", primary_key=True),
            *c.integers("opens", "closes", "at_once_most?", "saves", "version"),
            *c.strings(days=7),
            *c.booleans("no_digest"),
            *c.days("digested_on?"),
            *c.checks(hours="opens BETWEEN 0 AND 23 AND closes BETWEEN 1 AND 24"),
            *c.checks(at_once_most="at_once_most BETWEEN 0 AND 20", some_day="days <> ''"),
            *c.checks(opens_before_it_closes="opens < closes"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())


def downgrade() -> None:
    c.drop_tables(tables())
