"""Routes that decide about a gate: declare, withdraw, accept, refuse, waive, restore."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.oversight.gates import (
    commands,
    definition_queries,
    evidence_change_labels,
    evidence_value_labels,
    labels,
    progress_views,
    queries,
)
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.evidence_value_queries import (
    EvidenceValueChange,
    ReferencedEvidenceValues,
    list_value_changes,
    list_value_changes_since_answer,
    merge_value_changes,
    read_evidence_values,
)
from portal.oversight.gates.forms import (
    AcceptGateForm,
    GateButtonForm,
    GateDecisionReasonForm,
    RefuseGateForm,
)
from portal.oversight.gates.history_queries import find_stale_since
from portal.oversight.gates.navigation_views import (
    build_gates_trail,
    list_reference_links,
    require_not_over_on_get,
)
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.reference_queries import References, read_all_project_references
from portal.oversight.gates.state_rules import GateSnapshot, Staleness
from portal.oversight.gates.views import GATE_PATH, show_gate
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.template_filters import day
from portal.platform.web.writes import write, write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project

bp = Blueprint("gate_decisions", __name__, url_prefix="/projects/<slug>/gates")
GateCommand = Callable[..., object]


@bp.route(f"{GATE_PATH}/declare", methods=["GET", "POST"])
def declare(slug: str, gate: int) -> Response:
    """Request a gate; a GET says which proofs are missing, and asks."""
    if request.method in SAFE_METHODS:
        return _ask_to_confirm_declaration(slug, gate)
    message = _("Jalon demandé : qui l’accepte le voit.")
    return _write_gate_act(slug, gate, commands.declare_gate, message)


def _ask_to_confirm_declaration(slug: str, gate: int) -> Response:
    project = get_project(actor, slug)
    commands.require_team_lead(actor, project)
    require_not_over_on_get(project)
    definition = definition_queries.get_definition_unless_left_out(project.programme_id, gate)
    missing = queries.read_last_evaluation(project, definition).missing
    references = read_all_project_references(project)
    question = ConfirmationQuestion(
        title=_("Demander le jalon G%(n)s", n=gate),
        lead=labels.missing_proof_count_label(len(missing)),
        means=[
            *labels.list_missing_reasons(missing, references),
            *([_("Vous pouvez le demander quand même : qui l’accepte verra ce manque.")] if missing else []),
        ],
        yes=_("Demander quand même") if missing else _("Demander ce jalon"),
        no=_("Revenir au jalon"),
        step=_("Demander"),
        place=labels.title(definition),
        back=url_for("gates.page", slug=project.slug, gate=gate),
    )
    return ask_confirmation(question, GateButtonForm())


@bp.post(f"{GATE_PATH}/withdraw")
def withdraw(slug: str, gate: int) -> Response:
    return _write_gate_act(slug, gate, commands.withdraw_declaration, _("Demande retirée."))


def _write_gate_act(slug: str, gate: int, verb: GateCommand, message: str) -> Response:
    project, form = get_project(actor, slug), GateButtonForm()
    commands.require_team_lead(actor, project)
    return write(
        form,
        lambda _values: verb(actor, project, gate),
        message=message,
        to=url_for("gates.page", slug=project.slug, gate=gate),
        page=lambda status: show_gate(slug, gate, status, form),
    )


@bp.route(f"{GATE_PATH}/accept", methods=["GET", "POST"])
def accept(slug: str, gate: int) -> Response:
    project, definition = _get_answerable_gate(slug, gate)
    evaluation = queries.read_last_evaluation(project, definition)
    state = queries.read_state(project, definition, evaluation)
    if request.method in SAFE_METHODS:
        commands.require_acceptable(project, state, evaluation)
    references = read_all_project_references(project)
    requested = state.declared.evaluation if state.declared else None
    values = read_evidence_values(
        project, evaluation.results, [*state.stale, *(requested.results if requested else ())]
    )
    since = find_stale_since(project, state)
    rewritten = list_value_changes_since_answer(project, state, values)
    form_page = FormPage(
        title=_("Accepter le jalon G%(n)s de %(team)s", n=gate, team=project.short_name),
        lead=_describe_acceptance_request(project, state, values, references, since),
        trail=build_gates_trail(project, definition),
        step=_("Accepter"),
        yes=_("Accepter en mon nom"),
        is_closed=not commands.is_acceptable(project, state, evaluation),
        changes_title=_("Ce qui le périme depuis le %(day)s", day=day(since)) if since else "",
        changes=[
            EntryAboveForm(
                str(labels.CAUSES[staleness.cause]),
                links=_list_staleness_cause_links(project, staleness, values, references, rewritten),
            )
            for staleness in state.stale
        ],
        entries_title=_("Ce que vous acceptez : %(met)s", met=labels.met_count_label(evaluation)),
        entries=[
            EntryAboveForm(
                labels.demand_of_result(result, definition.thresholds),
                note=evidence_value_labels.describe_proof(result, values)
                or labels.why_unmet(result, references),
                warning=evidence_value_labels.warn_of_newer_failures(result, values),
            )
            for result in evaluation.results
        ],
        sources_title=_("Où c’est noté, par qui, quand"),
        sources=_list_evidence_sources(project, evaluation, references),
        advice=(
            _("Votre nom, le jour et l’empreinte des preuves que vous avez vues sont gardés."),
            _(
                "S’il en manque une un jour, ou si survient ce qui le périme, ce jalon attend de nouveau"
                " votre avis."
            ),
        ),
    )
    form = make_form(AcceptGateForm, fingerprint=evaluation.fingerprint, answered=state.answered)

    def accept_evidence(values: Mapping[str, Any]) -> None:
        form.fingerprint.data = evaluation.fingerprint  # of a refused form too: it shows the evidence of now
        commands.accept_gate(
            actor, project, gate, values["fingerprint"], values["note"], answered=values["answered"]
        )

    message = _("G%(n)s de %(team)s accepté, en votre nom.", n=gate, team=project.short_name)
    return write_page(form_page, form, accept_evidence, message=message)


def _list_staleness_cause_links(
    project: Project,
    staleness: Staleness,
    values: ReferencedEvidenceValues,
    references: References,
    rewritten: Sequence[EvidenceValueChange],
) -> Sequence[FormPageLink]:
    """Each piece that made a gate stale, with its page, which values changed since the acceptance, what it
    lacks, and who noted it when."""
    pieces = []
    latest = max(
        (int(each.partition("/")[2]) for each in references if each.startswith("version/")), default=0
    )
    for changed in staleness.references:
        reference = changed if "/" in changed else f"version/{latest}"  # the model or interface of the latest
        lacks = evidence_value_labels.describe_data_source_lacks(reference, values)
        for link in list_reference_links(project, replace(staleness, references=(reference,)), references):
            changed_values = evidence_change_labels.describe_changed_values(rewritten, (reference,))
            note = " ".join(filter(None, (changed_values, lacks, link.note)))
            pieces.append(link._replace(note=note))
    return pieces


def _describe_acceptance_request(
    project: Project,
    state: GateSnapshot,
    values: ReferencedEvidenceValues,
    references: References,
    since: date | None,
) -> str:
    """The gate, what changed in its evidence since the team asked, and which runs are older than what
    made it stale."""
    requested_at = state.declared.at if state.declared else None
    rewritten = list_value_changes(project, values, requested_at)
    changes = merge_value_changes(rewritten, requested_at) if requested_at else ()
    sentences = (
        f"{labels.name(state.definition)}.",
        evidence_change_labels.describe_changes_since_request(state, references, changes),
        evidence_value_labels.describe_runs_older_than_change(state, values, since),
    )
    return " ".join(filter(None, sentences))


def _list_evidence_sources(
    project: Project, evaluation: GateResult, references: References
) -> Sequence[FormPageLink]:
    """Each piece of evidence once, with who noted it, when, and its page."""
    links = (
        link for result in evaluation.results for link in list_reference_links(project, result, references)
    )
    return list(dict.fromkeys(links))


@bp.route(f"{GATE_PATH}/refuse", methods=["GET", "POST"])
def refuse(slug: str, gate: int) -> Response:
    project, definition = _get_answerable_gate(slug, gate)
    form_page = FormPage(
        title=_("Refuser le jalon G%(n)s de %(team)s", n=gate, team=project.short_name),
        lead=labels.name(definition),
        trail=build_gates_trail(project, definition),
        step=_("Refuser"),
        yes=_("Le dire à l’équipe"),
        advice=(_("Dites ce qui manque, et ce qui suffirait : l’équipe pourra redemander."),),
    )
    state = queries.read_state(project, definition, queries.read_last_evaluation(project, definition))
    return write_page(
        form_page,
        make_form(RefuseGateForm, answered=state.answered),
        lambda values: commands.refuse_gate(
            actor, project, gate, values["reason"], answered=values["answered"]
        ),
        message=_("G%(n)s de %(team)s refusé : l’équipe voit vos raisons.", n=gate, team=project.short_name),
    )


@bp.route(f"{GATE_PATH}/waive", methods=["GET", "POST"])
def waive(slug: str, gate: int) -> Response:
    project, definition = _get_waivable_gate(slug, gate)
    return _write_decision_with_reason(
        project,
        definition,
        commands.waive_gate,
        _("Le projet en est dispensé."),
        title=_("Dispenser du jalon G%(n)s", n=gate),
        step=_("Dispenser"),
        yes=_("Dispenser en mon nom"),
        advice=(
            _("Le jalon ne compte plus dans les chiffres du projet, et reste listé, avec qui et pourquoi."),
            *filter(None, [progress_views.describe_waiver_effect(project, gate)]),
        ),
    )


@bp.route(f"{GATE_PATH}/restore", methods=["GET", "POST"])
def restore(slug: str, gate: int) -> Response:
    return _write_decision_with_reason(
        *_get_waivable_gate(slug, gate),
        commands.restore_gate,
        _("Le jalon compte de nouveau."),
        title=_("Rétablir le jalon G%(n)s", n=gate),
        step=_("Rétablir"),
        yes=_("Rétablir le jalon"),
    )


def _write_decision_with_reason(
    project: Project, definition: GateDefinition, verb: GateCommand, message: str, **page: Any
) -> Response:
    """Show or answer the form of a decision with a reason; `page` are values of its `FormPage`."""
    return write_page(
        FormPage(lead=labels.name(definition), trail=build_gates_trail(project, definition), **page),
        make_form(GateDecisionReasonForm),
        lambda values: verb(actor, project, definition.number, values["reason"]),
        message=message,
    )


def _get_answerable_gate(slug: str, gate: int) -> tuple[Project, GateDefinition]:
    """A gate that the actor accepts. A GET also refuses a project that is over."""
    project = get_project(actor, slug)
    definition = definition_queries.get_definition_unless_left_out(project.programme_id, gate)
    commands.require_acceptor(actor, project, definition)
    require_not_over_on_get(project)
    return project, definition


def _get_waivable_gate(slug: str, gate: int) -> tuple[Project, GateDefinition]:
    project = get_project(actor, slug)
    commands.require_can_waive_gates(actor, project)
    require_not_over_on_get(project)
    return project, definition_queries.get_definition_unless_left_out(project.programme_id, gate)
