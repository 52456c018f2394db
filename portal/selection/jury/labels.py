"""Sentences and labels of juries."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.jury.conflict_rules import ConflictGround
from portal.selection.jury.models import ConflictUndoObstacle, JurorProgress
from portal.selection.jury.queries import JurySeat

GROUNDS: Mapping[ConflictGround, LazyString] = {
    ConflictGround.COMPANY_NUMBER: _l("même numéro d’entreprise"),
    ConflictGround.MAIL_DOMAIN: _l("même domaine de courriel"),
    ConflictGround.NAMED: _l("son nom est dans l’équipe"),
    ConflictGround.EMPLOYER: _l("même organisme"),
    ConflictGround.COACHING: _l("accompagne un projet de cet organisme"),
}

STANDINGS: Mapping[JurorProgress, LazyString] = {
    JurorProgress.CONFLICT: _l("intérêt déclaré"),
    JurorProgress.RECUSED: _l("n’y prend plus part"),
    JurorProgress.DRAFT: _l("brouillon, pas encore publié"),
    JurorProgress.UNDECLARED: _l("doit dire s’il y a un intérêt"),
    JurorProgress.AWAITED: _l("notes attendues"),
    JurorProgress.SENT: _l("notes envoyées"),
}


CONFLICT_UNDO_OBSTACLES: Mapping[ConflictUndoObstacle, LazyString] = {
    ConflictUndoObstacle.UNDECLARED: _l("Il n’y a pas de « oui » à annuler ici."),
    ConflictUndoObstacle.LEADS_CALL: _l(
        "Vous dirigez aussi le programme : votre « oui » ne s’annule pas ici, deux personnes vous y"
        " donnent de nouveau accès."
    ),
    ConflictUndoObstacle.OPENED: _l("Les notes ont été ouvertes depuis : votre « oui » ne s’annule plus."),
    ConflictUndoObstacle.OVER: _l("L’examen est clos : votre « oui » ne s’annule plus."),
    ConflictUndoObstacle.TAKEN_OFF: _l(
        "La direction vous a retiré de cette candidature : votre « oui » ne s’annule plus."
    ),
    ConflictUndoObstacle.CONFIRMED: _l(
        "La direction a confirmé cet intérêt : votre « oui » ne s’annule plus."
    ),
    ConflictUndoObstacle.REPLACED: _l(
        "La candidature a été confiée à quelqu’un d’autre depuis : votre « oui » ne s’annule plus."
    ),
    ConflictUndoObstacle.LATE: _l("L’heure est passée : votre « oui » ne s’annule plus."),
}
TOO_LATE_FOR_INTEREST = _l(
    "Les notes sont ouvertes : un intérêt ne se déclare plus ici. Si vous vous en découvrez un, dites-le"
    " aussitôt à la direction du programme, avant la délibération."
)


def list_found_interest_effects(*, leads_call: bool) -> Sequence[str]:
    """What a “yes” does that follows a “no”; one who leads the call too does not take it back alone."""
    closes = (
        _(
            "Un « oui » vous ferme le dossier aussitôt : deux personnes devront vous y donner de nouveau"
            " accès."
        )
        if leads_call
        else _(
            "Un « oui » vous ferme le dossier aussitôt. Il s’annule pendant une heure, tant que les notes ne"
            " sont pas ouvertes."
        )
    )
    return [
        closes,
        _("Vos notes sur cette candidature, envoyées ou non, ne comptent plus."),
        _("Si les notes de tous les autres jurés sont là, elles s’ouvrent aussitôt."),
        _("La direction du programme lit votre motif, et peut confier la candidature à quelqu’un d’autre."),
    ]


def describe_conflict_grounds(grounds: Sequence[ConflictGround]) -> str:
    """Why somebody may have an interest."""
    return ", ".join(str(GROUNDS[ground]) for ground in grounds)


def juror_load_line(seat: JurySeat) -> str:
    """The load of a juror and how far they are."""
    if not seat.assigned:
        return _("aucune candidature")
    parts = [ngettext("%(num)s candidature", "%(num)s candidatures", seat.assigned)]
    parts.append(ngettext("%(num)s envoyée", "%(num)s envoyées", seat.sent))
    if seat.undeclared:
        parts.append(ngettext("%(num)s à déclarer", "%(num)s à déclarer", seat.undeclared))
    return ", ".join(parts)


def score_label(score: int | None) -> str:
    """A score, or that there is none."""
    return _("abstention") if score is None else str(score)
