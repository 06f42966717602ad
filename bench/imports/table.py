"""Writes a table of contracts as decp.info publishes them, of a given size, from the synthetic contracts of bench/speed.

    python3 bench/speed/generator.py DATA 300000 contracts.json
    python3 bench/imports/table.py contracts.json table.csv 2147483648
"""

import csv
import json
import sys

COLUMNS = (
    "uid,id,nature,objet,codeCPV,procedure,dureeMois,dateNotification,datePublicationDonnees,montant,offresRecues,donneesActuelles,"
    "sourceDataset,acheteur_id,acheteur_nom,titulaire_id,titulaire_typeIdentifiant,titulaire_nom,lieuExecution_code,"
    "lieuExecution_typeCode,considerationsSociales,modification_id,titulaire_commune_nom,titulaire_region_nom,"
    "acheteur_departement_nom,sourceFile"
).split(",")
SOURCE = "https://www.data.gouv.fr/fr/datasets/r/00000000-0000-0000-0000-000000000000"


def contracts(path):
    """The contracts of a file of the generator, one a line."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip().rstrip(",")
            if line.startswith('{"p'):
                yield json.loads(line)


def rows(contract, number):
    """A row for each holder, as cells in the order of COLUMNS."""
    buyer, place = contract["acheteur"], contract.get("lieuExecution", {})
    for holder in contract.get("titulaires") or [{}]:
        yield [
            buyer["id"] + number, number, contract.get("nature"), contract.get("objet"), contract.get("codeCPV"),
            contract.get("procedure"), contract.get("dureeMois"), contract.get("dateNotification"),
            contract.get("datePublicationDonnees"), contract.get("montant"), 2.0, "True", "pes_marche_2024", buyer["id"],
            buyer.get("nom"), holder.get("id"), holder.get("typeIdentifiant"), holder.get("denominationSociale"),
            place.get("code"), place.get("typeCode"), "Clause sociale", 0, "Toulouse", "Occitanie", "Haute-Garonne", SOURCE,
        ]


def write(source, target, size):
    """Writes the contracts again and again, with other numbers, up to a size in bytes."""
    with open(target, "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        repetition = 0
        while out.tell() < size:
            for contract in contracts(source):
                number = str(contract["id"]) + (f"R{repetition}" if repetition else "")
                table.writerows(rows(contract, number))
                if out.tell() >= size:
                    break
            repetition += 1


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
