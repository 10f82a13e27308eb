"""The parts of the reader that one acts on: the bar of the player, and the dialogs for contents, settings and keys."""

from __future__ import annotations

from lxml import etree

from packager.delivery.web.interface import number, words
from packager.delivery.web.markup import E, direction_of, icon, icon_button

_SPEEDS = ("0.5", "0.6", "0.75", "0.9", "1", "1.1", "1.25", "1.5", "1.75", "2", "2.5", "3")
_SLEEP_MINUTES = (5, 10, 15, 30, 45, 60)

_RANGES = (
    # setting, least, most, step, at first
    ("size", "75", "400", "5", "100"),
    ("line", "1.2", "3", "0.1", "1.6"),
    ("letter", "0", "0.3", "0.01", "0"),
    ("word", "0", "1", "0.02", "0"),
    ("measure", "20", "90", "2", "34"),
)
_THEMES = ("system", "light", "sepia", "dark", "contrast")
_TYPEFACES = ("serif", "sans", "distinct", "mono")
_HIGHLIGHTS = ("marker", "underline", "frame")


def player_bar(sound: str, language: str, tag: dict[str, str]) -> etree._Element:
    """The player, in a language of the interface. Without scripts the browser's own controls are all of it."""
    own = words(language)
    progress = E.div(
        {"class": "progress needs-script"},
        E.span({"id": "elapsed", "class": "clock", "aria-hidden": "true"}, "0:00"),
        E.input({"type": "range", "id": "position", "min": "0", "max": "1", "step": "1", "value": "0"}),
        E.span({"id": "total", "class": "clock", "aria-hidden": "true"}, ""),
        E.select(
            {"id": "speed", "aria-label": own["speed"], "title": own["speed"], "autocomplete": "off", "dir": "ltr"},
            *(E.option({"value": speed, **_chosen(speed == "1")}, f"{number(speed, language)}×") for speed in _SPEEDS),
        ),
    )
    progress[1].set("aria-label", own["position"])
    play = icon_button("play", own["play"])
    play.append(icon("pause"))
    buttons = E.div(
        {"class": "buttons needs-script"},
        icon_button("open-contents", own["contents"], "contents", data_opens="contents"),
        icon_button("previous-block", own["previous_paragraph"]),
        icon_button("previous", own["previous_sentence"]),
        play,
        icon_button("next", own["next_sentence"]),
        icon_button("next-block", own["next_paragraph"]),
        icon_button("open-settings", own["settings"], "settings", data_opens="settings"),
    )
    back = E.button({"type": "button", "id": "back-to-voice", "hidden": "hidden"}, icon("voice"), own["back_to_voice"])
    notice = E.p({"id": "notice", "class": "needs-script", "hidden": "hidden"})
    audio = E.audio({"id": "audio", "src": sound, "preload": "metadata", "controls": "controls"})
    return E.section({"class": "bar", "aria-label": own["player"], **tag}, audio, back, notice, progress, buttons)


def contents_dialog(
    contents: etree._Element | None, own: dict[str, str], tag: dict[str, str], language: str
) -> etree._Element:
    """The table of contents; without scripts it stands on the page."""
    nav = E.nav({"aria-labelledby": "contents-title", "lang": language})
    if contents is not None:
        nav.append(contents)
    return _dialog("contents", own["contents"], own, tag, nav)


def settings_dialog(own: dict[str, str], tag: dict[str, str], with_sound: bool) -> etree._Element:
    """How the page looks and, where there is sound, how it reads."""
    form = E.form(
        {"id": "settings-form"},
        E.fieldset(
            {"class": "themes"},
            E.legend(own["theme"]),
            *(_radio("theme", theme, own[f"theme_{theme}"]) for theme in _THEMES),
        ),
        _select("typeface", own["typeface"], [(one, own[f"typeface_{one}"]) for one in _TYPEFACES]),
    )
    for name, least, most, step, first in _RANGES:
        form.append(
            E.p(
                {"class": "field"},
                E.label({"for": f"set-{name}"}, own[name]),
                E.input(
                    {"type": "range", "id": f"set-{name}", "name": name, "min": least, "max": most, "step": step}
                    | {"value": first}
                ),
                E.output({"for": f"set-{name}", "aria-hidden": "true"}),
            )
        )
    if with_sound:
        form.append(_select("highlight", own["highlight"], [(one, own[f"highlight_{one}"]) for one in _HIGHLIGHTS]))
        for name in ("follow", "single_keys", "skip_notes", "skip_tables"):
            form.append(_checkbox(name, own[name]))
        sleeps = [("off", own["sleep_off"])]
        sleeps += [(str(minutes), own["minutes"].format(n=minutes)) for minutes in _SLEEP_MINUTES]
        sleeps.append(("chapter", own["sleep_chapter"]))
        form.append(_select("sleep", own["sleep"], sleeps))
    form.append(E.p(E.button({"type": "button", "id": "reset"}, own["reset"])))
    return _dialog("settings", own["settings"], own, tag, form)


def keys_dialog(own: dict[str, str], tag: dict[str, str]) -> etree._Element:
    """What the keys do."""
    anywhere = (
        (f"{own['key_space']}, K", own["help_play"]),
        ("J, L", own["help_across"]),
        ("U, O", own["help_down"]),
        ("H", own["next_heading"]),
        ("Shift + H", own["previous_heading"]),
        ("−, +", own["help_speed"]),
        ("F", own["help_follow"]),
        ("T", own["contents"]),
        ("S", own["settings"]),
        ("?", own["keys"]),
    )
    in_text = (
        (own["key_enter"], own["help_enter"]),
        (own["key_arrows_across"], own["help_across"]),
        (own["key_arrows_down"], own["help_down"]),
        (own["key_ends"], own["help_ends"]),
    )
    return _dialog(
        "keys",
        own["keys"],
        own,
        tag,
        E.p(own["help_click"]),
        E.h3(own["help_text"]),
        E.p(own["help_text_how"]),
        _key_list(in_text),
        E.h3(own["help_anywhere"]),
        _key_list(anywhere),
        E.p(own["help_letters_off"]),
    )


def _dialog(
    name: str, title: str, own: dict[str, str], tag: dict[str, str], *content: etree._Element
) -> etree._Element:
    head = E.div(
        {"class": "sheet-head"},
        E.h2({"id": f"{name}-title"}, title),
        icon_button(f"close-{name}", own["close"], "close", data_closes=name, class_="needs-script"),
    )
    # Its own direction: in a text from right to left English words still run from left to right.
    attributes = {"id": name, "class": "sheet", "aria-labelledby": f"{name}-title", **tag}
    return E.dialog({**attributes, "dir": direction_of(tag["lang"])} if tag else attributes, head, *content)


def _key_list(rows: tuple[tuple[str, str], ...]) -> etree._Element:
    listing = E.dl({"class": "keys"})
    for keys, what in rows:
        listing.append(E.div(E.dt(E.kbd(keys)), E.dd(what)))
    return listing


def _radio(name: str, value: str, label: str) -> etree._Element:
    return E.label(
        {"class": f"swatch swatch-{value}"},
        E.input({"type": "radio", "name": name, "value": value}),
        E.span(label),
    )


def _checkbox(name: str, label: str) -> etree._Element:
    return E.p({"class": "check"}, E.label(E.input({"type": "checkbox", "name": name}), E.span(label)))


def _select(name: str, label: str, choices: list[tuple[str, str]]) -> etree._Element:
    return E.p(
        {"class": "field"},
        E.label({"for": f"set-{name}"}, label),
        E.select({"id": f"set-{name}", "name": name}, *(E.option({"value": value}, text) for value, text in choices)),
    )


def _chosen(yes: bool) -> dict[str, str]:
    return {"selected": "selected"} if yes else {}
