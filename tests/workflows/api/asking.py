"""What tests of the API ask for again and again."""

RULE = "loop-without-exit"  # the sample “medium” breaks it


def put(person, rules):
    return person.client.put("/api/settings/rules", {"rules": rules}, format="json")


def silence(person, **body):
    return person.client.post("/api/suppressions", {"reason": "known", **body}, format="json")


def analyze(person, **body):
    answer = person.client.post("/api/analyze", body, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def rules_in(data) -> set[str]:
    return {issue["ruleId"] for issue in data["issues"]}


def states(person) -> list[str]:
    return [row["state"] for row in person.client.get("/api/suppressions").json()["data"]]
