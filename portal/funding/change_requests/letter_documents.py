"""Letters that answer change requests, as plain data for a tagged PDF, in French."""

from typing import Any

from portal.funding.agreements.models import FundingAgreement
from portal.funding.change_requests import labels
from portal.funding.change_requests.models import ChangeDecision, FundingChange
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day, lower_first, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.report_parts import make_part
from portal.project.projects.models import Project


def build_letter(
    project: Project, agreement: FundingAgreement, row: FundingChange, decision: ChangeDecision
) -> dict[str, Any]:
    """Return the letter of one decision; a later one corrects it by a letter of its own."""
    with using_language("fr"):
        number, is_noted = (
            agreement.number or project.short_name,
            labels.is_noted_without_decision(row, decision),
        )
        asked_on = format_day(clock.day_of(row.created_at))
        says = [
            _(
                "Vous avez déposé le %(day)s une demande sur la convention %(number)s (%(kind)s).",
                day=asked_on,
                number=number,
                kind=lower_first(labels.KINDS[row.kind]),
            ),
            _("Le programme en prend acte : il n’a pas à l’autoriser.")
            if is_noted
            else _("Cette demande est %(answer)s.", answer=labels.decision_answer_label(row, decision)),
        ]
        if decision.number > 1:
            says.append(_("Cette décision remplace celle qui l’a précédée."))
        signature = "\n".join(filter(None, (decision.signatory_name, decision.signatory_function)))
        parts = [make_part(_("Prise d’acte") if is_noted else _("Décision"), says)]
        parts.append(make_part(_("Motifs"), [row.reason if is_noted else decision.reasons]))
        if decision.appeal_terms and not is_noted:
            parts.append(make_part(_("Voies et délais de recours"), [decision.appeal_terms]))
        if signature and not is_noted:
            parts.append(make_part(_("Signature"), [signature]))
        return {
            "title": _("Prise d’acte de la demande %(n)s", n=row.number)
            if is_noted
            else _("Décision sur la demande %(n)s", n=row.number),
            "language": "fr",
            "lead": f"{project.organisation}, {format_day(decision.decided_on)}",
            "foot": _("Convention %(number)s", number=number),
            "parts": parts,
        }
