"""Labels and sentences about risks and mitigations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.ethics.risks.level_rules import RiskLevel, find_level
from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.ethics.risks.queries import MitigationWithNames
from portal.ethics.risks.register_queries import RiskRow
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

# The four steps of the CNIL's method, which teams know from their DPIA.
LIKELIHOODS: dict[int, LazyString] = {
    1: _l("1 : négligeable, on ne voit pas comment cela arriverait"),
    2: _l("2 : limitée, il faudrait un concours de circonstances"),
    3: _l("3 : importante, cela arrivera sans doute à quelqu’un"),
    4: _l("4 : maximale, c’est déjà arrivé ou cela arrivera"),
}
SEVERITIES: dict[int, LazyString] = {
    1: _l("1 : négligeable, un désagrément sans suite"),
    2: _l("2 : limitée, une gêne que l’on surmonte"),
    3: _l("3 : importante, des conséquences difficiles à surmonter"),
    4: _l("4 : maximale, des conséquences que l’on ne surmonte pas"),
}
STEPS: dict[int, LazyString] = {
    1: _l("1, négligeable"),
    2: _l("2, limitée"),
    3: _l("3, importante"),
    4: _l("4, maximale"),
}
LEVELS: dict[RiskLevel, LazyString] = {
    RiskLevel.LOW: _l("Faible"),
    RiskLevel.MODERATE: _l("Modéré"),
    RiskLevel.HIGH: _l("Élevé"),
}
LEVEL_KINDS: dict[RiskLevel, str | None] = {RiskLevel.MODERATE: "warning", RiskLevel.HIGH: "error"}


_BADGES: dict[RiskLevel, LazyString] = {
    RiskLevel.LOW: _l("Risque faible"),
    RiskLevel.MODERATE: _l("Risque modéré"),
    RiskLevel.HIGH: _l("Risque élevé"),
}


def badge(risk: Risk) -> tuple[str, str | None]:
    """The words of a risk's state and the kind of its badge: its level while it is open."""
    if risk.closed_at is not None:
        return _("Clos"), None
    return str(_BADGES[risk.level]), LEVEL_KINDS.get(risk.level)


PROGRESS: dict[MitigationState, LazyString] = {
    MitigationState.PLANNED: _l("Décidée"),
    MitigationState.UNDER_WAY: _l("En cours"),
    MitigationState.IN_PLACE: _l("En place"),
    MitigationState.DROPPED: _l("Abandonnée"),
}
PROGRESS_KINDS: dict[MitigationState, str | None] = {
    MitigationState.UNDER_WAY: "info",
    MitigationState.IN_PLACE: "success",
}

ACTION_LABELS: dict[str, LazyString] = {
    "risk.noted": _l("Risque inscrit"),
    "risk.changed": _l("Risque modifié"),
    "risk.reassessed": _l("Ce qui reste du risque, noté"),
    "risk.cleared": _l("Note sur ce qui reste du risque, retirée : plus aucune mesure n’est en place"),
    "risk.closed": _l("Risque clos"),
    "risk.reopened": _l("Risque rouvert"),
    "mitigation.decided": _l("Mesure décidée"),
    "mitigation.changed": _l("Mesure modifiée"),
    "mitigation.begun": _l("Mesure commencée"),
    "mitigation.proved": _l("Mesure en place"),
    "mitigation.dropped": _l("Mesure abandonnée"),
    "mitigation.resumed": _l("Mesure reprise"),
}
# Fields of risks and of mitigations, which share a history page.
LABELS: dict[str, LazyString] = {
    "what": _l("En une ligne"),
    "affected": _l("Qui serait touché"),
    "detail": _l("Précisions"),
    "likelihood": _l("Vraisemblance au départ"),
    "severity": _l("Gravité au départ"),
    "residual_likelihood": _l("Vraisemblance qui reste"),
    "residual_severity": _l("Gravité qui reste"),
    "residual_reason": _l("Pourquoi"),
    "finding": _l("Constat d’où il vient"),
    "closing_reason": _l("Pourquoi il est clos"),
    "owner_id": _l("Qui s’en charge"),
    "due_on": _l("Échéance"),
    "progress": _l("État"),
    "proof_link": _l("Lien de la preuve"),
    "note": _l("Note"),
}
_SCALE_FIELDS = {"likelihood", "severity", "residual_likelihood", "residual_severity"}
_HIDDEN_TEXT_FIELDS = {"affected", "detail"}


def make_value_formatter(names: Mapping[str, str]) -> Callable[[str, Any], str]:
    """Return the formatter of audited values; `names` are names of people by id, as text."""

    def format_value(field: str, value: Any) -> str:
        if value in (None, ""):
            return _("texte non gardé ici") if field in _HIDDEN_TEXT_FIELDS else "—"
        if field in _SCALE_FIELDS:
            return str(STEPS[value])
        if field == "owner_id":
            return names.get(value, _("quelqu’un qui a quitté l’équipe"))
        if field == "due_on":
            return format_day(date.fromisoformat(value))
        return str(PROGRESS[MitigationState(value)]) if field == "progress" else str(value)

    return format_value


def describe_level(likelihood: int, severity: int) -> str:
    """« Élevé : vraisemblance 3, gravité 4 »."""
    return _(
        "%(level)s : vraisemblance %(likelihood)s, gravité %(severity)s",
        level=LEVELS[find_level(likelihood, severity)],
        likelihood=likelihood,
        severity=severity,
    )


def describe_mitigation_counts(row: RiskRow) -> str:
    """The numbers of mitigations of a risk, as text."""
    if row.risk.closed_at is not None:
        return _("Clos le %(day)s", day=format_day(clock.day_of(row.risk.closed_at)))
    if not row.total:
        return _("Aucune mesure")
    summary = ngettext(
        "%(num)s mesure, %(done)s en place",
        "%(num)s mesures, %(done)s en place",
        row.total,
        done=row.in_place,
    )
    if row.risk.initial_level is RiskLevel.HIGH and not row.guarded:
        return _("%(said)s ; aucune n’a à la fois un responsable et une échéance", said=summary)
    return summary


def late_mitigations_label(count: int) -> str:
    return ngettext("%(num)s mesure en retard", "%(num)s mesures en retard", count)


def is_mitigation_late(mitigation: Mitigation, risk: Risk) -> bool:
    """Whether an open mitigation of an open risk is past its due date."""
    waits = mitigation.progress.is_open and risk.closed_at is None
    return waits and mitigation.due_on is not None and mitigation.due_on < clock.today()


def mitigation_due_label(mitigation: Mitigation) -> str:
    if mitigation.due_on is None:
        return _("sans échéance")
    return _("pour le %(day)s", day=format_day(mitigation.due_on))


def owner_label(name: str | None) -> str:
    return name or _("Personne pour l’instant")


def proof_text(details: MitigationWithNames) -> str:
    """The proof of a mitigation in place, as text; "" for others."""
    if details.mitigation.progress is not MitigationState.IN_PLACE:
        return ""
    if not details.has_proof:
        return _("Sa preuve a été retirée.")
    files = ngettext("%(num)s fichier", "%(num)s fichiers", details.files) if details.files else ""
    link = _("un lien") if details.mitigation.proof_link else ""
    return _("Preuve : %(what)s", what=", ".join(filter(None, (link, files))))


@dataclass(frozen=True)
class RiskNextStep:
    """What to do next about a risk: in a sentence, and about which mitigation if one is meant.

    `is_reassessed`: it is to say what is left of the risk."""

    sentence: str
    mitigation: Mitigation | None = None
    lacks_owner: bool = False
    is_reassessed: bool = False
    may_be_reassessed: bool = False


def find_next_step(risk: Risk, mitigations: Sequence[Mitigation]) -> RiskNextStep:
    """The next step about a risk, by the state of its mitigations."""
    if risk.closed_at is not None:
        return RiskNextStep(_("Clos : il ne compte plus parmi les risques ouverts."))
    standing = [each for each in mitigations if each.progress is not MitigationState.DROPPED]
    late = [each for each in standing if is_mitigation_late(each, risk)]
    in_place = [each for each in standing if each.progress is MitigationState.IN_PLACE]
    started = next((each for each in standing if each.progress.is_open), None)
    may_be_reassessed = bool(in_place)
    if late:
        count = late_mitigations_label(len(late))
        sentence = _("%(said)s : la mettre en place, ou revoir son échéance.", said=count)
        return RiskNextStep(sentence, late[0], may_be_reassessed=may_be_reassessed)
    if not standing:
        return RiskNextStep(_("Rien n’est encore prévu : décidez une mesure, qui s’en charge et pour quand."))
    if risk.initial_level is RiskLevel.HIGH and not any(map(has_owner_and_date, standing)):
        sentence = _(
            "Aucune mesure n’a à la fois un responsable et une échéance : dites qui s’en charge"
            " et pour quand."
        )
        return RiskNextStep(sentence, standing[0], lacks_owner=True, may_be_reassessed=may_be_reassessed)
    if in_place and risk.residual_level is None:
        sentence = ngettext(
            "Une mesure est en place : notez ce qui reste du risque.",
            "%(num)s mesures sont en place : notez ce qui reste du risque.",
            len(in_place),
        )
        return RiskNextStep(sentence, is_reassessed=True, may_be_reassessed=True)
    noted = (
        _("Ce qui reste après les mesures en place est noté.")
        if in_place
        else _("Le risque reste celui du départ tant qu’aucune mesure n’est en place.")
    )
    return RiskNextStep(noted, started, may_be_reassessed=may_be_reassessed)


def has_owner_and_date(mitigation: Mitigation) -> bool:
    """Whether somebody is in charge of a mitigation, by a day."""
    return mitigation.owner_id is not None and mitigation.due_on is not None
