"""The numbers and shapes of Block Kit, as docs.slack.dev/reference/block-kit gives them, for ``limits``."""

from __future__ import annotations

EVERYWHERE = {"section", "header", "context", "actions", "divider", "image", "input", "rich_text", "video"}
BY_SURFACE = {
    "message": EVERYWHERE | {"markdown", "table", "context_actions", "plan", "task_card", "card", "carousel"}
    | {"alert", "container", "data_table", "data_visualization", "file"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE,
}  # fmt: skip

TEXT_LIMITS: dict[tuple[str, str], int] = {
    ("header", "text"): 150,
    ("section", "text"): 3000,
    ("section", "fields"): 2000,
    ("button", "text"): 75,
    ("option", "text"): 75,
    ("static_select", "placeholder"): 150,
    ("image", "title"): 2000,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("view", "title"): 24,
    ("view", "submit"): 24,
    ("view", "close"): 24,
}
STRING_LIMITS = {
    "block_id": 255,
    "action_id": 255,
    "callback_id": 255,
    "url": 3000,
    "value": 2000,
    "alt_text": 2000,
    "accessibility_label": 75,
    "private_metadata": 3000,
    "image_url": 3000,
}
COUNT_LIMITS: dict[tuple[str, str], int] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("overflow", "options"): 5,
    ("static_select", "options"): 100,
    ("radio_buttons", "options"): 10,
    ("checkboxes", "options"): 10,
    ("table", "rows"): 100,
}
DEFAULT_COUNTS = {"options": 100, "option_groups": 100}
REQUIRED: dict[str, tuple[str, ...]] = {
    "overflow": ("options",),
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "rich_text": ("elements",),
    "image": ("alt_text",),
    "input": ("label", "element"),
    "markdown": ("text",),
    "table": ("rows",),
    "button": ("text",),
    "view": ("blocks",),
}
LISTS = {"elements", "fields", "options", "option_groups", "rows"}
OBJECTS = {"accessory", "element", "label", "hint", "placeholder", "confirm", "submit", "close"}
TEXT_OBJECTS = {"section", "header", "button", "option"}
ELEMENTS = {
    ("context", "elements"): {"mrkdwn", "plain_text", "image"},
    ("section", "fields"): {"mrkdwn", "plain_text"},
    ("actions", "elements"): {"button", "overflow", "static_select", "multi_static_select", "external_select"}
    | {"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons", "users_select"}
    | {"channels_select", "conversations_select", "workflow_button"},
}  # fmt: skip
INCLUDED = ("im", "mpim", "private", "public")
"""What the filter of a choice of conversations can include."""

PLAIN_ONLY = {("header", "text"), ("button", "text"), ("input", "label"), ("input", "hint")} | {
    ("view", name) for name in ("title", "submit", "close")
}
