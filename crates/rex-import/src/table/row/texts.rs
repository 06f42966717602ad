//! Considerations, themes, the source and the sections.

use rex_corpus::{Section, Source};

use super::reader::{CaseReader, MAX_VALUES};
use crate::table::considerations::considerations;
use crate::table::field::Field;
use crate::table::header::one_line;
use crate::table::section::to_markdown;
use crate::table::values::{Comma, several};

impl CaseReader<'_> {
    pub(super) fn considerations(&mut self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (column, cell) in self.cells(Field::Considerations) {
            let typed = cell.to_string();
            let values = considerations(&several(&typed, Comma::Separates), &column.header);
            let is_number = !typed.contains(char::is_alphabetic) && typed != "0";
            if values.is_empty() && (is_number || matches!(typed.to_lowercase().as_str(), "oui" | "yes" | "x")) {
                let message = format!("considerations: \"{typed}\" does not say which: sociale or environnementale");
                self.doubt(column, "considerations", cell, message);
            }
            for value in values {
                let Some(value) = self.name(column, "considerations", value) else {
                    continue;
                };
                if !all.contains(&value) {
                    self.found(column, "considerations", &value);
                    all.push(value);
                }
            }
        }
        all.truncate(MAX_VALUES);
        all
    }

    /// The values of columns that each hold several.
    pub(super) fn list(&mut self, field: Field, name: &'static str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (column, cell) in self.cells(field) {
            let values = several(&cell.to_string(), Comma::Separates);
            let values: Vec<String> = values
                .into_iter()
                .filter_map(|value| self.name(column, name, value))
                .collect();
            if !values.is_empty() {
                self.found(column, name, &values.join(", "));
            }
            all.extend(values);
            if all.len() > MAX_VALUES {
                self.doubt(
                    column,
                    name,
                    cell,
                    format!("{name}: over {MAX_VALUES} values, the others are left out"),
                );
                all.truncate(MAX_VALUES);
            }
        }
        all
    }

    pub(super) fn source(&mut self) -> Source {
        let mut text = |field: Field, name: &'static str| {
            let (column, cell) = self.first(field)?;
            let text = cell.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            let text = self.name(column, name, text)?;
            self.found(column, name, &text);
            Some(text)
        };
        let titre = text(Field::SourceTitle, "source.titre");
        let editeur = text(Field::SourcePublisher, "source.editeur");
        // « Source » often holds the address.
        let (titre, address) = match titre {
            Some(titre) if titre.starts_with("http") && !titre.contains(' ') => (None, Some(titre)),
            titre => (titre, None),
        };
        Source {
            titre,
            editeur,
            url: self.url().or(address),
            page: self.page(),
        }
    }

    fn url(&mut self) -> Option<String> {
        const MAX_URL: usize = 1_000;
        let (column, cell) = self.first(Field::SourceUrl)?;
        let typed = cell.to_string();
        let is_bare = !typed.contains("://") && typed.starts_with("www.");
        let url = if is_bare {
            format!("https://{typed}")
        } else {
            typed.clone()
        };
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if !is_web || url.len() > MAX_URL || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            let message = format!(
                "source.url: \"{}\" is no web address that begins with https:// or http://",
                one_line(cell)
            );
            self.doubt(column, "source", cell, message);
            return None;
        }
        self.found(column, "source.url", &url);
        if is_bare {
            self.corrected(column, "source", cell, format!("source.url: {typed} → {url}"));
        }
        Some(url)
    }

    fn page(&mut self) -> Option<u32> {
        const MAX_PAGE: u32 = 100_000;
        let (column, cell) = self.first(Field::SourcePage)?;
        let typed = cell.to_string();
        let digits = typed
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| !digits.is_empty());
        let page = digits
            .and_then(|digits| digits.parse().ok())
            .filter(|page| (1..=MAX_PAGE).contains(page));
        match page {
            Some(page) => self.found(column, "source.page", &page.to_string()),
            None => self.doubt(
                column,
                "source",
                cell,
                format!("source.page: \"{}\" is no page", one_line(cell)),
            ),
        }
        page
    }

    pub(super) fn sections(&mut self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for (column, cell) in self.cells(Field::Section) {
            let texte = to_markdown(&cell.to_string());
            let titre: String = if column.header.is_empty() {
                "Présentation".to_owned()
            } else {
                column.header.clone()
            };
            let words = texte.split_whitespace().count();
            let plural = if words == 1 { "" } else { "s" };
            self.at(column);
            self.findings
                .found_section(self.row.number, &titre, &format!("{words} word{plural}"));
            match sections.iter_mut().find(|section| section.titre == titre) {
                Some(section) => section.texte = format!("{}\n\n{texte}", section.texte),
                None => sections.push(Section { titre, texte }),
            }
        }
        sections
    }
}
