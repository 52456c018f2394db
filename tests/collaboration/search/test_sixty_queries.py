"""Sixty queries in French and English find the same texts on both engines, the expected one first."""

import pytest

from portal.collaboration.discussions.commands import start_thread
from portal.collaboration.search.queries import SearchFilters, search
from portal.collaboration.search.word_rules import fold_text
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make

TEXTS = {
    "crues": "La carte des crues est prête pour les services de l’État.",
    "usagers": "Les usagers n’ont pas compris l’écran d’accueil.",
    "agent": "L’agent relit chaque courrier avant l’envoi.",
    "avenant": "Un avenant à la convention est signé avec le ministère.",
    "avenir": "L’avenir du service dépend du budget.",
    "travaux": "Les travaux de la mairie commencent lundi.",
    "biais": "Le biais de sélection touche les personnes âgées.",
    "donnees": "Les données personnelles sont chiffrées à la source.",
    "oeuvre": "La mise en œuvre de la maîtrise d’œuvre attend un contrat.",
    "baux": "Les baux ruraux sont dans un tableur que personne ne tient.",
    "reseaux": "Les réseaux neuronaux convolutifs lisent les photos aériennes.",
    "cheval": "Le cheval de la gendarmerie ne lit pas les scans.",
    "rappel": "Le rappel passe de 0,61 à 0,74 au troisième sprint.",
    "jalon": "Le jalon G6 est refusé : il manque deux participants.",
    "aipd": "L’AIPD est validée par le délégué à la protection des données.",
    "seance": "Séance annulée, reportée au jeudi suivant.",
    "hopital": "L’hôpital d’Orléans refuse l’accès aux comptes rendus.",
    "entretien": "Cinq entretiens avec des instructeurs, trois restent à mener.",
    "prefet": "Le préfet demande une démonstration devant les élus.",
    "aujourd": "Aujourd’hui, presque personne n’ouvre la fiche.",
    "children": "The children’s services asked for a simpler form.",
    "flood": "Flood maps are published every Monday by the agency.",
    "reviewers": "The reviewers asked three questions about fairness.",
    "analyses": "Several analyses of the errors are missing.",
    "training": "Training the model takes four hours on the new cluster.",
    "agreement": "The agreement was signed by both ministries.",
    "people": "People over eighty could not read the labels.",
    "policies": "New policies apply to the retention of logs.",
    "nuit": "Le traitement de nuit échoue quand le serveur redémarre.",
    "prix": "Le prix du lot 2 dépasse le marché.",
}
# A query, and the text that is expected among the first three.
QUERIES = """
carte | crues
cartes des crues | crues
CRUE | crues
"carte des crues" | crues
usager | usagers
usagers | usagers
ecran accueil | usagers
l'écran | usagers
d’accueil | usagers
compri | usagers
agent | agent
agents | agent
courriers | agent
l’envoi | agent
avenant | avenant
avenants | avenant
convention ministère | avenant
avenir | avenir
l'avenir | avenir
travail | travaux
travaux | travaux
TRAVAUX mairie | travaux
biais | biais
personnes agees | biais
sélections | biais
donnée | donnees
données personnelles | donnees
chiffré | donnees
oeuvre | oeuvre
œuvres | oeuvre
maitrise d'oeuvre | oeuvre
"mise en œuvre" | oeuvre
bail | baux
rural | baux
réseau neuronal | reseaux
photo aérienne | reseaux
chevaux | cheval
scan | cheval
0,74 | rappel
troisieme sprint | rappel
G6 | jalon
jalons refusés | jalon
participant -usager | jalon
aipd | aipd
déléguée protection | aipd
seances | seance
hopitaux | hopital
orleans | hopital
compte rendu | hopital
instructeur | entretien
préfets | prefet
demonstrations élu | prefet
aujourd’hui | aujourd
child | children
flood map | flood
reviewer question | reviewers
analysis error | analyses
train model | training
agreements | agreement
person | people
policy | policies
nuits serveurs | nuit
"lot 2" | prix
""".strip().splitlines()
SLIPS = {
    "jallon": "jalon",
    "usagre": "usagers",
    "hopitzl": "hopital",
    "conventoin": "convention",
    "traning": "training",
    "jlaon": "jalon",
    "kalon": "jalon",
    "ajlon": "jalon",
    "onvention": "convention",
    "covnention": "convention",
    "cnvention": "convention",
    "cosvention": "convention",
}
# Queries that find more than the expected text.
SETS = {"donnée": ["aipd", "donnees"], "person": ["aujourd", "baux", "biais", "donnees", "people"]}


@pytest.fixture
def reader(app):
    project = make.project()
    author = make.actor(make.holder(Role.TEAM_MEMBER, project))
    discussion_id = make.sprint(project).discussion_id
    for body in TEXTS.values():
        start_thread(author, discussion_id, body)
    db.session.commit()
    return author


def found(reader, query: str) -> list[str]:
    name_by_text = {text: name for name, text in TEXTS.items()}
    hits = search(reader, SearchFilters(q=query, kind="comment")).hits
    return [name_by_text[hit.text] for _source, hit in hits]


def test_sixty_queries_find_the_same_on_both_engines_the_expected_among_the_first_three(reader):
    missed, sets = [], {}
    for line in QUERIES:
        query, expected = (part.strip() for part in line.split("|"))
        names = found(reader, query)
        sets[query] = sorted(names)
        if expected not in names[:3]:
            missed.append((query, names))
    assert len(sets) >= 60
    assert len(missed) <= len(sets) - 57, missed
    assert {query: names for query, names in sets.items() if names != SETS.get(query, names[:1])} == {}


def test_a_slip_suggests_the_nearest_words(reader):
    for slip, word in SLIPS.items():
        near_words = search(reader, SearchFilters(q=slip)).near_words
        assert word in [fold_text(each) for each in near_words], slip


def test_a_word_that_finds_the_same_is_not_suggested(reader):
    results = search(reader, SearchFilters(q="qzqzqz usager"))
    assert dict(results.term_counts)["usager"] > 0
    assert not {"usager", "usagers"} & {*results.near_words}
