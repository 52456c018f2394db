"""Sentences on terms of retention."""

from portal.people.privacy.retention_preview_queries import TermPreview
from portal.people.privacy.retention_queries import ListedTermGroup
from portal.platform.kernel.retention import RetentionGroup
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext

GROUPS = {
    RetentionGroup.ACCOUNTS: _l("Comptes, sessions et invitations"),
    RetentionGroup.MESSAGES: _l("Notifications et courriels"),
    RetentionGroup.UPLOADS: _l("Fichiers déposés pour un import"),
    RetentionGroup.PROGRAMMES: _l("Programmes, appels et tests"),
}


def summarise_term_group(group: ListedTermGroup) -> str:
    """How many terms a group has, from the shortest to the longest, and how many rows they remove."""
    days = [days for term in group.terms for days in (term.days, *(own for _programme, own in term.own))]
    parts = [ngettext("%(num)s durée", "%(num)s durées", len(group.all_terms))]
    if min(days) == max(days):
        parts.append(ngettext("%(num)s jour", "%(num)s jours", days[0]))
    else:
        parts.append(_("de %(least)s à %(most)s jours", least=min(days), most=max(days)))
    months = [place.months for term in group.placed for place in term.places]
    if months:
        parts.append(_("de %(least)s à %(most)s mois", least=min(months), most=max(months)))
    parts.append(_("à effacer maintenant : %(n)s", n=group.due))
    parts.append(_("effacé en trente jours : %(n)s", n=group.removed))
    return ", ".join(parts)


def describe_term_preview(preview: TermPreview) -> str:
    """What a new term would do, at the worker's next round and later, and how to confirm it."""
    letters = preview.notified
    parts = [
        ngettext("%(num)s ligne effacée", "%(num)s lignes effacées", preview.rows),
        ngettext(
            "%(num)s personne prévenue par courriel", "%(num)s personnes prévenues par courriel", letters
        ),
        ngettext("%(num)s compte à effacer", "%(num)s comptes à effacer", preview.erased),
    ]
    counts = (preview.rows, letters, preview.erased)
    effects = ", ".join(part for part, count in zip(parts, counts, strict=True) if count)
    if effects:
        return _(
            "Au prochain effacement automatique : %(effects)s. Enregistrez encore pour confirmer.",
            effects=effects,
        )
    return ngettext(
        "De %(before)s jours à %(num)s jour : rien ne part au prochain effacement automatique, mais tout"
        " partira plus tôt. Enregistrez encore pour confirmer.",
        "De %(before)s jours à %(num)s jours : rien ne part au prochain effacement automatique, mais"
        " tout partira plus tôt. Enregistrez encore pour confirmer.",
        preview.days,
        before=preview.former_days,
    )
