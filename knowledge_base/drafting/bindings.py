"""What the rest of a document asks of those a promise is for: exclusions, and demands by reference.

An article that shuts applicants out, or says what they must be, binds the promises it names; one
that names none binds those around it or, as an article of its own, all of the document.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge_base.clauses import Clause
from knowledge_base.documents import Document
from knowledge_base.drafting.conditions import Requirements, merged
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.exclusions import CONSEQUENCE, LISTED, read_shut_out, shut_out
from knowledge_base.drafting.parts import MARK, Section, numbers_of
from knowledge_base.drafting.proposals import proposal
from knowledge_base.drafting.receivers import read_receiver
from knowledge_base.drafting.sentences import LONGEST_SENTENCE, Sentence, sentences_in
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Vocabulary

Scope = tuple[str, ...]
Opened = tuple[tuple[Scope, ...], bool]  # where a list binds, and whether it shuts out

_SILENT = ("materials", "contacts", "source", "how_to_apply")
_OF_DOCUMENT = re.compile(
    r"本(?:办法|政策|意见|措施|细则|规定|通知|方案|文件|(?:实施|若干)(?:意见|办法|细则|政策|措施|规定))(?!的?第)"
    r"|(?:各项|上述|以上|所有|全部)(?:各?项?)?(?:政策|奖补|奖励|补助|扶持|资金)"
)
# 申请本办法奖补的企业应当…: who is asked, and from where on what is asked of them.
_ASKED = re.compile(
    r"(?P<who>(?:^(?:申请|申报|享受)(?:(?!企业|单位|主体|项目)[^,;。:]){0,16}?(?=应|必?须|需|要|具)|(?:企业|单位|主体|对象|机构|项目|申请人|申报人|人员|者|的),?)(?:还|均|都|同时|也|且|一般|原则上){0,2})"
    r"(?P<what>[^,;。:]{0,16}?)"
    r"(?:(?:应当?|必须|须|需|要)(?:同时)?(?!求|收|付|纳)|(?=不得(?!重复)|[不未无]|具[有备]|拥有|符合|满足))"
)
_APPLIES = re.compile(
    r"申请|申报|享受|获得|获取|领取|适用|兑现|受助|获奖|上述|以上|前款|本条|扶持|所称|对象|前[一二两三四]?条"
)
_SUITS = re.compile(
    r"本(?:办法|政策|意见|措施|细则|规定|(?:实施|若干)(?:意见|办法|细则|政策|措施|规定))(?:"
    r"适用(?:于|范围[为是])|的?(?:适用|奖励|奖补|补助|支持|扶持|申报|申请)?(?:对象|主体)(?:应当?|须)?[为是]"
    r"|所称的?[^,;。:]{0,12}(?:企业|单位|主体),?是?指)"
)
# What is asked of whoever already applies: papers and ways, no condition.
_PROCEDURE = re.compile(
    r"\s*(?:在[^,;。:]{0,20}(?:前|内),?)?(?:及时|主动|按时|如实|按(?:照)?(?:要求|通知|规定时间|时)|将|自行)?"
    r"(?:向|提交|提供|报送|填报|填写|上报|登录|通过[^,;。]{0,12}(?:平台|系统)|准备|携带|配合|接受|出具|签订承诺|作出承诺|对[^,;。]{0,12}真实)"
)
# 不予支持的情形:…
_SHUT_LIST = re.compile(
    r"[^,;。:]{0,12}(?:不予|不得|不再|除外|排除|禁止|否决|负面|不支持|不适用|不享受)[^,;。:的]{0,8}的?"
    r"(?:情形|情况|清单|对象|条件|事项)[^,;。:]{0,4}(?::|$)"
)
_SHUTS = re.compile(CONSEQUENCE.pattern + r"[^,;。:]{0,24}$")
_FULFIL = re.compile(r"\s*(?:符合|满足|具备)?(?:以下|下列|如下)")


@dataclass(frozen=True)
class Binding:
    """What a passage asks of the promises in its scopes; `spans` are its own words."""

    scopes: tuple[Scope, ...]
    asked: Requirements
    excludes: bool
    spans: tuple[tuple[int, int], ...]


class Bindings:
    """Requirements of a document that stand apart from its promises, asked by the place of one."""

    def __init__(
        self,
        document: Document,
        sections: Sequence[Section],
        promises: Collection[tuple[Clause, int, int]],
        vocabulary: Vocabulary,
        cues: Cues,
    ) -> None:
        self._document, self._text = document, document.text
        self._vocabulary, self._cues = vocabulary, cues
        self._silent = {s.clause.id for s in sections if s.part in _SILENT}
        self._read = {s.clause.id for s in sections if s.part in ("conditions", "applicant")}
        self._shut = {s.clause.id: s.scope for s in sections if s.part == "exclusions"}
        self._paid: dict[str, list[tuple[int, int]]] = {}
        self._holders: set[Scope] = set()
        for clause, start, end in promises:
            self._paid.setdefault(clause.id, []).append((start, end))
            numbers = numbers_of(clause)
            self._holders |= {numbers[:depth] for depth in range(1, len(numbers) + 1)}
        for spans in self._paid.values():
            spans.sort()
        self._by_scope: dict[Scope, list[Binding]] = {}
        if promises:
            for binding in self._bindings():
                for scope in binding.scopes:
                    self._by_scope.setdefault(scope, []).append(binding)
        self._known: dict[Scope, tuple[Requirements, tuple[tuple[int, int], ...]]] = {}

    def of(self, place: Scope) -> tuple[Requirements, ...]:
        """What is asked of a promise at a place, the outermost scope first."""
        return tuple(self._merged(place[:depth])[0] for depth in range(len(place) + 1))

    def excluding(self, place: Scope) -> tuple[tuple[int, int], ...]:
        """Spans of the sentences that shut applicants of a promise out, in printed order."""
        found = (self._merged(place[:depth])[1] for depth in range(len(place) + 1))
        return tuple(sorted({span for spans in found for span in spans}))

    def _merged(self, scope: Scope) -> tuple[Requirements, tuple[tuple[int, int], ...]]:
        if scope not in self._known:
            here = self._by_scope.get(scope, [])
            spans = tuple(span for one in here if one.excludes for span in one.spans)
            self._known[scope] = merged(*(one.asked for one in here)), spans
        return self._known[scope]

    def _bindings(self) -> Iterator[Binding]:
        opened: tuple[Scope, Opened] | None = None
        for clause in self._document.clauses:
            numbers = numbers_of(clause)
            if numbers[0] in ("head", "tail", "0") or clause.id in self._silent:
                continue
            if opened and numbers[: len(opened[0])] == opened[0]:
                yield from self._items(clause, opened[1])
            elif (level := self._heading(clause)) is not None:
                scope = self._held(numbers[:level])
                yield from self._items(clause, ((scope,), True))
            else:
                below = yield from self._sentences(clause)
                opened = (numbers, below) if below else None

    def _heading(self, clause: Clause) -> int | None:
        """The level of a heading that shuts out whom the clauses below it name."""
        if clause.id in self._shut:
            return len(self._shut[clause.id])
        for level, heading in enumerate(clause.path):
            plain = half_width(heading)
            listed = LISTED.search(plain) and CONSEQUENCE.search(plain)
            if heading not in clause.text and (listed or _SHUT_LIST.match(MARK.sub("", plain))):
                return level
        return None

    def _sentences(self, clause: Clause) -> Generator[Binding, None, Opened | None]:
        """Bindings of the sentences of a clause; the list its last sentence opens for those below."""
        paid = self._paid.get(clause.id, [])
        opened: Opened | None = None
        items, end = "", clause.start
        for sentence in sentences_in(self._text, clause.start, clause.end, self._cues, "applicant"):
            if opened and not items:
                items = sentence.family or "-"
            if opened and not self._ends(items, sentence, end):
                yield self._item(sentence, opened)
            elif shut := _SHUT_LIST.match(sentence.plain):
                opened, items = (self._scopes(clause, clause.text[:80]), True), "-"
                if sentence.plain[shut.end() :].strip():
                    rest = replace(
                        sentence,
                        start=sentence.start + shut.end(),
                        plain=sentence.plain[shut.end() :],
                    )
                    yield self._item(rest, opened)
            elif sentence.part == "exclusions":
                yield self._item(sentence, (self._scopes(clause, clause.text[:80]), True))
            elif len(sentence.plain) > LONGEST_SENTENCE:
                if CONSEQUENCE.search(sentence.plain):
                    words = (sentence.start, sentence.start + LONGEST_SENTENCE)
                    yield self._excluded([words], self._scopes(clause, ""), words)
            else:
                opened, items = self._opens(clause, sentence), ""
                within = paid[
                    bisect_right(paid, sentence.start, key=lambda span: span[1]) : bisect_left(
                        paid, sentence.end, key=lambda span: span[0]
                    )
                ]
                if opened is None and len(within) != 1:
                    yield from self._apart(clause, sentence, bool(within))
            end = sentence.end
        last = re.split("[。;\n]", half_width(clause.text[-200:]).rstrip())[-1]
        if last.endswith(":") and LISTED.search(last) and CONSEQUENCE.search(last):
            return self._scopes(clause, last), True
        return opened if last.endswith(":") else None

    def _ends(self, items: str, sentence: Sentence, end: int) -> bool:
        """Whether a list is over: a paragraph without a number follows numbered items."""
        return items != "-" and not sentence.family and "\n" in self._text[end : sentence.start]

    def _opens(self, clause: Clause, sentence: Sentence) -> Opened | None:
        """The list a sentence opens; alternatives are no list of demands."""
        plain = sentence.plain.rstrip()
        if LISTED.search(plain) is None or not (plain.endswith(":") or _SHUTS.search(plain)):
            return None
        if CONSEQUENCE.search(plain):
            return self._scopes(clause, plain, sentence), True
        asked = _ASKED.search(plain)
        if asked is None or "之一" in plain or clause.id in self._read:
            return None
        if not _FULFIL.match(plain, asked.end()) or not _APPLIES.search(plain, 0, asked.end()):
            return None
        return self._scopes(clause, plain, sentence), False

    def _items(self, clause: Clause, opened: Opened) -> Iterator[Binding]:
        for sentence in sentences_in(self._text, clause.start, clause.end, self._cues, "applicant"):
            plain = sentence.plain.rstrip()
            if not (plain.endswith(":") and LISTED.search(plain)):
                yield self._item(sentence, opened)

    def _item(self, sentence: Sentence, opened: Opened) -> Binding:
        span = (sentence.start, sentence.end)
        scopes, excludes = opened
        if not excludes:
            return self._demand(span, scopes)
        return self._excluded(list(shut_out(self._text, *span)) or [span], scopes, span)

    def _apart(self, clause: Clause, sentence: Sentence, paid: bool) -> Iterator[Binding]:
        """What a sentence asks outside a list: `paid` ones only shut out."""
        plain, span = sentence.plain, (sentence.start, sentence.end)
        if words := list(shut_out(self._text, *span)):
            yield self._excluded(words, self._scopes(clause, plain, sentence), span)
        elif paid or clause.id in self._read or sentence.part != "applicant":
            return
        elif suits := _SUITS.search(plain):
            yield self._demand((sentence.start + suits.end(), sentence.end), ((),))
        elif asked := _ASKED.search(plain):
            demands = not _PROCEDURE.match(plain, asked.end())
            if demands and _APPLIES.search(plain, 0, asked.end()):
                scopes = self._scopes(clause, plain, sentence)
                begin = asked.end("who") if asked["what"] else asked.end()
                yield self._demand((sentence.start + begin, sentence.end), scopes)

    def _excluded(
        self, words: Iterable[tuple[int, int]], scopes: tuple[Scope, ...], span: tuple[int, int]
    ) -> Binding:
        region = self._document.region
        read = (
            read_shut_out(self._text, *one, region, self._vocabulary, self._cues) for one in words
        )
        return Binding(scopes, merged(*read), True, (span,))

    def _demand(self, span: tuple[int, int], scopes: tuple[Scope, ...]) -> Binding:
        region = self._document.region
        asked = read_receiver(self._text, span, region, self._vocabulary, self._cues)
        if not asked.conditions and not asked.proposals:
            asked = Requirements((), (proposal(self._text, *span),))
        return Binding(scopes, asked, False, (span,))

    def _scopes(
        self, clause: Clause, plain: str, sentence: Sentence | None = None
    ) -> tuple[Scope, ...]:
        """Where a passage binds: all of the document, what it names, or what stands around it."""
        if _OF_DOCUMENT.search(plain):
            return ((),)
        if sentence is not None and (named := self._targets(clause, sentence)):
            return named
        numbers = numbers_of(clause)
        if numbers in self._holders:
            return (numbers,)
        return ((),) if clause.label.endswith("条") else (self._held(numbers[:-1]),)

    def _held(self, numbers: Scope) -> Scope:
        """The nearest place around that has promises."""
        while numbers and numbers not in self._holders:
            numbers = numbers[:-1]
        return numbers

    def _targets(self, clause: Clause, sentence: Sentence) -> tuple[Scope, ...]:
        """Places of promises that the words of a sentence refer to."""
        prefix = f"{self._document.id}:"
        first, last = (
            bisect_left(clause.references, at, key=lambda one: one.start)
            for at in (sentence.start, sentence.end)
        )
        found = [
            tuple(target.removeprefix(prefix).split("."))
            for reference in clause.references[first:last]
            for target in reference.targets
            if target.startswith(prefix)
        ]
        return tuple(dict.fromkeys(one for one in found if one in self._holders))
