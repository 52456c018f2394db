"""The floor: what Flask, its database layer and Jinja cost when they do nothing but that.

No sign-in, no session, no forms, no translations, no policy: one query of the rows a page shows,
all their values, and a bare template of as many rows. What a comment costs is in `floor_comment`.
"""

import os

import sqlalchemy as sa
from flask import Flask

from bench.floor_api import serve_api
from bench.floor_comment import serve_comments
from portal.platform.kernel import engines, settings

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
TO_DECIDE = """
SELECT p.slug, p.organisation, p.acronym, d.number, d.question, d.created_at, d.due_on, d.addressee,
 d.version, o.name
FROM awaited_decision d JOIN project p ON p.id = d.project_id LEFT JOIN person o ON o.id = d.owner_id
WHERE d.closed_at IS NULL ORDER BY d.created_at LIMIT 20"""
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
SELECT e.number, e.created_at, e.item_id, e.state, e.points, e.is_dropped
FROM item_event e JOIN project p ON p.id = e.project_id
WHERE p.slug = :slug AND e.number > (SELECT MAX(event_number) FROM snapshot b
 JOIN sprint s ON s.id = b.iteration_id WHERE s.project_id = p.id AND b.moment = 'start')
ORDER BY e.number"""


def create_app() -> Flask:
    chosen = settings.load_settings(os.environ)
    app, engine = Flask("floor"), _engine(chosen)
    page = app.jinja_env.from_string(PAGE)  # compiled once, as a file would be
    serve_comments(app, engine, chosen.secret_key)
    serve_api(app, engine)

    def show(title: str, *queries: str, **given: object) -> str:
        with engine.connect() as connection:
            found = [connection.execute(sa.text(query), given).all() for query in queries]
        return page.render(title=title, rows=[row for rows in found for row in rows])

    @app.get("/portfolio")
    def portfolio() -> str:
        return show("Portefeuille", PORTFOLIO)

    @app.get("/to-decide")
    def to_decide() -> str:
        return show("À décider", TO_DECIDE)

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

    @app.get("/nothing")
    def nothing() -> str:
        return "nothing"

    return app


def _engine(chosen: settings.Settings) -> sa.Engine:
    engine = sa.create_engine(chosen.database_url, **engines.engine_options(chosen))
    if chosen.is_sqlite:

        @sa.event.listens_for(engine, "connect")
        def durable(connection, _record) -> None:
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


app = create_app() if os.environ.get("FLOOR") else None
