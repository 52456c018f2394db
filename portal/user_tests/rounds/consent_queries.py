"""Tell which consent texts of a round are still those that the portal proposes."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.platform.kernel.audit import Action, AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.user_tests.rounds.commands import COPIED
from portal.user_tests.rounds.consent_labels import CONSENT_PARTS, build_default_consent_parts
from portal.user_tests.rounds.models import ConsentText, TestRound
from portal.user_tests.rounds.queries import list_consent_texts_by_language

WRITTEN = Action("consent.written", _l("a modifié le texte de consentement de la série %(number)s"))
READ_OVER = Action("consent.read_over", _l("a relu le texte de consentement de la série %(number)s"))


def read_proposal_state_by_language(project: Project, round_: TestRound) -> Mapping[str, bool]:
    """Whether a consent text that the caller may see, by language, is what the portal proposed, read over by
    nobody: nobody wrote it, or it has the words that the portal proposes today."""
    months = get_programme_of(project).test_retention
    text_by_language = list_consent_texts_by_language(round_)
    events = select(AuditEvent.subject_id, AuditEvent.action).where(
        AuditEvent.subject_id.in_([round_.id, *(text.id for text in text_by_language.values())]),
        AuditEvent.action.in_((WRITTEN.code, READ_OVER.code, COPIED.code)),
    )
    acts = {(subject_id, code) for subject_id, code in db.session.execute(events)}
    is_copy = (round_.id, COPIED.code) in acts

    def is_proposed(text: ConsentText, locale: str) -> bool:
        if (text.id, READ_OVER.code) in acts:
            return False
        if not is_copy and (text.id, WRITTEN.code) not in acts:
            return True  # the words of the day it was made: a term or a title may have changed since
        return _has_parts(text, build_default_consent_parts(project, round_.method, months, locale))

    return {locale: is_proposed(text, locale) for locale, text in text_by_language.items()}


def _has_parts(text: ConsentText, parts: Mapping[str, str]) -> bool:
    return all(getattr(text, name) == parts[name] for name in CONSENT_PARTS)
