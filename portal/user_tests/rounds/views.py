"""Rounds of tests: the list, a round's own page, and the forms that plan, copy and end it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.framing.models import TargetGroup
from portal.project.framing.queries import list_groups
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    build_trail,
    get_writable_project,
    show_list,
)
from portal.sprints.prototypes.queries import find_latest_version, list_version_choices
from portal.user_tests.rounds import commands, labels, policy, queries, related_views
from portal.user_tests.rounds.forms import (
    AccessNeedsForm,
    CopyForm,
    EndForm,
    NewRoundForm,
    RoundForm,
)
from portal.user_tests.rounds.models import Method, Scale, TestRound
from portal.user_tests.rounds.page_views import round_results_context

bp = Blueprint("rounds", __name__, url_prefix="/projects/<slug>/tests")
ROUND_PATH = "/<int(max=9999):number>"
DEFAULT_PARTICIPANT_GOAL = 5  # participants of a target group


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "user_tests/rounds/index.html",
        project,
        found=queries.list_rounds(actor, project, requested_page()),
        can_write=policy.can_write(actor, project),
        latest=find_latest_version(actor, project),
        words=labels,
    )


@bp.get(ROUND_PATH)
def page(slug: str, number: int) -> Response:
    return show_round(get_project(actor, slug), number)


def show_round(
    project: Project, number: int, status: int = 200, refused: str | None = None
) -> Response:
    """A round's page; `refused` says why something asked there was not done."""
    details = queries.read_round(actor, project, number)
    row = details.round
    aims, tasks = queries.list_aims(row), queries.list_tasks(row)
    still = {"has_sessions": bool(details.sessions)}
    return render(
        "user_tests/rounds/round.html",
        fragment="discussion",
        status=status,
        refused=refused,
        project=project,
        told=details,
        aims=aims,
        tasks=tasks,
        consents=queries.list_consents(row),
        lacks=labels.list_missing(details, aims, tasks),
        can_write=policy.can_write(actor, project),
        can_remove=policy.can_remove(actor, project, has_sessions=bool(details.sessions)),
        can_change_tasks=policy.can_change_tasks(actor, project, row, **still),
        words=labels,
        matters=related_views.list_related_matters(actor, project, row),
        **round_results_context(project, row, tasks),
        **attachments_context(project, row),
        **discussion_context(row.discussion_id),
    )


@bp.get(f"{ROUND_PATH}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    row = queries.get_round(actor, project, number)
    ids = [row.id, *(task.id for task in queries.list_tasks(row))]
    ids += [text.id for text in queries.list_consents(row).values()]
    return render(
        "user_tests/rounds/history.html",
        project=project,
        title=_("Historique de la série %(n)s", n=number),
        trail=[*round_trail(project, row)],
        revisions=list_revisions(ids, labels.ACTION_LABELS.keys()),
        labels=labels.LABELS,
        words=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    project = get_writable_project(slug)
    versions = list_version_choices(actor, project)
    if not versions:
        raise TooLate(_("Un test porte sur une version du prototype : sortez-en une d’abord."))
    groups = [group for group in list_groups(actor, project) if group.left_on is None]
    form = make_form(NewRoundForm, versions, groups, **_default_values(project, groups))
    form_page = _form_page(
        project,
        _("Préparer une série de tests"),
        _("Préparer"),
        yes=_("Préparer la série"),
        lead=_("Les tâches et le consentement viennent juste après."),
    )

    def act(_values: dict[str, Any]) -> TestRound:
        return commands.plan_round(actor, project, form.plan())

    def on_success(round_: TestRound) -> tuple[str, str]:
        return _("Série %(n)s préparée.", n=round_.number), _round_url(project, round_)

    return answer_form(form_page, form, act, on_success)


def _default_values(project: Project, groups: Sequence[TargetGroup]) -> dict[str, Any]:
    """What the last round did, else what most do; the latest version, every group aimed at."""
    last = queries.find_last_round(actor, project)
    latest = find_latest_version(actor, project)
    usual = {
        "prototype": latest.number if latest else None,
        "groups": [group.number for group in groups],
        "wanted": DEFAULT_PARTICIPANT_GOAL,
        "method": Method.MODERATED,
        "scale": Scale.F_SUS,
    }
    if last is not None:
        usual |= {name: getattr(last, name) for name in ("method", "scale", "script")}
    return usual


@bp.route(f"{ROUND_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    aims = queries.list_aims(row)
    aimed_group_ids = {aim.group.id for aim in aims}
    groups = [
        group
        for group in list_groups(actor, project)
        if group.left_on is None or group.id in aimed_group_ids
    ]
    initial = {"groups": [aim.group.number for aim in aims], "wanted": _participant_goal(aims)}
    form = make_form(RoundForm, list_version_choices(actor, project), groups, obj=row, **initial)
    form_page = _form_page(project, _("Modifier la série %(n)s", n=number), _("Modifier"), row=row)

    def act(values: dict[str, Any]) -> None:
        commands.change_round(actor, project, row, form.plan(), values["version"])

    return answer_form(form_page, form, act, _("Série enregistrée."), stored=row)


def _participant_goal(aims: Sequence[queries.GroupParticipation]) -> int | None:
    return next((aim.participant_goal for aim in aims), None)


@bp.route(f"{ROUND_PATH}/copy", methods=["GET", "POST"])
def copy(slug: str, number: int) -> Response:
    """The next round: what it tries and with which tasks is there already."""
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    versions = list_version_choices(actor, project)
    form = make_form(CopyForm, versions, title=row.title, prototype=versions[0].number)
    form_page = FormPage(
        title=_("Reprendre la série %(n)s", n=number),
        lead=_("Tâches, publics, déroulé et consentement sont repris ; les séances, non."),
        trail=round_trail(project, row),
        step=_("Reprendre"),
        yes=_("Reprendre pour cette version"),
        advice=(_("Les mêmes tâches sur deux versions disent si l’on a progressé."),),
    )

    def act(_values: dict[str, Any]) -> TestRound:
        version = form.versions[form.prototype.data]
        return commands.copy_round(actor, project, row, version, form.title.data or "")

    def on_success(round_: TestRound) -> tuple[str, str]:
        return _("Série %(n)s prête : relisez-la.", n=round_.number), _round_url(project, round_)

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{ROUND_PATH}/access", methods=["GET", "POST"])
def count_access(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    form = make_form(AccessNeedsForm, obj=row)
    form_page = FormPage(
        title=_("Besoins d’accessibilité dans la série %(n)s", n=number),
        trail=round_trail(project, row),
        step=_("Accessibilité"),
        advice=(
            _("Voir, entendre, se servir de ses mains, lire, comprendre : comptez qui l’a dit."),
            _("À côté d’une personne, ce serait sa santé : le portail ne garde que le nombre."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        people, why = values["access_needs"], values["no_access_needs"]
        commands.count_access_needs(
            actor, project, row, people, why, expected_version=values["version"]
        )

    return answer_form(form_page, form, act, _("C’est noté."), stored=row)


@bp.post(f"{ROUND_PATH}/state")
def set_state(slug: str, number: int) -> Response:
    """Over, or open again."""
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    form = EndForm()

    def act(_values: dict[str, Any]) -> None:
        commands.end_round(actor, project, row, is_over=form.to.data == "over")

    def on_success(_result: None) -> Response:
        over = _("Série %(n)s terminée.", n=number)
        flash(over if row.ended_on else _("Série %(n)s rouverte.", n=number))
        return redirect_to_path(_round_url(project, row))

    def again(status: int) -> Response:
        faults = [str(error) for field in form for error in field.errors]
        return show_round(project, number, status, form.refused_because or " ".join(faults))

    return submit(form, act, on_success, again)


def round_trail(project: Project, row: TestRound | None = None) -> Trail:
    steps = [(_("Tests"), url_for("rounds.index", slug=project.slug))]
    if row is not None:
        steps.append((_("Série %(n)s", n=row.number), _round_url(project, row)))
    return build_trail(project, *steps)


def _round_url(project: Project, row: TestRound) -> str:
    return url_for("rounds.page", slug=project.slug, number=row.number)


def _form_page(
    project: Project,
    title: str,
    step: str,
    *,
    yes: str = "",
    lead: str = "",
    row: TestRound | None = None,
) -> FormPage:
    return FormPage(
        title=title,
        lead=lead,
        trail=round_trail(project, row),
        step=step,
        yes=yes,
        beside=(("starts_on", "ends_on"),),
        folded=("knowingly",),
        advice=(
            _("Cinq personnes d’un même public valent mieux que vingt de personne en particulier."),
            _("Pensez à qui lit mal, voit mal ou n’entend pas : invitez au moins l’un d’eux."),
            _("Une hypothèse utile peut être démentie : « la légende se voit en cinq secondes »."),
        ),
    )
