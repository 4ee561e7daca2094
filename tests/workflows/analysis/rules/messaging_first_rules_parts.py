"""What the tests of messaging first rules are made of."""


def step(kind, key="a", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def sms(key="a", after=None, body="See you tomorrow.", **more):
    return step("sms", key, after, body=body, **more)


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


AT_ONCE = "messages-without-wait"


FIELD = "unknown-merge-field"
