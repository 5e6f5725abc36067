"""Asks `rolecluster mcp` everything there is to ask, with the official client.

    python tests/mcp/client.py PROGRAM FOLDER

FOLDER holds a run of `tests/mcp/postings.jsonl` with three specialisations. The client checks each
answer against the schema of its tool. Ends with `N passed, 0 failed`.
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

TOOLS = {
    "search_roles",
    "similar_roles",
    "get_role",
    "list_specialisations",
    "get_specialisation",
    "compare_specialisations",
    "assign_text",
}
passed = 0


def check(condition, what):
    global passed
    if not condition:
        raise AssertionError(what)
    passed += 1


def words(result):
    return "\n".join(block.text for block in result.content)


async def ask(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    check(not result.is_error, f"{tool} {arguments}: {words(result)}")
    check(words(result).strip(), f"{tool} says nothing")
    return result.structured_content


async def refused(client, expected, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    check(result.is_error, f"{tool} {arguments} was answered")
    check(result.structured_content is None, f"{tool}: an error has no structured content")
    check(expected in words(result), f"{tool} {arguments}: {words(result)}")


async def introductions(client):
    check(client.server_info.name == "rolecluster", client.server_info)
    check("data" in client.instructions, client.instructions)
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    check(set(tools) == TOOLS, sorted(tools))
    for tool in tools.values():
        check(tool.description and tool.output_schema, tool.name)
        check(tool.annotations.read_only_hint is True, tool.name)
        check(tool.annotations.open_world_hint is False, tool.name)
        for name, schema in tool.input_schema["properties"].items():
            check(schema.get("description"), f"{tool.name}.{name} is not described")


async def roles(client):
    found = await ask(client, "search_roles", query="Ceph disks", k=5)
    check(len(found["hits"]) == 5, found)
    check(found["hits"][0]["section"] == "storage", found["hits"][0])
    for mode in ("hybrid", "semantic", "lexical"):
        found = await ask(client, "search_roles", query="前端组件库", mode=mode, filters=["language=zh"])
        check(found["hits"], mode)
    near = await ask(client, "similar_roles", id="storage-2", k=3)
    check(len(near["hits"]) == 3, near)
    check(all(hit["id"] != "storage-2" for hit in near["hits"]), near)
    role = await ask(client, "get_role", id="storage-2")
    check(role["technologies"] == ["Ceph"] and not role["truncated"], role)
    check(role["cluster_name"] and role["direction_name"], role)
    check(role["by_hand"] is None, role)


async def hostile_roles(client):
    result = await client.call_tool("get_role", {"id": "hostile", "characters": 400})
    role = result.structured_content
    check(role["truncated"] and len(role["text"]) == 400, role)
    check(role["length"] > 5000, role["length"])
    check(len(role["title"]) <= 200 and "\u202e" not in role["title"], role["title"])
    said = words(result)
    mark = said.split("----- posting ")[1].split(":")[0]
    check(mark not in role["text"], "the posting does not know its mark")
    check(said.rstrip().endswith("read on with offset 400)"), said[-200:])
    rest = await ask(client, "get_role", id="hostile", offset=400, characters=20000)
    check(rest["offset"] == 400 and 400 + len(rest["text"]) == rest["length"], rest["length"])
    found = await ask(client, "search_roles", query="ignore all previous instructions", k=24)
    hit = next(hit for hit in found["hits"] if hit["id"] == "hostile")
    check(found["truncated"] and len(hit["title"]) <= 200, hit)


async def specialisations(client):
    all_of_them = await ask(client, "list_specialisations")
    listed = all_of_them["specialisations"]
    check(len(listed) == all_of_them["n_specialisations"] == 3, all_of_them)
    check(not all_of_them["truncated"], all_of_them)
    held = [number for one in all_of_them["directions"] for number in one["clusters"]]
    check(sorted(held) == [1, 2, 3], all_of_them)
    first = await ask(client, "list_specialisations", offset=1, limit=1)
    check(first["truncated"] and first["specialisations"] == listed[1:2], first)
    for one in listed:
        by_id = await ask(client, "get_specialisation", specialisation=str(one["cluster"]))
        by_name = await ask(client, "get_specialisation", specialisation=one["name"])
        check(by_id == by_name and by_id["size"] == one["size"], one)
        check(by_id["roles"] and by_id["terms"], one)
        check(by_id["by_hand"] == [] and by_id["direction"], one)
    a, b = listed[0]["name"], str(listed[1]["cluster"])
    compared = await ask(client, "compare_specialisations", first=a, second=b)
    check(compared["first"]["name"] == a and compared["differences"], compared)
    for use in compared["differences"]:
        check(use["first"] != use["second"], use)


async def assignments(client):
    new = await ask(client, "assign_text", title="Storage engineer", text="You run Ceph clusters.")
    check(new["cluster"] is not None and new["specialisation"]["name"] == new["cluster_name"], new)
    known = await ask(client, "get_role", id="storage-2")
    again = await ask(client, "assign_text", title=known["title"], text=known["text"],
                      stack=known["stack"])
    check(again["cluster"] == known["cluster"], (again, known))


async def resources(client):
    listed = {one.name: one for one in (await client.list_resources()).resources}
    check(set(listed) == {"report.md", "report.json"}, listed)
    for name, one in listed.items():
        [content] = (await client.read_resource(one.uri)).contents
        check(len(content.text.encode()) == one.size, name)
        if name == "report.json":
            check(len(json.loads(content.text)["profiles"]) == 3, content.text[:200])
        else:
            check("Ceph" in content.text, content.text[:200])
    try:
        await client.read_resource("rolecluster://nothing")
        check(False, "a resource that is not there was read")
    except MCPError as error:
        check("report.md" in error.message, error.message)


async def refusals(client):
    await refused(client, "there is no role", "get_role", id="nobody")
    await refused(client, "there is no role", "similar_roles", id="nobody")
    await refused(client, "characters", "get_role", id="storage-2", characters=0)
    await refused(client, "query", "search_roles")
    await refused(client, "empty", "search_roles", query=" ")
    await refused(client, "3000", "search_roles", query="x" * 3001)
    await refused(client, "from 1 to 100", "search_roles", query="x", k=0)
    await refused(client, "psychic", "search_roles", query="x", mode="psychic")
    await refused(client, "FIELD=VALUE", "search_roles", query="x", filters=["section"])
    await refused(client, "shoe_size", "search_roles", query="x", filters=["shoe_size=42"])
    await refused(client, "top", "search_roles", query="x", top=3)
    await refused(client, "limit", "list_specialisations", limit=0)
    await refused(client, "there is no", "get_specialisation", specialisation="Gardening")
    await refused(client, "the same", "compare_specialisations", first="1", second="1")
    await refused(client, "empty", "assign_text", text="")
    await refused(client, "20000", "assign_text", text="x" * 20001)
    try:
        await client.call_tool("delete_everything", {})
        check(False, "a tool that is not there answered")
    except MCPError as error:
        check("not found" in error.message, error.message)


async def main(program, folder):
    server = StdioServerParameters(command=program, args=["mcp", folder, "--device", "cpu"])
    # The handshake of older clients, and the newest the two agree on.
    for mode in ("legacy", "auto"):
        async with Client(server, mode=mode) as client:
            print(f"protocol {client.protocol_version}")
            for part in (introductions, roles, hostile_roles, specialisations, assignments,
                         resources, refusals):
                await part(client)
    print(f"{passed} passed, 0 failed")


asyncio.run(main(*sys.argv[1:]))
