"""Japanese. Numbers become kanji, with 万 and 億; how they sound before a counter (三本, 一人) is left to the engine."""

from __future__ import annotations

from packager.speech.forms import numerals
from packager.speech.forms.han import HanTongue, rules_of
from packager.speech.forms.rule import Rule
from packager.speech.forms.tongue import words


class _Japanese(HanTongue):
    point, minus, to, versus, percent = "点", "マイナス", "から", "対", "{}パーセント"
    scales = "十百千万億兆"
    fractions = words("""
        ½: 二分の一
        ¼: 四分の一
        ¾: 四分の三
        ⅓: 三分の一
        ⅔: 三分の二
    """)
    money = words("""
        $: ドル
        €: ユーロ
        £: ポンド
        ¥: 円
        ￥: 円
        JPY: 円
        CNY: 元
    """)
    units = words("""
        ‰: {}パーミル
        ℃: {}度
        °C: {}度
        °F: 華氏{}度
        °: {}度
        km/h: 時速{}キロメートル
        km²: {}平方キロメートル
        km2: {}平方キロメートル
        m²: {}平方メートル
        m2: {}平方メートル
        m³: {}立方メートル
        ㎡: {}平方メートル
        km: {}キロメートル
        ㎞: {}キロメートル
        cm: {}センチメートル
        mm: {}ミリメートル
        m: {}メートル
        kg: {}キログラム
        ㎏: {}キログラム
        mg: {}ミリグラム
        g: {}グラム
        t: {}トン
        L: {}リットル
        ml: {}ミリリットル
        mL: {}ミリリットル
        kW: {}キロワット
        MW: {}メガワット
        kWh: {}キロワット時
        MB: {}メガバイト
        GB: {}ギガバイト
        TB: {}テラバイト
        MHz: {}メガヘルツ
        GHz: {}ギガヘルツ
    """)

    def cardinal(self, number: int, after: str = "") -> str:
        return numerals.cardinal(number, "ja")

    def year(self, number: int) -> str:
        return self.cardinal(number)

    def time(self, hour: int, minute: int) -> str:
        return f"{self.cardinal(hour)}時{self.cardinal(minute)}分" if minute else f"{self.cardinal(hour)}時"


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Japanese."""
    return rules_of(_Japanese("ja"))
