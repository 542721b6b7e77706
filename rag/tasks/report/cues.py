"""What words of a spoken statement say about the section of a note it belongs to, in English and Chinese.

One row a rule: section, weight, who says it ("" for anybody), pattern. Decides words only; sums and ties are in
`sorting`.
"""
# ruff: noqa: E501

from __future__ import annotations

import re

_ROWS: tuple[tuple[str, float, str, str], ...] = (
    # Medications
    ("medications", 2.0, "", r"\b(?:medications?|meds|medicines?|prescri\w+|tablets?|pills?|inhalers?|milligrams?|mg|dos(?:e|age)|over the counter|supplements?|vitamins?|taking)\b|吃.{0,4}药|用药|服药|药物|毫克|胶囊|片剂"),
    ("medications", 1.5, "", r"\b(?:lisinopril|metformin|ibuprofen|tylenol|advil|aleve|aspirin|insulin|lasix|norvasc|prozac|zoloft|lipitor|motrin|naproxen|meloxicam|paracetamol|acetaminophen|albuterol|omeprazole|prednisone|\w{3,12}(?:statin|pril|sartan|olol|azole|cillin|mycin|oxetine|gliptin|dipine))\b"),
    # Allergies
    ("allergies", 5.0, "", r"\b(?:allerg(?:y|ies|ic)|anaphyla\w+|epi-?pen|(?:bad |adverse )?reactions? to|react(?:ed)? (?:poorly|badly) to)\b|过敏"),
    ("allergies", -3.0, "", r"\b(?:seasonal|pollen|fall|spring) allergies|allergies (?:acting|flaring|bother)"),
    # Past and family history
    ("history", 3.0, "", r"\b(?:family history|run in (?:the|your) family|(?:mother|father|mom|dad|brother|sister|grand\w+|aunt|uncle|siblings?|parents)\b.{0,40}\b(?:had|has|have|died|diagnosed|passed))\b|家族|遗传|(?:父亲|母亲|爸爸|妈妈|兄弟|姐妹).{0,12}(?:有|得|患)"),
    ("history", 2.5, "", r"\b(?:medical (?:history|conditions?|problems?|issues?)|past history|history of|surger(?:y|ies)|operat(?:ion|ions|ed)|hospitali[sz]\w+|been diagnosed|diagnosed with|immuni[sz]\w+|vaccin\w+|shots?|pregnan(?:t|cy|cies)|(?:appendix|gallbladder|tonsils?|hysterectomy|c-?section)\b)|以前.{0,6}(?:病|手术)|既往|做过.{0,6}手术|住过院|得过|高血压.{0,4}(?:病史|多少年)|糖尿病.{0,4}(?:病史|多少年)|疫苗"),
    # Social history
    ("social", 3.5, "", r"\b(?:smok\w+|cigarettes?|tobacco|alcohol|drink(?:ing|s|er)?|beers?|wine|drugs?|marijuana|cocaine|vap(?:e|ing)|pack(?:s)? (?:a|per) day)\b|抽烟|吸烟|喝酒|饮酒|戒烟"),
    ("social", 2.5, "", r"\b(?:married|divorced|widow\w*|single|retired|live (?:alone|with|at)|lives? with|work as|for work|for a living|occupation|job|my (?:wife|husband|kids|children)|exercise|sexually active)\b|结婚|离异|退休|职业|工作是|同住"),
    ("social", -2.5, "", r"\b(?:drink(?:ing)? (?:plenty|water|fluids)|drug store|allerg\w+ to)\b"),
    # Examination
    ("examination", 3.5, "clinician", r"\b(?:on (?:your )?(?:physical )?exam(?:ination)?|physical exam|i (?:do )?(?:appreciate|hear|see|feel|note|notice)|to palpation|tender(?:ness)?|murmur|edema|swelling (?:in|of|around)|range of motion|lungs? (?:are|sound|is)|heart (?:is|sounds?)|abdomen|pupils?|reflexes|strength|sensation|pulses?|lymph|thyroid|carotid|bruits?|crackles|wheez\w+|rhonchi|erythema|ecchymosis|effusion|gait|straight leg|cranial nerves?|oriented)\b|查体|压痛|听诊|触诊|心率|心肺"),
    ("examination", 3.0, "clinician", r"\b(?:vital signs?|vitals|blood pressure (?:is|was|today|here|looks)|temperature|heart rate|respirat\w+ rate|oxygen|pulse ox|afebrile)\b|血压.{0,6}\d|体温.{0,6}\d"),
    ("examination", 1.5, "clinician", r"\b(?:when i (?:press|push|move|bend|touch)|does (?:this|that|it) hurt|take a (?:deep )?breath|let me (?:check|look|listen)|listen to|open your mouth)\b|这里疼|按这里"),
    # Results
    ("results", 4.0, "clinician", r"\b(?:x-?rays?|mri|ct|cat scan|ultrasound|echo(?:cardiogram)?|ekg|ecg|labs?|lab(?:oratory)? (?:results?|work)|blood work|bloodwork|lipid panel|cbc|a1c|hemoglobin|creatinine|troponin|urinalysis|biopsy|pathology|test results?|results? (?:of|show|came|from|are|is)|scan)\b|结果|化验单|片子|核磁|彩超|心电图"),
    ("results", 1.5, "clinician", r"\b(?:show(?:s|ed)?|reveal\w*|demonstrat\w+|looks? (?:good|normal|fine|stable)|normal|elevated|(?:a )?(?:bit|little) (?:high|low)|fracture|no (?:evidence|sign))\b"),
    ("results", -3.0, "", r"\b(?:order|get (?:a|an|some)|going to (?:get|do|check|order|repeat)|gon ?na (?:get|do|check|order|repeat)|wan ?na (?:get|order|do|repeat|check)|we'll (?:get|repeat|do|check|order)|would like to (?:get|order))\b|建议.{0,6}(?:查|做)|去做|做个"),
    # Assessment
    ("assessment", 3.5, "clinician", r"\b(?:assessment|impression|diagnos(?:is|es|ed)|consistent with|most likely|i (?:do )?(?:think|believe|suspect) (?:you|that|this|it|what)|sounds like|looks like (?:you|this|it)|(?:you|he|she) (?:do |does |did )?(?:have|had) (?!to\b|any\b|been\b|you\b)|it is probably|probably (?:a|an|sinus|viral)|this is (?:a|an|most|likely|probably)|first problem|next problem|(?:second|third|last|other) problem|concerned (?:about|that)|due to|caused by|because of)\b|考虑|诊断|可能是|应该是|估计是|属于"),
    # Plan
    ("plan", 3.5, "clinician", r"\b(?:i(?:'m| am)? ?(?:going to|gon ?na|wan ?na|want to|would like|'d like|will|'ll)|we(?:'re| are)? ?(?:going to|gon ?na|will|'ll|can|should|need to)|let's|let us|i want you|i recommend|i suggest|(?:i have|i\'ve) advised|advis\w+|set you up|you (?:should|need to|can|could|must)|continue|increase|decrease|start(?:ing)? you|put you on|prescrib\w+|refer(?:ral)?|order|follow[- ]?up|come back|see you (?:in|back|again)|schedule|send (?:you|in)|physical therapy|return if|call (?:me|us|the office)|go to the (?:er|emergency))\b|建议|需要|可以(?:先|吃|用|做)|先(?:吃|用|做|查)|复查|复诊|随访|注意|避免|多喝水|住院|转诊|开.{0,4}药"),
    ("plan", 1.0, "clinician", r"\b(?:times a day|twice a day|once a day|for (?:two|three|four|six|\d+) (?:days|weeks|months)|per day|daily)\b|一日|每天|每日|疗程"),
    ("plan", -3.0, "clinician", r"\b(?:ask you|examin|exam|take a look|check (?:your|you|out) (?:heart|lungs|blood)|look at your|listen|tell you about|talk about|go over)\b|问你|看一下|检查一下身体"),
    # The illness of today
    ("subjective", 1.5, "patient", r"\b(?:pain\w*|hurts?|ache\w*|sore|cough\w*|fever|chills|nausea|vomit\w*|dizz\w+|tired|fatigue|swelling|swollen|numb\w*|tingl\w+|itch\w*|rash|bleed\w*|breath\w*|headaches?|weak\w*|sleep\w*|symptoms?|started|began|worse|better|ago|since|weeks?|days?|months?|noticed|feel\w*|felt|fell|injur\w+|twisted|couldn't|can't|weight)\b|疼|痛|咳|发烧|发热|恶心|呕吐|头晕|乏力|麻木|痒|出血|气短|胸闷|腹泻|便秘|失眠|开始|天了|周了|月了|加重|不舒服"),
    ("subjective", 2.0, "clinician", r"\b(?:years?[- ]old|presents?|here (?:today )?(?:for|with|because|to)|complain\w*|comes in|chief complaint|i see (?:here )?(?:that )?you|you're (?:having|here|seeing)|you were|you've been|you (?:said|mentioned|told)|denies|reports)\b|主诉|您(?:说|提到)"),
    ("subjective", 1.0, "patient", r"."),
)  # fmt: skip
RULES: tuple[tuple[str, float, str, re.Pattern[str]], ...] = tuple(
    (section, weight, role, re.compile(pattern, re.I)) for section, weight, role, pattern in _ROWS
)
# Said for politeness, to hold the floor or to a machine: no part of a note, unless something else is said too.
FILLER = re.compile(
    r"\A[\s,.;-]{0,40}(?:(?:um|uh|hmm|mm|mhm|oh|well|so|and|but|yeah|yes|yep|no|nope|okay|ok|all right|alright|right|sure|great|good|"
    r"fine|perfect|excellent|wonderful|awesome|nice|thanks?(?: you)?(?: so much| very much)?|hi|hello|hey|bye|goodbye|"
    r"good (?:morning|afternoon|evening|to see you|seeing you)|nice to (?:see|meet) you|i see|i understand|got it|"
    r"of course|absolutely|exactly|sounds good|that'?s (?:good|great|fine|right|okay|true|awesome|perfect|it)|you're welcome|"
    r"take care|no problem|here we go|let'?s see|good to (?:see|hear)(?: you| that)?|i'?m (?:sorry|glad)(?: to hear)?(?: that| it)?|"
    r"sorry(?: to hear that| about that)?|my pleasure|too|then|sir|ma'?am|miss|doctor|dear|really|wow|"
    r"你好|您好|谢谢|好的?|嗯+|哦|是的?|对|再见|不客气|不用谢|没问题|知道了|明白了?)[\s,.!?;，。！？-]{0,20}){1,12}\Z",
    re.I,
)
TO_MACHINE = re.compile(r"\bhey,? ?,? dragon\b|\b(?:finalize|close) the note\b", re.I)
