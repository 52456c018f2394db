"""Sentences of the guide of the API: its conventions, and what it promises."""

from portal.platform.kernel.text import lazy_gettext as _l

CONVENTIONS = (
    (_l("Jeton"), _l("Chaque demande porte « Authorization: Bearer … ». Les cookies ne comptent pas.")),
    (
        _l("Listes"),
        _l(
            "Au plus cent lignes par page ; l’en-tête Link mène à la page suivante. Ce qui s’ajoute ou"
            " disparaît entre-temps n’y fait rien répéter ni manquer."
        ),
    ),
    (
        _l("Versions"),
        _l(
            "ETag dit la version lue. Qui modifie la renvoie entière dans If-Match : sinon 428, ou 412 si ce"
            " qui a été lu a changé. Le champ version seul, entre guillemets, est accepté aussi : lui seul"
            " est alors comparé."
        ),
    ),
    (
        _l("Une seule fois"),
        _l("Avec Idempotency-Key, une écriture renvoyée telle quelle dans la journée n’agit qu’une fois."),
    ),
    (
        _l("À blanc"),
        _l("Avec dry_run=true, une écriture est vérifiée et reçoit sa réponse, mais rien n’est gardé."),
    ),
    (
        _l("Rythme"),
        _l(
            "600 demandes par minute et par jeton ; RateLimit dit ce qui reste, Retry-After combien attendre."
        ),
    ),
    (
        _l("Second facteur"),
        _l(
            "Ce que le portail ne fait qu’après vous avoir redemandé qui vous êtes, publier des"
            " décisions ou noter un paiement, est refusé à tout jeton (proof_required)."
        ),
    ),
    (
        _l("Refus"),
        _l("Un refus est en problem+json : un code stable, et une phrase dans la langue de Accept-Language."),
    ),
)
# What the operations of each area are about, by the word that limits a token to it.
AREA_CONTENTS = {
    "projects": _l("programmes, rôles, projets, leur présentation, leur état et leurs volets, données"),
    "sprints": _l("sprints, démonstrations, rétrospectives, versions, évaluations"),
    "backlog": _l("éléments du carnet"),
    "discussions": _l("messages, échanges ouverts, ce qu’on n’a pas lu, fichiers"),
    "tests": _l(
        "séries, consentements, séances et leur import, constats et leurs nouveaux tests, tendances,"
        " comparaisons et rapports"
    ),
    "ethics": _l("revues, leur registre, réponses et leur import, conditions, risques"),
    "coaching": _l(
        "recommandations, séances, leur préparation et leurs décisions,"
        " demandes d’aide, notes de coachs, séances collectives, coachs et leurs équipes"
    ),
    "oversight": _l(
        "jalons et seuils d’un programme, jurys, prévision, santé, décisions, comités et leurs dossiers,"
        " carte publique, portefeuille, calendrier, comparaison, changements et vues gardées, constats et"
        " éthique des équipes, rapport de fin"
    ),
    "selection": _l(
        "appels, critères, imports, candidatures, jury, conflits, sa propre feuille de notes, notes"
        " ouvertes, classement, délibération, décisions, recours, envois à la démarche"
    ),
    "funding": _l("conventions, tranches, demandes de modification, grand livre, rapport"),
    "personal": _l(
        "ce qui attend une décision, notifications, préférences, lien de calendrier,"
        " recherche (dans les autres domaines du jeton)"
    ),
    "webhooks": _l("abonnements et envois"),
    "administration": _l("journal des actes"),
}
PROMISES = (
    _l(
        "Ne casse rien : une opération de plus, un paramètre ou un champ facultatif de plus dans une demande."
    ),
    _l("Ne casse rien : un champ de plus dans une réponse, une limite plus large, un code de refus de plus."),
    _l(
        "Ce qui casserait prend une autre version de l’API, qui porte le nom de son premier jour. Un jeton"
        " garde celle de sa première demande, que dit l’en-tête API-Version de chaque réponse ; la précédente"
        " vit encore une version du portail, et son document se lit par openapi.json?version=."
    ),
    _l(
        "Ce qui doit disparaître, version, opération ou champ, le dit par Deprecation (depuis quand) et"
        " Sunset (jusqu’à quand), et porte deprecated dans le document. Pour passer à la version courante,"
        " créez un autre jeton."
    ),
)
