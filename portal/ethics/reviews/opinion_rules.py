"""Which sections of a review have no opinion yet. Pure."""

from collections.abc import Mapping, Sequence

from portal.ethics.questionnaires.definition_rules import QuestionnaireSection
from portal.ethics.reviews.models import SectionOpinion


def list_sections_without_opinion(
    sections: Sequence[QuestionnaireSection],
    round_keys: Sequence[str],
    opinions: Mapping[str, SectionOpinion],
) -> Sequence[QuestionnaireSection]:
    """Those of a round that await one, in order; `round_keys` empty: all sections are asked for."""
    return [
        section
        for section in sections
        if (not round_keys or section.key in round_keys)
        and not (section.key in opinions and opinions[section.key].reasons)
    ]
