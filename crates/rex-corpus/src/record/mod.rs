//! A case as data: the record and the types of its fields.

pub(crate) mod amount;
pub(crate) mod date;
pub(crate) mod duration;
pub(crate) mod id;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Cpv, Date, Euros, Procedure};

/// One document: a case written by a publisher, or a contract of the public record (DECP).
///
/// Serializes to the fields of the front matter and of JSON lines, with their French names. Unknown values are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Unique in the corpus. The default is the stem of the file.
    pub id: String,
    /// The only required field.
    pub titre: String,
    /// The kind of document.
    #[serde(rename = "type", default)]
    pub case_type: CaseType,
    /// The buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acheteur: Option<Party>,
    /// The holders of the contract, the representative first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titulaires: Vec<Party>,
    /// Services, works or supplies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// How the contract was awarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// The structures to which the contract, or a lot of it, is reserved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserve: Vec<Reserve>,
    /// Social and environmental considerations, with the labels of DECP.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub considerations: Vec<String>,
    /// The lots of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lots: Option<Lots>,
    /// The CPV code of the purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpv: Option<Cpv>,
    /// The amount, before tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub montant_ht: Option<Euros>,
    /// The duration in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duree_mois: Option<u32>,
    /// From the région down: région, département, collectivité.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub territoire: Vec<String>,
    /// Themes, as the publisher names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// When the contract was notified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where the case was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Values of the source that an importer left out of the fields as wrong, each as a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anomalies: Vec<String>,
    /// The text, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
}

/// A buyer or a holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The usual name.
    pub nom: String,
    /// The SIRET, fourteen digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siret: Option<String>,
    /// Legal form and status, as written: `Association`; `SCIC`, `Entreprise d'insertion`. Serialized as a text, or as a list of
    /// several. [`structure_values`](crate::structure_values) gives the facet values of each.
    #[serde(default, with = "one_or_more", skip_serializing_if = "Vec::is_empty")]
    pub structure: Vec<String>,
}

/// A list of texts. A list of one is serialized as the text alone.
mod one_or_more {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Written<O, M> {
        One(O),
        More(M),
    }

    pub(super) fn serialize<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        match texts {
            [one] => Written::One(one),
            more => Written::More(more),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let written = Option::<Written<String, Vec<String>>>::deserialize(deserializer)?;
        Ok(match written {
            Some(Written::One(one)) => vec![one],
            Some(Written::More(more)) => more,
            None => Vec::new(),
        })
    }
}

/// The lots of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lots {
    /// The number of lots.
    pub nombre: u32,
    /// The number of reserved lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserves: Option<u32>,
}

/// Where a case was published.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// The title of the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titre: Option<String>,
    /// The publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editeur: Option<String>,
    /// An `http` or `https` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// A part of the text under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading. Empty for text before the first heading.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub titre: String,
    /// Markdown.
    pub texte: String,
}

/// Defines an enum of a closed list, with the labels used in records and on pages.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $label)] $variant,)+
        }

        impl $name {
            /// Every label, in the order of the list.
            pub const LABELS: &'static [&'static str] = &[$($label),+];

            /// The label, as records have it.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }

            /// The value with a label, ignoring letter case. `None` for an unknown label.
            pub fn from_label(text: &str) -> Option<Self> {
                match text {
                    $($label => return Some(Self::$variant),)+
                    _ => {}
                }
                let text = text.trim().to_lowercase();
                $(if text == $label.to_lowercase() {
                    return Some(Self::$variant);
                })+
                None
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}

labels! {
    /// The kind of document of a record.
    #[derive(Default)]
    CaseType {
        /// A case written by a publisher.
        #[default]
        Case = "retour-d-experience",
        /// A contract of the public record (DECP).
        Contract = "marche",
    }
}

labels! {
    /// The nature of a contract (Code de la commande publique, L1111-1 to L1111-4).
    Nature {
        /// Services.
        Services = "services",
        /// Works.
        Works = "travaux",
        /// Supplies.
        Supplies = "fournitures",
    }
}

labels! {
    /// The structures to which a contract is reserved (Code de la commande publique, L2113-12 to L2113-16).
    Reserve {
        /// Structures d'insertion par l'activité économique.
        Siae = "SIAE",
        /// Entreprises adaptées.
        Ea = "EA",
        /// Établissements et services d'aide par le travail.
        Esat = "ESAT",
        /// Entreprises de l'économie sociale et solidaire.
        Ess = "ESS",
    }
}
