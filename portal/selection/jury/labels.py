"""Sentences and labels of juries."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.jury.conflict_rules import ConflictGround
from portal.selection.jury.models import JurorProgress
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
