#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up language: each text in brackets, its letters strange, 40 % longer. What reads as plain
English on a screen then was never given to gettext; what was cut has lost its end.

pseudo.py CATALOGUE... >pseudo.po
"""

import re
import sys

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
STRANGE = "áƀçðéƒĝĥîĵķļɱñöþʠřšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŘŠŢÛṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, STRANGE)
DIRECTIVE = re.compile(r"%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j)?[a-zA-Z%]|%<PRI\w+>|\\.")
MORE = "öñé ţŵö ţĥř ƒöû ƒîṽ šîẋ šéṽ éîĝ " * 40


def strange(text, is_format):
    body = text.strip(" ")
    if not body:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    keep = DIRECTIVE if is_format else re.compile(r"\\.")
    out, at = "", 0
    for found in keep.finditer(body):
        out += body[at : found.start()].translate(LETTERS) + found.group()
        at = found.end()
    out += body[at:].translate(LETTERS)
    end = re.search(r"(\\n)*$", out).group()
    out = out[: len(out) - len(end)]
    more = (" " + MORE)[: max((len(body) * 2 + 4) // 5 - 2, 0)].rstrip()
    return f"{before}⟦{out}{more}⟧{end}{after}"


def entries(path):
    """(flags, {keyword: text as it is quoted in the file}) of each entry."""
    for block in re.split(r"\n\s*\n", open(path, encoding="utf-8").read()):
        flags, fields, key = "", {}, None
        for line in block.split("\n"):
            word = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?|msgctxt) "(.*)"$', line)
            if line.startswith("#,"):
                flags += line
            elif word:
                key = word.group(1)
                fields[key] = word.group(2)
            elif line.startswith('"') and key:
                fields[key] += line[1:-1]
        if fields.get("msgid"):
            yield flags, fields


def main():
    print('msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"')
    print('"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"')
    print('"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n')
    done = set()
    for path in sys.argv[1:]:
        for flags, fields in entries(path):
            text, plural = fields["msgid"], fields.get("msgid_plural")
            if text in done:
                continue
            done.add(text)
            is_format = bool(re.search(r"(^|[ ,])c-format", flags))
            if is_format:
                print("#, c-format")
            print(f'msgid "{text}"')
            if plural is None:
                print(f'msgstr "{strange(text, is_format)}"\n')
            else:
                print(f'msgid_plural "{plural}"\nmsgstr[0] "{strange(text, is_format)}"')
                print(f'msgstr[1] "{strange(plural, is_format)}"\n')


main()
