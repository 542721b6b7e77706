"""What the program itself says to people, in the question's language. Decides wording only."""

from __future__ import annotations

from indexer.language import language_of

_WORDS = {
    "disclaimer": (
        "A reading aid for professionals, not medical advice. Check the sources before you act.",
        "供专业人员阅读参考，不是医疗建议。请先核对来源再作决定。",
    ),
    "no answer": ("No answer.", "没有答案。"),
    "sources": ("Sources (every sentence above is verbatim)", "来源（以上每句均为原文）"),
    "searched": ("Searched {documents} documents ({passages} passages)", "检索了{documents}篇文献（{passages}个段落）"),
    "filtered": (
        "Searched {documents} documents ({passages} passages, filtered)",
        "检索了{documents}篇文献（筛选后{passages}个段落）",
    ),
    "nothing left": (
        "{searched}: the filters leave nothing to search; loosen them.",
        "{searched}：筛选条件没有留下任何段落，请放宽。",
    ),
    "unknown": (
        "{searched}: not in this library. It nowhere holds {words}; add literature on it and index again.",
        "{searched}：本库中没有。全库未出现{words}；请加入相关文献后重新建立索引。",
    ),
    "related": (
        "{searched}: found related passages, but none that answers. Closest: {closest}.",
        "{searched}：找到了相关段落，但没有一段回答这个问题。最接近的是：{closest}。",
    ),
    "nothing": ("{searched}: nothing there is about this question.", "{searched}：没有与这个问题有关的内容。"),
    "left out": (
        "Left out because it is retracted: {title} ({id}).",
        "已撤稿，未予采用：{title}（{id}）。",
    ),
    "retracted": (
        "Retracted, shown because you allowed it: {title} ({id}).",
        "已撤稿，因您允许而显示：{title}（{id}）。",
    ),
    "concern": (
        "An expression of concern stands against: {title} ({id}).",
        "该文有关注声明：{title}（{id}）。",
    ),
    "old list": (
        "The retraction list is {days} days old (as of {as_of}); load a newer one with: rag retractions FILE.",
        "撤稿名单已有{days}天未更新（截至{as_of}）；请用 rag retractions FILE 载入新的名单。",
    ),
    "dropped": (
        "{count} citation(s) of the draft were dropped: nothing stands behind them.",
        "草稿中有{count}处引用没有依据，已删除。",
    ),
}  # fmt: skip


def say(key: str, question: str, **values: object) -> str:
    """The sentence `key` in the language of `question`, with its values put in."""
    english, chinese = _WORDS[key]
    return (chinese if language_of(question) == "zh" else english).format(**values)
