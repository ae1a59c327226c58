"""Requirements of a passage → tests of facts, each with the exact words; what no fact covers is named.

Precision first: words become a test only when they say exactly what a fact holds. Alternatives are
kept together (any), exceptions stay exceptions (not), and a preference, a definition or another
scheme's rule is no condition. The result still waits for a person: nothing here is curated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.drafting.alternatives import Condition, alternatives, joined, without_overlaps
from knowledge_base.drafting.applicants import industries_named, read_applicant
from knowledge_base.drafting.carve_outs import CONSEQUENCE, milder, relaxed, without_places
from knowledge_base.drafting.cues import Cues, shipped_cues
from knowledge_base.drafting.openings import (
    CASES,
    KINDS,
    ONE_OF,
    SHUTS,
    after_kinds,
    demand_end,
    is_case,
    promise_at,
    shuts_out,
)
from knowledge_base.drafting.proposals import FactProposal, proposals_in
from knowledge_base.drafting.requirements import Test, read_exclusions, read_tests
from knowledge_base.drafting.rights import read_rights
from knowledge_base.drafting.sentences import (
    LONGEST_SENTENCE,
    Sentence,
    sentences_in,
    states_requirement,
)
from knowledge_base.drafting.steps import Steps, read_step, softened, with_milder
from knowledge_base.drafting.tiers import Tiers, read_tiers
from knowledge_base.drafting.voids import speaks_of_others, without_voids
from knowledge_base.sheets import test_faults
from knowledge_base.vocabulary import Vocabulary

_DEMANDS = re.compile(r"^(?:[^,;。]{0,12})(?:应当?|必须|须|具有|具备|(?<!不)符合)|注册")


@dataclass(frozen=True)
class Requirements:
    """What a passage demands: conditions that must all hold, and what could not be expressed."""

    conditions: tuple[Condition, ...]
    proposals: tuple[FactProposal, ...]


def read_conditions(
    text: str,
    spans: Iterable[tuple[int, int]],
    region: str,
    vocabulary: Vocabulary,
    cues: Cues | None = None,
    part: str = "conditions",
) -> Requirements:
    """Conditions of the passages of a text; `region` is the code that 我县 stands for."""
    known = cues or shipped_cues()
    conditions: list[Condition] = []
    proposals: list[FactProposal] = []
    for start, end in spans:
        sentences = tuple(sentences_in(text, start, end, known, part))
        reader = _Reader(text, region, vocabulary, known)
        reader.read(sentences)
        conditions += reader.conditions
        proposals += reader.proposals
    return Requirements(tuple(_distinct(conditions)), tuple(_distinct_words(proposals)))


def merged(*read: Requirements) -> Requirements:
    """Requirements of several passages together, each condition once."""
    conditions = [condition for one in read for condition in one.conditions]
    proposals = [proposal for one in read for proposal in one.proposals]
    return Requirements(tuple(_distinct(conditions)), tuple(_distinct_words(proposals)))


def _distinct(conditions: list[Condition]) -> Iterator[Condition]:
    """Each condition once, at the first words that state it."""
    seen: set[str] = set()
    for condition in conditions:
        key = _key(condition)
        if key not in seen:
            seen.add(key)
            yield condition


def _key(condition: Condition) -> str:
    if condition.join is None:
        return f"{condition.fact} {condition.op} {condition.value!r}"
    return f"{condition.join}({','.join(map(_key, condition.parts))})"


def _distinct_words(proposals: list[FactProposal]) -> Iterator[FactProposal]:
    seen: set[tuple[str, str]] = set()
    for proposal in proposals:
        if (proposal.label, proposal.words) not in seen:
            seen.add((proposal.label, proposal.words))
            yield proposal


class _Reader:
    """Reading the sentences of one passage in order; a case opened by one sentence binds the next."""

    def __init__(self, text: str, region: str, vocabulary: Vocabulary, cues: Cues) -> None:
        self.text, self.region, self.vocabulary, self.cues = text, region, vocabulary, cues
        self.conditions: list[Condition] = []
        self.proposals: list[FactProposal] = []
        self._latest = 0  # how many of the conditions the sentence before has added
        self._tiers: list[Tiers] = []  # steps of the sentences just before
        self._steps = Steps()  # bounds by kind of applicant, by fact
        self._foreign = False  # the passage is about a park or a shop, not about the applicant

    def read(self, sentences: Sequence[Sentence]) -> None:
        """Read all sentences; what they demand is in `conditions` and `proposals` afterwards."""
        index = 0
        case = skipped = False
        while index < len(sentences):
            sentence = sentences[index]
            index += 1
            if (taken := self._list(sentence, sentences, index)) is not None:
                case, index = False, taken
                continue
            if not states_requirement(sentence, self.cues) or (
                skipped and re.match(r"\s*(?:且|并|同时|其)", sentence.plain)
            ):
                case, skipped, self._latest = False, True, 0
                continue
            skipped = False
            if case and not sentence.family and not CONSEQUENCE.match(sentence.plain):
                case = is_case(sentence, "")
                continue
            following = sentences[index].plain if index < len(sentences) else ""
            step = None if self._foreign else read_step(sentence, self._steps.latest, self.cues)
            case = step is None and is_case(sentence, following)
            if case and shuts_out(sentences[index : index + 2]):
                self._shut_out(sentence)
            if case and not CONSEQUENCE.match(following):
                continue
            case = False
            if step is not None and step.start < promise_at(sentence, self.cues):
                self._step(step)
            self._take(sentence)
        self._close_tiers()
        self.conditions += self._steps.choices()

    def _list(self, sentence: Sentence, sentences: Sequence[Sentence], index: int) -> int | None:
        """Read a list a sentence opens; the index after it, None when it opens none."""
        plain = sentence.plain
        if len(plain) > LONGEST_SENTENCE:
            return None
        about = speaks_of_others(sentence, self.cues)
        self._foreign = self._foreign if about is None else about
        if sentence.part in ("conditions", "applicant", "exclusions"):
            if header := self.cues.excluding.search(plain):
                return self._excluded(sentence, header.end(), sentences, index)
            after = sentences[index] if index < len(sentences) else None
            if after and CASES.search(plain) and SHUTS.match(after.plain):
                return self._excluded(after, len(after.plain), sentences, index + 1)
            if sentence.part == "exclusions":
                self._shut_out(sentence)
                return index
        if ONE_OF.search(plain) and plain.rstrip().endswith((":", "之一")):
            return self._one_of(sentence, sentences, index)
        if KINDS.search(plain) and states_requirement(sentence, self.cues):
            self._take(sentence)
            return after_kinds(sentences, index)
        return None

    def _take(self, sentence: Sentence) -> None:
        """Add the conditions of one sentence; one that begins with 或者 joins the one before it."""
        found, complete = self._conditions(sentence)
        tiers = read_tiers(sentence, self.vocabulary, self.cues)
        if tiers is not None and all(
            s.start < promise_at(sentence, self.cues) for s in tiers.steps
        ):
            self._tiers.append(tiers)
            first = min((step.start for step in tiers.steps), default=sentence.end)
            self.conditions += [one for one in found if one.end <= first]
            self.proposals = [p for p in self.proposals if not first <= p.end <= sentence.end]
            return
        self._close_tiers()
        if re.match(r"\s*或", sentence.plain):
            before = self.conditions.pop() if self._latest else None
            if before is not None and found and complete:
                parts = before.parts if before.join == "any" else (before,)
                self.conditions.append(joined("any", [*parts, joined("all", found)]))
            self._latest = int(before is not None and bool(found) and complete)
            return
        last = self.conditions[-1] if self.conditions else None
        if last and (choice := milder(sentence, self._tests(sentence), last)):
            self.conditions[-1] = choice
            return
        self.conditions += found
        self._latest = len(found)

    def _step(self, test: Test) -> None:
        """A bound for one kind of applicant softens the one before, or waits for other kinds."""
        at = softened(self.conditions, test)
        if at is None:
            self._steps.take(test)
            return
        self._steps.latest = test.fact
        self.conditions[at] = with_milder(self.conditions[at], test)

    def _close_tiers(self) -> None:
        """Steps by line of business become one choice; a single one says nothing of other lines."""
        steps = [step for tiers in self._tiers for step in tiers.steps]
        if len(steps) > 1 and all(tiers.whole for tiers in self._tiers):
            self.conditions.append(joined("any", steps))
        self._tiers = []

    def _excluded(
        self, header: Sentence, at: int, sentences: Sequence[Sentence], index: int
    ) -> int:
        """Items below 「有下列情形之一的,不予支持:」: what they name must be absent."""
        rest = header.plain[at:]
        if rest.strip():
            start = header.start + at
            self._shut_out(Sentence(start, header.end, rest, "", header.part))
        family = sentences[index].family if index < len(sentences) else ""
        while index < len(sentences):
            sentence = sentences[index]
            numbered = bool(sentence.family)
            outer = numbered and sentence.family != family
            again = numbered and sentence.family == header.family
            if outer or again or sentence.part not in (header.part, "exclusions"):
                break
            if not family and _DEMANDS.search(sentence.plain):
                break
            self._shut_out(sentence)
            index += 1
        return index

    def _shut_out(self, sentence: Sentence) -> None:
        if len(sentence.plain) > LONGEST_SENTENCE:
            return
        tests = sorted(read_exclusions(sentence, self.cues), key=lambda test: test.start)
        self.conditions += [
            Condition(t.start, t.end, t.fact, t.op, t.value) for t in without_overlaps(tests)
        ]

    def _one_of(self, header: Sentence, sentences: Sequence[Sentence], index: int) -> int:
        """Items below 「符合下列条件之一」 as alternatives; one that cannot be read voids them all."""
        first = sentences[index] if index < len(sentences) else None
        if first is None or not first.family or first.family == header.family:
            while index < len(sentences) and not sentences[index].family:
                if sentences[index].part != header.part:
                    break
                index += 1
            self._propose_choice(header, sentences[index - 1].end)
            return index
        items: list[list[Sentence]] = []
        while index < len(sentences):
            sentence = sentences[index]
            outer = sentence.family and sentence.family != first.family
            if outer or sentence.part != header.part:
                break
            if sentence.family:
                items.append([])
            items[-1].append(sentence)
            index += 1
        alternatives: list[Condition] = []
        proposed = len(self.proposals)
        for item in items:
            read = [self._conditions(one) for one in item]
            parts = [condition for found, _ in read for condition in found]
            if not parts or not all(complete for _, complete in read):
                del self.proposals[proposed:]
                self._propose_choice(header, items[-1][-1].end)
                return index
            alternatives.append(joined("all", parts))
        if alternatives and states_requirement(header, self.cues):
            self.conditions.append(joined("any", alternatives))
        return index

    def _propose_choice(self, header: Sentence, end: int) -> None:
        """A choice that no criterion can say whole, left to a person with all its branches."""
        if states_requirement(header, self.cues):
            words = self.text[header.start : end]
            self.proposals.append(FactProposal("条件之一", "bool", None, words, header.start, end))

    def _conditions(self, sentence: Sentence) -> tuple[list[Condition], bool]:
        """Conditions of a sentence, and whether nothing it demands was left out."""
        tests = without_overlaps(self._tests(sentence))
        stop = demand_end(sentence, self.cues)
        tests = [test for test in tests if test.start < stop]
        leaves = [Condition(t.start, t.end, t.fact, t.op, t.value) for t in tests]
        leaves = without_places(sentence, leaves, self.region, self.vocabulary)
        # A bound that is milder for a class binds nobody for certain: a person reads both.
        unsure = [(leaf, end) for leaf in leaves if (end := relaxed(sentence, leaf))]
        leaves = [leaf for leaf in leaves if not any(s.start <= leaf.start < e for s, e in unsure)]
        grouped, complete = alternatives(sentence, leaves)
        missing = list(proposals_in(self.text, sentence, leaves, stop, self.cues))
        for leaf, end in unsure:
            missing = [one for one in missing if not leaf.start <= one.end <= end]
            words = self.text[leaf.start : end]
            missing.append(FactProposal(words[:24], "bool", None, words, leaf.start, end))
        self.proposals += missing
        return grouped, complete and not missing

    def _tests(self, sentence: Sentence) -> list[Test]:
        """Tests of a sentence that a sheet could hold as well, in printed order."""
        found = list(read_tests(sentence, self.cues))
        found += read_rights(sentence, self.cues)
        found += industries_named(sentence, self.vocabulary)
        found += read_applicant(sentence, self.region, self.vocabulary, self.cues)
        found = [t for t in found if not any(test_faults(self.vocabulary, t.fact, t.op, t.value))]
        found = without_voids(sentence, found, self.cues, self._foreign)
        return sorted(found, key=lambda test: (test.start, -test.end))
