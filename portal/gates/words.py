"""What gates, their states and what they rest on are called, for whoever reads them."""

from collections.abc import Mapping, Sequence

from portal.gates.definition import Acceptor, Definition, Stale, Verb
from portal.gates.demands import CAUSES, DEMANDS, REASONS, USUAL
from portal.gates.models import Outcome
from portal.gates.policy import ACCEPTORS
from portal.gates.standing import Numbers, Staleness, Standing, State
from portal.gates.verdicts import Asked, Result
from portal.kernel.text import LazyString, in_language, in_reader_language, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l

__all__ = ["ACCEPTORS", "CAUSES", "in_language"]

STANDINGS: dict[Standing, LazyString] = {
    Standing.OPEN: _l("Ouvert"),
    Standing.PROVED: _l("Prouvé"),
    Standing.ACCEPTED: _l("Accepté"),
    Standing.STALE: _l("Périmé"),
    Standing.WAIVED: _l("Dispensé"),
}
STANDING_KINDS: dict[Standing, str | None] = {
    Standing.PROVED: "info",
    Standing.ACCEPTED: "success",
    Standing.STALE: "warning",
}
VERBS: dict[Verb, LazyString] = {
    Verb.DECLARED: _l("Demandé par l’équipe"),
    Verb.WITHDRAWN: _l("Demande retirée"),
    Verb.ACCEPTED: _l("Accepté"),
    Verb.REFUSED: _l("Pas accepté"),
    Verb.WAIVED: _l("Dispense"),
    Verb.RESTORED: _l("Dispense levée"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.CONTINUE: _l("Continuer : l’équipe poursuit le prototype"),
    Outcome.TRANSFER: _l("Transférer : un service le reprend"),
    Outcome.PIVOT: _l("Changer de voie : autre chose est essayé"),
    Outcome.STOP: _l("Arrêter : une issue honorable, dont on garde ce qui a été appris"),
}
# The numbers that a programme's leads may change, as their form calls them.
ASKED: dict[str, LazyString] = {
    "team_size": _l("Membres de l’équipe, au moins"),
    "assumptions_ranked": _l("Hypothèses classées, au moins"),
    "interviews_logged": _l("Entretiens notés, au moins"),
    "target_users": _l("Personnes d’un même public visé, au moins"),
    "versions_later": _l("Périmé tant de versions après celle qui a été testée"),
    "days_later": _l("Périmé tant de jours après le dernier test"),
    "rounds_on_versions": _l("Séries de tests, sur autant de versions, au moins"),
}
_THINGS: dict[str, LazyString] = {
    "group": _l("public %(n)s"),
    "metric": _l("indicateur %(n)s"),
    "source": _l("source %(n)s"),
    "version": _l("version %(n)s"),
    "protocol": _l("protocole %(n)s"),
    "run": _l("essai %(n)s"),
    "demonstration": _l("démonstration %(n)s"),
    "round": _l("série %(n)s"),
    "finding": _l("constat %(n)s"),
    "sheet": _l("fiche %(n)s"),
    "review": _l("revue %(n)s"),
    "trigger": _l("réexamen %(n)s"),
    "risk": _l("risque %(n)s"),
    "panel": _l("jury %(n)s"),
    "track": _l("volet « %(n)s »"),
}


def name(definition: Definition) -> str:
    return in_reader_language(definition.name_fr, definition.name_en)


def title(definition: Definition) -> str:
    """G6 : Testé avec des utilisateurs visés."""
    return _("G%(n)s : %(name)s", n=definition.number, name=name(definition))


def demand(predicate: str, asked: Asked) -> str:
    """What a predicate asks under a programme's terms."""
    return str(DEMANDS[predicate]) % {"n": asked.get(predicate, 0)}


def why(result: Result) -> str:
    """Why it is not met."""
    return "" if result.code is None else str(REASONS[result.code]) % (USUAL | dict(result.given))


def thing(seen: str) -> str:
    """« round/2 » as people call it."""
    kind, _slash, number = seen.partition("/")
    if kind not in _THINGS:
        return ""
    return str(_THINGS[kind]) % {"n": number}


def things(seen: tuple[str, ...]) -> str:
    return ", ".join(told for each in seen if (told := thing(each)))


def cause(stale: Staleness) -> str:
    """What made an acceptance stale, and which thing it was."""
    said = str(CAUSES[stale.cause])
    if stale.cause is Stale.EVIDENCE_LOST:
        return said
    named = things(stale.what)
    return _("%(said)s : %(what)s", said=said, what=named) if named else said


def causes(stale: Sequence[Staleness]) -> str:
    """The same of all that did, a sentence each."""
    return ". ".join(cause(one) for one in stale)


def acceptor(definition: Definition, tracks: Mapping[str, str]) -> str:
    """Who accepts it; `tracks` are the names of the programme's tracks by key."""
    return accepted_by(definition.terms.acceptor, definition.terms.track, tracks)


def accepted_by(acceptor: Acceptor, track: str, tracks: Mapping[str, str]) -> str:
    """The same of terms that a programme had."""
    if acceptor is Acceptor.TRACK_COACH:
        return _("Coach du volet « %(track)s »", track=tracks.get(track, track))
    return str(ACCEPTORS[acceptor])


def due(definition: Definition) -> str:
    """When it is expected, as a month of the support."""
    return _("mois %(n)s", n=definition.terms.month)


def met(state: State) -> str:
    """How many of its predicates hold."""
    results = state.evaluation.results if state.evaluation else ()
    holds = sum(one.is_met for one in results)
    return ngettext(
        "%(num)s preuve sur %(all)s", "%(num)s preuves sur %(all)s", holds, all=len(results)
    )


def strip_label(state: State) -> str:
    """A cell of the strip, read aloud."""
    said = str(STANDINGS[state.standing])
    if state.is_asked:
        said = _("%(standing)s, demandé", standing=said)
    return _("%(gate)s : %(said)s", gate=title(state.definition), said=said.lower())


def progress(numbers: Numbers) -> str:
    """Three numbers in a line."""
    return _(
        "Déclaré %(declared)s %%, prouvé %(proved)s %%, accepté %(accepted)s %%",
        declared=numbers.percent(numbers.declared),
        proved=numbers.percent(numbers.proved),
        accepted=numbers.percent(numbers.accepted),
    )


def what_now(state: State) -> str:
    """What a gate answers if asked aloud."""
    if state.waiver is not None:
        return _("Le projet en est dispensé, et ses chiffres n’en tiennent pas compte.")
    if state.stale:
        return _("Il avait été accepté ; il est à prouver ou à accepter de nouveau.")
    if state.is_accepted:
        return _("Il est accepté, et tient toujours.")
    missing = len(state.evaluation.missing) if state.evaluation else 0
    if missing:
        return _("Preuves qui manquent encore : %(n)s.", n=missing)
    if state.is_asked:
        return _("Tout est prouvé, et l’équipe le demande : il attend une réponse.")
    return _("Tout est prouvé : l’équipe peut le demander.")
