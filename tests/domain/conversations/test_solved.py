"""Edited messages that say that their trouble is over, and those that do not."""

from __future__ import annotations

import pytest

from bot.domain.conversations.solved import Ending, ending, marked_ending

ERROR = "error=invalid_client&error_description=app+must+be+installed+into+org"


@pytest.mark.parametrize(
    "text",
    [
        "solved, thanks", "Solved!", "SOLVED", "[solved]", "(solved)", "fixed now, thank you", "it works again",
        "resolved by Ben", "never mind", "nevermind, wrong org", "nvm", "false alarm", "all good now", "that works now",
        "sorted out, thanks Ada", "Edit: solved", "update: it's fixed", "this is fixed, thank you all", "✅",
        "done", "Done, thanks!", "all done", "got it working", "ok got it to work now", "forget it", "please ignore",
        "sorry, ignore this", "figured it out", "found the cause, thanks", "my mistake", "user error, sorry",
        "no longer needed", "the problem is gone", "it went away", "done :white_check_mark:",
        "we had an error in prod\nit is solved", "this no longer happens", "gelöst, danke", "erledigt",
    ],
)  # fmt: skip
def test_it_is_over(text: str) -> None:
    assert ending(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "who is around?", "not solved", "still not fixed", "it isn't fixed yet", "is it solved?", "unsolved",
        "how was this solved", "cannot be resolved", "could be fixed", "once it is fixed I tell you", "never solved",
        "not done", "done yet?", "done with the deploy", "got it", "found it in the log of prod", "we got it again",
        "ignore the first line", "forget the sandbox", "who is done", "is it gone?", "the error is back",
        "I hope it works now", "works now?", "failed to be resolved",
        "we need someone who has solved this in their own org",
        "unable to get it fixed", "thanks", "fixedpoint", "I thought we fixed this", "trying to get it all sorted",
    ],
)  # fmt: skip
def test_it_is_not_over(text: str) -> None:
    assert ending(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"[solved] {ERROR}", f"SOLVED: {ERROR}", f"*solved* - {ERROR}", f"{ERROR}\nsolved, thanks",
        f"{ERROR}\nEdit: fixed now",
        f"✅ {ERROR}", f"{ERROR} :white_check_mark:", f"~{ERROR}~", f"~we get this~\n~{ERROR}~", f"nvm\n{ERROR}",
        f"{ERROR} - solved", f"{ERROR} – Solved!", f"{ERROR} (fixed)", f"{ERROR} [SOLVED]", f"{ERROR} *solved*",
        f"{ERROR}. Solved.",
        f"{ERROR}, solved, thanks Ben", f"{ERROR} -> resolved by <@U0BEN>", f"{ERROR} — it's fixed now :tada:",
        f"`{ERROR}` solved",
        f"{ERROR} edit: fixed", f"{ERROR}. Works again, thank you all", f"{ERROR} / sorted out",
        f"{ERROR} - gelöst, danke",
        f"{ERROR} - 已解决", f"{ERROR} - behoben", f"{ERROR}; never mind", f"prod again - solved\n{ERROR}\nat line 3",
    ],
)  # fmt: skip
def test_an_error_that_is_marked_as_solved(text: str) -> None:
    assert marked_ending(text)


@pytest.mark.parametrize(
    "text",
    [
        ERROR, f"we fixed this last week, and today again: {ERROR}", f"I thought we fixed this\n{ERROR}",
        f"{ERROR}\nhow is that solved", f"{ERROR}\nstill not fixed", f"~prod~ uat says {ERROR}",
        f"fixed in uat, now prod says {ERROR}",
        f"{ERROR}\nnot solved ✅ for me", f"{ERROR}\nwas it fixed?",
        f"{ERROR} - solved?", f"{ERROR} - not solved", f"{ERROR} - still not fixed", f"{ERROR}, workbench works",
        f"{ERROR} - solved in uat",
        f"{ERROR} in prod - uat is fixed", f"{ERROR}, it works in workbench", f"{ERROR} and it cannot be solved",
        f"{ERROR} - once it is fixed",
        f"{ERROR}, workbench: all good", f"{ERROR} solved", f"{ERROR} - unresolved",
        f"the token was fixed, then {ERROR}",
    ],
)  # fmt: skip
def test_an_error_that_is_not(text: str) -> None:
    assert marked_ending(text) is None


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("solved, thanks", Ending.SOLVED),
        ("never mind, it works now", Ending.SOLVED),
        ("the problem is gone", Ending.SOLVED),
        ("done ✅", Ending.SOLVED),
        ("never mind", Ending.TAKEN_BACK),
        ("nevermind, wrong org", Ending.TAKEN_BACK),
        ("nvm", Ending.TAKEN_BACK),
        ("false alarm", Ending.TAKEN_BACK),
        ("sorry, ignore this", Ending.TAKEN_BACK),
        ("please forget it", Ending.TAKEN_BACK),
        ("my mistake", Ending.TAKEN_BACK),
        ("no longer needed", Ending.TAKEN_BACK),
        (f"nvm\n{ERROR}", Ending.TAKEN_BACK),
        (f"{ERROR} - false alarm", Ending.TAKEN_BACK),
        (f"~{ERROR}~", Ending.TAKEN_BACK),
    ],
)
def test_who_lets_go_of_a_trouble_does_not_call_it_solved(text: str, how: Ending) -> None:
    assert (marked_ending if ERROR in text else ending)(text) is how
