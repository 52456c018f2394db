"""The floor: what Flask, its database layer and Jinja cost when they do nothing but that.

No sign-in, no session, no forms, no translations, no policy: one query of the rows a page shows and
a bare template of as many rows; for a comment, one insert and its commit, as durable as ours.
"""

import os

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
SELECT p.slug, p.organisation, p.title_fr, s.number, s.goal, s.ends_on, s.summary, s.outcome
FROM project p JOIN sprint s ON s.project_id = p.id AND s.number = :sprint
ORDER BY p.slug LIMIT 25"""
PROJECT = "SELECT * FROM project WHERE slug = :slug"
SPRINT = """
SELECT c.id, c.body, c.created_at, a.name FROM sprint s
JOIN project p ON p.id = s.project_id JOIN comment c ON c.discussion_id = s.discussion_id
JOIN person a ON a.id = c.author_id
WHERE p.slug = :slug AND s.number = :sprint ORDER BY c.created_at"""
TABLE = """
CREATE TABLE IF NOT EXISTS floor_comment
(id CHAR(32) PRIMARY KEY, author CHAR(32), body TEXT NOT NULL, created_at VARCHAR(40) NOT NULL)"""
COMMENT = "INSERT INTO floor_comment VALUES (:id, :author, :body, :at)"


def create_app() -> Flask:
    app = Flask("floor")
    chosen = settings.load(os.environ)
    engine = sa.create_engine(chosen.database_url, **engines.options(chosen))
    if chosen.is_sqlite:

        @sa.event.listens_for(engine, "connect")
        def durable(connection, _record) -> None:
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        connection.execute(sa.text(TABLE))
    page = app.jinja_env.from_string(PAGE)  # compiled once, as a file would be

    def show(title: str, query: str, **given: object) -> str:
        with engine.connect() as connection:
            rows = connection.execute(sa.text(query), given).all()
        return page.render(title=title, rows=rows)

    @app.get("/portfolio")
    def portfolio() -> str:
        return show("Portefeuille", PORTFOLIO, sprint=request.args.get("sprint", 1, type=int))

    @app.get("/projects/<slug>")
    def project(slug: str) -> str:
        return show("Projet", PROJECT, slug=slug)

    @app.get("/projects/<slug>/sprints/<int:number>")
    def sprint(slug: str, number: int) -> str:
        return show("Sprint", SPRINT, slug=slug, sprint=number)

    @app.post("/comments")
    def comment() -> Response:
        with engine.begin() as connection:
            row = {"id": new_id().hex, "author": "a" * 32, "body": request.form["body"]}
            connection.execute(sa.text(COMMENT), row | {"at": clock.now().isoformat()})
        return Response(status=303, headers={"Location": "/"})

    @app.get("/nothing")
    def nothing() -> str:
        return "nothing"

    return app


app = create_app() if os.environ.get("FLOOR") else None
