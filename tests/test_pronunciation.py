"""Words whose pronunciation somebody has written down: read safely, found as whole words, said by every engine, in the book."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import Packager, Tool
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import ExitCode, SourceError, UsageError
from packager.model import EMPTY_LEXICON, Lexeme, Lexicon, Page, Phonemes, Utterance, VoiceChoice
from packager.narrators.base import Pronouncing
from packager.narrators.registry import narrator
from packager.pipeline.lexicons import lexicon_for, merged, target_for
from packager.pls import lexicon_document, read_lexicon
from packager.pls_editing import put, take_out
from packager.speech.forms import tied_form
from packager.speech.lexicon import matches, pieces_of
from packager.speech.marking import PHONEMES, allowed_starts
from packager.speech.pronunciation import occurring, with_phonemes
from packager.xhtml import parse, serialise

FIXTURES = Path(__file__).parent / "fixtures" / "pronunciation"
CASES = [line.split("\t") for line in (FIXTURES / "said.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
WORDS = read_lexicon(FIXTURES / "lexicon.pls")
ALL_WORDS = merged(read_lexicon(file) for file in sorted(FIXTURES.glob("*.pls")))

BANANA = "bəˈnænə"
VOICES = (("hibari", "heart"), ("espeak", "en-US"), ("piper", "en_US-joe-medium"))
NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"

printable = st.characters(exclude_categories=("C", "Z"))
words = st.text(printable, min_size=1, max_size=8)
lexicons = st.lists(
    st.builds(Lexeme, st.just("en"), st.lists(words, min_size=1, max_size=3).map(tuple), words, st.none() | words),
    max_size=6,
).map(lambda lexemes: Lexicon(tuple(lexemes)))


def sounding(sentence: str, word: str, ipa: str) -> Utterance:
    """The sentence, each `word` in it with the sounds `ipa`."""
    places = (Phonemes(*place.span(), ipa) for place in re.finditer(word, sentence))
    return Utterance(sentence, "en", tuple(places))


def sounds(engine: str, voice: str, utterance: Utterance) -> str:
    """What an engine makes of it, in IPA without stress and stops."""
    asked = narrator(engine)
    assert isinstance(asked, Pronouncing)
    return re.sub(r"[^\w\s]|[ˈˌː]", "", asked.in_ipa(utterance, voice))


@pytest.mark.parametrize(("language", "printed", "said", "ipa"), CASES, ids=[case[1] for case in CASES])
def test_words_are_found_whole_and_longest_first(language: str, printed: str, said: str, ipa: str) -> None:
    found = matches(ALL_WORDS, printed, language)
    spoken = printed
    for word in reversed(found):
        spoken = spoken[: word.begin] + word.said + spoken[word.end :]
    assert (spoken, " ".join(word.ipa for word in found if word.ipa)) == (said, ipa)


def test_no_rule_changes_what_the_lexicon_says() -> None:
    tied = tied_form("On 10 May and on 11 May, C++ won.", "en", (), WORDS)
    assert "the great day" in tied.spoken
    assert "sequel plus plus" in tied.spoken
    assert "11 May" not in tied.spoken
    left_out = tied_form("Siobhan [see Siobhan]", "en", [(8, 21, "")], WORDS)
    assert left_out.spoken.strip() == "shivawn"


def test_sounds_stay_with_their_word_through_all_rules() -> None:
    tied = tied_form("In 1999, Kim Jong-un had $5 and 3 kg.", "en", (), WORDS)
    [(begin, end, ipa)] = tied.phonemes()
    assert (tied.spoken[begin:end], ipa) == ("Kim Jong-un", "ˌkɪm dʒʌŋ ˈuːn")


def test_a_foreign_word_with_an_alias_is_said_in_the_language_around_it() -> None:
    lexicon = Lexicon((Lexeme("en", ("习近平",), "Xi Jinping"),))
    text = "In Beijing 习近平 met 普京."
    assert pieces_of(text, "en", lexicon) == [("In Beijing 习近平 met ", "en"), ("普京.", "zh")]
    assert pieces_of(text, "en", EMPTY_LEXICON)[1] == ("习近平 ", "zh")


def test_other_alphabets_are_left_out_and_noted() -> None:
    assert "Reis" in WORDS.notes[0]
    assert "line 41" in WORDS.notes[0]
    assert not any("Reis" in lexeme.graphemes for lexeme in WORDS.lexemes)


@given(lexicons)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon) -> None:
    file = tmp_path_factory.getbasetemp() / "again.pls"
    file.write_bytes(lexicon_document(lexicon.lexemes, "en"))
    again = read_lexicon(file).lexemes
    assert [(one.graphemes, one.alias) for one in again] == [(one.graphemes, one.alias) for one in lexicon.lexemes]
    assert lexicon_document(again, "en") == lexicon_document(read_lexicon(file).lexemes, "en")


@given(lexicons, st.lists(words | st.sampled_from([" ", "'s ", "\n", ".", "-"]), max_size=12))
def test_no_letter_around_a_word_is_lost(lexicon: Lexicon, pieces: list[str]) -> None:
    graphemes = [word for lexeme in lexicon.lexemes for word in lexeme.graphemes]
    text = "".join(part for pair in zip(pieces, [*graphemes, *pieces], strict=False) for part in pair)
    position = 0
    for word in matches(lexicon, text, "en"):
        assert position <= word.begin < word.end <= len(text)
        position = word.end
    spans = tied_form(text, "xx", (), lexicon).spans()
    assert "".join(text[slice(*span.text)] for span in spans) == text
    element = parse('<body xmlns="http://www.w3.org/1999/xhtml"><p id="a">x<b id="b"/></p></body>')
    element[0].text, element[0][0].text, element[0][0].tail = text, text, text
    page = with_phonemes(Page("article", "", "en", serialise(element)), lexicon)
    marked = parse(page.body)
    assert "".join(marked.itertext()) == text * 3
    assert [one.get("id") for one in marked.iter() if one.get("id")] == ["a", "b"]


HOSTILE = {
    "entities": ('<!DOCTYPE l [<!ENTITY a "b">]><lexicon/>', "DOCTYPE"),
    "a file of the machine": (
        '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><lexicon>&a;</lexicon>',
        "DOCTYPE",
    ),
    "no XML": ("Siobhan = shivawn", "well-formed"),
    "cut off": (f'<lexicon xmlns="{NAMESPACE}" xml:lang="en"><lexeme>', "well-formed"),
    "another format": ("\n<html/>", "line 2"),
    "no language": (f'<lexicon xmlns="{NAMESPACE}"/>', "xml:lang"),
    "no word": (f'<lexicon xmlns="{NAMESPACE}" xml:lang="en">\n\n<lexeme/></lexicon>', "line 3"),
    "empty word": (
        f'<lexicon xmlns="{NAMESPACE}" xml:lang="en">\n<lexeme><grapheme> </grapheme></lexeme></lexicon>',
        "line 2: the grapheme is empty",
    ),
    "endless word": (
        f'<lexicon xmlns="{NAMESPACE}" xml:lang="en"><lexeme><grapheme>{"a" * 999}</grapheme></lexeme></lexicon>',
        "longer than",
    ),
    "too large": (" " * 4_000_001, "larger than"),
}


@pytest.mark.parametrize(("text", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_no_lexicon_is_refused_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "lexicon.pls"
    file.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=re.escape(told)) as caught:
        read_lexicon(file)
    assert str(file) in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(("engine", "voice"), VOICES)
def test_sounds_reach_the_engine_and_leave_the_rest_alone(engine: str, voice: str, tool: Tool) -> None:
    if engine == "piper":
        tool("joe")
    sentence = "Xqzt, I said; I met (Xqzt) and the “Xqzt” [there]. Then Xqzt? Yes, Xqzt then!"
    heard = sounds(engine, voice, sounding(sentence, "Xqzt", BANANA))
    around = sounds(engine, voice, Utterance(re.sub("Xqzt", "", sentence), "en"))
    assert heard.count("bənænə") == 5
    assert heard.replace("bənænə", "").split() == around.split()
    one = narrator(engine).speak(sounding("Xqzt", "Xqzt", BANANA), VoiceChoice(engine, voice))
    other = narrator(engine).speak(Utterance("Xqzt", "en"), VoiceChoice(engine, voice))
    assert not np.array_equal(one.samples, other.samples)


@pytest.mark.parametrize(("engine", "voice"), VOICES)
def test_a_sound_that_nothing_is_near_to_leaves_the_word_as_it_is_spelled(engine: str, voice: str, tool: Tool) -> None:
    if engine == "piper":
        tool("joe")
    asked = narrator(engine)
    assert isinstance(asked, Pronouncing)
    assert asked.lacks("ˈʘa", voice) == ("ʘ",)
    assert asked.lacks("ʁøː.x͡çɲʎ", voice) == ()
    spelled = asked.in_ipa(Utterance("I met Xqzt there.", "en"), voice)
    assert asked.in_ipa(sounding("I met Xqzt there.", "Xqzt", "ˈʘa"), voice) == spelled


@pytest.mark.parametrize(
    ("voice", "ipa", "heard"),
    [
        ("en-US", "ˈt͡ʃɝt͡ʃ", "tʃˈɜːtʃ"),
        ("en-US", "ˈrɔɪəl", "ɹˈɔɪəl"),
        ("en-US", "ʃɪˈvɔːn", "ʃɪvˈɔːn"),
        ("de", "ˈmyːlə", "mˈyːlə"),
        ("de", "ˈbaʊ̯m", "bˈaʊm"),
        ("fr", "bɔ̃ʒuʁ", "bˈɔ̃ʒuʁ"),
        ("ru", "ˈlampa", "ɭˈampa"),
        ("cmn", "ˈma", "mˈa"),
    ],
)
def test_espeak_says_what_is_transcribed(voice: str, ipa: str, heard: str) -> None:
    engine = narrator("espeak")
    assert isinstance(engine, Pronouncing)
    assert engine.in_ipa(sounding("Xqzt", "Xqzt", ipa), voice) == heard


def test_double_brackets_of_a_text_are_no_sounds(tool: Tool) -> None:
    tool("joe")
    for engine, voice in VOICES[1:]:
        said = sounds(engine, voice, Utterance("Say [[bad]] now.", "en"))
        assert said == sounds(engine, voice, Utterance("Say bad now.", "en"))


def test_the_nearest_lexicon_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PACKAGER_LEXICON", str(tmp_path / "own.pls"))
    for file, alias in (("own.pls", "third"), ("content/lexicon.pls", "second"), ("content/a/lexicon.pls", "first")):
        put(tmp_path / file, Lexeme("en", ("Xqzt",), alias))
        put(tmp_path / file, Lexeme("en", (alias,), "only here"))
    found = {word: one.alias for one in lexicon_for("content/a/article.md").lexemes for word in one.graphemes}
    assert found == {"Xqzt": "first", "first": "only here", "second": "only here", "third": "only here"}
    assert lexicon_for("content/article.md").lexemes[0].alias == "second"
    assert lexicon_for("-").lexemes[0].alias == "second"
    monkeypatch.setenv("PACKAGER_LEXICON", str(tmp_path / "gone.pls"))
    with pytest.raises(UsageError, match="PACKAGER_LEXICON"):
        lexicon_for("-")


def test_words_of_another_language_get_a_file_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "lexicon.pls", Lexeme("en", ("a",), "b"))
    assert target_for("en").file.name == target_for(None).file.name == "lexicon.pls"
    assert target_for("de").file.name == "lexicon.de.pls"
    put(target_for("de").file, Lexeme("de", ("c",), "d"))
    assert {one.language for one in lexicon_for("article.md").lexemes} == {"en", "de"}


def test_a_change_leaves_the_rest_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.pls"
    before = (FIXTURES / "lexicon.pls").read_text("utf-8")
    file.write_text(before, "utf-8")
    assert put(file, Lexeme("en", ("Kim",), None, "kɪm"))
    changed = file.read_text("utf-8")
    assert [line for line in before.splitlines()[1:] if line not in changed] == ["    <alias>Kym</alias>"]
    assert put(file, Lexeme("en", ("Siobhán",), "sheevawn"))
    assert not put(file, Lexeme("en", ("New",), "knew"))
    said = {word: one.alias for one in read_lexicon(file).lexemes for word in one.graphemes}
    assert (said["Siobhan"], said["Siobhán"], said["New"]) == ("shivawn", "sheevawn", "knew")
    assert take_out(file, "New")
    assert not take_out(file, "New")
    assert "<!-- Words of the tests. -->" in file.read_text("utf-8")


def test_the_command_writes_tells_and_speaks(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    alone = {"folder": tmp_path, "PACKAGER_LEXICON": os.devnull}
    added = packager("pronounce", "Xqzt", "--ipa", f"/{BANANA}/", "--as", "banana", "--json", **alone)
    assert added.returncode == ExitCode.GOOD, added.stderr
    told = json.loads(added.stdout)
    assert (told["lexicon"], told["ipa"], told["alias"]) == ("content/lexicon.pls", BANANA, "banana")
    assert told["sounds"] == "bənˈænə"
    assert (tmp_path / "voice.wav").read_bytes()[:4] == b"RIFF"
    listed = packager("pronounce", "--list", **alone).stdout
    assert "Xqzt: “banana”, /bəˈnænə/" in listed
    assert packager("pronounce", "Xqzt", "--remove", **alone).returncode == ExitCode.GOOD
    assert lexicon_for(str(tmp_path / "content" / "a.md")).lexemes == ()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "No word"),
        (("Xqzt", "--ipa", "b4n"), "“4” is not in the International Phonetic Alphabet"),
        (("Xqzt", "--ipa", "kst"), "no vowel"),
        (("Xqzt", "--as", " "), "The spelling has no letter"),
        (("Xqzt", "--as", "a", "--output", "a.txt"), "a.txt"),
        (("Xqzt", "--remove"), "is not in"),
        (("Xqzt", "--as", "a", "--language", "?"), "no language tag"),
        (("Xqzt", "--as", "a", "--user", "--lexicon", "a.pls"), "--user"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    packager: Packager, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    refused = packager("pronounce", *arguments, folder=tmp_path, PACKAGER_LEXICON=os.devnull)
    assert refused.returncode == ExitCode.USAGE
    assert told in refused.stderr
    assert list(tmp_path.iterdir()) == []


PAGE = Page(
    "article",
    "A page",
    "en",
    '<body xmlns="http://www.w3.org/1999/xhtml"><p id="p">Kim Jong-un’s <a href="#p">O’Shea</a>’s '
    '<code>O’Shea</code>, <b>O’</b>Shea, <i lang="de">O’Shea</i><br/>sql</p><p>O’Shea</p></body>',
)


def test_words_with_sounds_are_marked_and_code_is_not() -> None:
    marked = parse(with_phonemes(PAGE, WORDS).body)
    found = [(one.text, one.get(PHONEMES)) for one in marked.iter() if one.get(PHONEMES)]
    shea = ("O’Shea", "oʊˈʃeɪ")
    assert found == [("Kim Jong-un’s", "ˌkɪm dʒʌŋ ˈuːnz"), shea, shea]
    # A sentence cannot begin inside a mark.
    text = "".join(marked[0].itertext())
    assert allowed_starts(marked[0], [0, 4, text.index("O’")]) == [0, text.index("O’")]
    assert with_phonemes(PAGE, EMPTY_LEXICON) is PAGE


def test_only_words_that_occur_go_into_the_book() -> None:
    kept = {word for lexeme in occurring(ALL_WORDS, [PAGE]).lexemes for word in lexeme.graphemes}
    assert kept == {"Kim Jong-un", "O’Shea", "sql"}


def test_books_hold_the_words_and_claim_them_and_validators_are_content(
    packager: Packager, tmp_path: Path, tool: Tool
) -> None:
    tool("epubcheck")
    for name in ("lexicon.pls", "lexicon.en-GB.pls", "lexicon.hi.pls"):
        shutil.copy(FIXTURES / name, tmp_path)
    source = tmp_path / "article.md"
    source.write_text("# On Kim Jong-un\n\n*O’Shea*’s schedule met Kim Jong-un.\n", "utf-8")
    wanted = ("--language", "en-GB", "--only", "epub,narrated", "-e", "hibari", "-o", tmp_path / "build")
    built = packager("build", source, *wanted, PACKAGER_LEXICON=os.devnull)
    assert built.returncode == ExitCode.GOOD, built.stderr
    books = sorted((tmp_path / "build").rglob("*.epub"))
    assert len(books) == 2
    for book in books:
        with zipfile.ZipFile(book) as archive:
            text = archive.read("EPUB/article.xhtml").decode()
            package = archive.read("EPUB/content.opf").decode()
            kept = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pls")}
        assert set(kept) == {"EPUB/pronunciation-en.pls", "EPUB/pronunciation-en-GB.pls"}
        assert 'rel="pronunciation" type="application/pls+xml" hreflang="en-GB"' in text
        assert '<span ssml:ph="oʊˈʃeɪ" ssml:alphabet="ipa">O’Shea</span>' in text
        assert "ttsMarkup" in package
        tmp_path.joinpath("again.pls").write_bytes(kept["EPUB/pronunciation-en.pls"])
        again = read_lexicon(tmp_path / "again.pls")
        assert [lexeme.graphemes for lexeme in again.lexemes] == [("Kim Jong-un",), ("O’Shea",)]
    checked = packager("check", tmp_path / "build", "--json", PATH="", PACKAGER_ACE="")
    told = [one for entry in json.loads(checked.stdout)["files"] for one in entry["findings"]]
    assert {(one["tool"], one["code"]) for one in told} == {("ace", "NOT-RUN")}
