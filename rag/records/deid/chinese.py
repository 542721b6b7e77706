"""Numbers, dates, ages and addresses in Chinese text.

Decides by labels (住院号, 医保卡号, …), by form (mobile numbers, plates, citizen numbers with their check character) and, for
addresses, by chains of units (省市区路号). Provinces alone are kept. Reads the folded copy. Knows nothing of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.records.deid.numbers import citizen
from rag.records.deid.types import Category, Finding

HAN = "[\u4e00-\u9fff]"
_LINK = r"(?:号码|ID|id|编号|代码|号|码|为|是|:|：|\s|#|尾号|卡|\(|（){0,5}"
_VALUE = r"(?P<v>[A-Za-z0-9](?:[A-Za-z0-9]|[-_ ·](?=[A-Za-z0-9])){2,30})"
_LABELS: tuple[tuple[Category, str], ...] = (
    ("ssn", "身份证件?|身份证明|公民身份|证件|居民身份|身份号|ID号"),
    ("record", "住院|病案|门诊|病历|就诊卡?|登记|病人|患者|急诊|挂号|诊疗卡?|病员|就医"),
    ("plan", "医保卡?|社保卡?|医疗保险|医疗证|参保|保单|新农合|社会保障卡?|保险单?|农合证"),
    ("account", "银行卡?|账户?|帐户?|账号|帐号|卡号|微信|QQ|qq|支付宝|存折|信用卡|缴费|发票"),
    ("licence", "驾驶证|驾照|执业证书?|医师资格证?|资格证书?|执照|许可证|执业|从业证|护士证|军官证|行医"),
    ("vehicle", "车牌|车架|车辆识别|发动机|行驶证"),
    ("device", "序列|设备|起搏器|支架|仪器|机器|植入物|器械|出厂|IMEI|MAC|SN|型号及编"),
    ("biometric", "指纹|虹膜|人脸识别|声纹|掌纹|生物识别|面部识别|人脸"),
    ("other", "检查|影像|标本|护照|申请单?|订单|样本|报告单?|受试者|放射|超声|病理|条码|处方|工作证|工|学|序|单|入组|随机|流水|快递单?|通行证|研究|员工|胶片|筛选"),
)  # fmt: skip
_LABELLED = tuple((category, re.compile(rf"(?:{label}){_LINK}{_VALUE}(?![A-Za-z0-9])")) for category, label in _LABELS)
_ID18 = re.compile(
    r"(?<![A-Za-z0-9])[1-9]\d{5}[ ]?(?:18|19|20)\d{2}[ ]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ ]?\d{3}[0-9Xx](?![A-Za-z0-9])"
)
_ID15 = re.compile(r"(?<!\d)[1-6]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_MOBILE = re.compile(r"(?<![\dA-Za-z])(?:\+?(?:00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LAND = re.compile(
    r"(?<![\d-])(?:\+?86[- ]?)?[(（]?0(?:10|2\d|[3-9]\d{2})[)）]?[- ]?[2-9]\d{2,3}[- ]?\d{4}(?:(?:转|-)\d{1,5})?(?!\d)"
)
_SHORT = re.compile(
    r"(?:电话|座机|热线|手机|联系|致电|拨打|传真|打|号码)(?:号码?|是|为|:|：|\s){0,4}(?P<v>\+?[\d(][\d() +-]{5,18}\d)(?!\d)"
)
_FAX = re.compile(r"传真[^\d]{0,8}$")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z820][·. ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_CARD = re.compile(r"(?<!\d)62\d{2}[ -]?(?:\d{4}[ -]?){2,3}\d{1,7}(?!\d)")
_PHOTO = re.compile(
    r"(?:面部|正面|患者|病人|全脸|脸部|本人|证件|人像|免冠)(?:的)?(?:正面)?(?:照片|相片|照|图像)|(?:他|她|患者|病人|本人)的(?:照片|相片)|自拍照?"
)
_ODD = re.compile(r"(?<![A-Za-z0-9.])(?:[A-Z]{1,4}-?\d{5,14}|\d{8,20})(?![A-Za-z0-9]|\.\d|[ ]?(?:mg|ml|元|个|次|IU))")

_N = "[0-9〇零一二三四五六七八九十]"
_DATES = tuple(re.compile(p) for p in (
    rf"(?<!\d)(?:(?:19|20)?\d{{2}}|[一二][{'〇零○一二三四五六七八九'}]{{3}}|今|去|前|当|同|次|本|明)[ ]?年[ ]?(?:闰|农历|阴历)?(?P<m>{_N}{{1,3}})[ ]?月(?!余|前|后的?\d|经)(?:份)?(?:[ ]?{_N}{{1,3}}[ ]?[日号])?(?:[上中下]旬|初|底)?(?:[ ]?\d{{1,2}}[:时点]\d{{0,2}})?",
    rf"(?<![0-9〇零一二三四五六七八九十])(?:农历|阴历)?{_N}{{1,3}}[ ]?月[ ]?{_N}{{1,3}}[ ]?[日号](?!线)",
    rf"(?<![0-9〇零一二三四五六七八九十]){_N}{{1,3}}月份|(?<![0-9〇零一二三四五六七八九十]){_N}{{1,2}}月(?:[上中下]旬|初|底)",
    r"(?<![\d./-])(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.](?:3[01]|[12]\d|0?[1-9]))?(?:[T ]\d{1,2}:\d\d(?::\d\d)?)?(?![\d/-]|\.\d)",
    r"(?<![\d./-])(?:3[01]|[12]\d|0?[1-9])[/-](?:1[0-2]|0?[1-9])[/-](?:19|20)\d\d(?![\d/-])",
    r"(?:周|星期|礼拜)[一二三四五六日天](?![一二三四五六])",
    r"春节|国庆(?:节)?|中秋(?:节)?|元旦(?:节)?|端午(?:节)?|清明(?:节)?|元宵(?:节)?|除夕|大年(?:初[一二三四五六七八九十]|三十)|五一(?:节|假期|期间)?(?!中)|十一(?:假期|长假|期间)|劳动节|儿童节|圣诞节?|重阳节?|情人节|腊八|正月(?:初[一-十]{1,2}|十五)?|教师节|妇女节|双十一|小年|冬至|立春|立秋|(?:农历|阴历)?腊月",
))  # fmt: skip
_BORN = re.compile(
    r"(?:出生日期|生日|生于|出生年月)(?:为|是|:|：|\s){0,3}(?P<v>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?|\d{6})(?!\d)"
)
_AGES = tuple(re.compile(p) for p in (
    r"(?<![\d.])(?P<v>9\d|1[0-2]\d)[ ]?(?:周|多)?岁",
    r"(?:年龄|年纪|岁数|享年|高龄|终年|年届|寿)(?:为|是|:|：|\s){0,3}(?P<v>9\d|1[0-2]\d)(?![\d.])",
    r"(?P<v>九十[一二三四五六七八九]?|一百零?[一二三四五六七八九十]{0,2}|百)(?:多|来|余|有|周)?[一二三四五六七八九]?岁",
    r"(?:年龄|年纪|享年|高龄|终年|年届|今年)(?:已|为|是|:|：|\s){0,3}(?P<v>九十[一二三四五六七八九]?)",
))  # fmt: skip

PROVINCES = "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆".split()
_CITIES = (
    "北京 天津 上海 重庆 广州 深圳 成都 杭州 武汉 南京 西安 长沙 郑州 青岛 大连 厦门 福州 昆明 合肥 济南 沈阳 长春 哈尔滨 石家庄 太原 南昌 南宁 海口 贵阳 兰州 西宁 银川 乌鲁木齐 拉萨 呼和浩特 苏州 无锡 常州 徐州 南通 扬州 镇江 盐城 泰州 "
    "淮安 连云港 宿迁 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 台州 丽水 舟山 芜湖 蚌埠 淮南 安庆 黄山 阜阳 泉州 漳州 莆田 三明 龙岩 九江 赣州 景德镇 上饶 宜春 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 菏泽 淄博 枣庄 东营 洛阳 开封 平顶山 "
    "安阳 新乡 焦作 许昌 南阳 商丘 信阳 周口 驻马店 宜昌 襄阳 荆州 黄石 十堰 孝感 黄冈 株洲 湘潭 衡阳 岳阳 常德 张家界 郴州 怀化 珠海 汕头 佛山 东莞 中山 惠州 江门 湛江 茂名 肇庆 梅州 清远 潮州 揭阳 柳州 桂林 梧州 北海 玉林 三亚 绵阳 "
    "德阳 宜宾 泸州 乐山 南充 自贡 遵义 曲靖 大理 丽江 宝鸡 咸阳 汉中 延安 榆林 天水 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 大同 长治 临汾 运城 包头 赤峰 鞍山 抚顺 丹东 锦州 营口 吉林 四平 齐齐哈尔 大庆 牡丹江 佳木斯"
).split()  # fmt: skip
# Units of the first level: alone they may stay.
_ALONE = frozenset([*PROVINCES, "北京", "天津", "上海", "重庆"])
_KNOWN = "|".join(sorted(set(PROVINCES + _CITIES), key=len, reverse=True))
_UNIT = "特别行政区|自治区|自治州|自治县|开发区|新区|街道|大道|大街|胡同|小区|花园|公寓|社区|家园|大厦|单元|公园|广场|省|市|区|县|州|旗|镇|乡|村|屯|庄|组|路|街|道|巷|弄|苑|里|号楼|号院|号|楼|栋|幢|座|室|层|期"
_STOPS = "的了是在有到去就和我你他她我们这那不也都还很就被把给让要会能可从向对与或住来于患者家址"
# One unit: up to eight characters that can be of a name, and the unit's word. A chain of them is an address.
_LINKED = re.compile(rf"(?:[^\W_{_STOPS}]{{1,8}}?(?:{_UNIT}))")
_START = re.compile(rf"(?:{_KNOWN})(?:省|市|自治区|壮族自治区|维吾尔自治区|回族自治区)?")
_TRIGGER = re.compile(
    r"(?:家住|住(?:址|在|于)|现住|地址|籍贯|户籍(?:所在)?地?(?:址)?|户口|来自|居住(?:地|在|于)?|位于|寄(?:到|往)|老家|出生地|家在|家庭住址|通讯地址|收件地址)(?:是|为|在|于|:|：|\s){0,3}"
)
_HOSPITAL = re.compile(
    rf"(?:{_KNOWN})?[市省县区]?(?:[^\W_的了是在有到去就和我你他她这那不也都还很从]{{1,10}})?(?:医院|卫生院|诊所|卫生所|疾控中心|保健院|医学中心|疗养院)"
)
_PLACE_END = r"(?:有限公司|股份公司|公司|集团|大学|学院|中学|小学|学校|幼儿园|工厂|厂|银行|派出所|事务所|研究所|研究院|设计院|电视台|超市|酒店|宾馆|饭店|农场|煤矿|监狱|部队|公安局|税务局|教育局|邮局|供电局|局|村委会|居委会)"
_EMPLOYER = re.compile(
    rf"(?:{_KNOWN})[市省县区]?[^\W_的了是在有]{{0,14}}?{_PLACE_END}|(?:在|于|到|是|从|单位)(?P<v>[^\W_的了是在有到去就和我你他她这那不也都还很]{{2,14}}?{_PLACE_END})(?=上班|工作|任职|当|做|读|上学|就读|组织|员工|职工|[，。,.]|$)"
)
_WORK = re.compile(
    r"(?:工作单位|单位名称|就职于|任职于|供职于|就读于|工作于|所在单位|单位)(?:是|为|:|：|\s){0,3}(?P<v>[^\W_]{3,24})"
)
_GENERIC = re.compile(r"^(?:.{0,4}(?:当地|正规|专科|专业|大型|三甲|三级|二级|公立|私立|综合|附近|上级|基层|县级|市级|省级|地方|其他|各大|甲等|专门|这家|那家|某|好的|本|我|贵|该|大|小|去|到|来|住|等|所在地|医院)|[儿眼牙口胸骨妇]?科?|人民|中|西|省|市|县|区|乡镇?|镇|社区|县城|村|肿瘤|口腔|儿童|眼科|传染病|精神病?|妇幼|男科|皮肤病?|中西医|市里|省里)(?:医院|卫生院|诊所|卫生所|保健院|医学中心|疾控中心|疗养院)$")  # fmt: skip


def find_chinese(folded: str) -> Iterator[Finding]:
    """Findings in a folded text, in no order; some overlap."""
    yield from _numbers(folded)
    for pattern in _DATES:
        for m in pattern.finditer(folded):
            yield Finding(m.start(), m.end(), "date", 0.85)
    for m in _BORN.finditer(folded):
        yield Finding(m.start("v"), m.end("v"), "date", 0.95)
    for pattern in _AGES:
        for m in pattern.finditer(folded):
            yield Finding(m.start("v"), m.end("v"), "date", 0.93)
    yield from _addresses(folded)
    yield from _houses(folded)


def _numbers(folded: str) -> Iterator[Finding]:
    for category, pattern in _LABELLED:
        for m in pattern.finditer(folded):
            numbers = sum(c.isdigit() for c in m["v"])
            if numbers >= (4 if category in ("other", "device", "record") else 3) and not re.fullmatch(
                r"(?:19|20)\d\d(?:-\d+){0,2}", m["v"]
            ):
                yield Finding(m.start("v"), m.end("v"), category, 0.95)
    for m in _ID18.finditer(folded):
        yield Finding(m.start(), m.end(), "ssn", 0.99 if citizen(m.group().replace(" ", "")) else 0.8)
    for pattern, category, score in (
        (_ID15, "ssn", 0.6),
        (_PLATE, "vehicle", 0.95),
        (_CARD, "account", 0.9),
        (_PHOTO, "photo", 0.85),
        (_ODD, "other", 0.5),
    ):
        for m in pattern.finditer(folded):
            yield Finding(m.start(), m.end(), category, score)
    for pattern in (_MOBILE, _LAND, _SHORT):
        for m in pattern.finditer(folded):
            start, end = m.span("v") if pattern is _SHORT else m.span()
            fax = _FAX.search(folded[max(0, start - 14) : start])
            yield Finding(start, end, "fax" if fax else "phone", 0.92 if fax is None else 0.97)


def _addresses(folded: str) -> Iterator[Finding]:
    at = 0
    starts = sorted(
        [(m.start(), m.end(), True) for m in _START.finditer(folded)]
        + [(m.end(), m.end(), False) for m in _TRIGGER.finditer(folded)]
    )
    for start, end, known in starts:
        if start < at:
            continue
        where, units = end, 0
        while (m := _LINKED.match(folded, where)) and where - start < 90:
            where, units = m.end(), units + 1
        inner = _START.match(folded, start)
        alone = inner is not None and re.sub("省|市|.{0,4}自治区", "", folded[start:where]) in _ALONE
        if known and units == 0 and _START.match(folded, where):
            # "江苏省南京市…": the next start takes over, and merge joins the two.
            m2 = _START.match(folded, where)
            where = m2.end() if m2 else where
            while (m := _LINKED.match(folded, where)) and where - start < 90:
                where, units = m.end(), units + 1
            alone = False
        number = re.compile(r"\d{1,5}(?!\d)").match(folded, where) if units > 1 else None
        where = number.end() if number else where
        if where > start and not alone and (known or units):
            yield Finding(start, where, "place", 0.85 if units else 0.7)
            at = where


def _houses(folded: str) -> Iterator[Finding]:
    for m in _HOSPITAL.finditer(folded):
        known = re.search(_KNOWN, m.group())
        if known or (
            not _GENERIC.match(m.group())
            and re.search(
                r"市|县|第[一二三四五六七八九十]|附属|协和|华西|湘雅|同济|仁济|瑞金|中日|解放军|武警", m.group()
            )
        ):
            yield Finding(m.start() + (known.start() if known else 0), m.end(), "place", 0.8)
    for pattern in (_EMPLOYER, _WORK):
        for m in pattern.finditer(folded):
            start, end = m.span("v") if m["v"] else m.span()
            yield Finding(start, end, "place", 0.75)
