"""Names of people in Chinese text.

Decides by a surname and what stands beside it: labels (姓名, 主治医师), titles (先生, 医生), kinship, "，男，45岁", and by the
tagger, whose word counts only where a surname begins. Knows nothing of places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.records.deid.tokens import Token, everywhere
from rag.records.deid.types import Finding

_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_COMPOUND = "欧阳|司马|上官|诸葛|慕容|令狐|司徒|东方|皇甫|尉迟|公孙|夏侯|长孙|宇文|端木|百里|呼延|南宫"
_NOT_GIVEN = "的了是在有到去就和我你他她它这那不也都还很从吗呢吧啊呀您们啦么哪什怎为什与及或但因而且若如果所以之其于把被让给向对说问看做吃用喝，。、：；！？"
_S = rf"(?:{_COMPOUND}|[{_SINGLE}])"
_G = rf"[^\W\da-zA-Z_{_NOT_GIVEN}]"
# Given names are one or two characters; which of them ends the name is told by what follows.
_NAME = rf"(?P<n>{_S}[ ]?{_G}(?:[ ]?{_G})?)"
_LABEL = re.compile(
    rf"(?:姓[ ]?名|患者(?:姓名)?|病人(?:姓名)?|家属|联系人|签名|签字|(?:主治|主管|经治|住院|责任|接诊|会诊|手术|麻醉|检验|报告|审核|主任|值班|管床|首诊|记录)?(?:医师|医生|护士|者|人)|术者|助手|监护人|陪护|主刀|代诊|法定代理人|委托人|收件人|陈述者|供史者|检验者|审核者|操作者)(?:签名|签字|姓名)?(?:是|为|叫)?[ ]?[:：][ \t]{{0,4}}{_NAME}(?=[\s，。、,.;；()（）:：]|男|女|$|电话|于|年|性|身|主|联|签)"
)
_TITLE = re.compile(
    rf"{_NAME}(?=先生|女士|小姐|医生|医师|大夫|主任|教授|护士|护师|院长|老师|同志|阿姨|叔叔|奶奶|爷爷|专家|博士|师傅|太太|科长|经理|同学|护士长|副主任|主治)"
)
_SURNAME_TITLE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<n>{_S})(?=先生|女士|小姐|医生|医师|大夫|主任|教授|护士|院长|老师|阿姨|叔叔|奶奶|爷爷|师傅|太太)|(?<=[谢找到是由请让和与听给跟叫问挂看过])(?P<m>{_S})(?=医生|医师|大夫|主任|教授|先生|女士|护士|院长|专家)"
)
_SEX = re.compile(
    rf"(?<![\u4e00-\u9fff]){_NAME}(?=[ ]?[，,、（(][ ]?[男女])|(?:患者|病人|患儿|产妇|孕妇){_NAME.replace('?P<n>', '?P<m>')}(?=[ ]?[，,、（(]|于|因|入|主诉|男|女|出院|近|自|既|诉|今|曾)"
)
_CALLED = re.compile(
    rf"(?:我叫|名叫|名字(?:叫|是|为)|本人|他叫|她叫|姓名(?:是|为)?|叫做|我是|患者名|取名|称呼为){_NAME}(?=[\s，。、,.；;！!]|$|今年|男|女|是|岁|于|的)"
)
_KIN = re.compile(
    rf"(?:父亲|母亲|妻子?|丈夫|儿子|女儿|其[父母妻子女夫弟兄姐妹]|哥哥|弟弟|姐姐|妹妹|爱人|老公|老婆|朋友|同事|邻居|配偶|之[子女]|孙[子女]|外甥|侄[子女]|妈妈|爸爸|家属|护士|医生|主任|医师|孩子|陪同人)[，,（(]?{_NAME}(?=[\s，。、,.；;）)]|$|患|有|也|也有|陪|签|电话|说|代|送|表示|认为|给|建议|反映|去年|今年|去世|同意|于|为|是|在|的|因|从|（|\()"
)
# Words that begin with a surname and are no name.
_WORDS = frozenset(
    "高血压 高血脂 高血糖 高热 高烧 高度 黄疸 黄体 黄连 黄芪 白带 白细胞 白天 白血病 白癜风 马上 常见 常规 常用 常常 安全 安排 温度 温水 任何 于是 何时 成年 成人 成功 时间 时候 明显 明确 明天 明白 金属 关系 关节 关于 单纯 单位 应该 应用 应当 解决 解释 "
    "方法 方便 方面 方案 全身 全面 全部 毛病 毛孔 石头 和平 和医 包括 包皮 连续 连接 边缘 万一 严重 易于 左右 左侧 左边 章节 平时 华法 卫生 商量 车祸 向您 向医 符合 师傅 师生 宁愿 麻醉 麻烦 麻木 查看 查体 查房 查出 温馨 康复 江湖 文化 文章 钱医 田间 水肿 "
    "冷敷 冷水 荣幸 简单 项目 费用 景色 房间 路上 游泳 管理 谷氨 童年 季节 盛行 项医 尤其 古代 计划 汤药 汤剂 曲度 纪念 程度 段时间 雷公 龙胆 夏天 夏季 秦皇 余下 叶酸 杜绝 苏醒 丁酸 任务 石膏 陆续 金黄 贾医 万分 史上 左旋 申请 成分 成长 连花 麦冬 农村 司机 吉他 米饭 明医 时医 "
    "谢谢 感谢 常感谢 时咨询 程中".split()
)


def find_chinese_names(text: str, *, found: Sequence[Token], probabilities: NDArray[np.float32]) -> list[Finding]:
    """Findings in a folded text, in no order; `found` are its tokens, with a row of probabilities each."""
    likely = {t.start: float(row[1]) for t, row in zip(found, probabilities, strict=True) if row[1] >= 0.02}
    names = []
    for pattern, score in (
        (_LABEL, 0.95),
        (_TITLE, 0.85),
        (_SURNAME_TITLE, 0.7),
        (_SEX, 0.9),
        (_CALLED, 0.85),
        (_KIN, 0.8),
    ):
        for m in pattern.finditer(text):
            start, end = m.span(m.lastgroup or "n")
            gated = pattern in (_TITLE, _SURNAME_TITLE, _KIN)
            if not _word(text[start:end]) and not (gated and max(likely.get(i, 0.0) for i in range(start, end)) < 0.1):
                names.append(Finding(start, end, "name", score))
    names += [f for f in _tagged(text, found, probabilities) if not _word(text[f.start : f.end])]
    return names + list(_again(text, [f for f in names if f.score >= 0.85 and f.end - f.start >= 2]))


def _word(name: str) -> bool:
    return any(name.startswith(w) or w == name for w in _WORDS)


def _tagged(text: str, found: Sequence[Token], probabilities: NDArray[np.float32]) -> Iterator[Finding]:
    likely = probabilities[:, 1] if len(found) else np.empty(0)
    i, marks = 0, (likely >= 0.5).tolist()
    while i < len(marks):
        if not marks[i] or not "\u4e00" <= found[i].text <= "\u9fff":
            i += 1
            continue
        j = i
        while (
            j < len(marks) and marks[j] and "\u4e00" <= found[j].text <= "\u9fff" and found[j].end - found[i].start <= 4
        ):
            j += 1
        value = text[found[i].start : found[j - 1].end]
        titled = re.match("先生|女士|医生|大夫|主任|教授|护士", text[found[j - 1].end :][:3])
        if re.match(_S, value) and (len(value) >= 2 or titled):
            yield Finding(found[i].start, found[j - 1].end, "name", float(likely[i:j].max()) * 0.95)
        i = j


def _again(text: str, sure: Sequence[Finding]) -> Iterator[Finding]:
    for start, end in everywhere(text, {text[f.start : f.end] for f in sure}):
        yield Finding(start, end, "name", 0.8)
