"""The versions of a project's prototype: the list, one version with its discussion, the forms."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import files_of, open_to_write, show_list, trail
from portal.prototypes import commands, policy, queries, words
from portal.prototypes.forms import NewVersionForm, VersionForm
from portal.prototypes.models import PrototypeVersion
from portal.sprints.queries import find_active
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.render import render

bp = Blueprint("prototypes", __name__, url_prefix="/projects/<slug>/file/prototypes")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_versions(actor, project, asked_page())
    return show_list(
        "prototypes/index.html",
        project,
        found=found,
        sprints=queries.sprint_numbers(found.rows),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    version, sprint = queries.read_version(actor, project, number)
    return render(
        "prototypes/version.html",
        fragment="discussion",
        project=project,
        version=version,
        sprint=sprint,
        can_write=policy.can_write(actor, project),
        words=words,
        **files_of(project, version),
        **beside(version.discussion_id),
    )


@bp.route("/new", methods=["GET", "POST"])
def release(slug: str) -> Response:
    project = open_to_write(slug)
    sprints = queries.list_sprint_choices(actor, project)
    form = fresh(NewVersionForm, sprints, **_usual(project))
    asked = _form_page(project, _("Sortir une version"), _("Sortir"), _("Sortir la version"))

    def act(_values: dict[str, Any]) -> PrototypeVersion:
        return commands.release_version(actor, project, form.facts())

    def done(version: PrototypeVersion) -> tuple[str, str]:
        n = version.number
        return _("Version %(n)s sortie.", n=n), url_for(".page", slug=slug, number=n)

    return ask(asked, form, act, done)


def _usual(project: Project) -> dict[str, Any]:
    """What rarely changes from one version to the next."""
    active = find_active(project)
    usual: dict[str, Any] = {"released_on": clock.today_here()}
    usual["sprint"] = active.number if active else 0
    last = queries.find_latest_version(actor, project)
    if last is not None:
        same = ("link", "automation", "exposure", "model_family", "model_provider")
        usual |= {name: getattr(last, name) for name in same}
    return usual


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    version = queries.get_version(actor, project, number)
    sprints = queries.list_sprint_choices(actor, project)
    form = fresh(VersionForm, sprints, obj=version)
    title = _("Modifier la version %(n)s", n=number)
    asked = _form_page(project, title, _("Modifier"), version=version)

    def act(values: dict[str, Any]) -> None:
        commands.change_version(actor, project, version, form.facts(), values["version"])

    return ask(asked, form, act, _("Version enregistrée."), stored=version)


def _form_page(
    project: Project,
    title: str,
    step: str,
    yes: str = "",
    *,
    version: PrototypeVersion | None = None,
) -> FormPage:
    steps = [(_("Prototype"), url_for(".index", slug=project.slug))]
    if version is not None:
        n = version.number
        steps.append((_("Version %(n)s", n=n), url_for(".page", slug=project.slug, number=n)))
    return FormPage(
        title=title,
        trail=trail(project, *steps),
        step=step,
        yes=yes,
        beside=(("link", "recording"), ("model_family", "model_provider")),
        advice=(
            _("Une version est ce que quelqu’un d’autre que l’équipe peut essayer ou voir."),
            _("Décider davantage, ou toucher des usagers, rouvre les questions d’éthique."),
        ),
    )
