"""What a project's own pages say of its prototype and how its AI does."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.chapters import Chapter, Line
from portal.projects.models import Project
from portal.prototypes import words
from portal.prototypes.queries import FIGURES, Latest, latest_of
from portal.web.show import day


def tell(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[Line]:
    latest = latest_of(values)
    versions = url_for("prototypes.index", slug=project.slug)
    evaluation = url_for("evaluation.index", slug=project.slug)
    return [
        Line(_("Prototype"), _version(latest), versions, latest.version is None),
        Line(_("Évaluation"), _evaluation(latest), evaluation, not latest.protocols),
    ]


def _version(latest: Latest) -> str:
    version = latest.version
    if version is None:
        return _("Aucune version n’est encore sortie.")
    return _(
        "version %(n)s, sortie le %(day)s : %(how)s",
        n=version.number,
        day=day(version.released_on),
        how=str(words.AUTOMATIONS_IN_SHORT[version.automation]).lower(),
    )


def _evaluation(latest: Latest) -> str:
    if not latest.protocols:
        return _("Rien ne dit encore à partir de quand l’IA est assez bonne.")
    if latest.run is None or latest.protocol is None:
        n = latest.protocols
        return ngettext("%(num)s protocole, sans essai", "%(num)s protocoles, sans essai", n)
    return words.verdict(latest.protocol, latest.run)


CHAPTER = Chapter(tell, FIGURES)
