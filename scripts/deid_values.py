"""Draws the values that stand for `[kind]` in a wording: invented numbers, dates, names, addresses, English and Chinese.

Decides the shape of each kind and, for names, the forms in which one person is written. All from the caller's generator.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

from scripts.deid_people import STATES, Pools, Somebody, address, digits, part_of, somebody

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
HOLIDAYS = [
    "Christmas",
    "Thanksgiving",
    "Labor Day",
    "Easter",
    "New Year's Day",
    "the Fourth of July",
    "Halloween",
    "Memorial Day",
]
_HOSPITAL = [
    "General Hospital",
    "Medical Center",
    "Community Hospital",
    "Regional Medical Center",
    "Clinic",
    "Memorial Hospital",
]
_PHOTO = [
    "Full-face photograph",
    "Photograph of the patient",
    "Facial photo",
    "Photo of her face",
    "Patient photograph",
]
_AGES = "ninety-one ninety-three ninety-five ninety-eight".split()
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)

ZH_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
ZH_COMPOUND = ["欧阳", "司马", "上官", "诸葛", "慕容", "令狐"]
ZH_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红梅志鹏宇浩然子轩梓涵欣怡雨泽晨曦佳琪俊豪思远雅婷嘉诚博文海燕春生德福玉珍淑贞金凤永康家乐振东晓东立新少峰紫萱一诺可馨安琪瑞雪小龙长江月娥凯丰庆祥宏伟利民书怀若兰清越慧敏".replace(
    " ", ""
)
ZH_CITIES = "北京 上海 广州 深圳 成都 杭州 武汉 南京 西安 长沙 郑州 青岛 大连 厦门 福州 昆明 合肥 洛阳 温州 泉州 烟台 徐州 保定 临沂 南阳 赣州 绵阳 柳州 襄阳 衡阳 九江 桂林 遵义 大同 包头 吉林 银川 西宁 拉萨 三亚 汕头 佛山 东莞 中山 惠州 宁波 绍兴 金华 台州 无锡 常州 苏州 扬州 盐城".split()
ZH_DISTRICTS = "朝阳区 海淀区 越秀区 天河区 武侯区 西湖区 江汉区 鼓楼区 雁塔区 岳麓区 金水区 市南区 思明区 五华区 蜀山区 高新区 滨江区 新城县 平安县 长兴县 丰县".split()
ZH_ROADS = "人民路 中山路 解放大道 建设路 文化西路 和平街 长安街 南京路 青年路 新华北路 学府路 滨河大道 幸福巷 胜利街 光明路".split()
ZH_COMPANIES = "华信科技有限公司 东方机械厂 第三中学 宏达建筑公司 绿源食品有限公司 育才小学 红星纺织厂 天成物流公司 工商银行 光明电子厂".split()
ZH_HOSPITALS = "人民医院 中医院 第一医院 中心医院 妇幼保健院 协和医院 第二附属医院 儿童医院 肿瘤医院".split()
ZH_HOLIDAYS = "春节 国庆节 中秋节 元旦 五一 端午节 清明节".split()
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def english(kind: str, of: Pools, patient: Somebody, rng: random.Random) -> str:
    """A value of the kind. Every second name is the patient's."""
    who = patient if rng.random() < 0.5 else somebody(of, rng)
    makers: dict[str, Callable[[], str]] = {
        "full": lambda: rng.choice([f"{who.given} {who.surname}", f"{who.given} {who.surname}", f"{who.given} {who.middle}. {who.surname}", f"{who.given[0]}. {who.surname}"]),
        "first": lambda: who.given, "last": lambda: who.surname, "upper": lambda: f"{who.surname}, {who.given}".upper(),  # noqa: PLW0108
        "lastfirst": lambda: f"{who.surname}, {who.given}{rng.choice(['', f' {who.middle}.'])}", "initials": lambda: f"{who.given[0]}.{who.surname[0]}.",
        "address": lambda: address(of, rng), "town": lambda: rng.choice(of.towns), "zip": lambda: digits(rng, "#####"), "state": lambda: rng.choice(STATES),
        "hospital": lambda: f"{rng.choice(of.towns)} {rng.choice(_HOSPITAL)}", "company": lambda: rng.choice(of.companies),
        "age": lambda: rng.choice([str(rng.randrange(90, 105))] * 4 + _AGES), "holiday": lambda: rng.choice(HOLIDAYS), "weekday": lambda: rng.choice(WEEKDAYS),
        "date": lambda: date(rng, rng.randrange(2004, 2025)), "dob": lambda: date(rng, rng.randrange(1920, 2004)),
        "monthyear": lambda: f"{rng.choice(MONTHS)} {rng.randrange(2004, 2025)}", "daymonth": lambda: f"{rng.choice(MONTHS)} {rng.randrange(1, 29)}",
        "phone": lambda: digits(rng, rng.choice(["(%##) %##-####", "%##-%##-####", "%##.%##.####", "%## %## ####", "+1 %## %## ####", "+44 20 7### ####", "+234 80# ### ####", "%##-####", "%##%######", "+91 9#### #####", "1-%##-%##-#### ext. ###"])),
        "email": lambda: email(who, rng), "ssn": lambda: digits(rng, rng.choice(["1##-%#-%###", "%##-#%-##%#", "1##-%#-%###", "4## %# %###"])),
        "mrn": lambda: digits(rng, rng.choice(["#######", "########", "@######", "##-##-##", "@@######", "###-###-###", "#####"])),
        "plan": lambda: digits(rng, rng.choice(["@@@#########", "#@@#-@@#-@@##", "##########", "@########", "@@@-########"])),
        "account": lambda: digits(rng, rng.choice(["##########", "####-######", "@@##########", "########"])), "card": lambda: card(rng),
        "licence": lambda: digits(rng, rng.choice(["@#######", "@###-####-####", "########", "@@######"])), "dea": lambda: digits(rng, "@@#######"), "npi": lambda: digits(rng, "1#########"),
        "vin": lambda: vin(rng), "plate": lambda: digits(rng, rng.choice(["@@@-####", "#@@@###", "@@@ ####", "@@##-@@@"])),
        "serial": lambda: digits(rng, rng.choice(["@@@######@", "########", "@##-#######", "@@####-####"])), "mac": lambda: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
        "url": lambda: rng.choice(["https://www.{}.com/p/{}", "http://{}.org/{}", "www.{}.net/{}", "https://{}.example.com/records?id={}"]).format(plain(who.surname), digits(rng, "#####")),
        "ip": lambda: ".".join(str(rng.randrange(1, 255)) for _ in range(4)), "bio": lambda: digits(rng, rng.choice(["@@-######", "FP#######", "@@@@-####-##"])),
        "photo": lambda: rng.choice(_PHOTO), "photofile": lambda: digits(rng, rng.choice(["IMG_####.jpg", "DSC#####.JPG", "face_####.png"])),
        "other": lambda: digits(rng, rng.choice(["@#########", "##-#######", "@@@-###-####", "########", "@@-####"])), "passport": lambda: digits(rng, rng.choice(["@########", "#########"])),
        "title": lambda: rng.choice(["Mr.", "Mrs.", "Ms.", "Dr.", "Miss"]),
    }  # fmt: skip
    return makers[kind]()


def plain(name: str) -> str:
    """Letters of a-z only, lower case, as addresses on the net are written."""
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c.isascii() and c.isalpha()) or "someone"


def email(who: Somebody, rng: random.Random) -> str:
    """An address made of the person's name, as most are."""
    g, s = plain(who.given), plain(who.surname)
    local = rng.choice([f"{g}.{s}", f"{g[0]}{s}", f"{s}{rng.randrange(99)}", f"{g}_{s}"])
    return f"{local}@{rng.choice(['gmail.com', 'yahoo.co.uk', 'hospital.org', 'mail.example.net'])}"


def date(rng: random.Random, year: int) -> str:
    """A day of the year, written in one of ten ways."""
    day = datetime.date(year, 1, 1) + datetime.timedelta(rng.randrange(365))
    m, d = MONTHS[day.month - 1], day.day
    return rng.choice([
        day.strftime("%m/%d/%Y"), day.strftime("%m/%d/%y"), f"{day.month}/{d}/{year}", f"{m} {d}, {year}", f"{d} {m} {year}", day.isoformat(), f"{m[:3]} {d}, {year}",
        f"{d}-{m[:3]}-{year}", day.strftime("%d.%m.%Y"), f"{m} {d}{'st' if d in (1, 21, 31) else 'th'}, {year}",
    ])  # fmt: skip


def vin(rng: random.Random) -> str:
    """A vehicle number whose ninth character is its check digit (ISO 3779, 49 CFR 565)."""
    body = [rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(17)]
    total = sum(
        w * (_VIN_VALUES.get(c) or int(c)) if c.isalpha() else w * int(c)
        for w, c in zip(_VIN_WEIGHTS, body, strict=True)
    )
    body[8] = "0123456789X"[total % 11]
    return "".join(body)


def card(rng: random.Random) -> str:
    """Sixteen digits that pass Luhn's check."""
    body = [int(c) for c in digits(rng, "4##############")]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(body))
    number = "".join(map(str, [*body, -total % 10]))
    return rng.choice(
        [
            number,
            " ".join(number[i : i + 4] for i in range(0, 16, 4)),
            "-".join(number[i : i + 4] for i in range(0, 16, 4)),
        ]
    )


def zh_name(rng: random.Random, part: str) -> str:
    """A Chinese name whose given characters are of the part."""
    while True:
        surname = rng.choice(ZH_COMPOUND) if rng.random() < 0.04 else rng.choice(ZH_SURNAMES)
        given = rng.choice(ZH_GIVEN) + (rng.choice(ZH_GIVEN) if rng.random() < 0.75 else "")
        if part_of(surname + given) == part:
            return surname + given


def chinese(kind: str, part: str, patient: str, rng: random.Random) -> str:
    """A value of the kind. Every second name is the patient's."""
    name = patient if rng.random() < 0.5 else zh_name(rng, part)
    year, month, day = rng.randrange(1930, 2025), rng.randrange(1, 13), rng.randrange(1, 29)
    town = rng.choice(ZH_CITIES)
    makers: dict[str, Callable[[], str]] = {
        "name": lambda: name, "surname": lambda: name[:1], "city": lambda: f"{town}市{rng.choice(['', rng.choice(ZH_DISTRICTS)])}",
        "addr": lambda: f"{rng.choice(['', '江苏省', '四川省', '广东省'])}{town}市{rng.choice(ZH_DISTRICTS)}{rng.choice(ZH_ROADS)}{rng.randrange(1, 500)}号{rng.choice(['', f'{rng.randrange(1, 30)}栋{rng.randrange(101, 2500)}室', f'{rng.randrange(1, 9)}单元{rng.randrange(101, 900)}'])}",
        "hospital": lambda: f"{town}{rng.choice(['市', '市', ''])}{rng.choice(ZH_HOSPITALS)}", "company": lambda: f"{town}{rng.choice(ZH_COMPANIES)}",
        "date": lambda: rng.choice([f"{rng.randrange(2005, 2025)}年{month}月{day}日", f"{rng.randrange(2005, 2025)}-{month:02}-{day:02}", f"{rng.randrange(2005, 2025)}年{month}月{day}号", f"{rng.randrange(2005, 2025)}/{month}/{day}", f"{rng.randrange(2005, 2025)}.{month}.{day}"]),
        "dob": lambda: f"{year}年{month}月{day}日", "monthday": lambda: rng.choice([f"{month}月{day}日", f"{month}月{day}号"]), "monthyear": lambda: f"{rng.randrange(2005, 2025)}年{month}月",
        "age": lambda: rng.choice([str(rng.randrange(90, 104)), str(rng.randrange(90, 104)), "九十二", "九十五"]), "wd": lambda: rng.choice("一二三四五六日"), "weekday": lambda: rng.choice(["周", "星期"]) + rng.choice("一二三四五六"), "holiday": lambda: rng.choice(ZH_HOLIDAYS),
        "mobile": lambda: digits(rng, rng.choice(["13%########", "15%########", "18%########", "13% #### ####", "+86 13%########", "18%-####-####"])), "landline": lambda: digits(rng, rng.choice(["010-%#######", "0571-%#######", "021%#######", "(028)%#######"])),
        "phone": lambda: chinese(rng.choice(["mobile", "landline"]), part, patient, rng), "email": lambda: digits(rng, rng.choice(["########", "wang####", "li.##"])) + rng.choice(["@qq.com", "@163.com", "@126.com"]),
        "id": lambda: identity(rng), "mrn": lambda: digits(rng, rng.choice(["########", "ZY######", "######", "M#########"])), "plan": lambda: digits(rng, rng.choice(["@########", "############", "YB########"])),
        "card": lambda: "62" + digits(rng, "#################"), "wechat": lambda: digits(rng, rng.choice(["wx_######", "zhang####", "abc_####"])), "qq": lambda: digits(rng, "%########"),
        "licence": lambda: digits(rng, "###############"), "plate": lambda: rng.choice("京沪粤川浙苏鄂陕湘豫鲁辽闽") + digits(rng, rng.choice(["@%####", "@·@####", "@@D####"])).replace("I", "A"),
        "serial": lambda: digits(rng, rng.choice(["@@######", "SN########"])), "url": lambda: digits(rng, rng.choice(["http://www.example.com/u/####", "www.jiankang.cn/p/###"])),
        "ip": lambda: ".".join(str(rng.randrange(1, 255)) for _ in range(4)), "bio": lambda: digits(rng, "ZW######"), "photo": lambda: rng.choice(["面部照片", "患者照片", "正面照片"]),
        "photofile": lambda: digits(rng, "IMG_####.jpg"), "other": lambda: digits(rng, rng.choice(["CT######", "########", "B##-#####"])), "passport": lambda: digits(rng, "E########"), "vin": lambda: vin(rng),
    }  # fmt: skip
    return makers[kind]()


def identity(rng: random.Random) -> str:
    """A citizen's number with its check character (GB 11643)."""
    body = f"{rng.choice(['110105', '310104', '440103', '510107', '330106', '420103', '320102'])}{rng.randrange(1935, 2015)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    return body + "10X98765432"[sum(w * int(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 11]
