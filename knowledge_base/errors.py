"""Every error huiqi raises on purpose.

HuiqiError                     one Chinese sentence: what, where, what to do
├── InputError                 the caller's fault (exit status 1, HTTP 4xx)
│   ├── ProfileError           an enterprise profile that cannot be read
│   ├── DocumentError          a file that cannot be read as an official document
│   ├── QueryError             a search or a question that cannot be asked
│   └── NotFoundError          an id that names nothing
├── CorpusError                shipped sheets or policies that contradict themselves
│   └── VocabularyError        a closed list that is broken
└── DependencyError            something huiqi rests on is missing or damaged (exit status 3)
    ├── ModelError             embedding weights missing, truncated or of another width
    └── GenerationError        an index that is torn, or was made by another model or corpus
        └── LostDocumentsError the index holds documents its database knows nothing of (origins.py)
"""


class HuiqiError(Exception):
    """Base of all errors that carry a message for people."""


class InputError(HuiqiError):
    """The caller's input is wrong; the message says what, where and what to do."""


class ProfileError(InputError):
    """A profile that cannot be read; `faults` lists every fault found, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(";".join(faults))
        self.faults = faults


class DocumentError(InputError):
    """A file that is not an official document huiqi can read."""


class QueryError(InputError):
    """A question or search that cannot be asked (empty, too long)."""


class NotFoundError(InputError):
    """An id that names no document, clause, offer or session."""


class CorpusError(HuiqiError):
    """The shipped corpus contradicts itself; `faults` lists every fault at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class VocabularyError(CorpusError):
    """A vocabulary file that is broken."""


class DependencyError(HuiqiError):
    """Something huiqi rests on is missing or damaged."""


class ModelError(DependencyError):
    """Embedding weights that are missing, truncated, or of another width."""


class GenerationError(DependencyError):
    """An index generation that is torn or was made by another model or corpus."""
