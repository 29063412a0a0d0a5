"""usage: verdicts.py LIBRARY HIGHLIGHTS <texts.json >verdicts.json

Parses each text of a JSON array with a tree-sitter grammar. For each it gives `error`, the byte offset of the first error or
null, and `plain`, the pieces of text that the highlighting query gives no colour.
"""

import ctypes
import json
import sys

from tree_sitter import Language, Parser, Query, QueryCursor


def load(library):
    """The language in a compiled grammar."""
    function = ctypes.CDLL(library).tree_sitter_martlet
    function.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype = ctypes.py_object
    capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return Language(capsule(function(), b"tree_sitter.Language", None))


def nodes(root):
    """The node and all below it, in the order of the text."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def verdict(parser, query, text):
    source = text.encode()
    root = parser.parse(source).root_node
    if root.has_error:
        places = (node.start_byte for node in nodes(root) if node.is_error or node.is_missing)
        return {"error": next(places, len(source)), "plain": []}
    captured = [node for found in QueryCursor(query).captures(root).values() for node in found]
    coloured = {(node.start_byte, node.end_byte) for node in captured}
    spans = sorted(coloured)
    plain = []
    for node in nodes(root):
        if node.child_count == 0 and node.end_byte > node.start_byte:
            if not any(start <= node.start_byte and node.end_byte <= end for start, end in spans):
                plain.append(source[node.start_byte : node.end_byte].decode())
    return {"error": None, "plain": plain}


def main():
    language = load(sys.argv[1])
    with open(sys.argv[2]) as file:
        query = Query(language, file.read())
    parser = Parser(language)
    json.dump([verdict(parser, query, text) for text in json.load(sys.stdin)], sys.stdout)


main()
