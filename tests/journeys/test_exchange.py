"""Browser test: import a GitLab export with errors, mapped states, confirmation, and again."""

import pytest

from portal.platform.kernel.database import db
from portal.sprints.backlog_import import jobs
from tests.sprints.backlog_import import files

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def worker_works(portal) -> None:
    with portal.app.app_context():
        jobs.run_due_backlog_imports()
        db.session.remove()
        db.engine.dispose()


def bring(agent, portal, slug: str, data: bytes) -> None:
    agent.go(f"/projects/{slug}/backlog/import")
    file = {"name": "gitlab.csv", "mimeType": "text/csv", "buffer": data}
    agent.page.get_by_label("Fichier CSV").set_input_files([file])  # type: ignore[list-item]
    agent.press("Comparer avec le carnet")
    agent.sees("Cela prend quelques secondes.")
    agent.finds_no_fault()
    follow_work(agent, portal)


def follow_work(agent, portal) -> None:
    """Wait for the worker; with scripts the page updates itself."""
    worker_works(portal)
    if not agent.script:
        agent.follow("Voir où en est l’import")


def test_a_backlog_comes_in_from_gitlab_and_again(visitor, portal, team, width, script):
    data = files.gitlab(
        files.issue(1, "Lire les scans", Weight="3", Labels="bug"),
        files.issue(2, "Obtenir l’accès", State="Offen", Weight="beaucoup"),
    )
    agent = visitor(width, script=script)
    agent.enter(team.agent, f"/projects/{team.slug}/backlog")
    agent.follow("Importer")
    agent.finds_no_fault()
    bring(agent, portal, team.slug, data)
    agent.sees("1 ligne est en erreur")
    agent.sees("Nous ne savons pas ce que veut dire")
    agent.finds_no_fault()
    agent.page.get_by_label("Offen").select_option("En cours")
    agent.page.get_by_label("Points", exact=True).select_option("Aucune colonne")
    agent.press("Comparer à nouveau")
    agent.sees("Cela prend quelques secondes.")
    follow_work(agent, portal)
    agent.sees("Nouveaux (2)")
    agent.finds_no_fault()
    agent.press("Confirmer l’import")
    agent.sees("L’import s’écrit")
    follow_work(agent, portal)
    agent.sees("2 éléments ajoutés")
    agent.follow("Voir le carnet")
    agent.sees("Obtenir l’accès")
    bring(agent, portal, team.slug, data)
    agent.sees("Inchangés (2)")
    agent.finds_no_fault()
