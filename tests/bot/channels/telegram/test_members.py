"""Members on Telegram: by an invitation, in private, at once in and at once out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.members.store import MembersBook
from knowledge.model import Audience
from prompts.catalog import text
from tests.bot.channels.telegram.waiting import until
from tests.fakes.telegram.post import Post


@pytest.fixture
def book(tmp_path):
    made = MembersBook.open_file(tmp_path / "members.sqlite3", tmp_path / "account-key")
    yield made
    made.close()


@pytest.fixture
def club(fake, book):
    """The channel with a book of members."""
    with Post(fake, members=book) as running:
        yield running


def said(key, **fields):
    return text(key, "vi", **{"name": "Bình An"} | fields).replace("**", "")


def join(fake, book, person, uses=30):
    """Open an invitation's link."""
    invite = book.new_invite(Audience.MEMBER, "phu-nu", uses=uses, days=7)
    person.start(invite.code)
    fake.wait_for(said("telegram.joined", org="Hội Liên hiệp Phụ nữ")[:40], person.private)
    return invite


def ask(post, chat):
    """Ask a question there; gives the audience it was asked for."""
    count = len(post.asking.questions)
    chat.say("/hoi hòa giải")
    until(lambda: len(post.asking.questions) > count)
    return post.asking.questions[-1].audience


def test_a_member_asks_in_private_and_the_group_stays_public(fake, book, club):
    an, binh = fake.person("An"), fake.person("Bình")
    group = fake.group(members=[an, binh])
    assert ask(club, an) is Audience.PUBLIC
    join(fake, book, an)
    assert ask(club, an) is Audience.MEMBER
    assert ask(club, an.in_(group)) is Audience.PUBLIC
    assert ask(club, binh) is Audience.PUBLIC


def test_leaving_works_with_the_next_question(fake, book, club):
    an = fake.person("An")
    join(fake, book, an)
    an.say("/thanhvien")
    told = fake.wait_for(said("telegram.is_member", org="Hội Liên hiệp Phụ nữ"), an.private)
    an.press(told, text("telegram.leave"))
    fake.wait_for(said("telegram.member_left")[:30], an.private)
    assert ask(club, an) is Audience.PUBLIC


def test_revoking_works_with_the_next_question(fake, book, club):
    an = fake.person("An")
    invite = join(fake, book, an)
    book.revoke_invite(invite.id, with_members=True)
    assert ask(club, an) is Audience.PUBLIC


def test_an_invitation_that_is_used_up_or_made_up_is_refused_alike(fake, book, club):
    an, binh, hoa = fake.person("An"), fake.person("Bình"), fake.person("Hoa")
    invite = join(fake, book, an, uses=1)
    binh.start(invite.code)
    hoa.say("/thanhvien m-AAAAAAAAAAAAAAAAAAAAAA")
    for person in (binh, hoa):
        fake.wait_for(said("telegram.code_refused"), person.private)
        assert ask(club, person) is Audience.PUBLIC


def test_a_book_out_of_reach_makes_nobody_a_member(fake, book, club, tmp_path):
    an = fake.person("An")
    join(fake, book, an)
    with closing(sqlite3.connect(tmp_path / "members.sqlite3")) as database:
        database.execute("DROP TABLE members")
        database.commit()
    assert ask(club, an) is Audience.PUBLIC
