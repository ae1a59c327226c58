"""What a message asks for, in the catalogue's terms: instruments, kinds, needs and their offers."""

import re

from knowledge_base import Catalogue, Instrument, fold


class Needs:
    """Reads needs by the words of one catalogue's vocabulary."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._vocabulary = catalogue, catalogue.vocabulary

    def instruments(self, text: str) -> tuple[Instrument, ...]:
        """Instruments a text names, the longest form first; a form inside a longer one is not it."""
        folded = fold(text)
        hits = [
            (len(fold(form)), fold(form), instrument)
            for instrument in self._vocabulary.instruments
            for form in instrument.forms
            if fold(form) in folded
        ]
        found: list[Instrument] = []
        masked = folded
        for _, form, instrument in sorted(hits, key=lambda hit: -hit[0]):
            if form in masked:
                masked = masked.replace(form, "\0")
                if instrument not in found:
                    found.append(instrument)
            elif instrument not in found and form in (fold(f) for i in found for f in i.forms):
                found.append(instrument)
        return tuple(found)

    def offers(self, text: str) -> tuple[str, ...]:
        """Offers that answer a need: named outright, or tagged with what is asked for.

        A tag's wide words count only where no kind is named: 「研发有什么支持」 reaches the research
        insurance too, 「研发贷款」 does not.
        """
        kinds, tags = self.kinds(text), self.tags(text)
        named = {offer for one in self.instruments(text) for offer in one.offers}
        by_kind = kinds if not tags and not named else set()
        return tuple(
            offer.id
            for offer in self._catalogue.offers.values()
            if offer.id in named or tags & set(offer.tags) or offer.kind in by_kind
        )

    def fallback_offers(self, text: str) -> tuple[str, ...]:
        """Offers of another need that stand in when every offer of a named kind is out of reach."""
        kinds, fallback = self.kinds(text), self._vocabulary.fallback_needs
        tags = {tag for tag, instead_of in fallback.items() if kinds & set(instead_of)}
        return tuple(o.id for o in self._catalogue.offers.values() if tags & set(o.tags))

    def kinds(self, text: str) -> set[str]:
        """Kinds of offer a message names."""
        folded, named = fold(text), self._vocabulary.kind_words
        return {kind for kind, words in named.items() if any(fold(w) in folded for w in words)}

    def tags(self, text: str) -> set[str]:
        """Needs a message speaks of."""
        kind_named = bool(self.kinds(text))
        needs = self._vocabulary.needs
        return {tag for tag in needs if self._needs(tag, fold(text), kind_named)}

    def _needs(self, tag: str, folded: str, kind_named: bool) -> bool:
        """Whether a message asks for what a tag stands for."""
        vocabulary = self._vocabulary
        if any(fold(word) in folded for word in vocabulary.needs[tag]):
            return True
        if not kind_named and any(word in folded for word in vocabulary.wide_needs[tag]):
            return True
        joint = vocabulary.joint_needs[tag]
        return bool(joint) and all(any(fold(w) in folded for w in words) for words in joint)

    def ambiguous(self, said: str) -> tuple[str, ...]:
        """Titles a form could mean, when its benefits are asked about and nothing settles which."""
        if not re.search(
            r"好处|待遇|支持|政策|优惠|奖|有什么用|能(享受|拿|贷)|怎么(申|评|认)", said
        ):
            return ()
        masked = said
        for title in self._vocabulary.titles:
            for form in sorted((title.name, *title.synonyms), key=len, reverse=True):
                masked = masked.replace(form, "\0")
        forms = self._vocabulary.ambiguous_titles
        for form in sorted(forms, key=len, reverse=True):
            if form in masked:
                return forms[form]
        return ()
