"""Definitions read from YAML, held to a schema: a sentence for each fault, and where it is."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from portal.questionnaires.definition import (
    KEY_MAX,
    NO,
    NOTE,
    NOTHING,
    NUMBER_LIMIT,
    TEXT_MAX,
    YES,
    Band,
    Choice,
    Condition,
    Item,
    Kind,
    Questionnaire,
    Rule,
    Score,
    Section,
    Words,
)

Faults = dict[str, list[str]]

# Written in C where the library has it: ten times as fast, and every start reads all definitions.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CHOOSING = {Kind.CHOICE, Kind.YES_NO}


class WrongDefinition(ValueError):
    """A definition that cannot be asked; the message has a line per fault."""


def _key() -> fields.String:
    sentence = f"is a lower-case name of at most {KEY_MAX} letters, digits and _"
    pattern = rf"^[a-z][a-z0-9_]{{0,{KEY_MAX - 1}}}$"
    return fields.String(required=True, validate=validate.Regexp(pattern, error=sentence))


class _Strict(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "is not known here"}  # noqa: RUF012  as marshmallow declares it


class WordsIn(_Strict):
    fr = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error="is empty"))
    en = fields.String(required=True, validate=validate.Length(1, TEXT_MAX, error="is empty"))

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Words:
        return Words(**given)


def _words(*, required: bool = True) -> fields.Nested:
    return fields.Nested(WordsIn, **({"required": True} if required else {"load_default": NOTHING}))


class ChoiceIn(_Strict):
    value = _key()
    label = _words()
    weight = fields.Float(load_default=0.0, validate=validate.Range(-1000, 1000))

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Choice:
        return Choice(**given)


class ConditionIn(_Strict):
    item = fields.String(required=True)
    among = fields.List(fields.String(), required=True, data_key="is")

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Condition:
        return Condition(given["item"], tuple(given["among"]))


def _bound(usual: float) -> fields.Float:
    limits = validate.Range(-NUMBER_LIMIT, NUMBER_LIMIT, error="is out of bounds")
    return fields.Float(load_default=usual, validate=limits)


class ItemIn(_Strict):
    key = _key()
    kind = fields.Enum(Kind, by_value=True, required=True)
    label = _words()
    help = _words(required=False)
    required = fields.Boolean(load_default=False)
    choices = fields.List(fields.Nested(ChoiceIn), load_default=list)
    note = fields.Boolean(load_default=False)
    when = fields.Nested(ConditionIn, load_default=None)
    least = _bound(-NUMBER_LIMIT)
    most = _bound(NUMBER_LIMIT)
    whole = fields.Boolean(load_default=False)
    past = fields.Boolean(load_default=False)
    long = fields.Boolean(load_default=False)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Item:
        given["choices"] = tuple(given["choices"])
        if given["kind"] is Kind.YES_NO and not given["choices"]:
            given["choices"] = _YES_NO
        return Item(**given)


_YES_NO = (
    Choice(value=YES, label=Words("Oui", "Yes")),
    Choice(value=NO, label=Words("Non", "No")),
)


class SectionIn(_Strict):
    key = _key()
    title = _words()
    about = _words(required=False)
    items = fields.List(
        fields.Nested(ItemIn), required=True, validate=validate.Length(1, error="is empty")
    )

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Section:
        given["items"] = tuple(given["items"])
        return Section(**given)


class BandIn(_Strict):
    up_to = fields.Float(required=True)
    title = _words()

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Band:
        return Band(**given)


class ScoreIn(_Strict):
    rule = fields.Enum(Rule, by_value=True, required=True)
    bands = fields.List(fields.Nested(BandIn), load_default=list)

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Score:
        return Score(given["rule"], tuple(given["bands"]))


class QuestionnaireIn(_Strict):
    key = _key()
    edition = fields.Integer(required=True, validate=validate.Range(1, 999))
    dated = fields.Date(required=True)
    title = _words()
    about = _words()
    source = _words(required=False)
    traits = fields.List(fields.String(), load_default=list)
    score = fields.Nested(ScoreIn, load_default=None)
    sections = fields.List(
        fields.Nested(SectionIn), required=True, validate=validate.Length(1, error="is empty")
    )

    @post_load
    def make(self, given: dict[str, Any], **_: Any) -> Questionnaire:
        given["sections"] = tuple(given["sections"])
        given["traits"] = frozenset(given["traits"])
        return Questionnaire(**given)


def read(text: str, *, traits: Collection[str] = ()) -> Questionnaire:
    """One edition. `traits` are those that its feature knows. Raises `WrongDefinition`."""
    try:
        given = yaml.load(text, Loader=_Loader)  # noqa: S506  it is the safe one, in C
    except yaml.YAMLError as wrong:
        raise WrongDefinition(f"is no YAML: {wrong}") from None
    if not isinstance(given, dict):
        raise WrongDefinition("is no mapping of names to values")
    # YAML reads a day as a day, which the schema would have as text.
    given = given | {"dated": str(given.get("dated", ""))}
    try:
        made: Questionnaire = QuestionnaireIn().load(given)
    except ValidationError as wrong:
        raise WrongDefinition("\n".join(_lines(wrong.messages))) from None
    faults = [*_faults(made), *(f"traits: {one} is not known" for one in made.traits - {*traits})]
    if faults:
        raise WrongDefinition("\n".join(faults))
    return made


def _lines(told: Mapping[Any, Any] | list[Any], where: str = "") -> Iterator[str]:
    """marshmallow's nested messages, as « place: sentence »."""
    if isinstance(told, list):
        yield from (f"{where}: {sentence}" for sentence in told)
        return
    for name, inner in told.items():
        place = f"{where}.{name}" if where else str(name)
        yield from _lines(inner, place)


def _faults(made: Questionnaire) -> Iterator[str]:
    """What no part alone can tell."""
    yield from _twice("section", [section.key for section in made.sections])
    yield from _twice("item", [item.key for item in made.items])
    seen: dict[str, Item] = {}
    for item in made.items:
        yield from (f"{item.key}: {sentence}" for sentence in _item_faults(item, seen))
        seen[item.key] = item
    if made.score:
        yield from _score_faults(made)


def _twice(what: str, keys: list[str]) -> Iterator[str]:
    yield from (f"{key}: this {what} is there twice" for key in {*keys} if keys.count(key) > 1)


def _item_faults(item: Item, before: Mapping[str, Item]) -> Iterator[str]:
    if item.key.endswith(NOTE):
        yield f"its key ends with {NOTE}, which names notes"
    if item.kind is Kind.CHOICE and len(item.choices) < 2:
        yield "offers fewer than two choices"
    if item.kind not in _CHOOSING and item.choices:
        yield f"offers choices, and asks for a {item.kind}"
    yield from _twice("choice", [choice.value for choice in item.choices])
    if item.least > item.most:
        yield "its least is more than its most"
    if item.when is None:
        return
    other = before.get(item.when.item)
    if other is None:
        yield f"hangs on {item.when.item}, which does not come before it"
    else:
        unknown = [value for value in item.when.among if other.choice(value) is None]
        yield from (f"waits for {value}, which {other.key} does not offer" for value in unknown)


def _score_faults(made: Questionnaire) -> Iterator[str]:
    bands = [band.up_to for band in made.score.bands] if made.score else []
    if bands != sorted(set(bands)):
        yield "score: bands do not rise"
    greatest = [sum(item.best for item in section.items) for section in made.sections]
    is_minimum = made.score is not None and made.score.rule is Rule.MINIMUM
    most = min(greatest) if is_minimum else sum(greatest)
    if bands and bands[-1] < most:
        yield f"score: no band reaches {most:g}, the greatest score"
