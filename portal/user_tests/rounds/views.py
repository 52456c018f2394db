"""Rounds: the list, a round's page, and the forms that plan, change, copy and end it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ask_confirmation
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.platform.web.writes import refusal_text_of, write, write_page
from portal.project.framing.models import TargetGroup
from portal.project.framing.queries import list_groups
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    attachments_context,
    get_writable_project,
    load_project_and_row,
    load_project_and_row_to_write,
    render_row_list,
)
from portal.sprints.prototypes.queries import find_latest_version, list_selectable_versions
from portal.user_tests.rounds import commands, labels, policy, queries
from portal.user_tests.rounds.consent_queries import read_proposal_state_by_language
from portal.user_tests.rounds.forms import (
    AccessNeedsForm,
    CopyRoundForm,
    EditRoundForm,
    EndOrReopenRoundForm,
    NewRoundForm,
)
from portal.user_tests.rounds.models import RoundScale, SessionMethod, TestRound
from portal.user_tests.rounds.page_views import (
    ROUND_PATH,
    build_end_question,
    build_results_context,
    build_round_url,
    list_proposed_consents,
    list_rounds_to_copy,
    trail_to_round,
    trail_to_tests,
)

bp = Blueprint("rounds", __name__, url_prefix="/projects/<slug>/tests")
DEFAULT_PARTICIPANT_GOAL = 5  # of each target group


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "user_tests/rounds/index.html",
        project,
        listing=queries.read_rounds_page(actor, project, requested_page_number()),
        can_write=policy.can_write(actor, project),
        latest=find_latest_version(actor, project),
        labels=labels,
    )


@bp.get(ROUND_PATH)
def page(slug: str, number: int) -> Response:
    return show_round(get_project(actor, slug), number)


def show_round(project: Project, number: int, status: int = 200, refused: str | None = None) -> Response:
    """Render a round's page; `refused` says why a form of the page was refused."""
    key = "round", project.id, number, rights_key(actor, project)
    facts = cache_page_facts(actor, key, lambda: _read_round_context(project, number))
    round_: TestRound = facts.values["round"]
    return render(
        "user_tests/rounds/round.html",
        fragment="discussion",
        status=status,
        refused=refused,
        project=project,
        facts=facts,
        title=facts.values["title"],
        number=round_.number,
        **attachments_context(project, round_),
        **discussion_context(round_.discussion_id),
    )


def _read_round_context(project: Project, number: int) -> dict[str, Any]:
    """What the page shows to readers with the actor's rights, but files and discussion."""
    details = queries.read_round(actor, project, number)
    round_ = details.round
    aims, tasks = queries.list_group_participation_lines(round_), queries.list_tasks(round_)
    has_sessions = bool(details.sessions)
    consents = read_proposal_state_by_language(project, round_)
    results = build_results_context(project, details, tasks)
    return {
        "project": project,
        "details": details,
        "aims": aims,
        "tasks": tasks,
        "consents": consents,
        "proposed_consents": list_proposed_consents(project, round_, consents, is_frozen=has_sessions),
        "missing": labels.missing_parts_by_key(details, aims, tasks),
        "can_write": policy.can_write(actor, project),
        "can_remove": policy.can_remove(actor, project, has_sessions=has_sessions),
        "can_change_tasks": policy.can_change_tasks(actor, project, round_, has_sessions=has_sessions),
        "labels": labels,
        "link_args": {"slug": project.slug, "number": number},
        "is_complete": bool(aims)
        and all(aim.is_reached for aim in aims)
        and all(session.ended_at for session in results["listed"]),
        **results,
    }


@bp.get(f"{ROUND_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    return render(
        "user_tests/rounds/history.html",
        project=project,
        title=_("Historique de la série %(n)s", n=number),
        trail=trail_to_round(project, round_),
        revisions=list_revisions(queries.list_round_history_subject_ids(round_), labels.ACTION_LABELS),
        labels=labels.LABELS,
        words={"ACTION_LABELS": labels.ACTION_LABELS, "format_value": labels.format_value},
    )


@bp.route("/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    project = get_writable_project(slug)
    versions = list_selectable_versions(actor, project)
    if not versions:
        raise TooLate(_("Un test porte sur une version du prototype : sortez-en une d’abord."))
    groups = [group for group in list_groups(actor, project) if group.left_on is None]
    form = make_form(NewRoundForm, versions, groups, **_read_default_round_values(project, groups))
    form_page = _build_round_form_page(
        project,
        _("Préparer une série de tests"),
        _("Préparer"),
        yes=_("Préparer la série"),
        lead=_("Les tâches et le consentement viennent juste après."),
        sources=list_rounds_to_copy(project),
    )

    return write_page(
        form_page,
        form,
        lambda _values: commands.plan_round(actor, project, form.plan()),
        message=lambda round_: _("Série %(n)s préparée.", n=round_.number),
        to=lambda round_: build_round_url(project, round_),
    )


def _read_default_round_values(project: Project, groups: Sequence[TargetGroup]) -> dict[str, Any]:
    """Return the settings of the last round, with the latest version and all current groups."""
    last = queries.find_last_round(actor, project)
    latest = find_latest_version(actor, project)
    defaults = {
        "prototype": latest.number if latest else None,
        "groups": [group.number for group in groups],
        "wanted": DEFAULT_PARTICIPANT_GOAL,
        "method": SessionMethod.MODERATED,
        "scale": RoundScale.F_SUS,
    }
    if last is not None:
        defaults |= {name: getattr(last, name) for name in ("method", "scale", "script")}
    return defaults


@bp.route(f"{ROUND_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    aims = queries.list_group_participations(round_)
    aimed_group_ids = {aim.group.id for aim in aims}
    groups = [
        group for group in list_groups(actor, project) if group.left_on is None or group.id in aimed_group_ids
    ]
    initial = {"groups": [aim.group.number for aim in aims], "wanted": _find_participant_goal(aims)}
    form = make_form(EditRoundForm, list_selectable_versions(actor, project), groups, obj=round_, **initial)
    form_page = _build_round_form_page(
        project, _("Modifier la série %(n)s", n=number), _("Modifier"), round_=round_
    )

    return write_page(
        form_page,
        form,
        lambda values: commands.change_round(actor, project, round_, form.plan(), values["version"]),
        message=_("Série enregistrée."),
        stored=round_,
    )


def _find_participant_goal(aims: Sequence[queries.GroupParticipation]) -> int | None:
    return next((aim.participant_goal for aim in aims), None)


@bp.route(f"{ROUND_PATH}/copy", methods=["GET", "POST"])
def copy(slug: str, number: int) -> Response:
    """Create the next round as a copy of this one."""
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    versions = list_selectable_versions(actor, project)
    form = make_form(CopyRoundForm, versions, title=round_.title, prototype=versions[0].number)
    form_page = FormPage(
        title=_("Reprendre la série %(n)s", n=number),
        lead=_("Tâches, publics, déroulé et consentement sont repris ; les séances, non."),
        trail=trail_to_round(project, round_),
        step=_("Reprendre"),
        yes=_("Reprendre pour cette version"),
        advice=(_("Les mêmes tâches sur deux versions disent si l’on a progressé."),),
    )

    return write_page(
        form_page,
        form,
        lambda _values: commands.copy_round(
            actor, project, round_, form.versions[form.prototype.data], form.title.data or ""
        ),
        message=lambda round_: _("Série %(n)s prête : relisez-la.", n=round_.number),
        to=lambda round_: build_round_url(project, round_),
    )


@bp.route(f"{ROUND_PATH}/access", methods=["GET", "POST"])
def record_access_needs(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    form = make_form(AccessNeedsForm, obj=round_)
    form_page = FormPage(
        title=_("Besoins d’accessibilité dans la série %(n)s", n=number),
        trail=trail_to_round(project, round_),
        step=_("Accessibilité"),
        advice=(
            _("Voir, entendre, se servir de ses mains, lire, comprendre : comptez qui l’a dit."),
            _("À côté d’une personne, ce serait sa santé : le portail ne garde que le nombre."),
        ),
    )

    return write_page(
        form_page,
        form,
        lambda values: commands.record_access_needs_count(
            actor,
            project,
            round_,
            values["access_needs"],
            values["no_access_needs"],
            expected_version=values["version"],
        ),
        message=_("C’est noté."),
        stored=round_,
    )


@bp.post(f"{ROUND_PATH}/state")
def end_or_reopen(slug: str, number: int) -> Response:
    """Reopen a round, or end it once that was confirmed."""
    project, round_ = load_project_and_row_to_write(slug, number, queries.get_round)
    form = EndOrReopenRoundForm()
    if form.to.data == "over" and not form.confirmed.data and not round_.ended_on:
        return ask_confirmation(build_end_question(project, round_), form)
    return write(
        form,
        lambda _values: commands.end_or_reopen_round(actor, project, round_, is_over=form.to.data == "over"),
        message=lambda _result: (
            _("Série %(n)s terminée. Par erreur\u00a0? «\u00a0Rouvrir la série\u00a0», ci-dessous.", n=number)
            if round_.ended_on
            else _("Série %(n)s rouverte.", n=number)
        ),
        to=build_round_url(project, round_),
        page=lambda status: show_round(project, number, status, refusal_text_of(form)),
    )


def _build_round_form_page(
    project: Project, title: str, step: str, *, round_: TestRound | None = None, **more: Any
) -> FormPage:
    return FormPage(
        title=title,
        trail=trail_to_round(project, round_) if round_ else trail_to_tests(project),
        step=step,
        beside=(("starts_on", "ends_on"),),
        folded=("knowingly",),
        sources_title=_("Les mêmes tâches qu’avant ?"),
        advice=(
            _("Cinq personnes d’un même public valent mieux que vingt prises au hasard."),
            _("Pensez à qui lit mal, voit mal ou n’entend pas : invitez au moins l’un d’eux."),
            _("Une hypothèse utile peut être démentie : « la légende se voit en cinq secondes »."),
        ),
        **more,
    )
