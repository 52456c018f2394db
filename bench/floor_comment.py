"""What a comment costs a bare Flask application: the same rows in the same tables, and no more.

It does what none could leave out: the signed cookie of the session, the token against forgery
(Flask-WTF's own check), one query of who writes and where, and in one transaction, as durable as
ours, every row that a comment leaves: itself, its thread, its discussion's count, the line of the
trail with its seal on the seal before, the form's key, news for each person of the project. The
tables are the portal's, with their keys and indexes: what the database does is alike.

It does without forms, translations, limits, policy, preferences, mentions, a sentence for whoever
wrote, a log, counts, and the answer's headers.
"""

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, request, session
from flask_wtf import CSRFProtect

from portal.platform.kernel import clock
from portal.platform.kernel.audit_chain import ADVISORY_LOCK_ID
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.tokens import token_hash

PLACE = """
SELECT o.id, o.last_seen_at, p.id AS person, p.name, p.locale, p.time_zone, r.scope_id, r.role,
 d.id AS place, d.scope_id AS scope, d.page, d.comment_count, s.kind, s.parent_id AS around
FROM open_session o JOIN person p ON p.id = o.person_id
JOIN role_assignment r ON r.person_id = p.id
JOIN discussion d ON d.id = :place JOIN scope s ON s.id = d.scope_id
WHERE o.token_hash = :token AND o.ended_at IS NULL"""
ROWS = (
    "INSERT INTO submission (id, created_at, person_id, form, key, location)"
    " VALUES (:submission, :at, :person, :path, :key, :page)",
    "INSERT INTO thread (id, created_at, discussion_id) VALUES (:thread, :at, :place)",
    "INSERT INTO comment (id, created_at, version, thread_id, discussion_id, author_id, body)"
    " VALUES (:comment, :at, 1, :thread, :place, :person, :body)",
    "UPDATE discussion SET comment_count = comment_count + 1, last_comment_at = :at WHERE id = :place",
    "INSERT INTO audit_event (id, created_at, actor_id, action, subject, subject_id, scope_id,"
    " facts, before, after) VALUES (:event, :at, :person, 'comment.started', 'comment', :comment,"
    " :scope, :facts, '{}', '{}')",
)
NEWS = (
    "INSERT INTO notification (person_id, fact_id, created_at, kind, action, scope_id, around_id,"
    " subject, subject_id, group_id, actor_id, facts, due_at, in_digest) SELECT DISTINCT"
    " r.person_id, CAST(:event AS {id}), CAST(:at AS {at}), 'commented', 'comment.started',"
    " r.scope_id, CAST(:around AS {id}), 'comment', CAST(:comment AS {id}), CAST(:thread AS {id}),"
    " CAST(:person AS {id}), {facts}, CAST(:at AS {at}), {no}"
    " FROM role_assignment r WHERE r.scope_id = :scope AND r.person_id <> :person"
)
WORDS = {  # of each engine
    "sqlite": {"id": "TEXT", "at": "TEXT", "facts": ":facts", "no": "0"},
    "postgresql": {
        "id": "uuid",
        "at": "timestamptz",
        "facts": "CAST(:facts AS jsonb)",  # DISTINCT compares
        "no": "false",
    },
}
TURN = f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK_ID})"  # a writer of SQLite is alone already
BEFORE = "SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1"
SEAL = "INSERT INTO audit_seal (number, event_id, hash) VALUES (:number, :event, :hash)"


def serve_comments(app: Flask, engine: sa.Engine, secret_key: str) -> None:
    app.config.update(SECRET_KEY=secret_key, SESSION_COOKIE_NAME="portal", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    dialect = engine.dialect.name
    place, before, seal = sa.text(PLACE), sa.text(BEFORE), sa.text(SEAL)
    news = sa.text(NEWS.format(**WORDS[dialect]))
    rows = [*map(sa.text, ROWS), news]
    turn = sa.text(TURN) if dialect == "postgresql" else None

    @app.post("/comments/<uuid:discussion>")
    def comment(discussion: Any) -> Response:
        asked = {"place": discussion.hex, "token": token_hash(session["_user_id"])}
        with engine.begin() as connection:
            found = connection.execute(place, asked).all()[0]
            row = describe_row(found, dialect) | {
                "place": discussion.hex,
                "body": request.form["body"],
                "key": request.form["key"],
            }
            for each in rows:
                connection.execute(each, row)
            if turn is not None:
                connection.execute(turn)
            number, last = connection.execute(before).one()
            connection.execute(seal, seal_row(row, number, last))
        return Response(status=303, headers={"Location": found.page})


def describe_row(found: Any, dialect: str) -> dict[str, Any]:
    now = clock.now()
    at = now if dialect == "postgresql" else now.strftime("%Y-%m-%d %H:%M:%S.%f")
    made = {name: new_id().hex for name in ("comment", "thread", "event", "submission")}
    facts = json.dumps({"page": found.page})
    known = {
        name: getattr(found, name) for name in ("person", "scope", "around", "page") if hasattr(found, name)
    }
    return {"at": at, "facts": facts, "path": request.path} | made | known


def seal_row(row: dict[str, Any], number: int, last: str) -> dict[str, Any]:
    text = json.dumps({name: str(value) for name, value in row.items()}, sort_keys=True)
    digest = sha256(f"{last}{text}".encode()).hexdigest()
    return {"number": number + 1, "event": row["event"], "hash": digest}
