"""Which blocks of a page are the document: found by where the prose stands, not by site."""

import re
from collections.abc import Sequence
from typing import Any

from knowledge_base.readers.html_blocks import Block
from knowledge_base.readers.html_fields import fields_of_line, fields_of_table

FILE_LINK = re.compile(
    r"\.(docx?|xlsx?|pdf|wps|et|ofd|zip|rar|7z|pptx?|txt|rtf|jpe?g|png|tiff?)([?#].{0,200})?$", re.I
)
_PROSE = re.compile(r"[。;;,,!?:]")
_SHORTEST_PROSE = 15
# Words of the buttons around a text. A line made of nothing else is no part of it.
_BUTTON_WORDS = """
    打印 打印本页 打印本文 打印页面 打印此页 关闭 关闭窗口 关闭本页 关闭页面 字体 字号 字体大小
    大 中 小 默认 超大 正常 特大 收藏 加入收藏 分享 分享到 分享至 微信 微博 新浪微博 腾讯微博
    qq qq空间 qq好友 人人网 豆瓣 更多 复制链接 返回 返回顶部 返回首页 返回列表 回到顶部
    回到首页 顶部 首页 top 上一页 下一页 上一条 下一条 上一篇 下一篇 没有了 扫一扫 手机查看
    扫码查看 纠错 我要纠错 保存 下载 语音播报 播放 暂停 停止 朗读 听全文 无障碍 无障碍浏览
    长者模式 点赞 评论 举报 收起 展开 展开全文 保护视力色 a a+ a- a++ +
    """
_BUTTONS = frozenset(_BUTTON_WORDS.split())
_SHARE = re.compile(
    r"^(扫一扫|扫码|微信扫|用微信扫|手机扫|分享到|分享至|上一[篇条页]|下一[篇条页])"
)
_PARTS = re.compile(r"[\s|/::,,、·【】\[\]()()<>《》«»〈〉→•\-]+")
_CRUMB = re.compile(r"^(您?(现在|当前)?(所在)?的?位置|当前位置|您的位置|所在位置|首页\s*[>»›→/])")
_IMPRINT = re.compile(
    r"ICP备|公网安备|网站标识码|版权所有|copyright|技术支持[::]|网站地图"
    r"|^(主办|承办|主办单位|承办单位|协办单位|网站声明|政府网站)[::]",
    re.I,
)
_RELATED = re.compile(
    r"^[【\[]?(相关(链接|阅读|文件|文档|解读|新闻|信息|政策|附件|稿件|内容)|政策解读|图解|解读材料"
    r"|关联(阅读|稿件|文件)|延伸阅读|推荐阅读|热门(推荐|阅读)?|附件下载|文件下载|附件列表|下载附件"
    r"|链接|更多)[】\]]?[::]?$"
)
_NOISE_CHARACTERS, _NOISE_SHARE, _NOISE_MOST = 40, 25, 200
_BLOCKS_OF_A_HOLDER = 3


def document_blocks(blocks: Sequence[Block]) -> tuple[int, int]:
    """Half-open range of the blocks inside the smallest element that holds the page's prose."""
    weights = [0 if is_furniture(block) else _prose(block) for block in blocks]
    if not any(weights):
        weights = [
            0 if is_furniture(block) else max(0, len(block.text) - block.linked) for block in blocks
        ]
    chain = _Weights(blocks, weights)
    node = chain.smallest_holder()
    inside = [index for index, block in enumerate(blocks) if chain.holds(node, block.element)]
    return (inside[0], inside[-1] + 1) if inside else (0, len(blocks))


class _Weights:
    """How much prose each element holds, added up from the leaves without recursion."""

    def __init__(self, blocks: Sequence[Block], weights: Sequence[int]) -> None:
        self._depth: dict[Any, int] = {}
        self._held: dict[Any, int] = {}
        self._own: dict[Any, int] = {}
        self._children: dict[Any, list[Any]] = {}
        self.root: Any = None
        for block, weight in zip(blocks, weights, strict=True):
            self._enter(block.element)
            self._held[block.element] += weight
            self._own[block.element] += weight > 0
        for element in sorted(self._depth, key=self._depth.__getitem__, reverse=True):
            parent = element.getparent()
            if parent is not None:
                self._held[parent] += self._held[element]

    def _enter(self, element: Any) -> None:
        """Notes an element and its ancestors, the new ones only."""
        fresh = []
        while element is not None and element not in self._depth:
            fresh.append(element)
            element = element.getparent()
        depth = self._depth[element] if element is not None else -1
        for one in reversed(fresh):
            depth += 1
            self._depth[one], self._held[one], self._own[one] = depth, 0, 0
            self._children[one] = []
            parent = one.getparent()
            if parent is None:
                self.root = one
            else:
                self._children[parent].append(one)

    def smallest_holder(self) -> Any:
        """The deepest element that still holds nearly all prose and is more than one paragraph."""
        node = self.root
        while node is not None and self._children[node]:
            best = max(self._children[node], key=self._held.__getitem__)
            outside = self._held[node] - self._held[best]
            noise = max(_NOISE_CHARACTERS, self._held[node] // _NOISE_SHARE)
            leaf = not any(self._held[child] for child in self._children[best])
            if outside > min(noise, _NOISE_MOST) or self._held[best] == 0:
                break
            if leaf and self._own[best] < _BLOCKS_OF_A_HOLDER:
                break
            node = best
        return node

    def holds(self, node: Any, element: Any) -> bool:
        """Whether the element is the node or lies inside it."""
        depth = self._depth[node]
        while element is not None and self._depth[element] > depth:
            element = element.getparent()
        return element is node


def _prose(block: Block) -> int:
    """Characters of running text; a list of links or a lone word counts nothing."""
    plain = len(block.text) - block.linked
    if block.table is not None:
        return 0 if fields_of_table(block.table) else plain
    if plain < _SHORTEST_PROSE or 2 * block.linked > len(block.text):
        return 0
    return plain if _PROSE.search(block.text) and not fields_of_line(block.text) else 0


def is_prose(block: Block) -> bool:
    """Whether the block reads as running text of a document."""
    return _prose(block) > 0 and not is_furniture(block)


def is_furniture(block: Block) -> bool:
    """Buttons, crumbs, share bars and imprint: what a page prints around any text."""
    text = block.text
    if len(text) > 200:
        return False
    parts = [part for part in _PARTS.split(text.lower()) if part]
    if all(part in _BUTTONS for part in parts):
        return any(char.isalnum() or char in "<>»›|" for char in text) and bool(parts)
    if _SHARE.match(text) and (len(text) < 40 or block.linked):
        return True
    return _CRUMB.match(text) is not None or _IMPRINT.search(text) is not None


def is_link_line(block: Block) -> bool:
    """Whether next to nothing in the block is not a link."""
    return block.table is None and block.linked > 0 and 10 * block.linked >= 7 * len(block.text)


def is_download(block: Block) -> bool:
    """Whether the block is a bare download: all link, and the link names a file."""
    return is_link_line(block) and all(FILE_LINK.search(url) for _, url in block.links)


def without_links(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without furniture, bare downloads and link lists, wherever they stand.

    A lone link line amid the prose is kept: it is a reference the author printed.
    """
    prose = [index for index, block in enumerate(blocks) if is_prose(block)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(blocks))
    dropped = {i for i, block in enumerate(blocks) if is_furniture(block) or _bare(block)}
    for index, block in enumerate(blocks):
        if is_link_line(block) and not block.heading:
            neighbours = [*blocks[max(0, index - 1) : index], *blocks[index + 1 : index + 2]]
            if not first < index < last or any(map(is_link_line, neighbours)):
                dropped.add(index)
    for index, block in enumerate(blocks):
        followed = index + 1 in dropped or index + 1 == len(blocks)
        if followed and _RELATED.match(block.text):
            dropped.add(index)
    return [block for index, block in enumerate(blocks) if index not in dropped]


def _bare(block: Block) -> bool:
    named = FILE_LINK.search(block.text) is not None
    return is_download(block) and named
