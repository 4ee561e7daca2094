"""What n8n steps do, by type and operation; checked against the descriptions in n8n's packages."""

import pytest

from apps.workflows.analysis.graph import Kind, Trait
from apps.workflows.platforms.n8n.types import newest_version, step_type

BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."


def spec(name, version=0.0, **params):
    return step_type(name if name.startswith("@") else BASE + name, version, params)


def does(name, version=0.0, **params):
    """What it does beyond calling its app."""
    other = {Trait.CALLS, Trait.NEEDS_CREDENTIALS}
    return {trait.value for trait in spec(name, version, **params).traits - other}


# -- kinds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("if", Kind.BRANCH),
        ("switch", Kind.BRANCH),
        ("filter", Kind.BRANCH),
        (AI + "textClassifier", Kind.BRANCH),
        ("splitInBatches", Kind.LOOP),
        ("merge", Kind.MERGE),
        ("wait", Kind.WAIT),
        ("respondToWebhook", Kind.RESPOND),
        ("code", Kind.CODE),
        ("functionItem", Kind.CODE),
        ("set", Kind.STEP),
        ("noOp", Kind.STEP),
        ("stopAndError", Kind.ERROR),
        ("stickyNote", Kind.NOTE),
        ("httpRequest", Kind.CALL),
        ("rssFeedRead", Kind.CALL),
        ("executeWorkflow", Kind.ENROL),
        ("webhook", Kind.TRIGGER),
        ("cron", Kind.TRIGGER),
        ("emailReadImap", Kind.TRIGGER),
        (AI + "agent", Kind.AI),
        (AI + "chainLlm", Kind.AI),
        (AI + "openAi", Kind.AI),
        (AI + "lmChatOpenAi", Kind.SUBNODE),
        (AI + "memoryBufferWindow", Kind.SUBNODE),
        (AI + "embeddingsOpenAi", Kind.SUBNODE),
        (AI + "outputParserStructured", Kind.SUBNODE),
        (AI + "toolWorkflow", Kind.SUBNODE),
        (AI + "documentDefaultDataLoader", Kind.SUBNODE),
        ("googleCalendarTool", Kind.SUBNODE),
        ("httpRequestTool", Kind.SUBNODE),
    ],
)
def test_kind_of_a_type(name, kind):
    assert spec(name).kind is kind


@pytest.mark.parametrize("name", ["if", "set", "code", "merge", "noOp", "crypto", "dateTime"])
def test_steps_that_work_by_themselves_call_nothing(name):
    assert Trait.CALLS not in spec(name).traits


@pytest.mark.parametrize(
    ("name", "traits"),
    [
        ("scheduleTrigger", {"starts"}),
        ("gmailTrigger", {"starts"}),
        ("webhook", {"starts", "webhook"}),
        ("formTrigger", {"starts", "webhook"}),
        (AI + "chatTrigger", {"starts", "webhook"}),
        ("manualTrigger", {"manual"}),
        ("executeWorkflowTrigger", {"called"}),
        ("errorTrigger", {"on-error"}),
        ("localFileTrigger", {"starts", "risky"}),
    ],
)
def test_how_triggers_start(name, traits):
    assert does(name) == traits


def test_vector_store_stands_on_the_flow_or_beside_it_by_its_mode():
    store = AI + "vectorStorePinecone"
    assert spec(store, 1).kind is Kind.SUBNODE
    assert spec(store, 1, mode="retrieve-as-tool").kind is Kind.SUBNODE
    assert spec(store, 1, mode="load").kind is Kind.CALL
    assert spec(store, 1, mode="insert").kind is Kind.WRITE


# -- operations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "params"),
    [
        ("googleSheets", 4.5, {}),
        ("googleSheets", 4.5, {"operation": "read"}),
        ("airtable", 2.1, {"operation": "search"}),
        ("notion", 2.2, {"resource": "databasePage", "operation": "getAll"}),
        ("gmail", 2.1, {"operation": "getAll"}),
        ("slack", 2.2, {"resource": "channel", "operation": "history"}),
        ("awsS3", 2, {"operation": "download"}),
        ("redis", 1, {"operation": "get"}),
        ("mongoDb", 1, {"operation": "aggregate"}),
        ("postgres", 2.5, {"operation": "select"}),
        ("stripe", 1, {"resource": "charge"}),
        ("openAi", 1, {"resource": "image", "operation": "create"}),
        ("github", 1, {"operation": "={{ $json.operation }}"}),
    ],
)
def test_reading_operations_change_nothing(name, version, params):
    assert does(name, version, **params) == set()


@pytest.mark.parametrize(
    ("name", "version", "params"),
    [
        ("googleSheets", 4.5, {"operation": "append"}),
        ("googleSheets", 4.5, {"operation": "appendOrUpdate"}),
        ("airtable", 2.1, {"operation": "upsert"}),
        ("gmail", 2.1, {"resource": "draft"}),
        ("gmail", 2.1, {"operation": "addLabels"}),
        ("slack", 2.2, {"resource": "channel"}),
        ("redis", 1, {"operation": "set"}),
        ("mongoDb", 1, {"operation": "findOneAndUpdate"}),
        ("postgres", 2.5, {}),
        ("postgres", 1, {}),
        ("stripe", 1, {"resource": "customer", "operation": "create"}),
        ("highLevel", 2, {}),
        ("highLevel", 2, {"resource": "calendar"}),
        ("mqtt", 1, {}),
        ("dataTable", 1, {}),
    ],
)
def test_writing_operations_write(name, version, params):
    assert does(name, version, **params) == {"writes"}
    assert spec(name, version, **params).kind is Kind.WRITE


@pytest.mark.parametrize(
    ("name", "version", "params", "kind", "channel"),
    [
        ("emailSend", 1, {}, Kind.MESSAGE, "email"),
        ("emailSend", 2.1, {}, Kind.MESSAGE, "email"),
        ("gmail", 2.1, {}, Kind.MESSAGE, "email"),
        ("gmail", 2.1, {"operation": "reply"}, Kind.MESSAGE, "email"),
        ("telegram", 1.2, {}, Kind.MESSAGE, "telegram"),
        ("telegram", 1.2, {"operation": "sendPhoto"}, Kind.MESSAGE, "telegram"),
        ("whatsApp", 1, {}, Kind.MESSAGE, "whatsapp"),
        ("twilio", 1, {}, Kind.MESSAGE, "sms"),
        ("twilio", 1, {"toWhatsapp": True}, Kind.MESSAGE, "whatsapp"),
        ("twilio", 1, {"resource": "call"}, Kind.MESSAGE, "call"),
        ("mailjet", 1, {"resource": "sms"}, Kind.MESSAGE, "sms"),
        ("slack", 2.2, {}, Kind.NOTIFY, "slack"),
        ("discord", 1, {}, Kind.NOTIFY, "discord"),
        ("discord", 2, {"authentication": "webhook"}, Kind.NOTIFY, "discord"),
        ("discord", 2, {"resource": "message"}, Kind.NOTIFY, "discord"),
        ("microsoftTeams", 2, {"resource": "chatMessage"}, Kind.NOTIFY, "teams"),
    ],
)
def test_messages_have_a_channel(name, version, params, kind, channel):
    found = spec(name, version, **params)
    assert Trait.SENDS in found.traits
    assert (found.kind, found.channel) == (kind, channel)


@pytest.mark.parametrize(
    ("name", "version", "params"),
    [
        ("discord", 2, {}),  # makes a channel, by default
        ("telegram", 1.2, {"operation": "sendChatAction"}),
        ("telegram", 1.2, {"resource": "file"}),
        ("whatsApp", 1, {"resource": "media"}),
        ("gmail", 2.1, {"operation": "={{ $json.operation }}"}),
        ("microsoftOutlook", 2, {"resource": "event", "operation": "create"}),
    ],
)
def test_messengers_send_nothing_when_set_to_something_else(name, version, params):
    found = spec(name, version, **params)
    assert Trait.SENDS not in found.traits
    assert found.channel == ""


@pytest.mark.parametrize("name", ["slack", "gmail", "telegram", "whatsApp"])
def test_asking_and_waiting_sends_and_waits(name):
    params = {"resource": "message", "operation": "sendAndWait"}
    assert does(name, newest_version(BASE + name), **params) == {"sends", "waits-for-reply"}


def test_money_is_taken_and_billed():
    assert does("stripe", 1, resource="charge", operation="create") == {"charges"}
    assert does("quickbooks", 1, resource="invoice", operation="send") == {"charges"}
    assert does("payPal", 1) == {"charges"}


@pytest.mark.parametrize(
    ("name", "version"),
    [("postgres", 2.5), ("postgres", 1), ("mySql", 2.4), ("googleBigQuery", 2.1)],
)
def test_queries_are_sql(name, version):
    found = spec(name, version, operation="executeQuery")
    assert {Trait.SQL, Trait.CALLS} <= found.traits
    assert found.kind is Kind.CALL


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_requests_that_change_something_write(method):
    assert does("httpRequest", 4.2, method=method) == {"writes"}
    assert does("httpRequest", 1, requestMethod=method) == {"writes"}


@pytest.mark.parametrize(
    ("version", "params"),
    [
        (4.2, {}),
        (4.2, {"method": "GET"}),
        (4.2, {"method": "={{ $json.method }}"}),
        (4.2, {"requestMethod": "POST"}),  # a left-over of version 1
        (1, {"method": "POST"}),  # not a parameter yet
    ],
)
def test_requests_that_read_do_not_write(version, params):
    found = spec("httpRequest", version, **params)
    assert Trait.WRITES not in found.traits
    assert Trait.CALLS in found.traits


@pytest.mark.parametrize("name", ["executeCommand", "ssh", "readBinaryFile", "readWriteFile"])
def test_commands_shells_and_disk_are_risky(name):
    assert Trait.RISKY in spec(name).traits


def test_tools_keep_what_they_do_and_leave_failing_to_the_agent():
    assert does("gmailTool", 2.1) == {"sends"}
    assert does("postgresTool", 2.5, operation="executeQuery") == {"sql"}
    assert Trait.CALLS not in spec("gmailTool", 2.1).traits
    assert does("slackHitlTool", 2.4) == {"sends", "waits-for-reply"}


def test_step_types_are_shared():
    assert spec("slack", 2.2) is spec("slack", 2.3)
    assert spec("slack", 2.2, authentication="oAuth2") is spec("slack", 2.2)
