"""Finds threats to others, violence suffered, and requests that are declined. Decides by patterns; knows no wording.

What is asked of the literature (how a poison works, how an abuser is treated) matches nothing: each pattern holds who
acts, or a request to make, get, hide or forge.
"""

from __future__ import annotations

import re

from rag.safety.context import plain

Span = tuple[int, int]
_OTHERS = (
    r"(?:him|her\b|them|people|somebody|someone|everyone|that (?:man|woman|bastard|bitch)|my (?:\w{1,10} )?(?:wife|husband|boss|neighbou?r|mother|father|mum|mom|dad|ex|son|daughter|baby|child|kids?|brother|sister|boyfriend|girlfriend|"
    r"roommate|classmates?|teacher|colleague|doctor|family|stepfather|stepmother|partner|coworker|dog|cat)|the (?:baby|kid|neighbou?rs?|doctor|man|guy))"
)
_DRUG = r"(?:meth(?:amphetamine)?|crystal meth|heroin|cocaine|crack|fentanyl|mdma|ecstasy|lsd|ghb|dmt|k2|spice|ketamine|crystal|amphetamines?|speed|bath salts|mephedrone|krokodil)"
_RX = r"(?:sleeping (?:pills?|tablets?)|oxycodone|oxycontin|percocet|xanax|valium|adderall|ritalin|opioids?|morphine|codeine|benzos?|benzodiazepines?|fentanyl patch\w{0,2}|tramadol|pregabalin|barbiturates?|pentobarbital|nembutal|insulin|hydrocodone|prescription (?:drugs|pills))"
_HOW = r"(?:how (?:can|do|could|would|to|might|should)|tell me|teach me|show me|give me|explain how|ways? to|help me|recipe|instructions|steps|where (?:can|do|could|to)|can you|i want to|i need to|want to|can i|what's the best way|best way)"
THREAT = (
    re.compile(rf"\bi(?:'m| am|'ll| will| want to| wanna|'d like to| could| am going to|'m going to| feel like| plan to| might| need to| think about| keep thinking about| have thoughts of)\b[^.!?;]{{0,25}}\b(?:kill(?:ing)?|murder(?:ing)?|stab(?:bing)?|shoot(?:ing)?|strangl(?:e|ing)|smother(?:ing)?|hurt(?:ing)?|poison(?:ing)?|drown(?:ing)?|suffocat(?:e|ing)|beat(?:ing)? up|shak(?:e|ing)|starv(?:e|ing)|burn(?:ing)?) {_OTHERS}"),
    re.compile("碎尸万段|(?:想|要|打算|准备|真想|恨不得)(?:把|将)?[^。！？；，\n]{0,8}(?:杀了|弄死|捅死|掐死|打死|毒死|饿死|砍死|杀死|闷死|摔死|炸死|烧死|杀掉|捅了|砍了)(?!自己|我)|(?:弄死|杀了|毒死|掐死|捅死|饿死|闷死|掐死|摔死|打死|砍死)(?:他|她|它|那|这|我(?:老公|老婆|妈|爸|孩子|婆婆|邻居|同事|老板|女儿|儿子))|报复社会|同归于尽"),
)  # fmt: skip
SUFFERED = (
    re.compile(
        r"\b(?:(?:my (?:\w{1,10} )?(?:husband|wife|partner|boyfriend|girlfriend|father|dad|mother|mum|mom|stepfather|stepdad|uncle|brother|ex|boss|carer|caregiver)|he|she)(?: \w{1,10}){0,3} (?:hits?|beats?|punch\w{0,3}|slaps?|chok(?:es|ed)|strangl\w{1,3}|rap(?:es|ed)|kicks?|kicked|molest\w{0,3}|abus\w{1,3}|burns|burned|forces|forced|threatens to (?:kill|hurt)|touches|locks) (?:me\b|my (?:mum|mom|child|kids|daughter|son|sister|mother))|"
        r"i(?: was|'ve been| have been| got|'m being| am being)(?: \w{1,9}){0,2} (?:raped|abused|assaulted|beaten|molested|strangled|trafficked)|domestic (?:violence|abuse) (?:at home|from|by)|afraid (?:he|she)(?:'ll| will) (?:kill|hurt) me)\b"
    ),
    re.compile("(?:老公|丈夫|男朋友|男友|爸爸?|父亲|继父|婆婆|老婆|妻子|他|前夫|前男友|养父|叔叔)[^。！？；，\n]{0,10}(?:打我|家暴|殴打|虐待|掐我|强奸|性侵|猥亵|踢我|揍我|把我打|动手打|囚禁)|(?:我|被)[^。！？；，\n]{0,4}(?:被)(?:[^。！？；，\n]{0,6})(?:家暴|强奸|性侵|猥亵|虐待|殴打|强暴)|遭受?(?:了)?(?:家暴|性侵|虐待|家庭暴力)"),
)  # fmt: skip
_ZH_HOW = "(?:怎么|怎样|如何|哪里|哪儿|教我|告诉我|有什么办法|什么办法|能不能|可以|想|帮我|给我|求|该怎么样|该怎么|有没有|什么药|什么|哪种)"
_ZH_DRUG = "(?:冰毒|海洛因|可卡因|摇头丸|毒品|大麻|k2|ghb|k粉|氯胺酮|芬太尼|鸦片|吗啡|神仙水|麻古|迷幻药|致幻剂|合成大麻|笑气|麻果)"
REQUESTS = (
    ("weapon", re.compile(rf"\b{_HOW}\b[^.!?;]{{0,40}}\b(?:poison|kill|murder|harm|hurt|injure|get rid of|make (?:\w{{1,9}} )?sick|infect|overdose|knock out) {_OTHERS}|\b{_HOW}\b[^.!?;]{{0,30}}\b(?:make|build|produce|synthesi[sz]e|cook|extract|brew|prepare|culture|grow|weaponi[sz]e|obtain|buy|get)\b[^.!?;]{{0,20}}\b(?:ricin|sarin|cyanide|mustard gas|nerve (?:agent|gas)|anthrax|botulinum toxin|bombs?|explosives?|chlorine gas|thallium|a (?:deadly |lethal |strong )?poison|poisons?|bioweapon|biological weapon|plague)\b|\bundetectable poison|\bpoison (?:that|which) (?:leaves|can't be|cannot be|is not)[^.!?;]{{0,20}}\b(?:no trace|detected|traced)|\buntraceable")),
    ("weapon", re.compile(f"{_ZH_HOW}[^。！？；\n]{{0,12}}(?:制造|制作|做|配|合成|提取|提炼|弄到|买到?|搞到|培养)[^。！？；\n]{{0,6}}(?:毒药|氰化|炸弹|炸药|毒气|砒霜|蓖麻毒|神经毒|沙林|生化武器|鼠药毒|铊|炭疽|迷药|毒素)|(?:无色无味|查不出来?|不被发现|检测不出|不留痕迹)的?[^。！？；\n]{{0,4}}(?:毒|药)|{_ZH_HOW}[^。！？；\n]{{0,8}}(?:毒死|毒害|下毒|害死|杀死|弄死|谋杀)[^。！？；\n]{{0,3}}(?:人|他|她|别人|邻居|老公|老婆|同事|婆婆|室友|老板|狗)|下毒[^。！？；\n]{{0,8}}(?:不被|方法|剂量|怎么)")),
    ("drugs", re.compile(rf"\b{_HOW}\b[^.!?;]{{0,40}}\b(?:make|cook|synthesi[sz]e|produce|extract|grow|manufacture|brew|buy|score|order|get(?: hold of| hands on)?|obtain|find|try|use|take|smoke|snort|inject|hide|sell|smuggle|pass a drug test)\b[^.!?;]{{0,20}}\b(?:{_DRUG}|(?:illegal|street|hard|recreational) drugs?)\b|\b(?:should|may|could|can) i (?:try|use|take|smoke|snort) (?:some |a little )?{_DRUG}\b|\b{_DRUG}\b[^.!?;]{{0,60}}\b(?:can|should|may|could) i (?:try|use|take)|\bget (?:me )?high (?:on|off|from|with|using)|\b(?:replace|substitute|instead of|alternative to|legal (?:version|alternative))\b[^.!?;]{{0,20}}\b(?:{_DRUG}|(?:illegal|street|hard) drugs)\b|\bbeat (?:a|the) drug test")),
    ("drugs", re.compile(f"{_ZH_DRUG}[^。！？；\n]{{0,40}}(?:尝试|试试|试一下|吸|买|可以吗|能吃吗|能不能|帮助我|哪里|怎么(?:做|制|买|吸|弄))|{_ZH_HOW}[^。！？；\n]{{0,10}}(?:制|买|吸|弄|搞|做|提炼|合成|种|代替|替代|尝试|躲过|卖|藏)[^。！？；\n]{{0,6}}{_ZH_DRUG}|(?:代替|替代)[^。！？；\n]{{0,4}}毒品|躲过毒检|尿检[^。！？；\n]{{0,8}}(?:蒙混|过关|躲)")),
    ("medicines", re.compile(rf"\b(?:buy|get|obtain|order|find|purchase|score|hoard|stockpile)\b[^.!?;]{{0,30}}\b(?:{_RX})\b[^.!?;]{{0,30}}\b(?:without (?:a |any )?(?:prescription|doctor|script)|illegally|black market|dark ?web|in bulk|no prescription|no questions)|\b(?:lots of|large (?:amount|quantit\w{{1,3}}) of|many|as many|loads of)\b[^.!?;]{{0,12}}\b{_RX}\b[^.!?;]{{0,20}}\b(?:buy|get|obtain)|\b(?:buy|get|obtain)\b[^.!?;]{{0,12}}\b(?:lots of|a lot of|large (?:amount|quantit\w{{1,3}}) of|many|loads of)\b[^.!?;]{{0,12}}\b{_RX}|\b(?:fake|faking|lie about|pretend|exaggerate)\b[^.!?;]{{0,40}}\b(?:to get|so (?:that )?(?:they|the doctor|my doctor|i))\b[^.!?;]{{0,30}}\b(?:{_RX}|painkillers|stimulants|prescri\w{{2,6}})")),
    ("medicines", re.compile("(?:怎么|怎样|怎么样|如何|哪里|哪儿|该怎么样|想)[^。！？；\n]{0,8}(?:买|弄|搞|开|拿|囤|获得)[^。！？；\n]{0,6}(?:很多|大量|好多|许多|不用处方|没有处方|无处方)?[^。！？；\n]{0,4}(?:安眠药|安定|杜冷丁|吗啡|曲马多|奥施康定|盐酸哌替啶|三唑仑|精神药品|麻醉药|聪明药|哌甲酯|艾司唑仑|氯硝西泮)[^。！？；\n]{0,8}|(?:装病|骗医生|假装)[^。！？；\n]{0,10}(?:开药|处方|安定|止痛)")),
    ("forgery", re.compile(r"\b(?:forg(?:e|ing)|fak(?:e|ing)|falsif(?:y|ying)|counterfeit\w{0,3}|photoshop|alter(?:ing)?|backdate|make up|write me)\b[^.!?;]{0,25}\b(?:prescription|medical certificate|sick (?:note|leave)|doctor'?s? (?:note|letter)|vaccin\w{2,6} (?:card|certificate|record|passport)|(?:test|lab|drug test|covid) results?|medical records?|death certificate|disability (?:certificate|form)|trial data)\b")),
    ("forgery", re.compile("(?:伪造|假造|造假|篡改|ps|做假|开假|办假|买假|弄张?假|做张?假|假冒|开张?假|代开)[^。！？；\n]{0,8}(?:病假条|假条|处方|病历|诊断(?:书|证明)?|证明|疫苗|化验单|检查报告|体检报告|核酸|死亡证明|残疾证|接种)|(?:假|虚假)的?(?:病假条|处方|诊断证明|疫苗证|体检报告|病历|核酸报告)")),
    ("covert", re.compile(r"\b(?:secretly|without (?:his|her|their|them|him|my (?:wife|husband|partner|girlfriend|mother)|anyone) (?:\w{1,8} )?(?:knowing|noticing|knowledge|consent|realising|realizing)|slip|spike|sneak|behind (?:his|her) back|hide)\b[^.!?;]{0,45}\b(?:drink|food|pills?|tablets?|coffee|tea|drug|sedat\w{1,4}|medicine|abort\w{0,4}|viagra|contracepti\w{1,3}|laxatives?|sleeping)\b|\b(?:put|give|feed|drug|sedate|abort|dose)\b[^.!?;]{0,45}\b(?:without (?:his|her|their|them|him|anyone) (?:\w{1,8} )?(?:knowing|noticing|knowledge|consent|realising|realizing)|secretly|so (?:he|she) (?:won't|doesn't) (?:know|notice|resist|wake))|\bdate.?rape drug|\broofies?\b")),
    ("covert", re.compile("(?:偷偷|暗中|悄悄|不让.{0,4}知道|不被.{0,4}发现|背着)[^。！？；\n]{0,8}(?:给|下|放|加|让|喂|掺)[^。！？；\n]{0,10}(?:药|安眠|避孕|打胎|堕胎|流产|镇静|春药|激素|毒)|迷[奸晕]药?|(?:听话水|乖乖水|迷魂药)|下药[^。！？；\n]{0,10}(?:她|他|女|迷|晕)|(?:让|使)[^。！？；\n]{0,6}(?:她|老婆|女友|女朋友)[^。！？；\n]{0,6}(?:不知情|不知道|不知不觉)[^。！？；\n]{0,6}(?:流产|堕胎|昏)")),
    ("organs", re.compile(r"\b(?:sell|selling|buy|buying|trade)\b[^.!?;]{0,12}\b(?:my |a |an |one )?(?:kidney|organ|liver|cornea)s?\b(?! (?:beans?|dish|supplement))")),
    ("organs", re.compile("(?:卖|买|出售|倒卖)(?:一个|一颗|我的?|自己的?)?(?:肾|器官|肝脏|眼角膜)(?!炎|宝|药|病)")),
    ("danger", re.compile(r"\b(?:drink(?:ing)?|swallow(?:ing)?|inject(?:ing)?|gargl(?:e|ing)|enema of|inhal(?:e|ing)|take|taking)\b[^.!?;]{0,20}\b(?:bleach|disinfectant|petrol|gasoline|kerosene|turpentine|methanol|antifreeze|hydrogen peroxide|chlorine dioxide|miracle mineral|caustic soda|mercury|battery acid|drain cleaner|rubbing alcohol|paraffin oil lamp)\b[^.!?;]{0,60}\b(?:cure|detox\w{0,3}|cleanse|treat|heal|help|kill the virus|good for|prevent|purif\w{1,4}|lose weight|remedy|benefit\w{0,2}|safe)|\b(?:cure|detox\w{0,3}|cleanse|treat|heal|purif\w{1,4})\b[^.!?;]{0,40}\b(?:by|with) (?:drinking|swallowing|injecting|taking) (?:\w{1,8} ){0,2}(?:bleach|disinfectant|petrol|kerosene|turpentine|hydrogen peroxide|chlorine dioxide|mercury)")),
    ("danger", re.compile("(?:喝|饮用|口服|注射|服用|灌)[^。！？；\n]{0,8}(?:漂白剂|漂白水|消毒液|84|双氧水|汽油|煤油|甲醇|工业酒精|水银|硫酸|洁厕|二氧化氯|敌敌畏|农药)[^。！？；\n]{0,16}(?:治|净化|排毒|杀毒|有用|有效|预防|减肥|好处|可以吗|是真的|打虫|驱虫|除)|(?:用|拿)[^。！？；\n]{0,4}(?:火烤|开水烫|汽油|农药|敌敌畏|硫酸|烙铁|电击)[^。！？；\n]{0,10}(?:治|擦|涂|洗|缓解|杀)|用火烤来治")),
)  # fmt: skip


def threat(text: str) -> Span | None:
    """Where the text threatens somebody else."""
    return _found(THREAT, text)


def suffered(text: str) -> Span | None:
    """Where the text tells of violence against the person or somebody near."""
    return _found(SUFFERED, text)


def request(text: str) -> tuple[str, Span] | None:
    """The kind of a request that is declined, and where it stands."""
    low = plain(text)
    found = ((kind, match) for kind, pattern in REQUESTS if (match := pattern.search(low)))
    return next(((kind, match.span()) for kind, match in found), None)


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> Span | None:
    low = plain(text)
    return next((m.span() for p in patterns if (m := p.search(low))), None)
