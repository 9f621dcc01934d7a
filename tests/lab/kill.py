# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the healthy site: the wizard is killed at random moments, again and again.
No answer is lost that was followed by another question, the session is offered
again, and no check runs on without its wizard.

Second argument, where given: the seed of a run that is to be repeated.
"""
import random

from lab import *

PROMPT = r"\n1 to (\d+), or \? b m (?:c )?q[^\n]*: "
KILLS_MEASURING, KILLS_PLAIN, KILLS_SCREEN = 3, 25, 12
seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
print("# seed", seed)
dice = random.Random(seed)


def check_kept(what, given):
    """All that was given stands in the one session, each question once; returns it as it stands."""
    if not journals():
        check("%s: nothing was given yet" % what, not given, given)
        return []
    check("%s: it is one session" % what, len(journals()) == 1, journals())
    now = answers(journals()[-1])
    check("%s: no answer is lost" % what, now[:len(given)] == given, (given, now))
    check("%s: no question was answered twice" % what, len({question for question, _ in now}) == len(now), now)
    status, result = run_json("report", journals()[-1])
    check("%s: the session reads" % what, status == 0, result)
    return now


def is_offered():
    """A session is offered again once something was answered or measured in it, until its end."""
    kinds = {record["kind"] for record in records(journals()[-1])} if journals() else set()
    return bool(kinds & {"answer", "check"}) and "finish" not in kinds


def reply(page, choices):
    """What the person says to a page; None where the way ends."""
    if "Leave" in page:
        check("the session is offered again", ("unfinished session" in page) == is_offered(), page)
        return "1"
    if "Start measuring" in page:
        return "9"
    return None if "Done: measure again" in page else choices


def go_on(seconds, given):
    """Answers for so long, and kills it; True if there was nothing left to ask."""
    dialogue = Dialogue("--plain", "-p", PROFILE)
    prompt = dialogue.await_prompt(PROMPT, time.monotonic() + PATIENCE)
    check("the wizard appears", prompt, dialogue.said)
    end = time.monotonic() + seconds
    pending = ended = False
    while prompt:
        page, choices = prompt
        if pending:
            now = answers(journals()[-1])
            check("an answer is on disk before the next question", len(now) == len(given) + 1, (given, now))
            given[:] = now
        answer = reply(page, choices)
        ended = answer is None
        pending = "Why we ask: " in page
        if ended:
            break
        dialogue.say(answer + "\n")
        prompt = dialogue.await_prompt(PROMPT, end)
    dialogue.kill()
    return ended


def kill_while_measuring():
    for _ in range(KILLS_MEASURING):
        go_on(dice.uniform(0, 1.5), [])
        check_kept("killed while measuring", [])
        check_nothing_runs("killed while measuring")


def kill_between_answers():
    given = []
    # Measured to the end once, so that from now on nothing but answers moves it on.
    dialogue = Dialogue("--plain", "-p", PROFILE)
    for answer in ("1", "9", None):
        page, _ = dialogue.await_prompt(PROMPT, time.monotonic() + PATIENCE) or ("", "")
        if answer:
            dialogue.say(reply(page, "") + "\n")
        if "What happens on the call?" in page:
            break
    dialogue.kill()
    check("the first question is reached", "What happens on the call?" in page, page)
    # A busy machine may need longer to come to a question.
    for kills in range(4 * KILLS_PLAIN):
        if kills >= KILLS_PLAIN and len(given) > 3:
            break
        ended = go_on(dice.uniform(0, 0.05 * (1 + kills // KILLS_PLAIN)), given)
        given = check_kept("killed between answers", given)
        if ended:
            break
    check("there were questions", len(given) > 3, given)
    check_nothing_runs("killed between answers")


def press_on(dialogue, seconds):
    """Somebody who picks the last choice of every page."""
    end = time.monotonic() + seconds
    going = True
    while going and (left := end - time.monotonic()) > 0:
        dialogue.say("\x1bOF\r")
        going = dialogue.listen(min(left, 0.02))


def kill_screens():
    shutil.rmtree(STATE, ignore_errors=True)
    given, most = [], 0
    for kills in range(4 * KILLS_SCREEN):
        if kills >= KILLS_SCREEN and most > 3:
            break
        begun = is_offered()
        if not begun:
            shutil.rmtree(STATE, ignore_errors=True)
            given = []
        dialogue = Dialogue("-p", PROFILE, terminal=True)
        check("the wizard appears", dialogue.await_text("somebody hears nothing"), dialogue.said)
        offered = dialogue.await_text("unfinished session" if begun else "Leave")
        check("the session is offered again on the screen", offered, dialogue.said)
        dialogue.say("\r")
        if not begun:
            dialogue.await_text("Start measuring")
            dialogue.say("\r")
        press_on(dialogue, dice.uniform(0, 0.3 * (1 + kills // KILLS_SCREEN)))
        dialogue.kill()
        check_nothing_runs("killed on the screen")
        given = check_kept("killed on the screen", given)
        most = max(most, len(given))
    check("there were questions on the screen", most > 3, most)


kill_while_measuring()
kill_between_answers()
kill_screens()
finish()
