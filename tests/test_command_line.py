"""What somebody at the command line meets: exit codes, one clear sentence, nothing half-written, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ARTICLE = """The Ferry

By Ada Miller, 3 March 2024

The ferry left at seven, as it had for forty years. Nobody on board was in a hurry.

Gulls followed it past the lighthouse. Then the fog came down, and the captain rang the bell.
"""


def packager(
    *arguments: object, cache: Path, stdin: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "packager.cli.main", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=clean_environment(cache),
        timeout=300,
        check=False,
    )


def clean_environment(cache: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PACKAGER_")}
    return kept | {"PACKAGER_CACHE": str(cache), "PACKAGER_CONFIG": os.devnull}


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text(ARTICLE)
    return path


BAD_SOURCES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.md": (b" \n\t\n", "is empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
    "program.txt": (b"\x7fELF" + bytes(100), "program"),
    "nuls.txt": (b"a\x00b\x00\xff\xfe\x00" * 50, "binary"),
    "large.txt": (b"word " * 4_100_000, "larger than"),
    "no-words.md": (b"---\n\n***\n", "no words"),
    "only-missing-picture.md": (b"![](gone.png)\n", "no text"),
    "yaml.md": (b"---\ntitle: [one\n---\nText.\n", "not valid YAML"),
    "toml.md": (b'+++\ntitle = "one\n+++\nText.\n', "not valid TOML"),
    "page.docx": (b"PK\x03\x04" + bytes(100), "zip"),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_source_that_cannot_be_read_is_refused_with_one_sentence_and_code_3(
    name: str, tmp_path: Path, cache: Path
) -> None:
    data, said = BAD_SOURCES[name]
    (tmp_path / name).write_bytes(data)
    done = packager("epub", tmp_path / name, "-o", tmp_path / "out", cache=cache)
    assert done.returncode == 3
    assert said in done.stderr
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").rglob("*"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["bild", "x"], 2, "Did you mean “build”?"),
        (["build", "--nonsense"], 2, "--nonsense"),
        (["build", "{article}", "--language", "not a tag"], 2, "language tag"),
        (["build", "{article}", "--engine", "hal"], 2, "no voice engine “hal”"),
        (["build", "{article}", "--voice", "nobody"], 2, "voice “nobody”"),
        (["build", "{article}", "--engine", "espeak", "--voice", "nobody"], 2, "no voice “nobody”"),
        (["build", "{article}", "--speed", "9"], 2, "from 0.5 to 3.0"),
        (["build", "{article}", "--only", "pdf"], 2, "no product “pdf”"),
        (["build", "{article}", "--date", "soon"], 2, "not a date"),
        (["build", "{article}", "--cover", "gone.png"], 3, "cover “gone.png”"),
        (["build", "{article}", "--language", "tlh"], 4, "“tlh”"),
        (["build", "nowhere.txt"], 3, "no file “nowhere.txt”"),
        (["build", "{article}", "--output", "{article}"], 1, "cannot be written"),
        (["build", "{article}", "{copy}"], 2, "Rename one"),
        (["build", "{article}", "{other}", "--title", "Both"], 2, "meant for one article"),
        (["check", "nowhere.epub"], 3, "no file “nowhere.epub”"),
        (["check", "{article}"], 2, "neither an EPUB nor an MP3"),
        (["cache", "prune"], 2, "--all"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(
    arguments: list[str], code: int, said: str, article: Path, tmp_path: Path, cache: Path
) -> None:
    copy = tmp_path / "again" / "ferry.md"
    copy.parent.mkdir()
    copy.write_text(ARTICLE)
    other = tmp_path / "other.txt"
    other.write_text(ARTICLE)
    named = [part.format(article=article, copy=copy, other=other) for part in arguments]
    done = packager(*named, cache=cache, cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "build").exists()


def test_help_loads_neither_an_engine_nor_an_epub_library() -> None:
    program = (
        "import sys; sys.argv = ['packager', '--help']\n"
        "from packager.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'lxml', 'ebooklib', 'PIL', 'hibari', 'onnxruntime', 'gtts', 'requests', 'soundfile', 'babel'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "build" in done.stdout
    assert done.stderr.strip() == "[]"


WATCHED = (
    "import sys; sys.argv = ['packager', *sys.argv[1:]]\n"
    "def watch(event, what):\n"
    "    if event == 'subprocess.Popen': print(what[1], file=sys.stderr)\n"
    "sys.addaudithook(watch)\n"
    "from packager.cli import main\n"
    "code = main._run(sys.argv[1:])\n"
    "print(sorted({'numpy', 'hibari', 'onnxruntime', 'gtts', 'soundfile'} & set(sys.modules)))\n"
    "sys.exit(code)"
)


def watched(cache: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run packager; standard output ends with the engines' libraries that it loaded, and processes are told."""
    command = [sys.executable, "-c", WATCHED, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment(cache))


def test_text_edition_loads_no_engine(article: Path, tmp_path: Path, cache: Path) -> None:
    done = watched(cache, "epub", article, "-o", tmp_path, "-q")
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
    assert (tmp_path / "ferry" / "ferry.epub").is_file()


def test_an_engine_is_started_only_when_there_is_something_to_say(article: Path, tmp_path: Path) -> None:
    first, second = (
        watched(tmp_path / "cache", "build", article, "-o", tmp_path / "out", "-q").stderr for _ in range(2)
    )
    assert first.count("hibari_process") == 1
    assert second == ""


def test_build_prints_one_json_object_and_keeps_progress_off_standard_output(
    article: Path, tmp_path: Path, cache: Path
) -> None:
    done = packager("build", article, "-o", tmp_path / "out", "--json", cache=cache)
    assert done.returncode == 0
    [package] = json.loads(done.stdout)["packages"]
    assert package["slug"] == "ferry"
    assert package["title"] == "The Ferry"
    assert package["language"] == "en"
    assert set(package["files"]) == {"epub", "narrated", "mp3", "vtt", "json"}
    assert all(Path(file).is_file() for file in package["files"].values())
    assert package["duration"] > 10
    assert package["sentences"] > 6
    assert package["omitted"] == []


def test_script_prints_what_will_be_said(article: Path, cache: Path) -> None:
    done = packager("script", article, "--json", cache=cache)
    script = json.loads(done.stdout)
    assert [set(sentence) >= {"id", "text", "spoken", "lang", "pause"} for sentence in script["sentences"]]
    assert "Nobody on board was in a hurry." in [sentence["text"] for sentence in script["sentences"]]
    assert script["omitted"] == []


def test_standard_input_is_an_article(tmp_path: Path, cache: Path) -> None:
    done = packager("epub", "-", "-o", tmp_path, "--json", cache=cache, stdin="# Tides\n\nThe sea *comes* and goes.\n")
    [package] = json.loads(done.stdout)["packages"]
    assert (package["slug"], package["title"]) == ("tides", "Tides")


def test_one_bad_article_does_not_stop_the_others(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.txt").write_text("")
    (tmp_path / "content" / "b.txt").write_text(ARTICLE)
    done = packager("epub", cache=cache, cwd=tmp_path)
    assert done.returncode == 3
    assert "“content/a.txt” is empty" in done.stderr
    assert (tmp_path / "build" / "b" / "b.epub").is_file()


def test_json_of_a_single_failing_article_names_it(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    done = packager("epub", tmp_path / "a.txt", "-o", tmp_path, "--json", cache=cache)
    [failed] = json.loads(done.stdout)["failed"]
    assert (done.returncode, failed["source"]) == (3, str(tmp_path / "a.txt"))
    assert "is empty" in failed["error"] and "is empty" in done.stderr


@pytest.mark.parametrize("name", ["x" * 5000, ""])
def test_a_name_that_no_file_can_have_is_refused(name: str, tmp_path: Path, cache: Path) -> None:
    for command in ("epub", "check"):
        done = packager(command, name, cache=cache, cwd=tmp_path)
        assert done.returncode in (2, 3), done.stderr[:200]
        assert done.stderr.count("Error: ") == 1


def test_a_wrong_epoch_is_said_plainly(article: Path, tmp_path: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "packager.cli.main", "build", str(article), "-o", str(tmp_path / "out")]
    environment = clean_environment(cache) | {"SOURCE_DATE_EPOCH": "soon"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "SOURCE_DATE_EPOCH is “soon”" in done.stderr) == (2, True)


def test_names_from_titles_and_files_stay_in_the_output_folder(tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "..odd ..name;$(x).md"
    source.write_text("---\ntitle: ../../escape\n---\nSome words to read.\n")
    assert packager("epub", source, "-o", tmp_path / "out", cache=cache).returncode == 0
    piped = packager("epub", "-", "-t", "../../../escape", "-o", tmp_path / "out", cache=cache, stdin="Some words.")
    assert piped.returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["escape", "odd-name-x"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, "out"])


def test_dry_run_makes_nothing(article: Path, tmp_path: Path, cache: Path) -> None:
    done = packager("build", article, "-o", tmp_path / "out", "--dry-run", cache=cache)
    assert "ferry.narrated.epub" in done.stdout
    assert not (tmp_path / "out").exists()


def test_settings_come_from_file_then_environment_then_options(article: Path, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "packager.toml").write_text('only = ["vtt"]\noutput = "from-file"\nspeed = 1.2\n')
    assert packager("build", article, cache=cache, cwd=tmp_path).returncode == 0
    assert [path.name for path in (tmp_path / "from-file" / "ferry").iterdir()] == ["ferry.vtt"]
    packager("build", article, "-o", "from-option", "--only", "mp3", cache=cache, cwd=tmp_path)
    assert [path.name for path in (tmp_path / "from-option" / "ferry").iterdir()] == ["ferry.mp3"]
    (tmp_path / "packager.toml").write_text("sped = 2\n")
    wrong = packager("build", article, cache=cache, cwd=tmp_path)
    assert (wrong.returncode, "“sped”, which is no setting" in wrong.stderr) == (2, True)


def test_a_failed_build_leaves_earlier_results_as_they_were(article: Path, tmp_path: Path, cache: Path) -> None:
    out = tmp_path / "out"
    assert packager("build", article, "-o", out, cache=cache).returncode == 0
    before = hashes(out)
    article.write_text(ARTICLE + "\nA new line that Google is to say.\n")
    done = subprocess.run(
        [sys.executable, "-m", "packager.cli.main", "build", str(article), "-o", str(out), "--engine", "gtts"],
        capture_output=True,
        text=True,
        env=clean_environment(cache) | {"HTTPS_PROXY": "http://127.0.0.1:9", "PACKAGER_GTTS_WAIT": "0"},
        timeout=120,
        check=False,
    )
    assert done.returncode == 4
    assert "Google" in done.stderr
    assert hashes(out) == before


def test_one_changed_sentence_is_spoken_alone(article: Path, tmp_path: Path) -> None:
    cache, out = tmp_path / "own-cache", tmp_path / "out"
    assert packager("build", article, "-o", out, cache=cache).returncode == 0
    clips, segments = set((cache / "clips").rglob("*.flac")), set((cache / "segments").rglob("*.mp3frames"))
    article.write_text(ARTICLE.replace("in a hurry", "in any hurry"))
    assert packager("build", article, "-o", out, cache=cache).returncode == 0
    assert len(set((cache / "clips").rglob("*.flac")) - clips) == 1
    assert len(set((cache / "segments").rglob("*.mp3frames")) - segments) == 1


def test_nothing_changed_speaks_and_encodes_nothing(article: Path, tmp_path: Path) -> None:
    cache, out = tmp_path / "own-cache", tmp_path / "out"
    assert packager("build", article, "-o", out, cache=cache).returncode == 0
    kept, made = hashes(cache), hashes(out)
    assert packager("build", article, "-o", out, cache=cache).returncode == 0
    assert hashes(cache) == kept
    assert hashes(out) == made


def test_cache_tells_what_it_holds_and_empties(article: Path, tmp_path: Path) -> None:
    cache = tmp_path / "own-cache"
    assert packager("audio", article, "-o", tmp_path / "out", cache=cache).returncode == 0
    info = json.loads(packager("cache", "info", "--json", cache=cache).stdout)
    assert info["clips"]["files"] > 5
    assert packager("cache", "prune", "--days", "30", cache=cache).stdout.startswith("Removed 0 files")
    assert packager("cache", "prune", "--all", cache=cache).returncode == 0
    assert json.loads(packager("cache", "info", "--json", cache=cache).stdout)["clips"]["files"] == 0


def test_broken_files_in_the_cache_are_made_again(article: Path, tmp_path: Path) -> None:
    cache = tmp_path / "own-cache"
    packager("audio", article, "-o", tmp_path / "first", cache=cache)
    for file in (path for path in cache.rglob("*") if path.is_file()):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2] if file.suffix == ".flac" else b"")
    assert packager("audio", article, "-o", tmp_path / "second", cache=cache).returncode == 0
    assert hashes(tmp_path / "first") == hashes(tmp_path / "second")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_killed_at_any_moment_the_next_build_equals_an_undisturbed_one(article: Path, tmp_path: Path) -> None:
    assert packager("build", article, "-o", tmp_path / "undisturbed", cache=tmp_path / "c0").returncode == 0
    whole = hashes(tmp_path / "undisturbed")
    chance = random.Random(7)
    for attempt in range(8):
        cache, out = tmp_path / f"c{attempt + 1}", tmp_path / f"out{attempt}"
        command = [sys.executable, "-m", "packager.cli.main", "build", str(article), "-o", str(out), "-q"]
        started = subprocess.Popen(command, env=clean_environment(cache))
        time.sleep(chance.uniform(0.2, 3.0))
        started.send_signal(signal.SIGKILL if attempt % 4 else signal.SIGINT)
        started.wait()
        left = hashes(out) if out.exists() else {}
        assert all(whole[name] == digest for name, digest in left.items() if not name.endswith(".part"))
        assert packager("build", article, "-o", out, cache=cache).returncode == 0
        assert hashes(out) == whole


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_interrupted_says_so_with_code_130(article: Path, tmp_path: Path) -> None:
    article.write_text("\n\n".join(f"Paragraph {number} says that {number} is a number." for number in range(3000)))
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "packager.cli.main", "build", str(article), "-o", str(tmp_path / "out")]
    started = subprocess.Popen(
        command, env=clean_environment(cache), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while started.poll() is None and not list(cache.rglob("*.flac")):
        time.sleep(0.1)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "Interrupted." in said and "Traceback" not in said
    assert not list((tmp_path / "out").rglob("*.epub"))


def test_without_a_network_everything_works_but_the_online_voice(article: Path, tmp_path: Path, cache: Path) -> None:
    cut_off = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*cut_off, "true"], capture_output=True, check=False).returncode:
        pytest.skip("unshare cannot cut the network off here")
    command = [*cut_off, sys.executable, "-m", "packager.cli.main", "build", str(article), "-o", str(tmp_path / "out")]
    environment = clean_environment(tmp_path / "cache")
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    online = subprocess.run(
        [*command, "--engine", "gtts"], env=environment, capture_output=True, text=True, check=False
    )
    assert online.returncode == 4
    assert "cannot be reached" in online.stderr


def test_disk_that_is_full_leaves_no_half_book(article: Path, tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs more rights")
    try:
        done = packager("build", article, "-o", folder, cache=cache)
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert not list(folder.rglob("*.part"))
        assert not list(folder.rglob("*.narrated.epub"))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_voices_say_writes_a_sound_file(tmp_path: Path, cache: Path) -> None:
    import soundfile

    file = tmp_path / "guten-morgen.wav"
    done = packager("voices", "say", "Guten Morgen.", "--language", "de", "-o", file, cache=cache)
    assert done.returncode == 0 and "espeak" in done.stdout
    assert soundfile.info(file).duration > 0.5


def test_doctor_is_content_with_a_whole_installation(cache: Path) -> None:
    report = json.loads(packager("doctor", "--json", cache=cache).stdout)
    needed = [part for part in report["parts"] if part["needed"]]
    assert needed and all(part["found"] for part in needed)
    # What only some of the ways out need is told as well, and is no fault where it is missing.
    others = {part["name"] for part in report["parts"] if not part["needed"]}
    assert "keyring for send" in others
    assert sys.platform != "linux" or "udisksctl for load --eject" in others


def test_a_command_that_cannot_begin_still_prints_one_object(cache: Path, tmp_path: Path) -> None:
    for command in (
        ["load", "-o", tmp_path / "nowhere"],
        ["check", tmp_path / "nowhere.epub"],
        ["serve", tmp_path / "nowhere"],
    ):
        done = packager(*command, "--json", cache=cache)
        told = json.loads(done.stdout)
        assert told["exit_code"] == done.returncode == 3
        assert "nowhere" in told["error"]
        assert told["error"] in done.stderr
