"""Documents taken in, the offers drafted from them, and what people decided about the drafts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from api.store.database import empty_log
from api.store.models import (
    DocumentVersion,
    Draft,
    DraftDecision,
    FactProposal,
    LibraryState,
    RetiredId,
    Source,
)
from knowledge_base import InputError, NotFoundError

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"


@dataclass(frozen=True)
class StoredSource:
    """One document taken in; `revision` changes with its text and with what was said about it."""

    id: str
    tenant: str | None
    layer: str
    region: str
    name: str
    sha256: str
    source_url: str | None
    reading: str
    revision: str


@dataclass(frozen=True)
class Stock:
    """What is held: which database, its count of changes, and the revision of every source by id.

    The count is read first, so that it is never ahead of the revisions.
    """

    database: str
    changes: int
    revisions: Mapping[str, str]


@dataclass(frozen=True)
class StoredDraft:
    """One draft on the review list with the newest decision about it as it stands, if any."""

    id: str
    source_id: str
    state: str
    digest: str
    body: str
    decision: Mapping[str, Any]
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str = ""


class LibraryStore:
    """Sources and drafts behind a migrated engine; `now` is the clock."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._session = sessionmaker(engine, expire_on_commit=False)

    def stock(self) -> Stock:
        """Everything held, without the texts."""
        with self._session() as db:
            state = db.scalars(select(LibraryState)).one()
            return Stock(state.database, state.changes, self.revisions())

    def changes(self) -> int:
        """How often what is held was changed."""
        with self._session() as db:
            return db.scalars(select(LibraryState.changes)).one()

    def retired(self) -> list[str]:
        """Ids of sources that were taken out."""
        with self._session() as db:
            return list(db.scalars(select(RetiredId.id)))

    def revisions(self) -> dict[str, str]:
        """The revision of every source by id."""
        with self._session() as db:
            rows = db.execute(select(Source.id, Source.revision))
            return {row.id: row.revision for row in rows}

    def source(self, id: str) -> StoredSource:
        """One source; NotFoundError otherwise."""
        with self._session() as db:
            return _source(_wanted(db, id))

    def sources(self) -> list[StoredSource]:
        """Every source, by id."""
        with self._session() as db:
            return [_source(row) for row in db.scalars(select(Source).order_by(Source.id))]

    def named(self, layer: str, tenant: str | None, name: str) -> str | None:
        """Id of the source of one owner and layer that was brought in under a name."""
        asked = select(Source.id).where(Source.layer == layer, Source.name == name)
        owner = Source.tenant.is_(None) if tenant is None else Source.tenant == tenant
        with self._session() as db:
            return db.scalar(asked.where(owner).order_by(Source.id))

    def put(
        self,
        source: StoredSource,
        drafts: Sequence[tuple[str, str, str]],
        proposals: Iterable[Mapping[str, Any]],
    ) -> None:
        """Store a document with its drafts (id, digest, body) and proposals, all or nothing.

        A draft that says what it said before keeps its decision; any other waits for a new one.
        """
        now = self._now()
        with self._session.begin() as db:
            row = db.get(Source, source.id)
            if row is None:
                row = Source(id=source.id, added_at=now)
                db.add(row)
            for name in ("tenant", "layer", "region", "name", "sha256", "source_url", "reading"):
                setattr(row, name, getattr(source, name))
            row.revision, row.changed_at = source.revision, now
            _count_change(db)
            db.flush()
            self._put_drafts(db, source.id, drafts)
            db.execute(delete(FactProposal).where(FactProposal.source_id == source.id))
            for body in proposals:
                db.add(
                    FactProposal(id=uuid4().hex, source_id=source.id, body=dict(body), made_at=now)
                )

    def _put_drafts(
        self, db: Session, source_id: str, drafts: Sequence[tuple[str, str, str]]
    ) -> None:
        stored = {
            row.id: row for row in db.scalars(select(Draft).where(Draft.source_id == source_id))
        }
        for id, digest, body in drafts:
            row = stored.pop(id, None)
            if row is not None and row.digest == digest:
                row.body = body
                continue
            if row is None:
                row = Draft(id=id, source_id=source_id)
                db.add(row)
            row.state, row.digest, row.body, row.decision = PENDING, digest, body, {}
            row.made_at = self._now()
        for row in stored.values():
            db.delete(row)

    def remove(self, ids: Iterable[str]) -> list[StoredSource]:
        """Forget documents with all that was made of them, every version too, so that none of
        their words is left in the database; NotFoundError, and nothing done, for an unknown id."""
        chosen = dict.fromkeys(ids)
        with self._session.begin() as db:
            gone = [_source(_wanted(db, id)) for id in chosen]
            for table in (Draft, FactProposal):
                db.execute(delete(table).where(table.source_id.in_(chosen)))
            for kept in (Source, DocumentVersion):
                db.execute(delete(kept).where(kept.id.in_(chosen)))
            for id in chosen:
                db.merge(RetiredId(id=id))
            _count_change(db)
        return gone

    def empty_log(self) -> bool:
        """Overwrite what the database's log still holds of removed texts; False while another
        process reads it."""
        return empty_log(self._engine)

    def drafts(self, state: str | None = None) -> list[StoredDraft]:
        """Drafts by id, of one state or all."""
        asked = select(Draft).order_by(Draft.id)
        with self._session() as db:
            rows = db.scalars(asked if state is None else asked.where(Draft.state == state)).all()
            return [self._draft(db, row) for row in rows]

    def draft(self, id: str) -> StoredDraft:
        """One draft; NotFoundError otherwise."""
        with self._session() as db:
            row = db.get(Draft, id)
            if row is None:
                raise NotFoundError(f"没有编号为“{id}”的草稿;待审的见 huiqi review")
            return self._draft(db, row)

    def decide(
        self, id: str, digest: str, state: str, by: str, decision: Mapping[str, Any], note: str
    ) -> StoredDraft:
        """Record a person's decision about a draft as that person saw it: which criteria were
        checked, which dates read. InputError when the draft says something else by now."""
        with self._session.begin() as db:
            row = db.get(Draft, id, with_for_update=True)
            if row is None:
                raise NotFoundError(f"没有编号为“{id}”的草稿;待审的见 huiqi review")
            if row.digest != digest:
                raise InputError(f"草稿 {id} 的原文已经变了,请重新查看后再决定")
            row.state, row.decision = state, dict(decision)
            db.add(
                DraftDecision(
                    id=uuid4().hex,
                    draft_id=id,
                    digest=digest,
                    state=state,
                    decision=dict(decision),
                    decided_at=self._now(),
                    decided_by=by,
                    note=note,
                )
            )
            db.flush()
            return self._draft(db, row)

    def proposals(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Proposed facts with the source each came from."""
        asked = select(FactProposal).order_by(FactProposal.source_id, FactProposal.made_at)
        with self._session() as db:
            return [(row.source_id, row.body) for row in db.scalars(asked)]

    def _draft(self, db: Session, row: Draft) -> StoredDraft:
        decision = db.scalar(
            select(DraftDecision)
            .where(DraftDecision.draft_id == row.id, DraftDecision.digest == row.digest)
            .order_by(DraftDecision.decided_at.desc())
            .limit(1)
        )
        made = StoredDraft(row.id, row.source_id, row.state, row.digest, row.body, row.decision)
        if decision is None:
            return made
        return StoredDraft(
            made.id,
            made.source_id,
            made.state,
            made.digest,
            made.body,
            made.decision,
            decision.decided_at,
            decision.decided_by,
            decision.note,
        )


def _wanted(db: Session, id: str) -> Source:
    row = db.get(Source, id)
    if row is None:
        raise NotFoundError(f"没有收录过编号为“{id}”的文件;已收录的见 huiqi review --sources")
    return row


def _count_change(db: Session) -> None:
    db.execute(update(LibraryState).values(changes=LibraryState.changes + 1))


def _source(row: Source) -> StoredSource:
    return StoredSource(
        row.id,
        row.tenant,
        row.layer,
        row.region,
        row.name,
        row.sha256,
        row.source_url,
        row.reading,
        row.revision,
    )
