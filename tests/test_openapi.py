"""The description of the API is that of the running app."""


def test_every_route_of_the_api_is_described(app, browse):
    document = browse("").get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    described = {(path, method.upper()) for path, operations in document["paths"].items() for method in operations}
    routes = {
        ("".join(f"{{{part}}}" if dynamic else part for dynamic, part in rule._trace).removeprefix("|"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_what_a_form_asks_stands_in_the_description(app, browse):
    document = browse("").get("/api/v1/openapi.json").get_json()
    body = document["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"title", "starts_at", "ends_at"} <= set(body["required"])
    assert body["properties"]["capacity"]["minimum"] == 1
    assert "going" in document["paths"]["/api/v1/events/{slug}/answer"]["post"]["requestBody"]["content"][
        "application/json"
    ]["schema"]["properties"]["answer"].get("enum", [])
    assert document["paths"]["/api/v1/me"]["get"]["security"] == [{"session": []}, {"token": ["read"]}]
    assert "security" not in document["paths"]["/api/v1/groups"]["get"]


def test_each_described_need_is_a_need(app, cast, browse):
    """Sending nothing names every field that the description calls required, and stores nothing."""
    document = browse("").get("/api/v1/openapi.json").get_json()
    sam = browse(cast.sam)
    tried = 0
    for path, operations in document["paths"].items():
        body = operations.get("post", {}).get("requestBody")
        if not body or "{" in path:
            continue
        needed = body["content"]["application/json"]["schema"]["required"]
        answer = sam.send(path, {})
        assert answer.status_code == 422, path
        assert set(needed) <= set(answer.get_json()["fields"]), path
        tried += 1
    assert tried >= 4


def test_it_can_be_read_without_scripts(app, browse):
    assert "POST /api/v1/events" in browse("").get("/api/docs").text
