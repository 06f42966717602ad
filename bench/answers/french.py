"""The reference: French words from the hunspell dictionary of Grammalecte, and a tokenizer that shares no code with Rex."""

import hashlib
import re
import shutil
import subprocess
import tarfile
import unicodedata
from collections import defaultdict
from functools import lru_cache

PACKAGE = "dictionary-fr@3.0.0"
TARBALL = "dictionary-fr-3.0.0.tgz"
TARBALL_SHA512 = (
    "7e10d15f5711c873c0ebd18983c4785e035881242f6cd1e3de4af952abc41b53"
    "92e6926a1fa3f719b3bbc294c2c2faf928c434371188b17a6cf4fe4dc9745512"
)

LETTERS = r"[^\W_]+"
CHUNK = re.compile(rf"{LETTERS}(?:['’ʼ\-‐‑]{LETTERS})*")
JOINT = re.compile(r"(['’ʼ\-‐‑])")
ELIDED = set("l d j m n s t c qu jusqu lorsqu puisqu quoiqu".split())
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})


@lru_cache(maxsize=1 << 20)
def fold(word):
    """Lower case, without accents, apostrophes and hyphens: `Sous-œuvre` is `soussoeuvre`."""
    plain = unicodedata.normalize("NFKD", word.translate(LIGATURES)).lower()
    return "".join(letter for letter in plain if letter.isalnum())


def cut(text):
    """The words of a text: a list of lists, words joined by hyphens or apostrophes in each, elided articles left out."""
    chunks = []
    for chunk in CHUNK.findall(unicodedata.normalize("NFC", text)):
        pieces = JOINT.split(chunk)
        words, joints = pieces[::2], [*pieces[1::2], ""]
        words = [word for word, joint in zip(words, joints) if joint in ("", "-", "‐", "‑") or fold(word) not in ELIDED]
        chunks.append(words)
    return chunks


class Dictionary:
    """Forms and lemmas. A lemma is an entry of the `.dic` file, a form what its suffixes make of it; prefixes, which elide
    articles and name multiples of units, are left aside."""

    def __init__(self, folder):
        self.suffixes = read_suffixes(folder / "index.aff")
        self.spellings, self.lemmas_of, self.lemmas = defaultdict(set), defaultdict(set), set()
        for line in (folder / "index.dic").read_text(encoding="utf-8").splitlines()[1:]:
            entry = line.split("\t")[0].split(" po:")[0].strip()
            if entry:
                self._add(*(entry.split("/", 1) if "/" in entry[1:] else (entry, "")))

    def _add(self, lemma, flags):
        if "{}" in pairs(flags):  # FORBIDDENWORD
            return
        self.lemmas.add(lemma)
        for form in {*([] if "()" in pairs(flags) else [lemma]), *self._suffixed(lemma, flags)}:  # () is NEEDAFFIX
            self.spellings[fold(form)].add(form)
            self.lemmas_of[fold(form)].add(lemma)

    def _suffixed(self, word, flags):
        for flag in pairs(flags):
            for strip, suffix, continued, condition in self.suffixes.get(flag, ()):
                if word.endswith(strip) and condition.search(word):
                    form = word[: len(word) - len(strip)] + suffix
                    yield form
                    yield from self._suffixed(form, continued)

    def has(self, word):
        """Whether a word is French, ignoring accents."""
        return fold(word) in self.lemmas_of

    def is_word(self, word):
        """Whether a word is in the dictionary as written, and not a name."""
        return word in self.spellings.get(fold(word), ()) and any(lemma.islower() for lemma in self.lemmas_of[fold(word)])

    def lemmas_for(self, form):
        """The lemmas of a form, ignoring accents; the form itself if it is not in the dictionary."""
        return self.lemmas_of.get(fold(form)) or {fold(form)}


def pairs(flags):
    """The flags of an entry, which are two letters each (`FLAG long`)."""
    return [flags[at : at + 2] for at in range(0, len(flags), 2)]


def read_suffixes(path):
    """By flag, the rules: text to strip, text to add, flags of the result, condition."""
    suffixes = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) >= 5 and fields[0] == "SFX":
            strip, (suffix, _, continued) = fields[2], fields[3].partition("/")
            strip, suffix = ("" if part == "0" else part for part in (strip, suffix))
            suffixes[fields[1]].append((strip, suffix, continued, re.compile(f"{fields[4]}$")))
    return suffixes


def dictionary(folder, cache):
    """The dictionary of a folder, or of the npm package, which is cached."""
    if folder is None:
        folder = cache / "package"
        if not folder.is_dir():
            download(cache)
    return Dictionary(folder)


def download(cache):
    npm = shutil.which("npm")
    if not npm:
        raise SystemExit("no npm to download the dictionary: name a folder that holds index.aff and index.dic with --dictionary")
    cache.mkdir(parents=True, exist_ok=True)
    subprocess.run([npm, "pack", PACKAGE, "--pack-destination", cache], check=True, capture_output=True)
    tarball = cache / TARBALL
    if hashlib.sha512(tarball.read_bytes()).hexdigest() != TARBALL_SHA512:
        raise SystemExit(f"{tarball} is not the file it was")
    with tarfile.open(tarball) as archive:
        for name in ("index.aff", "index.dic"):
            member = archive.extractfile(f"package/{name}")
            (cache / "package").mkdir(exist_ok=True)
            (cache / "package" / name).write_bytes(member.read())
