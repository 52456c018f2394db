"""Sentences on exports and erasures."""

from portal.people.privacy.erasure_models import ErasureStage, MentionDecision
from portal.people.privacy.erasure_queries import ListedMention
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

DECISIONS: dict[MentionDecision, LazyString] = {
    MentionDecision.REDACT: _l("remplacé par « ancien membre » (un fichier est supprimé)"),
    MentionDecision.KEEP: _l("gardé, pour une raison"),
}
STAGES: dict[ErasureStage, LazyString] = {
    ErasureStage.REQUESTED: _l("Demandé"),
    ErasureStage.LISTED: _l("À décider"),
    ErasureStage.APPROVED: _l("En cours"),
    ErasureStage.ERASED: _l("Effacé"),
    ErasureStage.WITHDRAWN: _l("Retiré"),
}


def mention_label(listed: ListedMention) -> str:
    """A text to decide on, in a line; its place alone where the administrator may not read it."""
    row = listed.mention
    place = f"{row.table_name}.{row.column_name}"
    if listed.excerpt is None:
        return _("%(place)s : texte réservé, que vous ne lisez pas", place=place)
    return _("%(place)s : « %(excerpt)s »", place=place, excerpt=listed.excerpt)
