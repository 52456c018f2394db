"""Factories of public cards."""

from typing import Any

from portal.oversight.public_cards.models import TEXTS, PublicCard
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.project.projects.models import Project
from tests.support.project_file import save


def texts(**given: str) -> dict[str, str]:
    """Return a text for each field: that of `ai_fr` is « ai_fr »."""
    names = [f"{name}_{language}" for name in TEXTS for language in ("fr", "en")]
    return {name: name for name in names} | given


def shown(project: Project, by: Person, **given: Any) -> PublicCard:
    usual = {"shown_at": clock.now(), "shown_by_id": by.id}
    return save(PublicCard(project_id=project.id, **texts(), **usual | given))
