"""A page of a project does not tell again what another one tells (DDTM 34 of the demonstration)."""

import sqlalchemy as sa
from bs4 import BeautifulSoup

from portal.app.application.features import PLACES
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db

PROJECT = "/projects/ddtm-34"
REPEATED_MAX = 0.2
TEXT_MIN, LINES_MIN = 12, 12  # characters of a line that tells something; lines of a page that does


def pages_of_a_project(app) -> list[str]:
    """Addresses of the pages that need only the project's name, without forms in place and redirects."""
    return [
        rule.rule.replace("/projects/<slug>", PROJECT)
        for rule in app.url_map.iter_rules()
        if rule.arguments == {"slug"}
        and rule.rule.startswith("/projects/<slug>")
        and "GET" in (rule.methods or ())
        and rule.endpoint not in PLACES
    ]


def lines_of(page: BeautifulSoup, people: set[str]) -> list[str]:
    """What a page tells: its lines without forms, names of people and links (what others are called)."""
    main = page.select_one("main")
    for tag in main.select("a, form, nav, svg, template"):
        tag.decompose()
    lines = (" ".join(line.split()) for line in main.get_text("\n").replace("\xa0", " ").split("\n"))
    return [line for line in lines if len(line) >= TEXT_MIN and not any(name in line for name in people)]


def test_pages_of_a_project_do_not_repeat_each_other(told, tell):
    people = set(db.session.scalars(sa.select(Person.name)))
    lead = db.session.scalars(sa.select(Person).filter_by(email="porteur@demo.example")).one()
    client = told.test_client()
    token = accounts.open_session(lead).token
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
    pages = {}
    for address in pages_of_a_project(told):
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            pages[address] = lines_of(BeautifulSoup(answer.text, "lxml"), people)
    telling = {address: lines for address, lines in pages.items() if len(lines) >= LINES_MIN}
    assert len(telling) > 15
    repeated = {
        (page, other): sum(line in pages[other] for line in lines) / len(lines)
        for page, lines in telling.items()
        for other in pages
        if other != page
    }
    tell("repetition", pages=len(telling), highest_share=round(max(repeated.values()), 2))
    assert {pair: share for pair, share in repeated.items() if share > REPEATED_MAX} == {}
