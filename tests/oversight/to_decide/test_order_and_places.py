"""The order of what is to decide, and the place in it to which an act comes back."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import decisions as some
from tests.support import factories as make
from tests.support import rereviews
from tests.support.browser import words_of

URL = "/to-decide"
LINES = "#to-decide .todo > li"


def test_ones_own_comes_first_then_nobodys_then_what_others_have(browser_for, leading, project):
    others = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    for days, owner in ((30, others), (20, None), (10, leading), (9, leading)):
        asked_at = clock.now() - timedelta(days=days)
        some.decision(project, created_at=asked_at, owner_id=owner and owner.id)
    page = browser_for(leading).visit(URL)
    whose = [words_of(line.select_one(".whose")) for line in page.select(LINES)]
    assert whose == ["À vous", "À vous", "Sans responsable", others.name]
    days = [re.search(r"(\d+) jours", words_of(line))[1] for line in page.select(LINES)]
    assert days[:2] == ["10", "9"]
    assert "Ce qui est à vous, puis à personne, puis à d’autres" in words_of(
        page.select_one("#to-decide-head")
    )


def test_an_answer_names_the_team_where_its_line_was(direction, project, person):
    asked_at = [clock.now() - timedelta(days=9 - n) for n in range(4)]
    rows = [some.decision(project, person, created_at=moment) for moment in asked_at]
    form = direction.visit(URL).select(f"{LINES} form[action*='/answer']")[2]
    assert form["action"].endswith("&at=3")
    answered = {"outcome": "refused", "answer": "Non, pas cet été.", "version": "1"}
    page = direction.with_htmx().submit(form["action"], **answered)
    _first, _second, message, last = page.select(LINES)
    assert words_of(message) == f"Réponse envoyée à {project.short_name}."
    assert message.select_one("[data-focus]")
    assert last["id"].startswith(f"decisions-{rows[3].id.hex}-")
    sent = direction.open(f"{URL}/decisions/{rows[3].id}/answer?at=3", method="POST", data=answered)
    assert sent.location.endswith("at=3#place-3")
    assert not direction.visit(f"{URL}?at=x").select(f"{LINES} [data-focus]")


def test_a_page_where_a_line_is_settled_leads_back_to_its_place(direction, project):
    some.decision(project, created_at=clock.now() - timedelta(days=2))
    member = make.role(project.id, Role.TEAM_LEAD)
    rereviews.one_of_each(project, make.role(project.id, Role.ETHICS_REVIEWER), member)
    link = direction.visit(URL).select_one(f"{LINES} .todo__acts a[href*='return_to=']")
    place = link.find_parent("li").select_one("[id^=place-]")["id"]
    assert place != "place-1"
    assert parse_qs(urlsplit(link["href"]).query)["return_to"][0].endswith(f"#{place}")
