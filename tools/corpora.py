#!/usr/bin/env python3
"""Writes the benchmark corpora that Rust does not write: databases of phones, and archives of Outlook items.
python3 tools/corpora.py FOLDER (from the top of the repository). What is there is left. The same bytes each time, but for the version of SQLite."""
import os
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "fixtures"))
import outlook  # noqa: E402
import sqlite  # noqa: E402
from mapi import mail  # noqa: E402

START = 1_743_465_600
WORDS = "the freight copper terms wheat signed today contract lots price board vessel before Friday please send confirm agreed".split()


def text(n):
    return " ".join(WORDS[(n * 7919 + i * i * 31) % len(WORDS)] for i in range(6 + n % 23))


def imessage(path, count):
    db = sqlite.messages(path, 14)
    people = [(f"+4477009001{p:02}", "iMessage") for p in range(48)]
    db.executemany("INSERT INTO handle (id, service) VALUES (?, ?)", people)
    chats = [(f"iMessage;-;{who}", 45, who, "iMessage") for who, _ in people]
    db.executemany("INSERT INTO chat (guid, style, chat_identifier, service_name) VALUES (?, ?, ?, ?)", chats)
    db.executemany("INSERT INTO chat_handle_join VALUES (?, ?)", [(p, p) for p in range(1, 49)])
    for n in range(count):
        body = text(n)
        # What is sent has no plain text, as in macOS 14.
        said = {"text": body} if n % 2 else {"attributedBody": sqlite.styled(body)}
        sqlite.say(db, n + 1, n % 48 + 1, START + n * 400, handle_id=n % 48 + 1 if n % 2 else 0, is_from_me=(n + 1) % 2, **said)
    return db


def whatsapp(path, count):
    db = sqlite.whatsapp(path)
    # The row that WhatsApp puts in first stands for no message and is skipped.
    db.execute("DELETE FROM message")
    sqlite.jids(db, *[f"4477009001{p:02}@s.whatsapp.net" for p in range(48)])
    db.executemany("INSERT INTO chat (jid_row_id) VALUES (?)", [(p,) for p in range(1, 49)])
    for n in range(count):
        sqlite.write(db, n + 2, n % 48 + 1, START + n * 400, from_me=n // 48 % 2, text_data=text(n))
    return db


def person(p):
    address = f"person{p:02}@{'client' if p % 3 else 'firm'}.example"
    return (f"Person {p:02}", "SMTP", address, address)


def item(n):
    when = f"2025-{n // 2400 % 12 + 1:02}-{n // 100 % 24 + 1:02} {n % 24:02}:{n // 24 % 60:02}:{n % 60:02}"
    body = "\r\n".join(text(n + i) for i in range(20))
    made = mail(f"Order {n % 997}", when, person(n % 48), [(1, person((n + 1) % 48)), (2, person((n + 7) % 48))], body=body, mid=f"<corpus-{n}@firm.example>")
    return outlook.attach(made, "order.pdf") if n % 10 == 4 else made


def archive(path, count, name, form):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for n in range(count):
            out.writestr(zipfile.ZipInfo(name.format(n)), form(item(n)), zipfile.ZIP_DEFLATED, 1)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, write, count in [("chat.db", imessage, 100_000), ("msgstore.db", whatsapp, 100_000)]:
        path = os.path.abspath(os.path.join(folder, name))
        if not os.path.exists(path):
            print("bench: writing", name, file=sys.stderr)
            db = write(path + ".part", count)
            db.commit()
            # Pages as the apps have them; the fixtures' are small.
            db.execute("PRAGMA page_size = 4096")
            db.execute("VACUUM")
            db.close()
            os.rename(path + ".part", path)
    for name, inside, form in [("msg.zip", "mail/{:06}.msg", outlook.msg), ("winmail.zip", "mail/{:06}/winmail.dat", outlook.tnef)]:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print("bench: writing", name, file=sys.stderr)
            archive(path + ".part", 12_000, inside, form)
            os.rename(path + ".part", path)


if __name__ == "__main__":
    main(sys.argv[1])
