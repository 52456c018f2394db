"""Letters to applicants as plain data for a tagged PDF, in French."""

from datetime import date
from typing import Any

from portal.platform.kernel.text import format_day, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.report_parts import Part, make_part
from portal.selection.applications.models import ApplicationState
from portal.selection.applications.queries import LoadedApplication
from portal.selection.calls.models import CallCriterion
from portal.selection.deliberation.appeal_rules import find_appeal_limit
from portal.selection.deliberation.models import (
    AppealState,
    ApplicationAppeal,
    ApplicationDecision,
    CallPublication,
    DecisionKind,
)


def build_decision_letter_content(
    loaded: LoadedApplication,
    criteria: list[CallCriterion],
    decision: ApplicationDecision,
    publication: CallPublication,
) -> dict[str, Any]:
    """Return the letter of a published decision, as it was when it was published."""
    with using_language("fr"):
        reasons = [
            f"{c.name_fr} : {decision.reasons.get(c.key)}" for c in criteria if decision.reasons.get(c.key)
        ]
        not_eligible = loaded.application.state is ApplicationState.NOT_ELIGIBLE
        if not_eligible:
            reasons = [loaded.application.state_reason, *reasons]
        says = [_opening_sentence(loaded), _outcome_sentence(decision.outcome, not_eligible=not_eligible)]
        parts = [make_part(_("Décision"), says)]
        if reasons:
            parts.append(make_part(_("Motifs"), points=reasons))
        if decision.letter_text:
            parts.append(make_part(_("Suites"), [decision.letter_text]))
        return _build_letter_content(loaded, publication, parts, publication.published_on)


def build_appeal_letter_content(
    loaded: LoadedApplication, appeal: ApplicationAppeal, publication: CallPublication
) -> dict[str, Any]:
    """Return the letter that answers an appeal, dated the day of the answer: its own time limit of
    appeal counts from there, with as many days as that of the publication."""
    with using_language("fr"):
        received = format_day(appeal.received_on)
        says = [
            _("Vous avez formé le %(day)s un recours contre la décision sur votre candidature.", day=received)
        ]
        if appeal.state is AppealState.GRANTED and appeal.new_outcome is not None:
            says += [_("Votre recours est accueilli."), _outcome_sentence(appeal.new_outcome)]
        else:
            says.append(_("Votre recours est rejeté."))
        parts = [make_part(_("Réponse à votre recours"), says), make_part(_("Motifs"), [appeal.answer])]
        answered_on = appeal.closed_on or publication.published_on
        return _build_letter_content(loaded, publication, parts, answered_on)


def _opening_sentence(loaded: LoadedApplication) -> str:
    return _(
        "Vous avez présenté le projet « %(title)s » à l’appel « %(call)s ».",
        title=loaded.application.title,
        call=loaded.call.title_fr,
    )


def _outcome_sentence(outcome: DecisionKind, *, not_eligible: bool = False) -> str:
    if not_eligible:
        return _("Votre candidature n’est pas éligible.")
    return {
        DecisionKind.LAUREATE: _("Votre candidature est retenue : votre projet est lauréat."),
        DecisionKind.WAITING_LIST: _("Votre candidature est inscrite sur la liste d’attente."),
        DecisionKind.NOT_SELECTED: _("Votre candidature n’est pas retenue."),
    }[outcome]


def _build_letter_content(
    loaded: LoadedApplication, publication: CallPublication, parts: list[Part], dated: date
) -> dict[str, Any]:
    until = format_day(find_appeal_limit(publication, dated))
    signature = [publication.signatory_name, publication.signatory_function]
    title = _("Décision sur la candidature « %(title)s »", title=loaded.application.title)
    foot = _("%(call)s, candidature %(n)s", call=loaded.call.title_fr, n=loaded.application.number)
    if loaded.programme.is_demonstration:
        foot = _("%(foot)s. Démonstration : tout est inventé, sauf les organismes.", foot=foot)
    appeal = [publication.appeal_terms, _("Délai : jusqu’au %(day)s.", day=until)]
    return {
        "title": title,
        "language": "fr",
        "lead": f"{loaded.application.organisation}, {format_day(dated)}",
        "foot": foot,
        "parts": [
            *parts,
            make_part(_("Voies et délais de recours"), appeal),
            make_part(_("Signature"), ["\n".join(signature)]),
        ],
    }
