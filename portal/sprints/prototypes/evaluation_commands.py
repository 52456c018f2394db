"""Commands on evaluations: write protocols, note runs under them, note a pivot."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.framing.metric_models import MetricDirection
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.work_commands import (
    apply_values,
    create_row,
    record_change,
    require_not_future,
    require_sha256,
    require_team_may_write,
    save_change,
)
from portal.sprints.prototypes import evaluation_queries as queries
from portal.sprints.prototypes.evaluation_models import (
    SUBGROUPS_MAX,
    EvaluationProtocol,
    EvaluationRun,
    Pivot,
    SubgroupResult,
)
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure, format_subgroups
from portal.sprints.prototypes.verdict_rules import is_at_least_as_good

WRITTEN = audit.Action("protocol.written", _l("a écrit le protocole d’évaluation %(number)s"))
CHANGED = audit.Action("protocol.changed", _l("a modifié le protocole d’évaluation %(number)s"))
REPLACED = audit.Action("protocol.replaced", _l("a remplacé un protocole par le %(number)s"))
RUN_NOTED = audit.Action("evaluation.ran", _l("a noté l’essai %(number)s"))
RUN_CHANGED = audit.Action("evaluation.run_changed", _l("a corrigé l’essai %(number)s"))
PIVOTED = audit.Action("evaluation.pivoted", _l("a décidé de changer de voie"))


@dataclass(frozen=True, kw_only=True)
class ProtocolPlan:
    """The metric, its held-out data (`held_out_size` cases), its baseline and its threshold."""

    dated_on: date
    metric: str
    direction: MetricDirection
    held_out: str
    held_out_size: int | None
    baseline_name: str
    baseline: float
    threshold: float


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """The result of one version; `data_sha256` is 64 hexadecimal digits, or empty."""

    prototype: PrototypeVersion
    ran_on: date
    result: float
    code_reference: str
    data_sha256: str
    note: str
    subgroups: Sequence[SubgroupFigure]


def write_protocol(actor: Actor, project: Project, plan: ProtocolPlan) -> EvaluationProtocol:
    """Raises `NotAllowed`, `TooLate`, and `RuleBroken` on `dated_on` or `threshold`."""
    require_team_may_write(actor, project)
    _check_protocol_plan(plan)
    protocol = create_row(EvaluationProtocol, project, **asdict(plan))
    record_change(actor, WRITTEN, protocol, apply_values(protocol, {}))
    return protocol


def replace_protocol(
    actor: Actor, project: Project, old: EvaluationProtocol, plan: ProtocolPlan
) -> EvaluationProtocol:
    """Write a protocol that replaces another one. Raises as `write_protocol` does."""
    require_team_may_write(actor, project)
    _check_protocol_plan(plan)
    lock_row(EvaluationProtocol, old.id)
    _require_not_replaced(old)
    protocol = create_row(EvaluationProtocol, project, replaces_id=old.id, **asdict(plan))
    changes = {name: (getattr(old, name), value) for name, value in asdict(plan).items()}
    record_change(actor, REPLACED, protocol, {n: pair for n, pair in changes.items() if pair[0] != pair[1]})
    return protocol


def change_protocol(
    actor: Actor, project: Project, protocol: EvaluationProtocol, plan: ProtocolPlan, expected_version: int
) -> None:
    """Raises `TooLate` once the protocol has runs, `Conflict`, and as `write_protocol` does."""
    require_team_may_write(actor, project)
    lock_row(EvaluationProtocol, protocol.id)
    if queries.count_runs(protocol):
        raise TooLate(_("Ce protocole a des essais : il ne change plus. Remplacez-le."))
    _check_protocol_plan(plan)
    save_change(actor, CHANGED, protocol, asdict(plan), expected_version)


def _check_protocol_plan(plan: ProtocolPlan) -> None:
    require_not_future("dated_on", plan.dated_on)
    if not is_at_least_as_good(plan.direction, plan.threshold, plan.baseline):
        raise RuleBroken(
            "threshold", _("Le seuil est moins bon que le point de comparaison. Vérifiez le sens.")
        )


def _require_not_replaced(protocol: EvaluationProtocol) -> None:
    after = queries.find_successor(protocol)
    if after is not None:
        raise TooLate(_("Ce protocole est remplacé par le protocole %(n)s.", n=after.number))


def note_run(actor: Actor, project: Project, protocol: EvaluationProtocol, facts: RunFacts) -> EvaluationRun:
    """Note a result under a protocol.

    Raises `NotAllowed`, `TooLate` once the protocol is replaced, and `RuleBroken` on `ran_on`,
    `data_sha256` or `subgroups`.
    """
    require_team_may_write(actor, project)
    lock_row(EvaluationProtocol, protocol.id)
    _require_not_replaced(protocol)
    _check_run(protocol, facts)
    run = create_row(EvaluationRun, project, protocol_id=protocol.id, **_build_run_values(facts))
    db.session.flush()
    _save_subgroups(run, facts.subgroups)
    changes = {name: (None, value) for name, value in _build_audited_values(facts).items()}
    record_change(actor, RUN_NOTED, run, changes)
    return run


def change_run(
    actor: Actor,
    project: Project,
    protocol: EvaluationProtocol,
    run: EvaluationRun,
    facts: RunFacts,
    *,
    expected_version: int,
) -> None:
    """Correct a run. Raises as `note_run` does, and `Conflict` for a stale version."""
    require_team_may_write(actor, project)
    check_version(run, expected_version)
    _check_run(protocol, facts)
    stored_subgroups = queries.list_subgroups_by_run([run])[run.id]
    before = format_subgroups(SubgroupFigure(row.name, row.result, row.size) for row in stored_subgroups)
    changes = dict(apply_values(run, _build_run_values(facts)))
    after = format_subgroups(facts.subgroups)
    if before != after:
        changes["subgroups"] = (before, after)
        for row in stored_subgroups:
            db.session.delete(row)
        db.session.flush()
        _save_subgroups(run, facts.subgroups)
    if changes:
        record_change(actor, RUN_CHANGED, run, changes)


def _build_run_values(facts: RunFacts) -> dict[str, object]:
    names = ("ran_on", "result", "code_reference", "data_sha256", "note")
    values = {name: getattr(facts, name) for name in names}
    return values | {"prototype_version_id": facts.prototype.id}


def _build_audited_values(facts: RunFacts) -> dict[str, object]:
    return _build_run_values(facts) | {"subgroups": format_subgroups(facts.subgroups)}


def _save_subgroups(run: EvaluationRun, subgroups: Sequence[SubgroupFigure]) -> None:
    for position, subgroup in enumerate(subgroups, start=1):
        db.session.add(SubgroupResult(run_id=run.id, position=position, **asdict(subgroup)))


def _check_run(protocol: EvaluationProtocol, facts: RunFacts) -> None:
    require_not_future("ran_on", facts.ran_on)
    if protocol.dated_on >= facts.ran_on:
        day = format_day(protocol.dated_on)
        sentence = _(
            "Le protocole est daté du %(day)s : un essai vient au plus tôt le lendemain, sans quoi"
            " rien ne dit que le seuil était fixé avant le résultat.",
            day=day,
        )
        raise RuleBroken("ran_on", sentence)
    if facts.data_sha256:
        require_sha256("data_sha256", facts.data_sha256)
    if len(facts.subgroups) > SUBGROUPS_MAX:
        raise RuleBroken("subgroups", _("Au plus %(n)s sous-groupes.", n=SUBGROUPS_MAX))


def note_pivot(
    actor: Actor, project: Project, protocol: EvaluationProtocol, *, decided_on: date, reason: str
) -> Pivot:
    """Note the decision to change course, once per day and reason.

    Raises `NotAllowed`, `TooLate` once the protocol is replaced, `RuleBroken` on `decided_on` or
    `reason`.
    """
    require_team_may_write(actor, project)
    _require_not_replaced(protocol)
    require_not_future("decided_on", decided_on)
    if decided_on < protocol.dated_on:
        day = format_day(protocol.dated_on)
        sentence = _("Le protocole est daté du %(day)s : la décision ne le précède pas.", day=day)
        raise RuleBroken("decided_on", sentence)
    if not reason:
        raise RuleBroken("reason", _("Dites pourquoi vous changez de voie."))
    number = next_row_number(Pivot, project)  # locks the project until the commit
    if queries.is_same_pivot_noted(protocol, decided_on, reason):
        raise RuleBroken("reason", _("Cette décision est déjà notée, ce jour-là et pour ce motif."))
    decision = {"protocol_id": protocol.id, "decided_on": decided_on, "reason": reason}
    digest = Pivot.reason_digest(reason)
    new_pivot = create_row(Pivot, project, number=number, reason_sha256=digest, **decision)
    record_change(actor, PIVOTED, new_pivot, apply_values(new_pivot, {}))
    return new_pivot
