"""Fictional names of companies and people, Chinese and English mixed, each used once."""

from __future__ import annotations

import numpy as np

_ZH_FIRST = "禾岚翌澄昱蔚衡霁拓朔彦珩泓曦钧黎沐弘铄岑棠颢洵瑾骋峤溯筠邺璟"
_ZH_SECOND = "嵩舟禹弦川璞泽阁垣辰霖野屿渡谷砚原汀野峰桥瑞林序塔舷棣柯岭湾"
_ZH_TRADE = {
    "Finance": "金服",
    "Manufacturing": "智造",
    "Retail": "商贸",
    "Healthcare": "医疗科技",
    "Logistics": "供应链",
    "Education": "教育科技",
}
_EN_FIRST = (
    "Bel",
    "Cor",
    "Dra",
    "Fen",
    "Gal",
    "Hol",
    "Jun",
    "Kel",
    "Lor",
    "Mir",
    "Nor",
    "Oak",
    "Pel",
    "Quil",
    "Ros",
    "Sol",
    "Tam",
    "Ul",
    "Ver",
    "Wen",
    "Yar",
    "Zel",
)
_EN_SECOND = (
    "vanta",
    "mere",
    "dine",
    "brook",
    "gate",
    "hurst",
    "lumen",
    "march",
    "nova",
    "ridge",
    "stead",
    "thorpe",
    "vale",
    "wick",
    "field",
    "combe",
    "crest",
    "fjord",
)
_EN_TRADE = {
    "Finance": "Capital",
    "Manufacturing": "Works",
    "Retail": "Stores",
    "Healthcare": "Clinics",
    "Logistics": "Freight",
    "Education": "Academies",
}
_SURNAMES = "林陈沈顾江陆方宋叶贺韩温季苏程魏汪邵柳纪"
_GIVEN = (
    "一禾",
    "子珩",
    "若溪",
    "景行",
    "知微",
    "清越",
    "亦舟",
    "望舒",
    "星野",
    "念初",
    "书言",
    "可岑",
    "予安",
    "怀瑾",
    "思远",
    "听澜",
)
_EN_GIVEN = (
    "Mara",
    "Tobin",
    "Iris",
    "Callum",
    "Noor",
    "Petra",
    "Dario",
    "Signe",
    "Owen",
    "Talia",
    "Bram",
    "Celine",
    "Ravi",
    "Hedda",
    "Luca",
    "Anouk",
)
_EN_FAMILY = (
    "Aldane",
    "Brightwell",
    "Corvane",
    "Drexmoor",
    "Ellsander",
    "Fennick",
    "Garrowby",
    "Hathersedge",
    "Ivorsen",
    "Jessamy",
    "Kestrelle",
    "Lindqvane",
)


def company_names(rng: np.random.Generator, industries: list[str]) -> list[str]:
    """A distinct company name for each industry given; two in three are Chinese."""
    chinese = [a + b for a in _ZH_FIRST for b in dict.fromkeys(_ZH_SECOND) if a != b]
    english = [a + b for a in _EN_FIRST for b in _EN_SECOND]
    suffixes_zh, suffixes_en = (
        ("有限公司", "股份有限公司", "集团"),
        ("Ltd", "Group", "International"),
    )
    zh_order, en_order = rng.permutation(len(chinese) * 3), rng.permutation(len(english) * 3)
    is_chinese = rng.random(len(industries)) < 0.67
    names, used = [], set()
    zh, en = iter(zh_order), iter(en_order)
    for trade, in_chinese in zip(industries, is_chinese, strict=True):
        while True:
            if in_chinese:
                k = int(next(zh, rng.integers(len(chinese) * 3)))
                name = f"{chinese[k // 3]}{_ZH_TRADE[trade]}{suffixes_zh[k % 3]}"
            else:
                k = int(next(en, rng.integers(len(english) * 3)))
                name = f"{english[k // 3]} {_EN_TRADE[trade]} {suffixes_en[k % 3]}"
            if name not in used:
                break
        used.add(name)
        names.append(name)
    return names


def person_names(rng: np.random.Generator, n: int) -> list[str]:
    """``n`` distinct names of people; about half are Chinese."""
    pool = [f"{a}{b}" for a in _SURNAMES for b in _GIVEN] + [
        f"{a} {b}" for a in _EN_GIVEN for b in _EN_FAMILY
    ]
    return [pool[k] for k in rng.permutation(len(pool))[:n]]
