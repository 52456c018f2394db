"""Commands on rounds: plan, change, copy, count access needs, end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import LOCALES, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.identifier_rules import require_anonymous
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    lock_fresh,
    record_change,
    require_team_may_write,
    save_change,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.rounds import policy, queries
from portal.user_tests.rounds.consent_labels import CONSENT_PARTS, build_default_consent_parts
from portal.user_tests.rounds.models import (
    PEOPLE_MAX,
    ConsentText,
    RoundGroup,
    RoundScale,
    SessionMethod,
    TestRound,
    TestTask,
)
from portal.user_tests.rounds.sum_queries import read_participation_by_round

PLANNED = audit.Action("round.planned", _l("a préparé la série de tests %(number)s"))
COPIED = audit.Action("round.copied", _l("a repris une série de tests pour en faire la %(number)s"))
CHANGED = audit.Action("round.changed", _l("a modifié la série de tests %(number)s"))
COUNTED = audit.Action(
    "round.access_counted", _l("a dit quels besoins d’accessibilité la série %(number)s a vus")
)
ENDED = audit.Action("round.ended", _l("a terminé la série de tests %(number)s"))
REOPENED = audit.Action("round.reopened", _l("a rouvert la série de tests %(number)s"))

_PLAN_FIELDS = ("title", "method", "scale", "hypotheses", "script", "starts_on", "ends_on")
_COPIED_TASK_FIELDS = ("number", "position", "lineage", "title", "instruction", "success", "time_limit")


@dataclass(frozen=True, kw_only=True)
class RoundPlan:
    """Values of a round; `participant_goal`: participants of each group (None: not given).

    `knowingly`: the actor confirmed that the texts hold no personal data.
    """

    version: PrototypeVersion
    title: str
    method: SessionMethod
    scale: RoundScale
    hypotheses: str
    script: str
    starts_on: date | None
    ends_on: date | None
    groups: Sequence[TargetGroup]
    participant_goal: int | None
    knowingly: bool = False

    @property
    def goals(self) -> dict[UUID, int | None]:
        return {group.id: self.participant_goal for group in self.groups}

    def texts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _PLAN_FIELDS}


def plan_round(actor: Actor, project: Project, plan: RoundPlan) -> TestRound:
    """Create a round with the two default consent texts. Raises `RuleBroken`."""
    require_team_may_write(actor, project)
    _check_round_plan(project, plan)
    version_id = {"prototype_version_id": plan.version.id}
    round_ = create_row(TestRound, project, **version_id, **plan.texts())
    changes = dict(apply_values(round_, {}))
    flush_session()
    _add_target_groups(round_, plan.goals)
    months = get_programme_of(project).test_retention
    for locale in LOCALES:
        parts = build_default_consent_parts(project, plan.method, months, locale)
        db.session.add(ConsentText(round_id=round_.id, locale=locale, **parts))
    changes["version"] = (None, plan.version.number)
    changes["groups"] = (None, _join_group_names(plan.groups))
    record_change(actor, PLANNED, round_, changes, project=project)
    return round_


def change_round(
    actor: Actor, project: Project, round_: TestRound, plan: RoundPlan, expected_version: int
) -> None:
    """Change a round; version and scale are frozen once there are sessions.

    Raises `RuleBroken` and `Conflict`.
    """
    require_team_may_write(actor, project)
    check_version(round_, expected_version)
    lock_row(TestRound, round_.id)
    _check_round_plan(project, plan)
    tested_version = queries.get_tested_version(round_)
    aims = queries.list_group_participations(round_)
    if queries.has_counted_sessions(round_):
        _require_version_and_scale_unchanged(round_, tested_version, plan)
    else:
        _adapt_consent_procedure(project, round_, plan.method)
    changes = dict(apply_values(round_, plan.texts() | {"prototype_version_id": plan.version.id}))
    if tested_version.number != plan.version.number:
        changes["version"] = (tested_version.number, plan.version.number)
    before = {aim.group.id: aim.participant_goal for aim in aims}
    if before != plan.goals:
        for row in queries.list_round_groups(round_):
            db.session.delete(row)
        flush_session()
        _add_target_groups(round_, plan.goals)
        changes["groups"] = (_join_group_names([aim.group for aim in aims]), _join_group_names(plan.groups))
    if changes:
        record_change(actor, CHANGED, round_, changes, project=project)


def _adapt_consent_procedure(project: Project, round_: TestRound, method: SessionMethod) -> None:
    """Adapt the procedure in the consent texts to a new method, where it is still the default."""
    for locale, text in queries.list_consent_texts_by_language(round_).items():
        if text.course == build_default_consent_parts(project, round_.method, 0, locale)["course"]:
            text.course = build_default_consent_parts(project, method, 0, locale)["course"]


def _require_version_and_scale_unchanged(
    round_: TestRound, tested_version: PrototypeVersion, plan: RoundPlan
) -> None:
    if plan.version.id != tested_version.id:
        sentence = _(
            "Des participants ont essayé la version %(n)s : reprenez cette série pour une autre.",
            n=tested_version.number,
        )
        raise RuleBroken("prototype", sentence)
    if plan.scale is not round_.scale:
        raise RuleBroken("scale", _("Des participants y ont répondu : le questionnaire ne change plus."))


def _check_round_plan(project: Project, plan: RoundPlan) -> None:
    for row, field in ((plan.version, "prototype"), *((group, "groups") for group in plan.groups)):
        if row.project_id != project.id:
            raise RuleBroken(field, _("Ce n’est pas de ce projet."))
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise RuleBroken("ends_on", _("La série finirait avant d’avoir commencé."))
    if plan.starts_on and plan.starts_on < plan.version.released_on:
        sentence = _("La version %(n)s n’était pas sortie ce jour-là.", n=plan.version.number)
        raise RuleBroken("starts_on", sentence)
    require_anonymous(plan.title, plan.hypotheses, plan.script, knowingly=plan.knowingly)


def _add_target_groups(round_: TestRound, goals: Mapping[UUID, int | None]) -> None:
    """Add target groups, with their numbers of participants by id."""
    for id_, goal in goals.items():
        ids = {"round_id": round_.id, "target_group_id": id_}
        db.session.add(RoundGroup(participant_goal=goal, **ids))


def _join_group_names(groups: Sequence[TargetGroup]) -> str | None:
    return ", ".join(group.name for group in groups) or None


def copy_round(
    actor: Actor, project: Project, round_: TestRound, version: PrototypeVersion, title: str
) -> TestRound:
    """Create a round with the tasks, texts and groups of another one, for a version.

    Raises `NotAllowed` or `TooLate` as `require_team_may_write`, `RuleBroken` on `prototype` for a version of
    another project.
    """
    require_team_may_write(actor, project)
    if version.project_id != project.id:
        raise RuleBroken("prototype", _("Ce n’est pas de ce projet."))
    copied_names = ("method", "scale", "hypotheses", "script")
    values = {name: getattr(round_, name) for name in copied_names} | {"title": title}
    parents = {"prototype_version_id": version.id, "follows_id": round_.id}
    new_round = create_row(TestRound, project, **parents, **values)
    flush_session()
    goals = {aim.group.id: aim.participant_goal for aim in queries.list_group_participations(round_)}
    _add_target_groups(new_round, goals)
    for task in queries.list_tasks(round_):
        task_fields = {name: getattr(task, name) for name in _COPIED_TASK_FIELDS}
        db.session.add(TestTask(round_id=new_round.id, is_primary=task.is_primary, **task_fields))
    for locale, text in queries.list_consent_texts_by_language(round_).items():
        parts = {name: getattr(text, name) for name in CONSENT_PARTS}
        db.session.add(ConsentText(round_id=new_round.id, locale=locale, **parts))
    changes = {"version": (None, version.number), "follows": (None, round_.number)}
    record_change(actor, COPIED, new_round, changes, project=project)
    return new_round


def record_access_needs_count(
    actor: Actor, project: Project, round_: TestRound, people: int, reason: str, *, expected_version: int
) -> None:
    """Set the number of participants with an access need over the whole round; for 0, the reason.

    Raises `RuleBroken` on `access_needs` or `no_access_needs`.
    """
    require_team_may_write(actor, project)
    if not 0 <= people <= PEOPLE_MAX:
        raise RuleBroken("access_needs", _("Donnez un nombre entre 0 et %(n)s.", n=PEOPLE_MAX))
    participants = read_participation_by_round([round_])[round_.id].sessions
    if people > participants:
        raise RuleBroken("access_needs", _describe_participant_count(participants))
    if not people and not reason:
        fault = _("Dites pourquoi aucun participant n’avait de besoin d’accessibilité.")
        raise RuleBroken("no_access_needs", fault)
    values = {"access_needs": people, "no_access_needs": "" if people else reason}
    save_change(actor, COUNTED, round_, values, expected_version, project=project)


def _describe_participant_count(participants: int) -> str:
    if not participants:
        return _("Personne n’a encore participé à cette série.")
    return ngettext(
        "La série n’a que %(num)s participant.", "La série n’a que %(num)s participants.", participants
    )


def end_or_reopen_round(actor: Actor, project: Project, round_: TestRound, *, is_over: bool) -> None:
    """End a round, or reopen it if not `is_over`. Idempotent."""
    require_team_may_write(actor, project)
    lock_fresh(round_)
    if not policy.can_end_or_reopen(actor, project, round_, is_over=is_over):
        return
    changes = apply_values(round_, {"ended_on": clock.today() if is_over else None})
    record_change(actor, ENDED if is_over else REOPENED, round_, changes, project=project)


def require_tasks_editable(actor: Actor, project: Project, round_: TestRound) -> None:
    """Raise `NotAllowed`, or `TooLate` with the reason, when tasks and consent texts are frozen."""
    require_team_may_write(actor, project)
    has_sessions = queries.has_counted_sessions(round_)
    if policy.can_change_tasks(actor, project, round_, has_sessions=has_sessions):
        return
    if round_.ended_on is not None:
        raise TooLate(_("Cette série est terminée : reprenez-la pour une autre."))
    raise TooLate(
        _(
            "Des participants ont déjà essayé : tâches et consentement ne changent plus, pour que"
            " tous aient vu la même chose. Reprenez cette série pour une autre."
        )
    )
