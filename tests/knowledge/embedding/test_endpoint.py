"""The endpoint adapter over real HTTP, against a server that answers, fails, hangs and talks nonsense."""

from __future__ import annotations

import logging
import socket
import time
import traceback
import unicodedata

import numpy as np
import pytest

from knowledge.embedding.endpoint import BATCH_TEXTS, EndpointEmbedder
from knowledge.embedding.inputs import Prefixes
from knowledge.errors import KnowledgeUnavailable
from tests.fakes.embedding_server import DIMENSION, EmbeddingServer, vector_of

QUESTION = "tôi muốn báo tin bí mật"


@pytest.fixture
def server():
    fake = EmbeddingServer()
    fake.url = fake.start()
    yield fake
    fake.stop()


def make(server: EmbeddingServer, **options: object) -> EndpointEmbedder:
    given = {"model": "some-model", "timeout_s": 5.0, **options}
    return EndpointEmbedder(base_url=server.url, **given)


def test_texts_come_back_as_unit_vectors_in_order(server):
    embedder = make(server)
    texts = [f"văn bản {number}" for number in range(BATCH_TEXTS + 3)]
    vectors = np.asarray(embedder.embed_documents(texts))
    expected = np.asarray([vector_of(text) for text in texts])
    assert vectors == pytest.approx(expected / np.linalg.norm(expected, axis=1, keepdims=True), abs=1e-6)
    assert [len(request["input"]) for request in server.requests] == [BATCH_TEXTS, 3]
    assert embedder.embed_documents([]) == []


def test_making_one_asks_nothing_and_its_dimension_is_learnt(server):
    embedder = make(server)
    assert (embedder.dimension, server.requests) == (0, [])
    embedder.embed_query(QUESTION)
    assert embedder.dimension == DIMENSION


def test_the_text_itself_is_sent_and_plain_numbers_are_asked_for(server):
    """Not token numbers of another model's tokenizer, not base64."""
    make(server).embed_documents([unicodedata.normalize("NFD", QUESTION) + "\x00\ud83d"])
    assert server.requests[0]["input"] == [QUESTION + " "]
    assert server.requests[0]["encoding_format"] == "float"


def test_prefixes_follow_the_model_or_the_settings(server):
    e5 = make(server, model="intfloat/multilingual-e5-small")
    e5.embed_queries(["a"])
    e5.embed_documents(["b"])
    make(server, prefixes=Prefixes("Q: ", "P: ")).embed_query("c")
    assert [request["input"] for request in server.requests] == [["query: a"], ["passage: b"], ["Q: c"]]
    assert e5.name == "endpoint:intfloat/multilingual-e5-small"


def test_key_is_sent_and_a_wrong_one_is_not_quoted(server):
    server.api_key = right = "right"
    make(server, api_key=right).embed_query(QUESTION)
    wrong = f"{right}-not"  # put together: a traceback quotes source lines
    with pytest.raises(KnowledgeUnavailable) as caught:
        make(server, api_key=wrong).embed_query(QUESTION)
    assert caught.value.fields == {"part": "embedder", "reason": "AuthenticationError"}
    assert wrong not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(("mode", "reason"), [("error", "InternalServerError"), ("busy", "RateLimitError")])
def test_failure_of_the_endpoint_is_unavailability_without_its_words(server, mode, reason):
    """What an endpoint says may quote the question; none of it leaves the adapter."""
    server.mode = mode
    with pytest.raises(KnowledgeUnavailable) as caught:
        make(server).embed_query(QUESTION)
    assert caught.value.fields == {"part": "embedder", "reason": reason}
    assert QUESTION not in "".join(traceback.format_exception(caught.value))


def test_one_failure_is_tried_again(server):
    server.mode = "error_once"
    assert len(make(server).embed_query(QUESTION)) == DIMENSION


def test_endpoint_that_hangs_is_given_up(server):
    server.mode = "hang"
    started = time.monotonic()
    with pytest.raises(KnowledgeUnavailable) as caught:
        make(server, timeout_s=0.3).embed_query(QUESTION)
    assert caught.value.fields["reason"] == "APITimeoutError"
    assert time.monotonic() - started < 5


# Words for numbers make the vendor's reader remark on them.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    "mode",
    ["not_json", "no_data", "null_data", "too_few", "ragged", "words", "zeros", "not_numbers", "other_size"],
)
def test_nonsense_is_refused(server, mode):
    embedder = make(server)
    embedder.embed_query("learns the dimension")
    server.mode = mode
    with pytest.raises(KnowledgeUnavailable) as caught:
        embedder.embed_documents(["một", "hai", "ba"])
    assert caught.value.fields["part"] == "embedder"


def test_nobody_there_is_unavailability(server):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    with pytest.raises(KnowledgeUnavailable) as caught:
        make(server).embed_query(QUESTION)
    assert caught.value.fields["reason"] == "APIConnectionError"


def test_no_log_holds_the_question(server, caplog):
    """Even at DEBUG, where the vendor's client would write the whole request."""
    caplog.set_level(logging.DEBUG)
    make(server).embed_query(QUESTION)
    assert QUESTION not in caplog.text
