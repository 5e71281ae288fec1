"""Edited messages that say that their trouble is over, and those that do not."""

from __future__ import annotations

import pytest

from bot.domain.conversations.solved import is_marked_solved, says_solved

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
    assert says_solved(text)


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
    assert not says_solved(text)


@pytest.mark.parametrize(
    "text",
    [
        f"[solved] {ERROR}", f"SOLVED: {ERROR}", f"*solved* - {ERROR}", f"{ERROR}\nsolved, thanks",
        f"{ERROR}\nEdit: fixed now",
        f"✅ {ERROR}", f"{ERROR} :white_check_mark:", f"~{ERROR}~", f"~we get this~\n~{ERROR}~", f"nvm\n{ERROR}",
    ],
)  # fmt: skip
def test_an_error_that_is_marked_as_solved(text: str) -> None:
    assert is_marked_solved(text)


@pytest.mark.parametrize(
    "text",
    [
        ERROR, f"we fixed this last week, and today again: {ERROR}", f"I thought we fixed this\n{ERROR}",
        f"{ERROR}\nhow is that solved", f"{ERROR}\nstill not fixed", f"~prod~ uat says {ERROR}",
        f"fixed in uat, now prod says {ERROR}",
        f"{ERROR}\nnot solved ✅ for me", f"{ERROR}\nwas it fixed?",
    ],
)  # fmt: skip
def test_an_error_that_is_not(text: str) -> None:
    assert not is_marked_solved(text)
