"""What Jira answers, in its own shapes; people and projects are made up.

Cloud knows people by accountId and hides the addresses of some; Data Center by their user name.
"""

from typing import Any

SITE = "https://aurora.atlassian.example"

MEI_IN_CLOUD: dict[str, Any] = {
    "self": f"{SITE}/rest/api/2/user?accountId=5b10a2844c20165700ede21g",
    "accountId": "5b10a2844c20165700ede21g",
    "accountType": "atlassian",
    "emailAddress": "mei@aurora.example",
    "avatarUrls": {"48x48": "https://avatars.example/mei.png"},
    "displayName": "Mei Tanaka",
    "active": True,
    "timeZone": "Asia/Tokyo",
    "locale": "en_US",
}
OLA_IN_CLOUD: dict[str, Any] = {
    **MEI_IN_CLOUD,
    "accountId": "557058:9b1c6b1e-52f0-4d0c-93a5-8f1b2a4b7c11",
    "displayName": "Ola Nowak",
}
del OLA_IN_CLOUD["emailAddress"]  # not to be seen

MEI_IN_DATA_CENTER: dict[str, Any] = {
    "self": "https://jira.aurora.example/rest/api/2/user?username=mei",
    "key": "JIRAUSER10100",
    "name": "mei",
    "emailAddress": "mei@aurora.example",
    "avatarUrls": {"48x48": "https://jira.aurora.example/secure/useravatar?ownerId=mei"},
    "displayName": "Mei Tanaka",
    "active": True,
    "deleted": False,
    "timeZone": "Asia/Tokyo",
    "locale": "en_US",
}

CHURN: dict[str, Any] = {
    "self": f"{SITE}/rest/api/2/project/10000",
    "id": "10000",
    "key": "ML",
    "name": "Churn model",
    "projectTypeKey": "software",
    "simplified": False,
    "style": "classic",
    "avatarUrls": {"48x48": "https://avatars.example/ml.png"},
}
OPS: dict[str, Any] = {**CHURN, "id": "10001", "key": "OPS", "name": "Operations"}

_STATUSES = {
    "new": ("10000", "To Do", 2, "blue-gray"),
    "indeterminate": ("3", "In Review", 4, "yellow"),
    "done": ("10001", "Done", 3, "green"),
    "undefined": ("1", "Lost", 1, "medium-gray"),
}


def status(category: str) -> dict[str, Any]:
    """A status of a category."""
    id_, name, number, colour = _STATUSES[category]
    return {
        "self": f"{SITE}/rest/api/2/status/{id_}",
        "description": "",
        "iconUrl": f"{SITE}/",
        "name": name,
        "id": id_,
        "statusCategory": {
            "self": f"{SITE}/rest/api/2/statuscategory/{number}",
            "id": number,
            "key": category,
            "colorName": colour,
            "name": name,
        },
    }


def issue(id_: str = "10002", key: str = "ML-7", **fields: Any) -> dict[str, Any]:
    """An issue with the fields that are read."""
    return {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": id_,
        "self": f"{SITE}/rest/api/2/issue/{id_}",
        "key": key,
        "fields": {
            "summary": "Ask for the missing labels",
            "status": status("new"),
            "project": CHURN,
            "assignee": None,
            "duedate": None,
            "labels": ["meridian-Zk3", "data"],
            "updated": "2026-03-30T09:15:02.123+0900",
            **fields,
        },
    }


def change(field: str, to: str) -> dict[str, Any]:
    """What somebody changed at once, as an issue's changelog tells it."""
    return {
        "id": "10100",
        "author": {"displayName": "Mei Tanaka"},
        "created": "2026-03-30T09:15:02.123+0900",
        "items": [{"field": field, "fieldtype": "jira", "fieldId": field, "to": to}],
    }


CHANGELOG: dict[str, Any] = {
    "startAt": 0,
    "maxResults": 2,
    "total": 2,
    "histories": [change("summary", "Ask"), change("assignee", "5b10")],
}


def refusal(*messages: str, **fields: str) -> dict[str, Any]:
    """What Jira says with a 4xx."""
    return {"errorMessages": list(messages), "errors": fields}


CREATED = {"id": "10002", "key": "ML-7", "self": f"{SITE}/rest/api/2/issue/10002"}

SERVER_INFO: dict[str, Any] = {
    "baseUrl": SITE,
    "version": "1001.0.0-SNAPSHOT",
    "versionNumbers": [1001, 0, 0],
    "deploymentType": "Cloud",
    "buildNumber": 100287,
    "buildDate": "2026-02-20T10:13:01.000+0100",
    "serverTime": "2026-03-30T07:00:00.000+0000",
    "scmInfo": "f9e0ac1d9fbcb3f3b46a09ae6a2c0b2a9a6f3c3d",
    "serverTitle": "Aurora",
}
SERVER_INFO_OF_DATA_CENTER = {
    **SERVER_INFO,
    "baseUrl": "https://jira.aurora.example",
    "version": "9.12.4",
    "versionNumbers": [9, 12, 4],
    "deploymentType": "Server",
}


def permissions(**granted: bool) -> dict[str, Any]:
    """What `mypermissions` says."""
    return {
        "permissions": {
            key: {
                "id": "11",
                "key": key,
                "name": key.replace("_", " ").title(),
                "type": "PROJECT",
                "description": "",
                "havePermission": have,
            }
            for key, have in granted.items()
        }
    }


def issue_type(id_: str, name: str, *, subtask: bool = False) -> dict[str, Any]:
    return {
        "self": f"{SITE}/rest/api/2/issuetype/{id_}",
        "id": id_,
        "description": "",
        "iconUrl": f"{SITE}/images/icons/issuetypes/task.png",
        "name": name,
        "subtask": subtask,
    }


def field(
    id_: str, name: str, schema: dict[str, Any], *allowed: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """A field of createmeta."""
    made: dict[str, Any] = {
        "required": False,
        "schema": schema,
        "name": name,
        "key": id_,
        "fieldId": id_,
        "hasDefaultValue": False,
        "operations": ["set"],
        **more,
    }
    return {**made, "allowedValues": list(allowed)} if allowed else made


def custom(kind: str, number: int, type_: str, **more: Any) -> dict[str, Any]:
    """The schema of a custom field."""
    known = "com.atlassian.jira.plugin.system.customfieldtypes"
    return {"type": type_, "custom": f"{known}:{kind}", "customId": number, **more}


FIELDS = [
    field("summary", "Summary", {"type": "string", "system": "summary"}, required=True),
    field("issuetype", "Issue Type", {"type": "issuetype", "system": "issuetype"}, required=True),
    field("project", "Project", {"type": "project", "system": "project"}, required=True),
    field("reporter", "Reporter", {"type": "user", "system": "reporter"}, required=True),
    field("labels", "Labels", {"type": "array", "items": "string", "system": "labels"}),
    field("environment", "Environment", {"type": "string", "system": "environment"}),
    field(
        "priority",
        "Priority",
        {"type": "priority", "system": "priority"},
        {"self": f"{SITE}/rest/api/2/priority/2", "iconUrl": f"{SITE}/", "name": "High", "id": "2"},
        {"self": f"{SITE}/rest/api/2/priority/4", "iconUrl": f"{SITE}/", "name": "Low", "id": "4"},
        required=True,
        hasDefaultValue=True,
    ),
    field(
        "components",
        "Components",
        {"type": "array", "items": "component", "system": "components"},
        {"self": f"{SITE}/rest/api/2/component/10010", "id": "10010", "name": "Pipeline"},
    ),
    field("attachment", "Attachment", {"type": "array", "items": "attachment"}),
    field("customfield_10010", "Model", custom("textfield", 10010, "string"), required=True),
    field("customfield_10011", "Findings", custom("textarea", 10011, "string")),
    field("customfield_10012", "Effort", custom("float", 10012, "number")),
    field("customfield_10013", "Review by", custom("datepicker", 10013, "date")),
    field(
        "customfield_10014",
        "Severity",
        custom("select", 10014, "option"),
        {"self": f"{SITE}/rest/api/2/customFieldOption/10100", "value": "Minor", "id": "10100"},
        {"self": f"{SITE}/rest/api/2/customFieldOption/10101", "value": "Major", "id": "10101"},
        required=True,
    ),
    field("customfield_10015", "Tags", custom("labels", 10015, "array", items="string")),
    field("customfield_10016", "Expert", custom("userpicker", 10016, "user")),
    field("customfield_10017", "Starts", custom("datetime", 10017, "datetime")),
    field("customfield_10018", "Empty", custom("select", 10018, "option")),
]

TRANSITIONS = {
    "expand": "transitions",
    "transitions": [
        {
            "id": "21",
            "name": "Start",
            "to": status("indeterminate"),
            "hasScreen": False,
            "isGlobal": True,
            "isInitial": False,
            "isConditional": False,
            "isAvailable": True,
            "fields": {},
        },
        {
            "id": "31",
            "name": "Close",
            "to": status("done"),
            "hasScreen": True,
            "isGlobal": False,
            "isInitial": False,
            "isConditional": False,
            "isAvailable": True,
            "fields": {
                "resolution": {
                    "required": True,
                    "schema": {"type": "resolution", "system": "resolution"},
                    "name": "Resolution",
                    "key": "resolution",
                    "operations": ["set"],
                    "hasDefaultValue": False,
                },
                "summary": {
                    "required": True,
                    "schema": {"type": "string", "system": "summary"},
                    "name": "Summary",
                    "key": "summary",
                    "operations": ["set"],
                    "hasDefaultValue": True,
                },
            },
        },
    ],
}
