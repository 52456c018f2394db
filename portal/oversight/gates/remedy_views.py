"""Remedies: by reason of an unmet predicate, the link to the page where somebody can fix it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for

from portal.oversight.gates.predicate_result_rules import PredicateResult, UnmetCode
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project


class RemedyOwner(StrEnum):
    """Who can use a remedy."""

    TEAM = "team"
    LEAD = "lead"  # the team's lead, or the programme's lead
    DIRECTION = "direction"
    ANYBODY = "anybody"  # a page to read: somebody else acts


@dataclass(frozen=True)
class Remedy:
    """A link. `number` is the key of the result's parameter that the endpoint takes as `number`,
    "" for none; `url_values` are further values of the URL."""

    label: LazyString
    endpoint: str
    number: str = ""
    owner: RemedyOwner = RemedyOwner.TEAM
    url_values: tuple[tuple[str, str], ...] = ()


def find_url(
    project: Project, result: PredicateResult, owners: frozenset[RemedyOwner]
) -> tuple[str, str] | None:
    """Return (label, URL) of the remedy of an unmet result, None unless `owners` can use it."""
    remedy = None if result.code is None else REMEDIES[result.code]
    if remedy is None or remedy.owner not in owners:
        return None
    values: dict[str, Any] = {"slug": project.slug, **dict(remedy.url_values)}
    if remedy.number:
        number = result.parameters.get(remedy.number)
        if not number:
            return None
        values["number"] = number
    return str(remedy.label), url_for(remedy.endpoint, **values)


_ENGAGEMENT = "gate_facts.engage"
_REVIEWS = Remedy(_l("Voir les revues éthiques"), "reviews.index", owner=RemedyOwner.ANYBODY)
_TEAM = Remedy(_l("Inviter quelqu’un"), "team.index", owner=RemedyOwner.LEAD)
_RISKS = Remedy(_l("Ouvrir le risque"), "risks.page", "number")
_RUN = Remedy(_l("Noter un essai"), "evaluation.index")
_PROTOCOL = Remedy(_l("Ouvrir le protocole"), "evaluation.page", "protocol")
_ROUND = Remedy(_l("Ouvrir la série"), "rounds.page", "number")
_METRIC = Remedy(_l("Ouvrir l’indicateur"), "impact.page", "number")
_FINDING = Remedy(_l("Ouvrir le constat"), "findings.page", "number")
_PANEL = Remedy(_l("Noter ce qu’un jury décide"), "gate_facts.hold", owner=RemedyOwner.DIRECTION)
_RENAME = Remedy(_l("En nommer un autre"), _ENGAGEMENT, owner=RemedyOwner.LEAD)
_SAMPLE = Remedy(_l("Décrire un échantillon"), "data_sources.note_sample", "number")
_MEASURE = Remedy(_l("Noter une mesure"), "impact.measure", "number")
_NEW_ROUND = Remedy(_l("Préparer une série de tests"), "rounds.plan")
_PLAN = Remedy(_l("Écrire le plan de changement"), "gate_facts.plan")


def _sheet_remedy(label: LazyString, kind: str) -> Remedy:
    return Remedy(label, "sheets.index", url_values=(("_anchor", kind),))


REMEDIES: Mapping[UnmetCode, Remedy] = {
    UnmetCode.AGREEMENT_MISSING: Remedy(
        _l("Noter la signature"), _ENGAGEMENT, owner=RemedyOwner.DIRECTION
    ),
    UnmetCode.TOO_FEW_MEMBERS: _TEAM,
    UnmetCode.SPONSOR_MISSING: Remedy(_l("Nommer un sponsor"), _ENGAGEMENT, owner=RemedyOwner.LEAD),
    UnmetCode.SPONSOR_NOT_ON_TEAM: _RENAME,
    UnmetCode.BUSINESS_OWNER_MISSING: Remedy(
        _l("Nommer un responsable métier"), _ENGAGEMENT, owner=RemedyOwner.LEAD
    ),
    UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM: _RENAME,
    UnmetCode.SHARE_OF_TIME_MISSING: Remedy(
        _l("Dire les parts de temps"), "team.index", owner=RemedyOwner.LEAD
    ),
    UnmetCode.COACH_MISSING: Remedy(
        _l("Affecter un coach"), "team.index", owner=RemedyOwner.DIRECTION
    ),
    UnmetCode.NO_COACHING_SESSION: Remedy(
        _l("Voir l’accompagnement"), "coaching.index", owner=RemedyOwner.ANYBODY
    ),
    UnmetCode.PROBLEM_MISSING: Remedy(_l("Énoncer le problème"), "projects.edit_page"),
    UnmetCode.NO_TARGET_GROUP: Remedy(_l("Décrire un public visé"), "groups.add"),
    UnmetCode.TARGET_GROUP_WITHOUT_SIZE: Remedy(_l("Donner une taille"), "groups.index"),
    UnmetCode.NO_IMPACT_METRIC: Remedy(_l("Définir un indicateur"), "impact.define"),
    UnmetCode.METRIC_WITHOUT_BASELINE: Remedy(_l("Donner un point de départ"), "impact.index"),
    UnmetCode.METRIC_WITHOUT_TARGET: _METRIC,
    UnmetCode.TOO_FEW_ASSUMPTIONS: Remedy(_l("Poser une hypothèse"), "assumptions.add"),
    UnmetCode.TOO_FEW_INTERVIEWS: Remedy(_l("Noter un entretien"), "interviews.add"),
    UnmetCode.NO_DATA_SOURCE: Remedy(_l("Décrire une source"), "data_sources.add"),
    UnmetCode.HOLDER_MISSING: Remedy(_l("Dire son détenteur"), "data_sources.change", "number"),
    UnmetCode.LEGAL_BASIS_MISSING: Remedy(
        _l("Dire sa base légale"), "data_sources.change", "number"
    ),
    UnmetCode.DPIA_NOT_SCREENED: Remedy(_l("Répondre sur l’AIPD"), "data_sources.change", "number"),
    UnmetCode.DATA_NOT_RECEIVED: Remedy(
        _l("Noter où en est l’accès"), "data_sources.move_access", "number"
    ),
    UnmetCode.SAMPLE_MISSING: _SAMPLE,
    UnmetCode.SAMPLE_HASH_MISSING: _SAMPLE,
    UnmetCode.QUALITY_NOTE_MISSING: Remedy(
        _l("Écrire la note de qualité"), "data_sources.judge_quality", "number"
    ),
    UnmetCode.PURPOSE_MISSING: Remedy(_l("Écrire sa finalité"), "data_sources.change", "number"),
    UnmetCode.NO_FRAMING_REVIEW: _REVIEWS,
    UnmetCode.REVIEW_INCOMPLETE: _REVIEWS,
    UnmetCode.LEVEL_NOT_COMPUTED: _REVIEWS,
    UnmetCode.NO_REVIEWER: _REVIEWS,
    UnmetCode.REVIEWER_NOT_INDEPENDENT: _REVIEWS,
    UnmetCode.HIGH_RISK_WITHOUT_MITIGATION: Remedy(
        _l("Décider une mesure"), "mitigations.decide", "number"
    ),
    UnmetCode.REVIEW_NOT_DECIDED: _REVIEWS,
    UnmetCode.REVIEW_REFUSED: _REVIEWS,
    UnmetCode.NO_PROTOCOL: Remedy(_l("Écrire un protocole"), "evaluation.write_protocol"),
    UnmetCode.NO_RUN: _RUN,
    UnmetCode.PROTOCOL_AFTER_RUN: _PROTOCOL,
    UnmetCode.NO_HELD_OUT_SET: _PROTOCOL,
    UnmetCode.NO_BASELINE_RESULT: _PROTOCOL,
    UnmetCode.BELOW_THRESHOLD: _PROTOCOL,
    UnmetCode.CODE_REFERENCE_MISSING: _PROTOCOL,
    UnmetCode.DATA_HASH_MISSING: _PROTOCOL,
    UnmetCode.NO_VERSION: Remedy(_l("Sortir une version"), "prototypes.release"),
    UnmetCode.VERSION_NOT_REACHABLE: Remedy(
        _l("Donner un lien ou un enregistrement"), "prototypes.change", "number"
    ),
    UnmetCode.NOT_DEMONSTRATED: Remedy(_l("Voir les démonstrations"), "demonstrations.index"),
    UnmetCode.SPRINT_NOT_CLOSED: Remedy(_l("Voir les sprints"), "sprints.index"),
    UnmetCode.NOBODY_FROM_OUTSIDE: Remedy(
        _l("Ouvrir la démonstration"), "demonstrations.page", "number"
    ),
    UnmetCode.NO_ROUND: _NEW_ROUND,
    UnmetCode.TOO_FEW_TARGET_USERS: Remedy(_l("Ajouter une séance"), "rounds.page", "number"),
    UnmetCode.CONSENT_MISSING: _ROUND,
    UnmetCode.ACCESS_NOT_CONSIDERED: Remedy(
        _l("Le dire pour cette série"), "rounds.count_access", "number"
    ),
    UnmetCode.NO_TASK_METRIC: _ROUND,
    UnmetCode.UNRATED_FINDING: Remedy(_l("Noter les gravités"), "findings.index"),
    UnmetCode.TOO_FEW_ROUNDS: _NEW_ROUND,
    UnmetCode.TOO_FEW_VERSIONS_TESTED: _NEW_ROUND,
    UnmetCode.SEVERITY_4_OPEN: _FINDING,
    UnmetCode.SEVERITY_3_OPEN: _FINDING,
    UnmetCode.PRIMARY_TASK_NOT_COMPARED: Remedy(
        _l("Reprendre une série sur une autre version"), "rounds.index"
    ),
    UnmetCode.PRIMARY_TASK_WORSE: Remedy(_l("Voir les séries"), "rounds.index"),
    UnmetCode.NO_SUBGROUP_ANALYSIS: Remedy(_l("Ajouter des sous-groupes"), "evaluation.index"),
    UnmetCode.OVERRIDE_NOT_EXERCISED: _sheet_remedy(_l("Remplir la fiche d’exercice"), "oversight"),
    UnmetCode.OVERRIDE_FAILED: _sheet_remedy(_l("Refaire l’exercice"), "oversight"),
    UnmetCode.FALLBACK_NOT_EXERCISED: _sheet_remedy(_l("Remplir la fiche d’exercice"), "oversight"),
    UnmetCode.FALLBACK_FAILED: _sheet_remedy(_l("Refaire l’exercice"), "oversight"),
    UnmetCode.SECURITY_NOTE_MISSING: _sheet_remedy(_l("Remplir la note"), "security"),
    UnmetCode.ACCESSIBILITY_NOT_CHECKED: _sheet_remedy(
        _l("Faire la vérification"), "accessibility"
    ),
    UnmetCode.NO_EXPOSURE_REVIEW: _REVIEWS,
    UnmetCode.REVIEW_OF_EARLIER_VERSION: _REVIEWS,
    UnmetCode.CONDITION_OPEN: _REVIEWS,
    UnmetCode.HIGH_RESIDUAL_RISK: _RISKS,
    UnmetCode.NO_MEASUREMENT: _MEASURE,
    UnmetCode.MEASUREMENT_BEFORE_BASELINE: _MEASURE,
    UnmetCode.MEASUREMENT_WITHOUT_N: _METRIC,
    UnmetCode.MEASUREMENT_WITHOUT_METHOD: _METRIC,
    UnmetCode.CHANGE_PLAN_MISSING: _PLAN,
    UnmetCode.CHANGE_PLAN_INCOMPLETE: _PLAN,
    UnmetCode.NO_PANEL: _PANEL,
    UnmetCode.NOTHING_SHOWN_LIVE: _PANEL,
    UnmetCode.NO_CRITERION_JUDGED: _PANEL,
    UnmetCode.HANDOVER_MISSING: _sheet_remedy(_l("Remplir le dossier de reprise"), "handover"),
    UnmetCode.HANDOVER_INCOMPLETE: _sheet_remedy(_l("Compléter le dossier de reprise"), "handover"),
}
