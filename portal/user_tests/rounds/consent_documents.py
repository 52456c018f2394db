"""The consent leaflet of a round as plain data, for the page and the PDF."""

from typing import Any

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import using_language
from portal.project.projects.models import Project
from portal.user_tests.rounds.consent_labels import CONSENT_PARTS
from portal.user_tests.rounds.labels import LABELS
from portal.user_tests.rounds.models import ConsentText, TestRound


def build_consent_leaflet(project: Project, round_: TestRound, text: ConsentText) -> dict[str, Any]:
    """Return the leaflet in the language of the text."""
    with using_language(text.locale):
        return {
            "title": _("Votre participation à un test"),
            "language": text.locale,
            "lead": f"{project.organisation} – {project.title}",
            "foot": _("%(name)s, série %(n)s", name=project.short_name, n=round_.number),
            "parts": [{"title": str(LABELS[part]), "text": getattr(text, part)} for part in CONSENT_PARTS],
            "agreement": _build_agreement_part(),
        }


def _build_agreement_part() -> dict[str, Any]:
    return {
        "title": _("Votre accord"),
        "sentences": [
            _("J’ai lu cette feuille, ou on me l’a lue, et j’ai pu poser mes questions."),
            _("Je suis d’accord pour participer et pour que la séance soit notée."),
        ],
        "blanks": [_("Code de participant (P…)"), _("Date et signature")],
        "note": _(
            "Un exemplaire pour vous, un pour l’équipe, qui le range ailleurs : le portail ne"
            " connaît que le code."
        ),
    }
