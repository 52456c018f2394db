"""Versions of a project's prototype: the list, one version with its discussion, the forms."""

from typing import Any

from flask import Blueprint, Response

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.rereview_queries import add_opened_rereviews
from portal.project.projects.workspace_views import (
    attachments_context,
    get_writable_project,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)
from portal.sprints.prototypes import commands, labels, policy, queries
from portal.sprints.prototypes.forms import EditVersionForm, NewVersionForm
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.trial_queries import is_untried
from portal.sprints.sprints.queries import find_active_sprint

bp = Blueprint("prototypes", __name__, url_prefix="/projects/<slug>/file/prototypes")
VERSION_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    versions = queries.read_versions_page(actor, project, requested_page_number())
    return render_row_list(
        "sprints/prototypes/index.html",
        project,
        found=versions,
        sprints=queries.map_sprint_numbers(versions.rows),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(VERSION_PATH)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    version, sprint = queries.get_version_with_sprint(actor, project, number)
    can_write = policy.can_write(actor, project)
    return render(
        "sprints/prototypes/version.html",
        fragment="discussion",
        project=project,
        version=version,
        sprint=sprint,
        can_write=can_write,
        is_to_try=can_write and is_untried(project, version.number),
        labels=labels,
        **attachments_context(project, version),
        **discussion_context(version.discussion_id),
    )


@bp.route("/new", methods=["GET", "POST"])
def release(slug: str) -> Response:
    project = get_writable_project(slug)
    sprints = queries.list_selectable_sprints(actor, project)
    form = make_form(NewVersionForm, sprints, **_read_default_values(project))
    return write_page(
        _build_version_form_page(project, _("Sortir une version"), _("Sortir"), _("Sortir la version")),
        form,
        lambda _values: commands.release_version(actor, project, form.facts()),
        message=lambda version: add_opened_rereviews(_("Version %(n)s sortie.", n=version.number), project),
        to=lambda version: row_path(project, version),
    )


def _read_default_values(project: Project) -> dict[str, Any]:
    """Values prefilled from today, the sprint in progress and the latest version."""
    active = find_active_sprint(project)
    defaults: dict[str, Any] = {"released_on": clock.today_for_reader()}
    defaults["sprint"] = active.number if active else 0
    last = queries.find_latest_version(actor, project)
    if last is not None:
        names = ("link", "automation", "exposure", "model_family", "model_provider")
        defaults |= {name: getattr(last, name) for name in names}
    return defaults


@bp.route(f"{VERSION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, version = load_project_and_row_to_write(slug, number, queries.get_version)
    sprints = queries.list_selectable_sprints(actor, project)
    form = make_form(EditVersionForm, sprints, obj=version)
    title = _("Modifier la version %(n)s", n=number)
    return write_page(
        _build_version_form_page(project, title, _("Modifier"), version=version),
        form,
        lambda values: commands.change_version(actor, project, version, form.facts(), values["version"]),
        message=lambda _result: add_opened_rereviews(_("Version enregistrée."), project),
        stored=version,
    )


def _build_version_form_page(
    project: Project, title: str, step: str, yes: str = "", *, version: PrototypeVersion | None = None
) -> FormPage:
    label = _("Version %(n)s", n=version.number) if version else ""
    return FormPage(
        title=title,
        trail=section_trail(project, _("Prototype"), ".index", version, label),
        step=step,
        yes=yes,
        beside=(("link", "recording"), ("model_family", "model_provider")),
        advice=(
            _("Une version est ce que quelqu’un d’autre que l’équipe peut essayer ou voir."),
            _("Décider davantage, ou toucher des usagers, rouvre les questions d’éthique."),
        ),
    )
