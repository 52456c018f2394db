"""What is told of people names nobody: an address or a number is asked about before it is kept."""

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.project.framing.identifier_rules import find_identifiers


def require_anonymous(*texts: str, knowingly: bool) -> None:
    """Raises `RuleBroken` on `knowingly`, until somebody has looked again and said so."""
    identifiers = find_identifiers("\n".join(texts))
    if identifiers and not knowingly:
        sentence = _(
            "Ce texte semble contenir une adresse ou un numéro (%(what)s). Retirez-le, ou cochez"
            " la case si ce n’est celui de personne.",
            what=", ".join(identifiers[:3]),
        )
        raise RuleBroken("knowingly", sentence)
