"""Figures with their sentences in French and English."""

from portal.user_tests.statistics import comparison_labels, labels
from portal.user_tests.statistics.agreement_rules import compute_problem_list_agreement
from portal.user_tests.statistics.comparison_rules import compute_completion_change
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.discovery_rules import compute_discovery
from portal.user_tests.statistics.duration_rules import compute_time_on_task
from tests.user_tests.statistics.samples import score_change, sus, time_change, umux_lite

MATRIX = [[1, 1, 0, 1, 1], [1, 0, 0, 0, 1], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]]
TIMES = [55, 65, 75, 62, 45, 135]
SCORES = [90, 77.5, 72.5, 95, 62.5, 57.5, 100, 95, 95, 80, 82.5, 87.5]

COMPLETIONS = [
    ((0, 0), 0, "Aucun résultat n’est encore noté.", "No result has been noted yet."),
    (
        (1, 1),
        0,
        "La seule personne qui a essayé a réussi ; au moins 17 usagers sur 100 y parviendraient.",
        "The only person who tried succeeded; at least 17 in 100 users would.",
    ),
    (
        (0, 1),
        1,
        "La seule personne qui a essayé a réussi avec de l’aide ;"
        " au plus 83 usagers sur 100 y parviendraient.",
        "The only person who tried succeeded with help; at most 83 in 100 users would.",
    ),
    (
        (0, 1),
        0,
        "La seule personne qui a essayé n’a pas réussi ; au plus 83 usagers sur 100 y parviendraient.",
        "The only person who tried did not succeed; at most 83 in 100 users would.",
    ),
    (
        (4, 5),
        0,
        "4 sur 5 ont réussi ; entre 36 et 98 usagers sur 100 y parviendraient.",
        "4 of 5 succeeded; between 36 and 98 in 100 users would.",
    ),
    (
        (1, 5),
        0,
        "1 sur 5 a réussi ; entre 2 et 64 usagers sur 100 y parviendraient.",
        "1 of 5 succeeded; between 2 and 64 in 100 users would.",
    ),
    (
        (3, 5),
        1,
        "3 sur 5 ont réussi sans aide, 1 avec de l’aide ; entre 23 et 88 usagers sur 100 y parviendraient.",
        "3 of 5 succeeded without help, 1 with help; between 23 and 88 in 100 users would.",
    ),
    (
        (0, 5),
        0,
        "Aucune des 5 personnes n’a réussi ; au plus 49 usagers sur 100 y parviendraient.",
        "None of the 5 people succeeded; at most 49 in 100 users would.",
    ),
    (
        (0, 5),
        2,
        "Aucune des 5 personnes n’a réussi sans aide, 2 ont réussi avec de l’aide ;"
        " au plus 49 usagers sur 100 y parviendraient.",
        "None of the 5 people succeeded without help, 2 succeeded with help; at most 49 in 100 users would.",
    ),
    (
        (5, 5),
        0,
        "Les 5 personnes ont réussi ; au moins 51 usagers sur 100 y parviendraient.",
        "Everyone who tried succeeded (5 people); at least 51 in 100 users would.",
    ),
    (
        (0, 5000),
        0,
        "Aucune des 5\u202f000 personnes n’a réussi ; au plus 1 usager sur 100 y parviendrait.",
        "None of the 5,000 people succeeded; at most 1 in 100 users would.",
    ),
]

FIGURES = [
    (
        labels.duration_sentence,
        None,
        "Aucune réussite sans aide n’a été chronométrée.",
        "No unaided success was timed.",
    ),
    (
        labels.duration_sentence,
        compute_time_on_task([55]),
        "Une seule durée, 55 s ; il en faut deux au moins pour un intervalle.",
        "A single time, 55 s; it takes two at least for an interval.",
    ),
    (
        labels.duration_sentence,
        compute_time_on_task([50, 50, 50]),
        "3 durées, toutes de 50 s ; sans écart entre elles, un intervalle ne dirait rien.",
        "3 times, all of 50 s; with no spread among them, an interval would say nothing.",
    ),
    (
        labels.duration_sentence,
        compute_time_on_task(TIMES),
        "6 durées, 1 min 08 s en moyenne (géométrique) ; pour l’ensemble des usagers,"
        " entre 46 s et 1 min 41 s.",
        "6 times, 1 min 08 s on average (geometric mean); for users at large, between 46 s and 1 min 41 s.",
    ),
    (
        labels.duration_sentence,
        compute_time_on_task(range(30, 60)),
        "30 durées, 44 s ou moins pour la moitié (médiane) ; pour l’ensemble des usagers,"
        " entre 39 s et 50 s.",
        "30 times, 44 s or less for half of them (median); for users at large, between 39 s and 50 s.",
    ),
    (
        labels.duration_sentence,
        compute_time_on_task([1e-300, 1e300]),
        "2 durées, 1 s en moyenne (géométrique) ; pour l’ensemble des usagers, 0,1 s ou plus.",
        "2 times, 1 s on average (geometric mean); for users at large, 0.1 s or more.",
    ),
    (
        labels.sus_sentence,
        sus(SCORES),
        "SUS de 82,9 sur 100 (12 réponses), note A ; pour l’ensemble des usagers,"
        " entre 74,3 et 91,5, soit de la note B à la note A+."
        " Mieux que 93 produits sur 100 (entre 71 et 99).",
        "SUS of 82.9 out of 100 (12 answers), grade A; for users at large,"
        " between 74.3 and 91.5, which is from grade B to grade A+."
        " Better than 93 in 100 products (between 71 and 99).",
    ),
    (
        labels.sus_sentence,
        sus([10, 12.5]),
        "SUS de 11,3 sur 100 (2 réponses), note F ; pour l’ensemble des usagers,"
        " entre 0,0 et 27,1, soit la note F. Mieux que 0 produit sur 100 (entre 0 et 2).",
        "SUS of 11.3 out of 100 (2 answers), grade F; for users at large,"
        " between 0.0 and 27.1, which is grade F. Better than 0 in 100 products (between 0 and 2).",
    ),
    (
        labels.sus_sentence,
        sus([70]),
        "Une seule réponse, SUS de 70,0 sur 100, note C ; il en faut deux au moins pour un intervalle.",
        "A single answer, SUS of 70.0 out of 100, grade C; it takes two at least for an interval.",
    ),
    (
        labels.umux_lite_sentence,
        umux_lite([75, 91.666667, 50, 83.333333]),
        "UMUX-Lite de 75,0 sur 100 (4 réponses) ; pour l’ensemble des usagers, entre 46,4 et 100,0."
        " Cela correspondrait à un SUS de 71,7 (entre 53,0 et 87,9).",
        "UMUX-Lite of 75.0 out of 100 (4 answers); for users at large, between 46.4 and 100.0."
        " This would match a SUS of 71.7 (between 53.0 and 87.9).",
    ),
    (
        labels.discovery_sentence,
        compute_discovery(MATRIX),
        "5 problèmes vus avec 5 participants ; sur 100 problèmes qu’ils pouvaient rencontrer, ils"
        " en auraient rencontré environ 85 (entre 77 et 90, selon la façon d’estimer).",
        "5 problems seen with 5 participants; of 100 problems that they could meet, they would"
        " have met about 85 (between 77 and 90, depending on the estimate).",
    ),
    (
        labels.discovery_sentence,
        compute_discovery([[1]]),
        "1 problème vu avec un seul participant ; il en faut deux au moins pour estimer ce qui"
        " reste à trouver.",
        "1 problem seen with a single participant; it takes two at least to estimate what is left to find.",
    ),
    (
        comparison_labels.problem_lists_sentence,
        compute_problem_list_agreement({1, 2, 3}, {3, 4}),
        "1 problème sur 4 a été vu par les deux observateurs ; sur 100, ce serait entre 3 et 71.",
        "1 of 4 problems was seen by both observers; of 100, it would be between 3 and 71.",
    ),
    (
        comparison_labels.completion_change_sentence,
        compute_completion_change(compute_completion(2, 5), compute_completion(4, 6)),
        "27 réussites de plus sur 100 (entre 30 de moins et 70 de plus ; n = 5 puis 6)."
        " On ne peut pas encore dire.",
        "27 more successes in 100 (between 30 less and 70 more; n = 5 then 6). One cannot tell yet.",
    ),
    (
        comparison_labels.completion_change_sentence,
        compute_completion_change(compute_completion(1, 12), compute_completion(11, 12)),
        "83 réussites de plus sur 100 (entre 46 de plus et 98 de plus ; n = 12 puis 12). C’est mieux.",
        "83 more successes in 100 (between 46 more and 98 more; n = 12 then 12). It is better.",
    ),
    (
        comparison_labels.score_change_sentence,
        score_change(SCORES[:6], SCORES[6:]),
        "Score en hausse de 14,2 (entre 1,8 de moins et 30,1 de plus ; n = 6 puis 6)."
        " On ne peut pas encore dire.",
        "Score up by 14.2 (between 1.8 less and 30.1 more; n = 6 then 6). One cannot tell yet.",
    ),
    (
        comparison_labels.score_change_sentence,
        score_change([50], [60, 70]),
        "Trop peu de mesures, ou trop semblables, pour comparer (n = 1 puis 2). On ne peut pas encore dire.",
        "Too few measurements, or too alike, to compare (n = 1 then 2). One cannot tell yet.",
    ),
    (
        comparison_labels.score_change_sentence,
        None,
        "Rien à comparer : il manque les mesures d’avant ou d’après.",
        "Nothing to compare: the measurements from before or after are missing.",
    ),
    (
        comparison_labels.duration_change_sentence,
        time_change(TIMES, [40, 38, 52, 61, 33]),
        "Une durée multipliée par 0,64 (entre 0,42 et 0,99 ; n = 6 puis 5). C’est mieux.",
        "The time multiplied by 0.64 (between 0.42 and 0.99; n = 6 then 5). It is better.",
    ),
    (labels.score_in_short, sus(SCORES), "82,9 (74,3 à 91,5 ; n = 12)", "82.9 (74.3 to 91.5; n = 12)"),
    (labels.completion_in_short, compute_completion(4, 5), "4 sur 5 (36 à 98 %)", "4 of 5 (36 to 98%)"),
    (labels.completion_in_short, None, "—", "—"),
    (labels.duration_in_short, compute_time_on_task([55]), "55 s (n = 1)", "55 s (n = 1)"),
    (
        labels.duration_in_short,
        compute_time_on_task([55, 55]),
        "55 s (sans écart ; n = 2)",
        "55 s (no spread; n = 2)",
    ),
]
