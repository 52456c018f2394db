"""Check that notes about people hold no e-mail address or telephone number, unless confirmed."""

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.framing.identifier_rules import find_identifiers


def require_anonymous(*texts: str, knowingly: bool) -> None:
    """Raise `RuleBroken` on `knowingly` for a text with identifiers that nobody has confirmed."""
    identifiers = find_identifiers("\n".join(texts))
    if identifiers and not knowingly:
        sentence = _(
            "Ce texte semble contenir une adresse ou un numéro (%(what)s). Retirez-le, ou cochez"
            " la case si ce n’est celui de personne.",
            what=", ".join(identifiers[:3]),
        )
        raise RuleBroken("knowingly", sentence)
