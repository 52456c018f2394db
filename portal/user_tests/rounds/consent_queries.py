"""Tell which consent texts of a round are still those that the portal proposes."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.platform.kernel.audit import Action, AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.user_tests.rounds.consent_labels import CONSENT_PARTS, build_default_consent_parts
from portal.user_tests.rounds.models import ConsentText, TestRound
from portal.user_tests.rounds.queries import list_consent_texts_by_language

READ_OVER = Action("consent.read_over", _l("a relu le texte de consentement de la série %(number)s"))


def read_proposal_state_by_language(project: Project, round_: TestRound) -> Mapping[str, bool]:
    """Whether a consent text that the caller may see, by language, has the contents that the portal proposes
    without anybody having read it over."""
    months = get_programme_of(project).test_retention
    text_by_language = list_consent_texts_by_language(round_)
    proposals = {
        text.id: locale
        for locale, text in text_by_language.items()
        if _has_parts(text, build_default_consent_parts(project, round_.method, months, locale))
    }
    events = select(AuditEvent.subject_id).where(
        AuditEvent.subject_id.in_(proposals), AuditEvent.action == READ_OVER.code
    )
    read_over = set(db.session.scalars(events)) if proposals else set()
    return {
        locale: text.id in proposals and text.id not in read_over for locale, text in text_by_language.items()
    }


def _has_parts(text: ConsentText, parts: Mapping[str, str]) -> bool:
    return all(getattr(text, name) == parts[name] for name in CONSENT_PARTS)
