"""Recognises orders to a reader machine inside documents and keeps them from everything that reads for an answer.

A sentence that tells an assistant what to write is no evidence. Decides by wording, in English and Chinese and for the
commonest order in six other languages; medical imperatives ("do not give …") address people and stay. What is taken for
an order is blanked, not removed, so that every offset stays true, and with it the sentences that it leads in. Knows
nothing of whether a sentence is true: a false claim without an order is left to `suspicion` and to conflict of sources.
"""

from __future__ import annotations

import binascii
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from indexer.sentences import split
from rag.types import Document, Hit, Passage

# What a sentence leads in: so many that follow on its line; if it ends its line openly, so many until one is closed.
_FOLLOWING, _OPENED = 2, 3
# An order may be cut by the border of a passage: so much of the document on each side is read too (characters).
_AROUND = 200

_MACHINE = (
    r"(?:A\.?I\.?(?:\s(?:assistant|system|model|agent)s?)?|artificial intelligence|(?:large\s)?language models?|LLMs?|"
    r"chat\s?bots?|chatgpt|gpt(?:-?\d)?|(?:virtual|digital)\sassistants?|assistants?|automated\s\w{3,12}|bots?)"
)
_SAID = r"(?:answers?|reply|replies|responses?(?!\sto\b)|outputs?|summary|draft|message)"
_TOLD = (
    r"(?:instructions?|prompts?|rules?|directions|directives?|commands?|orders|guidelines|context|constraints|policy|"
    r"policies|requests?|questions?|tasks?|messages?)"
)
_BEFORE = r"(?:previous|prior|above|earlier|preceding|foregoing|your|system|original|initial|other|developer)"
_OVER = r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|es|ing)|bypass|discard|set\saside|stop\sfollowing)"
_WRITE = r"(?:print|output|write|say|repeat|copy|reply|respond|answer|display|echo|emit)"


def _pattern(text: str) -> re.Pattern[str]:
    """Compiled so that an order may go on over line ends: what is one space in `text` is one to three."""
    return re.compile(re.sub(r"\\s(?![\]{?*+])", r"\\s{1,3}", text), re.I)


_ENGLISH = _pattern(
    rf"\b(?:(?<!\bto )(?<!\bnot ){_OVER}\s(?:[\w’']{{1,12}}\s){{0,3}}{_BEFORE}\s(?:[\w’']{{1,12}}\s){{0,2}}{_TOLD}\b"
    rf"|(?:note|message|memo|notice|instructions?|attention|reminder|hint|request|orders?|dear|hello|hey)[:,]?\s"
    rf"(?:(?:to|for|the|all|any|every|you|our|this)\s){{0,3}}{_MACHINE}\b"
    r"|(?:hi|hello|hey|dear|attention)(?:\sthere)?,?\s(?:AI|machine|bot|robot|model|computer|program|assistant|llm)\b"
    rf"|(?:any|every|all|each|an?)\s{_MACHINE}\s(?:that|which|who)?\s?(?:read|process|summari[sz]|index|see)\w{{0,4}}\s"
    r"(?:this|these)\b"
    r"|(?:meant|intended|addressed|written|only)\s(?:only\s)?(?:for|to|by)\s(?:\w{1,8}\s){0,2}"
    r"(?:programs?|software|machines?|robots?|AI|models?|algorithms?|computers?)\s?(?:only|alone|,|:|and\snot)"
    r"|(?:reader|recipient|system|anyone|whoever)\s(?:that|who|which)\sis\s(?:an?\s)?"
    r"(?:AI|software|machine|program|model|bot)\b"
    rf"|(?:by|from)\s(?:an?|any|every)\s{_MACHINE}\sto\s"
    r"|you\s(?:were|have\sbeen|are)\s(?:told|instructed|asked)\s(?:before|earlier|so\sfar|above|previously|to\signore)\b"
    rf"|you\s(?:are|were)\s(?:now\s)?(?:an?|the|our)\s(?:\w{{1,15}}\s){{0,2}}{_MACHINE}\b"
    r"|you\sare\s(?:now\s(?:an?\s(?:\w{1,12}\s)?(?:\w{0,12}bot|doctor|expert|character|persona)|free\sof|no\slonger\sbound|in\s\w{3,12}\smode)|\w{0,12}bot)\b"
    r"|your\s(?:developers?|creators?|programmers?|programming|guardrails|(?:safety|system|training)\s"
    r"(?:prompts?|rules?|instructions?|filters?|guidelines))\b"
    r"|your\s(?:real|true|actual|new|only|sole|next)\s"
    r"(?:task|job|goal|mission|objective|instructions?|role|duty|purpose)\s(?:is|are)\b"
    r"|(?:begin|start|end)(?:\sof)?(?:\s(?:new|the))?\s"
    r"(?:context|instructions?|prompt|system|message|input|task|documents?)\b"
    r"|(?:what|how)\syou\s(?:tell|write|answer|output|show|report|reply|respond)(?:\sto)?\s(?:the|your)\s"
    r"(?:user|reader|clinician|doctor|person|physician)\b|tell\sthe\s(?:user|reader|questioner|person\sasking)\b"
    r"|from\snow\son,?\s(?:you|always|all|every|answer|respond|reply|write|say)\b|new\s(?:instructions?|task)\s?:"
    r"|the\suser(?:['’]s)?\s(?:question|query|request|asked|asks|wants|has\sbeen)\b"
    r"|(?:answering|responding|summari[sz]ing|asked)\b[\w\s]{0,25}\s(?:about|on|from)\sthis\s"
    r"(?:article|text|page|document|paper|passage|source)\b"
    r"|(?:system|developer)\s(?:prompts?|override|messages?|mode|notes?)\b|(?:hidden|secret)\s(?:prompts?|instructions?)\b"
    r"|(?:admin\w{0,8}|safety|security|content)\s(?:override|filters?\s(?:is\s)?(?:off|disabled))\b|jailbreak\b"
    rf"|(?:in|to|into|of|before|after|from)\syour\s(?:final\s|own\s|next\s)?{_SAID}\b"
    r"|(?:repeat|reveal|print|show|output|leak|display|quote|recite|disclose)\b[\w\s]{0,20}\s(?:your\s(?:\w{1,10}\s)?"
    r"(?:prompt|instructions|rules)|(?:everything|text|prompt)\sabove)\b"
    r"|and\s(?:then\s)?(?:say|write|output|print|add)\snothing\selse\b|before\syou\s(?:answer|respond|reply)\b"
    r"|(?:passages?|documents?|context|sources?)\s(?:above\s)?(?:are|is|were|was)\s(?:a\s|only\s){1,2}test\b"
    r"|documents?\sends?\shere\b|to\swrite\sthat\s)"
)  # fmt: skip
# At the start of a sentence or of a part of one, where an order stands.
_BARE = _pattern(
    rf"(?:\A|[.!?:;,)\]】。]\s{{0,2}}|\n\s{{0,4}}"
    rf"|\b(?:please|kindly|then|now|and|must|should|just|immediately|always)\s)(?=[a-z])(?:"
    rf"{_OVER}\s(?:any|every|all|what|the)[\w\s]{{0,20}}\s(?:above|before|you\swere\stold|so\sfar)\b"
    rf"|(?:to|for)\s(?:(?:the|all|any|every)\s){{0,2}}{_MACHINE}\s?[:,]|write\sthat\s"
    r"|cite\s(?:the\s|this\s)?(?:reference|PMID|DOI)\b|(?:pretend|act\sas)\s(?:that|to\sbe|you|if|though|an?)\b"
    rf"|(?:begin|start|end|finish|conclude|prefix|append)\s(?:every\s|each\s)?(?:your|the)\s{_SAID}\b"
    rf"|{_WRITE}\s(?:(?:only|just|exactly|solely)\swith\b|(?:out\s)?(?:exactly|only|verbatim|nothing)?\s?(?:with\s)?"
    r"the\s(?:following|exact|words?|phrase|sentence|string|token)\b|(?:out\s)?(?:exactly|only|verbatim)\s?[:\"“‘])"
    r"|(?:add|insert|include|embed|show|append|render|display)\s(?:the|this|an?)\s(?:\w{1,12}\s)?"
    r"(?:link|url|hyperlink|image|markdown|html)\b)"
)  # fmt: skip
_CHINESE = re.compile(
    r"(?:忽略|无视|忘记|忘掉|忽视|不要理会|不必理会|不要遵守|停止遵守|推翻|覆盖)"
    r"[^。！？\n]{0,3}(?:之前|以上|上述|先前|前面|上文|所有|一切|你的|系统|原有)[^。！？\n]{0,6}"
    r"(?:指令|指示|提示|规则|规定|命令|设定|要求|内容|文字)"
    r"|(?:致|给|提醒|提示|通知|告知|亲爱的|尊敬的)[^。，！？\n]{0,4}(?:AI|人工智能|大?语言模型|大模型|聊天机器人|智能助手)"
    r"|(?:任何|所有|每个|如果你是|若你是|作为)[^。，！？\n]{0,12}(?:语言模型|大模型|人工智能|AI|机器人|助手|程序)"
    r"[^。！？\n]{0,8}(?:必须|请|应|务必|，|立即)"
    r"|(?:AI|语言模型|大模型|人工智能)[^。，！？\n]{0,6}(?:必须|务必|请)"
    r"|你(?:现在)?(?:是|扮演)[^。，！？\n]{0,14}(?:机器人|助手|模型|人工智能|AI|程序|医生)"
    r"|(?:从现在起|从现在开始|从此以后)[，,]?(?:你|请|写|输出|回答|回复|引用|插入|在|先|逐字)"
    r"|你(?:真正|唯一|新|实际)的(?:任务|工作|目标|指令|角色)"
    r"|(?:假装|假设|想象)(?:你|用户|问题)|用户(?:已|的问题|问的|提问)"
    r"|(?:系统|开发者|管理员|隐藏)(?:提示词?|消息|指令|模式|说明|命令|通知)|新(?:的)?(?:指令|任务)[:：]"
    r"|(?:只|仅|直接|请|必须)(?:需|要|能)?(?:输出|回复|回答|打印|写出|写下|复述|重复)(?:以下|下面|下列|如下|这句|一句|[“「\"：:])"
    r"|(?:在|于)?(?:你的|您的)?(?:回答|答案|回复|输出)(?:的)?(?:中|里|最后|末尾|结尾|开头|后面|前面)(?:必须|请|都|要|应)?"
    r"(?:写|加|附|插|输出|引用|包含|注明|说)"
    r"|(?:回答|总结|概括|解答)[^。，！？\n]{0,4}(?:本文|此文|这篇文章|本页|该文)[^。！？\n]{0,12}(?:时|程序|模型)"
    r"|(?:复述|重复|透露|泄露|显示|输出|打印)[^。！？\n]{0,6}(?:你的|系统)[^。！？\n]{0,4}(?:提示|指令|规则)"
    r"|不要(?:说|写|输出)(?:别的|其他)|(?:只|仅)?(?:给|供|写给)(?:计算机|机器|电脑|程序|软件|模型|AI)[^。！？\n]{0,4}(?:看|读|阅读)"
    r"|把[^。！？\n]{0,4}(?:前面|之前|以上|上面|先前)[^。！？\n]{0,8}(?:当作|忘|丢开|抛开|放在一边)|写出[^。！？\n]{1,30}(?:是|为)",
    re.I,
)  # fmt: skip
_OTHER = _pattern(
    r"\bignore(?:[rz]\s(?:\w{1,8}\s){0,2}instructions|r?\s(?:\w{1,8}\s){0,2}consignes)\b|\b(?:ignorieren|missachten|vergessen)\ssie\s[\w\s]{0,20}"
    r"(?:anweisungen|regeln)\b|\bignor[ae]\s(?:\w{1,8}\s){0,2}(?:instrucciones|istruzioni|instruções)\b"
    r"|(?:игнорируй|забудь)\w{0,3}\s(?:\w{1,12}\s){0,2}инструкци|指示を[^。\n]{0,8}無視|지시를?\s?[^.\n]{0,6}무시"
    r"|\b(?:assistante?|modèle|agente?)\s(?:IA|de\slangage)\b|\bKI-?(?:assistent|modell|system)\w{0,4}\b"
    r"|\basistente\sde\sIA\b|\bИИ-?\w{0,10}"
)  # fmt: skip
# What belongs to a chat template, to a request of a program, or to a page that a browser draws.
_MARKUP = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|\[/?(?:INST|SYSTEM|SYSTEM_PROMPT)\]|<</?SYS>>|</?(?:start|end)_of_turn>"
    r"|</?(?:system|assistant|user|human|instructions?|prompt|documents?|context|passages?|tool\w{0,8})>"
    r"|```\s?(?:instructions?|system|prompt)\b|[\"']role[\"']\s?:\s?[\"']"
    r"|#{2,4}\s?(?:instructions?|response|system|human|assistant)\s?:"
    r"|(?:\A|\n|[.!?。！？])\s{0,4}[\[【(]?(?:system|assistant|developer|user|human|系统|助手|用户|开发者)(?:\s?\w{1,12})?[\])】]?\s?[:：]"
    r"|[\[【](?:system|developer|admin|系统|开发者)[^\]】\n]{0,20}[\]】]"
    r"|!\[[^\]\n]{0,200}\]\(|<(?:img|script|iframe|svg|form|object|embed|meta|style|link|a\s+href)\b[^<>]{0,300}>",
    re.I,
)  # fmt: skip
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,4000}={0,2}")
_OPEN = re.compile(r"(?:[^.!?。！？…”\">=\]）)}`]|[:：]|\b(?:following|below)[.:]?|(?:如下|以下|下面)[。：]?)\Z", re.I)
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PATTERNS = (_ENGLISH, _BARE, _CHINESE, _OTHER, _MARKUP)


def cleared(hits: Iterable[Hit], *, document: Callable[[str], Document | None]) -> tuple[Hit, ...]:
    """The hits with every order in text and title blanked: what may be read for an answer. Offsets stay the same.

    document: the stored document of a source id, in which an order may go on past the passage.
    """
    return tuple(replace(h, passage=_cleared(h.passage, document)) for h in hits)


def _cleared(passage: Passage, document: Callable[[str], Document | None]) -> Passage:
    stored = document(passage.source.id)
    low = max(0, passage.start - _AROUND)
    around = stored.text[low : passage.end + _AROUND] if stored else passage.text
    text = blanked(around)[passage.start - (low if stored else passage.start) :][: len(passage.text)]
    source = passage.source
    if orders(source.title):
        source = replace(source, title="")
    return passage if (text, source) == (passage.text, passage.source) else replace(passage, text=text, source=source)


@functools.lru_cache(maxsize=512)
def blanked(text: str) -> str:
    """The text with spaces in the place of every order, line ends kept."""
    kept: list[str] = []
    at = 0
    for start, end in orders(text):
        kept += [text[at:start], re.sub(r"[^\n]", " ", text[start:end])]
        at = end
    return "".join([*kept, text[at:]])


def orders(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences that give orders to a machine, with those that they lead in."""
    found = sorted(matches(text))
    if not found:
        return []
    pieces = list(_sentences(text))
    taken = {i for i, (a, b, _) in enumerate(pieces) if any(start < b and a < end for start, end in found)}
    for i in sorted(taken):
        line = pieces[i][2]
        after = [j for j in range(i + 1, min(i + 1 + _FOLLOWING, len(pieces))) if pieces[j][2] == line]
        # Headings and the ends of passages may stand inside an order.
        last = i
        while not after and last - i < _OPENED and last + 1 < len(pieces) and _is_open(text, pieces[last]):
            last += 1
        taken.update(after, range(i + 1, last + 1))
    return [pieces[i][:2] for i in sorted(taken)]


def _is_open(text: str, piece: tuple[int, int, int]) -> bool:
    return bool(_OPEN.search(text[max(piece[0], piece[1] - 40) : piece[1]]))


def matches(text: str) -> Iterator[tuple[int, int]]:
    """Where the wording of an order stands, in no order."""
    plain = text.translate(_WIDE)  # of the same length, so that offsets hold
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            lead = len(match[0]) - len(match[0].lstrip(" \t\n.!?:;,)]】。"))
            yield match.start() + (lead if lead < len(match[0]) else 0), match.end()
    yield from ((m.start(), m.end()) for m in _ENCODED.finditer(text) if _decodes(m[0]))


def _decodes(run: str) -> bool:
    """Whether a run of letters is readable text in base64."""
    data = binascii.a2b_base64(run[: len(run) // 4 * 4])
    for cut in range(4):  # the last character may be cut
        try:
            said = data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return said.isprintable() or all(c.isprintable() or c in "\n\t" for c in said)
    return False


def _sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, where its line starts) of every sentence."""
    for line in re.finditer(r"[^\n]+", text):
        for start, end in split(line[0]):
            yield line.start() + start, line.start() + end, line.start()
