"""Generated evidence of each gate, as story entries with a team's own texts.

Methods take the day of the gate's declaration, and whether the evidence is complete (`whole`) or
only begun. Days count from today.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Any

StoryEntry = dict[str, Any]
PARTICIPANTS = 5  # of a round of tests


class GateEvidenceEntryCollector:
    """Collects the entries of one team; `texts` are its own, `common` those of all teams."""

    def __init__(
        self, slug: str, arc: Mapping[str, Any], common: StoryEntry, sprints: Sequence[StoryEntry]
    ) -> None:
        self.slug = slug
        self.texts: Mapping[str, Any] = arc["words"]
        self.common = common
        self.sprints = sprints
        self.random = Random(slug)  # noqa: S311  a demonstration, not a secret
        self.entries_by_kind: StoryEntry = {}  # lists of entries
        self.versions: int = arc.get("versions", 0)

    def add_entries(self, kind: str, *entries: StoryEntry) -> None:
        self.entries_by_kind.setdefault(kind, []).extend(entries)

    def target_group(self) -> StoryEntry:
        texts = self.texts
        return {
            "name": texts["people"],
            "audience": texts.get("audience", "agents"),
            "size": texts["size"],
            "access_needs": texts.get("access", ""),
        }

    def add_coach_session(self, day: int) -> None:
        """Add a monthly session with the coach."""
        point = {"day": day, "by": "coach", "format": "weekly_point", "track": None}
        self.add_entries("sessions", point | {"minutes": self.common["met"], "decisions": []})

    def add_further_round(self, day: int) -> None:
        """Add a round of tests after the generated ones, on the current version."""
        round_results = self._make_round_results(day, 3, helped=0, whole=True)
        test_round = {"day": day - 14, "copies": 1, "version": self.versions, "add": []}
        self.add_entries("rounds", test_round | {"title": self.common["tried"], **round_results})

    def add_kickoff_session(self, day: int, *, whole: bool) -> None:
        minutes = self.common["kickoff"]
        if whole:
            session = {"day": day - 3, "by": "coach", "format": "kickoff", "track": None}
            self.add_entries("sessions", session | {"minutes": minutes, "decisions": []})

    def add_framing(self, day: int, *, whole: bool) -> None:
        lines = self.random.sample(self.common["assumptions"], 3)
        for n, (statement, test) in enumerate(lines[: 3 if whole else 1]):
            risk = {"statement": statement, "risk": 5 - n, "test": test}
            self.add_entries("assumptions", risk | {"day": day - 22 + n})
        heard = [self.texts["heard"], *self.random.sample(self.common["heard"], 4)]
        for n, learnt in enumerate(heard if whole else heard[:2]):
            when = {"day": day - 20 + 4 * n, "group": 1}
            self.add_entries("interviews", when | {"people": 1 + n % 3, "learnt": learnt})
        if whole:
            self.add_entries("metrics", self._build_metric(day))

    def _build_metric(self, day: int) -> StoryEntry:
        name, unit, direction, baseline, target = self.texts["metric"]
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

    def add_data_source(self, day: int, *, whole: bool) -> None:
        """`texts["data"]`: name, holder, content, and whether it is personal."""
        name, holder, contents, personal = self.texts["data"]
        steps = [("requested", 30), ("granted", 18), ("received", 9), ("usable", 3)]
        reached = steps if whole else steps[: 1 + (personal == "no")]
        begun = day - 34
        source = {
            "name": name,
            "holder": holder,
            "contents": contents,
            "purpose": self.texts["purpose"],
            "personal": personal,
            "legal_basis": self.common["legal_basis"] if whole else "",
            "screening": ("done" if personal == "yes" else "not_needed") if whole else "not_done",
            "screening_note": self.common["screening"] if whole else "",
            "day": begun,
            "steps": [{"access": to, "day": day - ago, "note": ""} for to, ago in reached],
        }
        if whole:
            source["sample"] = {"day": day - 7, "rows": self.texts["rows"], "sha256": self._hash_slug()}
            note = {"faithfulness": "cleaned", "fitness": "fit"}
            source["quality"] = note | {"day": day - 4, "quality_note": self.common["quality"]}
        self.add_entries("sources", source)

    def _hash_slug(self) -> str:
        return sha256(self.slug.encode()).hexdigest()

    def add_review(self, kind: str, day: int, *, whole: bool) -> None:
        review: StoryEntry = {"kind": kind, "opened": day - 20}
        if whole:
            reviewer = self.random.choice(["relecteur", "relectrice"])
            review |= {"submitted": day - 12, "reviewer": reviewer, "taken": day - 9}
            decided = {"day": day - 1, "outcome": "accepted", "reasons": self.common["decided"]}
            review["decided"] = decided
        self.add_entries("reviews", review)

    def add_version(self, day: int) -> None:
        """Add a version of the prototype, from the sprint of that day."""
        running = [n for n, sprint in enumerate(self.sprints, 1) if sprint["first"] <= day]
        changes = self.common["versions"][min(self.versions, len(self.common["versions"]) - 1)]
        family = {"model_family": self.texts["model"][1], "model_provider": "L’équipe"}
        where = {"link": f"https://demo.example/{self.slug}", "recording": ""}
        kind = {"automation": "suggest", "exposure": self.texts.get("audience", "agents")}
        self.versions += 1
        version_entry = {"day": day, "sprint": running[-1] if running else 0, "changes": changes}
        self.add_entries("versions", version_entry | where | kind | family)

    def add_evaluation(self, day: int, *, whole: bool) -> None:
        """`texts["model"]`: metric, family, baseline, its value, threshold, result reached.

        Higher is better.
        """
        measure, _family, baseline_name, baseline, threshold, reached = self.texts["model"]
        result = reached if whole else round((baseline + threshold) / 2, 2)
        plan = {
            "dated": day - 20,
            "metric": measure,
            "direction": "up",
            "held_out": self.common["held_out"],
            "held_out_size": self.texts["rows"] // 10 + 40,
            "baseline_name": baseline_name,
            "baseline": baseline,
            "threshold": threshold,
            "runs": [self._make_evaluation_run(day - 4, result)],
        }
        self.add_entries("protocols", plan)

    def _make_evaluation_run(self, day: int, result: float, subgroups: str = "") -> StoryEntry:
        code = f"{self.slug}@{self._hash_slug()[:5]}"
        run = {"day": day, "version": self.versions, "result": result, "subgroups": subgroups}
        return run | {"code": code, "sha256": self._hash_slug(), "note": ""}

    def add_demonstration(self, day: int, *, whole: bool) -> None:
        if whole:
            self._add_last_sprint_demonstration(day)

    def _add_last_sprint_demonstration(self, day: int) -> None:
        """Add a demonstration at the end of the last closed sprint."""
        closed = [n for n, sprint in enumerate(self.sprints, 1) if _is_sprint_closed_by(sprint, day)]
        attendance = {"team_business": 1, "team_technical": 1, "agents": 4, "coaches": 1}
        demonstration = {"day": day - 1, "sprint": closed[-1], "version": self.versions, "came": attendance}
        texts = {name: self.common[name] for name in ("feedback", "decisions")}
        self.add_entries("demonstrations", demonstration | texts)

    def add_test_round(self, day: int, *, whole: bool) -> None:
        title, instruction, success = self.texts["task"]
        task = {"title": title, "instruction": instruction, "success": success, "limit": 240}
        self.add_entries(
            "rounds",
            {
                "day": day - 14,
                "version": self.versions,
                "method": "moderated",
                "scale": "umux_lite",
                "groups": [1],
                "wanted": PARTICIPANTS,
                "from": day - 12,
                "to": day - 6,
                "title": title,
                "hypotheses": self.common["hypotheses"],
                "script": self.common["script"],
                "tasks": [task | {"primary": True}],
                **self._make_round_results(
                    day, PARTICIPANTS if whole else 2, helped=2 if whole else 1, whole=whole
                ),
            },
        )
        if whole:
            self.add_entries("noted", self._make_finding(day - 4))

    def _make_round_results(self, day: int, people: int, *, helped: int, whole: bool) -> StoryEntry:
        """The sessions of a round; the first `helped` participants needed help."""
        sessions = []
        for n in range(people):
            outcome, ease = ("helped", 4) if n < helped else ("success", 6)
            result = [outcome, self.random.randint(50, 180), ease, int(n < helped)]
            session: StoryEntry = {"day": day - 11 + n, "group": 1, "results": [result]}
            sessions.append(session | {"answers": [5, 4 + n % 3], "note": self.common["note"]})
        return {"sessions": sessions} | ({"ended": day - 5, "access": 1} if whole else {})

    def _make_finding(self, day: int) -> StoryEntry:
        texts = {"what": self.common["finding"], "detail": self.common["finding_detail"]}
        where: StoryEntry = {"round": 1, "tasks": [1], "sessions": [1, 2], "owned": True}
        return texts | where | {"day": day, "severity": 3, "item": {"day": day + 1}}

    def add_improved_version_and_round(self, day: int, *, whole: bool) -> None:
        self.add_version(day - 18)
        round_results = self._make_round_results(day, PARTICIPANTS if whole else 1, helped=0, whole=whole)
        test_round = {"day": day - 14, "copies": 1, "version": self.versions, "add": []}
        self.add_entries("rounds", test_round | {"title": self.common["again"], **round_results})
        if whole:
            answer = {"finding": 1, "result": "gone", "note": self.common["note"]}
            self.add_entries("retests", {"round": 2, "day": day - 4, "answers": [answer]})

    def add_oversight_sheets_and_run(self, day: int, *, whole: bool) -> None:
        self.entries_by_kind["protocols"][0]["runs"].append(
            self._make_evaluation_run(day - 8, self.texts["model"][5], self._subgroup_lines())
        )
        kinds = ("oversight", "security", "accessibility")
        for n, kind in enumerate(kinds if whole else kinds[:1]):
            self._add_sheet(kind, day - 6 + n)

    def _subgroup_lines(self) -> str:
        reached, n = self.texts["model"][5], self.texts["rows"] // 20 + 20
        first, second = self.common["subgroups"]
        low, high = (f"{value:.2f}".replace(".", ",") for value in (reached - 0.05, reached + 0.02))
        return f"{first} ; {low} ; {n}\n{second} ; {high} ; {n}"

    def _add_sheet(self, kind: str, day: int) -> None:
        save = {"day": day, "whole": True, "answers": {}}
        sheet = {"kind": kind, "day": day, "version": self.versions, "saves": [save]}
        self.add_entries("sheets", sheet | {"completed": day})

    def add_measurements(self, day: int, *, whole: bool) -> None:
        """Add a measurement half way and one before the declaration."""
        (metric,) = self.entries_by_kind["metrics"]
        baseline, target = metric["baseline"], metric["target"]
        for ago, part in ((60, 0.4), (6, 0.8)):
            value = round(baseline + (target - baseline) * part, 1)
            how = {"cases": 24, "method": self.common["measured"]}
            metric["measurements"].append({"day": day - ago, "value": value} | how)
        if whole:
            self.entries_by_kind["plan"] = self.common["plan"] | {"day": day - 4}

    def add_handover(self, day: int, *, whole: bool) -> None:
        self._add_sheet("handover", day - 6)
        if whole:
            panel = self.common["panel"] | {"day": day - 1, "version": self.versions}
            self.entries_by_kind["panel"] = panel


def _is_sprint_closed_by(sprint: Mapping[str, Any], day: int) -> bool:
    """Whether a sprint was closed more than a day before."""
    return bool(sprint["close"]) and sprint["close"]["day"] < day - 1
