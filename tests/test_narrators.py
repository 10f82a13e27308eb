"""The offline voices themselves: steady, honest about what they can say, and silent towards the network."""

from __future__ import annotations

import random
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import Tool
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import NarrationError, UsageError
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Narrator
from packager.narrators.espeak import Espeak
from packager.narrators.hibari import LONGEST_STRETCH, Hibari, split_long
from packager.narrators.piper import Piper
from packager.narrators.registry import Casting, find_voice, narrator, narrator_names

SENTENCES = (
    "The river rose for the third time that spring.",
    "Would the old bridge hold once more?",
    "Yes.",
    "It held; in the morning, the water was brown and quiet.",
    "Dr. Lee paid $12.50 for 3 kg of apples.",
    "Nobody, not even the miller, had seen it coming!",
)
OTHER_SCRIPTS = ("Это мост.", "هذا جسر", "桥在这里。", "これは橋です。", "यह पुल है", "Η γέφυρα", "이것은 다리", "זה גשר")
HEART = VoiceChoice("hibari", "heart")
JOE = VoiceChoice("piper", "en_US-joe-medium")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a voice went to the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def own_voices_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Piper sees no voice files of whoever runs the tests."""
    monkeypatch.setenv("PACKAGER_PIPER_VOICES", str(tmp_path))


def digest(pcm: Pcm) -> tuple[int, bytes]:
    return pcm.rate, pcm.samples.tobytes()


def seconds(pcm: Pcm) -> float:
    return len(pcm.samples) / pcm.rate


def assert_is_speech(pcm: Pcm) -> None:
    assert pcm.samples.dtype == np.int16
    assert pcm.samples.ndim == 1
    assert np.abs(pcm.samples).max(initial=0) > 1000


@pytest.mark.parametrize("name", ["hibari", "espeak", "piper", "gtts"])
def test_every_engine_is_a_narrator(name: str) -> None:
    assert name in narrator_names()
    assert isinstance(narrator(name), Narrator)
    assert narrator(name).name == name
    assert narrator(name).online == (name == "gtts")


def test_hibari_says_the_same_in_any_order_on_any_thread() -> None:
    engine = Hibari()
    alone = {text: digest(engine.speak(Utterance(text, "en"), HEART)) for text in SENTENCES}
    order = list(SENTENCES) * 2
    random.Random(4).shuffle(order)
    for workers in (1, 4):
        with ThreadPoolExecutor(workers) as executor:
            together = list(executor.map(lambda text: digest(engine.speak(Utterance(text, "en"), HEART)), order))
        assert together == [alone[text] for text in order]
    assert len(set(alone.values())) == len(SENTENCES)


def test_hibari_never_downloads(no_network: None) -> None:
    engine = Hibari()
    absent = [voice.name for voice in engine.voices() if not voice.ready]
    for name in [*absent, "nobody"]:
        with pytest.raises(NarrationError, match=f"“{name}”") as caught:
            engine.speak(Utterance("Good morning.", "en-GB"), VoiceChoice("hibari", name))
        assert caught.value.remedy
    for language in ("en", "en-US", "en-GB", "en-AU"):
        voice = engine.voice_for(language)
        assert voice is not None
        assert voice.ready


def test_hibari_keeps_to_the_pace_that_is_asked_for() -> None:
    usual, brisk = (
        Hibari().speak(Utterance(SENTENCES[0], "en"), VoiceChoice("hibari", "heart", speed)) for speed in (1.0, 2.0)
    )
    assert seconds(brisk) == pytest.approx(seconds(usual) / 2, rel=0.25)


@pytest.mark.parametrize("text", OTHER_SCRIPTS)
def test_hibari_refuses_other_scripts(text: str) -> None:
    assert not Hibari().can_say(text, "en")
    assert not Hibari().can_say(f"He said “{text}” twice.", "en")


@pytest.mark.parametrize(
    ("text", "language", "can"),
    [
        ("Plain words.", "en", True),
        ("Plain words.", "en-GB", True),
        ("A naïve café in Šibenik", "en", True),
        ("12", "en", True),
        ("…", "en", False),
        ("", "en", False),
        ("Schlichte Worte.", "de", False),
        ("Ngāti Whātua", "mi", False),
    ],
)
def test_hibari_says_english_alone(text: str, language: str, can: bool) -> None:
    assert Hibari().can_say(text, language) is can


def test_endless_sentence_is_cut_and_spoken() -> None:
    words = [SENTENCES[index % 2].rstrip(".?").lower() for index in range(40)]
    text = " ".join(" ".join(words).split()[:300])
    stretches = split_long(text)
    assert " ".join(stretches) == text
    assert max(len(stretch.split()) for stretch in stretches) <= LONGEST_STRETCH
    pcm = Hibari().speak(Utterance(text, "en"), HEART)
    assert_is_speech(pcm)
    assert 60 < seconds(pcm) < 240


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{1,9}[,.;:?!]?[”)]?", fullmatch=True), max_size=200), st.integers(1, 80))
def test_cutting_loses_no_word_and_leaves_nothing_too_long(words: list[str], longest: int) -> None:
    text = " ".join(words)
    stretches = split_long(text, longest)
    assert all(len(stretch.split()) <= longest for stretch in stretches)
    assert _letters(" ".join(stretches)).split() == _letters(text).split()


def _letters(text: str) -> str:
    return "".join(char if char.isalpha() or char == " " else "" for char in text)


def test_short_text_is_left_whole() -> None:
    assert split_long("One, two. Three!") == ["One, two. Three!"]


def test_espeak_says_the_same_each_time() -> None:
    engine = Espeak()
    choice = VoiceChoice("espeak", "de")
    first = digest(engine.speak(Utterance("Der Fluss stieg zum dritten Mal.", "de"), choice))
    with ThreadPoolExecutor(4) as executor:
        again = executor.map(
            lambda _: digest(engine.speak(Utterance("Der Fluss stieg zum dritten Mal.", "de"), choice)), range(5)
        )
    assert set(again) == {first}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Fluss stieg."),
        ("fr", "La rivière monta."),
        ("es", "El río subió."),
        ("ar", "ارتفع النهر"),
        ("ru", "Река поднялась."),
        ("zh", "河水上涨。"),
        ("ja", "かわがあがった。"),
        ("hi", "नदी चढ़ गई।"),
        ("pt-BR", "O rio subiu."),
        ("en-GB", "The river rose."),
    ],
)
def test_espeak_speaks_many_languages(language: str, text: str) -> None:
    engine = Espeak()
    assert engine.can_say(text, language)
    voice = engine.voice_for(language)
    assert voice is not None
    assert voice == engine.voice(voice.name)
    pcm = engine.speak(Utterance(text, language), VoiceChoice("espeak", voice.name))
    assert_is_speech(pcm)
    assert 0.4 < seconds(pcm) < 6


def test_espeak_reads_kanji_as_words() -> None:
    espeak = Espeak()
    assert espeak.in_ipa(Utterance("漢字を読む。", "ja"), "ja") == espeak.in_ipa(
        Utterance("かんじをよむ。", "ja"), "ja"
    )


def test_espeak_has_no_voice_for_what_is_no_language() -> None:
    assert Espeak().voice_for("xx") is None
    assert not Espeak().can_say("Words.", "xx")
    assert not Espeak().can_say("…", "en")


@pytest.mark.parametrize("voice", ["nobody", "../../etc/passwd", ""])
def test_espeak_with_a_voice_that_is_none(voice: str) -> None:
    with pytest.raises(NarrationError, match="voice"):
        Espeak().speak(Utterance("Words.", "en"), VoiceChoice("espeak", voice))


@pytest.mark.parametrize("text", ["<b>& \x01 --", "[[h@'loU]]", "<speak><break time='9s'/></speak>", "a" * 5000])
def test_espeak_takes_any_text_as_text(text: str) -> None:
    assert_is_speech(Espeak().speak(Utterance(text, "en"), VoiceChoice("espeak", "en-us")))


def test_piper_says_the_same_each_time(tool: Tool, own_voices_only: None) -> None:
    tool("joe")
    engine = Piper()
    assert [voice.name for voice in engine.voices()] == [JOE.voice]
    first = [digest(engine.speak(Utterance(text, "en"), JOE)) for text in SENTENCES[:3]]
    with ThreadPoolExecutor(3) as executor:
        again = list(
            executor.map(lambda text: digest(Piper().speak(Utterance(text, "en"), JOE)), reversed(SENTENCES[:3]))
        )
    assert list(reversed(again)) == first
    assert_is_speech(engine.speak(Utterance(SENTENCES[0], "en"), JOE))


def test_piper_without_the_voice_tells_where_to_put_it(own_voices_only: None, tmp_path: Path) -> None:
    with pytest.raises(NarrationError, match="de_DE-thorsten") as caught:
        Piper().speak(Utterance("Hallo.", "de"), VoiceChoice("piper", "de_DE-thorsten"))
    assert str(tmp_path) in caught.value.remedy


def test_auto_takes_the_best_offline_voice_of_each_language(own_voices_only: None) -> None:
    casting = Casting()
    assert casting.choose("Good morning.", "en-GB") == HEART
    german = casting.choose("Guten Morgen.", "de")
    assert german == VoiceChoice("espeak", "de")
    for text in OTHER_SCRIPTS:
        assert casting.choose(text, "en") != HEART
    tags = ("en", "de", "fr", "ar", "zh", "ja", "hi", "cy", "xx")
    chosen = [choice for tag in tags if (choice := casting.choose("Words.", tag))]
    assert "gtts" not in {choice.engine for choice in chosen}


def test_nobody_is_chosen_for_what_nobody_can_say(own_voices_only: None) -> None:
    assert Casting().choose("☙", "en") is None
    assert Casting().choose("Words.", "xx") is None


def test_named_engine_leaves_to_others_what_it_lacks(tool: Tool, own_voices_only: None) -> None:
    assert Casting("hibari", speed=1.5).choose("Guten Morgen.", "de") == VoiceChoice("espeak", "de", 1.5)
    assert Casting("espeak").choose("Good morning.", "en-US") == VoiceChoice("espeak", "en-US")
    tool("joe")
    assert Casting("piper").choose("Good morning.", "en") == JOE
    assert Casting("piper").choose("Guten Morgen.", "de") == VoiceChoice("espeak", "de")


def test_named_voice_is_kept_to_its_languages(own_voices_only: None) -> None:
    casting = Casting("espeak", "en-GB-scotland")
    assert casting.choose("Good morning.", "en-US") == VoiceChoice("espeak", "en-GB-scotland")
    assert casting.choose("Guten Morgen.", "de") == VoiceChoice("espeak", "de")


def test_voice_alone_tells_the_engine(tool: Tool, own_voices_only: None) -> None:
    tool("joe")
    assert Casting(voice=JOE.voice).choose("Good morning.", "en") == JOE


def test_what_nobody_knows_is_refused_with_what_there_is(own_voices_only: None) -> None:
    with pytest.raises(UsageError, match="“siri”") as no_engine:
        Casting("siri")
    assert "hibari" in no_engine.value.remedy
    with pytest.raises(UsageError, match="“nobody”") as no_voice:
        Casting("hibari", "nobody")
    assert "heart" in no_voice.value.remedy
    with pytest.raises(UsageError, match="“nobody”"):
        Casting(voice="nobody")
    with pytest.raises(UsageError, match="“nobody”"):
        find_voice(Espeak(), "nobody")
