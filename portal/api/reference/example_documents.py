"""Examples of bodies and answers of the API's document: values that a team of the programme could send."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields, validate

from portal.platform.web.api_operations import SchemaClass

_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
_LINK = "https://forge.example/prototype"
_TEXTS: Mapping[str, str] = {
    "name": "Service du courrier",
    "organisation": "Préfecture de l’Exemple",
    "title": "Relire les réponses proposées",
    "title_fr": "Trier le courrier des usagers",
    "title_en": "Sorting letters from the public",
    "acronym": "PE",
    "slug": "heron",
    "project": "heron",
    "programme": "ami-ia-2019",
    "sha256": "9f2c" * 16,
    "data_sha256": "9f2c" * 16,
    "email": "camille.martin@example.gouv.fr",
    "contact_email": "camille.martin@example.gouv.fr",
    "contact_name": "Camille Martin",
    "goal": "Trier cent courriers sans relecture",
    "summary": "Cent courriers triés, douze à reprendre.",
    "learnt": "Les courriers manuscrits demandent un autre modèle.",
    "shown": "Le tri devant trois agents du guichet",
    "shown_to": "Trois agents du guichet",
    "reason": "Le jeu de données n’est pas encore reçu.",
    "because": "La mesure portait sur l’ancienne version.",
    "why": "Les agents relisent tout à la main.",
    "what": "Le bouton « Valider » n’est pas trouvé.",
    "note": "Vu avec le coach technique.",
    "text": "Le réseau du ministère bloque l’accès.",
    "body": "Bonjour, le nouveau tri est en ligne.",
    "question": "Peut-on garder les courriers deux ans ?".replace(" ?", "\u00a0?"),
    "answer": "Oui, jusqu’à la fin du programme.",
    "sentence": "Le tri avance, l’accès aux données est attendu.",
    "purpose": "Répondre aux usagers en moins de dix jours.",
    "problem": "Deux mille courriers par semaine, lus un à un.",
    "indicator": "Délai de réponse",
    "unit": "jours",
    "method": "Relevé de deux semaines",
    "holder": "Direction du numérique",
    "legal_basis": "Mission d’intérêt public",
    "statement": "Les agents font confiance au tri.",
    "metric": "Part de courriers bien triés",
    "script": "Triez ces dix courriers.",
    "instruction": "Triez ces dix courriers.",
    "success": "Les dix sont au bon service.",
    "justification": "Le besoin est décrit et mesuré.",
    "feedback": "Les agents veulent voir pourquoi.",
    "agenda": "Avancement, données, prochain test.",
    "query": "attention=1",
    "url": "https://forge.example/hook",
    "page": "/projects/heron",
    "who": "Camille Martin",
    "owner": "Camille Martin",
    "language": "fr",
    "kinds": "sprint",
    "kind": "sprint",
    "code": "late",
    "secret": "whsec_" + "QUJD" * 8,
    "siret": "13002526500013",
    "company_number": "130025265",
    "fingerprint": "9f2c" * 16,
    "hour": "14:30",
    "name_fr": "Qualité du service",
    "name_en": "Quality of service",
    "track": "technical",
    "track_key": "technical",
    "sections": "data",
}
_DAYS: Mapping[str, str] = {"starts_on": "2026-11-30", "ends_on": "2026-12-11", "due_on": "2026-12-18"}
_USUAL = "Comme convenu avec l’équipe."


def build_body_example(schema: SchemaClass) -> dict[str, Any]:
    """A body that the schema accepts, with all that it may hold."""
    return {name: _build_example_value(name, field) for name, field in schema().load_fields.items()}


def build_answer_example(schema: SchemaClass) -> dict[str, Any]:
    """What an answer of the schema may hold."""
    return _build_answer_example_values(schema())


def _build_answer_example_values(schema: Any) -> dict[str, Any]:
    return {
        field.data_key or name: _build_example_value(name, field, is_answer=True)
        for name, field in schema.dump_fields.items()
    }


def _build_example_value(name: str, field: Any, *, is_answer: bool = False) -> Any:
    """The value of a field, by its own example, its kind and its name."""
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.List):
        return [_build_example_value(name, field.inner, is_answer=is_answer)]
    if isinstance(field, fields.Nested):
        nested = (
            _build_answer_example_values(field.schema)
            if is_answer
            else build_body_example(type(field.schema))
        )
        return [nested] if field.many else nested
    choices = next((each.choices for each in field.validators if isinstance(each, validate.OneOf)), None)
    if choices:
        return next(iter(choices))
    return next((write(name, field) for kind, write in _BY_KIND if isinstance(field, kind)), None)


def _example_text(name: str, field: Any) -> str:
    """A text by the name of its field, within its limits; "" where another shape is asked."""
    if any(isinstance(each, validate.Regexp) for each in field.validators):
        return ""
    text = _LINK if _is_link_field(name, field) else _TEXTS.get(name, _USUAL)
    longest = next((each.max for each in field.validators if isinstance(each, validate.Length)), None)
    return text if longest is None else text[:longest].strip()


def _is_link_field(name: str, field: Any) -> bool:
    takes_links = any(getattr(each, "__name__", "") == "_check_link" for each in field.validators)
    return name not in _TEXTS and (takes_links or name.endswith(("_link", "_url")))


def _example_number(_name: str, field: Any) -> int:
    """The least number that a field takes, from 1 on."""
    least, most = _field_range(field)
    return int(min(max(1, least if least is not None else 1), most if most is not None else 1))


def _example_decimal(_name: str, field: Any) -> float:
    least, _most = _field_range(field)
    return max(0.5, least if least is not None and least > 0 else 0.5)


def _field_range(field: Any) -> tuple[Any, Any]:
    within = next((each for each in field.validators if isinstance(each, validate.Range)), None)
    return (within.min, within.max) if within else (None, None)


def _example_choice(_name: str, field: Any) -> Any:
    member = next(iter(field.enum))
    return member.value if field.by_value else member.name


_BY_KIND: tuple[tuple[type[Any], Callable[[str, Any], Any]], ...] = (
    (fields.Boolean, lambda _name, _field: True),
    (fields.Integer, _example_number),
    (fields.Float, _example_decimal),
    (fields.UUID, lambda _name, _field: _ID),
    (fields.Enum, _example_choice),
    (fields.AwareDateTime, lambda _name, _field: "2026-11-28T12:00:00+00:00"),
    (fields.Date, lambda name, _field: _DAYS.get(name, "2026-11-28")),
    (fields.String, _example_text),
    (fields.Dict, lambda _name, _field: {}),
)
