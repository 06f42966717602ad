//! A case as the API gives it: the fields of the front matter.

use rex_corpus::{CpvLabels, Euros, Record};
use serde::Serialize;
use utoipa::ToSchema;

use super::case_address;
use crate::cpv::code_label;

/// One case, its text included.
#[derive(Serialize, ToSchema)]
pub(crate) struct Case {
    id: String,
    /// Its page, from the root of the site.
    url: String,
    #[serde(flatten)]
    fields: CaseFields,
    sections: Vec<SectionJson>,
}

/// All the fields of the front matter; those without a value are left out.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseFields {
    titre: String,
    #[serde(rename = "type")]
    #[schema(example = "retour-d-experience")]
    case_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    acheteur: Option<PartyJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    titulaires: Vec<PartyJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    procedure: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reserve: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    considerations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lots: Option<LotsJson>,
    /// With its check digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    cpv: Option<String>,
    /// What the CPV code is called; left out where the list at hand does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Services de réinsertion")]
    cpv_libelle: Option<String>,
    /// Euros before tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    montant_ht: Option<Euros>,
    /// Months.
    #[serde(skip_serializing_if = "Option::is_none")]
    duree_mois: Option<u32>,
    /// From the région down.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    territoire: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    themes: Vec<String>,
    /// A day or a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceJson>,
    /// What an importer found wrong in the source and left out of the fields, in French.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    anomalies: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct PartyJson {
    nom: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    siret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structure: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct LotsJson {
    nombre: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserves: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct SourceJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    titre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    editeur: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
}

#[derive(Serialize, ToSchema)]
struct SectionJson {
    titre: String,
    /// Markdown.
    texte: String,
}

impl Case {
    pub(crate) fn new(labels: &CpvLabels, record: &Record) -> Self {
        Self {
            id: record.id.clone(),
            url: case_address(&record.id),
            fields: CaseFields::new(labels, record),
            sections: record
                .sections
                .iter()
                .cloned()
                .map(|section| SectionJson {
                    titre: section.titre,
                    texte: section.texte,
                })
                .collect(),
        }
    }
}

impl CaseFields {
    pub(crate) fn new(labels: &CpvLabels, record: &Record) -> Self {
        Self {
            titre: record.titre.clone(),
            case_type: record.case_type.to_string(),
            acheteur: record.acheteur.as_ref().map(PartyJson::from),
            titulaires: record.titulaires.iter().map(PartyJson::from).collect(),
            nature: record.nature.map(|nature| nature.to_string()),
            procedure: record.procedure.map(|procedure| procedure.to_string()),
            reserve: record.reserve.iter().map(ToString::to_string).collect(),
            considerations: record.considerations.clone(),
            lots: record.lots.map(|lots| LotsJson {
                nombre: lots.nombre,
                reserves: lots.reserves,
            }),
            cpv: record.cpv.map(|cpv| cpv.to_string()),
            cpv_libelle: record.cpv.and_then(|cpv| code_label(labels, cpv)).map(str::to_owned),
            montant_ht: record.montant_ht,
            duree_mois: record.duree_mois,
            territoire: record.territoire.clone(),
            themes: record.themes.clone(),
            date: record.date.map(|date| date.to_string()),
            source: record.source.clone().map(|source| SourceJson {
                titre: source.titre,
                editeur: source.editeur,
                url: source.url,
                page: source.page,
            }),
            anomalies: record.anomalies.clone(),
        }
    }
}

impl From<&rex_corpus::Party> for PartyJson {
    fn from(party: &rex_corpus::Party) -> Self {
        Self {
            nom: party.nom.clone(),
            siret: party.siret.clone(),
            structure: party.structure.clone(),
        }
    }
}
