"""Composition root: settings in, everything that answers out. Clock and folders are chosen here."""

import copy
import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

from api.embedders import open_embedding
from api.labels import explain_os
from api.library import taken_in
from api.settings import Settings
from api.store import LibraryStore, Store, is_full, migrate, open_engine
from api.waiting import WaitingLine
from bot import Bot
from knowledge_base import (
    Catalogue,
    DependencyError,
    Document,
    Embedder,
    FaissStore,
    GenerationError,
    HuiqiError,
    KnowledgeBase,
    Library,
    LostDocumentsError,
    VectorStore,
    VocabularyError,
    load_catalogue,
    open_milvus,
)
from recommender import Recommender

# Mainland China keeps one offset all year; no time zone data of the host is needed.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
Progress = Callable[[str, int, int], None]
WATCH_SECONDS = 2.0  # between looks at the index; a withdrawn text must be gone in a minute
REST_SECONDS = 60.0  # after a damaged index could not be made anew
log = logging.getLogger("huiqi.api")


def shanghai_now() -> datetime:
    """This moment in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


class DiskFullError(DependencyError):
    """The disk of the data directory is full; what was committed before stays."""


class Serving:
    """What answers from one generation, put together once."""

    def __init__(self, knowledge: KnowledgeBase, home_region: str) -> None:
        self.knowledge = knowledge
        self.recommender = Recommender(knowledge.catalogue, closeness=knowledge.closeness)
        self.bot = Bot(knowledge, self.recommender, home_region=home_region)


class Services:
    """Everything an answer needs, each part opened on first use and once."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress | None = None,
        now: Callable[[], datetime] = shanghai_now,
    ) -> None:
        self.settings, self.now, self._progress = settings, now, progress
        self.line = WaitingLine()
        self._opened: Serving | None = None
        self.lost: LostDocumentsError | None = None
        self._caught_up = -1  # the state of the store that the index is known to hold
        self._opening, self._closed = threading.Lock(), threading.Event()

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return self.now().date()

    @cached_property
    def shipped(self) -> Catalogue:
        """The shipped corpus, proved as it is read."""
        catalogue = load_catalogue()
        if self.settings.home_region not in catalogue.vocabulary.regions:
            raise VocabularyError(
                [f"HUIQI_HOME_REGION“{self.settings.home_region}”不是行政区划代码,如 330326"]
            )
        return catalogue

    @property
    def catalogue(self) -> Catalogue:
        """Everything served: the shipped corpus, what was taken in, and approved offers."""
        return self.knowledge.catalogue

    @property
    def knowledge(self) -> KnowledgeBase:
        """The index, brought to the library first when it is behind."""
        return self._serving.knowledge

    @property
    def recommender(self) -> Recommender:
        """The recommender, with the index to read needs."""
        return self._serving.recommender

    @property
    def bot(self) -> Bot:
        """The question answerer."""
        return self._serving.bot

    def pinned(self) -> "Services":
        """These services as they are now: an answer begun on one generation ends on it."""
        _ = self._serving
        return copy.copy(self)

    def refresh(self) -> bool:
        """Serve the generation that is current by now, made anew when it was damaged; whether it
        was another one."""
        knowledge = self.knowledge
        try:
            newer = knowledge.newer()
            damaged = newer.generation < knowledge.generation
        except GenerationError as error:
            log.error("making the index anew: %s", error)
            damaged = True
        if damaged:
            newer = self.sync()
        elif newer is not knowledge:
            self._opened = Serving(newer, self.settings.home_region)
        return newer is not knowledge

    def catch_up(self) -> bool:
        """Publish what a process stored or took out before it died; whether there was anything.

        Not while another process is at it: it publishes by itself.
        """
        path = self.settings.store_file
        if path is not None and not path.exists():
            return False
        changes = self.sources.changes()
        if changes == self._caught_up:
            return False
        with (self.settings.data_dir / "intake.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            before = self.knowledge
            if before.lags(self.library()):
                self.sync()
            self._caught_up = changes
        return self.knowledge is not before

    @contextmanager
    def alone(self, drop_lost: bool = False) -> Iterator[None]:
        """Hold the lock of what was taken in: two that bring files in at once would give two
        products the same next number. Others wait; the kernel drops the lock with its process.

        LostDocumentsError, before anything is written, when the index holds documents of another
        database, unless they may be dropped. DiskFullError in place of what a full disk raises.
        """
        self._make_data_dir()
        try:
            with (self.settings.data_dir / "intake.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                _ = self.knowledge
                if self.lost is not None and not drop_lost:
                    raise self.lost
                yield
        except Exception as error:
            if not is_full(error, self.settings.data_dir):
                raise
            raise DiskFullError(
                f"磁盘已满:{self.settings.data_dir} 所在的磁盘写不下。已存好的文件和原有索引都完好,"
                "没写完的没有留下;请腾出空间后再运行一次同一命令"
            ) from error

    def sync(self, drop_lost: bool = False) -> KnowledgeBase:
        """Bring the index to what the store and the shipped corpus hold now, and serve it."""
        newer = self.knowledge.sync(
            lambda: replace(self.library(), drops_lost=drop_lost), self._progress
        )
        self.lost = None
        if newer is not self.knowledge:
            self._opened = Serving(newer, self.settings.home_region)
        return newer

    def library(self) -> Library:
        """What should be served at this moment."""
        return Library.of(self.shipped).joined(self._stored())

    def taken_in(self) -> Iterator[Document]:
        """Every document taken in, made anew from what its reader gave."""
        stored = self._stored()
        return map(stored.read, stored.keys)

    def _stored(self) -> Library:
        path = self.settings.store_file
        if path is not None and not path.exists():
            return Library({}, self.shipped.document)  # nothing was ever stored: do not begin it
        return taken_in(self.sources, self.shipped.vocabulary)

    @property
    def _serving(self) -> "Serving":
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = Serving(self._open_knowledge(), self.settings.home_region)
        return self._opened

    def _vector_store(self) -> VectorStore:
        uri = self.settings.milvus_uri
        if uri is None:
            return FaissStore()
        return open_milvus(uri, self.settings.milvus_token, self.settings.milvus_space)

    @cached_property
    def embedder(self) -> Embedder:
        """The model in use."""
        return open_embedding(self.settings)

    def _open_knowledge(self) -> KnowledgeBase:
        self._make_data_dir()
        return self._open_index(self.embedder, self._vector_store())

    def _open_index(self, embedder: Embedder, store: VectorStore) -> KnowledgeBase:
        """The index of the library; the old one when documents of it were lost from the database."""
        root, progress = self.settings.index_dir, self._progress
        try:
            return KnowledgeBase.open(
                root, self.shipped, embedder, progress=progress, wanted=self.library, store=store
            )
        except LostDocumentsError as lost:
            if lost.kept is None:
                raise
            log.error("%s", lost)
            self.lost = lost
            return KnowledgeBase(root, self.shipped, embedder, store, lost.kept)

    @cached_property
    def store(self) -> Store:
        """The database, brought to the present schema."""
        self._make_data_dir()
        engine = open_engine(self.settings.store_url)
        migrate(engine)
        return Store(engine, self.now)

    @cached_property
    def sources(self) -> LibraryStore:
        """Documents taken in, and the review list."""
        return LibraryStore(self.store.engine, self.now)

    def open(self) -> None:
        """Open every part now, so that the first reader does not wait and faults show at start."""
        _ = self.bot
        self.store.remember_documents(self.shipped.documents.values())

    def watch(self) -> None:
        """Look for newer generations until closed, so that what other processes publish is
        served, and what they take out is gone, within seconds."""
        self._closed.clear()
        threading.Thread(target=self._watch, name="huiqi-watch", daemon=True).start()

    def _watch(self) -> None:
        pause = WATCH_SECONDS
        while not self._closed.wait(pause):
            pause = WATCH_SECONDS
            try:
                if self.refresh() or self.catch_up():
                    log.warning("now serving generation %d", self.knowledge.generation)
            except HuiqiError as error:
                log.error("keeping generation %d: %s", self.knowledge.generation, error)
                pause = REST_SECONDS

    def close(self) -> None:
        """Stop watching and give database connections back."""
        self._closed.set()
        if "store" in vars(self):
            self.store.engine.dispose()

    def _make_data_dir(self) -> None:
        try:
            self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DependencyError(
                f"数据目录 {self.settings.data_dir} 建不了({explain_os(error)});"
                "请用 --data-dir 或 HUIQI_DATA_DIR 指定可写的目录"
            ) from error
