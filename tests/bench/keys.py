# SPDX-License-Identifier: GPL-3.0-or-later
"""keys.py DRIVE EARSHOT ARGUMENT...: how soon the wizard's first screen stands in a
terminal, and how soon a key shows its effect there: figures, no verdict. Run in a
practice site.

The driver counts until the first byte of the answer (tests/ui/drive.c). Esc is not
among the keys: it may be the beginning of another key's sequence, so the terminal
library waits for the rest of that first.
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

ROUNDS, TIMES = 50, 5
KEYS = ("?", "b")                   # help and back: a whole new screen each
FORM_KEYS = ("\x1bOB", "\x1bOA")    # from field to field
WORK = tempfile.mkdtemp()
atexit.register(shutil.rmtree, WORK, ignore_errors=True)


class Wizard:
    def __init__(self, drive, *command):
        environment = dict(os.environ, HOME=WORK, XDG_STATE_HOME=WORK, XDG_CONFIG_HOME=WORK, LC_ALL="C.UTF-8",
                           TERM="xterm-256color")
        self.process = subprocess.Popen([drive, "24", "80", *command], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=environment)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        word = self.process.stdout.readline().strip()
        while self.process.stdout.readline() not in (".\n", ""):
            pass
        return word

    def key_ms(self, key):
        taken = int(self.tell("keytime " + key.encode().hex())) / 1000
        self.tell("look 20")        # what still comes belongs to no other key
        return taken

    def leave(self):
        self.process.stdin.close()
        self.process.wait()


def first_ms():
    wizard = Wizard(*sys.argv[1:])
    taken = int(wizard.tell("first somebody hears nothing")) / 1000
    wizard.leave()
    return taken


def keys_ms():
    wizard = Wizard(*sys.argv[1:])
    wizard.tell("await 5000 somebody hears nothing")
    taken = [wizard.key_ms(key) for _ in range(ROUNDS) for key in KEYS]
    wizard.tell("keys 0d")
    wizard.tell("await 5000 Whose telephone lines")
    taken += [wizard.key_ms(key) for _ in range(ROUNDS) for key in FORM_KEYS]
    wizard.leave()
    return sorted(taken)


first = sorted(first_ms() for _ in range(TIMES))
keys = keys_ms()
print("first screen, keys  %6.1f ms  (best of %d, worst %.1f; bound: 50 ms)" % (first[0], TIMES, first[-1]))
print("a key's effect      %6.1f ms  (middle of %d; 95 %%: %.1f, worst %.1f; bound: 20 ms)" %
      (keys[len(keys) // 2], len(keys), keys[len(keys) * 95 // 100], keys[-1]))
