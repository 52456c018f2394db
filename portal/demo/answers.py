"""What a questionnaire of the demonstration answers where nothing is told of it."""

from datetime import date

from portal.questionnaires.answers import missing
from portal.questionnaires.definition import Answer, Item, Kind, Questionnaire

NOTE = "Démonstration : dit en quelques mots."
LONG_AGO = date(2026, 3, 2)


def filled_in(
    of: Questionnaire, answers: dict[str, Answer], on: date = LONG_AGO, *, best: bool = False
) -> dict[str, Answer]:
    """These, and for all else that must be answered something that says what it is: the first of
    its choices, or the `best`, which comes last."""
    while owed := missing(of, answers):
        for _section, item in owed:
            answers.setdefault(item.key, _something(item, on, best=best))
            if item.says_why:
                answers.setdefault(item.note_key, NOTE)
    return answers


def _something(item: Item, on: date, *, best: bool) -> Answer:
    chosen = item.choices[-1 if best else 0].value if item.choices else ""
    given: dict[Kind, Answer] = {
        Kind.SEVERAL: [chosen],
        Kind.MATRIX: {row.value: [chosen] for row in item.rows[:1]},
        Kind.NUMBER: max(0.0, item.least),
        Kind.DATE: on.isoformat(),
        Kind.LINK: "https://demo.example/",
        Kind.TEXT: NOTE,
    }
    return given.get(item.kind, chosen)
