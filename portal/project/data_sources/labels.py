"""Labels of data sources, of their readiness levels, and of what is missing."""

from collections.abc import Sequence

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.data_sources.models import (
    AccessState,
    DataSource,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalDataPresence,
)
from portal.project.data_sources.readiness_rules import ReadinessBand, ReadinessLack, ReadinessLevel

ACCESS: dict[AccessState, LazyString] = {
    AccessState.IDENTIFIED: _l("Repérée"),
    AccessState.REQUESTED: _l("Demandée"),
    AccessState.GRANTED: _l("Accordée"),
    AccessState.RECEIVED: _l("Reçue"),
    AccessState.USABLE: _l("Exploitable"),
}

ACCESS_KINDS: dict[AccessState, str | None] = {
    AccessState.REQUESTED: "info",
    AccessState.GRANTED: "info",
    AccessState.RECEIVED: "new",
    AccessState.USABLE: "success",
}

PERSONAL: dict[PersonalDataPresence, LazyString] = {
    PersonalDataPresence.YES: _l("Oui, elles parlent de personnes"),
    PersonalDataPresence.NO: _l("Non"),
    PersonalDataPresence.UNKNOWN: _l("Nous ne le savons pas encore"),
}

PERSONAL_IN_SHORT: dict[PersonalDataPresence, LazyString] = {
    PersonalDataPresence.YES: _l("Oui"),
    PersonalDataPresence.NO: _l("Non"),
    PersonalDataPresence.UNKNOWN: _l("Pas encore dit"),
}

SCREENINGS: dict[DpiaScreening, LazyString] = {
    DpiaScreening.NOT_DONE: _l("Pas encore examiné"),
    DpiaScreening.NOT_NEEDED: _l("Examiné : pas d’AIPD nécessaire"),
    DpiaScreening.NEEDED: _l("Examiné : une AIPD est nécessaire"),
    DpiaScreening.COMPLETED: _l("L’AIPD est faite"),
}

FAITHFULNESS: dict[Faithfulness, LazyString] = {
    Faithfulness.RAW: _l("Brutes : personne ne les a encore étudiées"),
    Faithfulness.EXPLORED: _l("Explorées : manques, bruit et codage sont compris"),
    Faithfulness.CLEANED: _l("Nettoyées : leurs limites sont connues"),
}

FITNESS: dict[Fitness, LazyString] = {
    Fitness.NO_QUESTION: _l("La question n’est pas encore posée"),
    Fitness.FRAMED: _l("La question est posée, l’essai commence"),
    Fitness.FIT: _l("Elles y répondent, leurs manques sont connus"),
    Fitness.READY: _l("Elles y répondent, prêtes pour l’usage visé"),
}

BANDS: dict[ReadinessBand, LazyString] = {
    ReadinessBand.ACCESSIBLE: _l("Bande C, la première de trois : accès"),
    ReadinessBand.FAITHFUL: _l("Bande B, la deuxième de trois : fidélité"),
    ReadinessBand.IN_CONTEXT: _l("Bande A, la dernière de trois : en contexte"),
}

LEVELS: dict[ReadinessLevel, LazyString] = {
    ReadinessLevel.HEARSAY: _l("On dit qu’elles existent."),
    ReadinessLevel.ELSEWHERE: _l("Elles sont chez leur détenteur."),
    ReadinessLevel.RECEIVED: _l("Elles sont reçues, personne n’en a vu d’échantillon."),
    ReadinessLevel.LOADABLE: _l("Un échantillon est prêt à charger."),
    ReadinessLevel.RAW: _l("Elles sont chargées, à l’état brut."),
    ReadinessLevel.EXPLORED: _l("Elles sont explorées."),
    ReadinessLevel.UNDERSTOOD: _l("Elles sont nettoyées, leurs limites sont connues."),
    ReadinessLevel.FRAMED: _l("La question qu’on leur pose est cadrée."),
    ReadinessLevel.FIT: _l("Elles répondent à la question."),
    ReadinessLevel.READY: _l("Elles sont prêtes pour l’usage visé."),
}

LACKS: dict[ReadinessLack, LazyString] = {
    ReadinessLack.ACCESS: _l("Il reste à demander l’accès."),
    ReadinessLack.GRANT: _l("Il reste à obtenir l’accord du détenteur."),
    ReadinessLack.DELIVERY: _l("Il reste à les recevoir."),
    ReadinessLack.SAMPLE: _l("Il reste à noter un échantillon : ses lignes et son empreinte."),
    ReadinessLack.LOADING: _l("Il reste à les charger là où l’équipe travaille."),
    ReadinessLack.EXPLORATION: _l("Il reste à étudier leurs manques, leur bruit et leur codage."),
    ReadinessLack.CLEANING: _l("Il reste à les nettoyer et à dire leurs limites."),
    ReadinessLack.QUALITY_NOTE: _l("Il reste à écrire la note de qualité."),
    ReadinessLack.PURPOSE: _l("Il reste à écrire leur finalité."),
    ReadinessLack.QUESTION: _l("Il reste à poser la question à laquelle elles répondent."),
    ReadinessLack.ANSWER: _l("Il reste à vérifier qu’elles y répondent."),
    ReadinessLack.USE: _l("Il reste à les éprouver dans l’usage visé."),
}


def list_legal_gaps(source: DataSource) -> list[str]:
    """List a sentence for each legal requirement that the source does not meet yet."""
    checks = [
        (not source.holder, _("Le détenteur n’est pas nommé.")),
        (not source.purpose, _("La finalité n’est pas écrite.")),
        (not source.legal_basis, _("La base légale n’est pas dite.")),
        (
            source.personal is PersonalDataPresence.UNKNOWN,
            _("Personne n’a dit si elles parlent de personnes."),
        ),
        (source.screening is DpiaScreening.NOT_DONE, _("Le besoin d’une AIPD n’est pas examiné.")),
        (source.screening is DpiaScreening.NEEDED, _("Une AIPD est nécessaire, elle reste à faire.")),
    ]
    return [sentence for is_missing, sentence in checks if is_missing]


def last_sample_label(source: DataSource) -> str:
    """Return the hint on the last sample, shown in the form that replaces it; "" before any."""
    if source.sample_on is None:
        return ""
    return _(
        "Il remplacera le dernier noté : %(rows)s, reçu le %(day)s.",
        rows=sample_label(source),
        day=day(source.sample_on),
    )


def sample_label(source: DataSource) -> str:
    if source.sample_rows is None:
        return _("aucun échantillon")
    n = source.sample_rows
    return ngettext("%(rows)s ligne", "%(rows)s lignes", n, rows=format_decimal(n))


def stale_gates_warning(numbers: Sequence[int]) -> str:
    """What another source does to the accepted gates that judge the sources; "" for none."""
    if not numbers:
        return ""
    return ngettext(
        "%(gates)s, accepté, sera à accepter de nouveau : il juge toutes les sources du projet.",
        "%(gates)s, acceptés, seront à accepter de nouveau : ils jugent toutes les sources du projet.",
        len(numbers),
        gates=join_gate_names(numbers),
    )


def purpose_demand(numbers: Sequence[int]) -> str:
    """That gates ask for the purpose of each source; "" for none."""
    if not numbers:
        return ""
    return ngettext(
        "%(gates)s demande la finalité de chaque source.",
        "%(gates)s demandent la finalité de chaque source.",
        len(numbers),
        gates=join_gate_names(numbers),
    )


def missing_purpose_message(numbers: Sequence[int]) -> str:
    """That the purpose of a source is to be written, for gates that ask for it."""
    return ngettext(
        "Il reste à écrire sa finalité : %(gates)s la demande pour chaque source.",
        "Il reste à écrire sa finalité : %(gates)s la demandent pour chaque source.",
        len(numbers),
        gates=join_gate_names(numbers),
    )


def source_added_message(source: DataSource, numbers: Sequence[int]) -> str:
    """What adding a source did: which gates are to be accepted again, and what comes next."""
    added = _("« %(name)s » est ajoutée.", name=source.name)
    ask = _("Demandez l’accès dès maintenant.")
    if not numbers:
        return f"{added} {ask}"
    again = ngettext(
        "%(gates)s est à accepter de nouveau.",
        "%(gates)s sont à accepter de nouveau.",
        len(numbers),
        gates=join_gate_names(numbers),
    )
    return f"{added} {again} {ask}"


def join_gate_names(numbers: Sequence[int]) -> str:
    """« G2, G3 »."""
    return ", ".join(f"G{number}" for number in numbers)
