"""Discussions and attached files."""

from migrations import columns as c

revision = "0003"
down_revision = "0002"


def tables() -> c.Tables:
    return {
        "attachment": [
            *c.entity(),
            *c.references(scope_id="scope", author_id="person", removed_by_id="person?"),
            *c.strings(subject=32, name=120, media_type=100, sha256=64),
            *c.uuids("subject_id"),
            *c.integers("number"),
            *c.big_integers("size"),
            *c.strings(key=32, unique=True),
            *c.booleans("was_scanned"),
            *c.moments("removed_at?"),
            *c.checks(removed_by_somebody="(removed_at IS NULL) = (removed_by_id IS NULL)"),
            *c.checks(holds_something="size > 0"),
            c.index("ix_attachment_subject_id_id", "subject_id", "id"),
            c.index("ix_attachment_scope_id_id", "scope_id", "id"),
        ],
        "discussion": [
            *c.entity(),
            *c.references(scope_id="scope", index=True),
            *c.strings(page=300),
            *c.integers("comment_count"),
            *c.moments("last_comment_at?"),
        ],
        "read_mark": [
            *c.entity(),
            *c.references(person_id="person"),
            *c.references(discussion_id="discussion", index=True),
            *c.moments("read_at", "marked_at"),
            c.unique("person_id", "discussion_id"),
            c.index("ix_read_mark_person_id_marked_at", "person_id", "marked_at"),
        ],
        "thread": [
            *c.entity(),
            *c.references(discussion_id="discussion", index=True),
            *c.moments("resolved_at?"),
            *c.references(resolved_by_id="person?"),
        ],
        "comment": [
            *c.entity(versioned=True),
            *c.references(discussion_id="discussion", deleted_by_id="person?", thread_id="thread"),
            *c.references(author_id="person"),
            *c.texts("body"),
            *c.moments("edited_at?", "deleted_at?"),
            c.index("ix_comment_discussion_id_author_id", "discussion_id", "author_id"),
            c.index("ix_comment_discussion_id_created_at", "discussion_id", "created_at"),
            c.index("ix_comment_thread_id_id", "thread_id", "id"),
        ],
        "earlier_text": [
            *c.entity(),
            *c.references(comment_id="comment", index=True),
            *c.texts("body"),
            *c.moments("written_at"),
        ],
        "mention": [
            *c.entity(),
            *c.references(comment_id="comment"),
            *c.references(person_id="person", index=True),
            c.unique("comment_id", "person_id"),
        ],
    }


def upgrade() -> None:
    c.make_tables(tables())


def downgrade() -> None:
    c.drop_tables(tables())
