//! The fields that the columns of a table fill, and the headers by which they are known.

use std::sync::LazyLock;

use rex_corpus::{data_lines, name_key, nearest_hint};

/// What a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Id,
    Title,
    Buyer,
    BuyerSiret,
    Holder,
    HolderSiret,
    Structure,
    /// The SIRET of the party in the column beside it.
    Siret,
    Nature,
    Procedure,
    Reserve,
    Considerations,
    Lots,
    ReservedLots,
    Cpv,
    Amount,
    /// An amount with tax, which no field takes.
    AmountWithTax,
    Duration,
    Territory,
    Commune,
    Epci,
    Departement,
    Region,
    Postcode,
    Insee,
    Themes,
    Date,
    SourceTitle,
    SourcePublisher,
    SourceUrl,
    SourcePage,
    /// A section of the text, under the header of the column.
    Section,
    /// For the publisher only: names, telephone numbers, remarks.
    Ignored,
}

/// Every field with its name in mappings, which is that of the front matter where there is one.
const NAMES: &[(&str, Field)] = &[
    ("titre", Field::Title),
    ("id", Field::Id),
    ("acheteur", Field::Buyer),
    ("acheteur.siret", Field::BuyerSiret),
    ("titulaires", Field::Holder),
    ("titulaires.siret", Field::HolderSiret),
    ("titulaires.structure", Field::Structure),
    ("siret", Field::Siret),
    ("nature", Field::Nature),
    ("procedure", Field::Procedure),
    ("reserve", Field::Reserve),
    ("considerations", Field::Considerations),
    ("lots", Field::Lots),
    ("lots.reserves", Field::ReservedLots),
    ("cpv", Field::Cpv),
    ("montant_ht", Field::Amount),
    ("montant_ttc", Field::AmountWithTax),
    ("duree_mois", Field::Duration),
    ("territoire", Field::Territory),
    ("commune", Field::Commune),
    ("epci", Field::Epci),
    ("departement", Field::Departement),
    ("region", Field::Region),
    ("code_postal", Field::Postcode),
    ("code_insee", Field::Insee),
    ("themes", Field::Themes),
    ("date", Field::Date),
    ("source.titre", Field::SourceTitle),
    ("source.editeur", Field::SourcePublisher),
    ("source.url", Field::SourceUrl),
    ("source.page", Field::SourcePage),
    ("section", Field::Section),
    ("ignorer", Field::Ignored),
];

/// The key of each spelling, its field, and its rank among the spellings of the field.
static SPELLINGS: LazyLock<Vec<(String, Field, usize)>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../data/table_headers.tsv")).filter_map(|line| line.split_once('\t'));
    let spellings = |(name, spellings): (&'static str, &'static str)| {
        let field = Field::of_name(name);
        let keys = spellings.split(';').map(|spelling| words(spelling).join(" "));
        keys.enumerate()
            .filter_map(move |(rank, key)| Some((key, field?, rank)))
    };
    lines.flat_map(spellings).collect()
});

impl Field {
    /// Its name in mappings and reports.
    pub(crate) fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, field)| *field == self)
            .map_or("", |(name, _)| name)
    }

    fn of_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    /// The field of a mapping: its name, or a header by which it is known.
    ///
    /// # Errors
    /// The nearest name, or all of them.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let named = Self::of_name(text).or_else(|| Self::of_name(&name_key(text).replace(' ', "_")));
        if let Some(field) = named.or_else(|| of_header(text).map(|(field, _)| field)) {
            return Ok(field);
        }
        let names = || NAMES.iter().map(|(name, _)| *name);
        Err(match nearest_hint(text, names()) {
            hint if hint.is_empty() => format!(
                "\"{text}\" is no field, expected one of: {}",
                names().collect::<Vec<_>>().join(", ")
            ),
            hint => format!("\"{text}\" is no field{hint}"),
        })
    }

    /// Whether a case has several values of it, and so a table several columns.
    pub(crate) fn is_list(self) -> bool {
        matches!(
            self,
            Self::Holder
                | Self::HolderSiret
                | Self::Structure
                | Self::Reserve
                | Self::Considerations
                | Self::Themes
                | Self::Territory
                | Self::Section
                | Self::Ignored
                | Self::AmountWithTax
        )
    }
}

/// The field of a header and the rank of its spelling: the lower, the surer.
pub(crate) fn of_header(header: &str) -> Option<(Field, usize)> {
    const UNITS: &[&str] = &["ht", "euro", "eur", "k", "m", "keuro", "mois", "an", "annee", "jour"];
    let whole = words(header);
    let bare = words(&without_parentheses(header));
    let unnumbered = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .filter(|word| !word.bytes().all(|b| b.is_ascii_digit()))
            .cloned()
            .collect()
    };
    let without_unit = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .filter(|word| !UNITS.contains(&word.as_str()))
            .cloned()
            .collect()
    };
    let (first, second) = (unnumbered(&whole), unnumbered(&bare));
    let tried = [
        whole,
        bare,
        first.clone(),
        second.clone(),
        without_unit(&first),
        without_unit(&second),
    ];
    tried.iter().filter(|words| !words.is_empty()).find_map(|words| {
        let key = words.join(" ");
        let known = SPELLINGS.iter().find(|(known, ..)| *known == key);
        known.map(|(_, field, rank)| (*field, *rank))
    })
}

/// A hint of the nearest known header, within a typing error: `, the nearest is "titulaire"`. Empty if none is near.
pub(crate) fn nearest_header(header: &str) -> String {
    let key = words(header).join(" ");
    let edits = |known: &str| strsim::damerau_levenshtein(&key, known);
    // One edit, or two in a long header.
    let alike = SPELLINGS.iter().map(|(known, ..)| (edits(known), known));
    let near = alike
        .filter(|(edits, known)| edits * 7 <= known.chars().count().max(7))
        .min_by_key(|(edits, _)| *edits);
    near.map(|(_, known)| format!(", the nearest is \"{known}\""))
        .unwrap_or_default()
}

/// The words of a header in the singular, without linking words.
pub(super) fn words(header: &str) -> Vec<String> {
    const LINKS: &[&str] = &[
        "de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "et", "ou", "a", "au", "aux", "en", "par", "pour",
        "sur", "dans", "s", "e", "es", "of", "the", "to", "for", "and", "qu",
    ];
    let key = name_key(header);
    let words = key.split(' ').filter(|word| !word.is_empty());
    let own: Vec<&str> = words.clone().filter(|word| !LINKS.contains(word)).collect();
    // « E » alone is a header, not a link.
    let own = if own.is_empty() { words.collect() } else { own };
    own.into_iter().map(|word| singular(word).to_owned()).collect()
}

fn singular(word: &str) -> &str {
    const SHORTEST: usize = 4;
    let stem = word
        .strip_suffix('s')
        .or_else(|| word.strip_suffix('x').filter(|stem| stem.ends_with('u')));
    stem.filter(|_| word.len() >= SHORTEST && word != "mois")
        .unwrap_or(word)
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_as_people_type_them() {
        for (header, name) in [
            ("Titre", "titre"),
            ("INTITULÉ DU MARCHÉ", "titre"),
            ("Objet du marché", "titre"),
            ("Acheteur public", "acheteur"),
            ("SIRET acheteur", "acheteur.siret"),
            ("Titulaire(s)", "titulaires"),
            ("Titulaire n°2", ""),
            ("Titulaire 2", "titulaires"),
            ("N° SIRET du titulaire", "titulaires.siret"),
            ("Structure", "titulaires.structure"),
            ("Procédure", "procedure"),
            ("Nature du marché", "nature"),
            ("Réservé à", "reserve"),
            ("Considérations sociales", "considerations"),
            ("Nombre de lots", "lots"),
            ("Lots réservés", "lots.reserves"),
            ("Code CPV", "cpv"),
            ("Montant HT", "montant_ht"),
            ("Montant (€ HT)", "montant_ht"),
            ("montant en k€", "montant_ht"),
            ("Montant TTC", "montant_ttc"),
            ("Durée (mois)", "duree_mois"),
            ("Durée en années", "duree_mois"),
            ("Commune", "commune"),
            ("Département", "departement"),
            ("Thèmes", "themes"),
            ("Mots-clés", "themes"),
            ("Date de notification", "date"),
            ("Année", "date"),
            ("Éditeur", "source.editeur"),
            ("Page", "source.page"),
            ("URL", "source.url"),
            ("Présentation du marché", "section"),
            ("La réponse au marché", "section"),
            ("Résultats", "section"),
            ("Buyer", "acheteur"),
            ("Lessons learnt", "section"),
            ("Commentaires internes", "ignorer"),
            ("Tél.", "ignorer"),
            ("Le petit plus", ""),
            ("", ""),
            ("()", ""),
        ] {
            let found = of_header(header).map_or("", |(field, _)| field.name());
            assert_eq!(found, name, "{header}");
        }
    }

    #[test]
    fn every_line_of_the_list_has_a_field_and_no_spelling_is_twice() {
        let lines = data_lines(include_str!("../data/table_headers.tsv"));
        for (name, _) in lines.filter_map(|line| line.split_once('\t')) {
            assert!(Field::of_name(name).is_some(), "{name}");
        }
        for (index, (key, field, _)) in SPELLINGS.iter().enumerate() {
            let other = SPELLINGS[..index].iter().find(|(known, ..)| known == key);
            assert!(other.is_none_or(|(_, known, _)| known == field), "{key}");
        }
    }

    #[test]
    fn a_mistyped_header_is_near_a_known_one() {
        assert_eq!(nearest_header("Tittre"), ", the nearest is \"titre\"");
        assert_eq!(nearest_header("Montnat HT"), ", the nearest is \"montant ht\"");
        assert_eq!(nearest_header("Code interne"), "");
    }

    #[test]
    fn a_field_of_a_mapping_has_a_name() {
        assert_eq!(Field::parse("montant_ht"), Ok(Field::Amount));
        assert_eq!(Field::parse(" Titre "), Ok(Field::Title));
        assert_eq!(Field::parse("Thèmes"), Ok(Field::Themes));
        assert_eq!(
            Field::parse("titer"),
            Err("\"titer\" is no field, the nearest is \"titre\"".to_owned())
        );
        assert!(Field::parse("zzz").is_err_and(|error| error.contains("expected one of: titre, id, acheteur")));
    }
}
