"""How people speak of suicide and self-harm in English. Decides no answer.

OPEN: said in so many words. HINTED: not. METHOD: a way, means, plan or time; counts only beside one of the others.
"""

from __future__ import annotations

import re

_SELF = r"(?:my|him|her|them)self"
_WANT = (
    r"(?:want\w{0,3}|wanna|going|plan\w{0,4}|intend\w{0,3}|decid\w{2,3}|tr(?:y|ies|ied|ying)|think\w{0,3} (?:of|about)|thought (?:of|about)|thoughts? (?:of|about)|"
    r"talk\w{0,3} (?:of|about)|threat\w{3,6}|feel like|ready|about|wish\w{0,3}|keep\w{0,3} (?:thinking|talking) (?:of|about)|urges?|need|tempted|like|how (?:can|do|should|could) i|can i|help me|"
    r"could|might|will|'ll|gonna|consider\w{0,3}|considering|wants|fantasi\w{2,5} about|dream\w{0,3} (?:of|about)|attempt\w{0,3}|easiest way|best way|way|ways|hoping|if i|should i)"
)
_NEAR = (
    r"(?:my (?:\w{1,12} ){0,2}(?:friend|son|daughter|husband|wife|partner|boyfriend|girlfriend|brother|sister|mother|father|mum|mom|dad|flatmate|roommate|housemate|colleague|cousin|niece|nephew|"
    r"child|kid|grandson|granddaughter|student|neighbou?r|ex|teen\w{0,5}|aunt|uncle|grandmother|grandfather|grandma|grandpa|patient|client|classmate|boss|teenager|best mate|mate|twin)|he|she|they|someone(?: i know)?|somebody|a (?:close )?(?:friend|colleague|classmate|student|patient)(?: of mine)?|"
    r"(?:our )?(?:son|daughter|mum|mom|dad))"
)
_KILL = (
    rf"(?:kill{{1}}(?:ing|ed)? {_SELF}|end(?:ing|ed)? (?:my|his|her|their|it) (?:own )?(?:life|all)|end(?:ing)? (?:my|his|her|their) (?:own )?(?:life|lives|days|suffering)|end(?:ing)? it(?: all)?\b|"
    rf"tak(?:e|ing) (?:my|his|her|their) (?:own )?(?:life|lives)|took (?:my|his|her|their) (?:own )?life|commit(?:ting)? suicide|suicide|di(?:e|ying)\b(?! (?:at home|of|from|for|laughing|to know|young|in (?:my )?(?:sleep|peace) (?:at|of)))|"
    rf"be dead|do(?:ing)? {_SELF} in|off(?:ing)? {_SELF}|unaliv\w{{1,3}}|kms\b|hang(?:ing)? {_SELF}|shoot(?:ing)? {_SELF}|cut(?:ting)? {_SELF}|hurt(?:ing)? {_SELF}|harm(?:ing)? {_SELF}|"
    rf"jump(?:ing)? (?:off|from|in front)|overdos(?:e|ing)|throw(?:ing)? {_SELF} (?:off|under|in front)|slit(?:ting)? (?:my|his|her)|drown(?:ing)? {_SELF}|poison(?:ing)? {_SELF}|burn(?:ing)? {_SELF}|starv(?:e|ing) {_SELF} to death|gass?(?:ing)? {_SELF})"
)


def _of(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{p})") for p in patterns)


OPEN = _of(
    rf"(?:i|i'm|i am|i've|i'd|i'll|me|{_NEAR}|he's|she's)\b(?:(?!n't | not | never )[^.!?;]){{0,45}}?\b{_WANT}\b(?: \w{{1,9}}){{0,3}}? {_KILL}",
    rf"(?:i|i'll|i'm|{_NEAR})\b[^.!?;]{{0,40}}\b(?:kill(?:ed|ing)? {_SELF}|unaliv\w{{1,3}} {_SELF}|kms\b|end(?:ing)? it all|taking (?:my|his|her) own life|end(?:ing)? (?:my|his|her|their) (?:own )?life|tak(?:e|ing) (?:my|his|her|their) own life)",
    rf"(?:want|wanting|ready|going|planning|wanna|how|ways?|help me|trying|tried|urge|urges|tempted) (?:to )?(?:{_KILL})\b(?! (?:prevention|rate|risk|gene|inhibit))",
    rf"(?:i'm|i am|i feel|i've been|i have been|i was|i get|feeling|am i|{_NEAR} (?:is|feels|seems|has been|might be|may be|sounds|says (?:he|she|they)(?:'s| is| are|'re)?)|he's|she's) (?:(?!not |never )\w{{1,10}} ){{0,3}}suicidal\b(?! (?:gene|ideation (?:scale|in)))",
    r"(?:i|i've|i keep|my|he|she|he's|she's)\b(?: (?!not |no |never |any )\w{1,9}){0,4} suicid(?:al|e) (?:thoughts?|ideas?|feelings?|urges?|plans?|note|attempt|letter)\b(?! (?:in|among|scale))",
    rf"(?:i|{_NEAR}|he|she)\b[^.!?;]{{0,20}}\b(?:don't|doesn't|do not|does not|didn't|no longer|not|can't|cannot|never) (?:really |even |actually )?(?:want|wants|wanna|wish|care|wanted|desire|feel like|see the point)(?: to| in| of)? (?:be |go on |keep )?(?:liv\w{{1,4}}|alive|be here|exist\w{{0,3}}|being alive|wak\w{{1,3}} up|carry on living|be around)",
    r"i (?:wish|wished) (?:i|that i) (?:was|were|had never|could|would|had|'d)(?: just| simply| be)? ?(?:dead|die|been born|died|never been born|stop existing)",
    rf"(?:i|i've|i have|i just|{_NEAR}|he|she|been|started|keeps?|has been|is|was)\b(?: \w{{1,10}}){{0,3}}? (?:cut(?:s|ting)?|hurt(?:s|ing)?|harm(?:s|ed|ing)?|burn(?:s|t|ed|ing)?|self.?harm\w{{0,3}}|scratch\w{{0,3}}) (?:{_SELF}|(?:my|his|her) (?:wrists?|thighs?|arms?))\b(?! (?:on|with|while|when|by|shaving|cooking|accident|opening|in the kitchen|playing|at work|badly|lifting|running))",
    rf"(?:i|i've|i just|{_NEAR}|he|she|been)\b(?: \w{{1,10}}){{0,3}}? self.?harm\w{{0,3}}",
    rf"(?:i|i've|{_NEAR}|he|she)\b[^.!?;]{{0,20}}\b(?:cut|slit|slash\w{{0,3}})\b[^.!?;]{{0,12}}\bwrists?\b(?![^.!?;]{{0,30}}\b(?:accident|glass|saw|by mistake|at work|kitchen))",
    rf"(?:{_NEAR}|i|i've|i have)\b[^.!?;]{{0,25}}\b(?:took|taken|take|taking|swallow\w{{0,3}}) (?:an? |another |the )?(?:\w{{1,12}} ){{0,2}}overdose",
    r"(?:how|what|which|where)\b[^.!?;]{0,45}\b(?:pills?|tablets?|insulin|paracetamol|tylenol|drugs?|drug|poison|medicine|helium|alcohol|potassium|meds|dose|dosage|much|many|gas|rope|painkillers?|xanax|morphine|fentanyl|carbon monoxide|charcoal)\b[^.!?;]{0,50}\b(?:kill me|kill myself|never wake|not wake up|to die\b|end (?:my|it)|be fatal for me|finish me|so i (?:die|never|don't wake)|i'd die|i would die|make me die|put me to sleep forever)",
    r"(?:painless|quick|quickest|easiest|least painful|peaceful|fastest|best|gentlest|surest|comfortable|most painless|easy|simple)(?:,? (?:and )?\w{1,9}){0,2} (?:way|method|means)s? (?:to|of|for me to) (?:die|dying|kill (?:my|one|your)self|suicide|end (?:it|my life|your life|a life|life)|commit suicide|go for good|leave this world|killing (?:my|one|your)self|ending (?:my|your|one's) life)",
    r"(?:kill me|i should (?:just )?(?:die|be dead)|i deserve to die|let me die|i'm better off dead|i'd be better off dead|better off dead|i (?:hope|pray) (?:that )?i (?:\w{1,6} )?(?:die|don't wake|never wake)|i want (?:my|this) life to (?:end|be over)|want it (?:all )?to be over|i'll be dead|i'd rather (?:be dead|die)|i (?:just )?wanna die)",
    rf"(?:{_NEAR}|he|she)\b[^.!?;]{{0,30}}\b(?:wants?|wanted|going|threatens?|threatened|threatening|says?|said|tells?|told|plans?|planning|talks?|talking|texted|posted|writes|wrote|begs?|asks?|asked)\b[^.!?;]{{0,35}}\b(?:die\b|kill {_SELF}|suicide|be dead|dead|end(?:ing)? (?:it|his|her|their)|not (?:want|wanting) to live|jump|hang {_SELF}|overdose)",
    r"suicide (?:note|letter|pact)\b[^.!?;]{0,20}\b(?:written|ready|on|from|in|for)|(?:wrote|written|left|found|writing) (?:\w{1,6} ){0,3}(?:suicide|goodbye|farewell) (?:note|letter|message)s?|i (?:have|made|'ve made|'ve got|'ve) (?:a |my |up my )?(?:suicide|plan to (?:die|end|kill))",
    r"(?:survived|after|since) my (?:\w{1,8} )?(?:suicide )?(?:overdose|suicide attempt|attempt on my life)|(?:i|she|he) (?:have |has |had )?attempted suicide|i (?:made|had) an attempt on my life",
)
HINTED = _of(
    r"(?:better off|happier|easier|better|relieved|glad|fine|lighter|freer)\b[^.!?;]{0,30}\b(?:without (?:me|him|her)|if i (?:was|were|wasn't|weren't|am|'m|disappear\w{0,2}|died|vanish\w{0,2}|just|stopp?ed|did not|didn't)|when i'm gone|once i'm gone|if i were gone|with me gone)",
    r"(?:no one|nobody|who|anyone|anybody|none of them)\b[^.!?;]{0,20}\b(?:would|will|would even|'d|even)\b[^.!?;]{0,20}\b(?:miss|notice|care|mourn|cry)\b[^.!?;]{0,20}\b(?:me|if i|i'm gone|i was gone|i died|i disappeared|were gone)",
    r"(?:sleep|close my eyes|bed)\b[^.!?;]{0,30}\b(?:never|not|and not) (?:have to )?(?:wake|waking|open)|(?:never|not|don't|won't have to|didn't) (?:want to |have to )?wake (?:up )?(?:again|tomorrow|ever|anymore|in the morning|from)|hop\w{1,3} (?:i|not to|that i|to) (?:don't |won't |not )?(?:\w{1,5} )?wake",
    r"(?:can't|cannot|can not|couldn't|don't want to|won't|don't know how to|no strength to|too tired to|unable to) (?:go on(?! (?:the|a|my|holiday|to)\b)|keep going|carry on|do this any ?more|take (?:it|this|any more|much more)|keep doing this|keep living|bear (?:it|this|living)|face another (?:day|morning)|fight (?:any ?more|any longer)|live like this|cope any ?more|hold on (?:any|much))(?![^.!?;]{0,24}\b(?:diet|job|with this (?:rash|itch|cough)))",
    r"(?:such |just |only |nothing but |become |always |being |am )?(?:a|an) (?:burden|dead weight|waste of (?:space|air|oxygen)|weight on)(?: (?:to|on) (?:my|everyone|everybody|them|the|all|people)| and| because)?",
    r"(?:no|isn't any|any|not see (?:a|the|any)|see (?:any|no)|lost (?:my|all|any)|without (?:any|a)) (?:point|reason|purpose|hope|sense|meaning)\b(?: left)? ?(?:in|for|to|of)? ?(?:going on|liv\w{1,4}|being (?:here|alive)|me|go on|carry on|keep going|life|it all|exist\w{0,3}|any ?more|any of (?:this|it)|waking|getting up|continu\w{1,4}|trying|left|my (?:life|future))",
    r"(?:life|living|it|being alive)(?:'s| is| isn't|is not| feels| has become)(?: just| not| no longer| really| simply)* (?:not )?(?:worth (?:living|it|going on|anything)|pointless|meaningless|unbearable|hopeless|over for me|too (?:much|painful|hard) to (?:bear|live|go on|carry))",
    r"nothing (?:left |more )?(?:to live for|to hope for|keeping me here|holding me here|matters? any ?more|matters|for me here|to stay for|worth living for)|everything is (?:hopeless|pointless)|(?:have|has) nothing to live for",
    r"(?:want|wish|like|rather|ready|time|love|long|longing)(?: to| i could| just| if i could|ing to)*(?: just| simply| quietly)? (?:disappear|vanish|cease to exist|not exist|stop existing|be gone|not be here|be no more|go away forever|fade away|leave (?:this|the) world|leave (?:it all|everything|everyone) behind|be with (?:him|her|them|my (?:late )?\w{3,12}) (?:in heaven|again|on the other side)|never have been born|stop being|rest forever|sleep forever|slip away)",
    r"(?:pain|suffering|it|this|everything|hurt\w{0,3}|misery|thoughts) (?:to |will |would )?(?:all )?(?:stop|end|be over)\w{0,3} (?:for good|forever|once and for all|permanently|for ever)|end (?:to |of )?(?:the|my|this) (?:pain|suffering|misery) (?:for good|forever|permanently|once)|permanent (?:way out|solution)|a way out of (?:this )?(?:life|everything)|only way out",
    r"(?:think|thought|thoughts|imagin\w{1,3}|pictur\w{1,3}|fantasi\w{2,5}|urge|wonder\w{0,3}|tempted|impulse|feel like|felt like)\b[^.!?;]{0,25}\b(?:driv\w{1,3}|steer\w{0,3}|walk\w{0,3}|stepp?\w{0,3}|jump\w{0,3}|swerv\w{1,3}|crash\w{0,3}|fall\w{0,3}|throw\w{0,3} myself|letting go)\b[^.!?;]{0,25}\b(?:tree|wall|bridge|traffic|train|tracks|off|bus|truck|sea|river|cliff|balcony|window|lorry|oncoming|platform|wheel)",
    r"(?:this is|it's|saying|say|said|final|last|my)\b[^.!?;]{0,14}\b(?:goodbyes?|farewells?)\b(?! (?:party|dinner|to (?:gluten|sugar|coffee|smoking|acne)))|thank you for everything,? (?:and )?(?:i'm sorry|sorry|goodbye)|(?:look after|take care of|feed) my (?:\w{3,8})[^.!?;]{0,20}\b(?:when|after|if|once) i(?:'m| am) (?:gone|not here)",
    r"(?:given|giving|gave) (?:my|all|his|her) (?!old )(?:\w{1,9} ){1,3}away\b|(?:sorted|made|making|writing|written|put\w{0,4}|updated) (?:\w{1,6} ){0,2}(?:affairs|will|letters?|funeral)\b[^.!?;]{0,30}\b(?:order|time|ready|goodbye|soon|tonight|done|gone)|written the letters",
    r"(?:won't|not going to|will not|wouldn't|don't plan to|not) (?:be )?(?:around|here|alive|see|make it to|live to see)\b(?: for| to see| until| past| by)? ?(?:much longer|next (?:week|month|year|christmas|birthday)|to (?:bother|trouble|annoy)|long|soon|tomorrow|(?:my|the) next|christmas|by then|any ?more)[^.!?;]{0,25}|have to (?:worry|put up|bother|deal)\b[^.!?;]{0,18}\b(?:about|with) me\b[^.!?;]{0,20}",
    r"(?:tired|sick|exhausted|weary|done) (?:of|with) (?:being alive|living|life|existing|everything,? (?:i|and)|this life|fighting to live|waking up|breathing)|done with (?:life|everything|it all|this world)|i give up on life|i'm done (?:living|trying|with it all|here)|giving up on (?:life|everything)|can't see a future|don't see (?:a|any|my) future|no future for me",
    r"(?:i (?:bought|got|have|'ve got|keep|saved|hid|stole|found)|i've (?:bought|got|saved|been saving|hidden|hoarded|stockpiled|collected|been stockpiling|been hoarding)|(?:he|she) (?:bought|has|saved|hides|hid|has been saving|has been hoarding)) (?:up )?(?:\w{1,9} ){0,4}(?:rope|noose|pills|tablets|gun|razor blades?|poison|blades?)\b[^.!?;]{0,40}\b(?:tonight|ready|use it|when the time|just in case i|enough|under (?:my|the) bed|so i can|in case it gets|next to me|on the table|and i'm|goodbye|all of them|the day)",
    r"(?:medicine|pill|drug|injection|something|way)\b[^.!?;]{0,30}\b(?:leave (?:this|the) world|go (?:quietly|peacefully) (?:forever|for good)|sleep forever|never wake|fall asleep forever|slip away|not wake)",
    r"(?:stand\w{0,3}|sitting|i'm|i am|standing) (?:on|at|by) (?:\w{1,5} ){0,3}(?:edge|bridge|roof|ledge|railing|cliff|platform|tracks|balcony)\b[^.!?;]{0,40}\b(?:jump|end|over|goodbye|nothing|don't|calling|tempt\w{0,4}|urge|let go|step)",
    rf"(?:{_NEAR})\b[^.!?;]{{0,40}}\b(?:be better off without (?:him|her)|no (?:point|reason) (?:in|to) (?:living|live|going on|go on|be here)|goodbye (?:note|messages?|letters?)|give\w{{0,2}} (?:away )?(?:all )?(?:his|her) (?:things|stuff|belongings|possessions)|giving away|wishes (?:he|she) (?:was|were|had)|not be around|nothing to live for|can't go on|disappear\w{{0,2}}|never been born|won't be here|burden)",
    r"i (?:don't|do not) (?:want to |wanna )?(?:kill|hurt|harm) myself,? (?:but|though|exactly)|i (?:won't|wouldn't) (?:mind|care) (?:if i |dying|being )(?:died|dead|didn't|never|hit|dying|not waking|got)?|if i (?:died|got hit|didn't wake|never woke|don't wake|had an accident)\b[^.!?;]{0,40}\b(?:relief|fine|care|mind|ok|okay|better|good|happy|sad|notice)",
    r"i (?:feel|am|'m|feel so) (?:completely |so |utterly |totally )?(?:worthless|hopeless|empty)\b[^.!?;]{0,30}\b(?:stop|end|gone|live|disappear|why bother|point)|(?:why|what)(?:'s| am| is| do| should| even)? (?:i |the point )?(?:\w{1,6} )?(?:alive|bother (?:living|going on)|of living|of (?:me )?being (?:here|alive)|even live|go on living|still here)|i'm (?:a failure|worthless)\b[^.!?;]{0,40}|like i'm (?:a failure|worthless)",
    r"how (?:can|do) i (?:make|get) (?:the|this|all this|these) (?:pain|suffering|thoughts|torment) (?:to )?(?:stop|go away)(?: forever)?\?|(?:i|we) (?:shouldn't|should not|should never) (?:have been born|be alive|exist)|never (?:been|be) born|wish(?:es|ed)? (?:i|he|she) (?:had )?never (?:been born|existed)|i (?:don't|do not) deserve to (?:live|be here|exist)|world (?:would|will) be (?:a )?better",
)
# Broader, at most a sentence wide; not counted where the sentence speaks of a study, a profession, a loss or a fear.
_ME = r"(?:i|i'm|i've|i'd|i'll|my|me|myself)"
_G = r"[^.!?;]"
_LONG = (
    r"(?:want\w{0,3}|wish\w{0,3}|hop(?:e|es|ing)|long(?:ing)? for|think\w{0,3} (?:of|about)|thoughts? (?:of|about)|dream\w{0,3} (?:of|about)|imagin\w{1,3}|pictur\w{1,3}|ready|plan\w{0,4}|rather|only|relief|relieved|"
    r"peace\w{0,3}|calm|rest|blessing|better|easier|happier|deserve|fascinat\w{1,3}|obsess\w{1,3}|prefer|welcome|beg\w{0,4}|pray\w{0,3}|would be nice|sounds (?:good|nice|like)|solve|answer|way out|made up my mind|telling me|tells? me|all i|talk\w{0,3} (?:of|about)|says?|said|told|writ\w{1,4}|wrote|posts?|posted|texted|search\w{0,3}|googl\w{1,3}|so that|so i|comfort\w{0,3}|attract\w{1,3}|can't wait|give up|giving up)"
)
BROAD_OPEN = _of(
    rf"{_ME}\b{_G}{{0,30}}\bself.?harm\w{{0,3}}|killing (?:my|him|her)self|{_ME}\b{_G}{{0,50}}\b(?:take|swallow|use|jump)\b{_G}{{0,40}}\b(?:and (?:just )?die\b|on (?:my|him|her)self)|so i can die\b",
    rf"(?:{_ME}|{_NEAR})\b(?:(?!(?:do|is|was|are|have|did|has|does)n't | not | never | no )[^.!?;]){{0,60}}\bsuicid\w{{1,5}}|suicid\w{{1,5}}\b{_G}{{0,40}}\b(?:me|my|i|myself|him|her)\b",
    rf"(?:{_ME}|{_NEAR})\b{_G}{{0,60}}\b(?:kill|hang|shoot|drown|gas|stab|starve|poison|harm|hurt|end) (?:my|him|her|them)self\b(?! (?:on|with|while|when|at|by accident))",
    rf"{_ME}\b{_G}{{0,60}}\b{_LONG}\b{_G}{{0,30}}\b(?:die\b(?! (?:of|from|at home))|dying|be dead|being dead|death)\b",
    rf"(?:die\b|dying|be dead|being dead|death)\b{_G}{{0,12}}\b(?:sounds|seems|is|would be|looks|feels) {_G}{{0,16}}\b(?:{_LONG}|good|nice|beautiful)",
    rf"(?:so|that|until) i (?:can )?(?:die\b|never wake|don't wake|won't wake|bleed out|stop breathing)|{_ME}\b{_G}{{0,40}}\b(?:off|over) (?:a|the) (?:cliff|bridge|balcony|roof|edge)\b{_G}{{0,20}}|in front of (?:a|the) (?:\w{{1,8}} )?(?:train|truck|bus|lorry|car)\b(?! (?:stop|park|station|wash))",
    r"(?:so (?:that )?i can|i (?:will|can|could|want to|'ll|am going to)|to) end it\b(?! with (?:the|my) (?:relationship|job))|no (?:wish|desire|will|wanting) to (?:live|be alive|go on|exist)|lost (?:the|my|all) (?:will|desire|wish) to (?:live|go on|exist|be)",
    rf"(?:{_NEAR})\b{_G}{{0,30}}\b(?:self.?harm\w{{0,3}}|cutting (?:him|her)self|cuts (?:him|her)self|cuts? (?:\w{{1,5}} )?(?:on|all over|down|along) (?:his|her|their) (?:arms?|wrists?|thighs?|legs?))",
)
# Words that raise an alarm wherever nobody studies them: what is left of a text that is no question to the literature.
BARE_OPEN = _of(
    r"suicid(?:e|al|ality)\b|kill(?:ing|ed)? (?:my|him|her)self|(?:hurt|cut|burn|harm|injur|stab|punish)(?:t?ing|e?d|s|es|e)? (?:my|him|her|them)self\b(?! (?:on (?!purpose)|with|while|when|at|by|shaving|cooking|opening|in the|playing|badly|lifting|running))|self.?harm\w{0,3}",
    r"(?:fatal|lethal|deadly|kill me|enough to die|stop my heart)\b[^.!?;]{0,30}\b(?:if i|for me|my weight|for someone my|i took|i take|to me)|(?:if i|could i|should i|do i|i) (?:took|take|swallow\w{0,3}|need|have)\b[^.!?;]{0,50}\b(?:fatal|lethal|deadly|to die\b)|(?:want|wish|hope|ready|rather|love|plan\w{0,4}) to (?:die|be dead)\b(?! at| of)|death is\b",
)
BARE_HINTED = _of(
    r"(?:should|could|want to|better) (?:just |simply )?(?:disappear|vanish)\b|end of my rope|(?:go to sleep|sleep|drift off) and be done|(?:over|past|without) me\b[^.!?;]{0,20}\bif i (?:died|was gone|were gone)|if i died\b|(?:it|everything) could (?:all )?be over\b|(?:my own |a )?burial plot|can't stop cutting|(?:swallow\w{0,3}|tak\w{1,3}) (?:them|it) all\b|would jumping\b",
    r"my (?:own )?(?:funeral|death|suicide|obituary)\b|not (?:be )?waking up|(?:never|not|don't) wak(?:e|ing) up (?:again|any ?more|tomorrow)|(?:into|oncoming) traffic\b|nothing (?:is )?left for me|leaving (?:this world|for good|you all|for ever|forever)|i've given up\b(?! (?:gluten|dairy|bread|\w{2,12}ing|sugar|meat|alcohol|coffee|on (?:diets?|my diet)))|i have given up\b(?! \w{2,12}ing)|dying (?:would|sounds|seems|is)|i think about (?:dying|death)|when i'm dead|after i die|(?:my )?time to go\b|end of the road|can't be saved|beyond help|nobody can help me|no one can help me|forgive me\b|i'm not afraid (?:of death|to die)|i don't care (?:if|whether) i (?:live|die|wake)|goodbye,? (?:everyone|all|world)",
)
BROAD_HINTED = _of(
    r"(?:my )?life is (?:over|finished|done)|(?:living|life|being alive|existing) (?:is|has become|feels|hurts) (?:just )?(?:too |so )?(?:painful|much|hard to bear|hurts)|tired of (?:fighting|trying|pretending)|(?:want|ready|time) to (?:let go|go now|give up)\b(?! of)",
    rf"(?:i|me)\b{_G}{{0,20}}\b(?:only|just|always|nothing but) (?:caus\w{{1,3}}|bring\w{{0,3}}|make|am|a) {_G}{{0,20}}\b(?:trouble|pain|problems|misery|harm)\b{_G}{{0,20}}\b(?:people|everyone|family|them|others)|(?:nobody|no ?one) (?:needs|wants|loves) me\b|rid of me\b|(?:sleep|bed)\b{_G}{{0,20}}\bnever (?:have to )?(?:get|be) up|(?:because )?i won't be here\b|(?:come|came|be) (?:to|at) my funeral|i (?:wouldn't|would not) be (?:here|alive)\b|how easy it would be|could (?:just )?disappear\b|swallow me up",
    rf"(?:can't|cannot|don't|couldn't|doesn't|never|no|not) (?:really |even )?(?:see|find|have|think of|know)?{_G}{{0,12}}\b(?:reason|point|purpose|use|sense|future|way forward|hope)\b{_G}{{0,16}}\b(?:liv\w{{1,4}}|life|alive|going on|go on|carry\w{{0,3}} on|continu\w{{1,4}}|existence|being here|me)\b",
    rf"(?:what's|what is|where's|is there) (?:even )?(?:the |any )?(?:use|point|sense|meaning|reason)(?: of| in| to| for)?\b{_G}{{0,10}}\b(?:live|lives|living|life|it all|carry\w{{0,3}} on|going on|continu\w{{1,4}}|me|trying|getting up|existing|being alive|any ?more)\b",
    r"(?:give|giving|gave) up (?:on )?(?:life|living|everything|myself|the fight)|(?:hate|tired of|sick of|done with|fed up with|finished with|over|exhausted by|can't stand) (?:being alive|living|life|my life|existing|existence|being here|this life|being me)|(?:existence|life|living|being alive) (?:is|has become|feels) (?:just )?(?:torture|hell|agony|a burden|suffering|a prison|unbearable|not for me|a chore|endless)",
    r"(?:if i|when i|once i|should i)(?:'m| am| was| were)? (?:just |suddenly |simply )?(?:vanish\w{0,2}|disappear\w{0,2}|gone|dead|died|die|not (?:here|around)|wasn't here|weren't here|weren't in it|didn't exist|had never|no longer here|stopped existing)\b",
    rf"(?:they|everyone|everybody|people|family|kids|children|parents|husband|wife|world|friends|mum|mom|dad)\b{_G}{{0,30}}\b(?:better|fine|happier|easier|relieved|relief|free|lighter|get over it|cope|manage)\b{_G}{{0,24}}\b(?:without (?:me|him|her)|i'm not|i'm gone|if (?:i|he|she) (?:was|were)|when (?:i|he|she)(?:'m| am| is|'s)|once i)",
    r"(?:dead weight|waste of (?:space|oxygen|air|skin)|burden to|burden on|in everyone's way|take up space|don't belong (?:here|in this world)|a mistake that i was born|no good to anyone|useless to everyone|drag\w{0,4} (?:everyone|them|my family) down)\b",
    rf"(?:sleep|asleep|eyes|pill|drift off|slip away|bed)\b{_G}{{0,30}}\b(?:forever|for ever|for good|not come back|never come back|never return|permanently|eternal\w{{0,2}}|for eternity|never open|not to wake|without waking)",
    rf"(?:hope|wish|want|would be (?:nice|good|a relief|a blessing)|pray|imagin\w{{1,3}}|pictur\w{{1,3}}|wait\w{{0,3}} for|fantasi\w{{2,5}}|daydream\w{{0,3}}|keep (?:thinking|seeing))\b{_G}{{0,40}}\b(?:a (?:car|bus|truck|lorry|train) (?:hit|hits|would hit|to hit|ran|runs)|(?:just )?(?:took|takes|take|kills?|finish\w{{0,2}}) me\b|hits? me|step\w{{0,4}} (?:off|in front|out)|own funeral|my funeral|walk\w{{0,3}} into (?:the )?(?:traffic|sea|river|lake|ocean)|crash\w{{0,3}}|accident|not be (?:here|around)|terminal)",
    r"(?:will|'ll|it'll|would) (?:all |soon )?be over (?:soon|tonight|tomorrow|by)|one way out|only (?:one )?(?:way|exit|escape|solution) (?:out|left|is)|want out(?: of (?:this )?(?:life|world|it all|here))?\b|no way out|don't want to (?:be here|feel|do life|wake)|no longer want to (?:be|feel|fight)|out of (?:this )?(?:life|existence)\b",
    r"(?:sorted|settled|arranged|put\w{0,4}|got|getting|tied up) (?:\w{1,6} ){0,3}(?:affairs|funeral|loose ends)|(?:made|makes|making|said|says|saying) (?:my|his|her|all my) (?:peace|goodbyes?|farewells?)|won't need (?:them|it|any of it|anything)\b|(?:left|leave|leaving) (?:my )?(?:passwords|instructions|everything to)|don't (?:look for|try to find) me",
    rf"(?:can't|cannot|won't|don't think i can|don't know if i can|not sure i can|doubt i can) (?:survive|get through|make it through|live through|endure|face|bear|stand|do|imagine|last)\b{_G}{{0,8}}\b(?:another|one more|this life|the night|tonight|tomorrow|being here|much longer|life|living)|imagine being here|(?:see myself|be) alive (?:next|in)|not (?:going to )?be here (?:next|in a)",
    r"(?:stare|staring|look\w{0,3}|eye\w{0,3}) at (?:the |my )?(?:knife|knives|pills|tablets|blade|rope|razor|gun|bridge|train)\b|(?:hoard\w{0,3}|collect\w{0,3}|stockpil\w{1,3}|saving up|saved up|stash\w{0,3}) (?:\w{1,8} ){0,3}(?:pills|tablets|medication|medicine|insulin|painkillers)",
    rf"(?:{_NEAR})\b{_G}{{0,50}}\b(?:reason to live|happier if|better if|goodbye|farewell|dying|death|be dead|hates? (?:life|being alive)|not (?:want to )?exist|doesn't want to (?:be here|exist|live)|wants? out|won't be here|end (?:it|things)|pointless|give up)\b",
    rf"(?:no ?one|nobody) (?:would|will|'d|is going to|even) (?:even |ever |really )?(?:notice|care|miss|cry|mourn|come to)\b{_G}{{0,24}}|would(?:n't)? anyone (?:notice|care|miss)|i feel (?:trapped|like a ghost|already dead|dead inside|nothing any ?more)|empty shell",
)
# A sentence about a study, a profession, a loss that was, a fear of death: no broad pattern counts in it.
ASIDE = re.compile(
    r"\b(?:stud(?:y|ies)|scales?|thesis|papers?|articles?|research\w{0,3}|evidence|literature|hotline|helpline|guidelines?|trials?|rates?|risk (?:of|factors?|for)|risk|prevalence|epidemiolog\w{1,4}|prevention|psychiatrist|psychologist|"
    r"nurses?|physicians?|patients|clinicians?|scared of (?:dying|death)|afraid of (?:dying|death)|fear of (?:dying|death)|worried about dying|(?:lost|lose) (?:\w{1,12} ){1,4}to suicide|died|death of|death certificate|brain death|near.death|dying of|die of|die from|"
    r"(?:by|of) suicide in|cells?|genes?|gene therapy|hospice|life insurance|sudden (?:cardiac )?death|cot death|infant death|causes? of death|does|mortality|mice|rats?|party|smoking|diet|dead (?:skin|tooth|teeth|sea|battery|arm|leg)|screen\w{0,3}|who (?:attempt|died)|treadmill|my pregnancy)\b"
)
# The same for the bare words.
BARE_ASIDE = ASIDE
METHOD = _of(
    r"pills?|tablets?|rope|noose|gun|pistol|rifle|knife|blades?|razor|bridge|overdose|hang\w{0,3}|jump\w{0,3}|shoot\w{0,3}|train|helium|insulin|paracetamol|tylenol|sleeping|carbon monoxide|exhaust|charcoal|drown\w{0,3}|"
    r"poison|pesticide|bleach|cliff|roof|tonight|tomorrow|this weekend|plan\w{0,4}|wrists?|cut\w{0,4}|note|letters?|saved up|stockpil\w{1,3}|gas|scarf|belt|antifreeze|slit|potassium|medication|car|river|balcony|window"
)
# Before a match: said not to be so, or said of what studies measure.
DENIED = re.compile(
    r"(?:\b(?:no|not|never|never been|not been|without|denies|denied|not feeling|not at all|nor|isn't|aren't|free of)|n't (?:have|had|having|been|feel|get)) (?:any |feeling |having |really |actually |currently )?\Z|\b(?:don't|do not|doesn't|does not|didn't|did not) (?:really |actually )?\Z"
)
