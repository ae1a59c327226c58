"""Composition root: settings in, everything that answers out. Clock and folders are chosen here."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

from api.labels import explain_os
from api.settings import Settings
from api.store import Store, migrate, open_engine
from api.waiting import WaitingLine
from bot import Bot
from knowledge_base import (
    Catalogue,
    DependencyError,
    KnowledgeBase,
    ModelError,
    VocabularyError,
    load_catalogue,
    open_embedder,
)
from recommender import Recommender

# Mainland China keeps one offset all year; no time zone data of the host is needed.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
Progress = Callable[[str, int, int], None]
log = logging.getLogger("huiqi.api")


def shanghai_now() -> datetime:
    """This moment in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


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

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return self.now().date()

    @cached_property
    def catalogue(self) -> Catalogue:
        """The shipped corpus, proved as it is read."""
        catalogue = load_catalogue()
        if self.settings.home_region not in catalogue.vocabulary.regions:
            raise VocabularyError(
                [f"HUIQI_HOME_REGION“{self.settings.home_region}”不是行政区划代码,如 330326"]
            )
        return catalogue

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """The index, built and published first where there is none."""
        self._make_data_dir()
        name = self.settings.embedding_model
        try:
            embedder = open_embedder(name)
        except ModelError as error:
            if name is None:
                raise
            log.debug("embedding model %s", name, exc_info=error)
            raise ModelError(
                f"HUIQI_EMBEDDING_MODEL“{name}”打不开:没有这个模型或目录,或它不完整、下载不了;"
                "请改正,或去掉该变量以使用随附的模型"
            ) from error
        return KnowledgeBase.open(
            self.settings.index_dir, self.catalogue, embedder, build=True, progress=self._progress
        )

    @cached_property
    def recommender(self) -> Recommender:
        """The recommender, with the index to read needs."""
        return Recommender(self.catalogue, closeness=self.knowledge.closeness)

    @cached_property
    def bot(self) -> Bot:
        """The question answerer."""
        return Bot(self.knowledge, self.recommender, home_region=self.settings.home_region)

    @cached_property
    def store(self) -> Store:
        """The database, brought to the present schema."""
        self._make_data_dir()
        engine = open_engine(self.settings.store_url)
        migrate(engine)
        return Store(engine, self.now)

    def open(self) -> None:
        """Open every part now, so that the first reader does not wait and faults show at start."""
        _ = self.bot
        self.store.remember_documents(self.catalogue.documents.values())

    def close(self) -> None:
        """Give database connections back."""
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
