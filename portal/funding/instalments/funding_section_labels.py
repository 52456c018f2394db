"""The instalments and the ledger on the page of a project's money."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.funding.agreements import labels as agreement_labels
from portal.funding.agreements import policy
from portal.funding.agreements.models import OVER, AgreementState, FundingAgreement
from portal.funding.agreements.section_queries import FundingPageSection
from portal.funding.instalments import labels
from portal.funding.instalments.queries import InstalmentWithNeeds, read_instalments_with_needs
from portal.funding.ledger.labels import ACCOUNTS
from portal.funding.ledger.queries import list_latest_entries, read_project_totals_by_instalment
from portal.funding.ledger.rules import NOTHING, add_totals
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project


def read_instalments_context(
    actor: Actor, project: Project, agreement: FundingAgreement | None
) -> Mapping[str, Any]:
    """The instalments with what they wait for; totals and ledger for readers of amounts."""
    if agreement is None:
        return {"views": (), "totals": NOTHING, "headline": _("La convention n’est pas encore préparée.")}
    views = read_instalments_with_needs(project)
    sees_amounts = policy.reads_amounts(actor, project)
    totals = add_totals(read_project_totals_by_instalment(project).values()) if sees_amounts else NOTHING
    planned = sum(view.row.amount_cents for view in views) if sees_amounts else 0
    return {
        "views": views,
        "totals": totals,
        "entries": list_latest_entries(project) if sees_amounts else (),
        "accounts": ACCOUNTS,
        "unplanned": agreement.amount_cents - planned if not agreement.is_committed else 0,
        "headline": _describe_next_step(actor, project, agreement, views),
        "turn": lambda view: labels.whose_turn(actor, project, agreement, view),
        "is_own_turn": lambda view: labels.is_own_turn(actor, project, agreement, view),
        "summary": lambda view: _summarise_instalment(project, agreement, view),
        "state": lambda row: labels.state(agreement, row),
        "kinds": agreement_labels.INSTALMENT_KINDS,
    }


def _summarise_instalment(project: Project, agreement: FundingAgreement, view: InstalmentWithNeeds) -> str:
    """What an instalment waits for, and that this comes after the end of the agreement."""
    if not agreement.is_open:
        return labels.describe_awaited(view) if view.has_failed else ""
    after_end = labels.describe_payment_after_end(project, agreement, view)
    return ", ".join(filter(None, [labels.describe_awaited(view), after_end]))


def _describe_next_step(
    actor: Actor, project: Project, agreement: FundingAgreement, views: Sequence[InstalmentWithNeeds]
) -> str:
    """What comes next, in a sentence, and that the team is paused or its project stopped."""
    if not agreement.is_committed:
        return _("Le montant n’est pas encore engagé : il manque la signature d’une convention complète.")
    is_ended = agreement.state is AgreementState.ENDED
    open_views = (view for view in views if view.row.state not in OVER and (view.has_failed or not is_ended))
    following = next(open_views, None)
    if following is None:
        return _("La convention est close.") if is_ended else _("Toutes les tranches ont leur issue.")
    summary, number = labels.describe_awaited(following), following.row.number
    whose = labels.whose_turn(actor, project, agreement, following)
    following_step = (
        _("Prochaine tranche : la %(n)s, %(whose)s.", n=number, whose=whose)
        if following.is_on_hold
        else _(
            "Prochaine tranche : la %(n)s, %(summary)s. C’est %(whose)s.",
            n=number,
            summary=summary,
            whose=whose,
        )
    )
    before = _("La convention est close.") if is_ended else labels.standstill_sentence(project, agreement)
    return " ".join(filter(None, [before, following_step]))


PART = FundingPageSection("funding/instalments/part.html", read_instalments_context)
