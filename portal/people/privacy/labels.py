"""Sentences on exports and erasures."""

from portal.people.privacy.erasure_models import ErasureStage, MentionDecision
from portal.people.privacy.erasure_text_queries import ListedMention
from portal.people.privacy.text_place_queries import TextOrigin
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

DECISIONS: dict[MentionDecision, LazyString] = {
    MentionDecision.REDACT: _l("remplacé par « ancien membre » (un fichier est supprimé)"),
    MentionDecision.KEEP: _l("gardé, pour une raison"),
}
DECIDED: dict[MentionDecision, LazyString] = {
    MentionDecision.REDACT: _l("le nom est retiré"),
    MentionDecision.KEEP: _l("le nom reste"),
}
STAGES: dict[ErasureStage, LazyString] = {
    ErasureStage.REQUESTED: _l("Demandé"),
    ErasureStage.LISTED: _l("À décider"),
    ErasureStage.APPROVED: _l("En cours"),
    ErasureStage.ERASED: _l("Effacé"),
    ErasureStage.WITHDRAWN: _l("Demande retirée"),
}


def mention_label(listed: ListedMention) -> str:
    """A text in a line: where it stands, what it says, what was decided; its place alone where the
    administrator may not read it."""
    place, row = text_place_label(listed.place), listed.mention
    if listed.excerpt is None:
        line = _("%(place)s : texte réservé, que vous ne lisez pas", place=place)
    else:
        line = _("%(place)s : « %(excerpt)s »", place=place, excerpt=listed.excerpt)
    if row.is_fixed or row.decision is None:
        return line
    is_file = row.decision is MentionDecision.REDACT and listed.is_file
    decision = _("le fichier sera supprimé") if is_file else DECIDED[row.decision]
    reason = f" ({row.reason})" if row.reason else ""
    return _("%(line)s Décidé : %(decision)s%(reason)s.", line=line, decision=decision, reason=reason)


def kept_mention_label(listed: ListedMention) -> str:
    """A text that keeps the name after the erasure: where it stands, and why."""
    return _(
        "%(place)s, parce que : %(reason)s",
        place=text_place_label(listed.place),
        reason=listed.mention.reason,
    )


def text_place_label(place: TextOrigin) -> str:
    """For example “Discussions, DGFiP, par Ada Moreau, 3 mai 2026”."""
    domain = place.domain or _("Texte du portail")
    parts = [
        " ".join((domain, _("«\u00a0%(text)s\u00a0»", text=place.file))) if place.file else domain,
        place.place,
        _("par %(who)s", who=place.author) if place.author else "",
        format_day(clock.day_of(place.at)) if place.at else "",
    ]
    return ", ".join(part for part in parts if part)


def build_export_readme() -> str:
    """The text file of an export: what each part holds, and what is not in it."""
    included = (
        _("account.json : votre compte, avec vos anciens noms et adresses."),
        _("acts.json : vos actes, et les textes que vous avez saisis alors."),
        _("data : par sujet, ce que vous avez créé, choisi ou signé, et où vous avez pris part."),
        _("names.json : ce que désignent les identifiants."),
        _("files : les fichiers que vous avez joints."),
    )
    missing = (
        _("Un texte que quelqu’un d’autre a pu réécrire depuis, si le journal n’en garde pas la trace."),
        _("Ce qu’un participant a dit ou fait dans un test : ce sont ses données, pas les vôtres."),
        _("Les mots de passe, clés et jetons, dont le portail garde une empreinte ou qu’il chiffre."),
    )
    return "\n".join(
        (_("Ce qui est dans ce fichier"), "", *included, "", _("Ce qui n’y est pas"), "", *missing, "")
    )
