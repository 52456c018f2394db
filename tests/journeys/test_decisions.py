"""Browser test: a team asks, a lead answers and holds a committee, the team reads at once."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = 1280, 375
FIRST, SECOND = "Ouvrir le réseau pour les vingt sources", "Prolonger le prêt de la machine"


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, False)])
def test_a_lead_decides_in_place_and_the_team_reads_it(visitor, team, width, script):
    agent, lead = visitor(PHONE), visitor(width, script=script)
    agent.enter(team.agent)
    for question in (FIRST, SECOND):
        agent.go(f"/projects/{team.slug}/decisions/new")
        agent.fill("Ce qui est à décider", question)
        agent.press("Demander")
    agent.finds_no_fault()

    lead.enter(team.leads)
    lead.navigate("À décider (2)")
    lead.finds_no_fault()
    if script:  # both at once: what the first one typed stays, and the second one says that it was not sent
        lead.watch.expect(422)
        lead.page.evaluate(
            "const area = document.querySelector('.todo textarea'); area.value = 'Peut-être.';"
            "const takes = document.querySelectorAll(`form[action*='/take']`);"
            "area.form.requestSubmit(); takes[takes.length - 1].requestSubmit()"
        )
        lead.page.locator("[data-form-refused] .request-error").wait_for()
        assert lead.page.locator("[data-form-refused] textarea").first.input_value() == "Peut-être."
        lead.go("/to-decide")
    if script:  # both at once: each row shows its result
        lead.page.evaluate(
            "for (const form of document.querySelectorAll(`form[action*='/take']`)) form.requestSubmit()"
        )
        lead.page.locator(".todo .whose--you").nth(1).wait_for()
        lead.finds_no_fault()
    for text in ("Oui, dès lundi.", "Pas cette année."):
        lead.click(lead.page.locator(".todo summary").first)
        lead.finds_no_fault()
        line = lead.page.locator(".todo > li", has_text="Répondre").first
        lead.fill("Votre réponse", text, within=line)
        lead.press("Accorder", within=line)
        lead.sees("Réponse envoyée")
    lead.sees("Rien n’attend")
    lead.go("/to-decide?show=done")
    lead.sees("Pas cette année.")
    lead.finds_no_fault()

    agent.go(f"/projects/{team.slug}/decisions")
    agent.follow(FIRST)
    agent.press("Nous avons lu la réponse")
    agent.sees("L’équipe a lu la réponse")
    agent.finds_no_fault()
