//! Tells numbers that are no facet value: counts, measures, dates, ranks, addresses, models.

use super::tokens::{QueryTokens, TokenKind};

/// Months and days of the week, folded.
pub(super) const MONTHS: &[&str] = &[
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "janv",
    "fevr",
    "juil",
    "sept",
    "oct",
    "nov",
    "dec",
];
const WEEKDAYS: &[&str] = &["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Units and counted things, folded, that are no plural or are written without its mark. Units: BIPM, The International System of
/// Units, 9th edition, and those of everyday French.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    // Length, surface, volume.
    "mm", "cm", "dm", "m", "metre", "metres", "km", "kilometre", "pouce", "pouces", "pied", "pieds", "mm2", "cm2", "m2", "km2",
    "mm3", "cm3", "m3", "ha", "are", "hectare", "hectares", "l", "litre", "litres", "ml", "cl", "dl", "hl",
    // Mass.
    "mg", "g", "gr", "gramme", "grammes", "kg", "kilo", "kilos", "t", "tonne", "tonnes", "quintal", "gsm",
    // Time.
    "s", "sec", "seconde", "secondes", "min", "mn", "minute", "minutes", "h", "heure", "heures", "j", "jour", "jours", "journee",
    "semaine", "semaines", "mois", "trimestre", "semestre", "an", "ans", "annee", "annees", "siecle",
    // Energy, electricity, sound, data.
    "w", "kw", "mw", "gw", "wc", "kwc", "mwc", "wh", "kwh", "mwh", "gwh", "kva", "va", "v", "kv", "amp", "ampere", "amperes",
    "hz", "khz", "mhz", "ghz", "db", "dba", "cv", "ch", "bar", "bars", "pa", "kpa", "kj", "lm", "lux", "ko", "mo", "go", "to",
    "octets", "bits", "mbps", "gbps", "px", "pixels", "dpi", "ppm", "co2", "tco2", "degre", "degres", "celsius",
    // Money.
    "€", "$", "£", "eur", "euro", "euros", "ke", "k", "keur", "meur", "centime", "centimes", "million", "millions", "milliard",
    "milliards", "mille", "millier", "milliers",
    // Shares.
    "%", "‰", "°", "pour cent", "pourcent", "point", "points", "fois", "x", "×",
    // People and things.
    "hab", "habitant", "habitants", "pers", "personne", "personnes", "pax", "agents", "salaries", "repas", "couverts", "eleves",
    "enfants", "places", "lits", "logements", "lgts", "exemplaire", "exemplaires", "ex", "unite", "unites", "piece", "pieces", "pcs",
    "feuilles", "pages", "etp", "kits",
];

/// Plural in form only, or following a number without being counted.
const NOT_COUNTED: &[&str] = &[
    "dans",
    "sous",
    "sans",
    "vers",
    "chez",
    "aux",
    "des",
    "les",
    "ses",
    "nos",
    "vos",
    "leurs",
    "mais",
    "puis",
    "depuis",
    "apres",
    "pres",
    "plus",
    "moins",
    "hors",
    "tous",
    "taxes",
    "travaux",
    "services",
    "fournitures",
    "insertion",
];

/// Words of an address.
const STREETS: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "ave",
    "boulevard",
    "bd",
    "bld",
    "bvd",
    "allee",
    "impasse",
    "quai",
    "chemin",
    "ruelle",
    "venelle",
    "esplanade",
    "faubourg",
    "fbg",
    "place",
];

/// Words right before a number that make it a rank, a reference, a model, a norm, an age or a measure.
#[rustfmt::skip]
const REFERENCES: &[&str] = &[
    // Ranks.
    "lot", "lots", "n", "no", "num", "numero", "numeros", "article", "articles", "art", "alinea", "tranche", "tranches",
    "phase", "phases", "niveau", "niveaux", "page", "pages", "annexe", "annexes", "etape", "etapes", "chapitre", "titre", "tome",
    "volume", "partie", "section", "paragraphe", "ligne", "lignes", "colonne", "poste", "item", "point", "rang", "top", "tableau",
    "figure", "fiche", "piece", "ilot", "parcelle", "batiment", "bat", "porte", "escalier", "etage", "salle", "chambre",
    "appartement", "appt", "apt", "zone", "zones", "axe", "mission", "avenant", "bon", "bc", "devis", "facture", "commande", "question",
    "seance", "session", "edition", "saison", "episode", "promotion", "promo", "acte", "plan", "agenda", "horizon", "objectif",
    "odd", "covid", "option", "variante", "scenario", "arrondissement", "canton", "circonscription", "taille", "pointure",
    // References and codes.
    "reference", "references", "ref", "code", "codes", "cpv", "naf", "ape", "siret", "siren", "loi", "decret", "arrete", "directive",
    "reglement", "circulaire", "norme", "normes", "iso", "en", "nf", "din", "dtu", "afnor", "cerfa", "ccag", "cctp", "ral", "pantone",
    "id", "dossier", "telephone", "tel", "fax",
    // Roads, lines, transport.
    "a", "n", "d", "c", "e", "rd", "rn", "rp", "cd", "vc", "cr", "dn", "pn", "pr", "pk", "km", "route", "routes", "autoroute",
    "departementale", "nationale", "voie", "sortie", "bus", "tram", "tramway", "metro", "rer", "ter", "train", "vol",
    // Models and grades.
    "type", "types", "modele", "version", "v", "classe", "categorie", "groupe", "format", "formats", "serie", "indice", "grade",
    "calibre", "diametre", "diam", "epaisseur", "hauteur", "largeur", "longueur", "profondeur", "ip", "ik", "ph", "pvc", "pehd", "per",
    "windows", "win", "office", "word", "excel", "iphone", "ipad", "android", "ios", "macos", "debian", "ubuntu", "php", "python",
    "java", "sql", "usb", "wifi", "gpt", "linux", "firefox", "chrome", "acrobat", "autocad", "revit", "qgis", "oracle", "galaxy", "samsung", "pixel",
    "playstation", "xbox", "renault", "peugeot", "citroen", "dacia", "clio", "twingo", "kangoo", "airbus", "boeing", "bac", "cm", "ce",
    "cp",
    // Measures that are named before their number.
    "age", "ages", "taux", "tva", "pourcentage", "quantite", "qte", "nombre", "total", "prix", "cout", "tarif", "montant",
    "budget", "seuil", "score", "note", "vitesse", "puissance", "temperature", "degre", "an", "annee", "exercice", "jour", "jours",
    "heure", "date", "duree", "delai", "poids", "surface", "grammage", "ramette", "ramettes",
    // Comparisons and links.
    "environ", "vers", "entre", "plus", "moins", "jusqu", "maximum", "minimum", "max", "min", "fois", "soit", "dont", "chaque",
    "de", "d", "du", "des", "le", "la", "les", "l", "un", "une", "au", "aux", "en", "et", "ou", "par", "pour", "sur", "sous", "avec",
    "sans", "dans", "chez", "depuis", "avant", "apres", "ces", "ses", "mes", "nos", "vos", "leurs", "ce", "que", "qui", "ni",
    "il", "elle", "nous", "vous", "on", "y", "ne", "pas",
    // Numbers in letters go on: "soixante 15", "cent 20".
    "vingt", "trente", "quarante", "cinquante", "soixante", "cent", "mille",
];

/// Abbreviations of two letters that are no reference: those of the trade.
const SHORT_WORDS: &[&str] = &["ao", "ea", "ei", "ai"];

/// Words before a number in which a street is looked for.
const STREET_REACH: usize = 8;

/// Whether a word is a unit, or a thing that is counted without a plural.
pub(super) fn is_unit(tokens: &QueryTokens<'_>, at: usize) -> bool {
    UNITS.contains(&tokens.folded(at))
}

/// Whether a word is a month or a day of the week.
pub(super) fn is_of_a_date(tokens: &QueryTokens<'_>, at: usize) -> bool {
    MONTHS.contains(&tokens.folded(at)) || WEEKDAYS.contains(&tokens.folded(at))
}

/// Whether the word after a number is what it counts: a unit, a month, or a plural.
pub(super) fn counts(tokens: &QueryTokens<'_>, after: usize) -> bool {
    let Some(token) = tokens.get(after) else { return false };
    let is_plural = || {
        let name = token.folded.as_str();
        token.kind == TokenKind::Letters
            && !tokens.is_name(after)
            && name.len() > 3
            && name.ends_with(['s', 'x'])
            && !NOT_COUNTED.contains(&name)
    };
    is_unit(tokens, after) || is_of_a_date(tokens, after) || is_plural()
}

/// Whether a word makes the number after it a rank or a reference: `Lot 46`.
pub(super) fn is_rank(tokens: &QueryTokens<'_>, at: usize) -> bool {
    REFERENCES.contains(&tokens.folded(at))
}

/// Whether the words before a number make it a rank, a measure, a house number, a model.
pub(super) fn is_of_what_is_before(tokens: &QueryTokens<'_>, number: usize) -> bool {
    let Some(before) = number.checked_sub(1) else {
        return false;
    };
    // A comma or a dash parts a number from the word before.
    let is_break = matches!(tokens.folded(before), "," | ";" | "-" | "–" | ")" | ".");
    let Some(last) = (if is_break { before.checked_sub(1) } else { Some(before) }) else {
        return false;
    };
    let is_street = |at: usize| {
        // "Mise en place" is no place.
        let is_set = tokens.folded(at) == "place" && at > 0 && matches!(tokens.folded(at - 1), "en" | "sur");
        STREETS.contains(&tokens.folded(at)) && !is_set
    };
    (number.saturating_sub(STREET_REACH)..number).any(is_street) || refers(tokens, last)
}

/// Whether a word before a number makes it a reference.
fn refers(tokens: &QueryTokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let name = token.folded.as_str();
    let has_digits = name.contains(|c: char| c.is_ascii_digit());
    let is_short = name.chars().count() <= 2 && !SHORT_WORDS.contains(&name);
    token.kind != TokenKind::Letters
        || has_digits
        || is_short
        || REFERENCES.contains(&name)
        || is_unit(tokens, at)
        || is_of_a_date(tokens, at)
        || tokens.has_inner_capital(at)
}
