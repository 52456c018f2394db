"""Sentences: the demand of each predicate, the reason why it is unmet, causes of staleness."""

from collections.abc import Callable, Mapping

from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.turn_rules import GateTurn
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

# By predicate; `%(n)s` is the threshold set by the programme.
DEMANDS: Mapping[str, LazyString] = {
    "agreement_signed": _l("La convention est signée."),
    "team_size": _l("L’équipe a au moins %(n)s membres."),
    "sponsor": _l("Un sponsor est nommé, dans l’équipe, avec sa part de temps."),
    "business_owner": _l("Un responsable métier est nommé, dans l’équipe, avec sa part de temps."),
    "shares_of_time": _l("Chaque membre de l’équipe dit quelle part de son temps il donne."),
    "coach_on_every_track": _l("Chaque volet d’accompagnement a son coach."),
    "coaching_begun": _l("Une première séance d’accompagnement a eu lieu."),
    "problem_stated": _l("Le problème est énoncé."),
    "target_group_sized": _l("Un public visé au moins a une taille."),
    "metric_aimed": _l("Un indicateur d’impact au moins a un point de départ et une cible."),
    "assumptions_ranked": _l("Au moins %(n)s hypothèses sont classées par risque."),
    "interviews_logged": _l("Au moins %(n)s entretiens sont notés."),
    "data_lawful": _l(
        "Une source de données a un détenteur, une base légale, et l’on s’est demandé si une"
        " analyse d’impact (AIPD) est due."
    ),
    "data_received": _l("Ses données sont reçues."),
    "data_sampled": _l("Un échantillon en est décrit : nombre de lignes et empreinte."),
    "data_quality_noted": _l("Une note dit ce que valent ces données."),
    "purposes_written": _l("La finalité de chaque source est écrite."),
    "framing_answered": _l("La revue éthique de cadrage est soumise, avec toutes ses réponses."),
    "framing_level": _l("Son niveau de risque est calculé."),
    "framing_reviewer": _l("Son relecteur n’est ni de l’équipe ni de ses coachs."),
    "high_risks_owned": _l("Chaque risque élevé a une mesure, avec qui s’en charge et une date."),
    "framing_decided": _l("La revue est acceptée, avec ou sans conditions."),
    "protocol_first": _l("Le protocole d’évaluation est daté d’avant l’essai."),
    "held_out_set": _l("L’essai se fait sur des données mises de côté."),
    "baseline_known": _l("Le résultat de la référence est connu."),
    "threshold_met": _l("L’essai atteint le seuil, ou l’équipe a décidé de changer de voie."),
    "run_traceable": _l("L’essai dit le code et les données dont il vient."),
    "version_reachable": _l("Une version du prototype s’ouvre par un lien ou un enregistrement."),
    "version_shown": _l(
        "Une version a été montrée à la démonstration d’un sprint clos, devant des personnes hors"
        " de l’équipe."
    ),
    "target_users": _l("Une série de tests a vu au moins %(n)s personnes d’un même public visé."),
    "consent_complete": _l("Toutes les personnes de cette série ont donné leur accord."),
    "access_considered": _l(
        "Une personne au moins avait un besoin d’accessibilité, ou l’on dit pourquoi personne n’en avait."
    ),
    "primary_task_measured": _l("La réussite de la tâche principale est notée."),
    "findings_rated": _l("Tous les constats de la série ont une gravité."),
    "rounds_on_versions": _l("Au moins %(n)s séries de tests, sur autant de versions."),
    "no_severity_4": _l("Aucun constat de gravité 4 n’est ouvert."),
    "severity_3_settled": _l(
        "Chaque constat de gravité 3 est clos par un nouveau test, ou accepté par quelqu’un, nommé."
    ),
    "primary_task_not_worse": _l(
        "La tâche principale n’est pas moins réussie qu’au premier test, intervalle compris."
    ),
    "errors_by_subgroup": _l("Les erreurs de l’IA sont regardées par sous-groupe."),
    "override_exercised": _l("Des agents se sont exercés à écarter une réponse de l’IA."),
    "fallback_exercised": _l("Des agents se sont exercés à travailler sans elle."),
    "security_noted": _l("La note de risque de sécurité est complète."),
    "accessibility_checked": _l("La vérification d’accessibilité est complète."),
    "exposure_reviewed": _l(
        "La revue éthique avant exposition élargie est acceptée, avec ou sans conditions."
    ),
    "exposure_current": _l("Elle porte sur la version actuelle du prototype."),
    "conditions_closed": _l("Les conditions de la revue de cadrage sont closes, avec leur preuve."),
    "no_high_residual_risk": _l("Aucun risque ne reste élevé."),
    "impact_measured": _l(
        "Un indicateur est mesuré depuis son point de départ, avec combien de cas et comment."
    ),
    "change_planned": _l("Le plan de changement dit missions, organisation et formation."),
    "shown_to_panel": _l("Le prototype a été montré en direct à un jury."),
    "criteria_judged": _l("Le jury a jugé chaque critère, et décidé d’une suite."),
    "handover_ready": _l(
        "Le dossier de reprise est prêt : dépôt, licence, cartes du modèle et des données, guide"
        " d’exploitation, coût, service propriétaire."
    ),
}

# Reasons that count things: their numbers agree.
UNMET_COUNTS: Mapping[UnmetCode, Callable[[int], str]] = {
    UnmetCode.SHARE_OF_TIME_MISSING: lambda n: (
        ngettext(
            "%(num)s personne n’a pas de part de temps.", "%(num)s personnes n’ont pas de part de temps.", n
        )
        if n
        else _("Personne n’est encore dans l’équipe.")
    ),
    UnmetCode.COACH_MISSING: lambda n: ngettext(
        "%(num)s volet n’a pas de coach.", "%(num)s volets n’ont pas de coach.", n
    ),
    UnmetCode.PURPOSE_MISSING: lambda n: ngettext(
        "%(num)s source n’a pas de finalité écrite.", "%(num)s sources n’ont pas de finalité écrite.", n
    ),
    UnmetCode.HIGH_RESIDUAL_RISK: lambda n: ngettext(
        "%(num)s risque reste élevé.", "%(num)s risques restent élevés.", n
    ),
}
UNMET_REASONS: Mapping[UnmetCode, LazyString] = {
    UnmetCode.AGREEMENT_MISSING: _l("La date de signature de la convention n’est pas notée."),
    UnmetCode.TOO_FEW_MEMBERS: _l("Membres de l’équipe : %(n)s, sur %(wanted)s demandés."),
    UnmetCode.SPONSOR_MISSING: _l("Aucun sponsor n’est nommé."),
    UnmetCode.SPONSOR_NOT_ON_TEAM: _l("Le sponsor nommé n’est plus dans l’équipe."),
    UnmetCode.BUSINESS_OWNER_MISSING: _l("Aucun responsable métier n’est nommé."),
    UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM: _l("Le responsable métier nommé n’est plus dans l’équipe."),
    UnmetCode.NO_COACHING_SESSION: _l(
        "Aucune séance d’accompagnement n’a encore de compte rendu ni de décision."
    ),
    UnmetCode.PROBLEM_MISSING: _l("La présentation du projet ne dit pas le problème."),
    UnmetCode.NO_TARGET_GROUP: _l("Aucun public visé n’est décrit."),
    UnmetCode.TARGET_GROUP_WITHOUT_SIZE: _l("Aucun public visé n’a de taille."),
    UnmetCode.NO_IMPACT_METRIC: _l("Aucun indicateur d’impact n’est défini."),
    UnmetCode.METRIC_WITHOUT_BASELINE: _l("Aucun indicateur n’a de point de départ daté."),
    UnmetCode.METRIC_WITHOUT_TARGET: _l("L’indicateur %(number)s n’a pas de cible."),
    UnmetCode.TOO_FEW_ASSUMPTIONS: _l("Hypothèses classées : %(n)s, sur %(wanted)s demandées."),
    UnmetCode.TOO_FEW_INTERVIEWS: _l("Entretiens notés : %(n)s, sur %(wanted)s demandés."),
    UnmetCode.NO_DATA_SOURCE: _l("Aucune source de données n’est décrite."),
    UnmetCode.HOLDER_MISSING: _l("La source %(number)s n’a pas de détenteur."),
    UnmetCode.LEGAL_BASIS_MISSING: _l("La source %(number)s n’a pas de base légale."),
    UnmetCode.DPIA_NOT_SCREENED: _l(
        "Pour la source %(number)s, personne ne s’est encore demandé si une AIPD est due."
    ),
    UnmetCode.DATA_NOT_RECEIVED: _l("Les données de la source %(number)s ne sont pas encore reçues."),
    UnmetCode.SAMPLE_MISSING: _l("La source %(number)s n’a pas d’échantillon."),
    UnmetCode.SAMPLE_HASH_MISSING: _l("L’échantillon de la source %(number)s n’a pas d’empreinte."),
    UnmetCode.QUALITY_NOTE_MISSING: _l("La source %(number)s n’a pas de note de qualité."),
    UnmetCode.NO_FRAMING_REVIEW: _l("La revue de cadrage n’est pas ouverte."),
    UnmetCode.REVIEW_INCOMPLETE: _l("La revue %(number)s n’est pas encore soumise par le porteur."),
    UnmetCode.LEVEL_NOT_COMPUTED: _l(
        "Le niveau de la revue %(number)s est provisoire tant qu’elle n’est pas soumise."
    ),
    UnmetCode.NO_REVIEWER: _l("La revue %(number)s attend un relecteur."),
    UnmetCode.REVIEW_NOT_TAKEN: _l("Le relecteur du projet n’a pas encore pris la revue %(number)s."),
    UnmetCode.REVIEWER_NOT_INDEPENDENT: _l(
        "Le relecteur de la revue %(number)s est de l’équipe, de ses coachs, ou n’est plus relecteur."
    ),
    UnmetCode.HIGH_RISK_WITHOUT_MITIGATION: _l(
        "Risques élevés sans mesure qui ait quelqu’un et une date : %(n)s."
    ),
    UnmetCode.REVIEW_NOT_DECIDED: _l("La revue %(number)s n’est pas décidée."),
    UnmetCode.REVIEW_REFUSED: _l("La revue %(number)s est refusée."),
    UnmetCode.NO_PROTOCOL: _l("Aucun protocole d’évaluation n’est écrit."),
    UnmetCode.NO_RUN: _l("Aucun essai n’est noté."),
    UnmetCode.PROTOCOL_AFTER_RUN: _l("Le protocole %(protocol)s n’est pas daté d’avant l’essai %(number)s."),
    UnmetCode.NO_HELD_OUT_SET: _l("Le protocole %(protocol)s ne dit pas les données mises de côté."),
    UnmetCode.NO_BASELINE_RESULT: _l("Le protocole %(protocol)s ne nomme pas sa référence."),
    UnmetCode.BELOW_THRESHOLD: _l("L’essai %(number)s n’atteint pas le seuil du protocole %(protocol)s."),
    UnmetCode.CODE_REFERENCE_MISSING: _l("L’essai %(number)s ne dit pas de quel code il vient."),
    UnmetCode.DATA_HASH_MISSING: _l("L’essai %(number)s n’a pas l’empreinte de ses données."),
    UnmetCode.NO_VERSION: _l("Aucune version du prototype n’est sortie."),
    UnmetCode.VERSION_NOT_REACHABLE: _l("La version %(number)s n’a ni lien ni enregistrement."),
    UnmetCode.NOT_DEMONSTRATED: _l("Aucune démonstration n’a montré une version."),
    UnmetCode.SPRINT_NOT_CLOSED: _l("Le sprint %(sprint)s de la démonstration n’est pas clos."),
    UnmetCode.NOBODY_FROM_OUTSIDE: _l("Personne hors de l’équipe n’était à la démonstration %(number)s."),
    UnmetCode.NO_ROUND: _l("Aucune série de tests n’est préparée."),
    UnmetCode.TOO_FEW_TARGET_USERS: _l(
        "Personnes visées sur la version %(version)s : %(n)s, sur %(wanted)s demandées."
    ),
    UnmetCode.CONSENT_MISSING: _l("Accords notés dans la série %(number)s : %(n)s sur %(wanted)s."),
    UnmetCode.ACCESS_NOT_CONSIDERED: _l(
        "La série %(number)s ne compte personne qui ait un besoin d’accessibilité, et ne dit pas pourquoi."
    ),
    UnmetCode.NO_TASK_METRIC: _l("La série %(number)s n’a pas de résultat à sa tâche principale."),
    UnmetCode.UNRATED_FINDING: _l("Constats de la série %(number)s sans gravité : %(n)s."),
    UnmetCode.TOO_FEW_ROUNDS: _l("Séries qui ont vu quelqu’un : %(n)s, sur %(wanted)s demandées."),
    UnmetCode.TOO_FEW_VERSIONS_TESTED: _l("Versions testées : %(n)s, sur %(wanted)s demandées."),
    UnmetCode.SEVERITY_4_OPEN: _l("Constats de gravité 4 ouverts : %(n)s."),
    UnmetCode.SEVERITY_3_OPEN: _l("Constats de gravité 3 ouverts : %(n)s."),
    UnmetCode.PRIMARY_TASK_NOT_COMPARED: _l(
        "La même tâche principale n’est pas encore mesurée sur deux versions."
    ),
    UnmetCode.PRIMARY_TASK_WORSE: _l(
        "La tâche principale est moins réussie : %(was)s, puis %(now)s (écart de %(low)s à %(high)s"
        " points, IC 95 %%)."
    ),
    UnmetCode.NO_SUBGROUP_ANALYSIS: _l("L’essai %(number)s n’a pas de résultats par sous-groupe."),
    UnmetCode.OVERRIDE_NOT_EXERCISED: _l("Aucun exercice de reprise en main n’est complet."),
    UnmetCode.OVERRIDE_FAILED: _l("À l’exercice de la fiche %(number)s, les agents n’ont pas gardé la main."),
    UnmetCode.FALLBACK_NOT_EXERCISED: _l("Aucun exercice de travail sans l’IA n’est complet."),
    UnmetCode.FALLBACK_FAILED: _l("À l’exercice de la fiche %(number)s, le service n’a pas continué."),
    UnmetCode.SECURITY_NOTE_MISSING: _l("La note de risque de sécurité n’est pas complète."),
    UnmetCode.ACCESSIBILITY_NOT_CHECKED: _l("La vérification d’accessibilité n’est pas complète."),
    UnmetCode.NO_EXPOSURE_REVIEW: _l("La revue avant exposition élargie n’est pas ouverte."),
    UnmetCode.REVIEW_OF_EARLIER_VERSION: _l(
        "La revue %(number)s ne porte pas sur la version %(version)s, l’actuelle."
    ),
    UnmetCode.CONDITION_OPEN: _l("Conditions de la revue %(number)s encore ouvertes : %(n)s."),
    UnmetCode.NO_MEASUREMENT: _l("L’indicateur %(number)s n’a pas de mesure sous sa définition actuelle."),
    UnmetCode.MEASUREMENT_BEFORE_BASELINE: _l(
        "La mesure de l’indicateur %(number)s n’est pas postérieure à son point de départ."
    ),
    UnmetCode.MEASUREMENT_WITHOUT_N: _l(
        "La mesure de l’indicateur %(number)s ne dit pas sur combien de cas."
    ),
    UnmetCode.MEASUREMENT_WITHOUT_METHOD: _l("La mesure de l’indicateur %(number)s ne dit pas comment."),
    UnmetCode.CHANGE_PLAN_MISSING: _l("Le plan de changement n’est pas écrit."),
    UnmetCode.CHANGE_PLAN_INCOMPLETE: _l("Parties du plan de changement encore vides : %(n)s."),
    UnmetCode.NO_PANEL: _l("Aucun jury n’a encore vu le prototype."),
    UnmetCode.NOTHING_SHOWN_LIVE: _l("Le jury %(number)s n’a pas vu de version en direct."),
    UnmetCode.NO_CRITERION_JUDGED: _l("Le jury %(number)s n’a pas jugé de critère."),
    UnmetCode.HANDOVER_MISSING: _l("Le dossier de reprise n’est pas complet."),
    UnmetCode.HANDOVER_INCOMPLETE: _l("Éléments du dossier de reprise qui ne sont pas prêts : %(n)s."),
}

# Who gives a missing proof.
TURNS: Mapping[GateTurn, LazyString] = {
    GateTurn.TEAM: _l("À l’équipe."),
    GateTurn.CARRIER: _l("Au porteur."),
    GateTurn.LEAD: _l("À la direction."),
    GateTurn.LEAD_OR_OPERATOR: _l("À la direction ou à l’opérateur."),
    GateTurn.COACH: _l("Au coach."),
    GateTurn.REVIEWER: _l("À qui relit la revue."),
    GateTurn.ANSWER: _l("À l’équipe."),
    GateTurn.CONFIRM: _l("À qui relit la revue."),
    GateTurn.TEST: _l("À l’équipe."),
}
# What has to be done before an acceptance holds, in gates named by number.
TASKS: Mapping[GateTurn, LazyString] = {
    GateTurn.TEAM: _l("À l’équipe : prouver de nouveau %(gates)s."),
    GateTurn.CARRIER: _l("Au porteur : compléter l’équipe, pour %(gates)s."),
    GateTurn.LEAD: _l("À la direction : apporter ce qui manque à %(gates)s."),
    GateTurn.LEAD_OR_OPERATOR: _l("À la direction ou à l’opérateur : dater la convention, pour %(gates)s."),
    GateTurn.COACH: _l("Au coach : tenir une première séance, pour %(gates)s."),
    GateTurn.REVIEWER: _l("À qui relit la revue : la décider, pour %(gates)s."),
    GateTurn.ANSWER: _l("À l’équipe : répondre au réexamen qui périme %(gates)s."),
    GateTurn.CONFIRM: _l(
        "À qui relit la revue ou à la direction : confirmer la réponse au réexamen qui périme %(gates)s."
    ),
    GateTurn.TEST: _l("À l’équipe : tester de nouveau, pour %(gates)s."),
}

# Defaults for parameters that a stored evaluation may lack.
DEFAULT_PARAMETERS: dict[str, int | str] = dict.fromkeys(
    ("n", "wanted", "number", "protocol", "sprint", "version", "was", "now", "low", "high"), 0
)

CAUSES: Mapping[StalenessCause, LazyString] = {
    StalenessCause.EVIDENCE_LOST: _l("Ce qui le prouvait n’est plus là"),
    StalenessCause.TARGET_GROUP_CHANGED: _l("Un public visé a changé"),
    StalenessCause.DATA_SOURCE_CHANGED: _l("Une source de données a changé"),
    StalenessCause.TRIGGER_OPEN: _l("Un réexamen de la revue éthique est ouvert"),
    StalenessCause.MODEL_CHANGED: _l("Le modèle a changé"),
    StalenessCause.INTERFACE_CHANGED: _l("Le prototype décide davantage, ou pour d’autres personnes"),
    StalenessCause.VERSIONS_LATER: _l("Trop de versions sont sorties depuis celle qui a été testée"),
    StalenessCause.DAYS_LATER: _l("Le dernier test est trop ancien"),
    StalenessCause.NEW_SEVERITY_4: _l("Un nouveau constat est de gravité 4"),
    StalenessCause.METRIC_REDEFINED: _l("Un indicateur a été redéfini"),
}
