"""The only reader of the environment: every variable huiqi understands, with its default."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# A reader waits for the vector of the question: a service that takes longer counts as down. Most answer
# in under 0.1 s; the rest is for one that has to load its model again.
EMBEDDING_QUERY_SECONDS = 5.0


class Settings(BaseSettings):
    """Each field can be set as HUIQI_<NAME>, for example HUIQI_DATA_DIR=/srv/huiqi."""

    model_config = SettingsConfigDict(env_prefix="HUIQI_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="生成物(索引、数据库)所在目录")
    database_url: str | None = Field(
        default=None, description="SQLAlchemy 数据库地址;不填则用数据目录下的 SQLite"
    )
    embedding_model: str | None = Field(
        default=None,
        description="句向量模型的目录,或已下载到本机的模型名(先运行 hf download 名称);不填则用随附的模型",
    )
    embedding_url: str | None = Field(
        default=None,
        description="OpenAI 兼容的句向量服务,如 http://localhost:11434/v1;"
        "HUIQI_EMBEDDING_MODEL 则为该服务上的模型名",
    )
    embedding_key: SecretStr | None = Field(default=None, description="句向量服务的密钥")
    embedding_query_prompt: str | None = Field(
        default=None, description="问题前要加的提示词,原样拼接;不填则用模型自带的"
    )
    embedding_passage_prompt: str | None = Field(
        default=None, description="条款前要加的提示词,原样拼接;不填则用模型自带的"
    )
    embedding_dimensions: int | None = Field(
        default=None, ge=1, le=65536, description="向服务要的向量维数;不填则由模型定"
    )
    milvus_uri: str | None = Field(
        default=None, description="Milvus 地址,如 http://localhost:19530;不填则用本机的 FAISS"
    )
    milvus_token: str = Field(default="", description="Milvus 的口令,形如 user:password")
    milvus_space: str = Field(
        default="main",
        pattern=r"^[a-z0-9_]{1,32}$",
        description="同一 Milvus 上各部署互不相同的名字,集合名以它开头",
    )
    home_region: str = Field(default="330326", pattern=r"^\d{6}$", description="服务所在地区代码")
    service_name: str = Field(default="惠企", min_length=1, max_length=40, description="对外名称")
    contacts: str = Field(default="", max_length=200, description="人工咨询方式,显示在每页页脚")
    host: str = Field(default="127.0.0.1", description="监听地址")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口")
    rate_limit_per_minute: int = Field(
        default=120, ge=0, description="每个来源地址每分钟的请求数上限,0 为不限;本机访问不受限"
    )

    @property
    def index_dir(self) -> Path:
        """Where index generations are published."""
        return self.data_dir / "index"

    @property
    def store_url(self) -> str:
        """The database in use."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'huiqi.db').absolute()}"

    @property
    def store_file(self) -> Path | None:
        """The file of the default database; None when another database was named."""
        return None if self.database_url else self.data_dir / "huiqi.db"
