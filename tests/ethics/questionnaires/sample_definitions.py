"""Two sample questionnaires, and variants with some text replaced."""

from portal.ethics.questionnaires.definition_documents import parse_definition
from portal.ethics.questionnaires.definition_rules import Questionnaire

SMALL = """
key: small
edition: 1
dated: 2026-03-02
title: {fr: Petit, en: Small}
about: {fr: De quoi il parle, en: What it is about}
score:
  rule: minimum
  bands:
    - {up_to: 0, title: {fr: rien, en: nothing}}
    - {up_to: 1, title: {fr: tout, en: all}}
sections:
  - key: first
    title: {fr: Avant, en: Before}
    items:
      - key: tested
        kind: choice
        required: true
        note: true
        label: {fr: Essayé, en: Tried}
        choices: &points
          - {value: never, weight: 0, label: {fr: Jamais, en: Never}}
          - {value: once, weight: 0.5, label: {fr: Une fois, en: Once}}
          - {value: always, weight: 1, label: {fr: Toujours, en: Always}}
      - {key: people, kind: yes_no, required: true, label: {fr: Des personnes, en: People}}
      - key: which
        kind: text
        required: true
        label: {fr: Lesquelles, en: Which}
        when: {item: people, is: ["yes"]}
  - key: second
    title: {fr: Ensuite, en: After}
    items:
      - {key: watched, kind: choice, label: {fr: Suivi, en: Watched}, choices: *points}
      - {key: cases, kind: number, whole: true, least: 0, most: 100, label: {fr: Cas, en: Cases}}
      - {key: day, kind: date, past: true, label: {fr: Jour, en: Day}}
      - {key: place, kind: link, label: {fr: Adresse, en: Address}}
"""

# All kinds of items, with a score, verdicts and duties.
WIDE = """
key: wide
edition: 2
version: "2.1"
dated: 2026-03-02
title: {fr: Large, en: Wide}
about: {fr: De quoi il parle, en: What it is about}
passed_over: [elsewhere]
score:
  rule: sum
  relief: {needed: 3, percent: 15}
  bands:
    - {up_to: 5, title: {fr: peu, en: little}}
    - {up_to: 14, title: {fr: beaucoup, en: much}}
verdicts:
  - {key: fine, title: {fr: Bon, en: Fine}, when: {item: deep-1, is: ["no"]}}
  - {key: told, title: {fr: Dit, en: Told}, when: {item: fields, is: [a]}}
duties:
  - {key: always, title: {fr: Toujours, en: Always}}
  - {key: much, title: {fr: Beaucoup, en: Much}, levels: [2]}
  - {key: when_fine, title: {fr: Bon, en: Fine}, verdicts: [fine]}
  - {key: dated, title: {fr: Un jour, en: A day}, since: 2026-12-02, to_check: true, when: {item: fields, is: [b]}}
sections:
  - key: risk
    title: {fr: Risque, en: Risk}
    items:
      - {key: phase, kind: choice, label: {fr: Phase, en: Phase}, choices: [{value: item1, label: {fr: Un, en: One}}, {value: item2, label: {fr: Deux, en: Two}}]}
      - key: fields
        kind: several
        label: {fr: Domaines, en: Fields}
        choices:
          - {value: a, weight: 1, label: {fr: A, en: A}}
          - {value: b, weight: 3, label: {fr: B, en: B}}
          - {value: c, label: {fr: C, en: C}}
        sub:
          - {key: deep-1, kind: yes_no, label: {fr: Profond, en: Deep}, when: {any: [{item: fields, is: [a, b]}, {item: phase, is: [item2]}]}, choices: [{value: "yes", weight: 4, label: {fr: Oui, en: "Yes"}}, {value: "no", label: {fr: Non, en: "No"}}]}
          - {key: deeper, kind: number, label: {fr: Combien, en: How many}, when: {all: [{item: deep-1, is: ["yes"]}, {item: phase, is: [item1]}]}}
      - key: table
        kind: matrix
        label: {fr: Tableau, en: Table}
        rows: &rows [{value: r1, label: {fr: Un, en: One}}, {value: r2, label: {fr: Deux, en: Two}}]
        columns: &columns [{value: x, weight: 1, label: {fr: X, en: X}}, {value: y, weight: 2, label: {fr: Y, en: Y}}]
      - {key: words, kind: matrix, cells: text, label: {fr: Mots, en: Words}, rows: *rows, columns: [{value: x, label: {fr: X, en: X}}]}
  - key: care
    title: {fr: Mesures, en: Measures}
    part: mitigation
    when: {item: phase, is: [item1]}
    items:
      - {key: cared, kind: assessed, says_why: true, required: true, label: {fr: Veille-t-on, en: Is it seen to}, choices: [{value: "yes", weight: 2, label: {fr: Oui, en: "Yes"}}, {value: partly, weight: 1, label: {fr: En partie, en: Partly}}, {value: "no", label: {fr: Non, en: "No"}}, {value: not_applicable, label: {fr: Sans objet, en: Not applicable}}]}
      - {key: both, kind: several, label: {fr: Comment, en: How}, choices: *columns}
"""  # noqa: E501  a line an item, as in the files


def wide(*changes: tuple[str, str]) -> Questionnaire:
    return parse_definition(written(*changes, text=WIDE))


def small(*changes: tuple[str, str]) -> Questionnaire:
    """The small questionnaire with some text replaced."""
    return parse_definition(written(*changes))


def written(*changes: tuple[str, str], text: str = SMALL) -> str:
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text
