"""The floor: what Flask, its database layer and Jinja cost when they do nothing but that.

No sign-in, no session, no forms, no translations, no policy: one query of the rows a page shows,
all their values, and a bare template of as many rows. For a comment, one query of the rows that it
starts from (who is writing, with their roles, and the place they write in), the rows that it leaves
(itself, its thread, its discussion's count, the line of the trail and its seal, the form's key,
news for each person of the project) and one commit, as durable as ours.
"""

import json
import os
from hashlib import sha256

import sqlalchemy as sa
from flask import Flask, Response, request

from portal.kernel import clock, engines, settings
from portal.kernel.ids import new_id

PAGE = """<!doctype html><html lang="fr"><head><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>
<table>
{%- for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{%- endfor %}
</table></body></html>"""

PORTFOLIO = """
SELECT p.slug, p.organisation, p.acronym, p.title_fr, p.title_en, p.starts_on, p.stop_reason,
 f.state, f.silent_since, f.missed_in_a_row, r.number, r.goal, r.ends_on,
 s.number, s.outcome, s.summary, s.outlook, s.outlook_note, s.blocker, s.blocker_text,
 s.help_wanted, s.decision_awaited
FROM project_figures f JOIN project p ON p.id = f.project_id
LEFT JOIN sprint r ON r.project_id = p.id AND r.number = f.running_number
LEFT JOIN sprint s ON s.project_id = p.id AND s.number = f.last_number
ORDER BY f.silent_since LIMIT 25"""
PROJECT = "SELECT * FROM project WHERE slug = :slug"
SPRINT = """
SELECT c.id, c.body, c.created_at, a.name FROM sprint s
JOIN project p ON p.id = s.project_id JOIN comment c ON c.discussion_id = s.discussion_id
JOIN person a ON a.id = c.author_id
WHERE p.slug = :slug AND s.number = :sprint ORDER BY c.created_at"""
BOARD = """
SELECT i.number, i.version, i.title, i.kind, i.points, i.state, i.block_reason, a.name,
 d.comment_count, s.number, s.goal, s.ends_on
FROM sprint s JOIN project p ON p.id = s.project_id JOIN item i ON i.iteration_id = s.id
JOIN discussion d ON d.id = i.discussion_id LEFT JOIN person a ON a.id = i.assignee_id
WHERE p.slug = :slug AND s.started_at IS NOT NULL AND s.closed_at IS NULL AND i.gone_at IS NULL
ORDER BY i.rank"""
FIGURES = """
SELECT s.number, s.starts_on, s.ends_on, s.started_at, s.closed_at, b.event_number, b.items,
 b.points, b.to_do, b.doing, b.blocked, b.done, c.event_number, c.items, c.points, c.done_items,
 c.done_points, c.finished_items, c.finished_points, c.cycle_days,
 c.to_do, c.doing, c.blocked, c.done
FROM sprint s JOIN project p ON p.id = s.project_id
LEFT JOIN snapshot b ON b.iteration_id = s.id AND b.moment = 'start'
LEFT JOIN snapshot c ON c.iteration_id = s.id AND c.moment = 'close'
WHERE p.slug = :slug AND s.started_at IS NOT NULL ORDER BY s.starts_on DESC LIMIT 20"""
BURNDOWN = """
SELECT e.number, e.created_at, e.item_id, e.state, e.points, e.gone
FROM item_event e JOIN project p ON p.id = e.project_id
WHERE p.slug = :slug AND e.number > (SELECT MAX(event_number) FROM snapshot b
 JOIN sprint s ON s.id = b.iteration_id WHERE s.project_id = p.id AND b.moment = 'start')
ORDER BY e.number"""
PLACE = """
SELECT o.id, o.last_seen_at, p.id, p.name, p.locale, p.time_zone, r.scope_id, r.role,
 d.id, d.scope_id, d.page, d.comment_count, s.kind, s.parent_id
FROM open_session o JOIN person p ON p.id = o.person_id
JOIN role_assignment r ON r.person_id = p.id
JOIN discussion d ON d.id = :place JOIN scope s ON s.id = d.scope_id
WHERE o.token_hash = :token AND o.ended_at IS NULL"""
TABLES = (
    "CREATE TABLE IF NOT EXISTS floor_thread (id CHAR(32) PRIMARY KEY, author CHAR(32),"
    " at VARCHAR(40))",
    "CREATE TABLE IF NOT EXISTS floor_comment (id CHAR(32) PRIMARY KEY, thread CHAR(32),"
    " author CHAR(32), body TEXT NOT NULL, at VARCHAR(40) NOT NULL)",
    "CREATE TABLE IF NOT EXISTS floor_talk (id INTEGER PRIMARY KEY, comments INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS floor_event (id CHAR(32) PRIMARY KEY, actor CHAR(32),"
    " action VARCHAR(64), subject CHAR(32), facts TEXT, at VARCHAR(40) NOT NULL)",
    "CREATE TABLE IF NOT EXISTS floor_news (person VARCHAR(36), event CHAR(32), at VARCHAR(40),"
    " PRIMARY KEY (person, event))",
    "CREATE TABLE IF NOT EXISTS floor_seal (event CHAR(32) PRIMARY KEY, hash CHAR(64) NOT NULL)",
    "CREATE TABLE IF NOT EXISTS floor_key (form_key VARCHAR(64) PRIMARY KEY, seen_at VARCHAR(200))",
)
TALKS = 400  # places to talk in, so that writers seldom meet
A_TALK = "INSERT INTO floor_talk VALUES (:id, 0) ON CONFLICT DO NOTHING"
COMMENT = (
    "INSERT INTO floor_key VALUES (:key, :path)",
    "INSERT INTO floor_thread VALUES (:thread, :author, :at)",
    "INSERT INTO floor_comment VALUES (:id, :thread, :author, :body, :at)",
    "UPDATE floor_talk SET comments = comments + 1 WHERE id = :talk",
    "INSERT INTO floor_event VALUES (:event, :author, 'comment.started', :id, :facts, :at)",
    "INSERT INTO floor_news SELECT DISTINCT CAST(r.person_id AS VARCHAR(36)), :event, :at"
    " FROM role_assignment r JOIN discussion d ON d.scope_id = r.scope_id WHERE d.id = :place",
    "INSERT INTO floor_seal VALUES (:event, :hash)",
)


def create_app() -> Flask:
    app, engine = Flask("floor"), _engine()
    page = app.jinja_env.from_string(PAGE)  # compiled once, as a file would be
    place, comment_rows = sa.text(PLACE), [sa.text(each) for each in COMMENT]

    def show(title: str, *queries: str, **given: object) -> str:
        with engine.connect() as connection:
            found = [connection.execute(sa.text(query), given).all() for query in queries]
        return page.render(title=title, rows=[row for rows in found for row in rows])

    @app.get("/portfolio")
    def portfolio() -> str:
        return show("Portefeuille", PORTFOLIO)

    @app.get("/projects/<slug>")
    def project(slug: str) -> str:
        return show("Projet", PROJECT, slug=slug)

    @app.get("/projects/<slug>/sprints/<int:number>")
    def sprint(slug: str, number: int) -> str:
        return show("Sprint", SPRINT, slug=slug, sprint=number)

    @app.get("/projects/<slug>/board")
    def board(slug: str) -> str:
        return show("Tableau", BOARD, slug=slug)

    @app.get("/projects/<slug>/figures")
    def figures(slug: str) -> str:
        return show("Chiffres", FIGURES, BURNDOWN, slug=slug)

    @app.post("/comments")
    def comment() -> Response:
        row = _row(request.form["body"]) | {"place": request.form["place"]}
        with engine.begin() as connection:
            connection.execute(place, request.form.to_dict()).all()
            for each in comment_rows:
                connection.execute(each, row)
        return Response(status=303, headers={"Location": "/"})

    @app.get("/nothing")
    def nothing() -> str:
        return "nothing"

    return app


def _engine() -> sa.Engine:
    chosen = settings.load(os.environ)
    engine = sa.create_engine(chosen.database_url, **engines.options(chosen))
    if chosen.is_sqlite:

        @sa.event.listens_for(engine, "connect")
        def durable(connection, _record) -> None:
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        for table in TABLES:
            connection.execute(sa.text(table))
        connection.execute(sa.text(A_TALK), [{"id": n} for n in range(TALKS)])
    engine.dispose()  # each worker opens its own
    return engine


def _row(body: str) -> dict[str, object]:
    """What is written of a comment, sealed as a line of the trail is."""
    made, at = new_id(), clock.now().isoformat()
    ids = {name: new_id().hex for name in ("thread", "event", "key")}
    fixed = {"author": "a" * 32, "talk": made.int % TALKS, "path": "/", "facts": "{}"}
    row = {"id": made.hex, "body": body, "at": at} | ids | fixed
    return row | {"hash": sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()}


app = create_app() if os.environ.get("FLOOR") else None
