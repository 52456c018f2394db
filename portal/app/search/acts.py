"""What a person may do where they are, by its name: each leads to the form or the page of the act."""

from collections.abc import Iterator, Sequence

from portal.app.home.additions import list_addition_links
from portal.app.home.policy import WorkplaceKind, list_workplaces
from portal.app.search.words import name_matches_in_any_language
from portal.coaching.recommendations import policy as recommendations
from portal.coaching.sessions.queries import can_log_session_today
from portal.collaboration.search.query_rules import WordQuery
from portal.oversight.decisions import policy as decisions
from portal.oversight.gates import policy as gates
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.platform.web.page_shell import NavigationLink
from portal.platform.web.urls import path_to
from portal.project.framing import policy as framing
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.sprints.sprints import policy as sprints
from portal.sprints.sprints.queries import find_active_sprint, find_next_planned_sprint
from portal.user_tests.findings import policy as findings
from portal.user_tests.rounds import policy as rounds


def find_action_links(actor: Actor, project: Project | None, query: WordQuery) -> Sequence[NavigationLink]:
    """The acts whose name answers a query, those of the project first."""
    links = [
        *(_iterate_sprint_action_links(actor, project) if project else ()),
        *(_list_project_action_links(actor, project) if project else ()),
        *_iterate_addition_action_links(actor, project),
        *_iterate_role_action_links(actor),
        *_list_account_action_links(),
    ]
    by_url = {link.url: link for link in reversed(links) if name_matches_in_any_language(link.label, query)}
    return list(reversed(by_url.values()))


def _iterate_sprint_action_links(actor: Actor, project: Project) -> Iterator[NavigationLink]:
    if not projects.can_write_team_work(actor, project):
        return
    slug = project.slug
    active, planned = find_active_sprint(project), find_next_planned_sprint(project)
    if active and sprints.can_close(actor, project, active):
        where = {"slug": slug, "number": active.number}
        yield NavigationLink(_("Clore le sprint"), path_to("sprint_log.close_page", **where))
        yield NavigationLink(_("Terminer le sprint"), path_to("sprint_log.close_page", **where))
        yield NavigationLink(_("Choisir les éléments du sprint"), path_to("sprint_scope.page", **where))
    if planned and not active and sprints.can_start(actor, project, planned):
        where = {"slug": slug, "number": planned.number}
        yield NavigationLink(_("Démarrer le sprint"), path_to("sprints.start_page", **where))
    if sprints.can_plan(actor, project):
        yield NavigationLink(_("Prévoir un sprint"), path_to("sprints.plan_page", slug=slug))


def _list_project_action_links(actor: Actor, project: Project) -> Sequence[NavigationLink]:
    can_work, can_frame = projects.can_write_team_work(actor, project), framing.can_write(actor, project)
    offers = (
        (can_work, _("Demander de l’aide"), "help.ask"),
        (findings.can_write(actor, project), _("Noter un constat"), "findings.add"),
        (can_work, _("Ouvrir une revue éthique"), "review_desk.open_one"),
        (can_frame, _("Poser une hypothèse"), "assumptions.add"),
        (can_frame, _("Noter un entretien"), "interviews.add"),
        (can_frame, _("Ajouter un public"), "groups.add"),
        (can_frame, _("Définir un indicateur d’impact"), "impact.define"),
        (rounds.can_write(actor, project), _("Préparer une série de tests"), "rounds.plan"),
        (can_work, _("Inscrire un risque"), "risks.add"),
        (can_work, _("Ajouter une version du prototype"), "prototypes.release"),
        (can_work, _("Importer un carnet"), "imports.show_upload_page"),
        (projects.can_edit(actor, project), _("Modifier la présentation du projet"), "projects.edit_page"),
        (projects.can_change_state(actor, project), _("Changer l’état du projet"), "projects.state_page"),
        (decisions.can_ask(actor, project), _("Demander une décision"), "decisions.ask"),
        (can_log_session_today(actor, project), _("Noter une séance d’accompagnement"), "coaching.add"),
        (recommendations.can_recommend(actor, project), _("Recommander"), "recommendations.add"),
        (projects.can_invite(actor, project), _("Inviter dans l’équipe"), "team.index#invite"),
        (projects.can_assign_coaches_and_tracks(actor, project), _("Affecter un coach"), "team.index#coach"),
        (gates.may_accept_some_gate(actor, project), _("Accepter ou refuser un jalon"), "gates.index"),
        (gates.can_waive(actor, project), _("Dispenser d’un jalon"), "gates.index"),
    )
    return [
        NavigationLink(label, _build_project_path_with_anchor(endpoint, project))
        for is_open, label, endpoint in offers
        if is_open
    ]


def _build_project_path_with_anchor(endpoint: str, project: Project) -> str:
    """The path of an endpoint of a project, with the part of its page after `#`."""
    name, mark, anchor = endpoint.partition("#")
    return path_to(name, slug=project.slug) + mark + anchor


def _iterate_addition_action_links(actor: Actor, project: Project | None) -> Iterator[NavigationLink]:
    """What one may add, here or in one's roles, as one asks for it."""
    places = [(None, project)] if project else []
    for workplace, here in [*places, *((workplace, None) for workplace in list_workplaces(actor))]:
        for link in list_addition_links(actor, workplace, here):
            yield NavigationLink(_("Ajouter : %(what)s", what=lower_first(link.label)), link.url)
            if link.label in (_("Une personne"), _("Un administrateur")):
                yield NavigationLink(_("Inviter : %(what)s", what=lower_first(link.label)), link.url)


def _iterate_role_action_links(actor: Actor) -> Iterator[NavigationLink]:
    """Acts whose page lists for what they are waited for."""
    if gates.has_role_accepting_some_gate(actor):
        yield NavigationLink(_("Accepter ou refuser les jalons demandés"), path_to("to_decide.index"))
    workplaces = list_workplaces(actor)
    if WorkplaceKind.OPERATOR in workplaces:
        yield NavigationLink(_("Enregistrer un paiement"), path_to("operator_desk.index"))
        yield NavigationLink(_("Noter un versement"), path_to("operator_desk.index"))
    if WorkplaceKind.JUROR in workplaces:
        yield NavigationLink(_("Déclarer un conflit d’intérêts"), path_to("scoring.index"))


def _list_account_action_links() -> Sequence[NavigationLink]:
    return [
        NavigationLink(_("Changer de mot de passe"), f"{path_to('accounts.profile')}#password"),
        NavigationLink(_("Choisir ce qui me prévient"), path_to("preferences.page")),
        NavigationLink(_("Exporter mes données"), path_to("privacy.index")),
    ]
