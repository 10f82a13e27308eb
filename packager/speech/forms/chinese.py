"""Chinese in simplified and traditional characters. Years are read digit by digit; "2" before a measure word is 两.

The numerals are made here, for num2words has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from packager.speech.forms.han import HanTongue, rules_of
from packager.speech.forms.rule import Rule, rule
from packager.speech.forms.tongue import words

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_MEASURES = (
    "个個名位年天次人家条條件种種岁歲小分点點倍台辆輛本张張只隻座所场場项項国國周週"
    "元美欧歐英米公吨噸千万萬亿億双雙届屆代笔筆架艘枚份部段句头頭匹间間轮輪"
)
_TRADITIONAL = str.maketrans("万亿两点负摄时钟吨华欧镑圆兆赫", "萬億兩點負攝時鐘噸華歐鎊圓兆赫")


class _Chinese(HanTongue):
    point, minus, to, versus, percent = "点", "负", "到", "比", "百分之{}"
    scales = "十百千万亿萬億"
    fractions = words("""
        ½: 二分之一
        ¼: 四分之一
        ¾: 四分之三
        ⅓: 三分之一
        ⅔: 三分之二
    """)
    money = words("""
        $: 美元
        €: 欧元
        £: 英镑
        ¥: 元
        ￥: 元
        CNY: 元
        JPY: 日元
    """)
    units = words("""
        ‰: 千分之{}
        ℃: {}摄氏度
        °C: {}摄氏度
        °F: {}华氏度
        °: {}度
        km/h: 每小时{}公里
        公里/小时: 每小时{}公里
        km²: {}平方公里
        km2: {}平方公里
        m²: {}平方米
        m2: {}平方米
        m³: {}立方米
        km: {}公里
        cm: {}厘米
        mm: {}毫米
        m: {}米
        kg: {}公斤
        mg: {}毫克
        g: {}克
        t: {}吨
        L: {}升
        ml: {}毫升
        mL: {}毫升
        kW: {}千瓦
        MW: {}兆瓦
        GHz: {}吉赫
        MHz: {}兆赫
    """)

    def own_rules(self) -> tuple[Rule, ...]:
        digit_by_digit = self.one_by_one
        return (
            rule("below zero", r"(?<![A-Za-z\d)\]）])[-−–](?=\d+(?:\.\d+)?\s?(?:℃|°C|摄氏度|攝氏度))", "零下"),
            rule("short year", r"(?<!\d)\d\d(?=年\d{1,2}月)|\d0(?=后|後)", lambda match: digit_by_digit(match[0])),
            rule("place in a row", r"(?<=第)2(?![\d.,])", "二"),
        )

    def cardinal(self, number: int, after: str = "") -> str:
        if number == 2 and after[:1] and after[0] in _MEASURES and after[:2] != "年级":
            return "两"
        return _in_characters(number)

    def year(self, number: int) -> str:
        return self.one_by_one(str(number))

    def time(self, hour: int, minute: int) -> str:
        said = f"{self.cardinal(hour, '点')}点"
        if not minute:
            return said
        return f"{said}{'零' if minute < 10 else ''}{self.cardinal(minute)}分"


def _in_characters(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    said, gap = "", False
    groups = [int(group) for group in re.findall(r"\d{1,4}(?=(?:\d{4})*$)", str(number))]
    for place, group in zip(reversed(range(len(groups))), groups, strict=True):
        gap = bool(said) and (gap or group < 1000)
        if group:
            said += (_DIGITS[0] if gap else "") + _group(group, place) + _GROUPS[place]
            gap = False
    return re.sub(r"^一十", "十", said)


def _group(number: int, place: int) -> str:
    if number == 2 and place:
        return "两"
    said, gap = "", False
    for power in reversed(range(4)):
        digit = number // 10**power % 10
        if digit:
            said += (
                (_DIGITS[0] if gap else "") + ("两" if digit == 2 and power == 3 else _DIGITS[digit]) + _PLACES[power]
            )
        gap = bool(said) and not digit
    return said


def _in_traditional(table: Mapping[str, str]) -> dict[str, str]:
    return {key: said.translate(_TRADITIONAL) for key, said in table.items()}


class _Traditional(_Chinese):
    point, minus = "點", "負"
    money = _in_traditional(_Chinese.money)
    units = _in_traditional(_Chinese.units)

    def cardinal(self, number: int, after: str = "") -> str:
        return super().cardinal(number, after).translate(_TRADITIONAL)

    def time(self, hour: int, minute: int) -> str:
        return super().time(hour, minute).translate(_TRADITIONAL)


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for Chinese; Taiwan, Hong Kong and Macau write traditional characters."""
    parts = language.split("-")
    traditional = "Hant" in parts or ("Hans" not in parts and bool({"TW", "HK", "MO"}.intersection(parts)))
    return rules_of(_Traditional("zh_Hant") if traditional else _Chinese("zh"))
