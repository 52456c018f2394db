"""The guided start of a new project: steps that tick themselves from the evidence of its first two
gates, each with whose turn it is; the first one of the reader's holds the button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.app.home.gates import GatePanel, MissingProof
from portal.app.home.snapshot import ProjectSnapshot
from portal.coaching.sessions.queries import find_first_session_day
from portal.people.programmes.queries import get_scope, list_open_invitations
from portal.people.programmes.start_labels import describe_open_invitations
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.platform.web.urls import path_to
from portal.project.projects import policy
from portal.project.projects.models import Project


@dataclass(frozen=True, kw_only=True)
class StartStep:
    """A step: `note` says why or how, `whose` whose turn it is, `url` where one does it."""

    title: str
    note: str = ""
    is_done: bool = False
    whose: str = ""
    is_own: bool = False
    url: str = ""
    label: str = ""


@dataclass(frozen=True, eq=False)
class _StartStepDefinition:
    """A step that is done once its predicates are met; the first that is not says whose turn."""

    predicates: Sequence[str]
    title: LazyString
    note: LazyString


_TEAM_STEP = _StartStepDefinition(
    ("team_size", "shares_of_time"),
    _l("Inviter l’équipe"),
    _l("Une adresse suffit. Le porteur dit ensuite la part de temps de chacun."),
)
_SESSION_STEP = _StartStepDefinition(
    ("coaching_begun",),
    _l("Tenir la première séance d’accompagnement"),
    _l("Le coach la note : elle ouvre l’accompagnement."),
)
_STEPS = (
    _StartStepDefinition(
        ("coach_on_every_track",),
        _l("Un coach suit chaque volet"),
        _l("La direction du programme l’affecte, ou l’invite s’il n’a pas encore de compte."),
    ),
    _TEAM_STEP,
    _StartStepDefinition(
        ("sponsor", "business_owner"),
        _l("Nommer un sponsor et un responsable métier"),
        _l("Dans l’équipe : qui défend le projet, et qui en connaît le métier."),
    ),
    _StartStepDefinition(
        ("problem_stated",),
        _l("Dire le problème en trois phrases"),
        _l("Qui est gêné, par quoi, ce que cela coûte."),
    ),
    _SESSION_STEP,
    _StartStepDefinition(
        ("agreement_signed",),
        _l("Signer la convention"),
        _l("L’opérateur ou la direction du programme note la signature."),
    ),
    _StartStepDefinition(
        ("target_group_sized", "metric_aimed"),
        _l("Dire pour qui, et ce qui doit changer"),
        _l("Un public avec sa taille, un indicateur avec son départ et sa cible."),
    ),
    _StartStepDefinition(
        ("assumptions_ranked", "interviews_logged"),
        _l("Poser les hypothèses et noter les entretiens"),
        _l("Ce qui pourrait faire échouer le projet, et ce qu’en disent ceux qu’il vise."),
    ),
)
_SPRINT_AFTER = 6  # place of the first sprint among the steps


def shows_guided_start(project: Project, snapshot: ProjectSnapshot, gates: GatePanel) -> bool:
    """Whether the project's page shows the guided start: no sprint was closed, something lacks."""
    lacks = any(proof is not None for proof in gates.start.values())
    return policy.is_project_active(project) and not snapshot.has_begun and lacks


def list_start_steps(
    actor: Actor, project: Project, snapshot: ProjectSnapshot, gates: GatePanel
) -> Sequence[StartStep]:
    """All steps, in their order; to whoever may invite, that of the team says how many invitations wait."""
    invitations = len(list_open_invitations(actor, get_scope(project.id)))
    opened = StartStep(
        title=_("Le projet est ouvert"),
        note=_("Accompagné à partir du %(day)s", day=day(project.starts_on))
        if project.starts_on > clock.today()
        else _("Accompagné depuis le %(day)s", day=day(project.starts_on)),
        is_done=True,
    )
    more = {_TEAM_STEP: describe_open_invitations(invitations) if invitations else ""}
    if (first := find_first_session_day(project)) > clock.today():
        more[_SESSION_STEP] = _("Elle se note à partir du %(day)s.", day=day(first))
    steps = [
        _build_start_step(definition, gates.start, more.get(definition, ""))
        for definition in _STEPS
        if any(predicate in gates.start for predicate in definition.predicates)
    ]
    steps[_SPRINT_AFTER:_SPRINT_AFTER] = _build_first_sprint_steps(actor, project, snapshot)
    return [opened, *steps]


def find_current_start_step(steps: Sequence[StartStep]) -> StartStep | None:
    """The step with the button: the reader's first, else the first that waits for somebody."""
    waiting = [step for step in steps if not step.is_done]
    return next((step for step in waiting if step.is_own and step.url), next(iter(waiting), None))


def _build_start_step(
    definition: _StartStepDefinition, demands: Mapping[str, MissingProof | None], more: str
) -> StartStep:
    """A step of a definition; `more` follows its note."""
    title, note = str(definition.title), f"{definition.note} {more}".strip()
    lacking = [proof for key in definition.predicates if (proof := demands.get(key)) is not None]
    if not lacking:
        return StartStep(title=title, is_done=True)
    proof = next((each for each in lacking if each.is_own), lacking[0])
    return StartStep(
        title=title,
        note=note,
        whose=_("À vous") if proof.is_own else proof.whose,
        is_own=proof.is_own,
        url=proof.url,
        label=proof.label,
    )


def _build_first_sprint_steps(
    actor: Actor, project: Project, snapshot: ProjectSnapshot
) -> Sequence[StartStep]:
    """To plan the first sprint, then to start it, which is the reader's own from its first day."""
    works, planned = policy.can_write_team_work(actor, project), snapshot.planned
    whose = _("À vous") if works else _("À l’équipe")
    plan_title, start_title = _("Planifier le premier sprint"), _("Démarrer le premier sprint")
    if snapshot.active:
        return [StartStep(title=title, is_done=True) for title in (plan_title, start_title)]
    if planned is None:
        plan = StartStep(
            title=plan_title,
            note=_("Deux ou trois semaines, un but en une phrase."),
            whose=whose,
            is_own=works,
            url=path_to("sprints.plan_page", slug=project.slug) if works else "",
            label=_("Planifier un sprint"),
        )
        return [plan, StartStep(title=start_title, whose=whose)]
    start = StartStep(
        title=start_title,
        note=_("Prévu dès le %(day)s.", day=day(planned.starts_on)),
        whose=whose,
        is_own=works and planned.starts_on <= clock.today(),
        url=path_to("sprints.page", slug=project.slug, number=planned.number),
        label=_("Ouvrir le sprint %(number)s", number=planned.number),
    )
    return [StartStep(title=plan_title, is_done=True), start]
