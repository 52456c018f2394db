"""A round's page is read and drawn once for readers with the same rights, until something changes."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of

ROUND = "/projects/heron/tests/1"
TASK = {"title": "Trouver", "instruction": "Trouvez la lettre.", "success": "Elle est là."}


@pytest.fixture
def colleague(browser_for, project):
    return browser_for(make.holder(Role.TEAM_MEMBER, project))


def test_a_second_reader_gets_the_same_page_with_tokens_of_their_own(
    browser, browser_for, colleague, project, statements
):
    tests.planned(project)
    browser.submit(f"{ROUND}/tasks/new", **TASK)
    clear_cached_answers()
    statements.clear()
    first = browser.visit(ROUND)
    cost_of_first = len(statements)
    statements.clear()
    second = colleague.visit(ROUND)
    assert len(statements) < cost_of_first - 5
    assert words_of(first.main) == words_of(second.main)
    tokens = [{field["value"] for field in page.select("main [name=csrf_token]")} for page in (first, second)]
    assert len(tokens[0]) == len(tokens[1]) == 1
    assert tokens[0] != tokens[1]
    browser_for(make.person()).visit(ROUND, expect=404)


def test_a_reader_with_other_rights_and_one_of_another_language_get_their_own(browser, browser_for, project):
    tests.planned(project)
    coach, reader = make.holder(Role.COACH, project), make.holder(Role.TEAM_MEMBER, project)
    reader.locale = "en"
    db.session.commit()
    browser.submit(f"{ROUND}/tasks/new", **TASK)
    assert browser.visit(ROUND).find("a", string="Nouvelle séance")
    assert not browser_for(coach).visit(ROUND).find("a", string="Nouvelle séance")
    assert "Nouvelle séance" not in words_of(browser_for(reader).visit(ROUND).main)


def test_a_change_is_seen_at_once_by_all(browser, colleague, project):
    tests.planned(project)
    for number, title in enumerate(("Trouver", "Lire"), start=1):
        browser.submit(f"{ROUND}/tasks/new", **TASK | {"title": title})
        for reader in (browser, colleague):
            assert f"T{number}. {title}" in words_of(reader.visit(ROUND).main).replace("\xa0", " ")
