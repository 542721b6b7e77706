"""The words by which an English follow-up question is known, and what they point at.

Decides which words are pronouns, bare question words, parts of a sentence or comparisons. Knows nothing of topics.
"""

from __future__ import annotations

import re

LED = re.compile(r"^(?:(?:and|but|so|also|or|ok(?:ay)?|then|hmm|well|thanks|thank you|please)\b[ ,.:!]*)+", re.I)
ABOUT = re.compile(
    r"^(?:(?:what|how) about|what of|same (?:question )?for|same in|any|only|even|especially)\b\s*", re.I
)
BARE = re.compile(
    r"^(why(?: not| so| is that)?|how(?: so| come| exactly)?|(?:for |after )?how (?:long|often|much|many|soon|well)|since when|when|"
    r"(?:at|in|with|for|by|to|after) (?:what|which) \w+(?: \w+)?|in whom|where|who|which(?: ones?)?)$", re.I
)  # fmt: skip
MORE = re.compile(
    r"^(?:(?:can you |could you )?(?:tell me|say|give me|show me|know) (?:some )?more(?: details?)?(?: about (?:it|this|that|them))?|"
    r"more(?: details?| information)?|go on|explain(?: (?:it|this|that))?(?: more)?|elaborate|details|continue)$", re.I
)  # fmt: skip
ALSO_TRUE = re.compile(
    r"^(?:is|would|does|do) (?:that|this|it|they)(?: also| still| really)? (?:be )?(?:true|the case|hold|apply|valid|the same)(?: true)?"
    r"(?: also| too)?\s+(.+)$", re.I
)  # fmt: skip
IF = re.compile(
    r"^(?:what if|(?:even |also )?if(?= (?:they|he|she|someone|somebody)\b)) (?:(they|he|she|someone|somebody|you|i)\b)?([^,]+)$",
    re.I,
)
AGAIN = re.compile(
    r"^(?:really|are you (?:sure|certain)|is (?:that|this|it) (?:true|right|certain|correct|so)|says who|seriously)$",
    re.I,
)
CLAUSE = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might|must|what|which|who|whom|whose|when|"
    r"where|why|how|(?:in|for|at|by|to|with|after|from|on|of) (?:what|which|whom|how)|list|describe|explain|compare|name|"
    r"summari[sz]e|give|tell|show|isn't|doesn't|aren't|don't|can't|if)\b", re.I
)  # fmt: skip
PREPOSITION = re.compile(
    r"^(in|for|with|without|during|after|before|among|at|on|from|by|over|under|when|while|if|versus|vs\.?|"
    r"compared (?:with|to)|instead of|together with|combined with|beyond|within|as|of|given)\s+(.+)$", re.I
)  # fmt: skip
THING = (
    r"drugs?|medicines?|medications?|agents?|treatments?|therap(?:y|ies)|diseases?|conditions?|illness(?:es)?|disorders?|"
    r"syndromes?|infections?|interventions?|procedures?|vaccines?|tests?|diets?|supplements?|operations?|surgery|approach(?:es)?|"
    r"methods?|strateg(?:y|ies)|antibiotics?|class|stuff|problem"
)
NOUN = re.compile(rf"\b(?:this|that|these|those|such|said|the|the same)\s+({THING})\b(?!\s+of\b)", re.I)
STUDY = re.compile(
    r"\b(?:this|that|these|those|the)\s+(?:trial|study|studies|trials|paper|article|review|guideline)\b", re.I
)
DISEASE_NOUN = re.compile(r"disease|condition|illness|disorder|syndrome|infection|problem", re.I)
PRONOUN = re.compile(
    r"\b(?:its|their|theirs|it|they|them|this|that|these|those|the former|the latter|the same)\b", re.I
)
MANY = ("they", "them", "their", "theirs")
SOMEBODY = re.compile(
    r"\b(?:\w*patients|people|persons|women|men|adults|children|babies|smokers|parents|mothers|doctors|those|who)\b",
    re.I,
)
AFTER_BARE = re.compile(
    r"\s*(?:$|[?.!,;]|(?:is|was|are|were|be|true|also|too|as|work|works|help|helps|mean|happen|happens|cause|causes|affect|apply|"
    r"hold|in|for|with|from|has|have|had|really|compare|compared|safe|so|treated|prevented|diagnosed|done|given|used|when|if|"
    r"and|or|during|after|before|than|at|by|on|because|alone|together|better|worse|more|less|enough|usually|often|ever|only)\b)", re.I
)  # fmt: skip
BEFORE_THAT = re.compile(
    r"(?:^|\b(?:is|are|was|does|do|did|can|could|should|would|will|than|of|about|for|with|to|how|why|after|before|from|by|on|in|"
    r"against|like|cause|causes|prevent|treat|does|over|instead of|between|and|or|called|as))\s*$", re.I
)  # fmt: skip
TO_COME = re.compile(
    r"\bit(?:'s| is| was)?\s+(?:\w+\s+){0,3}(?:to\b(?! (?:the|a|an|my|your|their|its)\b)|(?:that|whether|if)\b)|\b(?:does|did) it (?:matter|make|take|help to)\b|"
    r"it (?:is|was) (?:known|true|said)|\b(?:is|was) it (?:worth|useful|necessary|advisable|better|wise)\b", re.I
)  # fmt: skip
OF_DISEASE = re.compile(
    r"\b(?:diagnos\w*|treated|treatable|treat (?:it|them|this|that)|prevented|preventable|prevent (?:it|them|this|that)|cured?|"
    r"curable|contagious|infectious|hereditary|inherited|genetic|fatal|deadly|symptoms?|signs|causes?(?! (?:by|cancer))\b(?= (?:it|them|this|that)|$|\?)|"
    r"what causes|caused|causes of|prognosis|spread|transmitted|catch|get it|recur|come back|relapse|detect\w*|managed|risk factors?|epidemiology|pathogenesis|prevalence|"
    r"incidence|screened|how common|screening|treatments? for (?:it|this|that)|treatments?\b|therap(?:y|ies)\b)", re.I
)  # fmt: skip
COMPARES = re.compile(
    r"^(?:is|are|was|were|would|does|do)\b.*\b(?:better|safer|worse|stronger|cheaper|superior|inferior|preferable|as (?:good|safe|effective|"
    r"strong|well)|(?:more|less) (?:effective|safe|potent|toxic|harmful|common)|equally (?:good|safe|effective))(?=$| (?:in|for|at|during|after|when)\b)", re.I
)  # fmt: skip
HAS_OTHER_SIDE = re.compile(r"\b(?:than|versus|vs|or|compared|to|over|as \w+ as)\b", re.I)
YES_NO_START = re.compile(r"^(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|may|might)\b", re.I)
WHICH_ONE = re.compile(r"^(?:which|what|whose) ([\w-]+)(?: [\w-]+)?$", re.I)
BESIDE = re.compile(r"\b(?:(?P<to>be added|added)|(?P<of>instead))$", re.I)
