"""Sentences about the findings of a round of tests."""

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext


def round_findings_title(total: int, severe: int, unrated: int = 0) -> str:
    """Return how many findings were shown, and how many of them are severe, or not rated yet."""
    findings = ngettext("%(num)s constat", "%(num)s constats", total)
    if not total:
        return _("Aucun constat n’est encore noté")
    if not severe:
        to_rate = _("%(findings)s, gravité à évaluer pour %(num)s", findings=findings, num=unrated)
        return to_rate if unrated else _("%(findings)s, aucun de grave", findings=findings)
    return ngettext(
        "%(findings)s, dont %(num)s grave", "%(findings)s, dont %(num)s graves", severe, findings=findings
    )


def unlisted_findings_sentence(open_: int, closed: int) -> str:
    """Return the findings of a round that are not listed; "" for none."""
    others = ngettext("%(num)s autre ouvert", "%(num)s autres ouverts", open_) if open_ > 0 else ""
    ended = ngettext("%(num)s clos", "%(num)s clos", closed) if closed else ""
    return ", ".join(filter(None, (others, ended)))
