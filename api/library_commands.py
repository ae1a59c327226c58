"""Commands that change what is served: take files in, take documents out."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from api import library, schemas
from api.columns import fit, printable
from api.differences import Difference
from api.opening import open_services, progress, show
from api.services import DiskFullError
from knowledge_base import InputError, write_template

_CHANGES = {"added": "新增", "changed": "更新", "unchanged": "未变"}


def ingest(arguments: argparse.Namespace) -> int:
    """Files and folders taken in; the exit status is 1 when any file was refused."""
    services = open_services(arguments)
    files, outcomes = library.files_in(map(Path, arguments.paths), services.settings.data_dir)
    if not files and not outcomes:
        raise InputError("没有找到任何文件,请检查路径")
    said = library.Brought(
        arguments.region,
        library.read_layer(arguments.layer),
        arguments.tenant,
        arguments.source_url,
    )
    try:
        with services.alone():
            intake = library.Intake(services.sources, services.catalogue, said)
            for number, path in enumerate(files, 1):
                outcomes += intake.take(path)
                progress("读取文件", number, len(files))
            services.store.remember_documents(
                one.document for one in outcomes if one.document and one.document.tenant is None
            )
            generation = services.sync().generation
    except DiskFullError as error:
        taken = sum(one.document is not None for one in outcomes)
        raise DiskFullError(f"{error}。本次已存好 {taken} 份,重新运行后才能检索到") from error
    finally:
        services.close()
    answer = schemas.IngestAnswer(documents=list(map(_told, outcomes)), generation=generation)
    show(arguments, answer, _summary(outcomes, generation))
    return _complain(answer)


def _told(outcome: library.Outcome) -> schemas.IngestedDocument | schemas.RefusedFile:
    document, difference = outcome.document, outcome.difference
    if document is None or difference is None:
        return schemas.RefusedFile(path=outcome.path, error=str(outcome.error))
    return schemas.IngestedDocument(
        path=outcome.path,
        id=document.id,
        clauses=len(document.clauses),
        title=document.title,
        region=document.region,
        notices=list(document.notices),
        state=difference.state,
        clauses_added=difference.added,
        clauses_changed=difference.changed,
        clauses_removed=difference.removed,
    )


def _summary(outcomes: Sequence[library.Outcome], generation: int) -> str:
    lines = []
    states: Counter[str] = Counter()
    for one in outcomes:
        document, difference = one.document, one.difference
        if document is None or difference is None:
            continue
        states[difference.state] += 1
        name = fit(printable(Path(one.path).name), 34)
        lines.append(
            f"{name} → {document.id}  {len(document.clauses)} 条  {printable(document.title)}"
            f"  {_difference(difference, document.title)}"
        )
        lines += [f"    注意:{printable(notice)}" for notice in document.notices]
    told = "、".join(f"{_CHANGES[state]} {count} 份" for state, count in sorted(states.items()))
    taken = states.total()
    lines.append(
        f"收录 {taken} 份{f'({told})' if told else ''},未收录 {len(outcomes) - taken} 份,"
        f"索引版本 {generation}" + (";草稿见 huiqi review" if taken else "")
    )
    return "\n".join(lines)


def _difference(one: Difference, title: str) -> str:
    """What a document changed, in words; what it took the place of where that was called otherwise."""
    if one.state != "changed":
        return _CHANGES[one.state]
    counts = {"新增": one.added, "改动": one.changed, "删除": one.removed}
    told = "、".join(f"{word} {count} 条" for word, count in counts.items() if count)
    before = f",取代了“{printable(one.before)}”" if one.before != title else ""
    return f"{_CHANGES[one.state]}({told or '条款未变'}{before})"


def _complain(answer: schemas.IngestAnswer) -> int:
    refused = [one for one in answer.documents if isinstance(one, schemas.RefusedFile)]
    for one in refused:
        # A reader names the file by its last part; here two of one name may be brought in at once.
        reason = one.error.removeprefix(f"{Path(one.path).name}:")
        print(f"错误:{printable(one.path)}:{printable(reason)}", file=sys.stderr)
    return 1 if refused else 0


def remove(arguments: argparse.Namespace) -> None:
    """Documents taken out of the library, of every file of the index and of the database."""
    if not arguments.ids and not arguments.lost:
        raise InputError("请写明要移出的文件编号,见 huiqi review --sources")
    services = open_services(arguments)
    try:
        with services.alone(drop_lost=arguments.lost):
            gone = [f"{one.id}({one.name})" for one in services.sources.remove(arguments.ids)]
            lost = services.lost.count if services.lost else 0
            generation = services.sync(drop_lost=arguments.lost).generation
            emptied = services.sources.empty_log()
    finally:
        services.close()
    if arguments.lost:
        gone.append(f"数据库里没有的文件 {lost} 份")
    print(f"已移出 {'、'.join(gone)};索引版本 {generation},此前的索引文件已删除")
    if not emptied:
        print("注意:另一个进程正在读数据库,日志里暂时还有移出的文字;下一次移出文件或服务重启时清除")


def template(arguments: argparse.Namespace) -> None:
    """The empty product list."""
    path = Path(arguments.output)
    if path.suffix != ".xlsx":
        raise InputError(f"{path}:模板是 Excel 文件,文件名应以 .xlsx 结尾")
    if path.exists():
        raise InputError(f"{path} 已经存在,不会覆盖;请换一个文件名")
    write_template(path)
    print(f"已写好产品清单模板 {path};填好后运行 huiqi ingest {path}")
