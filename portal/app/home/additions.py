"""What a person adds most from where they are: the menu "Ajouter"."""

from collections.abc import Sequence

from portal.app.home.policy import WorkplaceKind
from portal.app.home.programmes import find_current_led_programme
from portal.coaching.coach_notes import policy as coach_notes
from portal.coaching.recommendations import policy as recommendations
from portal.coaching.sessions.queries import can_log_session_today
from portal.oversight.decisions import policy as decisions
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.user_tests.findings import policy as findings


def list_addition_links(
    actor: Actor, workplace: WorkplaceKind | None, project: Project | None
) -> Sequence[NavigationLink]:
    """Links to forms that the actor may send; none where they add nothing."""
    if project is not None:
        key = "additions", project.id, rights_key(actor, project), clock.today()
        return cache_until_change(actor, key, lambda: _list_project_addition_links(actor, project))
    if workplace is WorkplaceKind.LEAD:
        return _list_lead_addition_links(actor)
    if workplace is WorkplaceKind.COACH:
        return [NavigationLink(_("Une séance avec une équipe"), path_to("desk.coaching"))]
    if workplace is WorkplaceKind.ADMINISTRATOR:
        return [
            NavigationLink(_("Un programme"), path_to("programmes.new_page")),
            NavigationLink(_("Une personne dans un programme"), path_to("directory.index")),
            NavigationLink(_("Un administrateur"), path_to("administrators.index")),
        ]
    return []


def _list_project_addition_links(actor: Actor, project: Project) -> Sequence[NavigationLink]:
    can_work = projects.can_write_team_work(actor, project)
    slug = project.slug
    offers = (
        (can_work, _("Un élément au carnet"), path_to("backlog.index", slug=slug)),
        (findings.can_write(actor, project), _("Un constat"), path_to("findings.add", slug=slug)),
        (can_work, _("Une série de tests"), path_to("rounds.index", slug=slug)),
        (can_work, _("Un risque"), path_to("risks.add", slug=slug)),
        (can_work, _("Une source de données"), path_to("data_sources.add", slug=slug)),
        (can_work, _("Une version du prototype"), path_to("prototypes.release", slug=slug)),
        (can_work, _("Une évaluation"), path_to("evaluation.write_protocol", slug=slug, run=1)),
        (can_work, _("Un fichier"), path_to("project_files.index", slug=slug, field="file")),
        (
            decisions.can_ask(actor, project),
            _("Une décision à demander"),
            path_to("decisions.ask", slug=slug),
        ),
        (can_log_session_today(actor, project), _("Une séance"), path_to("coaching.add", slug=slug)),
        (
            recommendations.can_recommend(actor, project),
            _("Une recommandation"),
            path_to("recommendations.add", slug=slug),
        ),
        (
            coach_notes.can_read(actor, project),
            _("Une note de coachs"),
            path_to("coach_notes.add", slug=slug),
        ),
    )
    return [NavigationLink(label, path) for is_open, label, path in offers if is_open]


def _list_lead_addition_links(actor: Actor) -> Sequence[NavigationLink]:
    """In the programme that the lead works in."""
    slug = find_current_led_programme(actor)
    if slug is None:
        return []
    return [
        NavigationLink(_("Une équipe"), path_to("projects.new", programme=slug)),
        NavigationLink(_("Une personne"), f"{path_to('programmes.page', slug=slug, role='')}#invitations"),
        NavigationLink(_("Une séance collective"), path_to("gatherings.add", slug=slug)),
        NavigationLink(_("Un comité"), path_to("committees.plan", slug=slug)),
    ]
