//! A case as the API gives it: the fields of the front matter.

use rex_corpus::{Cpv, CpvLabels, Date, Euros, Nature, Procedure, Record, Reserve, Section};
use serde::Serialize;
use utoipa::ToSchema;

use crate::case_address::case_address;

/// One case, its text included.
#[derive(Serialize, ToSchema)]
pub struct Case<'a> {
    id: &'a str,
    /// Its page, from the root of the site.
    url: String,
    #[serde(flatten)]
    fields: CaseFields<'a>,
    sections: Vec<SectionJson<'a>>,
}

/// All the fields of the front matter; those without a value are left out.
#[derive(Serialize, ToSchema)]
pub struct CaseFields<'a> {
    titre: &'a str,
    #[serde(rename = "type")]
    #[schema(example = "retour-d-experience")]
    case_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    acheteur: Option<PartyJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    titulaires: Vec<PartyJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nature: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    procedure: Option<Procedure>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    reserve: &'a [Reserve],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    considerations: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    lots: Option<LotsJson>,
    /// With its check digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cpv: Option<Cpv>,
    /// What the CPV code is called; left out where the list at hand does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Services de réinsertion")]
    cpv_libelle: Option<&'a str>,
    /// Euros before tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    montant_ht: Option<Euros>,
    /// Months.
    #[serde(skip_serializing_if = "Option::is_none")]
    duree_mois: Option<u32>,
    /// From the région down.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    territoire: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    themes: &'a [String],
    /// A day or a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceJson<'a>>,
    /// What an importer found wrong in the source and left out of the fields, in French.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    #[schema(value_type = Vec<String>)]
    anomalies: &'a [String],
}

#[derive(Serialize, ToSchema)]
struct PartyJson<'a> {
    nom: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    siret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structure: Option<Structures<'a>>,
}

/// What a party is, as it was written: one text, or a list of several.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Structures<'a> {
    One(&'a str),
    Several(&'a [String]),
}

#[derive(Serialize, ToSchema)]
struct LotsJson {
    nombre: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserves: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct SourceJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    titre: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    editeur: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct SectionJson<'a> {
    titre: &'a str,
    /// Markdown.
    texte: &'a str,
}

impl<'a> Case<'a> {
    /// The JSON of a case; its CPV code is labelled from `labels`.
    pub fn new(labels: &'a CpvLabels, record: &'a Record) -> Self {
        let section = |section: &'a Section| SectionJson {
            titre: &section.titre,
            texte: &section.texte,
        };
        Self {
            id: &record.id,
            url: case_address(&record.id),
            fields: CaseFields::new(labels, record),
            sections: record.sections.iter().map(section).collect(),
        }
    }
}

impl<'a> CaseFields<'a> {
    /// The fields of a case; its CPV code is labelled from `labels`.
    pub fn new(labels: &'a CpvLabels, record: &'a Record) -> Self {
        Self {
            titre: &record.titre,
            case_type: record.case_type.label(),
            acheteur: record.acheteur.as_ref().map(PartyJson::from),
            titulaires: record.titulaires.iter().map(PartyJson::from).collect(),
            nature: record.nature.map(Nature::label),
            procedure: record.procedure,
            reserve: &record.reserve,
            considerations: &record.considerations,
            lots: record.lots.map(|lots| LotsJson {
                nombre: lots.nombre,
                reserves: lots.reserves,
            }),
            cpv: record.cpv,
            cpv_libelle: record.cpv.and_then(|cpv| labels.of_code(cpv)),
            montant_ht: record.montant_ht,
            duree_mois: record.duree_mois,
            territoire: &record.territoire,
            themes: &record.themes,
            date: record.date,
            source: record.source.as_ref().map(|source| SourceJson {
                titre: source.titre.as_deref(),
                editeur: source.editeur.as_deref(),
                url: source.url.as_deref(),
                page: source.page,
            }),
            anomalies: &record.anomalies,
        }
    }
}

impl<'a> From<&'a rex_corpus::Party> for PartyJson<'a> {
    fn from(party: &'a rex_corpus::Party) -> Self {
        Self {
            nom: &party.nom,
            siret: party.siret.as_deref(),
            structure: match party.structure.as_slice() {
                [] => None,
                [one] => Some(Structures::One(one)),
                several => Some(Structures::Several(several)),
            },
        }
    }
}
