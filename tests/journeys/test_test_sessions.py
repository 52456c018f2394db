"""Browser test: a test session on a phone; the participant answers and then withdraws consent."""

import pytest
from playwright.sync_api import expect

from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import user_tests

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def types_without_a_network(agent):
    """Offline, the page says so, keeps typed text, and saves it once the network is back."""
    whole = agent.page.locator("#s")
    with agent.watch.offline():
        whole.get_by_label("Notes").fill("Dans le métro.")
        expect(whole.locator("[data-told]")).to_contain_text("la connexion est coupée")
        expect(whole.get_by_label("Notes")).to_have_value("Dans le métro.")
    expect(whole.locator("[data-told]")).to_have_text("Enregistré")


def types_beside_another(agent, other, team):
    """Two observers see each other's notes; a closed window and a conflict lose no text."""
    other.enter(team.second_agent, f"/projects/{team.slug}/tests/sessions/1")
    expect(other.page.locator("#s").get_by_label("Notes")).to_have_value("Dans le métro.")
    mine, theirs = agent.page.locator("#t2"), other.page.locator("#t2")
    theirs.get_by_label("Notes").focus()  # while somebody types, nothing changes under them
    mine.get_by_label("Notes").fill("Lit à voix haute.")
    expect(mine.locator("[data-told]")).to_have_text("Enregistré")
    other.watch.expect(409)
    theirs.get_by_label("Notes").fill("Soupire.")
    expect(theirs.locator(".two-texts")).to_contain_text("Lit à voix haute.")
    with other.page.expect_response(lambda answer: answer.request.method == "POST") as typed_on:
        theirs.locator("textarea").fill("Soupire encore.")
    assert typed_on.value.status == 409  # only a button replaces what somebody else wrote
    expect(theirs.locator(".two-texts")).to_contain_text("Soupire encore.")
    expect(theirs.locator(".two-texts")).to_contain_text("Lit à voix haute.")
    with other.page.expect_response(lambda answer: answer.request.method == "POST"):
        theirs.locator("textarea").fill("Soupire.")
    expect(theirs.locator(".two-texts")).not_to_contain_text("encore")
    address = other.page.url
    for _again in range(2):  # nor does the end of the session
        other.page.get_by_role("button", name="Terminer la séance").click()
        expect(theirs.get_by_role("button", name="Garder le mien")).to_be_focused()
    assert other.page.url == address
    expect(theirs.locator(".two-texts")).to_contain_text("Lit à voix haute.")
    other.finds_no_fault()
    with other.page.expect_response(lambda answer: answer.request.method == "POST") as kept:
        theirs.get_by_role("button", name="Garder le mien").click()
    assert kept.value.ok
    types_over_and_takes_the_stored_text(agent, other)
    other.page.close()  # a laptop that is shut
    agent.page.locator("h1").click()
    expect(mine.get_by_label("Notes")).to_have_value("Soupire.")


def types_over_and_takes_the_stored_text(agent, other):
    """Who takes the text of another keeps what was typed just before in another field."""
    mine, theirs = agent.page.locator("#t2"), other.page.locator("#t2")
    agent.page.locator("h1").click()
    expect(mine.get_by_label("Notes")).to_have_value("Soupire.")
    theirs.locator("textarea").focus()
    mine.get_by_label("Notes").fill("Soupire beaucoup.")
    expect(mine.locator("[data-told]")).to_have_text("Enregistré")
    theirs.locator("textarea").fill("Sourit.")
    expect(theirs.locator(".two-texts")).to_contain_text("Soupire beaucoup.")
    theirs.locator("#t2-slips").fill("2")
    theirs.get_by_role("button", name="Garder le texte enregistré").click()
    expect(theirs.locator("textarea")).to_have_value("Soupire beaucoup.")
    expect(theirs.locator("#t2-slips")).to_have_value("2")
    theirs.locator("textarea").fill("Soupire.")
    expect(theirs.locator("[data-told]")).to_have_text("Enregistré")


def taps_and_leaves(agent):
    """What is tapped while an earlier save is under way is kept, though the page is left at once."""
    page, task, held = agent.page, agent.page.locator("#t2"), []

    def hold_the_first_save(route):
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    address, kept = page.url, task.locator("fieldset.tap").nth(1).locator("label").nth(3)
    page.route("**/sessions/1", hold_the_first_save)
    task.locator(".tap__one", has_text="Réussie").first.click()
    kept.click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.evaluate(
            """Object.defineProperty(document, "visibilityState", {value: "hidden"});
            document.dispatchEvent(new Event("visibilitychange"))"""
        )
    agent.watch.expect(503)
    held[0].fulfill(status=503)
    page.unroute("**/sessions/1")
    page.goto(address)
    expect(kept.locator("input")).to_be_checked()
    expect(task.get_by_label("Réussie", exact=True)).to_be_checked()


def test_a_session_is_run_answered_and_taken_back(visitor, portal, team, width, script):
    with portal.app.app_context():
        user_tests.planned(db.session.query(Project).filter_by(slug=team.slug).one())
    round_ = f"/projects/{team.slug}/tests/1"
    agent = visitor(width, script=script)
    agent.enter(team.agent, round_)
    agent.follow("Nouvelle séance")
    agent.press("Donner un code")
    agent.sees("Écrivez le code P1 sur la feuille")
    agent.finds_no_fault()
    agent.press("La personne est d’accord")
    agent.finds_no_fault()

    first = agent.page.locator("#t1")
    first.locator(".tap__one", has_text="Réussie").first.click()
    first.get_by_role("button", name="Chronométrer").click()
    expect(first.locator("[data-clock]")).to_be_visible()
    agent.page.wait_for_load_state()
    agent.page.reload()
    expect(first.locator("[data-clock]")).to_be_visible()
    expect(first.get_by_label("Réussie", exact=True)).to_be_checked()
    first.get_by_role("button", name="Arrêter").click()
    expect(first.locator("#t1-seconds")).not_to_have_value("")
    first.get_by_label("Notes").fill("Hésite devant la légende.")
    if script:
        expect(first.locator("[data-told]")).to_have_text("Enregistré")
        types_without_a_network(agent)
        types_beside_another(agent, visitor(width), team)
        taps_and_leaves(agent)
    else:
        agent.press("Enregistrer")
    agent.page.wait_for_load_state()
    agent.page.reload()
    expect(first.get_by_label("Notes")).to_have_value("Hésite devant la légende.")

    agent.follow("La faire répondre seule")
    agent.press("Donner un lien")
    agent.finds_no_fault()
    link = agent.page.locator(".code__address").get_attribute("href")
    phone = visitor(320, script=False)
    phone.page.goto(link)
    for asked in phone.page.locator("fieldset.tap").all():
        asked.locator("label").nth(3).click()
    phone.press("Envoyer mes réponses")
    phone.sees("Merci, vos réponses sont enregistrées")

    agent.follow("Revenir à la séance")
    agent.sees("La personne a répondu elle-même")
    agent.press("Terminer la séance")
    agent.go(round_)
    agent.sees("1 sur 1 réussit la tâche principale sans aide")
    agent.page.locator("#numbers > summary").click()
    agent.sees("La seule personne qui a essayé a réussi")
    agent.page.locator("#sessions > summary").click()
    agent.finds_no_fault()
    agent.follow("P1")
    agent.follow("Supprimer la séance P1")
    agent.press("Supprimer définitivement")
    agent.sees("Personne n’a encore essayé.")


def test_the_parts_of_a_running_session_are_whole_on_a_phone(visitor, portal, team):
    with portal.app.app_context():
        planned = user_tests.planned(db.session.query(Project).filter_by(slug=team.slug).one())
        for number in (3, 4):
            user_tests.task(planned, number)
    agent = visitor(375)
    agent.enter(team.agent, f"/projects/{team.slug}/tests/1")
    agent.follow("Nouvelle séance")
    agent.press("Donner un code")
    agent.press("La personne est d’accord")
    parts = agent.page.locator("nav.parts")
    assert [words.split()[0] for words in parts.locator("a").all_inner_texts()] == [
        "T1",
        "T2",
        "T3",
        "T4",
        "Fin",
    ]
    assert parts.evaluate("(nav) => nav.scrollWidth <= nav.clientWidth")
    agent.finds_no_fault()
