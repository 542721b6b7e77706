"""What a consultation says, in English and Chinese. Decides wording only: no disease is named, no dose."""

from __future__ import annotations

from indexer.language import language_of

_WORDS = {
    "notice": (
        "This is no diagnosis and no treatment plan: a program read your words, nobody examined you. A doctor decides.",
        "以上不是诊断，也不是治疗方案：程序只读了您的文字，没有人为您检查。请由医生判断。",
    ),
    "no dose": (
        "No dose is given here: ask the prescriber or a pharmacist, and start or stop no medicine on this page's word.",
        "本程序不提供用药剂量：请询问医生或药师，不要仅凭这里的内容自行用药、加量或停药。",
    ),
    "level emergency": ("Now, as an emergency", "立即按急症就诊"),
    "level same day": ("See a doctor today", "请当天就诊"),
    "level appointment": ("Make an appointment with a doctor", "请预约门诊就诊"),
    "level self care": ("Self care is reasonable for now", "目前可以先自我护理观察"),
    "why same day sign": ("because of: {matched}", "原因：{matched}"),
    "why lasting fever": ("because of the fever, which lasts or whose start is not known: {matched}", "原因：发热持续或起始时间不明（{matched}）"),
    "why lasting": ("because it has lasted two weeks or more", "原因：已持续两周或更久"),
    "why minor": ("a common complaint, short and not severe: {matched}", "常见、时间短、不严重的不适：{matched}"),
    "why minor, not known": (
        "it may be minor ({matched}), but age, length or severity are not known or speak against waiting",
        "可能不严重（{matched}），但年龄、时间或程度尚不清楚，或不适合等待",
    ),
    "why to be seen": ("nothing urgent was read in your words; an examination has to sort it out", "从文字中未读到紧急情况，但需要检查才能判断"),
    "net": (
        "Go to an emergency department at once if any of these appears: trouble breathing, chest pain or pressure, fainting, confusion, a weak or "
        "numb side, trouble speaking, a sudden severe headache, a stiff neck, a rash that does not fade, blood in vomit or stool, a seizure, pain "
        "that becomes severe, no urine for 12 hours, or if you feel that something is badly wrong.",
        "出现下列任何一种情况请立即去急诊：呼吸困难、胸痛或胸部压迫感、晕厥、意识模糊、一侧无力或麻木、说话困难、突发剧烈头痛、脖子发硬、"
        "按压不褪色的皮疹、呕血或便血、抽搐、疼痛加剧、12小时无尿，或您感到情况很不对劲。",
    ),
    "net time": ("See a doctor too if it is not better in {days} days, or comes back.", "如果{days}天内没有好转或反复出现，也请就诊。"),
    "ask": ("To say more, these would help", "为了进一步判断，请补充"),
    "age": ("How old is the person?", "患者多大年龄？"),
    "duration": ("Since when, and is it getting better or worse?", "从什么时候开始？在好转还是加重？"),
    "severity": ("How bad is it, from 0 to 10, and what does it keep you from doing?", "有多严重（0到10分）？影响了哪些活动？"),
    "temperature": ("What temperature was measured?", "测得的体温是多少？"),
    "others": ("What else is there: pain, fever, vomiting, breathlessness, rash?", "还有其他不适吗：疼痛、发热、呕吐、气短、皮疹？"),
    "pregnancy": ("Is a pregnancy possible, or a birth in the last weeks?", "是否可能怀孕，或近期生产？"),
    "conditions": ("Which other illnesses are known?", "有哪些已知的疾病？"),
    "medicines": ("Which medicines are taken, also without prescription?", "正在使用哪些药物（包括自行购买的）？"),
    "allergies": ("Are there allergies, to medicines too?", "有过敏史吗（包括药物过敏）？"),
    "care": ("How soon", "就诊时机"),
    "department": ("Department", "就诊科室"),
    "library": ("What your library says about such complaints (about people in studies, not about you)", "您的文献库中关于此类不适的内容（针对研究人群，并非针对您）"),
    "asked": ("asked of the library: {question}", "向文献库提出的问题：{question}"),
    "no library": ("No index was found, so nothing from the literature is shown; make one with: rag index PATH... --into index", "没有找到索引，因此没有文献内容；请先建立：rag index 路径 --into index"),
    "nothing found": ("Nothing in the library answers this.", "文献库中没有能回答的内容。"),
    "left out": ("{count} sentence(s) with doses or instructions were left out.", "{count}句含剂量或用药指示的内容已略去。"),
    "stopped": ("The library was not asked.", "未检索文献库。"),
    "prompt": ("more (or an empty line to stop)", "请补充（直接回车结束）"),
    "question": ("What are the causes of {complaint}?", "{complaint}的常见原因有哪些？"),
    "and": (" with ", "伴"),
}  # fmt: skip
# What the complaints are called when the library is asked.
COMPLAINTS = {
    "headache": ("headache", "头痛"), "fever": ("fever", "发热"), "chest": ("chest pain", "胸痛"), "breathless": ("breathlessness", "呼吸困难"),
    "belly": ("abdominal pain", "腹痛"), "diarrhoea": ("diarrhoea", "腹泻"), "nausea": ("vomiting", "呕吐"), "faint": ("dizziness", "头晕"),
    "heartrate": ("palpitations", "心悸"), "back": ("back pain", "腰背痛"), "jaundice": ("jaundice", "黄疸"), "seizure": ("seizures", "抽搐"),
    "joint": ("joint pain", "关节肿痛"), "hives": ("rash", "皮疹"), "calf": ("leg swelling", "下肢肿痛"), "eye_pain": ("eye pain", "眼痛"),
    "legs_weak": ("leg weakness", "下肢无力"), "thirst": ("thirst", "口渴"), "cough_blood": ("coughing blood", "咯血"), "black_stool": ("black stools", "黑便"),
}  # fmt: skip
OTHER_COMPLAINTS = (
    (r"\bcough", "cough", "咳嗽"), (r"\binsomnia|\bcan't sleep|\bsleepless", "insomnia", "失眠"), (r"\bsore throat", "sore throat", "咽痛"),
    (r"\bitch", "itching", "瘙痒"), (r"\bfatigue|\btired", "fatigue", "乏力"), (r"\bconstipat", "constipation", "便秘"),
    ("咳嗽|咳", "cough", "咳嗽"), ("失眠|睡不着", "insomnia", "失眠"), ("嗓子|咽|喉咙", "sore throat", "咽痛"), ("瘙?痒", "itching", "瘙痒"),
    ("乏力|没力气|疲", "fatigue", "乏力"), ("便秘", "constipation", "便秘"),
)  # fmt: skip


def say(key: str, text: str, **values: object) -> str:
    """The sentence `key` in the language of `text`, with its values put in."""
    return _WORDS[key][language_of(text) == "zh"].format(**values)
