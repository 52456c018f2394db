"""Rounds of tests: the list, a round's own page, and the forms that plan, copy and end it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.discussions.views import beside
from portal.framing.models import TargetGroup
from portal.framing.queries import list_groups
from portal.kernel.errors import TooLate
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.revisions import list_revisions
from portal.projects.workplace import Trail, files_of, open_to_write, show_list, trail
from portal.prototypes.queries import find_latest_version, list_version_choices
from portal.user_tests import chapters, commands, policy, queries, words
from portal.user_tests.forms import AccessForm, CopyForm, EndForm, NewRoundForm, RoundForm
from portal.user_tests.models import Method, Scale, TestRound
from portal.user_tests.workplace import results_of
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("rounds", __name__, url_prefix="/projects/<slug>/tests")
ONE = "/<int(max=9999):number>"
USUAL = 5  # participants of a target group


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "user_tests/index.html",
        project,
        found=queries.read_rounds(actor, project, asked_page()),
        can_write=policy.can_write(actor, project),
        latest=find_latest_version(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return show(get_project(actor, slug), number)


def show(project: Project, number: int, status: int = 200, refused: str | None = None) -> Response:
    """A round's page; `refused` says why something asked there was not done."""
    told = queries.read_round(actor, project, number)
    row = told.round
    aims, tasks = queries.list_aims(row), queries.list_tasks(row)
    still = {"has_sessions": bool(told.sessions)}
    return render(
        "user_tests/round.html",
        fragment="discussion",
        status=status,
        refused=refused,
        project=project,
        told=told,
        aims=aims,
        tasks=tasks,
        consents=queries.list_consents(row),
        lacks=words.missing(told, aims, tasks),
        can_write=policy.can_write(actor, project),
        can_remove=policy.can_remove(actor, project, has_sessions=bool(told.sessions)),
        can_change_tasks=policy.can_change_tasks(actor, project, row, **still),
        words=words,
        matters=chapters.tell(actor, project, row),
        **results_of(project, row, tasks),
        **files_of(project, row),
        **beside(row.discussion_id),
    )


@bp.get(f"{ONE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    row = queries.get_round(actor, project, number)
    ids = [row.id, *(task.id for task in queries.list_tasks(row))]
    ids += [text.id for text in queries.list_consents(row).values()]
    return render(
        "user_tests/history.html",
        project=project,
        title=_("Historique de la série %(n)s", n=number),
        trail=[*trail_to(project, row)],
        revisions=list_revisions(ids, words.DEEDS.keys()),
        labels=words.LABELS,
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    project = open_to_write(slug)
    versions = list_version_choices(actor, project)
    if not versions:
        raise TooLate(_("Un test porte sur une version du prototype : sortez-en une d’abord."))
    groups = [one for one in list_groups(actor, project) if one.left_on is None]
    form = fresh(NewRoundForm, versions, groups, **_usual(project, groups))
    asked = _form_page(
        project,
        _("Préparer une série de tests"),
        _("Préparer"),
        yes=_("Préparer la série"),
        lead=_("Les tâches et le consentement viennent juste après."),
    )

    def act(_values: dict[str, Any]) -> TestRound:
        return commands.plan_round(actor, project, form.plan())

    def done(made: TestRound) -> tuple[str, str]:
        return _("Série %(n)s préparée.", n=made.number), _address(project, made)

    return ask(asked, form, act, done)


def _usual(project: Project, groups: Sequence[TargetGroup]) -> dict[str, Any]:
    """What the last round did, else what most do; the latest version, every group aimed at."""
    last = queries.find_last_round(actor, project)
    latest = find_latest_version(actor, project)
    usual = {
        "prototype": latest.number if latest else None,
        "groups": [one.number for one in groups],
        "wanted": USUAL,
        "method": Method.MODERATED,
        "scale": Scale.F_SUS,
    }
    if last is not None:
        usual |= {name: getattr(last, name) for name in ("method", "scale", "script")}
    return usual


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    aims = queries.list_aims(row)
    held = {aim.group.id for aim in aims}
    groups = [one for one in list_groups(actor, project) if one.left_on is None or one.id in held]
    chosen = {"groups": [aim.group.number for aim in aims], "wanted": _wanted(aims)}
    form = fresh(RoundForm, list_version_choices(actor, project), groups, obj=row, **chosen)
    asked = _form_page(project, _("Modifier la série %(n)s", n=number), _("Modifier"), row=row)

    def act(values: dict[str, Any]) -> None:
        commands.change_round(actor, project, row, form.plan(), values["version"])

    return ask(asked, form, act, _("Série enregistrée."), stored=row)


def _wanted(aims: Sequence[queries.Aim]) -> int | None:
    return next((aim.wanted for aim in aims), None)


@bp.route(f"{ONE}/copy", methods=["GET", "POST"])
def copy(slug: str, number: int) -> Response:
    """The next round: what it tries and with which tasks is there already."""
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    versions = list_version_choices(actor, project)
    form = fresh(CopyForm, versions, title=row.title, prototype=versions[0].number)
    asked = FormPage(
        title=_("Reprendre la série %(n)s", n=number),
        lead=_("Tâches, publics, déroulé et consentement sont repris ; les séances, non."),
        trail=trail_to(project, row),
        step=_("Reprendre"),
        yes=_("Reprendre pour cette version"),
        advice=(_("Les mêmes tâches sur deux versions disent si l’on a progressé."),),
    )

    def act(_values: dict[str, Any]) -> TestRound:
        version = form.versions[form.prototype.data]
        return commands.copy_round(actor, project, row, version, form.title.data or "")

    def done(made: TestRound) -> tuple[str, str]:
        return _("Série %(n)s prête : relisez-la.", n=made.number), _address(project, made)

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/access", methods=["GET", "POST"])
def count_access(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    form = fresh(AccessForm, obj=row)
    asked = FormPage(
        title=_("Besoins d’accessibilité dans la série %(n)s", n=number),
        trail=trail_to(project, row),
        step=_("Accessibilité"),
        advice=(
            _("Voir, entendre, se servir de ses mains, lire, comprendre : comptez qui l’a dit."),
            _("À côté d’une personne, ce serait sa santé : le portail ne garde que le nombre."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        people, why = values["access_needs"], values["no_access_needs"]
        commands.count_access_needs(actor, project, row, people, why, seen=values["version"])

    return ask(asked, form, act, _("C’est noté."), stored=row)


@bp.post(f"{ONE}/state")
def set_state(slug: str, number: int) -> Response:
    """Over, or open again."""
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    form = EndForm()

    def act(_values: dict[str, Any]) -> None:
        commands.end_round(actor, project, row, is_over=form.to.data == "over")

    def done(_made: None) -> Response:
        over = _("Série %(n)s terminée.", n=number)
        flash(over if row.ended_on else _("Série %(n)s rouverte.", n=number))
        return see_path(_address(project, row))

    def again(status: int) -> Response:
        faults = [str(error) for field in form for error in field.errors]
        return show(project, number, status, form.refused_because or " ".join(faults))

    return submit(form, act, done, again)


def trail_to(project: Project, row: TestRound | None = None) -> Trail:
    steps = [(_("Tests"), url_for("rounds.index", slug=project.slug))]
    if row is not None:
        steps.append((_("Série %(n)s", n=row.number), _address(project, row)))
    return trail(project, *steps)


def _address(project: Project, row: TestRound) -> str:
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
        trail=trail_to(project, row),
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
