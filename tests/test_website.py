"""`build --only web`: one folder of static files with the page of every article on the shelf."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Packager

from packager.errors import ExitCode

ARTICLE = """# {title}

The ferry left at seven, as it had for forty years. Nobody on board was in a hurry.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, title in (("ferry", "The Ferry"), ("web", "The Spider")):
        (folder / f"{name}.md").write_text(ARTICLE.format(title=title))
    return folder


def test_the_site_has_every_article_with_its_text_and_its_sound(packager: Packager, articles: Path) -> None:
    built = packager("build", articles, "--only", "web", "-o", "out", "--json", folder=articles)
    assert built.returncode == ExitCode.GOOD, built.stderr
    (site,) = json.loads(built.stdout)["websites"]
    index = articles / site["index"]
    # An article called “web” gives way to the folder of the site.
    assert sorted(site["slugs"]) == ["ferry", "web-article"]
    listed = index.read_text()
    for slug, title in (("ferry", "The Ferry"), ("web-article", "The Spider")):
        assert title in listed and f"{slug}/" in listed
        page = (index.parent / slug / "index.html").read_text()
        assert "Nobody on board was in a hurry." in page
        made = (articles / "out" / slug / f"{slug}.mp3").read_bytes()
        assert (index.parent / slug / f"{slug}.mp3").read_bytes() == made


def test_a_dry_run_tells_of_the_site_and_makes_nothing(packager: Packager, articles: Path) -> None:
    plan = packager("build", articles, "--only", "web", "-o", "out", "--dry-run", "--json", folder=articles)
    assert json.loads(plan.stdout)["websites"] == [str(Path("out", "web", "index.html"))]
    book = packager("build", articles, "--as-book", "Two Pieces", "--only", "web", "--dry-run", folder=articles)
    assert str(Path("build", "web", "index.html")) in book.stdout
    assert "Two Pieces would give:" in book.stdout
    silent = packager("build", articles, "--only", "epub", "--dry-run", "--json", folder=articles)
    assert json.loads(silent.stdout)["websites"] == []
    assert not (articles / "out").exists()


def test_a_damaged_book_is_left_out_and_told_and_the_next_build_forgets_what_is_gone(
    packager: Packager, articles: Path
) -> None:
    packager("build", articles, "--only", "web", "-o", "out", folder=articles)
    site = articles / "out" / "web"
    (articles / "out" / "web-article" / "web-article.narrated.epub").write_bytes(b"torn")
    (site / "mine.txt").write_text("put there by somebody else")
    built = packager("build", "ferry.md", "--only", "web", "-o", "out", folder=articles)
    assert built.returncode == ExitCode.GOOD, built.stderr
    assert "web-article" in built.stderr
    assert (site / "ferry" / "index.html").is_file()
    assert not (site / "web-article").exists()
    assert (site / "mine.txt").is_file()


def test_the_copies_on_the_site_are_not_checked_a_second_time(packager: Packager, articles: Path) -> None:
    packager("build", "ferry.md", "--only", "web", "-o", "out", folder=articles)
    checked = packager("check", "out", "--json", folder=articles)
    files = [Path(one["file"]) for one in json.loads(checked.stdout)["files"]]
    assert files and not [file for file in files if "web" in file.parts]
