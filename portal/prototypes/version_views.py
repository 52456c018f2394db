"""The versions of a project's prototype: the list, one version with its discussion, the forms."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import files_of, open_to_write, trail
from portal.prototypes import commands, policy, queries, words
from portal.prototypes.forms import NewVersionForm, VersionForm
from portal.prototypes.models import PrototypeVersion
from portal.sprints.queries import find_active
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page
from portal.web.render import render

bp = Blueprint("prototypes", __name__, url_prefix="/projects/<slug>/file/prototypes")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_versions(actor, project, asked_page())
    return render(
        "prototypes/index.html",
        fragment="versions",
        project=project,
        found=found,
        sprints=queries.sprint_numbers(found.rows),
        can_write=policy.can_write(actor, project),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
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
    if request.method in SAFE_METHODS:
        form = NewVersionForm(sprints, formdata=None, data=_usual(project))
    else:
        form = NewVersionForm(sprints)
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
    usual: dict[str, Any] = {"released_on": clock.today()}
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
    if request.method in SAFE_METHODS:
        form = VersionForm(sprints, formdata=None, obj=version)
    else:
        form = VersionForm(sprints)
    title = _("Modifier la version %(n)s", n=number)
    asked = _form_page(project, title, _("Modifier"), _("Enregistrer"), version)

    def act(values: dict[str, Any]) -> None:
        commands.change_version(actor, project, version, form.facts(), values["version"])

    def done(_made: None) -> tuple[str, str]:
        return _("Version enregistrée."), asked.back

    return ask(asked, form, act, done, stored=version)


def _form_page(
    project: Project, title: str, step: str, yes: str, version: PrototypeVersion | None = None
) -> FormPage:
    all_ = url_for("prototypes.index", slug=project.slug)
    back, above = all_, []
    if version is not None:
        back = url_for("prototypes.page", slug=project.slug, number=version.number)
        above = [(_("Version %(n)s", n=version.number), back)]
    return FormPage(
        title=title,
        trail=trail(project, (_("Prototype"), all_), *above),
        step=step,
        yes=yes,
        back=back,
        draft=f"version-{project.slug}-{version.number if version else 0}",
        beside=(("link", "recording"), ("model_family", "model_provider")),
        advice=(
            _("Une version est ce que quelqu’un d’autre que l’équipe peut essayer ou voir."),
            _("Décider davantage, ou toucher des usagers, rouvre les questions d’éthique."),
        ),
    )
