"""The usual evidence of each gate in a team's own words, as the tellers of a demonstration take it.

Each kit is told by the day on which the gate is asked for, and is `whole`, or only begun. Days
count from today.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Any

Told = dict[str, Any]
PEOPLE = 5  # that a round of tests wants


class Kits:
    """Of one team: `words` are its own, `common` everybody's, `sprints` what is told of its."""

    def __init__(
        self, slug: str, given: Mapping[str, Any], common: Told, sprints: Sequence[Told]
    ) -> None:
        self.slug = slug
        self.words: Mapping[str, Any] = given["words"]
        self.common = common
        self.sprints = sprints
        self.random = Random(slug)  # noqa: S311  a demonstration, not a secret
        self.told: Told = {}  # lists of what happened, by kind
        self.versions: int = given.get("versions", 0)

    def add(self, kind: str, *told: Told) -> None:
        self.told.setdefault(kind, []).extend(told)

    def group(self) -> Told:
        words = self.words
        return {
            "name": words["people"],
            "audience": words.get("audience", "agents"),
            "size": words["size"],
            "access_needs": words.get("access", ""),
        }

    def meet(self, day: int) -> None:
        """A coach's point of the month."""
        point = {"day": day, "by": "coach", "format": "weekly_point", "track": None}
        self.add("sessions", point | {"minutes": self.common["met"], "decisions": []})

    def try_again(self, day: int) -> None:
        """A further round on what there is by then, once the usual ones are told."""
        held = self._run_round(day, 3, helped=0, whole=True)
        again = {"day": day - 14, "copies": 1, "version": self.versions, "add": []}
        self.add("rounds", again | {"title": self.common["tried"], **held})

    def engaged(self, day: int, *, whole: bool) -> None:
        minutes = self.common["kickoff"]
        if whole:
            session = {"day": day - 3, "by": "coach", "format": "kickoff", "track": None}
            self.add("sessions", session | {"minutes": minutes, "decisions": []})

    def framed(self, day: int, *, whole: bool) -> None:
        lines = self.random.sample(self.common["assumptions"], 3)
        for n, (statement, test) in enumerate(lines[: 3 if whole else 1]):
            risk = {"statement": statement, "risk": 5 - n, "test": test}
            self.add("assumptions", risk | {"day": day - 22 + n})
        heard = [self.words["heard"], *self.random.sample(self.common["heard"], 4)]
        for n, learnt in enumerate(heard if whole else heard[:2]):
            when = {"day": day - 20 + 4 * n, "group": 1}
            self.add("interviews", when | {"people": 1 + n % 3, "learnt": learnt})
        if whole:
            self.add("metrics", self._metric(day))

    def _metric(self, day: int) -> Told:
        name, unit, direction, baseline, target = self.words["metric"]
        return {
            "name": name,
            "unit": unit,
            "direction": direction,
            "baseline": baseline,
            "target": target,
            "baseline_day": day - 8,
            "baseline_source": self.common["baseline"],
            "day": day - 6,
            "measurements": [],
        }

    def supplied(self, day: int, *, whole: bool) -> None:
        """`words.data` is what it is, who holds it, what is in it, and whether it is personal."""
        name, holder, contents, personal = self.words["data"]
        steps = [("requested", 30), ("granted", 18), ("received", 9), ("usable", 3)]
        reached = steps if whole else steps[: 1 + (personal == "no")]
        begun = day - 34
        source = {
            "name": name,
            "holder": holder,
            "contents": contents,
            "purpose": self.words["purpose"],
            "personal": personal,
            "legal_basis": self.common["legal_basis"] if whole else "",
            "screening": ("done" if personal == "yes" else "not_needed") if whole else "not_done",
            "screening_note": self.common["screening"] if whole else "",
            "day": begun,
            "steps": [{"access": to, "day": day - ago, "note": ""} for to, ago in reached],
        }
        if whole:
            source["sample"] = {"day": day - 7, "rows": self.words["rows"], "sha256": self._hash()}
            note = {"faithfulness": "cleaned", "fitness": "fit"}
            source["quality"] = note | {"day": day - 4, "quality_note": self.common["quality"]}
        self.add("sources", source)

    def _hash(self) -> str:
        return sha256(self.slug.encode()).hexdigest()

    def review(self, kind: str, day: int, *, whole: bool) -> None:
        review: Told = {"kind": kind, "opened": day - 20}
        if whole:
            reviewer = self.random.choice(["relecteur", "relectrice"])
            review |= {"submitted": day - 12, "reviewer": reviewer, "taken": day - 9}
            decided = {"day": day - 1, "outcome": "accepted", "reasons": self.common["decided"]}
            review["decided"] = decided
        self.add("reviews", review)

    def release(self, day: int) -> None:
        """Another version, from the sprint that ran on that day."""
        running = [n for n, one in enumerate(self.sprints, 1) if one["first"] <= day]
        changes = self.common["versions"][min(self.versions, len(self.common["versions"]) - 1)]
        family = {"model_family": self.words["model"][1], "model_provider": "L’équipe"}
        where = {"link": f"https://demo.example/{self.slug}", "recording": ""}
        kind = {"automation": "suggest", "exposure": self.words.get("audience", "agents")}
        self.versions += 1
        said = {"day": day, "sprint": running[-1] if running else 0, "changes": changes}
        self.add("versions", said | where | kind | family)

    def compared(self, day: int, *, whole: bool) -> None:
        """`words.model` is the measure, the family, the baseline, its value, the threshold, what
        was reached. Higher is better."""
        measure, _family, baseline_name, baseline, threshold, reached = self.words["model"]
        result = reached if whole else round((baseline + threshold) / 2, 2)
        plan = {
            "dated": day - 20,
            "metric": measure,
            "direction": "up",
            "held_out": self.common["held_out"],
            "held_out_size": self.words["rows"] // 10 + 40,
            "baseline_name": baseline_name,
            "baseline": baseline,
            "threshold": threshold,
            "runs": [self._run(day - 4, result)],
        }
        self.add("protocols", plan)

    def _run(self, day: int, result: float, subgroups: str = "") -> Told:
        code = f"{self.slug}@{self._hash()[:5]}"
        of = {"day": day, "version": self.versions, "result": result, "subgroups": subgroups}
        return of | {"code": code, "sha256": self._hash(), "note": ""}

    def shown(self, day: int, *, whole: bool) -> None:
        if whole:
            self._demonstrate(day)

    def _demonstrate(self, day: int) -> None:
        """At the end of the last sprint that was closed."""
        closed = [n for n, one in enumerate(self.sprints, 1) if _closed_by(one, day)]
        came = {"team_business": 1, "team_technical": 1, "agents": 4, "coaches": 1}
        held = {"day": day - 1, "sprint": closed[-1], "version": self.versions, "came": came}
        said = {name: self.common[name] for name in ("feedback", "decisions")}
        self.add("demonstrations", held | said)

    def tested(self, day: int, *, whole: bool) -> None:
        title, instruction, success = self.words["task"]
        task = {"title": title, "instruction": instruction, "success": success, "limit": 240}
        self.add(
            "rounds",
            {
                "day": day - 14,
                "version": self.versions,
                "method": "moderated",
                "scale": "umux_lite",
                "groups": [1],
                "wanted": PEOPLE,
                "from": day - 12,
                "to": day - 6,
                "title": title,
                "hypotheses": self.common["hypotheses"],
                "script": self.common["script"],
                "tasks": [task | {"primary": True}],
                **self._run_round(
                    day, PEOPLE if whole else 2, helped=2 if whole else 1, whole=whole
                ),
            },
        )
        if whole:
            self.add("noted", self._finding(day - 4))

    def _run_round(self, day: int, people: int, *, helped: int, whole: bool) -> Told:
        """What took place: some of those who came needed help."""
        sessions = []
        for n in range(people):
            outcome, ease = ("helped", 4) if n < helped else ("success", 6)
            result = [outcome, self.random.randint(50, 180), ease, int(n < helped)]
            kept: Told = {"day": day - 11 + n, "group": 1, "results": [result]}
            sessions.append(kept | {"answers": [5, 4 + n % 3], "note": self.common["note"]})
        return {"sessions": sessions} | ({"ended": day - 5, "access": 1} if whole else {})

    def _finding(self, day: int) -> Told:
        what = {"what": self.common["finding"], "detail": self.common["finding_detail"]}
        where: Told = {"round": 1, "tasks": [1], "sessions": [1, 2], "owned": True}
        return what | where | {"day": day, "severity": 3, "item": {"day": day + 1}}

    def iterated(self, day: int, *, whole: bool) -> None:
        self.release(day - 18)
        held = self._run_round(day, PEOPLE if whole else 1, helped=0, whole=whole)
        again = {"day": day - 14, "copies": 1, "version": self.versions, "add": []}
        self.add("rounds", again | {"title": self.common["again"], **held})
        if whole:
            said = {"finding": 1, "result": "gone", "note": self.common["note"]}
            self.add("retests", {"round": 2, "day": day - 4, "answers": [said]})

    def overseen(self, day: int, *, whole: bool) -> None:
        self.told["protocols"][0]["runs"].append(
            self._run(day - 8, self.words["model"][5], self._subgroups())
        )
        kinds = ("oversight", "security", "accessibility")
        for n, kind in enumerate(kinds if whole else kinds[:1]):
            self._sheet(kind, day - 6 + n)

    def _subgroups(self) -> str:
        reached, n = self.words["model"][5], self.words["rows"] // 20 + 20
        first, second = self.common["subgroups"]
        low, high = (f"{value:.2f}".replace(".", ",") for value in (reached - 0.05, reached + 0.02))
        return f"{first} ; {low} ; {n}\n{second} ; {high} ; {n}"

    def _sheet(self, kind: str, day: int) -> None:
        save = {"day": day, "whole": True, "answers": {}}
        sheet = {"kind": kind, "day": day, "version": self.versions, "saves": [save]}
        self.add("sheets", sheet | {"completed": day})

    def measured(self, day: int, *, whole: bool) -> None:
        """Half way, and once more before the gate is asked for."""
        (metric,) = self.told["metrics"]
        baseline, target = metric["baseline"], metric["target"]
        for ago, part in ((60, 0.4), (6, 0.8)):
            value = round(baseline + (target - baseline) * part, 1)
            how = {"cases": 24, "method": self.common["measured"]}
            metric["measurements"].append({"day": day - ago, "value": value} | how)
        if whole:
            self.told["plan"] = self.common["plan"] | {"day": day - 4}

    def handed_over(self, day: int, *, whole: bool) -> None:
        self._sheet("handover", day - 6)
        if whole:
            panel = self.common["panel"] | {"day": day - 1, "version": self.versions}
            self.told["panel"] = panel


def _closed_by(sprint: Mapping[str, Any], day: int) -> bool:
    """And for a day already, so that it can be shown what came of it."""
    return bool(sprint["close"]) and sprint["close"]["day"] < day - 1
