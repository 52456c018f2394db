"""The page of a stopped project: nothing of it goes on."""

from datetime import timedelta

from portal.app.home import facts
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.to_decide_queries import clear_waiting_cache
from portal.sprints.backlog.flow_rules import ItemState
from tests.support import ceremonies, decisions
from tests.support import factories as make
from tests.support.browser import words_of


def test_nothing_of_a_stopped_project_goes_on_on_its_page(browser_for, begun, member):
    late = clock.today() - timedelta(days=3)
    told = ceremonies.retrospective(begun, make.closed_sprint(begun, number=2))
    ceremonies.action(begun, told, member, due_on=late)
    sprint = make.active_sprint(begun, number=3, ends_on=clock.today() + timedelta(days=9))
    make.item(begun, sprint, state=ItemState.BLOCKED, block_reason="Pas d’accès")
    decisions.decision(begun, member, question="Qui héberge ?", due_on=late)
    lead, coach = make.role(begun.programme_id, Role.PROGRAMME_LEAD), make.holder(Role.COACH, begun)
    assert "Qui héberge ?" in words_of(browser_for(lead).visit("/to-decide").main)
    begun.stopped_on, begun.stop_reason, begun.learnings = clock.today(), "r", "l"
    db.session.commit()
    facts.clear_cache()
    clear_waiting_cache()
    for reader in (member, lead, coach):
        page = browser_for(reader).visit("/projects/acoss")
        words = words_of(page.main)
        assert words_of(page.select_one("#yours")) == "À vous : rien n’attend"
        assert "Sprint 3 : interrompu" in words
        for gone in (
            "En retard",
            "Le reste de ce qui attend",
            "Prochain jalon",
            "restants",
            "Bloqué :",
            "Qui héberge",
        ):
            assert gone not in words, gone
        assert not page.select(".fr-btn[href*=sprints], .fr-btn[href*=prepare]")
    assert "Qui héberge ?" not in words_of(browser_for(lead).visit("/to-decide").main)
    assert "Préparer" not in words_of(browser_for(coach).visit("/projects/acoss/coaching").main)
    running = words_of(browser_for(member).visit("/projects/acoss/sprints/3").main)
    assert "Sprint 3 : interrompu" in running
