"""Telling demonstrations and retrospectives. Policy first, then rules, then the deed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from portal.ceremonies import policy, queries
from portal.ceremonies.models import ATTENDEES, PEOPLE_MAX, Demonstration, Retrospective
from portal.discussions.commands import open_discussion
from portal.discussions.queries import has_comments
from portal.files.queries import has_files
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version, db, lock_row, save
from portal.kernel.errors import Conflict, RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.numbered import next_number
from portal.projects.teamwork import PLUMBING, require_past, require_work
from portal.prototypes.models import PrototypeVersion
from portal.sprints.models import Sprint

SHOWN = audit.Action("demonstration.noted", _l("a noté une démonstration du sprint %(number)s"))
SHOWN_AGAIN = audit.Action(
    "demonstration.changed", _l("a modifié une démonstration du sprint %(number)s")
)
TAKEN_BACK = audit.Action(
    "demonstration.deleted",
    _l("a supprimé une démonstration du sprint %(number)s, notée par erreur le jour même"),
    ends=True,
)
LOOKED_BACK = audit.Action(
    "retrospective.noted", _l("a noté la rétrospective du sprint %(number)s")
)
REWRITTEN = audit.Action(
    "retrospective.changed", _l("a modifié la rétrospective du sprint %(number)s")
)

DAYS_AFTER = 30  # a demonstration or a retrospective is of its sprint until then

_TEXTS = ("feedback", "decisions")
_LEFT_OUT = PLUMBING | {"sprint_id", "prototype_version_id"}


@dataclass(frozen=True, kw_only=True)
class DemonstrationFacts:
    """What was shown to whom; `came` counts people by `ATTENDEES`, and the missing are none."""

    held_on: date
    version: PrototypeVersion | None
    came: Mapping[str, int]
    feedback: str
    decisions: str


@dataclass(frozen=True, kw_only=True)
class RetrospectiveFacts:
    held_on: date
    went_well: str
    went_badly: str


def require_to_hold(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Raise `NotAllowed`, or `TooLate` with why, when this sprint is not to be told of now."""
    require_work(actor, project)
    if not policy.can_hold(actor, project, sprint):
        raise TooLate(_("Ce sprint n’a pas commencé : il n’a encore rien à montrer."))


def last_day(sprint: Sprint) -> date:
    """Until when a demonstration or a retrospective counts as this sprint's."""
    closed = clock.day_of(sprint.closed_at) if sprint.closed_at else clock.today()
    return max(sprint.ends_on, closed) + timedelta(days=DAYS_AFTER)


def note_demonstration(
    actor: Actor, project: Project, sprint: Sprint, facts: DemonstrationFacts
) -> Demonstration:
    """Raises `RuleBroken` on `held_on`, `prototype` or the first field of those who came."""
    require_to_hold(actor, project, sprint)
    _check_demonstration(sprint, facts)
    number = next_number(Demonstration, project)
    page = f"/projects/{project.slug}/demonstrations/{number}"
    demonstration = Demonstration(
        project_id=project.id,
        number=number,
        sprint_id=sprint.id,
        discussion_id=open_discussion(project.id, page=page).id,
        **_values(facts),
    )
    db.session.add(demonstration)
    changes = dict(audit.changes_of(demonstration, leave_out=_LEFT_OUT))
    changes["shown"] = (None, facts.version and facts.version.number)
    _record(actor, SHOWN, demonstration, sprint, changes, path=page)
    return demonstration


def change_demonstration(
    actor: Actor,
    project: Project,
    shown: queries.Shown,
    facts: DemonstrationFacts,
    seen: int,
) -> None:
    """Raises as `note_demonstration` does, `Conflict` when somebody saved in between."""
    row, sprint = shown.demonstration, shown.sprint
    require_to_hold(actor, project, sprint)
    check_version(row, seen)
    _check_demonstration(sprint, facts)
    _fill(row, _values(facts))
    changes = dict(audit.changes_of(row, leave_out=_LEFT_OUT))
    version = facts.version.number if facts.version else None
    if version != shown.version:
        changes["shown"] = (shown.version, version)
    if changes:
        page = f"/projects/{project.slug}/demonstrations/{row.number}"
        _record(actor, SHOWN_AGAIN, row, sprint, changes, path=page)


def require_to_delete(actor: Actor, project: Project, shown: queries.Shown) -> None:
    """Raise `NotAllowed`, or `TooLate` once the demonstration is a dated piece of evidence."""
    require_work(actor, project)
    if not policy.can_delete(actor, project, shown.demonstration):
        raise TooLate(
            _(
                "Une démonstration ne se supprime que le jour où elle a été notée : c’est ensuite"
                " une preuve datée. Corrigez-la avec « Modifier »."
            )
        )


def delete_demonstration(actor: Actor, project: Project, shown: queries.Shown) -> None:
    """What was noted by mistake goes; the trail keeps what it said.

    Raises `RuleBroken` once people talk about it, or attached files to it.
    """
    require_to_delete(actor, project, shown)
    row = shown.demonstration
    if has_comments(row.discussion_id):
        raise RuleBroken(None, _("Des commentaires s’y rattachent : modifiez-la plutôt."))
    if has_files(Demonstration.__tablename__, row.id):
        raise RuleBroken(None, _("Des fichiers y sont joints : retirez-les d’abord."))
    told = {"held_on", *_TEXTS, *ATTENDEES}
    changes = {name: (value, None) for name in sorted(told) if (value := getattr(row, name))}
    page = f"/projects/{project.slug}/demonstrations"
    _record(actor, TAKEN_BACK, row, shown.sprint, changes, path=page)
    db.session.delete(row)


def _values(facts: DemonstrationFacts) -> dict[str, Any]:
    return {
        "held_on": facts.held_on,
        "prototype_version_id": facts.version.id if facts.version else None,
        "feedback": facts.feedback,
        "decisions": facts.decisions,
    } | {name: facts.came.get(name, 0) for name in ATTENDEES}


def _check_demonstration(sprint: Sprint, facts: DemonstrationFacts) -> None:
    _check_day(sprint, facts.held_on)
    for name, people in facts.came.items():
        if not 0 <= people <= PEOPLE_MAX:
            raise RuleBroken(name, _("Donnez un nombre entre 0 et %(n)s.", n=PEOPLE_MAX))
    if not sum(facts.came.values()):
        raise RuleBroken(ATTENDEES[0], _("Comptez au moins une personne, de l’équipe ou non."))
    version = facts.version
    if version is None:
        return
    if version.project_id != sprint.project_id:
        raise RuleBroken("prototype", _("Cette version n’est pas de ce projet."))
    if version.released_on > facts.held_on:
        sentence = _("La version %(n)s est sortie après ce jour.", n=version.number)
        raise RuleBroken("prototype", sentence)


def _check_day(sprint: Sprint, day: date) -> None:
    require_past("held_on", day)
    if day < min(sprint.starts_on, clock.day_of(sprint.started_at or clock.now())):
        raise RuleBroken("held_on", _("Le sprint n’avait pas encore commencé ce jour-là."))
    if day > last_day(sprint):
        sentence = _("C’est plus de %(n)s jours après la fin du sprint.", n=DAYS_AFTER)
        raise RuleBroken("held_on", sentence)


def write_retrospective(
    actor: Actor, project: Project, sprint: Sprint, facts: RetrospectiveFacts, seen: int
) -> Retrospective:
    """The sprint's one, made or mended; `seen` is the version read, 0 where there was none.

    Raises `RuleBroken` on `held_on` or `went_well`, `Conflict` when somebody saved in between. The
    same text sent twice is one retrospective.
    """
    require_to_hold(actor, project, sprint)
    lock_row(Project, project.id)
    _check_day(sprint, facts.held_on)
    if not facts.went_well and not facts.went_badly:
        raise RuleBroken("went_well", _("Écrivez ce qui a marché, ou ce qui n’a pas marché."))
    kept = queries.find_retrospective(actor, project, sprint)
    page = f"/projects/{project.slug}/sprints/{sprint.number}/retrospective"
    if kept is None:
        return _open(actor, project, sprint, facts, page)
    if not seen:
        if asdict(facts) != {name: getattr(kept, name) for name in asdict(facts)}:
            raise Conflict
        return kept
    check_version(kept, seen)
    _fill(kept, asdict(facts))
    changes = audit.changes_of(kept, leave_out=_LEFT_OUT)
    if changes:
        _record(actor, REWRITTEN, kept, sprint, changes, path=page)
    return kept


def _open(
    actor: Actor, project: Project, sprint: Sprint, facts: RetrospectiveFacts, page: str
) -> Retrospective:
    made = Retrospective(
        project_id=project.id,
        sprint_id=sprint.id,
        discussion_id=open_discussion(project.id, page=page).id,
        **asdict(facts),
    )
    db.session.add(made)
    save()
    changes = {name: (None, value) for name, value in asdict(facts).items() if value}
    _record(actor, LOOKED_BACK, made, sprint, changes, path=page)
    return made


def _fill(row: Demonstration | Retrospective, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _record(
    actor: Actor,
    action: audit.Action,
    row: Demonstration | Retrospective,
    sprint: Sprint,
    changes: audit.Changes,
    *,
    path: str,
) -> None:
    facts = {"number": sprint.number, "path": path}
    audit.record(actor, action, row, scope_id=sprint.project_id, facts=facts, changes=changes)
