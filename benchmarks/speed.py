"""How long packager takes, beside what it is promised to be measured by (see README.md).

python benchmarks/speed.py [ARTICLE] [--only help,epub,narration] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from common import PACKAGER, ROOT, Row, Surroundings, cores, interleaved, load, table

ARTICLE = ROOT / "content" / "how-a-page-is-heard.md"
ENGINES = {"hibari", "onnxruntime", "numpy", "scipy", "gtts", "piper"}
LIBRARIES = {
    "lxml",
    "ebooklib",
    "PIL",
    "markdown_it",
    "nh3",
    "yaml",
    "babel",
    "mutagen",
    "lameenc",
    "soundfile",
}
ENGINE_PROCESS = "hibari_process"

Facts = dict[str, object]
Result = tuple[list[Row], Facts]


def measure_help(around: Surroundings, article: Path, runs: int) -> Result:
    """The start of the program: `packager --help` beside `import click`."""
    bare = [sys.executable, "-c", "import click"]
    times = interleaved(
        {"help": lambda: around.seconds([PACKAGER, "--help"]), "click": lambda: around.seconds(bare)}, runs
    )
    wrong = sorted(imported(around, [PACKAGER, "--help"]) & (ENGINES | LIBRARIES))
    rows = [
        Row("import click", times["click"]),
        Row("packager --help", times["help"], times["click"], "import click", limit=1.5, longest=0.150),
    ]
    return rows, {"engines_and_libraries_loaded_for_help": wrong}


def measure_epub(around: Surroundings, article: Path, runs: int) -> Result:
    """The text EPUB beside pandoc's of the same file, which has no cover and no report on accessibility."""
    import pypandoc

    pandoc = pypandoc.get_pandoc_path()
    if int(str(pypandoc.get_pandoc_version()).split(".")[0]) < 3:
        raise SystemExit("This needs pandoc 3: pip install pypandoc_binary")
    around.output.mkdir(exist_ok=True)
    plain = [pandoc, "-f", "markdown", "-t", "epub3", "--resource-path", str(article.parent), str(article)]
    plain += ["-o", str(around.output / "pandoc.epub")]
    ours = [PACKAGER, "epub", str(article), "-o", str(around.output), "-q"]
    times = interleaved({"ours": lambda: around.seconds(ours), "pandoc": lambda: around.seconds(plain)}, runs)
    rows = [
        Row("pandoc", times["pandoc"]),
        Row("packager epub", times["ours"], times["pandoc"], "pandoc", limit=1.0),
    ]
    return rows, {"pandoc": str(pypandoc.get_pandoc_version())}


def measure_narration(around: Surroundings, article: Path, runs: int) -> Result:
    """A whole build beside the engine alone; then with nothing changed, and with one sentence changed."""
    sentences, others = sentences_of(around, article)
    list_file = around.folder / "sentences.json"
    list_file.write_text(json.dumps(sentences), "utf-8")
    alone = [sys.executable, str(Path(__file__).with_name("engine_alone.py")), str(list_file)]
    alone += ["--threads", str(cores())]
    build = [PACKAGER, "build", str(article), "-o", str(around.output), "-q"]
    original = article.read_text("utf-8")
    made_again: list[int] = []
    made_for_change: list[int] = []
    changes = 0

    def cold() -> float:
        article.write_text(original, "utf-8")
        shutil.rmtree(around.cache, ignore_errors=True)
        return around.seconds(build)

    def unchanged() -> float:
        before = kept_files(around.cache)
        seconds = around.seconds(build)
        made_again.append(len(kept_files(around.cache) - before))
        return seconds

    def changed() -> float:
        nonlocal changes
        changes += 1
        article.write_text(with_one_sentence_changed(original, changes), "utf-8")
        before = kept_files(around.cache)
        seconds = around.seconds(build)
        new = kept_files(around.cache) - before
        made_for_change.append(sum(name.endswith(".flac") for name, _ in new))
        return seconds

    def all_builds(times: dict[str, list[float]]) -> None:
        for name, measure in {"cold": cold, "unchanged": unchanged, "changed": changed}.items():
            times[name].append(measure())

    times = in_turn_with(all_builds, lambda: around.seconds(alone), runs)
    article.write_text(original, "utf-8")
    cold()
    engine_started = ENGINE_PROCESS in started(around, build[1:])
    rows = [
        Row("engine alone", times["alone"]),
        Row("packager build", times["cold"], times["alone"], "the engine alone", limit=1.25),
        Row("  one sentence changed", times["changed"], times["cold"], "a whole build", limit=0.25),
        Row("  nothing changed", times["unchanged"], times["cold"], "a whole build"),
    ]
    facts: Facts = {
        "sentences": len(sentences),
        "sentences_with_words_by_other_voices": others,
        "cache_files_written_when_nothing_changed": max(made_again),
        "engine_started_when_nothing_changed": engine_started,
        "clips_spoken_when_one_sentence_changed": max(made_for_change),
    }
    return rows, facts


def in_turn_with(
    builds: Callable[[dict[str, list[float]]], None], alone: Callable[[], float], runs: int
) -> dict[str, list[float]]:
    """The builds, which need their order, and the engine alone, now before them and now behind."""
    times: dict[str, list[float]] = {"cold": [], "unchanged": [], "changed": [], "alone": []}
    for number in range(-1, runs):
        if number == 0:
            times = {name: [] for name in times}
        if number % 2:
            times["alone"].append(alone())
        builds(times)
        if not number % 2:
            times["alone"].append(alone())
    return times


def sentences_of(around: Surroundings, article: Path) -> tuple[list[str], int]:
    """What packager gives to hibari for this article, one text a sentence, and how many sentences others say."""
    script = json.loads(around.output_of([PACKAGER, "script", str(article), "--json"]))["sentences"]
    by_hibari = [one["spoken"] for one in script if all(voice.startswith("hibari/") for voice in one["voices"])]
    if not by_hibari:
        raise SystemExit("hibari speaks nothing of this article; it is for English alone.")
    return by_hibari, len(script) - len(by_hibari)


def with_one_sentence_changed(text: str, number: int) -> str:
    """The text with another last sentence in the middle one of its paragraphs."""
    lines = text.split("\n")
    paragraphs = [index for index, line in enumerate(lines) if re.match(r"[A-Z“].{80,}\.$", line)]
    chosen = paragraphs[len(paragraphs) // 2]
    lines[chosen] = f"{lines[chosen][:-1]}, in version {number}."
    return "\n".join(lines)


def kept_files(cache: Path) -> set[tuple[str, int]]:
    """Every file of the cache with its inode: one that is written anew under the same name has another."""
    return {(path.name, path.stat().st_ino) for path in cache.rglob("*") if path.is_file()}


def imported(around: Surroundings, command: list[str]) -> set[str]:
    """The top-level packages that a Python program loads."""
    told = around.run([sys.executable, "-X", "importtime", *command]).stderr
    names = [line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")]
    return {name.partition(".")[0] for name in names}


def started(around: Surroundings, arguments: list[str]) -> str:
    """The command lines of the processes that packager starts."""
    program = (
        "import sys; from packager.cli.main import main; "
        "sys.addaudithook(lambda event, what: event == 'subprocess.Popen' and print(what[1], file=sys.stderr)); main()"
    )
    return around.run([sys.executable, "-c", program, *arguments]).stderr


def copied(article: Path, folder: Path) -> Path:
    """The article and the pictures it names, in a folder where it may be changed."""
    copy = folder / article.name
    copy.parent.mkdir(parents=True)
    shutil.copyfile(article, copy)
    for name in re.findall(r"\]\(([^)\s]+)", copy.read_text("utf-8")):
        picture = article.parent / name
        if picture.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, folder / name)
    return copy


MEASURES: dict[str, tuple[Callable[[Surroundings, Path, int], Result], int]] = {
    "help": (measure_help, 21),
    "epub": (measure_epub, 9),
    "narration": (measure_narration, 5),
}


def main() -> None:
    """Measure, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("article", nargs="?", type=Path, default=ARTICLE)
    parser.add_argument("--only", default=",".join(MEASURES), help="of help, epub, narration")
    parser.add_argument("--runs", type=int, help="how often each is measured, instead of 21, 9 and 5 times")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows: list[Row] = []
    facts: Facts = {"article": options.article.name, "load_before": load()}
    with TemporaryDirectory(prefix="packager-speed-") as name:
        around = Surroundings(Path(name))
        article = copied(options.article, around.folder / "content")
        for chosen in options.only.split(","):
            measure, runs = MEASURES[chosen]
            found_rows, found_facts = measure(around, article, options.runs or runs)
            rows += found_rows
            facts |= found_facts
    facts["load_after"] = load()
    if options.json:
        print(json.dumps({"facts": facts, "measures": [row.as_json() for row in rows]}, indent=2))
        return
    print(table(rows))
    for key, value in facts.items():
        print(f"{key.replace('_', ' ')}: {value}")


if __name__ == "__main__":
    main()
