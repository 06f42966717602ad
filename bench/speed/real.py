"""The real contracts of the official DECP files, and the parts of a contract that the generator and its check look at."""

import csv
import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT.parent / "shared/data"
TERRITORIES = ROOT / "crates/rex-corpus/src/data/territories.txt"


def decp_files(data):
    """The official files of a folder, in the order of their names."""
    return sorted((data / "decp").glob("*.json"))


def contracts(data):
    """All contracts of these files that say what they are for, as dictionaries, in the form of 2019 or of 2022."""
    found = []
    for path in decp_files(data):
        lists = json.loads(path.read_text(encoding="utf-8"))["marches"]
        if isinstance(lists, list):
            found += lists
            continue
        found += lists.get("marche", [])
        # Outside the list that says so, a concession says itself what it is.
        found += [{"_type": "Contrat de concession", **one} for one in lists.get("contrat-concession", [])]
    return [one for one in found if isinstance(one, dict) and str(one.get("objet", "")).strip()]


def buyer_key(contract):
    """The buyer; "" if the record names none."""
    return str(contract.get("acheteur") or contract.get("autoriteConcedante") or "")


def holders_field(contract):
    """The field that has the holders."""
    return "concessionnaires" if contract.get("concessionnaires") else "titulaires"


def holder_list(contract):
    """The holders, each out of the wrapper that the form of 2022 puts around it."""
    return [one for one in map(unwrapped, contract.get(holders_field(contract)) or []) if isinstance(one, dict)]


def unwrapped(holder):
    """A holder out of its wrapper."""
    if isinstance(holder, dict):
        return holder.get("titulaire") or holder.get("concessionnaire") or holder
    return holder


def holder_key(holder):
    """Which holder it is."""
    return str(holder.get("id") or holder.get("denominationSociale"))


def place_key(contract):
    """Which place of execution it is, "" where none is said."""
    place = contract.get("lieuExecution")
    return str(place.get("code", "")) if isinstance(place, dict) else ""


def cpv_key(contract):
    """The eight digits of the CPV code."""
    return str(contract.get("codeCPV", ""))[:8]


@lru_cache(maxsize=None)
def folded_words(token):
    """The words of what stands between two spaces, in lower case, without accents."""
    return tuple(re.findall(r"\w+", folded(token)))


def folded(text):
    """Lower case, without accents."""
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("œ", "oe").replace("æ", "ae")


def cpv_labels(data):
    """Label by code of eight digits and key, as the official list has them."""
    (path,) = (data / "cpv").glob("*.csv")
    with open(path, encoding="utf-8-sig", newline="") as lines:
        return {row["CODE"]: row["FR"] for row in csv.DictReader(lines)}


def communes():
    """INSEE code and name of every commune, from the list that Rex has."""
    found, departement, number = [], None, 0
    for line in TERRITORIES.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("#") or not line:
            continue
        if len(fields[0]) == 1:
            departement, number = (fields[1], 0) if fields[0] == "C" else (None, 0)
        elif departement:
            digits = re.match(r"\d*", fields[0]).group()
            number = int(digits) if digits else number + 1
            found.append((f"{departement}{number:0{5 - len(departement)}d}", fields[0][len(digits) :]))
    return found
