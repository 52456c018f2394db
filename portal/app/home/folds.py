"""The folded parts of a project's page: a title, a summary worth reading closed, lines and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.app.home.people import TeamPanel
from portal.app.home.snapshot import ProjectSnapshot
from portal.coaching.coach_notes.policy import can_read as can_read_notes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import ago, day
from portal.platform.web.urls import path_to
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectState
from portal.project.projects.section_queries import ProjectFoldKind, SectionLine
from portal.sprints.sprints.labels import OUTCOMES

TITLES: Mapping[ProjectFoldKind, LazyString] = {
    ProjectFoldKind.FRAMING: _l("Problème, publics, mesures d’impact"),
    ProjectFoldKind.DATA: _l("Données"),
    ProjectFoldKind.TESTS: _l("Prototype et tests"),
    ProjectFoldKind.ETHICS: _l("Éthique et risques"),
    ProjectFoldKind.SPRINTS: _l("Sprints"),
    ProjectFoldKind.COACHING: _l("Coachs, séances, décisions"),
    ProjectFoldKind.TEAM: _l("Équipe"),
    ProjectFoldKind.RECORDS: _l("Fichiers, rapport, carte publique"),
    ProjectFoldKind.ACTIVITY: _l("Activité"),
}
# More pages of each fold: label, endpoint and fixed values of its address.
_LINKS: Mapping[ProjectFoldKind, Sequence[tuple[LazyString, str]]] = {
    ProjectFoldKind.TESTS: (
        (_l("Couverture des versions"), "test_figures.coverage"),
        (_l("Évolution des tests"), "test_figures.trend"),
    ),
    ProjectFoldKind.SPRINTS: (
        (_l("Tous les sprints"), "sprints.index"),
        (_l("Tableau"), "sprint_board.page"),
        (_l("Carnet"), "backlog.index"),
        (_l("Chiffres"), "sprint_figures.page"),
        (_l("Actions de rétrospective"), "actions.index"),
        (_l("Démonstrations"), "demonstrations.index"),
    ),
    ProjectFoldKind.TEAM: ((_l("L’équipe et ceux qui l’accompagnent"), "team.index"),),
    ProjectFoldKind.ACTIVITY: (
        (_l("Tout ce qui s’est passé"), "projects.activity"),
        (_l("Discussions"), "projects.discussions"),
        (_l("Échanges ouverts"), "threads.index"),
    ),
}


@dataclass(frozen=True)
class PageFold:
    """A folded part; `links` are (label, URL)."""

    code: str
    title: str
    summary: str
    lines: Sequence[SectionLine]
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ProjectFoldFacts:
    """What the project's own row says, for the folds."""

    organisation: str
    problem: str
    users_aimed_at: str
    starts_on: date
    ends_on: date
    demonstration_url: str
    repository_url: str
    stop_reason: str
    learnings: str
    is_active: bool
    is_stopped: bool

    @classmethod
    def of(cls, project: Project) -> "ProjectFoldFacts":
        """The texts of a loaded project."""
        return cls(
            project.organisation,
            project.problem,
            project.users_aimed_at,
            project.starts_on,
            project.ends_on,
            project.demonstration_url,
            project.repository_url,
            project.stop_reason,
            project.learnings,
            project.state is ProjectState.ACTIVE,
            project.state is ProjectState.STOPPED,
        )


@dataclass(frozen=True)
class NewsSinceVisit:
    """How much others did since the reader's last visit, which ended at `since`."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class FoldSummaryFacts:
    """What the summaries tell beside the lines of the features."""

    snapshot: ProjectSnapshot
    people: TeamPanel
    news: NewsSinceVisit


def build_folds(
    actor: Actor,
    project: Project,
    lines: Mapping[ProjectFoldKind, Sequence[SectionLine]],
    facts: FoldSummaryFacts,
) -> Sequence[PageFold]:
    """All folds, in their order, of a project that the actor may see."""
    summaries = {
        ProjectFoldKind.SPRINTS: _summarise_sprints(
            facts.snapshot, goes_on=policy.is_project_active(project)
        ),
        ProjectFoldKind.TEAM: _summarise_team(facts.people),
        ProjectFoldKind.ACTIVITY: _summarise_news(facts.news),
    }
    return [
        PageFold(
            fold.value,
            str(title),
            summaries.get(fold) or _summarise_fold_lines(lines.get(fold, ())),
            lines.get(fold, ()),
            _list_fold_links(actor, project, fold),
        )
        for fold, title in TITLES.items()
    ]


def _list_fold_links(actor: Actor, project: Project, fold: ProjectFoldKind) -> Sequence[tuple[str, str]]:
    links = [(str(label), path_to(endpoint, slug=project.slug)) for label, endpoint in _LINKS.get(fold, ())]
    if fold is ProjectFoldKind.COACHING and can_read_notes(actor, project):
        links.append((_("Notes de coachs"), path_to("coach_notes.index", slug=project.slug)))
    if fold is ProjectFoldKind.FRAMING and policy.can_edit(actor, project):
        links.append((_("Modifier la présentation"), path_to("projects.edit_page", slug=project.slug)))
    if fold is ProjectFoldKind.RECORDS and policy.can_change_state(actor, project):
        links.append((_("Changer l’état du projet"), path_to("projects.state_page", slug=project.slug)))
    return links


def _summarise_fold_lines(lines: Sequence[SectionLine]) -> str:
    """What there is, then what is missing."""
    parts = [line.brief for line in lines if line.brief]
    missing = [line.title for line in lines if line.is_missing and not line.brief]
    if missing:
        titles = ", ".join(lower_first(title) for title in missing)
        parts.append(_("rien encore : %(titles)s", titles=titles))
    return " · ".join(parts)


def _summarise_sprints(snapshot: ProjectSnapshot, *, goes_on: bool) -> str:
    last, planned = snapshot.last, snapshot.planned
    parts = [ngettext("%(num)s clos", "%(num)s clos", snapshot.closed_count)] if last else []
    if last is not None and last.outcome is not None:
        outcome = lower_first(OUTCOMES[last.outcome])
        parts.append(_("le dernier : %(outcome)s", outcome=outcome))
    if planned is not None and goes_on:
        on = day(planned.starts_on)
        parts.append(_("sprint %(n)s prévu le %(day)s", n=planned.number, day=on))
    return " · ".join(parts) or _("aucun sprint clos pour l’instant")


def _summarise_team(people: TeamPanel) -> str:
    if not people.size:
        return _("personne pour l’instant")
    parts = [ngettext("%(num)s personne", "%(num)s personnes", people.size)]
    if not people.has_lead:
        parts.append(_("sans porteur de projet"))
    if not people.reviewers:
        parts.append(_("sans relecteur éthique"))
    return " · ".join(parts)


def _summarise_news(news: NewsSinceVisit) -> str:
    if news.since is None:
        return _("tout ce qui se passe dans le projet")
    when = ago(news.since)
    if not news.count:
        return _("rien de nouveau depuis votre visite, %(when)s", when=when)
    return ngettext(
        "%(num)s fait nouveau depuis votre visite, %(when)s",
        "%(num)s faits nouveaux depuis votre visite, %(when)s",
        news.count,
        when=when,
    )
