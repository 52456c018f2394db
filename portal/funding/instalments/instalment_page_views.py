"""The page of an instalment, shown also with a button that was refused."""

from typing import Any

from flask import Response

from portal.collaboration.files.views import files_context
from portal.funding.agreements import labels as agreement_labels
from portal.funding.agreements import policy, queries
from portal.funding.agreements.models import OVER, InstalmentState
from portal.funding.agreements.page_views import build_funding_trail
from portal.funding.instalments import labels, plan_commands
from portal.funding.instalments.attachment_queries import INSTALMENT_FILES
from portal.funding.instalments.history_labels import list_history
from portal.funding.instalments.models import PaymentRecovery
from portal.funding.instalments.queries import (
    find_open_recovery,
    list_steps,
    read_instalment_with_needs,
)
from portal.funding.instalments.rules import (
    ASKABLE,
    UNDER_REVIEW,
    find_day_awaited_by_payment,
    find_unresolved_step,
    list_barred_person_ids,
)
from portal.funding.ledger.queries import read_project_totals_by_instalment
from portal.funding.ledger.rules import NOTHING
from portal.platform.kernel import clock
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.rendering import render
from portal.project.projects.gate_queries import list_gate_options
from portal.project.projects.policy import can_read


def _build_recovery_permissions(recovery: PaymentRecovery | None) -> dict[str, Any]:
    """Whether the actor may note a recovery."""
    if recovery is None:
        return {}
    announced_by_actor = actor.person_id == recovery.announced_by_id
    can_book = recovery.may_be_booked_on(clock.today()) and not announced_by_actor
    return {"announced_by_actor": announced_by_actor, "can_book": can_book}


def show_instalment(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """An instalment with its conditions; amounts, texts and documents for those who read them."""
    project, agreement, row = queries.get_instalment(actor, slug, number)
    sees_amounts = policy.reads_amounts(actor, project)
    recovery = find_open_recovery(row) if sees_amounts else None
    operates, is_team = policy.can_operate(actor, project), policy.is_on_team(actor, project)
    is_open, totals = agreement.is_open, read_project_totals_by_instalment(project).get(row.id, NOTHING)
    is_payer = agreement.is_committed and operates and row.state is InstalmentState.CHECKED
    waits_until = find_day_awaited_by_payment(agreement, row)
    is_paid = row.state is InstalmentState.PAID
    is_own = actor.person_id in list_barred_person_ids(row)
    steps = list_steps(row) if sees_amounts else ()
    view = read_instalment_with_needs(project, row)
    can_check = is_open and operates and row.state is InstalmentState.REQUESTED
    can_pay = is_payer and not is_own and not waits_until
    return render(
        "funding/instalments/page.html",
        status=status,
        project=project,
        agreement=agreement,
        row=row,
        view=view,
        standstill=labels.standstill_sentence(project, agreement),
        after_end=labels.describe_payment_after_end(project, agreement, view) if is_open else "",
        gate_titles=dict(list_gate_options(project)),
        opens_gates=can_read(actor, project),
        sees_amounts=sees_amounts,
        history=list_history(row, steps) if sees_amounts else (),
        standing=find_unresolved_step(step for step, _name in steps),
        recovery=recovery,
        totals=totals,
        **_build_recovery_permissions(recovery),
        can_ask=is_open and row.state in ASKABLE and policy.can_request_instalment(actor, project),
        can_examine=is_open and operates and row.state in UNDER_REVIEW,
        can_refuse=is_payer or (is_open and operates and row.state in UNDER_REVIEW),
        can_check=can_check,
        can_pay=can_pay,
        whose=labels.whose_turn(actor, project, agreement, view),
        is_own_turn=labels.is_own_turn(actor, project, agreement, view),
        stale_gates=labels.describe_stale_gates(view, can_check=can_check, can_pay=can_pay),
        checked_because=labels.checked_because(row, steps),
        waits_until=waits_until if is_payer else None,
        is_blocked=is_payer and is_own,
        can_undo=operates and is_paid and not totals.recovered and recovery is None,
        can_recover=operates and is_paid and totals.net_paid > 0,
        can_observe=recovery is not None
        and not recovery.observed_at
        and policy.can_request_instalment(actor, project),
        can_hand_in=is_open and is_team and row.state not in OVER,
        can_change=policy.can_handle(actor, project)
        and plan_commands.explain_closed_instalment(agreement, row) is None,
        operates=operates,
        is_preparer=actor.person_id == row.statement_by_id,
        trail=build_funding_trail(project),
        form=form,
        labels=labels,
        money=agreement_labels.money,
        kinds=agreement_labels.INSTALMENT_KINDS,
        **(files_context(INSTALMENT_FILES.place(actor, project, row)) if sees_amounts else {}),
    )
