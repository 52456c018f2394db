"""What matters now in a project, for its team's landing and the top of its page for all others."""

from collections.abc import Sequence
from datetime import date

from flask import url_for

from portal.backlog.queries import Blocked
from portal.ceremonies import words as ceremonies
from portal.ceremonies.queries import OpenAction
from portal.findings import matters as findings
from portal.framing.queries import Unsettled
from portal.home import policy
from portal.home.queries import Now, read_now
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.projects.matters import Matter, Point
from portal.projects.models import Project
from portal.prototypes import words as prototypes
from portal.prototypes.models import PrototypeVersion
from portal.recommendations.models import Stage
from portal.rereviews.chapter import matters_of as of_reviews
from portal.sprints import words as sprints
from portal.sprints.models import Blocker, Sprint
from portal.user_tests import words as user_tests
from portal.web.show import ago, day, days_left

DATES = 6
RISKY = 4  # of 5: from here on, the project itself is at stake
_OUTCOME_KINDS = {"met": "success", "partly": "info", "missed": "error"}


def tell(actor: Actor, project: Project) -> Sequence[Matter]:
    return tell_of(actor, project, read_now(project))


def tell_of(actor: Actor, project: Project, now: Now) -> Sequence[Matter]:
    """Of what was read already: the sprint, what is in the way, what comes, and what is open."""
    teller = _Teller(project, now, can_work=policy.can_work(actor, project))
    return [
        teller.sprint(),
        teller.blocked(),
        *teller.findings(),
        *teller.reviews(),
        *of_reviews(project, now.to_answer, now.to_confirm),
        *teller.advice(),
        teller.dates(),
        teller.actions(),
        teller.prototype(),
        teller.assumptions(),
    ]


class _Teller:
    def __init__(self, project: Project, now: Now, *, can_work: bool) -> None:
        self.project = project
        self.slug = project.slug
        self.now = now
        self.can_work = can_work

    def _start(self, said: str, endpoint: str) -> Point | None:
        """What to do where there is nothing, for whoever may."""
        return Point(said=said, url=url_for(endpoint, slug=self.slug)) if self.can_work else None

    def _to_sprint(self, sprint: Sprint) -> str:
        return url_for("sprints.page", slug=self.slug, number=sprint.number)

    def sprint(self) -> Matter:
        now, points = self.now, []
        active, planned, last = now.active, now.planned, now.last
        if active is not None:
            goal = _("But : %(goal)s", goal=active.goal)
            points.append(Point(said=goal, url=self._to_sprint(active)))
            board = url_for("sprint_board.page", slug=self.slug)
            points.append(Point(said=_("Ouvrir le tableau du sprint"), url=board))
            if active.drafted_at and self.can_work:
                close = url_for("sprint_log.close_page", slug=self.slug, number=active.number)
                when = ago(active.drafted_at)
                said = _("Reprendre le brouillon commencé %(when)s", when=when)
                points.append(Point(said=said, url=close))
        if planned is not None:
            said = _("Sprint %(number)s : %(goal)s", number=planned.number, goal=planned.goal)
            url, first = self._to_sprint(planned), _("dès le %(day)s", day=day(planned.starts_on))
            badge = _("Ensuite") if active else _("Prêt")
            points.append(Point(said=said, url=url, note=first, badge=badge))
        if last is not None and last.outcome is not None:
            closed = _("Clos %(when)s.", when=ago(last.closed_at)) if last.closed_at else ""
            points.append(
                Point(
                    said=_("Sprint %(number)s : %(goal)s", number=last.number, goal=last.summary),
                    url=self._to_sprint(last),
                    note=closed,
                    badge=str(sprints.OUTCOMES[last.outcome]),
                    kind=_OUTCOME_KINDS[last.outcome],
                )
            )
        if active is not None:
            left = days_left(active.ends_on)
            title = _("Sprint %(number)s : %(left)s", number=active.number, left=left)
            return Matter(title=title, points=points)
        nothing = _("Aucun sprint n’est en cours.")
        start = None if planned else self._start(_("Planifier le prochain"), "sprints.plan_page")
        return Matter(title=_("Le sprint"), points=points, nothing=nothing, start=start)

    def blocked(self) -> Matter:
        points = [self._blocked_item(item) for item in self.now.blocked]
        last = self.now.last
        if last is not None and last.blocker is not Blocker.NONE:
            kind = str(sprints.BLOCKERS[last.blocker])
            points.append(
                Point(
                    said=last.blocker_text or kind,
                    url=self._to_sprint(last),
                    note=_("dit à la fin du sprint %(n)s", n=last.number),
                    badge=_("Aide demandée") if last.help_wanted else kind,
                    kind="warning",
                )
            )
        nothing = "" if points else _("Rien n’est signalé comme bloqué.")
        return Matter(title=_("Ce qui bloque"), points=points, nothing=nothing)

    def _blocked_item(self, item: Blocked) -> Point:
        url = url_for("items.page", slug=self.slug, number=item.number)
        blocked = _("Bloqué")
        return Point(said=item.title, url=url, note=item.block_reason, badge=blocked, kind="error")

    def findings(self) -> Sequence[Matter]:
        """Nothing before a first test."""
        return [findings.severe(self.project, self.now.severe)] if self.now.tested else []

    def reviews(self) -> Sequence[Matter]:
        """Those that are with the team; nothing where none is."""
        points = [
            Point(
                said=_("Revue %(n)s", n=one.number),
                url=url_for("reviews.page", slug=self.slug, number=one.number),
                badge=_("À compléter") if one.round > 1 else _("En préparation"),
                kind="warning" if one.round > 1 else None,
            )
            for one in self.now.drafts
        ]
        return [Matter(title=_("Revues éthiques"), points=points)] if points else []

    def advice(self) -> Sequence[Matter]:
        """What coaches recommend, while some of it waits for the team."""
        points = []
        for one in self.now.advice:
            url = url_for("recommendations.page", slug=self.slug, number=one.number)
            waits = one.stage is Stage.PROPOSED
            note = _("à accepter ou à décliner") if waits else _("à faire")
            if one.due_on is not None:
                note = _("%(note)s, pour le %(day)s", note=note, day=day(one.due_on))
            badge, kind = (_("À répondre"), "warning") if waits else ("", None)
            points.append(Point(said=one.what, url=url, note=note, badge=badge, kind=kind))
        return [Matter(title=_("Recommandations de vos coachs"), points=points)] if points else []

    def dates(self) -> Matter:
        """The next days that count, nearest first; what is late comes before."""
        coming: list[tuple[date, str, str]] = []
        today = clock.today()
        if (active := self.now.active) is not None:
            said = _("fin du sprint %(number)s", number=active.number)
            coming.append((active.ends_on, said, self._to_sprint(active)))
        if (planned := self.now.planned) is not None:
            said = _("début du sprint %(number)s", number=planned.number)
            coming.append((planned.starts_on, said, self._to_sprint(planned)))
        for action in self.now.actions:
            coming.append((action.due_on, action.what, self._to_action(action)))
        for due in self.now.measures:
            url = url_for("mitigations.page", slug=self.slug, number=due.number)
            said = _("mesure contre un risque : %(what)s", what=due.what)
            coming.append((due.due_on, said, url))
        for owed in self.now.conditions:
            url = url_for("review_conditions.page", slug=self.slug, number=owed.number)
            said = _("condition d’une revue éthique : %(what)s", what=owed.what)
            coming.append((owed.due_on, said, url))
        end = url_for("projects.page", slug=self.slug)
        coming.append((self.project.ends_on, _("fin de l’accompagnement"), end))
        points = [
            Point(
                said=_("%(day)s : %(what)s", day=day(on), what=what),
                url=url,
                badge=_("Date passée") if on < today else "",
                kind="warning",
            )
            for on, what, url in sorted(coming)[:DATES]
        ]
        return Matter(title=_("Prochaines dates"), points=points)

    def _to_action(self, action: OpenAction) -> str:
        return url_for("actions.page", slug=self.slug, number=action.number)

    def actions(self) -> Matter:
        points = [
            Point(
                said=action.what,
                url=self._to_action(action),
                note=ceremonies.owner_now(action.owner, is_there=action.owner_is_there),
                badge=ceremonies.open_for(action.open_for),
                kind="warning" if action.due_on < clock.today() else "info",
            )
            for action in self.now.actions
        ]
        if points:
            return Matter(title=_("Actions de rétrospective"), points=points)
        nothing, start = _("Aucune action n’est ouverte."), None
        if self.now.last is not None and self.can_work:
            number = self.now.last.number
            url = url_for("retrospectives.page", slug=self.slug, number=number)
            start = Point(said=_("La rétrospective du sprint %(n)s", n=number), url=url)
        return Matter(title=_("Actions de rétrospective"), nothing=nothing, start=start)

    def prototype(self) -> Matter:
        version = self.now.version
        if version is None:
            nothing = _("Aucune version n’est encore sortie.")
            start = self._start(_("Sortir la première"), "prototypes.release")
            return Matter(title=_("Prototype"), nothing=nothing, start=start)
        released = _("sortie le %(day)s", day=day(version.released_on))
        how = str(prototypes.AUTOMATIONS_IN_SHORT[version.automation]).lower()
        point = Point(
            said=_("Version %(n)s", n=version.number),
            url=url_for("prototypes.page", slug=self.slug, number=version.number),
            note=f"{released}, {how}",
        )
        return Matter(title=_("Prototype"), points=[point, *self._tested(version)])

    def _tested(self, version: PrototypeVersion) -> Sequence[Point]:
        """Whether somebody has tried it, and where that is seen or begun."""
        tested = self.now.tested
        if tested is None:
            asked = _("Personne ne l’a encore essayée : préparer un test")
            start = self._start(asked, "rounds.plan")
            return [start] if start else []
        state, kind = user_tests.state(tested, self.now.sessions)
        note = user_tests.sessions(self.now.sessions)
        if tested.prototype_version_id != version.id:
            note = _("%(sessions)s, sur une version d’avant", sessions=note)
        url = url_for("rounds.page", slug=self.slug, number=tested.number)
        said = _("Série %(n)s : %(title)s", n=tested.number, title=tested.title)
        return [Point(said=said, url=url, note=note, badge=state, kind=kind)]

    def assumptions(self) -> Matter:
        points = [self._assumption(one) for one in self.now.assumptions]
        if points:
            return Matter(title=_("Hypothèses les plus risquées"), points=points)
        return Matter(
            title=_("Hypothèses les plus risquées"),
            nothing=_("Aucune hypothèse n’est ouverte."),
            start=self._start(_("En poser une"), "assumptions.add"),
        )

    def _assumption(self, one: Unsettled) -> Point:
        url = url_for("assumptions.index", slug=self.slug)
        if self.can_work:
            url = url_for("assumptions.settle", slug=self.slug, number=one.number)
        return Point(
            said=one.statement,
            url=url,
            badge=_("Risque %(risk)s sur 5", risk=one.risk),
            kind="warning" if one.risk >= RISKY else None,
            note="" if one.test else _("sans test pour l’instant"),
        )
