"""What `llama_cpp.server` says to a JSON schema is understood: found with the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.fluent.langchain_chat import EndpointChat
from knowledge.fluent.model import Deadline, Prompt
from tests.fakes.openai.scripted import Scripted, refuses

if TYPE_CHECKING:
    from tests.fakes.openai.scripted import Received

COMPLAINT = (
    "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), "
    "'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}]"
)


def test_a_schema_refused_with_500_is_asked_for_as_an_object(server):
    def llama(received: Received) -> Scripted:
        return refuses(500, message=COMPLAINT) if received.form == "json_schema" else Scripted(text="{}")

    server.default = llama
    chat = EndpointChat(base_url=server.url, model="fake-model", retries=0)
    prompt = Prompt(system="s", user="u", schema={"type": "object"})
    try:
        replies = [chat.complete(prompt, Deadline.after(20)) for _ in range(2)]
    finally:
        chat.close()
    assert [reply.form for reply in replies] == ["object", "object"]
    assert [received.form for received in server.received] == ["json_schema", "json_object", "json_object"]
    # It holds a model to a schema all the same, in a place of its own.
    assert server.received[-1].body["response_format"]["schema"] == {"type": "object"}
