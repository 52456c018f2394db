"""What a list of items and a comment by the API cost a bare Flask application.

What none could leave out: who stands behind the token, by one query; the count of the token's
requests in a transaction of its own, as durable as ours; one query of the rows and their JSON; for
the comment, one query of where, and the rows that `floor_comment` inserts, but for the form's.

It does without scopes, policy, schemas, cursors, versions, translations, a log, and the headers.
"""

import json
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, request

from bench.floor_comment import BEFORE, NEWS, ROWS, SEAL, TURN, WORDS, describe_row, seal_row
from portal.platform.kernel.tokens import token_hash

BEARER = """
SELECT t.id, t.can_write, t.areas, p.id AS person, p.name, p.locale, r.scope_id, r.role
FROM api_token t JOIN person p ON p.id = t.person_id JOIN role_assignment r ON r.person_id = p.id
WHERE t.token_hash = :token AND t.revoked_at IS NULL AND p.disabled_at IS NULL"""
COUNT = """
INSERT INTO attempt_count (key_hash, attempts, ends_at) VALUES (:token, 1, CURRENT_TIMESTAMP)
ON CONFLICT (key_hash) DO UPDATE SET attempts = attempt_count.attempts + 1"""
ITEMS = """
SELECT i.number, i.version, i.title, i.kind, i.points, i.state, a.name, s.number AS sprint,
 d.comment_count
FROM item i JOIN project p ON p.id = i.project_id JOIN discussion d ON d.id = i.discussion_id
LEFT JOIN person a ON a.id = i.assignee_id LEFT JOIN sprint s ON s.id = i.iteration_id
WHERE p.slug = :slug AND i.gone_at IS NULL AND i.state = 'done' ORDER BY i.rank LIMIT 100"""
PLACE = """
SELECT d.id AS place, d.scope_id AS scope, d.page, s.parent_id AS around
FROM discussion d JOIN scope s ON s.id = d.scope_id WHERE d.id = :place"""


def serve_api(app: Flask, engine: sa.Engine) -> None:
    dialect = engine.dialect.name
    bearer, count, items, place = (sa.text(each) for each in (BEARER, COUNT, ITEMS, PLACE))
    rows = [*map(sa.text, ROWS[1:]), sa.text(NEWS.format(**WORDS[dialect]))]
    before, seal, turn = sa.text(BEFORE), sa.text(SEAL), sa.text(TURN)

    def identify() -> Any:
        token = token_hash(request.headers["Authorization"].removeprefix("Bearer "))
        with engine.connect() as connection:
            found = connection.execute(bearer, {"token": token}).all()[0]
        with engine.begin() as connection:
            connection.execute(count, {"token": token})
        return found

    @app.get("/api/items/<slug>")
    def list_items(slug: str) -> Response:
        identify()
        with engine.connect() as connection:
            found = connection.execute(items, {"slug": slug}).mappings().all()
        return Response(json.dumps([dict(row) for row in found]), mimetype="application/json")

    @app.post("/api/comments/<uuid:discussion>")
    def add_comment(discussion: Any) -> Response:
        person, body = identify(), json.loads(request.get_data())["body"]
        with engine.begin() as connection:
            where = connection.execute(place, {"place": discussion.hex}).one()
            known = {"place": discussion.hex, "body": body, "person": person.person}
            row = describe_row(where, dialect) | known | {"around": where.around}
            for each in rows:
                connection.execute(each, row)
            if dialect == "postgresql":
                connection.execute(turn)
            connection.execute(seal, seal_row(row, *connection.execute(before).one()))
        return Response(json.dumps({"id": row["comment"]}), 201, mimetype="application/json")

    app.extensions["csrf"].exempt(add_comment)  # no cookie counts here
