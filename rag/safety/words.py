"""The fixed wording of alerts and declines, in English and Chinese. Decides wording only; a test pins it."""

from __future__ import annotations

_CRISIS = (
    "It sounds as if you, or somebody near you, may be thinking of dying or of self-harm. You are not alone, and this pain can be "
    "treated. Please reach a person now: call a line below, or go to the nearest emergency department. If something was "
    "taken or done already, or there is immediate danger, call the emergency number first. Until then, stay with somebody "
    "you trust, or stay with the person, and put distance between them and anything that could be used to harm.",
    "听起来您或您身边的人可能有轻生或伤害自己的想法。您并不孤单，这种痛苦是可以得到帮助的。请现在就联系一个人：拨打下面的电话，"
    "或前往最近的急诊。如果已经服药、受伤或有眼前的危险，请先打急救电话。在得到帮助之前，请和信任的人待在一起，"
    "或陪在当事人身边，并远离一切可能造成伤害的物品。",
)
_HARM = (
    "This speaks of harming somebody. This program does not help with that. If you feel that you might act on it, step away from "
    "the person now and call a line below or go to the nearest emergency department; help exists also for overwhelming anger. "
    "If somebody is in danger, call the emergency number.",
    "这里提到了伤害他人，本程序不会为此提供帮助。如果您担心自己会这样做，请现在就离开对方，拨打下面的电话或前往最近的急诊；"
    "愤怒和绝望的情绪也可以得到帮助。如果有人处于危险之中，请立即拨打报警或急救电话。",
)
_ABUSE = (
    "What is described may be violence against you or somebody near you. It is not your fault. If there is danger now, call the "
    "emergency number; go to a safe place and to people whom you trust. Injuries should be seen and written down by a doctor.",
    "所描述的情况可能是针对您或身边人的暴力，这不是您的错。如果眼前有危险，请立即报警；请到安全的地方，找您信任的人。"
    "受伤请就医，并请医生记录伤情。",
)
_CALL = (
    "This may be an emergency ({group}). Call the emergency number now; do not wait and do not drive yourself. Minimising or waiting "
    "can cost the chance of treatment. What follows, if anything, does not replace that call.",
    "这可能是急症（{group}）。请立即拨打急救电话，不要等待，也不要自己开车。拖延可能错过治疗时机。下面的内容不能代替急救。",
)
_GO = (
    "This needs to be seen at once ({group}). Go to an emergency department now, or call the emergency number if you cannot get "
    "there safely. What follows, if anything, does not replace that.",
    "这种情况需要马上就诊（{group}）。请立即前往急诊；不能安全到达时请拨打急救电话。下面的内容不能代替就诊。",
)
_POISON = (
    "This may be a poisoning or an overdose. Call the emergency number or a poison centre now, even if there are no complaints yet. "
    "Do not make the person vomit and give nothing to drink unless you are told to; keep the packet. In gas or smoke: out into fresh air first.",
    "这可能是中毒或用药过量。即使还没有症状，也请立即拨打急救电话或联系中毒救治中心。没有医生指示不要催吐，也不要喂水；"
    "请保留药盒或容器。如为煤气或烟雾，请先转移到通风处。",
)
MESSAGES = {"crisis": _CRISIS, "harm": _HARM, "abuse": _ABUSE, "call": _CALL, "go": _GO, "poisoning": _POISON}
GROUPS = {
    "arrest": ("unconscious or not breathing", "意识丧失或呼吸停止"), "choking": ("choking", "气道异物"),
    "stroke": ("signs as in a stroke", "类似卒中的表现"), "heart": ("signs as in heart trouble", "类似心脏急症的表现"),
    "anaphylaxis": ("signs as in a severe allergic reaction", "类似严重过敏反应的表现"),
    "breathing": ("severe trouble breathing", "严重呼吸困难"), "airway": ("a narrowed airway", "气道狭窄"),
    "lung_clot": ("signs as in a clot in the lung", "类似肺栓塞的表现"), "aorta": ("signs as in a tear of a large vessel", "类似大血管破裂的表现"),
    "sepsis": ("signs as in sepsis", "类似脓毒症的表现"), "meningitis": ("signs as in meningitis", "类似脑膜炎的表现"),
    "diabetes": ("signs as in a diabetic emergency", "类似糖尿病急症的表现"), "low_sugar": ("signs as in low blood sugar", "类似低血糖的表现"),
    "bleeding": ("serious bleeding", "严重出血"), "ectopic": ("signs as in a pregnancy outside the womb", "类似异位妊娠的表现"),
    "pregnancy": ("a warning sign in pregnancy", "孕期危险信号"), "preeclampsia": ("signs as in pre-eclampsia", "类似子痫前期的表现"),
    "testicle": ("sudden pain in a testicle", "睾丸急性疼痛"), "spine": ("signs of pressure on the spinal nerves", "脊髓或马尾受压的表现"),
    "nerve": ("spreading weakness", "进行性无力"), "eye": ("a threat to sight", "可能损害视力的情况"),
    "head": ("a head injury with warning signs", "有危险信号的头部外伤"), "infant": ("illness in a very young baby", "小婴儿患病"),
    "child": ("a child with warning signs", "儿童危险信号"), "seizure": ("a seizure", "惊厥发作"),
    "poisoning": ("poisoning", "中毒"), "burn": ("a serious burn or electric injury", "严重烧伤或电击伤"),
    "bite": ("a dangerous bite", "危险的咬伤"), "limb": ("a limb without blood flow or under pressure", "肢体缺血或受压"),
    "neutropenia": ("fever with weakened defences", "免疫力低下时发热"), "adrenal": ("lack of steroid hormone", "肾上腺皮质激素不足的表现"),
    "headache": ("a headache with warning signs", "有危险信号的头痛"), "abdomen": ("a severe belly condition", "急腹症的表现"),
    "attack": ("what you name yourself", "您自己提到的急症"), "heat": ("heat illness", "热射病的表现"), "cold": ("dangerous cooling", "失温"),
    "infection": ("a fast spreading infection", "快速扩散的感染"), "joint": ("an infected joint", "关节感染的表现"),
    "erection": ("a lasting erection", "持续勃起"), "dialysis": ("a warning sign on dialysis", "透析患者危险信号"),
    "withdrawal": ("severe withdrawal", "严重戒断反应"), "liver": ("liver failure signs", "肝衰竭的表现"), "drowning": ("near drowning", "溺水"),
    "intoxication": ("severe intoxication", "严重醉酒或药物中毒"), "several": ("several warning signs together", "多个危险信号同时出现"),
}  # fmt: skip
DECLINES = {
    "weapon": (
        "This program does not help to harm people. If somebody is in danger, call the emergency number.",
        "本程序不会协助伤害他人。如果有人处于危险之中，请拨打报警或急救电话。",
    ),
    "drugs": (
        "This program does not help to make, get or try illegal drugs; no medicine stands in for them, and none of them is a treatment "
        "for anxiety, sleep or attention. If it is about dependence, a doctor or an addiction service treats it in confidence.",
        "本程序不会协助制造、获取或尝试毒品，也没有可以代替毒品的药物；毒品不能治疗焦虑、失眠或注意力问题，请不要尝试。"
        "如果涉及成瘾，医生和戒毒机构可以在保密的情况下提供治疗。",
    ),
    "medicines": (
        "This program does not help to get or hoard prescription medicines outside treatment. A doctor or pharmacist can say what is "
        "safe. If you think of taking too many, please call your local emergency number or a crisis line now.",
        "本程序不会协助在诊疗之外获取或囤积处方药。请咨询医生或药师。如果您有过量服药的想法，请立即拨打120或心理援助热线12356。",
    ),
    "forgery": (
        "This program does not help to forge prescriptions, certificates or records.",
        "本程序不会协助伪造处方、病假条、证明或病历。",
    ),
    "covert": (
        "This program does not help to give anybody a medicine or substance without that person's knowledge. It is dangerous and a crime.",
        "本程序不会协助在他人不知情的情况下给其用药或其他物质。这样做很危险，也是违法的。",
    ),
    "organs": (
        "This program does not help to buy or sell organs. Transplant centres inform about legal donation.",
        "本程序不会协助买卖器官。合法捐献请咨询移植中心。",
    ),
    "danger": (
        "Do not do this: what is named here injures or poisons and treats nothing. If it was done already, call the emergency number or a "
        "poison centre now.",
        "请不要这样做：所说的做法会造成伤害或中毒，没有治疗作用。如果已经这样做了，请立即拨打急救电话或联系中毒救治中心。",
    ),
}


def message(kind: str, language: str, **values: str) -> str:
    """The fixed message of a kind of alert."""
    return MESSAGES[kind][language == "zh"].format(**values)


def group_name(group: str, language: str) -> str:
    """What a group of rules is called to people: what it may be, never that it is."""
    return GROUPS[group][language == "zh"]
