//! The Markdown file of a case, with a digest that detects changes by a person.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::finding::{Finding, FindingKind};
use rex_corpus::{Party, Record};

/// Starts of the front-matter line that holds the digest of all other lines, for a booklet and for a table.
const MARKS: [&str; 2] = ["# rex import booklet : empreinte ", "# rex import table : empreinte "];
const NOTICE: &str = " ; tant que ce fichier n'est pas modifié, un nouvel import peut le remplacer";

/// The file of a record: front matter with notes for the reviewer, then the sections.
pub(super) fn markdown(record: &Record, findings: &[Finding]) -> String {
    let mut rest = String::new();
    // Writing to a String cannot fail.
    let _ = front_matter(&mut rest, record, findings);
    rest.push_str("---\n");
    for section in &record.sections {
        let _ = write!(rest, "\n## {}\n\n{}\n", section.titre, section.texte);
    }
    let digest = digest(&rest);
    let is_of_table = findings.iter().any(|finding| finding.cell.is_some());
    let mark = MARKS[usize::from(is_of_table)];
    format!("---\n{mark}{digest}{NOTICE}\n{rest}")
}

/// Whether a file is unchanged since an import wrote it, by the digest in it.
pub fn is_as_imported(file: &str) -> bool {
    let Some((mark, rest)) = file.strip_prefix("---\n").and_then(|file| file.split_once('\n')) else {
        return false;
    };
    let stored = MARKS
        .iter()
        .find_map(|start| mark.strip_prefix(start)?.split(' ').next());
    stored.is_some_and(|stored| stored == digest(rest))
}

fn digest(text: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(text))
}

fn front_matter(out: &mut String, record: &Record, findings: &[Finding]) -> std::fmt::Result {
    let mut field = |name: &'static str, value: Option<String>| -> std::fmt::Result {
        for note in notes(findings, name) {
            writeln!(out, "# {note}")?;
        }
        match value {
            Some(value) => writeln!(out, "{name}:{value}"),
            None => Ok(()),
        }
    };
    let plain = |value: &dyn std::fmt::Display| format!(" {value}");
    field("titre", Some(format!(" {}", quoted(&record.titre))))?;
    field("type", Some(plain(&record.case_type)))?;
    field(
        "acheteur",
        record.acheteur.as_ref().map(|buyer| party(buyer, "\n  ", "\n  ")),
    )?;
    let holders: String = record
        .titulaires
        .iter()
        .map(|holder| party(holder, "\n  - ", "\n    "))
        .collect();
    field("titulaires", Some(holders).filter(|holders| !holders.is_empty()))?;
    field("nature", record.nature.map(|nature| plain(&nature)))?;
    field("procedure", record.procedure.map(|procedure| plain(&procedure)))?;
    let reserve = list(record.reserve.iter().map(ToString::to_string));
    field("reserve", reserve)?;
    let considerations = list(record.considerations.iter().map(|name| quoted(name)));
    field("considerations", considerations)?;
    field(
        "lots",
        record.lots.map(|lots| match lots.reserves {
            Some(reserved) => format!(" {{nombre: {}, reserves: {reserved}}}", lots.nombre),
            None => format!(" {{nombre: {}}}", lots.nombre),
        }),
    )?;
    field("cpv", record.cpv.map(|cpv| plain(&cpv)))?;
    field("montant_ht", record.montant_ht.map(|amount| plain(&amount)))?;
    field("duree_mois", record.duree_mois.map(|months| plain(&months)))?;
    field("territoire", list(record.territoire.iter().map(|name| quoted(name))))?;
    field("themes", list(record.themes.iter().map(|name| quoted(name))))?;
    field("date", record.date.map(|date| plain(&String::from(date))))?;
    field("source", source(record))
}

fn source(record: &Record) -> Option<String> {
    let source = record.source.as_ref()?;
    let texts = [
        ("titre", &source.titre),
        ("editeur", &source.editeur),
        ("url", &source.url),
    ];
    let mut lines: Vec<String> = texts
        .iter()
        .filter_map(|(name, value)| Some(format!("\n  {name}: {}", quoted(value.as_deref()?))))
        .collect();
    lines.extend(source.page.map(|page| format!("\n  page: {page}")));
    (!lines.is_empty()).then(|| lines.concat())
}

fn party(party: &Party, first: &str, next: &str) -> String {
    let siret = party
        .siret
        .as_deref()
        .map(|siret| format!("{next}siret: {}", quoted(siret)));
    let structure = match party.structure.as_slice() {
        [] => None,
        [only] => Some(format!(" {}", quoted(only))),
        several => list(several.iter().map(|name| quoted(name))),
    };
    let structure = structure.map(|structure| format!("{next}structure:{structure}"));
    let nom = quoted(&party.nom);
    format!(
        "{first}nom: {nom}{}{}",
        siret.unwrap_or_default(),
        structure.unwrap_or_default()
    )
}

fn list(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| format!(" [{}]", values.join(", ")))
}

/// Notes on a field for the reviewer, in French like the file.
fn notes(findings: &[Finding], field: &str) -> Vec<String> {
    let noted = findings.iter().filter(|finding| finding.field == Some(field));
    noted
        .filter_map(|finding| {
            let what = match finding.kind {
                FindingKind::Corrected => "Corrigé",
                FindingKind::Doubtful => "À vérifier",
                _ => return None,
            };
            let typed = finding.typed.as_deref().map(one_line).unwrap_or_default();
            let place = match &finding.cell {
                Some(cell) => format!("le tableau ({})", cell.replace("row", "ligne")),
                None => format!("le livret (ligne {})", finding.line),
            };
            Some(format!("{what} ({field}) : {place} donne « {typed} »."))
        })
        .collect()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text as a double-quoted YAML scalar.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_a_file_that_a_person_changed() {
        let rest = "titre: \"A\"\n---\n\n## B\n\nC\n";
        for mark in MARKS {
            let file = format!("---\n{mark}{}{NOTICE}\n{rest}", digest(rest));
            assert!(is_as_imported(&file));
            assert!(!is_as_imported(&file.replace('C', "D")));
        }
        assert!(!is_as_imported("---\ntitre: A\n---\n"));
        assert!(!is_as_imported(""));
    }

    #[test]
    fn escapes_quotes_and_controls() {
        assert_eq!(quoted("a \"b\" \\ c\n"), "\"a \\\"b\\\" \\\\ c \"");
    }
}
