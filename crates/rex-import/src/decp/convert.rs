//! Converts a published contract to a [`Record`], field by field. Wrong values are left out and reported.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::anomaly::{Anomalies, DecpProblem};
use super::holder::{holders, party_siret};
use super::json::{Fields, Json, Repair, Repaired, STANDARD, known_key};
use super::key::{ContractKey, lot_key};
use super::mend::mend;
use super::modification::Modifications;
use super::newest::LotKey;
use super::place::{ExecutionPlace, execution_place};
use super::raw::ContractKind;
use super::table::Column;
use super::text::{clean, clean_name, escaped, is_distinctive};
use super::value::{amount, date, euros, first_date, first_read, months, most_months};
use rex_corpus::{CaseType, Nature, Party, Record, Section, Source};
use rex_corpus::{Cpv, CpvLabels, CpvMatch, Procedure};
use rex_corpus::{Territories, data_lines, name_key};

/// Maximum characters of a title. A longer object is also kept whole in the text.
const MAX_TITLE: usize = 1_000;
/// Maximum bytes of the text: far more than any object, far less than the maximum of a JSON line.
const MAX_TEXT: usize = 100_000;

/// Converts contracts, and counts their problems.
pub(super) struct Converter<'a> {
    labels: &'a CpvLabels,
    /// The last valid notification year.
    last_year: u16,
    /// Number of records with each kind of problem.
    pub(super) problems: BTreeMap<DecpProblem, u64>,
    /// Cache of resolved places, which repeat in every file.
    places: HashMap<[String; 3], ExecutionPlace>,
}

/// A record with the key of its contract.
pub(super) struct Converted {
    pub(super) record: Record,
    /// Equal in all publications of a contract.
    pub(super) key: ContractKey,
    /// What tells it from other lots under its key.
    pub(super) lot: LotKey,
    /// Date of the last publication, as [`Date::sort_key`](rex_corpus::Date::sort_key). 0 if unknown.
    pub(super) published: u64,
}

impl<'a> Converter<'a> {
    pub(super) fn new(labels: &'a CpvLabels, last_year: u16) -> Self {
        Self {
            labels,
            last_year,
            problems: BTreeMap::new(),
            places: HashMap::new(),
        }
    }

    /// The record of a contract.
    ///
    /// # Errors
    /// A value that is not a contract: it has no object, no id and no buyer.
    pub(super) fn convert(&mut self, record: Fields) -> Result<Converted, &'static str> {
        let Some(mut fields) = record.fields else {
            return Err("not an object, expected a contract");
        };
        // As typed: the id of the record must not change when more is mended.
        let typed = ["id", "objet"].map(|name| fields.get(name).text().to_owned());
        let mut wrong = Anomalies::default();
        mend(&mut fields, &mut wrong);
        let is_concession = is_concession(record.contract, &fields);
        record
            .repairs
            .iter()
            .for_each(|repaired| say(repaired, is_concession, &mut wrong));
        let buyers = ["acheteur", "autoriteConcedante"].map(|name| fields.get(name));
        let [first, other] = if is_concession { [buyers[1], buyers[0]] } else { buyers };
        let buyer = &if first.is_empty() { other } else { first }.object("id");
        let buyer_id = buyer.get("id").text();
        if [buyer_id, fields.get("id").text(), fields.get("objet").text()]
            .iter()
            .all(|text| text.is_empty())
        {
            return Err("no id, no buyer and no object, expected a contract");
        }
        let [id, object] = typed;
        let key = ContractKey {
            buyer: party_siret(buyer_id).unwrap_or_else(|| buyer_id.to_owned()),
            id,
            object,
        };
        Ok(self.record(&fields, buyer, is_concession, key, wrong))
    }

    fn record(
        &mut self,
        fields: &Json,
        buyer: &Json,
        is_concession: bool,
        key: ContractKey,
        mut wrong: Anomalies,
    ) -> Converted {
        let modifications = Modifications::read(fields);
        let (titre, whole) = title(fields.get("objet").text(), &mut wrong);
        let cpv = self.cpv(fields.get("codeCPV").text(), &mut wrong);
        let kind = clean(fields.get("nature").text());
        let mut montant_ht = amount(typed_amount(fields, is_concession), &mut wrong);
        let most_months = most_months(is_concession, &kind);
        let mut duree_mois = months(fields.get("dureeMois").text(), most_months, &mut wrong);
        let mut titulaires = holders(fields, &mut wrong);
        let first_published = first_date(fields.get("datePublicationDonnees").text());
        let lot = lot_key(first_published, &titulaires, fields.get("codeCPV").text(), montant_ht);
        modifications.apply(
            &mut montant_ht,
            &mut duree_mois,
            &mut titulaires,
            most_months,
            &mut wrong,
        );
        let place = &fields.get("lieuExecution").object("code");
        let territoire = self.territory(place, &mut wrong);
        let named = place_name(place.get("nom").text(), &territoire);
        let own = [whole.unwrap_or_default(), form(&kind, fields), named];
        let own = own.iter().filter(|text| !text.is_empty()).map(|text| escaped(text));
        let texts: Vec<String> = own.chain(modifications.purposes()).collect();
        let notified = first(fields, &["dateNotification", "dateSignature", "dateDebutExecution"]);
        let published = modifications.published(first_published);
        let record = Record {
            id: key.record_id(),
            titre,
            case_type: CaseType::Contract,
            acheteur: self::buyer(buyer, &mut wrong),
            titulaires,
            nature: cpv.map(nature_of).or_else(|| nature_of_kind(&kind)),
            procedure: procedure(fields.get("procedure").text(), &mut wrong),
            reserve: Vec::new(),
            considerations: considerations(fields, &mut wrong),
            lots: None,
            cpv,
            montant_ht,
            duree_mois,
            territoire,
            themes: Vec::new(),
            date: date(notified, self.last_year, &mut wrong),
            source: Some(source(fields)),
            sections: section(&texts),
            anomalies: wrong.finish(&mut self.problems),
        };
        Converted {
            record,
            key,
            lot,
            published,
        }
    }

    fn territory(&mut self, place: &Json, wrong: &mut Anomalies) -> Vec<String> {
        const REMEMBERED: usize = 20_000;
        const LONGEST: usize = 200;
        let said = ["code", "typeCode", "nom"].map(|key| place.get(key).text().to_owned());
        let [code, kind, name] = &said;
        let remembered = self.places.get(&said).cloned();
        let place = remembered.unwrap_or_else(|| {
            let place = execution_place(code, kind, name);
            if self.places.len() == REMEMBERED {
                self.places.clear();
            }
            if said.iter().all(|text| text.len() <= LONGEST) {
                self.places.insert(said.clone(), place.clone());
            }
            place
        });
        match place {
            ExecutionPlace::Known { path, differs } => {
                if differs {
                    let read = path.last().map_or("", String::as_str);
                    let what = format!("lieu d'exécution dont le code et le nom diffèrent, lu {read}");
                    wrong.add(DecpProblem::PlaceDiffers, &what, &format!("{code}, {kind}, {name}"));
                }
                path
            }
            ExecutionPlace::Elsewhere => Vec::new(),
            ExecutionPlace::Unknown => {
                if !code.is_empty() {
                    let typed = format!("{code}, {kind}, {name}");
                    wrong.add(DecpProblem::Place, "lieu d'exécution non reconnu", &typed);
                }
                Vec::new()
            }
        }
    }

    fn cpv(&self, typed: &str, wrong: &mut Anomalies) -> Option<Cpv> {
        if typed.is_empty() {
            return None;
        }
        match self.labels.recognize(typed, None) {
            Ok((code, CpvMatch::Exact | CpvMatch::Respelled)) => Some(code),
            Ok((code, CpvMatch::WrongCheck)) => {
                wrong.add(
                    DecpProblem::CpvCorrected,
                    &format!("code CPV de clé fausse, lu {code}"),
                    typed,
                );
                Some(code)
            }
            Ok((code, _)) => {
                wrong.add(DecpProblem::CpvCorrected, &format!("code CPV lu {code}"), typed);
                Some(code)
            }
            Err(_) => {
                wrong.add(DecpProblem::Cpv, "code CPV écarté, inexistant ou de clé fausse", typed);
                None
            }
        }
    }
}

/// Whether a record is a concession: by its place in the file or its type, else by its *autorité concédante*, which exports that
/// have the same fields for every record leave empty.
fn is_concession(kind: ContractKind, fields: &Json) -> bool {
    let declared = name_key(fields.get("_type").text());
    kind == ContractKind::Concession
        || declared.contains("concession")
        || (!declared.contains("marche") && !fields.get("autoriteConcedante").is_empty())
}

/// The text of the amount: of `montant` and `valeurGlobale`, the one that belongs to the kind of contract and is an amount.
fn typed_amount(fields: &Json, is_concession: bool) -> &str {
    let [contract, concession] = ["montant", "valeurGlobale"].map(|name| fields.get(name).text());
    let typed = if is_concession {
        [concession, contract]
    } else {
        [contract, concession]
    };
    first_read(&typed, euros)
}

/// Fields that every contract has, and those of concessions. A `NaN` in another field is an empty field, as spreadsheets write it.
const REQUIRED: [&str; 13] = [
    "_type",
    "acheteur",
    "codeCPV",
    "dateNotification",
    "datePublicationDonnees",
    "dureeMois",
    "id",
    "lieuExecution",
    "montant",
    "nature",
    "objet",
    "procedure",
    "titulaires",
];
const REQUIRED_OF_CONCESSIONS: [&str; 10] = [
    "_type",
    "autoriteConcedante",
    "concessionnaires",
    "datePublicationDonnees",
    "dureeMois",
    "id",
    "nature",
    "objet",
    "procedure",
    "valeurGlobale",
];

/// Reports what was repaired in a field, if the field is read.
fn say(Repaired { repair, field, typed }: &Repaired, is_concession: bool, wrong: &mut Anomalies) {
    // A key with another character may be a damaged one.
    let is_other = |key: &str| known_key(key).is_none() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    if field.split('.').any(is_other) && Column::named(field).is_none() {
        return;
    }
    let required: &[&str] = if is_concession {
        &REQUIRED_OF_CONCESSIONS
    } else {
        &REQUIRED
    };
    let is_required = field.split('.').next().is_some_and(|key| required.contains(&key));
    let is_nothing = matches!(name_key(typed).as_str(), "nan" | "infinity");
    if *repair == Repair::Value && is_nothing && !is_required {
        return;
    }
    let (problem, what) = match repair {
        Repair::Value => (DecpProblem::Value, "valeur illisible écartée"),
        Repair::Number => (DecpProblem::Value, "nombre mal écrit, lu comme texte"),
        Repair::Windows1252 => (DecpProblem::Character, "caractère relu en Windows-1252"),
        Repair::Character => (DecpProblem::Character, "caractère illisible remplacé"),
        Repair::Control => (DecpProblem::Character, "caractère de commande"),
        Repair::Escape => (DecpProblem::Character, "échappement inconnu"),
    };
    wrong.add(problem, &format!("{what}, champ {field}"), typed);
}

/// The first non-empty text among several fields.
fn first<'a>(fields: &'a Json, names: &[&str]) -> &'a str {
    let texts = names.iter().map(|name| fields.get(name).text());
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The title, and the whole object if it was cut.
fn title(object: &str, wrong: &mut Anomalies) -> (String, Option<String>) {
    let whole = clean(object);
    if whole.is_empty() {
        wrong.add(DecpProblem::Object, "objet absent", object);
        return ("Objet non renseigné".to_owned(), None);
    }
    if whole.chars().count() <= MAX_TITLE {
        return (whole, None);
    }
    let cut: String = whole.chars().take(MAX_TITLE - 2).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    (format!("{cut} …"), Some(whole))
}

/// The buyer: by its published name, else by the name of the territory with its SIRET, else by the SIRET.
fn buyer(buyer: &Json, wrong: &mut Anomalies) -> Option<Party> {
    let id = buyer.get("id").text();
    let name = clean_name(buyer.get("nom").text());
    let siret = party_siret(id);
    if siret.is_none() {
        wrong.add(DecpProblem::Buyer, "SIRET de l'acheteur écarté", id);
    }
    let place = siret.as_deref().and_then(|siret| Territories::shipped().siren(siret));
    let known = || place.map(rex_corpus::Territory::collectivite);
    let told = Some(name.clone()).filter(|name| is_distinctive(name));
    let nom = told
        .or_else(known)
        .or_else(|| Some(name).filter(|name| !name.is_empty()))
        .or_else(|| siret.as_ref().map(|siret| format!("SIRET {siret}")))?;
    Some(Party {
        nom,
        siret,
        structure: Vec::new(),
    })
}

/// Regulation (EC) No 213/2008: divisions 03 to 44 and 48 are supplies, 45 works, the others services.
fn nature_of(cpv: Cpv) -> Nature {
    match &cpv.digits()[..2] {
        "45" => Nature::Works,
        division if division < "45" || division == "48" => Nature::Supplies,
        _ => Nature::Services,
    }
}

/// The nature of a contract without a CPV code, by its kind: concessions have none in the format of 2022, notices of the BOAMP never.
fn nature_of_kind(kind: &str) -> Option<Nature> {
    match name_key(kind).as_str() {
        "concession de travaux" | "travaux" => Some(Nature::Works),
        "fournitures" => Some(Nature::Supplies),
        "concession de service"
        | "concession de services"
        | "concession de service public"
        | "delegation de service public"
        | "services" => Some(Nature::Services),
        _ => None,
    }
}

fn procedure(typed: &str, wrong: &mut Anomalies) -> Option<Procedure> {
    let known = Procedure::from_spelling(typed);
    if known.is_none() && !typed.is_empty() {
        wrong.add(DecpProblem::Procedure, "procédure hors liste", typed);
    }
    known
}

/// Labels by the keys of published names.
static CONSIDERATIONS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    data_lines(include_str!("../data/considerations.tsv"))
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(label, names)| names.split(';').map(move |name| (name_key(name), label)))
        .collect()
});

fn considerations(fields: &Json, wrong: &mut Anomalies) -> Vec<String> {
    let lists = [
        ("considerationsSociales", "considerationSociale"),
        ("considerationsEnvironnementales", "considerationEnvironnementale"),
    ];
    let mut found: Vec<String> = Vec::new();
    for typed in lists.iter().flat_map(|(list, item)| fields.get(list).items(item)) {
        let typed = typed.text();
        match CONSIDERATIONS.get(&name_key(typed)) {
            None if !typed.is_empty() => wrong.add(DecpProblem::Consideration, "considération hors liste", typed),
            Some(label) if !label.is_empty() && !found.iter().any(|known| known == label) => {
                found.push((*label).to_owned());
            }
            _ => {}
        }
    }
    found
}

/// The name of the place of execution. Empty if it only repeats the territory.
fn place_name(name: &str, territory: &[String]) -> String {
    let name = clean(name);
    let key = name_key(&name);
    let is_said = territory.iter().any(|level| key.ends_with(&name_key(level)));
    if is_said { String::new() } else { name }
}

/// The form of the contract if it is not a plain contract: `Accord-cadre`, `Délégation de service public`.
fn form(kind: &str, fields: &Json) -> String {
    let techniques = fields.get("techniques").items("technique");
    let techniques = techniques.iter().map(|technique| clean(technique.text()));
    let mut forms: Vec<String> = Vec::new();
    for form in std::iter::once(kind.to_owned()).chain(techniques) {
        let said = ["", "marche", "sans objet", "travaux", "fournitures", "services"];
        let is_said = said.contains(&name_key(&form).as_str()) || forms.contains(&form);
        if !is_said {
            forms.push(form);
        }
    }
    forms.join(", ")
}

fn source(fields: &Json) -> Source {
    let titre = match fields.get(STANDARD).text() {
        "" => "Données essentielles de la commande publique",
        standard => standard,
    };
    let editeur = clean_name(fields.get("source").text());
    Source {
        titre: Some(titre.to_owned()),
        editeur: Some(editeur).filter(|name| !name.is_empty()),
        ..Source::default()
    }
}

/// One section without a heading: a search for the words of a heading would match every contract.
fn section(texts: &[String]) -> Vec<Section> {
    if texts.is_empty() {
        return Vec::new();
    }
    let mut texte = texts.join("\n\n");
    texte.truncate(texte.floor_char_boundary(MAX_TEXT));
    vec![Section {
        titre: String::new(),
        texte,
    }]
}
