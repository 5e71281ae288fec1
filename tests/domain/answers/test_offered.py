"""What is left of an answer for somebody who may not press everything in it."""

from __future__ import annotations

import pytest

from bot.domain.answers import Answer, Button, Buttons, Choice, Item, Items, Menu, Steps, Text
from bot.domain.answers.offered import NOT_YOURS, for_others, offered

LOOK = Button("Look", "status prod")
PAGE = Button("Open Setup", url="https://acme.my.salesforce.com/setup")
CHANGE = Button("Change", "change")
MAIN = Button("Change", "change", primary=True)
ELSE = Button("Change", "change", primary=True, otherwise=PAGE)


def allows(button: Button) -> bool:
    return button.command != "change"


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (Answer("A", buttons=(LOOK, PAGE)), Answer("A", buttons=(LOOK, PAGE))),
        (Answer("A", buttons=(CHANGE, LOOK)), Answer("A", buttons=(LOOK,))),
        (Answer("A", buttons=(ELSE, LOOK)), Answer("A", buttons=(PAGE, LOOK))),
        (Answer("A", buttons=(ELSE, PAGE)), Answer("A", buttons=(PAGE,))),
        (Answer("A", buttons=(MAIN, LOOK)), Answer("A", parts=(Text(NOT_YOURS),), buttons=(LOOK,))),
        (Answer("A", for_others("does it"), buttons=(MAIN,)), Answer("A", for_others("does it"))),
        (Answer("A", parts=(Buttons((MAIN,)),)), Answer("A", parts=(Text(NOT_YOURS),))),
        (Answer("A", parts=(Buttons((MAIN, LOOK)),)), Answer("A", parts=(Buttons((LOOK,)),))),
        (Answer("A", parts=(Steps(("One.",)), Buttons((CHANGE,)))), Answer("A", parts=(Steps(("One.",)),))),
        (
            Answer("A", parts=(Items((Item("prod", "ready", buttons=(LOOK, CHANGE)),)),)),
            Answer("A", parts=(Items((Item("prod", "ready", buttons=(LOOK,)),)),)),
        ),
        (
            Answer("A", parts=(Menu("Choose…", (Choice("Change", "change"), Choice("Look", "status prod"))),)),
            Answer("A", parts=(Menu("Choose…", (Choice("Look", "status prod"),)),)),
        ),
        (Answer("A", parts=(Menu("Choose…", (Choice("Change", "change"),)),)), Answer("A")),
    ],
)
def test_what_would_only_refuse_is_left_out_and_who_can_is_said_of_the_main_thing(answer: Answer, left: Answer) -> None:
    assert offered(answer, allows) == left
    assert offered(answer, lambda _: True) == answer
