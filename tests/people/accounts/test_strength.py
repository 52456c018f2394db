import ast
import gzip
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.app.demo.people import PASSWORD as DEMONSTRATION
from portal.people.accounts import strength_rules
from portal.people.accounts.models import PASSWORD_MIN, Person
from portal.people.accounts.strength_rules import explain_weakness

# Independent of the database: runs on one engine.
on_one_engine = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

ADA = Person(name="Élodie Martin", email="elodie.martin@demo.example")
PORTAL = Path(strength_rules.__file__).parents[2]


@on_one_engine
@pytest.mark.parametrize(
    "password",
    [
        "une phrase assez longue",
        "lune vélo carton",
        "correct horse battery staple",
        "k7$Xq!pW9#zL",
        "ami7$Xq!pW9#zLk",
        "portail lune vélo carton",
        "le martin pêcheur de Sète",
        "Quatre chats dorment 3 nuits",
        "日本語のとても長い合言葉です",
    ],
)
def test_what_withstands_guessing_is_accepted_whatever_it_is_made_of(app, password):
    assert explain_weakness(password, ADA, least=PASSWORD_MIN) is None


@on_one_engine
@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Password1234", strength_rules.EXPLANATIONS["common"]),
        ("Marseille2026!", strength_rules.EXPLANATIONS["common"]),
        ("République 2026", strength_rules.EXPLANATIONS["common"]),
        ("motdepasse!!!!", strength_rules.EXPLANATIONS["common"]),
        (DEMONSTRATION, strength_rules.EXPLANATIONS["common"]),
        ("elodiemartin2026"[:14], strength_rules.EXPLANATIONS["own"]),
        ("Élodie Martin 1987", strength_rules.EXPLANATIONS["own"]),
        ("aaaaaaaaaaaaaaaa", strength_rules.EXPLANATIONS["repeat"]),
        ("chevalchevalcheval", strength_rules.EXPLANATIONS["repeat"]),
        ("abcdefghijklmnop", strength_rules.EXPLANATIONS["sequence"]),
        ("=-0987654321", strength_rules.EXPLANATIONS["spatial"]),
        ("20/11/1987 !!", strength_rules.EXPLANATIONS["date"]),
        ("portail portail", strength_rules.EXPLANATIONS["dictionary"]),
        ("Portail-Lauréats 26", strength_rules.EXPLANATIONS["dictionary"]),
        ("soleil bonjour", strength_rules.EXPLANATIONS["dictionary"]),
        ("azerty qwerty1", strength_rules.EXPLANATIONS["passwords"]),
        ("motdepasse-motdepasse", strength_rules.EXPLANATIONS["repeat"]),
        ("Martin Élodie 87!", strength_rules.EXPLANATIONS["own"]),
        ("elodie.martin.2026", strength_rules.EXPLANATIONS["own"]),
    ],
)
def test_what_is_guessed_quickly_is_refused_with_why_and_what_to_do(app, password, why):
    assert explain_weakness(password, ADA, least=PASSWORD_MIN) == (
        f"{why} Prenez plutôt quatre ou cinq mots sans rapport."
    )


@on_one_engine
@pytest.mark.parametrize(("password", "said"), [("court", "au moins 12"), ("x" * 257, "au plus")])
def test_the_length_is_said_first(app, password, said):
    assert said in str(explain_weakness(password, ADA, least=PASSWORD_MIN))


@on_one_engine
def test_a_password_is_judged_before_there_is_a_person(app):
    assert explain_weakness("lune vélo carton", None, least=PASSWORD_MIN) is None


# Characters that stand for letters, in turn: the slowest input of the estimate.
STAND_INS = "aA4@bB8cC({[<dDeE3gG69iI1!|lL17oO0sS$5tT+7xX%zZ2"


@on_one_engine
@pytest.mark.parametrize("endless", [STAND_INS * 5, "4@8369!170$52%" * 18, "a" * 256, "1/1/1991" * 32])
def test_the_longest_and_worst_password_is_judged_in_bounded_time(app, endless):
    began = time.process_time()
    explain_weakness(endless[:256], ADA, least=PASSWORD_MIN)
    assert time.process_time() - began < 3


@on_one_engine
def test_several_people_at_once_are_judged_by_their_own_names(app):
    people = [Person(name=f"Zyqr{n} Wvux{n}", email=f"p{n}@demo.example") for n in range(4)]

    def judge(n: int) -> bool:
        with app.app_context():
            own = explain_weakness(f"Zyqr{n} Wvux{n}", people[n], least=8)
            other = explain_weakness(f"Zyqr{n} Wvux{n}", people[(n + 1) % 4], least=8)
        return own is not None and other is None

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(judge, [0, 1, 2, 3] * 5))


def test_only_the_demonstration_gives_a_password_that_nobody_judged():
    giving = {
        path.relative_to(PORTAL).as_posix()
        for path in PORTAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "password_hash"
        if isinstance(node.ctx, ast.Store)
    }
    assert giving == {
        "people/accounts/commands.py",
        "people/accounts/join_commands.py",  # none
        "people/privacy/erasing_commands.py",  # none
        "app/demo/people.py",
    }


def test_the_words_that_are_refused_are_documented():
    page = " ".join((PORTAL.parent / "docs/security-decisions.md").read_text().split())
    (listed,) = re.findall(r"words of the portal: ([^.]+)\.", page)
    assert tuple(listed.split(", ")) == strength_rules._PORTAL_WORDS
    (count,) = re.findall(r"([\d,]+) leaked passwords", page)
    with gzip.open(strength_rules._DATA / "common.txt.gz") as lines:
        assert int(count.replace(",", "")) == len(lines.readlines())


@on_one_engine
@pytest.mark.parametrize("word", strength_rules._PORTAL_WORDS)
def test_each_word_of_the_portal_is_refused_with_a_short_ending(app, word):
    if len(word) >= strength_rules.STANDALONE_MIN:
        password = f"{word} {word} 20261"
        assert explain_weakness(password, None, least=PASSWORD_MIN) is not None
