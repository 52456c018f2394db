"""Where what is missing is added: by reason, the words of a link, its page, whose deed it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for

from portal.gates.verdicts import Code, Result
from portal.kernel.text import LazyString
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project


class Whose(StrEnum):
    """Who can add what is missing."""

    TEAM = "team"
    LEAD = "lead"  # who carries the project, or the programme's lead
    DIRECTION = "direction"
    ANYBODY = "anybody"  # a page where it waits for somebody else


@dataclass(frozen=True)
class Way:
    """`number` is the fact of the result that its page needs, "" for none; `more` is added."""

    said: LazyString
    endpoint: str
    number: str = ""
    whose: Whose = Whose.TEAM
    more: tuple[tuple[str, str], ...] = ()


def find_url(project: Project, result: Result, whose: frozenset[Whose]) -> tuple[str, str] | None:
    """The words of the link and its address, for whoever can use it."""
    way = None if result.code is None else WAYS[result.code]
    if way is None or way.whose not in whose:
        return None
    values: dict[str, Any] = {"slug": project.slug, **dict(way.more)}
    if way.number:
        known = result.given.get(way.number)
        if not known:
            return None
        values["number"] = known
    return str(way.said), url_for(way.endpoint, **values)


_ENGAGEMENT = "gate_facts.engage"
_REVIEWS = Way(_l("Voir les revues éthiques"), "reviews.index", whose=Whose.ANYBODY)
_TEAM = Way(_l("Inviter quelqu’un"), "team.index", whose=Whose.LEAD)
_RISKS = Way(_l("Ouvrir le risque"), "risks.page", "number")
_RUN = Way(_l("Noter un essai"), "evaluation.index")
_PROTOCOL = Way(_l("Ouvrir le protocole"), "evaluation.page", "protocol")
_ROUND = Way(_l("Ouvrir la série"), "rounds.page", "number")
_METRIC = Way(_l("Ouvrir l’indicateur"), "impact.page", "number")
_FINDING = Way(_l("Ouvrir le constat"), "findings.page", "number")
_PANEL = Way(_l("Noter ce qu’un jury décide"), "gate_facts.hold", whose=Whose.DIRECTION)
_PLAN = Way(_l("Écrire le plan de changement"), "gate_facts.plan")


def _sheet(said: LazyString, kind: str) -> Way:
    return Way(said, "sheets.index", more=(("_anchor", kind),))


WAYS: Mapping[Code, Way] = {
    Code.AGREEMENT_MISSING: Way(_l("Noter la signature"), _ENGAGEMENT, whose=Whose.DIRECTION),
    Code.TOO_FEW_MEMBERS: _TEAM,
    Code.SPONSOR_MISSING: Way(_l("Nommer un sponsor"), _ENGAGEMENT, whose=Whose.LEAD),
    Code.SPONSOR_NOT_ON_TEAM: Way(_l("En nommer un autre"), _ENGAGEMENT, whose=Whose.LEAD),
    Code.BUSINESS_OWNER_MISSING: Way(
        _l("Nommer un responsable métier"), _ENGAGEMENT, whose=Whose.LEAD
    ),
    Code.BUSINESS_OWNER_NOT_ON_TEAM: Way(_l("En nommer un autre"), _ENGAGEMENT, whose=Whose.LEAD),
    Code.SHARE_OF_TIME_MISSING: Way(_l("Dire les parts de temps"), "team.index", whose=Whose.LEAD),
    Code.COACH_MISSING: Way(_l("Affecter un coach"), "team.index", whose=Whose.DIRECTION),
    Code.NO_COACHING_SESSION: Way(
        _l("Voir l’accompagnement"), "coaching.index", whose=Whose.ANYBODY
    ),
    Code.PROBLEM_MISSING: Way(_l("Énoncer le problème"), "projects.edit_page"),
    Code.NO_TARGET_GROUP: Way(_l("Décrire un public visé"), "groups.add"),
    Code.TARGET_GROUP_WITHOUT_SIZE: Way(_l("Donner une taille"), "groups.index"),
    Code.NO_IMPACT_METRIC: Way(_l("Définir un indicateur"), "impact.define"),
    Code.METRIC_WITHOUT_BASELINE: Way(_l("Donner un point de départ"), "impact.index"),
    Code.METRIC_WITHOUT_TARGET: _METRIC,
    Code.TOO_FEW_ASSUMPTIONS: Way(_l("Poser une hypothèse"), "assumptions.add"),
    Code.TOO_FEW_INTERVIEWS: Way(_l("Noter un entretien"), "interviews.add"),
    Code.NO_DATA_SOURCE: Way(_l("Décrire une source"), "data_sources.add"),
    Code.HOLDER_MISSING: Way(_l("Dire son détenteur"), "data_sources.change", "number"),
    Code.LEGAL_BASIS_MISSING: Way(_l("Dire sa base légale"), "data_sources.change", "number"),
    Code.DPIA_NOT_SCREENED: Way(_l("Répondre sur l’AIPD"), "data_sources.change", "number"),
    Code.DATA_NOT_RECEIVED: Way(
        _l("Noter où en est l’accès"), "data_sources.move_access", "number"
    ),
    Code.SAMPLE_MISSING: Way(_l("Décrire un échantillon"), "data_sources.note_sample", "number"),
    Code.SAMPLE_HASH_MISSING: Way(
        _l("Décrire un échantillon"), "data_sources.note_sample", "number"
    ),
    Code.QUALITY_NOTE_MISSING: Way(
        _l("Écrire la note de qualité"), "data_sources.judge_quality", "number"
    ),
    Code.PURPOSE_MISSING: Way(_l("Écrire sa finalité"), "data_sources.change", "number"),
    Code.NO_FRAMING_REVIEW: _REVIEWS,
    Code.REVIEW_INCOMPLETE: _REVIEWS,
    Code.LEVEL_NOT_COMPUTED: _REVIEWS,
    Code.NO_REVIEWER: _REVIEWS,
    Code.REVIEWER_NOT_INDEPENDENT: _REVIEWS,
    Code.HIGH_RISK_WITHOUT_MITIGATION: Way(
        _l("Décider une mesure"), "mitigations.decide", "number"
    ),
    Code.REVIEW_NOT_DECIDED: _REVIEWS,
    Code.REVIEW_REFUSED: _REVIEWS,
    Code.NO_PROTOCOL: Way(_l("Écrire un protocole"), "evaluation.write_protocol"),
    Code.NO_RUN: _RUN,
    Code.PROTOCOL_AFTER_RUN: _PROTOCOL,
    Code.NO_HELD_OUT_SET: _PROTOCOL,
    Code.NO_BASELINE_RESULT: _PROTOCOL,
    Code.BELOW_THRESHOLD: _PROTOCOL,
    Code.CODE_REFERENCE_MISSING: _PROTOCOL,
    Code.DATA_HASH_MISSING: _PROTOCOL,
    Code.NO_VERSION: Way(_l("Sortir une version"), "prototypes.release"),
    Code.VERSION_NOT_REACHABLE: Way(
        _l("Donner un lien ou un enregistrement"), "prototypes.change", "number"
    ),
    Code.NOT_DEMONSTRATED: Way(_l("Voir les démonstrations"), "demonstrations.index"),
    Code.SPRINT_NOT_CLOSED: Way(_l("Voir les sprints"), "sprints.index"),
    Code.NOBODY_FROM_OUTSIDE: Way(_l("Ouvrir la démonstration"), "demonstrations.page", "number"),
    Code.NO_ROUND: Way(_l("Préparer une série de tests"), "rounds.plan"),
    Code.TOO_FEW_TARGET_USERS: Way(_l("Ajouter une séance"), "rounds.page", "number"),
    Code.CONSENT_MISSING: _ROUND,
    Code.ACCESS_NOT_CONSIDERED: Way(
        _l("Le dire pour cette série"), "rounds.count_access", "number"
    ),
    Code.NO_TASK_METRIC: _ROUND,
    Code.UNRATED_FINDING: Way(_l("Noter les gravités"), "findings.index"),
    Code.TOO_FEW_ROUNDS: Way(_l("Préparer une série de tests"), "rounds.plan"),
    Code.TOO_FEW_VERSIONS_TESTED: Way(_l("Préparer une série de tests"), "rounds.plan"),
    Code.SEVERITY_4_OPEN: _FINDING,
    Code.SEVERITY_3_OPEN: _FINDING,
    Code.PRIMARY_TASK_NOT_COMPARED: Way(
        _l("Reprendre une série sur une autre version"), "rounds.index"
    ),
    Code.PRIMARY_TASK_WORSE: Way(_l("Voir les séries"), "rounds.index"),
    Code.NO_SUBGROUP_ANALYSIS: Way(_l("Ajouter des sous-groupes"), "evaluation.index"),
    Code.OVERRIDE_NOT_EXERCISED: _sheet(_l("Remplir la fiche d’exercice"), "oversight"),
    Code.OVERRIDE_FAILED: _sheet(_l("Refaire l’exercice"), "oversight"),
    Code.FALLBACK_NOT_EXERCISED: _sheet(_l("Remplir la fiche d’exercice"), "oversight"),
    Code.FALLBACK_FAILED: _sheet(_l("Refaire l’exercice"), "oversight"),
    Code.SECURITY_NOTE_MISSING: _sheet(_l("Remplir la note"), "security"),
    Code.ACCESSIBILITY_NOT_CHECKED: _sheet(_l("Faire la vérification"), "accessibility"),
    Code.NO_EXPOSURE_REVIEW: _REVIEWS,
    Code.REVIEW_OF_EARLIER_VERSION: _REVIEWS,
    Code.CONDITION_OPEN: _REVIEWS,
    Code.HIGH_RESIDUAL_RISK: _RISKS,
    Code.NO_MEASUREMENT: Way(_l("Noter une mesure"), "impact.measure", "number"),
    Code.MEASUREMENT_BEFORE_BASELINE: Way(_l("Noter une mesure"), "impact.measure", "number"),
    Code.MEASUREMENT_WITHOUT_N: _METRIC,
    Code.MEASUREMENT_WITHOUT_METHOD: _METRIC,
    Code.CHANGE_PLAN_MISSING: _PLAN,
    Code.CHANGE_PLAN_INCOMPLETE: _PLAN,
    Code.NO_PANEL: _PANEL,
    Code.NOTHING_SHOWN_LIVE: _PANEL,
    Code.NO_CRITERION_JUDGED: _PANEL,
    Code.HANDOVER_MISSING: _sheet(_l("Remplir le dossier de reprise"), "handover"),
    Code.HANDOVER_INCOMPLETE: _sheet(_l("Compléter le dossier de reprise"), "handover"),
}
