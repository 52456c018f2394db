"""A small questionnaire, and the same changed."""

from portal.questionnaires.definition import Questionnaire
from portal.questionnaires.reading import read

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


def small(*changes: tuple[str, str]) -> Questionnaire:
    """With some of its words replaced."""
    return read(written(*changes))


def written(*changes: tuple[str, str]) -> str:
    text = SMALL
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text
