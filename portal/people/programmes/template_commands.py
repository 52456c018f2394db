"""Create a programme from a template, which a feature above this one fills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.people.programmes.commands import ProgrammePlan, create_programme
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.database import flush_session
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, lower_first, ngettext


@dataclass(frozen=True)
class ProgrammeTemplate(Contribution):
    """What a programme may be made from. `tracks` are (French, English) names; `fill` gives the
    programme, which has its tracks by then, what the template holds."""

    key: str
    name_fr: str
    name_en: str
    months: int
    tracks: Sequence[tuple[str, str]]
    gates: int  # how many it brings
    fill: Callable[[Actor, Programme], None]

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)

    @property
    def summary(self) -> str:
        """What it holds, by which templates differ."""
        if not self.gates and not self.tracks:
            return _("ni jalon ni volet : tout est à ajouter")
        gates = ngettext("%(num)s jalon", "%(num)s jalons", self.gates)
        tracks = ", ".join(lower_first(in_reader_language(*names)) for names in self.tracks)
        count = ngettext("%(num)s volet", "%(num)s volets", len(self.tracks))
        return _("%(gates)s, %(count)s (%(tracks)s)", gates=gates, count=count, tracks=tracks)


def find_template(key: str) -> ProgrammeTemplate | None:
    """Return the template of a key; None for any other."""
    return next((each for each in list_contributions(ProgrammeTemplate) if each.key == key), None)


def create_from_template(
    actor: Actor, plan: ProgrammePlan, tracks: list[tuple[str, str]], template: str
) -> Programme:
    """Create a programme with its tracks, and what the template of this key holds.

    Raises as `create_programme` does.
    """
    programme = create_programme(actor, plan, tracks)
    matching_template = find_template(template)
    if matching_template is not None:
        flush_session()
        matching_template.fill(actor, programme)
    return programme
