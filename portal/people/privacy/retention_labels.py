"""Sentences on terms of retention."""

from portal.people.privacy.retention_queries import TermPreview
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext


def preview_sentence(preview: TermPreview) -> str:
    """What a new term would do at the worker's next round, and how to confirm it."""
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
    return _(
        "Au prochain passage du travailleur : %(effects)s. Enregistrez encore pour confirmer.",
        effects=effects,
    )
