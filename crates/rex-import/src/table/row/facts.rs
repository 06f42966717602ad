//! The facts of a contract: nature, procedure, amount, duration...

use rex_corpus::{Cpv, Date, Euros, Lots, Nature, Procedure, Reserve, name_key, nearest_hint};

use super::reader::CaseReader;
use crate::booklet::facts::cpv_line;
use crate::booklet::facts::fact_line::{FactKind, FactLine};
use crate::booklet::facts::lots::read_lots;
use crate::booklet::facts::nature::natures;
use crate::table::amount::{CellAmount, amount as cell_amount};
use crate::table::cell::Cell;
use crate::table::field::Field;
use crate::table::header::one_line;
use crate::table::values::{Comma, date, euros, months, several};

impl CaseReader<'_> {
    pub(super) fn nature(&mut self) -> Option<Nature> {
        let (column, cell) = self.first(Field::Nature)?;
        let typed = cell.to_string();
        match natures(&typed, true).as_slice() {
            [nature] => {
                self.found(column, "nature", nature.label());
                Some(*nature)
            }
            found => {
                let why = if found.is_empty() {
                    "is not services, travaux or fournitures"
                } else {
                    "names several"
                };
                self.doubt(
                    column,
                    "nature",
                    cell,
                    format!("nature: \"{}\" {why}, none is taken", one_line(cell)),
                );
                None
            }
        }
    }

    pub(super) fn procedure(&mut self) -> Option<Procedure> {
        let (column, cell) = self.first(Field::Procedure)?;
        let typed = cell.to_string();
        if let Some(procedure) = Procedure::from_spelling(&typed).or_else(|| Procedure::named_in(&typed)) {
            self.found(column, "procedure", procedure.label());
            return Some(procedure);
        }
        let why = if name_key(&typed).contains("appel d offre") {
            "is open or restricted, which is not said".to_owned()
        } else {
            format!(
                "is no known procedure{}",
                nearest_hint(&typed, Procedure::all().map(Procedure::label))
            )
        };
        self.doubt(
            column,
            "procedure",
            cell,
            format!("procedure: \"{}\" {why}", one_line(cell)),
        );
        None
    }

    pub(super) fn reserve(&mut self) -> Vec<Reserve> {
        let mut reserve: Vec<Reserve> = Vec::new();
        for (column, cell) in self.cells(Field::Reserve) {
            let typed = cell.to_string();
            let named = Reserve::named_in(&typed);
            let key = name_key(&typed);
            if key == "non" || key == "no" {
                continue;
            }
            if named.is_empty() {
                let message = format!(
                    "reserve: \"{}\" does not say for whom: SIAE, EA, ESAT or ESS",
                    one_line(cell)
                );
                self.doubt(column, "reserve", cell, message);
                continue;
            }
            let labels: Vec<&str> = named.iter().map(|reserve| reserve.label()).collect();
            self.found(column, "reserve", &labels.join(", "));
            for own in named {
                if !reserve.contains(&own) {
                    reserve.push(own);
                }
            }
        }
        reserve
    }

    pub(super) fn lots(&mut self) -> Option<Lots> {
        const MAX_LOTS: u32 = 10_000;
        let reserved = self.first(Field::ReservedLots);
        let (column, cell) = self.first(Field::Lots)?;
        let typed = cell.to_string();
        let read = Some(typed).filter(|typed| !is_one_of_lots(typed));
        let read = read.and_then(|typed| read_lots(&typed, true)).map(|lots| Lots {
            reserves: reserved
                .and_then(|(_, cell)| cell.to_string().parse().ok())
                .or(lots.reserves),
            ..lots
        });
        let is_right = |lots: &Lots| {
            (1..=MAX_LOTS).contains(&lots.nombre) && lots.reserves.is_none_or(|reserved| reserved <= lots.nombre)
        };
        let Some(lots) = read.filter(is_right) else {
            self.doubt(
                column,
                "lots",
                cell,
                format!("lots: \"{}\" is no number of lots, none is taken", one_line(cell)),
            );
            return None;
        };
        let reserved = lots
            .reserves
            .map(|reserved| format!(", {reserved} reserved"))
            .unwrap_or_default();
        self.found(column, "lots", &format!("{}{reserved}", lots.nombre));
        Some(lots)
    }

    pub(super) fn cpv(&mut self) -> Option<Cpv> {
        let (column, cell) = self.first(Field::Cpv)?;
        let typed = match cell {
            // A number has lost its leading zero.
            Cell::Number(number) if *number < 1e8 => format!("{number:08}"),
            cell => cell.to_string(),
        };
        let codes = several(&typed, Comma::Separates);
        let first = codes.iter().find(|code| code.contains(|c: char| c.is_ascii_digit()));
        self.at(column);
        let text = first.unwrap_or(&typed).clone();
        let mut line = [self.fact(FactKind::Cpv, text)];
        let cpv = cpv_line::cpv(&mut line, self.labels, &mut self.findings);
        if cpv.is_none() && first.is_none() {
            self.doubt(column, "cpv", cell, format!("cpv: \"{}\" has no code", one_line(cell)));
        }
        let others = codes
            .iter()
            .skip(1)
            .filter(|code| code.contains(|c: char| c.is_ascii_digit()))
            .count();
        if others > 0 {
            self.doubt(column, "cpv", cell, "cpv: several codes, the first is taken".to_owned());
        }
        cpv
    }

    /// A cell as a line of a block of facts, for the readers of booklets.
    fn fact(&self, about: FactKind, text: String) -> FactLine {
        FactLine {
            line: self.row.number,
            last: self.row.number,
            value: text.clone(),
            text,
            about: Some(about),
            is_used: false,
        }
    }

    pub(super) fn amount(&mut self) -> Option<Euros> {
        let (column, cell) = self.first(Field::Amount)?;
        let unit = column.money_unit();
        if let Cell::Number(number) = cell {
            let amount = euros(*number, unit).filter(|amount| amount.cents() > 0);
            match amount {
                Some(amount) => self.found(column, "montant_ht", &amount.to_string()),
                None => self.doubt(
                    column,
                    "montant_ht",
                    cell,
                    format!("montant_ht: \"{cell}\": it is no amount, none is taken"),
                ),
            }
            return amount;
        }
        let CellAmount { amount, doubt } = match cell {
            Cell::Text(typed) => cell_amount(typed, unit),
            _ => CellAmount {
                amount: None,
                doubt: Some("it is no amount, none is taken".to_owned()),
            },
        };
        if let Some(amount) = amount {
            self.found(column, "montant_ht", &amount.to_string());
        }
        if let Some(doubt) = doubt {
            let message = format!("montant_ht: \"{}\": {doubt}", one_line(cell));
            self.doubt(column, "montant_ht", cell, message);
        }
        amount
    }

    pub(super) fn months(&mut self) -> Option<u32> {
        let (column, cell) = self.first(Field::Duration)?;
        let Some((months, made_of, doubt)) = months(cell, column.months_unit()) else {
            self.doubt(
                column,
                "duree_mois",
                cell,
                format!("duree_mois: \"{}\" is no duration of 1 to 1188 months", one_line(cell)),
            );
            return None;
        };
        let made = made_of.map(|made| format!(" ({made})")).unwrap_or_default();
        self.found(column, "duree_mois", &format!("{months}{made}"));
        if let Some(doubt) = doubt {
            self.doubt(
                column,
                "duree_mois",
                cell,
                format!("duree_mois: \"{}\": {doubt}", one_line(cell)),
            );
        }
        Some(months)
    }

    pub(super) fn date(&mut self) -> Option<Date> {
        let (column, cell) = self.first(Field::Date)?;
        let Some((date, doubt)) = date(cell) else {
            self.doubt(
                column,
                "date",
                cell,
                format!("date: \"{}\" is no day or year from 1900 to 2100", one_line(cell)),
            );
            return None;
        };
        self.found(column, "date", &date.to_string());
        if let Some(doubt) = doubt {
            self.doubt(column, "date", cell, format!("date: \"{}\": {doubt}", one_line(cell)));
        }
        Some(date)
    }
}

/// Whether a text names one lot, not their number: `lot n° 2`, `Lot 2 : tri`, `1/3`.
fn is_one_of_lots(typed: &str) -> bool {
    let key = name_key(typed);
    let words: Vec<&str> = key.split(' ').collect();
    let is_number = |word: &&str| word.bytes().all(|b| b.is_ascii_digit());
    match words.as_slice() {
        ["lot", "n" | "no" | "numero", ..] => true,
        ["lot", second, ..] if is_number(second) => true,
        [first, second, ..] => typed.contains('/') && is_number(first) && is_number(second),
        _ => false,
    }
}
