"""What a template gives to a new programme: months for its length, acceptors by track. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.oversight.gates.definition_rules import GateDefinition
from portal.platform.kernel.text import fold


@dataclass(frozen=True)
class TemplateTrack:
    """A track that the gates of a template name by its key."""

    key: str
    name_fr: str
    name_en: str


@dataclass(frozen=True)
class GateTemplate:
    """`months` is the length of support for which the months of the gates were set."""

    key: str
    name_fr: str
    name_en: str
    months: int
    tracks: tuple[TemplateTrack, ...]
    has_gates: bool


def stretch_month(month: int, template_months: int, months: int) -> int:
    """Return the month of a gate in a programme of `months`, rounded half up.

    The start stays the start, a later gate is due in month 1 at the earliest, and the order of two
    gates is never turned round.
    """
    if month == 0:
        return 0
    return max(1, (2 * month * months + template_months) // (2 * template_months))


def map_tracks(template: GateTemplate, tracks: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Return the key of a programme's track for each track of a template.

    `tracks` are the programme's, as (key, French name) in order: the one of the same name, else
    the next that no name took, else the first. Empty keys without tracks.
    """
    by_name = {fold(name): key for key, name in tracks}
    mapped = {track.key: by_name.get(fold(track.name_fr), "") for track in template.tracks}
    free = [key for key, _name in tracks if key not in mapped.values()]
    first = tracks[0][0] if tracks else ""
    for template_key, key in mapped.items():
        if not key:
            mapped[template_key] = free.pop(0) if free else first
    return mapped


def fit_gate_to_programme(
    definition: GateDefinition, template: GateTemplate, months: int, tracks: Mapping[str, str]
) -> GateDefinition:
    """Return a default gate as a programme made from the template begins with it: at edition 0,
    as nobody has changed it yet."""
    if not template.has_gates:
        return replace(definition, is_left_out=True)
    terms = replace(
        definition.terms,
        month=stretch_month(definition.terms.month, template.months, months),
        track=tracks.get(definition.terms.track, ""),
    )
    return replace(definition, terms=terms)
