"""What the parts of a data source are called, and why its data are as ready as they are."""

from flask_babel import format_decimal

from portal.data_sources.models import (
    Access,
    DataSource,
    Faithfulness,
    Fitness,
    Personal,
    Screening,
)
from portal.data_sources.readiness import Band, Lack, Level
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.web.show import day

ACCESS: dict[Access, LazyString] = {
    Access.IDENTIFIED: _l("Repérée"),
    Access.REQUESTED: _l("Demandée"),
    Access.GRANTED: _l("Accordée"),
    Access.RECEIVED: _l("Reçue"),
    Access.USABLE: _l("Exploitable"),
}

PERSONAL: dict[Personal, LazyString] = {
    Personal.YES: _l("Oui, elles parlent de personnes"),
    Personal.NO: _l("Non"),
    Personal.UNKNOWN: _l("Nous ne le savons pas encore"),
}

PERSONAL_IN_SHORT: dict[Personal, LazyString] = {
    Personal.YES: _l("Oui"),
    Personal.NO: _l("Non"),
    Personal.UNKNOWN: _l("Pas encore dit"),
}

SCREENINGS: dict[Screening, LazyString] = {
    Screening.NOT_DONE: _l("Pas encore examiné"),
    Screening.NOT_NEEDED: _l("Examiné : pas d’AIPD nécessaire"),
    Screening.NEEDED: _l("Examiné : une AIPD est nécessaire"),
    Screening.DONE: _l("L’AIPD est faite"),
}

FAITHFULNESS: dict[Faithfulness, LazyString] = {
    Faithfulness.RAW: _l("Brutes : personne ne les a encore étudiées"),
    Faithfulness.EXPLORED: _l("Explorées : manques, bruit et codage sont compris"),
    Faithfulness.CLEANED: _l("Nettoyées : leurs limites sont connues"),
}

FITNESS: dict[Fitness, LazyString] = {
    Fitness.NOT_ASKED: _l("La question n’est pas encore posée"),
    Fitness.FRAMED: _l("La question est posée, l’essai commence"),
    Fitness.FIT: _l("Elles y répondent, leurs manques sont connus"),
    Fitness.READY: _l("Elles y répondent, prêtes pour l’usage visé"),
}

BANDS: dict[Band, LazyString] = {
    Band.ACCESSIBLE: _l("Bande C : accès"),
    Band.FAITHFUL: _l("Bande B : fidélité"),
    Band.IN_CONTEXT: _l("Bande A : en contexte"),
}

LEVELS: dict[Level, LazyString] = {
    Level.HEARSAY: _l("On dit qu’elles existent."),
    Level.ELSEWHERE: _l("Elles sont chez leur détenteur."),
    Level.HELD: _l("Elles sont reçues, personne n’en a vu d’échantillon."),
    Level.LOADABLE: _l("Un échantillon est prêt à charger."),
    Level.RAW: _l("Elles sont chargées, à l’état brut."),
    Level.EXPLORED: _l("Elles sont explorées."),
    Level.UNDERSTOOD: _l("Elles sont nettoyées, leurs limites sont connues."),
    Level.FRAMED: _l("La question qu’on leur pose est cadrée."),
    Level.FIT: _l("Elles répondent à la question."),
    Level.READY: _l("Elles sont prêtes pour l’usage visé."),
}

LACKS: dict[Lack, LazyString] = {
    Lack.ACCESS: _l("Il reste à demander l’accès."),
    Lack.GRANT: _l("Il reste à obtenir l’accord du détenteur."),
    Lack.DELIVERY: _l("Il reste à les recevoir."),
    Lack.SAMPLE: _l("Il reste à noter un échantillon : ses lignes et son empreinte."),
    Lack.LOADING: _l("Il reste à les charger là où l’équipe travaille."),
    Lack.EXPLORATION: _l("Il reste à étudier leurs manques, leur bruit et leur codage."),
    Lack.CLEANING: _l("Il reste à les nettoyer et à dire leurs limites."),
    Lack.QUALITY_NOTE: _l("Il reste à écrire la note de qualité."),
    Lack.PURPOSE: _l("Il reste à écrire leur finalité."),
    Lack.QUESTION: _l("Il reste à poser la question à laquelle elles répondent."),
    Lack.ANSWER: _l("Il reste à vérifier qu’elles y répondent."),
    Lack.USE: _l("Il reste à les éprouver dans l’usage visé."),
}


def unlawful(source: DataSource) -> list[str]:
    """What the law asks for and the file does not say yet."""
    told = [
        (not source.holder, _("Le détenteur n’est pas nommé.")),
        (not source.purpose, _("La finalité n’est pas écrite.")),
        (not source.legal_basis, _("La base légale n’est pas dite.")),
        (
            source.personal is Personal.UNKNOWN,
            _("Personne n’a dit si elles parlent de personnes."),
        ),
        (
            source.screening is Screening.NOT_DONE,
            _("Le besoin d’une AIPD n’est pas examiné."),
        ),
        (source.screening is Screening.NEEDED, _("Une AIPD est nécessaire, elle reste à faire.")),
    ]
    return [sentence for is_missing, sentence in told if is_missing]


def last_sample(source: DataSource) -> str:
    """Beside the form for another one, which takes its place; "" before any."""
    if source.sample_on is None:
        return ""
    return _(
        "Il remplacera le dernier noté : %(rows)s, reçu le %(day)s.",
        rows=sample(source),
        day=day(source.sample_on),
    )


def sample(source: DataSource) -> str:
    if source.sample_rows is None:
        return _("aucun échantillon")
    n = source.sample_rows
    return ngettext("%(rows)s ligne", "%(rows)s lignes", n, rows=format_decimal(n))
