"""Remedies: the page where somebody can fix what a predicate lacks, by reason, and whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import url_for

from portal.coaching.sessions.queries import find_first_session_day, find_last_session_number
from portal.ethics.reviews.page_views import list_section_statuses, read_review_record
from portal.oversight.gates import labels, policy
from portal.oversight.gates.predicate_result_rules import PredicateResult, UnmetCode
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.writes import RETURN_FIELD
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.user_tests.rounds import queries as rounds


class RemedyOwner(StrEnum):
    """Who can use a remedy."""

    TEAM = "team"
    LEAD = "lead"  # the team's lead, or the programme's lead
    DIRECTION = "direction"
    COACH = "coach"  # of the project
    ANYBODY = "anybody"  # a page to read: somebody else acts


def list_remedy_owners_of_reader(project: Project) -> frozenset[RemedyOwner]:
    """Return the kinds of remedy that the reader can use."""
    owners = {RemedyOwner.ANYBODY}
    if projects.can_write_team_work(actor, project):
        owners.add(RemedyOwner.TEAM)
    if policy.can_note_key_roles(actor, project):
        owners.add(RemedyOwner.LEAD)
    if projects.can_lead_programme(actor, project):
        owners.add(RemedyOwner.DIRECTION)
    if projects.is_coach(actor, project):
        owners.add(RemedyOwner.COACH)
    return frozenset(owners)


def is_own_turn(result: PredicateResult, owners: frozenset[RemedyOwner]) -> bool:
    """Return whether a reader who can use the remedies of `owners` meets an unmet result."""
    remedy = _find_remedy(result, owners)
    return remedy is not None and remedy.owner in owners - {RemedyOwner.ANYBODY}


def whose_turn(result: PredicateResult, owners: frozenset[RemedyOwner]) -> str:
    """Return whose turn it is to meet a predicate, as that reader reads it; "" if it is met."""
    is_own = RemedyOwner.COACH in owners and is_own_turn(result, owners)
    return _("À vous.") if is_own else labels.whose_turn(result)


@dataclass(frozen=True)
class RemedyLink:
    """A link. `number` is the key of the result's parameter that the endpoint takes as `number`,
    "" for none; `url_values` are further values of the URL."""

    label: LazyString
    endpoint: str
    number: str = ""
    owner: RemedyOwner = RemedyOwner.TEAM
    url_values: tuple[tuple[str, str], ...] = ()


def find_remedy_link(
    project: Project, result: PredicateResult, owners: frozenset[RemedyOwner], gate: int | None = None
) -> tuple[str, str] | None:
    """Return (label, URL) of the remedy of an unmet result, None unless `owners` can use it. A form that
    is saved in one step leads back to the page of `gate`."""
    remedy = _find_remedy(result, owners)
    if remedy is None or remedy.owner not in owners:
        return None
    if remedy is _QUESTIONS and (link := _find_open_questions_link(project, result)):
        return link
    if remedy is _SESSION and find_first_session_day(project) > clock.today():
        return None
    if remedy is _SESSION and (last := find_last_session_number(project)):
        return _("Écrire le compte rendu"), url_for("coaching.page", slug=project.slug, number=last)
    if remedy is _ADD_SESSION and rounds.is_round_over(
        actor, project, int(result.parameters.get("number", 0))
    ):
        remedy = _ROUND_TO_REOPEN
    values: dict[str, Any] = {"slug": project.slug, **dict(remedy.url_values)}
    if remedy.number:
        number = result.parameters.get(remedy.number)
        if not number:
            return None
        values["number"] = number
    if gate is not None and _is_form_of_one_step(remedy):
        values[RETURN_FIELD] = url_for("gates.page", slug=project.slug, gate=gate)
    return str(remedy.label), url_for(remedy.endpoint, **values)


def _is_form_of_one_step(remedy: RemedyLink) -> bool:
    """Whether a remedy is a form that is done once it is saved: after `plan` and `begin` the next step
    stands on the page to which they lead."""
    return remedy is _COACH or remedy.endpoint.rpartition(".")[2] not in ("index", "page", "plan", "begin")


def _find_open_questions_link(project: Project, result: PredicateResult) -> tuple[str, str] | None:
    """Return how many questions of a review the team has to answer, and the section of the first; None
    where it answered all."""
    number = int(result.parameters.get("number", 0))
    record = read_review_record(project, number)
    sections = [each for each in list_section_statuses(record) if each.is_open and each.is_incomplete]
    if not sections:
        return None
    missing = sum(each.progress.question_count - each.progress.answered for each in sections)
    label = ngettext(
        "Répondre à la question qui manque", "Répondre aux %(num)s questions qui manquent", missing
    )
    section = sections[0].section.key
    return label, url_for("review_questions.section", slug=project.slug, number=number, section=section)


def _find_remedy(result: PredicateResult, owners: frozenset[RemedyOwner]) -> RemedyLink | None:
    if result.code is None:
        return None
    of_reader = (_OWN_REMEDIES[owner] for owner in _OWN_REMEDIES if owner in owners)
    own = [remedies[result.code] for remedies in of_reader if result.code in remedies]
    return own[0] if own else REMEDIES[result.code]


_ENGAGEMENT = "gate_facts.note_key_roles"
_REVIEWS = RemedyLink(_l("Voir les revues éthiques"), "reviews.index", owner=RemedyOwner.ANYBODY)
_REVIEW = RemedyLink(_l("Ouvrir la revue"), "reviews.page", "number", owner=RemedyOwner.ANYBODY)
_QUESTIONS = RemedyLink(_l("Ouvrir la revue"), "reviews.page", "number")
_TEAM = RemedyLink(
    _l("Inviter quelqu’un"), "team.index", owner=RemedyOwner.LEAD, url_values=(("_anchor", "invite"),)
)
_COACH = RemedyLink(
    _l("Affecter un coach"), "team.index", owner=RemedyOwner.DIRECTION, url_values=(("_anchor", "coach"),)
)
_SESSION = RemedyLink(_l("Noter la séance"), "coaching.add", owner=RemedyOwner.COACH)
_RISKS = RemedyLink(_l("Ouvrir le risque"), "risks.page", "number")
_RUN = RemedyLink(_l("Noter un essai"), "evaluation.index")
_PROTOCOL = RemedyLink(_l("Ouvrir le protocole"), "evaluation.page", "protocol")
_ROUND = RemedyLink(_l("Ouvrir la série"), "rounds.page", "number")
_ADD_SESSION = RemedyLink(_l("Ajouter une séance"), "test_sessions.begin", "number")
_ROUND_TO_REOPEN = RemedyLink(_l("Rouvrir la série, ou la reprendre"), "rounds.page", "number")
_METRIC = RemedyLink(_l("Ouvrir l’indicateur"), "impact.page", "number")
_FINDING = RemedyLink(_l("Ouvrir le constat"), "findings.page", "number")
_PANEL = RemedyLink(_l("Noter ce qu’un jury décide"), "gate_facts.record_panel", owner=RemedyOwner.DIRECTION)
_RENAME = RemedyLink(_l("En nommer un autre"), _ENGAGEMENT, owner=RemedyOwner.LEAD)
_SAMPLE = RemedyLink(_l("Décrire un échantillon"), "data_sources.note_sample", "number")
_MEASURE = RemedyLink(_l("Noter une mesure"), "impact.add_measurement", "number")
_NEW_ROUND = RemedyLink(_l("Préparer une série de tests"), "rounds.plan")
_PLAN = RemedyLink(_l("Écrire le plan de changement"), "gate_facts.edit_change_plan")


def _make_numbered_row_remedy(label: LazyString, endpoint: str, field: str = "") -> RemedyLink:
    """A remedy of a numbered row; its form begins at `field`."""
    return RemedyLink(label, endpoint, "number", url_values=(("field", field),) if field else ())


def _make_remedy_for_lead(label: LazyString, endpoint: str) -> RemedyLink:
    return RemedyLink(label, endpoint, owner=RemedyOwner.LEAD)


def _make_readiness_sheet_remedy(label: LazyString, kind: str) -> RemedyLink:
    return RemedyLink(label, "sheets.index", url_values=(("_anchor", kind),))


# What coaches of the project do themselves, where others read.
_OWN_REMEDIES: Mapping[RemedyOwner, Mapping[UnmetCode, RemedyLink]] = {
    RemedyOwner.COACH: {
        UnmetCode.NO_COACHING_SESSION: _SESSION,
    },
    RemedyOwner.TEAM: {UnmetCode.REVIEW_INCOMPLETE: _QUESTIONS},
}
REMEDIES: Mapping[UnmetCode, RemedyLink] = {
    UnmetCode.AGREEMENT_MISSING: RemedyLink(
        _l("Noter la signature"), "agreements.page", owner=RemedyOwner.DIRECTION
    ),
    UnmetCode.TOO_FEW_MEMBERS: _TEAM,
    UnmetCode.SPONSOR_MISSING: _make_remedy_for_lead(_l("Nommer un sponsor"), _ENGAGEMENT),
    UnmetCode.SPONSOR_NOT_ON_TEAM: _RENAME,
    UnmetCode.BUSINESS_OWNER_MISSING: _make_remedy_for_lead(_l("Nommer un responsable métier"), _ENGAGEMENT),
    UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM: _RENAME,
    UnmetCode.SHARE_OF_TIME_MISSING: _make_remedy_for_lead(_l("Dire les parts de temps"), "team.index"),
    UnmetCode.COACH_MISSING: _COACH,
    UnmetCode.NO_COACHING_SESSION: RemedyLink(
        _l("Voir l’accompagnement"), "coaching.index", owner=RemedyOwner.ANYBODY
    ),
    UnmetCode.PROBLEM_MISSING: RemedyLink(
        _l("Énoncer le problème"), "projects.edit_page", url_values=(("field", "problem"),)
    ),
    UnmetCode.NO_TARGET_GROUP: RemedyLink(_l("Décrire un public visé"), "groups.add"),
    UnmetCode.TARGET_GROUP_WITHOUT_SIZE: RemedyLink(_l("Donner une taille"), "groups.index"),
    UnmetCode.NO_IMPACT_METRIC: RemedyLink(_l("Définir un indicateur"), "impact.define"),
    UnmetCode.METRIC_WITHOUT_BASELINE: RemedyLink(_l("Donner un point de départ"), "impact.index"),
    UnmetCode.METRIC_WITHOUT_TARGET: _METRIC,
    UnmetCode.TOO_FEW_ASSUMPTIONS: RemedyLink(_l("Poser une hypothèse"), "assumptions.add"),
    UnmetCode.TOO_FEW_INTERVIEWS: RemedyLink(_l("Noter un entretien"), "interviews.add"),
    UnmetCode.NO_DATA_SOURCE: RemedyLink(_l("Décrire une source"), "data_sources.add"),
    UnmetCode.HOLDER_MISSING: _make_numbered_row_remedy(
        _l("Dire son détenteur"), "data_sources.change", "holder"
    ),
    UnmetCode.LEGAL_BASIS_MISSING: _make_numbered_row_remedy(
        _l("Dire sa base légale"), "data_sources.change", "legal_basis"
    ),
    UnmetCode.DPIA_NOT_SCREENED: _make_numbered_row_remedy(
        _l("Répondre sur l’AIPD"), "data_sources.change", "screening"
    ),
    UnmetCode.DATA_NOT_RECEIVED: _make_numbered_row_remedy(
        _l("Noter où en est l’accès"), "data_sources.move_access"
    ),
    UnmetCode.SAMPLE_MISSING: _SAMPLE,
    UnmetCode.SAMPLE_HASH_MISSING: _SAMPLE,
    UnmetCode.QUALITY_NOTE_MISSING: _make_numbered_row_remedy(
        _l("Écrire la note de qualité"), "data_sources.judge_quality"
    ),
    UnmetCode.PURPOSE_MISSING: _make_numbered_row_remedy(
        _l("Écrire sa finalité"), "data_sources.change", "purpose"
    ),
    UnmetCode.NO_FRAMING_REVIEW: _REVIEWS,
    UnmetCode.REVIEW_INCOMPLETE: _REVIEW,
    UnmetCode.LEVEL_NOT_COMPUTED: _REVIEW,
    UnmetCode.NO_REVIEWER: _REVIEW,
    UnmetCode.REVIEW_NOT_TAKEN: _REVIEW,
    UnmetCode.REVIEWER_NOT_INDEPENDENT: _REVIEW,
    UnmetCode.HIGH_RISK_WITHOUT_MITIGATION: _make_numbered_row_remedy(
        _l("Dire qui le réduit, et pour quand"), "risks.page"
    ),
    UnmetCode.REVIEW_NOT_DECIDED: _REVIEW,
    UnmetCode.REVIEW_REFUSED: _REVIEW,
    UnmetCode.NO_PROTOCOL: RemedyLink(_l("Écrire un protocole"), "evaluation.write_protocol"),
    UnmetCode.NO_RUN: _RUN,
    UnmetCode.PROTOCOL_AFTER_RUN: _PROTOCOL,
    UnmetCode.NO_HELD_OUT_SET: _PROTOCOL,
    UnmetCode.NO_BASELINE_RESULT: _PROTOCOL,
    UnmetCode.BELOW_THRESHOLD: _PROTOCOL,
    UnmetCode.CODE_REFERENCE_MISSING: _PROTOCOL,
    UnmetCode.DATA_HASH_MISSING: _PROTOCOL,
    UnmetCode.NO_VERSION: RemedyLink(_l("Sortir une version"), "prototypes.release"),
    UnmetCode.VERSION_NOT_REACHABLE: _make_numbered_row_remedy(
        _l("Donner un lien ou un enregistrement"), "prototypes.change"
    ),
    UnmetCode.NOT_DEMONSTRATED: RemedyLink(_l("Voir les démonstrations"), "demonstrations.index"),
    UnmetCode.SPRINT_NOT_CLOSED: RemedyLink(_l("Voir les sprints"), "sprints.index"),
    UnmetCode.NOBODY_FROM_OUTSIDE: _make_numbered_row_remedy(
        _l("Ouvrir la démonstration"), "demonstrations.page"
    ),
    UnmetCode.NO_ROUND: _NEW_ROUND,
    UnmetCode.TOO_FEW_TARGET_USERS: _ADD_SESSION,
    UnmetCode.CONSENT_MISSING: _ROUND,
    UnmetCode.ACCESS_NOT_CONSIDERED: _make_numbered_row_remedy(
        _l("Le dire pour cette série"), "rounds.record_access_needs"
    ),
    UnmetCode.NO_TASK_METRIC: _ROUND,
    UnmetCode.UNRATED_FINDING: RemedyLink(_l("Noter les gravités"), "findings.index"),
    UnmetCode.TOO_FEW_ROUNDS: _NEW_ROUND,
    UnmetCode.TOO_FEW_VERSIONS_TESTED: _NEW_ROUND,
    UnmetCode.SEVERITY_4_OPEN: _FINDING,
    UnmetCode.SEVERITY_3_OPEN: _FINDING,
    UnmetCode.PRIMARY_TASK_NOT_COMPARED: RemedyLink(
        _l("Reprendre une série sur une autre version"), "rounds.index"
    ),
    UnmetCode.PRIMARY_TASK_WORSE: RemedyLink(_l("Voir les séries"), "rounds.index"),
    UnmetCode.NO_SUBGROUP_ANALYSIS: RemedyLink(_l("Ajouter des sous-groupes"), "evaluation.index"),
    UnmetCode.OVERRIDE_NOT_EXERCISED: _make_readiness_sheet_remedy(
        _l("Remplir la fiche d’exercice"), "oversight"
    ),
    UnmetCode.OVERRIDE_FAILED: _make_readiness_sheet_remedy(_l("Refaire l’exercice"), "oversight"),
    UnmetCode.FALLBACK_NOT_EXERCISED: _make_readiness_sheet_remedy(
        _l("Remplir la fiche d’exercice"), "oversight"
    ),
    UnmetCode.FALLBACK_FAILED: _make_readiness_sheet_remedy(_l("Refaire l’exercice"), "oversight"),
    UnmetCode.SECURITY_NOTE_MISSING: _make_readiness_sheet_remedy(_l("Remplir la note"), "security"),
    UnmetCode.ACCESSIBILITY_NOT_CHECKED: _make_readiness_sheet_remedy(
        _l("Faire la vérification"), "accessibility"
    ),
    UnmetCode.NO_EXPOSURE_REVIEW: _REVIEWS,
    UnmetCode.REVIEW_OF_EARLIER_VERSION: _REVIEW,
    UnmetCode.CONDITION_OPEN: _REVIEW,
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
    UnmetCode.HANDOVER_MISSING: _make_readiness_sheet_remedy(_l("Remplir le dossier de reprise"), "handover"),
    UnmetCode.HANDOVER_INCOMPLETE: _make_readiness_sheet_remedy(
        _l("Compléter le dossier de reprise"), "handover"
    ),
}
