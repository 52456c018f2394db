"""The priorities of a project, for its team's home and the top of its page."""

from collections.abc import Sequence
from datetime import date

from flask import url_for

from portal.app.home.queries import ProjectSnapshot, read_project_snapshot
from portal.coaching.recommendations.models import RecommendationStage
from portal.ethics.rereviews.project_section_views import list_matters as list_rereview_priorities
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import ago, day, days_left
from portal.project.framing.queries import OpenAssumption
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.sprints.backlog.queries import BlockedItem
from portal.sprints.ceremonies import labels as ceremonies
from portal.sprints.ceremonies.action_queries import OpenAction
from portal.sprints.prototypes import labels as prototypes
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints import labels as sprints
from portal.sprints.sprints.models import Blocker, Sprint
from portal.user_tests.findings import attention_views as findings
from portal.user_tests.rounds import labels as user_tests

DATES = 6
HIGH_RISK = 4  # of 5: from here on, the project as a whole is at stake
_OUTCOME_KINDS = {"met": "success", "partly": "info", "missed": "error"}


def list_priorities(actor: Actor, project: Project) -> Sequence[PriorityGroup]:
    """The priorities of a project that the actor may see, read in one statement."""
    return list_priorities_from(actor, project, read_project_snapshot(project))


def list_priorities_from(
    actor: Actor, project: Project, snapshot: ProjectSnapshot
) -> Sequence[PriorityGroup]:
    """The priorities of a snapshot: the sprint, blockers, open matters, next dates."""
    builder = _PriorityBuilder(project, snapshot, can_work=projects.can_work(actor, project))
    return [
        builder.sprint(),
        builder.blocked(),
        *builder.findings(),
        *builder.reviews(),
        *list_rereview_priorities(project, snapshot.to_answer, snapshot.to_confirm),
        *builder.advice(),
        builder.dates(),
        builder.actions(),
        builder.prototype(),
        builder.assumptions(),
    ]


class _PriorityBuilder:
    def __init__(self, project: Project, snapshot: ProjectSnapshot, *, can_work: bool) -> None:
        self.project = project
        self.slug = project.slug
        self.snapshot = snapshot
        self.can_work = can_work

    def _start_point(self, text: str, endpoint: str) -> PriorityLine | None:
        """The first step where there is nothing yet, for those who may work on the project."""
        return PriorityLine(text=text, url=url_for(endpoint, slug=self.slug)) if self.can_work else None

    def _sprint_url(self, sprint: Sprint) -> str:
        return url_for("sprints.page", slug=self.slug, number=sprint.number)

    def sprint(self) -> PriorityGroup:
        snapshot, points = self.snapshot, []
        active, planned, last = snapshot.active, snapshot.planned, snapshot.last
        if active is not None:
            goal = _("But : %(goal)s", goal=active.goal)
            points.append(PriorityLine(text=goal, url=self._sprint_url(active)))
            board = url_for("sprint_board.page", slug=self.slug)
            points.append(PriorityLine(text=_("Ouvrir le tableau du sprint"), url=board))
            if active.drafted_at and self.can_work:
                close = url_for("sprint_log.close_page", slug=self.slug, number=active.number)
                when = ago(active.drafted_at)
                text = _("Reprendre le brouillon commencé %(when)s", when=when)
                points.append(PriorityLine(text=text, url=close))
        if planned is not None:
            text = _("Sprint %(number)s : %(goal)s", number=planned.number, goal=planned.goal)
            url, start_note = (self._sprint_url(planned), _("dès le %(day)s", day=day(planned.starts_on)))
            badge = _("Ensuite") if active else _("Prêt")
            points.append(PriorityLine(text=text, url=url, note=start_note, badge=badge))
        if last is not None and last.outcome is not None:
            closed = _("Clos %(when)s.", when=ago(last.closed_at)) if last.closed_at else ""
            points.append(
                PriorityLine(
                    text=_("Sprint %(number)s : %(goal)s", number=last.number, goal=last.summary),
                    url=self._sprint_url(last),
                    note=closed,
                    badge=str(sprints.OUTCOMES[last.outcome]),
                    kind=_OUTCOME_KINDS[last.outcome],
                )
            )
        if active is not None:
            left = days_left(active.ends_on)
            title = _("Sprint %(number)s : %(left)s", number=active.number, left=left)
            return PriorityGroup(title=title, points=points)
        nothing = _("Aucun sprint n’est en cours.")
        start = None if planned else self._start_point(_("Planifier le prochain"), "sprints.plan_page")
        return PriorityGroup(title=_("Le sprint"), points=points, nothing=nothing, start=start)

    def blocked(self) -> PriorityGroup:
        points = [self._blocked_item_point(item) for item in self.snapshot.blocked]
        last = self.snapshot.last
        if last is not None and last.blocker is not Blocker.NONE:
            kind = str(sprints.BLOCKERS[last.blocker])
            points.append(
                PriorityLine(
                    text=last.blocker_text or kind,
                    url=self._sprint_url(last),
                    note=_("dit à la fin du sprint %(n)s", n=last.number),
                    badge=_("Aide demandée") if last.help_wanted else kind,
                    kind="warning",
                )
            )
        nothing = "" if points else _("Rien n’est signalé comme bloqué.")
        return PriorityGroup(title=_("Ce qui bloque"), points=points, nothing=nothing)

    def _blocked_item_point(self, item: BlockedItem) -> PriorityLine:
        url = url_for("items.page", slug=self.slug, number=item.number)
        blocked = _("Bloqué")
        return PriorityLine(text=item.title, url=url, note=item.block_reason, badge=blocked, kind="error")

    def findings(self) -> Sequence[PriorityGroup]:
        """Severe findings, from the first test on."""
        return (
            [findings.severe_findings_matter(self.project, self.snapshot.severe)]
            if self.snapshot.tested
            else []
        )

    def reviews(self) -> Sequence[PriorityGroup]:
        """Ethics reviews that the team has to complete; no group without any."""
        points = [
            PriorityLine(
                text=_("Revue %(n)s", n=review.number),
                url=url_for("reviews.page", slug=self.slug, number=review.number),
                badge=_("À compléter") if review.round > 1 else _("En préparation"),
                kind="warning" if review.round > 1 else None,
            )
            for review in self.snapshot.drafts
        ]
        return [PriorityGroup(title=_("Revues éthiques"), points=points)] if points else []

    def advice(self) -> Sequence[PriorityGroup]:
        """Recommendations that wait for the team; no group without any."""
        points = []
        for recommendation in self.snapshot.advice:
            url = url_for("recommendations.page", slug=self.slug, number=recommendation.number)
            waits = recommendation.stage is RecommendationStage.PROPOSED
            note = _("à accepter ou à décliner") if waits else _("à faire")
            if recommendation.due_on is not None:
                note = _("%(note)s, pour le %(day)s", note=note, day=day(recommendation.due_on))
            badge, kind = (_("À répondre"), "warning") if waits else ("", None)
            points.append(PriorityLine(text=recommendation.what, url=url, note=note, badge=badge, kind=kind))
        return [PriorityGroup(title=_("Recommandations de vos coachs"), points=points)] if points else []

    def dates(self) -> PriorityGroup:
        """The next dates, overdue ones first."""
        coming: list[tuple[date, str, str]] = []
        today = clock.today()
        if (active := self.snapshot.active) is not None:
            text = _("fin du sprint %(number)s", number=active.number)
            coming.append((active.ends_on, text, self._sprint_url(active)))
        if (planned := self.snapshot.planned) is not None:
            text = _("début du sprint %(number)s", number=planned.number)
            coming.append((planned.starts_on, text, self._sprint_url(planned)))
        for action in self.snapshot.actions:
            coming.append((action.due_on, action.title, self._action_url(action)))
        for measure in self.snapshot.measures:
            url = url_for("mitigations.page", slug=self.slug, number=measure.number)
            text = _("mesure contre un risque : %(what)s", what=measure.what)
            coming.append((measure.due_on, text, url))
        for condition in self.snapshot.conditions:
            url = url_for("review_conditions.page", slug=self.slug, number=condition.number)
            text = _("condition d’une revue éthique : %(what)s", what=condition.what)
            coming.append((condition.due_on, text, url))
        end = url_for("projects.page", slug=self.slug)
        coming.append((self.project.ends_on, _("fin de l’accompagnement"), end))
        points = [
            PriorityLine(
                text=_("%(day)s : %(what)s", day=day(on), what=label),
                url=url,
                badge=_("Date passée") if on < today else "",
                kind="warning",
            )
            for on, label, url in sorted(coming)[:DATES]
        ]
        return PriorityGroup(title=_("Prochaines dates"), points=points)

    def _action_url(self, action: OpenAction) -> str:
        return url_for("actions.page", slug=self.slug, number=action.number)

    def actions(self) -> PriorityGroup:
        points = [
            PriorityLine(
                text=action.title,
                url=self._action_url(action),
                note=ceremonies.owner_label_of(action.owner, is_there=action.is_owner_on_team),
                badge=ceremonies.open_since_label(action.sprints_open),
                kind="warning" if action.due_on < clock.today() else "info",
            )
            for action in self.snapshot.actions
        ]
        if points:
            return PriorityGroup(title=_("Actions de rétrospective"), points=points)
        nothing, start = _("Aucune action n’est ouverte."), None
        if self.snapshot.last is not None and self.can_work:
            number = self.snapshot.last.number
            url = url_for("retrospectives.page", slug=self.slug, number=number)
            start = PriorityLine(text=_("La rétrospective du sprint %(n)s", n=number), url=url)
        return PriorityGroup(title=_("Actions de rétrospective"), nothing=nothing, start=start)

    def prototype(self) -> PriorityGroup:
        version = self.snapshot.version
        if version is None:
            nothing = _("Aucune version n’est encore sortie.")
            start = self._start_point(_("Sortir la première"), "prototypes.release")
            return PriorityGroup(title=_("Prototype"), nothing=nothing, start=start)
        released = _("sortie le %(day)s", day=day(version.released_on))
        how = str(prototypes.AUTOMATIONS_IN_SHORT[version.automation]).lower()
        point = PriorityLine(
            text=_("Version %(n)s", n=version.number),
            url=url_for("prototypes.page", slug=self.slug, number=version.number),
            note=f"{released}, {how}",
        )
        return PriorityGroup(title=_("Prototype"), points=[point, *self._test_points(version)])

    def _test_points(self, version: PrototypeVersion) -> Sequence[PriorityLine]:
        """The last round of tests, or a link to plan the first."""
        last_round = self.snapshot.tested
        if last_round is None:
            prompt = _("Personne ne l’a encore essayée : préparer un test")
            start = self._start_point(prompt, "rounds.plan")
            return [start] if start else []
        state, kind = user_tests.state(last_round, self.snapshot.sessions)
        note = user_tests.sessions(self.snapshot.sessions)
        if last_round.prototype_version_id != version.id:
            note = _("%(sessions)s, sur une version d’avant", sessions=note)
        url = url_for("rounds.page", slug=self.slug, number=last_round.number)
        text = _("Série %(n)s : %(title)s", n=last_round.number, title=last_round.title)
        return [PriorityLine(text=text, url=url, note=note, badge=state, kind=kind)]

    def assumptions(self) -> PriorityGroup:
        points = [self._assumption_point(assumption) for assumption in self.snapshot.assumptions]
        if points:
            return PriorityGroup(title=_("Hypothèses les plus risquées"), points=points)
        return PriorityGroup(
            title=_("Hypothèses les plus risquées"),
            nothing=_("Aucune hypothèse n’est ouverte."),
            start=self._start_point(_("En poser une"), "assumptions.add"),
        )

    def _assumption_point(self, assumption: OpenAssumption) -> PriorityLine:
        url = url_for("assumptions.index", slug=self.slug)
        if self.can_work:
            url = url_for("assumptions.settle", slug=self.slug, number=assumption.number)
        return PriorityLine(
            text=assumption.statement,
            url=url,
            badge=_("Risque %(risk)s sur 5", risk=assumption.risk),
            kind="warning" if assumption.risk >= HIGH_RISK else None,
            note="" if assumption.test else _("sans test pour l’instant"),
        )
