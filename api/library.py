"""Files in, documents served: reading, storing, drafting offers, the review list, taking out."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from api.differences import Difference
from api.labels import explain_os
from api.store.library import APPROVED, LibraryStore, StoredDraft, StoredSource
from knowledge_base import (
    Catalogue,
    DependencyError,
    Document,
    HuiqiError,
    InputError,
    Layer,
    Library,
    Offer,
    OfferDraft,
    Origin,
    Reading,
    Vocabulary,
    draft_from_json,
    draft_offers,
    draft_to_json,
    draft_to_offer,
    listed_kind,
    parser_version,
    read_document,
    read_path,
    readings_from_json,
    readings_to_json,
)
from knowledge_base.drafting.proposals import EXCLUDED

LAYERS: tuple[Layer, ...] = ("policy", "external_rule", "product_sheet", "illustration")
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Brought:
    """What the person who brings a file in says about it; None where the file shall tell."""

    region: str | None = None
    layer: Layer | None = None
    tenant: str | None = None
    source_url: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one file: a document of it with what that changed, or the error that kept
    it out."""

    path: str
    document: Document | None = None
    error: str | None = None
    difference: Difference | None = None


def taken_in(sources: LibraryStore, vocabulary: Vocabulary) -> Library:
    """The library of all stored documents and approved offers.

    Documents are made from what their readers gave, so that a better parser reaches all of them.
    """
    stock = sources.stock()
    keys = {id: f"{rev}.{parser_version()}" for id, rev in stock.revisions.items()}
    origin = Origin(stock.database, stock.changes, tuple(sorted(keys)))

    def read(id: str) -> Document:
        return document_of(sources.source(id), vocabulary)

    offers = tuple(offer_of(draft) for draft in sources.drafts(APPROVED))
    return Library(keys, read, offers, origin)


def document_of(source: StoredSource, vocabulary: Vocabulary) -> Document:
    """The document of a stored source, made anew from what its reader gave.

    DependencyError when the row is no longer what was stored: damaged text must not be quoted.
    """
    held = _revision(source.tenant, source.layer, source.region, source.source_url, source.reading)
    if held != source.revision:
        raise DependencyError(
            f"数据库里的文件 {source.id}({shown(source.name)})已损坏或被改动,不再引用;"
            f"请恢复数据库备份,或运行 huiqi remove {source.id} 后重新收录原件"
        )
    (reading,) = readings_from_json(json.loads(source.reading))
    return read_document(
        reading,
        vocabulary,
        layer=cast(Layer, source.layer),  # written by Intake, from the closed list
        region=source.region,
        id=source.id,
        source_url=source.source_url,
        tenant=source.tenant,
        name=Path(source.name).stem,
    )


def _revision(
    tenant: str | None, layer: str, region: str, source_url: str | None, told: str
) -> str:
    said = (tenant, layer, region, source_url)
    return hashlib.sha256(f"{said}\n{told}".encode()).hexdigest()[:20]


def draft_of(stored: StoredDraft) -> OfferDraft:
    """The draft as it was read."""
    return draft_from_json(stored.body)


def unread(draft: OfferDraft) -> dict[str, str]:
    """Words of conditions that no fact covers, under the numbers a reviewer dismisses them by."""
    return {
        f"u{number}": f"({EXCLUDED}){one.words}" if one.label.startswith(EXCLUDED) else one.words
        for number, one in enumerate(draft.proposals, 1)
    }


def offer_of(stored: StoredDraft) -> Offer:
    """An approved draft as an offer; what nobody checked in it can make nobody eligible."""
    decision = stored.decision
    return draft_to_offer(
        draft_of(stored),
        frozenset(decision["curated"]),
        reality=decision["reality"],
        valid=_days(decision, "valid"),
        apply=_days(decision, "apply"),
        standing=decision["standing"],
    )


def _days(decision: Mapping[str, Any], name: str) -> tuple[date | None, date | None]:
    first, last = (decision.get(f"{name}_{end}") for end in ("from", "to"))
    return (
        None if first is None else date.fromisoformat(first),
        None if last is None else date.fromisoformat(last),
    )


def shown(name: str) -> str:
    """A file name as it can be printed and stored; bytes that are no UTF-8 are read as GB18030,
    which archives packed on Windows use."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def files_in(paths: Iterable[Path], own: Path) -> tuple[list[Path], list[Outcome]]:
    """The files named, and every file below the folders named, each once, in a fixed order; and
    what stands there but cannot be looked into. Hidden files are taken only when named, what the
    program keeps in its `own` folder never."""
    own = own.resolve()
    found: dict[Path, None] = {}
    closed: list[Outcome] = []

    def refuse(error: OSError) -> None:
        why = f"这个目录打不开({explain_os(error)}),其中的文件没有读"
        closed.append(Outcome(shown(str(error.filename)), error=why))

    for path in paths:
        if not os.path.isdir(path):  # unlike Path.is_dir no error for a name that is too long
            found[path] = None
            continue
        for folder, folders, names in os.walk(path, onerror=refuse):
            folders[:] = sorted(
                name
                for name in folders
                if not name.startswith(".") and Path(folder, name).resolve() != own
            )
            for link in (Path(folder, name) for name in folders if Path(folder, name).is_symlink()):
                why = "这是指向目录的链接,其中的文件没有读;请直接给出那个目录"
                closed.append(Outcome(shown(str(link)), error=why))
            kept = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
            found |= dict.fromkeys(kept)
    return list(found), closed


def read_layer(written: str | None) -> Layer | None:
    """A layer as written on the command line; InputError for any other word."""
    for layer in LAYERS:
        if written == layer:
            return layer
    if written is None:
        return None
    raise InputError(f"文件类别“{written[:40]}”应为 {'|'.join(LAYERS)} 之一")


class Intake:
    """Takes files into the library, one after the other; a file that fails leaves no trace."""

    def __init__(self, sources: LibraryStore, catalogue: Catalogue, said: Brought) -> None:
        if said.tenant is not None and not _TENANT.fullmatch(said.tenant):
            raise InputError(f"租户编号“{said.tenant[:40]}”应为小写字母、数字和连字符,最长 32 位")
        if said.region is not None and said.region not in catalogue.vocabulary.regions:
            raise InputError(
                f"地区“{said.region[:20]}”不是 GB/T 2260 的六位行政区划代码,如 330326 平阳县"
            )
        self._sources, self._catalogue, self._said = sources, catalogue, said
        self._vocabulary = catalogue.vocabulary
        self._taken: dict[str, tuple[Path, str]] = {}  # id: which file of this batch, which text

    def take(self, path: Path) -> list[Outcome]:
        """What became of each document of one file."""
        try:
            file = read_path(path)
        except HuiqiError as error:
            return [Outcome(shown(str(path)), error=shown(str(error)))]
        return [self._store(path, file.sha256, reading) for reading in file.readings]

    def _collision(self, path: Path, document: Document) -> str | None:
        """Why a document may not take the place of the one that has its id; None if it may."""
        shipped = self._catalogue.documents.get(document.id)
        if shipped is not None and self._is_shipped(shipped) and shipped.text != document.text:
            return (
                f"与随附的《{shipped.title}》同一编号({document.id})而文字不同,没有收录:产品单引用着随附的"
                "原文;要更新它,请改 knowledge_base/corpus 里的原文,再运行 huiqi check"
            )
        first, text = self._taken.setdefault(document.id, (path, document.text))
        if text != document.text:
            return (
                f"与本批的 {shown(first.name)} 同一编号({document.id})而文字不同,没有收录;"
                "请核对哪一份是正本,需要替换时单独收录"
            )
        return None

    def _is_shipped(self, document: Document) -> bool:
        return document.id not in self._sources.revisions()

    def _store(self, path: Path, sha256: str, reading: Reading) -> Outcome:
        try:
            document = self._document(path, reading)
        except HuiqiError as error:
            return Outcome(shown(str(path)), error=shown(str(error)))
        if refused := self._collision(path, document):
            return Outcome(shown(str(path)), error=refused)
        told = readings_to_json([reading]).decode()
        revision = _revision(
            document.tenant, document.layer, document.region, document.source_url, told
        )
        source = StoredSource(
            id=document.id,
            tenant=document.tenant,
            layer=document.layer,
            region=document.region,
            name=_name(path, reading),
            sha256=sha256,
            source_url=document.source_url,
            reading=told,
            revision=revision,
        )
        # What a tenant keeps to itself is not matched for everybody, so nothing is drafted of it.
        found = draft_offers(document, self._vocabulary) if document.tenant is None else ()
        drafts = [self._of_list(one, reading) for one in found if self._is_new(one)]
        difference = self._difference(document)
        self._sources.put(
            source,
            [(draft.id, _digest(draft), draft_to_json(draft)) for draft in drafts],
            [asdict(proposal) for draft in drafts for proposal in draft.proposals],
        )
        return Outcome(shown(str(path)), document, difference=difference)

    def _difference(self, document: Document) -> Difference:
        """Against what is stored under its id, or shipped under it."""
        if document.id in self._sources.revisions():
            before = document_of(self._sources.source(document.id), self._vocabulary)
        elif document.id in self._catalogue.documents:
            before = self._catalogue.documents[document.id]
        else:
            return Difference("added", added=len(document.clauses))
        return Difference.between(before, document)

    def _of_list(self, draft: OfferDraft, reading: Reading) -> OfferDraft:
        """The draft with the kind a product list names for it."""
        kind = listed_kind(reading.fields)
        return draft if kind is None else replace(draft, kind=kind)

    def _is_new(self, draft: OfferDraft) -> bool:
        """Whether no shipped sheet computes its benefit from the very clause of the draft."""
        paid = (o.benefit.citation.clause_id for o in self._catalogue.offers.values() if o.benefit)
        return draft.id.partition("~")[0] not in paid

    def _document(self, path: Path, reading: Reading) -> Document:
        """The document under the id it had before, or the next free one."""
        said = self._said
        listed = reading.format == "xlsx"
        layer = said.layer or ("product_sheet" if listed else "policy")
        document = read_document(
            reading,
            self._vocabulary,
            layer=layer,
            region=said.region,
            source_url=said.source_url,
            tenant=said.tenant,
            name=shown(path.stem),
        )
        id = self._known(document, layer, _name(path, reading))
        if id == document.id:
            return document
        return read_document(
            reading,
            self._vocabulary,
            layer=layer,
            region=said.region,
            id=id,
            source_url=said.source_url,
            tenant=said.tenant,
            name=shown(path.stem),
        )

    def _known(self, document: Document, layer: str, name: str) -> str:
        if layer in ("product_sheet", "illustration"):
            found = self._sources.named(layer, self._said.tenant, name)
            return found or _owned(self._said.tenant, self._next_sheet())
        if document.tenant is not None:
            return self._apart(_owned(document.tenant, document.id), document)
        same = (
            one.id
            for one in self._catalogue.documents.values()
            if one.document_number is not None
            and one.document_number == document.document_number
            and one.region == document.region
        )
        return next(same, None) or self._apart(document.id, document)

    def _apart(self, id: str, document: Document) -> str:
        """An id that no document of another 文号 has: 平教 and 平交 are spelt alike."""
        number = document.document_number
        known = self._sources.revisions()
        if number is None or id not in known:
            return id
        if document_of(self._sources.source(id), self._vocabulary).document_number == number:
            return id
        return f"{id}-{hashlib.sha256(number.encode()).hexdigest()[:4]}"

    def _next_sheet(self) -> str:
        ids = {*self._catalogue.offers, *self._sources.revisions(), *self._sources.retired()}
        own = re.compile(re.escape(_owned(self._said.tenant, "p")) + r"(\d{2,})")
        taken = [int(found[1]) for id in ids if (found := own.fullmatch(id))]
        shipped = [int(id[1:]) for id in self._catalogue.offers if re.fullmatch(r"p\d{2,}", id)]
        return f"p{max([*taken, *shipped], default=0) + 1:02d}"


def _owned(tenant: str | None, id: str) -> str:
    """An id that no other owner's document has."""
    return id if tenant is None else f"{tenant}.{id}"


def _name(path: Path, reading: Reading) -> str:
    """What a source is known by: its file; a product of a list by institution and name, since
    every bank calls its list the same and a list is renamed from one quarter to the next."""
    if reading.format == "xlsx":
        return f"{reading.fields.get('机构', '')}#{reading.title}"
    return shown(path.name)


def _digest(draft: OfferDraft) -> str:
    """Changes when what a person would decide about changes: not with a version of the document."""
    told = draft_to_json(replace(draft, document_version=""))
    return hashlib.sha256(told.encode()).hexdigest()[:20]
