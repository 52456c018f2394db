"""Versions of prototypes and evaluations in search."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.search import Badge
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, EvaluationRun, Pivot
from portal.sprints.prototypes.evaluation_queries import list_last_runs_by_protocol
from portal.sprints.prototypes.labels import VERDICT_KINDS, VERDICTS, compute_run_verdict
from portal.sprints.prototypes.models import PrototypeVersion


def _build_run_badge(protocol: EvaluationProtocol, run: EvaluationRun | None) -> Badge:
    if run is None:
        return _("aucun essai"), None
    verdict = compute_run_verdict(protocol, run.result)
    return VERDICTS[verdict], VERDICT_KINDS[verdict]


def _list_last_run_badges_by_protocol(protocols: Sequence[EvaluationProtocol]) -> Mapping[UUID, Badge]:
    runs = list_last_runs_by_protocol(protocols)
    return {protocol.id: _build_run_badge(protocol, runs.get(protocol.id)) for protocol in protocols}


def _list_verdict_badges_by_run(runs: Sequence[EvaluationRun]) -> Mapping[UUID, Badge]:
    own = EvaluationProtocol.id.in_([run.protocol_id for run in runs])
    protocols = {row.id: row for row in db.session.scalars(select(EvaluationProtocol).where(own))}
    return {run.id: _build_run_badge(protocols[run.protocol_id], run) for run in runs}


SEARCH = (
    build_project_rows_search_source(
        PrototypeVersion,
        _l("Versions"),
        "changes",
        "model_family",
        "model_provider",
        called=(_l("Version"), "version versions"),
    ),
    build_project_rows_search_source(
        EvaluationProtocol,
        _l("Protocoles d’évaluation"),
        *("metric", "held_out", "baseline_name"),
        states=_list_last_run_badges_by_protocol,
        called=(_l("Protocole"), "protocole protocoles protocol protocols"),
    ),
    build_project_rows_search_source(
        EvaluationRun,
        _l("Évaluations"),
        *("code_reference", "note"),
        numbered_by=(EvaluationProtocol, EvaluationRun.protocol_id),
        page_path=f"{EvaluationProtocol.page_path}?at={{own}}#run-{{own}}",
        states=_list_verdict_badges_by_run,
        singular=_l("Évaluation"),
    ),
    build_project_rows_search_source(
        Pivot,
        _l("Changements de voie"),
        "reason",
        numbered_by=(EvaluationProtocol, Pivot.protocol_id),
        page_path=f"{EvaluationProtocol.page_path}#pivot-{{own}}",
        singular=_l("Changement de voie"),
    ),
)
