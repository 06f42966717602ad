//! Puts the record of a row together.

use rex_corpus::{CaseType, CpvLabels, Record, Source};

use super::reader::CaseReader;
use crate::imported::{Findings, ImportedCase, slug};
use crate::table::field::Field;
use crate::table::header::{Header, one_line};
use crate::table::place::NearestPlaces;
use crate::table::sheet::Row;

/// Maximum characters of a title in a record.
const MAX_TITLE: usize = 1_000;

/// Reads the row of a case.
pub(in crate::table) fn case(row: &Row, header: &Header, labels: &CpvLabels, near: &mut NearestPlaces) -> ImportedCase {
    let reader = CaseReader {
        row,
        header,
        labels,
        near,
        findings: Findings::default(),
    };
    reader.case()
}

impl CaseReader<'_> {
    fn case(mut self) -> ImportedCase {
        let titre = self.title();
        let id = self.id().unwrap_or_else(|| slug(&titre));
        let acheteur = self.buyer();
        let titulaires = self.holders();
        let nature = self.nature();
        let procedure = self.procedure();
        let reserve = self.reserve();
        let considerations = self.considerations();
        let lots = self.lots();
        let cpv = self.cpv();
        let montant_ht = self.amount();
        let duree_mois = self.months();
        let territoire = self.territory(acheteur.as_ref());
        let themes = self.list(Field::Themes, "themes");
        let date = self.date();
        let source = self.source();
        let sections = self.sections();
        let record = Record {
            id,
            titre,
            case_type: CaseType::Case,
            acheteur,
            titulaires,
            nature,
            procedure,
            reserve,
            considerations,
            lots,
            cpv,
            montant_ht,
            duree_mois,
            territoire,
            themes,
            date,
            source: (source != Source::default()).then_some(source),
            anomalies: Vec::new(),
            sections,
        };
        self.missing(&record);
        ImportedCase {
            record,
            line: self.row.number,
            findings: self.findings.sorted(),
        }
    }

    fn title(&mut self) -> String {
        let Some((column, cell)) = self.first(Field::Title) else {
            self.findings.in_cell(format!("row {}", self.row.number));
            let message = "titre: there is none, give it one".to_owned();
            self.findings.doubtful(self.row.number, "titre", "", message);
            return format!("Cas sans titre (ligne {})", self.row.number);
        };
        let whole = cell.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = whole.chars().take(MAX_TITLE).collect();
        self.found(column, "titre", &title);
        if title.len() < whole.len() {
            self.doubt(
                column,
                "titre",
                cell,
                format!("titre: cut after {MAX_TITLE} characters"),
            );
        }
        title
    }

    fn id(&mut self) -> Option<String> {
        let (column, cell) = self.first(Field::Id)?;
        let id = cell.to_string();
        if rex_corpus::is_record_id(&id) {
            self.found(column, "id", &id);
            return Some(id);
        }
        let message = format!(
            "id: \"{}\" is not one, expected letters, digits, - and _; made from the title",
            one_line(cell)
        );
        self.doubt(column, "id", cell, message);
        None
    }

    /// Reports the usual fields that the case does not have.
    fn missing(&mut self, record: &Record) {
        self.findings.in_cell(format!("row {}", self.row.number));
        for (field, is_missing) in [
            ("acheteur", record.acheteur.is_none()),
            ("titulaires", record.titulaires.is_empty()),
            ("nature", record.nature.is_none()),
            ("procedure", record.procedure.is_none()),
            ("cpv", record.cpv.is_none()),
            ("montant_ht", record.montant_ht.is_none()),
            ("duree_mois", record.duree_mois.is_none()),
            ("territoire", record.territoire.is_empty()),
            ("sections", record.sections.is_empty()),
        ] {
            if is_missing {
                self.findings.missing(self.row.number, field);
            }
        }
    }
}
