"""What every body is made of: days, texts, and messages for wrong ones that people can read."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_LONGEST_TEXT = 2000
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


def read_day(written: Any) -> date | None:
    """A day from `YYYY-MM-DD`; the message of a wrong one is shown to people."""
    if written is None or (isinstance(written, date) and _EARLIEST <= written <= _LATEST):
        return written
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except (TypeError, ValueError):
        day = None
    if day is None:
        shown = str(written)[:20].encode(errors="replace").decode()
        raise PydanticCustomError(
            "day", "“{shown}”不是日期,应为 2026-11-22 的形式", {"shown": shown}
        )
    if not _EARLIEST <= day <= _LATEST:
        raise PydanticCustomError("day", "日期应在 1990-01-01 与 2100-12-31 之间")
    return day


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError("text", "含有无法识别的字符,请重新输入") from error
    if len(text) > _LONGEST_TEXT:
        raise PydanticCustomError(
            "text", "太长({length}字),请缩短到2000字以内", {"length": len(text)}
        )
    return text


def _said(text: str) -> str:
    if not _readable(text).strip():
        raise PydanticCustomError("text", "是空的,请写下要问的内容")
    return text


Day = Annotated[date | None, BeforeValidator(read_day)]
Said = Annotated[str, AfterValidator(_said)]
Text = Annotated[str, AfterValidator(_readable)]
_EXAMPLE = {
    "region": "330326",
    "entity_type": "企业",
    "industry": "3467",
    "employees": 26,
    "revenue_yuan": [12_000_000, 13_000_000],
    "titles": [{"name": "高新技术企业", "until": "2028-11-10"}],
}
ON = Field(default=None, description="按哪一天判断,YYYY-MM-DD;不填为今天(北京时间)")
PROFILE = Field(description="企业画像:键为事实代码,见 /profile-schema", examples=[_EXAMPLE])


class Body(BaseModel):
    """A request body; a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid")
