"""The form of a surrogate: numbers, addresses on the net and places keep the shape in which the original came.

Decides what of a value may stay: separators, the kind of a place ("General Hospital", "Street", 路), states, a telephone's
country code. Numbers get forms that no one holds where such exist (telephones 555-01xx, social security numbers from
900 on). Knows nothing of keys; all draws come from the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.records.deid.chinese import PROVINCES
from rag.records.deid.numbers import citizen
from rag.records.deid.shift import shifted
from rag.records.deid.types import Category

# Invented names and places, none taken from any record. Given names by gender, two for each letter that most begin with;
# surnames and towns are a beginning and an ending, so that there are hundreds of each and of several lengths.
FEMALE = """Agnes Alice Audrey Beatrice Bettina Bridget Carla Celia Clarice Daphne Delia Doreen Edith Elena Elspeth Fiona Flora Frances Georgia Gillian Gwen Harriet Hazel Helga
Irene Ingrid Isobel Janet Josie Judith Karen Katrin Kirsten Laura Lena Lydia Marion Martha Mona Nadia Nancy Nora Olga Olive Paula Phoebe Polly Rhoda Roberta Rosalind
Selina Sonia Stella Tabitha Tessa Thelma Ursula Valerie Vera Viola Wanda Wilma Winifred Yvonne Zelda Zita""".split()  # fmt: skip
MALE = """Albert Alvin Arnold Basil Bernard Byron Cedric Clifford Conrad Dennis Desmond Douglas Edgar Edmund Ernest Felix Floyd Fergus Gerald Gilbert Gordon Harold Hector Hugo
Ian Irving Isaac Jasper Jerome Julian Keith Kenneth Kurt Lambert Leonard Lionel Magnus Martin Maurice Neville Nigel Norman Oliver Oscar Otto Percy Perry Philip Ralph Roland Rupert
Sidney Silas Stuart Theodore Tobias Trevor Ulric Victor Vincent Walter Warren Wilfred Yorick Zachary Zeno""".split()  # fmt: skip
# Surnames and towns begin with these; the endings tell which is which.
_BEGIN = "Ald Ash Ath Bar Beck Birch Brad Cal Chad Col Dal Dray Dun East Ed Elm Fair Fen Frod Gar Glen Grim Hal Har Hath Ing Ivel Jar Jessel Kel Kes Kirk Lang Lin Lox Mal Mar Mil Nether Nor Oak Orm Pem Pen Prest Quar Rad Ros Rush Sel Stan Stock Tar Thorn Til Under Up Ver Wal Wend Whit Yar Yel Zel".split()  # fmt: skip
_SURNAME = "by ton man ley er ford sen low well stead more shaw worth field ridge combe bourne bottom thwaite".split()
_TOWN = "ton ham wick bury port ford dale ville haven mouth burgh stone field bridge minster hampton borough market".split()  # fmt: skip
SURNAMES = [a + b for a in _BEGIN for b in _SURNAME]
TOWNS = [a + b for a in _BEGIN for b in _TOWN]
STREETS = "Alder Birch Clover Dogwood Evergreen Foxtail Goldenrod Hazel Ironwood Jasmine Larch Meadow Nettle Orchard Poplar Quince Rowan Spruce Thistle Violet".split()
ZH_SURNAMES = "林方宋白江叶温简秋余"
ZH_GIVEN = "知远书宁若川云舒青禾星野听澜望舒长风采薇景行怀瑾"
ZH_TOWNS = "青川 云溪 临江 白石 松河 南浦 望海 清泉 柳湖 石桥 竹山 平湖".split()
ZH_ROADS = "春晖 晨光 翠竹 映月 松涛 远山 梧桐 清风 朝霞 银杏 玉兰 紫荆".split()

_HAN = re.compile("[\u4e00-\u9fff]")
_AMERICAN = re.compile(r"(\+?1?[ .-]?\(?)\d{3}(\)?[ .-]{0,2})\d{3}([ .-]?)\d{4}(?!\d)(.*)", re.S)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|[0-9A-Fa-f:]{8,45}")
# Words of a place that say what it is, not which.
_KIND = frozenset("""
street st avenue ave av road rd lane ln drive dr boulevard blvd court ct way place pl terrace ter parkway pkwy highway hwy circle cir square sq trail trl crescent close alley plaza loop row mews walk
route north south east west n s e w ne nw se sw apt apartment unit suite ste room rm floor fl flat building bldg lot po p o box of the and at de du in near
hospital medical center centre clinic infirmary health hospice nursing home system healthcare university college high elementary middle school pharmacy rehabilitation general memorial regional community
children's childrens veterans county district teaching city family urgent care emergency department inc llc ltd gmbh corporation corp company co group services service industries international bank
foods systems partners associates stores store market hotel restaurant
""".split()) - {""}  # fmt: skip
_STATE = re.compile(
    r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)
_TOKEN = re.compile(r"\d+|[^\W\d_](?:[^\W\d_]|['\-](?=[^\W\d_]))*")
_STREET_NEXT = re.compile(r"(?i)[ ](?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way)\b")
_ZH_KIND = rf"(?:(?:{'|'.join(PROVINCES)})(?=省|自治区|壮|回|维)|第[一二三四五六七八九十]|人民|中心|中医|附属|妇幼保健|儿童|肿瘤|协和|口腔|眼科|有限|股份|科技|医院|卫生院|诊所|卫生所|大学|学院|中学|小学|公司|集团|工厂|银行|超市|省|市|自治区|区|县|镇|乡|村|大道|大街|路(?![区县市])|街|道(?![区县])|巷|弄|号楼|号|栋|幢|座|单元|室|层|楼(?![区县市镇])|小区|花园)"
_ZH_PIECE = re.compile(rf"(?P<kind>{_ZH_KIND}+)|(?P<number>\d+)|(?P<name>(?:(?!{_ZH_KIND})[\u4e00-\u9fff]){{1,12}})")


def same_shape(value: str, draw: bytes) -> str:
    """Other digits for digits (a first digit that is not 0 stays so), other letters for letters, in their case."""
    numbers = list(draw) * (1 + len(value) // 16)
    new = [_same_kind(c, n + 7 * i) for i, (c, n) in enumerate(zip(value, numbers, strict=False))]
    if value[:1].isdigit() and value[0] != "0" and new[0] == "0":
        new[0] = str(1 + draw[-1] % 9)
    return "".join(new)


def _same_kind(char: str, number: int) -> str:
    if char.isdigit():
        return str(number % 10)
    if char.isascii() and char.isalpha():
        return chr((65 if char.isupper() else 97) + number % 26)
    return char


def number(original: str, category: Category, days: int, draw: bytes) -> str:
    """A surrogate of the category in the original's form. days: by how many the patient's dates move."""
    if category == "name":
        return _zh_name(original, draw)
    if category == "email":
        return f"{same_shape(original.partition('@')[0], draw) if '@' in original else draw.hex()[:10]}@example.org"
    if category == "url":
        return _url(original, draw)
    if category == "ip":
        return f"10.{draw[0]}.{draw[1]}.{draw[2]}" if "." in original else f"fd00::{draw.hex()[:4]}:{draw.hex()[4:8]}"
    if m := re.fullmatch(r"((?:\+?86[- ]?)?1)[3-9](\d[- ]?\d{4}[- ]?\d{4})", original):
        return f"{m[1]}{3 + draw[0] % 7}{same_shape(m[2], draw[1:])}"
    if category in ("phone", "fax") and (m := _AMERICAN.fullmatch(original)):
        rest = same_shape(m[4], draw[8:])
        return f"{m[1]}{2 + draw[0] % 8}{draw[1] % 100:02}{m[2]}555{m[3]}01{draw[2] % 100:02}{rest}"
    if category == "ssn" and re.fullmatch(r"\d{3}([ -]?)\d{2}\1\d{4}", original):
        return "9" + same_shape(original, draw)[1:]
    if category == "ssn" and re.fullmatch(r"\d{17}[\dXx]", original):
        return _citizen(original, days, draw)
    if category == "device" and _MAC.fullmatch(original) and ":" in original:
        return re.sub(r"[0-9A-Fa-f]", lambda m: f"{draw[m.start() % 32] % 16:x}", original)
    country = re.match(r"\+\d{1,3}(?=[ .-])", original) if category in ("phone", "fax") else None
    kept = country.group() if country else ""
    return kept + same_shape(original[len(kept) :], draw)


def _zh_name(original: str, draw: bytes) -> str:
    given = [ZH_GIVEN[n % len(ZH_GIVEN)] for n in draw[1 : len(original)]]
    return ZH_SURNAMES[draw[0] % len(ZH_SURNAMES)] + "".join(given)


def _url(original: str, draw: bytes) -> str:
    m = re.match(r"(?i)(https?://|ftp://)?(www\.)?[^/\s]*(/.*)?", original, re.S)
    scheme, www, path = m.groups() if m else (None, None, None)
    return f"{scheme or ''}{www or ''}{draw.hex()[:8]}.example.org{same_shape(path or '', draw)}"


def _citizen(original: str, days: int, draw: bytes) -> str:
    """Its birth date is moved like the others; the check character is wrong, so that nobody has the number."""
    body = same_shape(original[:6], draw) + shifted(original[6:14], days=days) + same_shape(original[14:17], draw[8:])
    return body + next(c for c in "0123456789" if not citizen(body + c))


def place(original: str, *, proper: Callable[[str, list[str]], str], number: Callable[[str], str]) -> str:
    """The place with its proper words and numbers replaced. proper: of the words that say which place it is, and the
    pool that fits. number: of digits."""
    if _HAN.search(original):
        return _zh_place(original, proper, number)
    pieces, at = [], 0
    for start, end, words in _proper(original):
        pieces += [original[at:start]]
        if words.isdigit():
            pieces.append(number(words))
        else:
            pool = STREETS if _STREET_NEXT.match(original, end) else TOWNS
            pieces.append(proper(words, pool))
        at = end
    return "".join([*pieces, original[at:]])


def _proper(original: str) -> list[tuple[int, int, str]]:
    """Numbers, and runs of words that are of no kind. Postal codes of letters and digits count as letters."""
    found: list[tuple[int, int, str]] = []
    for m in _TOKEN.finditer(original):
        if not m.group().isdigit():
            if m.group().lower() in _KIND and _needed(original, m):
                continue
            if _STATE.fullmatch(m.group()) and m.start() and original[: m.start()].rstrip().endswith(","):
                continue
            if found and not found[-1][2].isdigit() and set(original[found[-1][1] : m.start()]) <= set(" .'-&"):
                found[-1] = (found[-1][0], m.end(), original[found[-1][0] : m.end()])
                continue
        found.append((m.start(), m.end(), m.group()))
    return found


def _needed(original: str, m: re.Match[str]) -> bool:
    """Whether a word of a kind stays: not when it is all that the place has ("Market"), nor "St" of a saint."""
    words = [w for w in re.findall(r"[^\W\d_]+", original) if w.lower() not in _KIND]
    return bool(words) or len(original) > len(m.group())


def _zh_place(original: str, proper: Callable[[str, list[str]], str], number: Callable[[str], str]) -> str:
    def piece(m: re.Match[str]) -> str:
        if m["kind"]:
            return m["kind"]
        if m["number"]:
            return number(m["number"])
        road = re.match("大道|大街|路|街|道|巷|弄", original[m.end() :])
        return proper(m["name"], ZH_ROADS if road else ZH_TOWNS)

    new = _ZH_PIECE.sub(piece, original)
    return new if new != original else f"{proper(original, ZH_TOWNS)}市"
