"""One function per call of the contract; HTTP, pages and command line all answer through these."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from api import schemas
from api.presenting import Presenter
from api.services import Services
from api.store import Conflict, StoredTurn
from api.store.store import new_id
from bot import Session
from knowledge_base import ProfileError, QueryError
from recommender import EnterpriseProfile, read_profile

_TRIES = 20  # turns that other processes may store in a conversation while one is answered
MOST_TURNS = 200  # of one conversation: its session is read and written with every message


def to_json(answer: BaseModel) -> str:
    """The bytes of an answer, the same for HTTP and command line."""
    return answer.model_dump_json()


def read(services: Services, raw: Any, on: date) -> EnterpriseProfile:
    """A profile from JSON; ProfileError also for what no profile can hold."""
    try:
        json.dumps(raw, ensure_ascii=False).encode()
        return read_profile(raw, services.catalogue.vocabulary, on)
    except (UnicodeEncodeError, RecursionError, TypeError) as error:
        raise ProfileError(["企业画像含有无法识别的字符或嵌套过深"]) from error


def search(services: Services, body: schemas.SearchBody) -> schemas.SearchAnswer:
    """Clauses for a query, best first."""
    on = body.on or services.today()
    _check_region(services, body.region)
    if body.document_id is not None:
        services.catalogue.document(body.document_id)
    found = services.knowledge.retrieve(
        body.query, k=body.k, on=on, region=body.region, document_id=body.document_id
    )
    present = Presenter(services.catalogue, on)
    return schemas.SearchAnswer(
        evidence=[present.evidence(one) for one in found],
        as_of=on,
        generation=services.knowledge.generation,
    )


def matches(services: Services, body: schemas.MatchesBody) -> schemas.MatchesAnswer:
    """All offers judged for a profile."""
    on = body.on or services.today()
    profile = read(services, body.profile, on)
    found = services.recommender.recommend(
        profile,
        body.need,
        kinds=None if body.kinds is None else frozenset(body.kinds),
        statuses=None if body.statuses is None else frozenset(body.statuses),
        limit=body.limit,
    )
    present = Presenter(services.catalogue, on)
    return schemas.MatchesAnswer(
        matches=present.matches(found.matches),
        questions=[present.question(one) for one in found.questions],
        notices=list(found.notices),
        as_of=on,
        generation=services.knowledge.generation,
    )


def standards(services: Services, body: schemas.StandardsBody) -> schemas.StandardsAnswer:
    """Possible sizes and national standards."""
    on = body.on or services.today()
    facts = services.recommender.facts(read(services, body.profile, on))
    present = Presenter(services.catalogue, on)
    return schemas.StandardsAnswer.model_validate(
        {
            "sizes": list(services.recommender.size_classes(facts)),
            "standings": [present.standing(s) for s in services.recommender.standings(facts)],
            "as_of": on,
        }
    )


def chat(services: Services, body: schemas.ChatBody) -> schemas.ChatAnswer:
    """Answer one message and store the turn; overtaken by another turn, answer again after it.

    Conflict when that happens too often.
    """
    on = body.on or services.today()
    if body.profile is not None:
        read(services, body.profile, on)
    if body.session_id is None:
        return _one_turn(services, body, on)
    with services.line.turn_of(body.session_id) as in_time:
        for _ in range(_TRIES if in_time else 0):
            try:
                return _one_turn(services, body, on)
            except Conflict:
                continue
    raise Conflict


def _one_turn(services: Services, body: schemas.ChatBody, on: date) -> schemas.ChatAnswer:
    session, number, session_id = Session.new(body.profile), 1, new_id()
    if body.session_id is not None:
        stored = services.store.session(body.session_id)
        if stored.turns >= MOST_TURNS:
            raise QueryError(f"这个会话已满{MOST_TURNS}轮,请新开会话再问(不带 session_id)")
        session, number = Session.from_json(stored.session), stored.turns + 1
        session, session_id = session.learn(body.profile or {}), stored.id
    given, after = services.bot.reply(session, body.message, on)
    present = Presenter(services.catalogue, on)
    answer = schemas.ChatAnswer.model_validate(
        present.answer(given) | {"session_id": session_id, "turn_id": new_id(), "as_of": on}
    )
    services.store.save_turn(
        StoredTurn(
            id=answer.turn_id,
            conversation_id=session_id,
            number=number,
            created_at=services.now(),
            as_of=on,
            message=body.message,
            answer=answer.model_dump(mode="json"),
        ),
        generation=services.knowledge.generation,
        session=after.to_json(),
        facts=after.facts,
        snapshots=[
            (m.offer.id, m.rank, m.eligibility.status, m.eligibility.missing)
            for m in answer.matches
        ],
    )
    return answer


def events_of(answer: schemas.ChatAnswer) -> list[dict[str, Any]]:
    """One turn as a stream: `status`, `text`, `citation`s, `question`, `done`; ids from 1."""
    whole = answer.model_dump(mode="json")
    head = {key: whole[key] for key in ("session_id", "turn_id", "as_of", "status", "mode")}
    parts: list[tuple[str, Any]] = [("status", head)]
    parts += [("text", {"text": line}) for line in answer.answer.splitlines(keepends=True)]
    parts += [("citation", one) for one in whole["citations"]]
    if whole["question"] is not None:
        parts.append(("question", whole["question"]))
    parts.append(("done", whole))
    return [{"id": id, "event": name, "data": data} for id, (name, data) in enumerate(parts, 1)]


def events(
    services: Services, session_id: str, turn_id: str, after: int
) -> list[Mapping[str, Any]]:
    """The events of a stored turn that come after an id."""
    stored = services.store.turn(session_id, turn_id)
    answer = schemas.ChatAnswer.model_validate(stored.answer)
    return [event for event in events_of(answer) if event["id"] > after]


def conversation(services: Services, session_id: str) -> schemas.Conversation:
    """A conversation as stored."""
    stored = services.store.conversation(session_id)
    return schemas.Conversation(
        session_id=stored.id,
        profile=dict(stored.facts),
        turns=[
            schemas.ConversationTurn(
                message=turn.message, answer=schemas.ChatAnswer.model_validate(turn.answer)
            )
            for turn in stored.turns
        ],
    )


def feedback(
    services: Services, session_id: str, turn_id: str, body: schemas.FeedbackBody
) -> schemas.FeedbackAnswer:
    """Keep what a reader thought of an answer."""
    id = services.store.add_feedback(session_id, turn_id, body.verdict, body.note)
    return schemas.FeedbackAnswer(id=id)


def documents(services: Services, on: date | None) -> schemas.DocumentsAnswer:
    """The corpus without its texts."""
    day = on or services.today()
    present = Presenter(services.catalogue, day)
    found = [present.document_head(one) for one in services.knowledge.heads()]
    return schemas.DocumentsAnswer(documents=found, as_of=day)


def document(services: Services, id: str, on: date | None) -> schemas.Document:
    """One document with its clauses."""
    present = Presenter(services.catalogue, on or services.today())
    return present.document(services.catalogue.document(id))


def clause(services: Services, id: str) -> schemas.Clause:
    """One clause."""
    return Presenter(services.catalogue, services.today()).clause(services.catalogue.clause(id))


def offers(
    services: Services,
    on: date | None,
    kind: str | None = None,
    region: str | None = None,
    availability: str | None = None,
) -> schemas.OffersAnswer:
    """The catalogue; `region` keeps what applies there, wider regions included."""
    day = on or services.today()
    _check_region(services, region)
    chain = services.catalogue.vocabulary.region_chain(region) if region else None
    present = Presenter(services.catalogue, day)
    found = [
        present.offer(one)
        for one in services.catalogue.offers.values()
        if (kind is None or one.kind == kind)
        and (chain is None or one.region in chain)
        and (availability is None or one.availability(day) == availability)
    ]
    return schemas.OffersAnswer(offers=found, as_of=day)


def offer(services: Services, id: str, on: date | None) -> schemas.Offer:
    """One offer with its criteria."""
    present = Presenter(services.catalogue, on or services.today())
    return present.offer(services.catalogue.offer(id))


def _check_region(services: Services, region: str | None) -> None:
    if region is not None and region not in services.catalogue.vocabulary.regions:
        raise QueryError(f"地区“{region[:20]}”不是 GB/T 2260 的六位行政区划代码,如 330326 平阳县")
