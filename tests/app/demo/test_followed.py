"""In the demonstration, who is followed is one word on tile, row, filter and page of health."""

import re

import pytest
from sqlalchemy import select

from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support.browser import Browser, words_of


@pytest.fixture
def lead(told):
    person = db.session.scalars(select(Person).where(Person.email == "direction@demo.example")).one()
    client = told.test_client()
    token = accounts.open_session(person).token
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return Browser(client)


def list_followed_words(page):
    """The slug of each row of the portfolio that says whether it is followed, and whether it is."""
    rows = page.select("tbody[id^=team-]")
    words = {row["id"].removeprefix("team-"): words_of(row.select_one(".x-health")).split() for row in rows}
    return {slug: "non" not in each[: each.index("suivi")] for slug, each in words.items() if "suivi" in each}


@pytest.mark.parametrize("programme", ["ami-ia-2018", "ami-ia-2019", "atelier-imaginaire"])
def test_tile_rows_filter_and_page_of_health_agree(lead, programme):
    url = f"/portfolio?programme={programme}"
    page = lead.visit(url)
    words = list_followed_words(page)
    not_followed = {slug for slug, is_followed in words.items() if not is_followed}
    numbers = [
        int(re.search(r"\d+", words_of(tag)).group()) for tag in page.select('.tile a[href*="charge=new"]')
    ]
    assert numbers == ([len(not_followed)] if not_followed else [])
    assert set(list_followed_words(lead.visit(f"{url}&charge=new"))) == not_followed
    assert set(list_followed_words(lead.visit(f"{url}&charge=in_charge"))) == words.keys() - not_followed
    for slug, is_followed in words.items():
        badges = [words_of(tag) for tag in lead.visit(f"/projects/{slug}/health").select("main .fr-badge")]
        said = [badge for badge in badges if badge in ("Suivi", "Non suivi")]
        assert said in ([], ["Suivi" if is_followed else "Non suivi"]), slug
