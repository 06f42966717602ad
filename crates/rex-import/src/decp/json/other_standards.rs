//! Contracts in other standards than DECP: awards of OCDS (Open Contracting Data Standard 1.1) and award notices of the BOAMP
//! (boamp-datadila). Only what DECP has too is read.

use super::value::Json;

/// The key of the name of the standard; in no file.
pub(in super::super) const STANDARD: &str = "(standard)";

/// The contracts of an OCDS release or of a notice of the BOAMP, or why there is none. `None` for other objects.
pub(super) fn contracts(value: &Json) -> Option<Result<Vec<Json>, &'static str>> {
    let release = match value.get("compiledRelease") {
        Json::Null => value,
        compiled => compiled,
    };
    if *release.get("ocid") != Json::Null || *release.get("awards") != Json::Null {
        let contracts: Vec<Json> = release
            .get("awards")
            .items("award")
            .into_iter()
            .filter_map(|award| contract_of(release, award))
            .collect();
        return Some(match contracts.is_empty() {
            true => Err("an OCDS release without an award, expected contracts"),
            false => Ok(contracts),
        });
    }
    (*value.get("idweb") != Json::Null).then(|| match value.get("nature").text() {
        "ATTRIBUTION" => Ok(vec![contract_of_notice(value)]),
        _ => Err("a notice of the BOAMP that is not an award, expected contracts"),
    })
}

/// The contract of an award. `None` if nothing was awarded.
fn contract_of(release: &Json, award: &Json) -> Option<Json> {
    if matches!(award.get("status").text(), "cancelled" | "unsuccessful") {
        return None;
    }
    let tender = release.get("tender");
    let title = [award.get("title"), award.get("description"), tender.get("title")];
    let title = title.into_iter().find(|title| !title.text().is_empty());
    let number = [release.get("ocid"), award.get("id")].map(Json::text);
    let number = number
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("-");
    let value = award.get("value");
    let is_euros = matches!(value.get("currency").text(), "" | "EUR");
    let classification = [award, tender].into_iter().find_map(|part| {
        let item = part.get("items").items("item").into_iter().next()?;
        let classification = item.get("classification");
        (classification.get("scheme").text() == "CPV").then(|| classification.get("id").clone())
    });
    let suppliers = award.get("suppliers").items("supplier").into_iter().map(|supplier| {
        party(
            supplier,
            "denominationSociale",
            &[("typeIdentifiant", Json::Scalar("SIRET".to_owned()))],
        )
    });
    let mut contract = Json::Map(Vec::new());
    for (key, field) in [
        ("id", Json::Scalar(number)),
        ("objet", title.cloned().unwrap_or(Json::Null)),
        ("acheteur", party(release.get("buyer"), "nom", &[])),
        (
            "montant",
            if is_euros {
                value.get("amount").clone()
            } else {
                Json::Null
            },
        ),
        ("codeCPV", classification.unwrap_or(Json::Null)),
        ("procedure", tender.get("procurementMethodDetails").clone()),
        ("dateNotification", award.get("date").clone()),
        ("datePublicationDonnees", release.get("date").clone()),
        ("titulaires", Json::List(suppliers.collect())),
        (STANDARD, Json::Scalar("Open Contracting (OCDS)".to_owned())),
    ] {
        contract.put(key, field);
    }
    Some(contract)
}

/// An organization, with the SIRET that ends its identifier (`FR-SIRET-21310555400017`).
fn party(organization: &Json, name: &'static str, more: &[(&'static str, Json)]) -> Json {
    const SIRET: usize = 14;
    let ids = [organization.get("identifier").get("id"), organization.get("id")].map(Json::text);
    let siret = ids.iter().find_map(|id| {
        let digits: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        let end = digits.get(digits.len().checked_sub(SIRET)?..)?;
        end.bytes().all(|byte| byte.is_ascii_digit()).then(|| end.to_owned())
    });
    let mut party = Json::Map(Vec::new());
    if let Some(siret) = siret {
        party.put("id", Json::Scalar(siret));
        more.iter().for_each(|(key, value)| party.put(key, value.clone()));
    }
    party.put(name, organization.get("name").clone());
    party
}

/// The contract of an award notice. It has no amount, and parties by name only.
fn contract_of_notice(notice: &Json) -> Json {
    let holders = notice
        .get("titulaire")
        .items("titulaire")
        .into_iter()
        .map(|name| Json::Map(vec![("denominationSociale", name.clone())]));
    let place = Json::Map(vec![
        ("code", notice.get("code_departement").clone()),
        ("typeCode", Json::Scalar("Code département".to_owned())),
    ]);
    let mut contract = Json::Map(Vec::new());
    for (key, field) in [
        ("id", notice.get("idweb").clone()),
        ("objet", notice.get("objet").clone()),
        ("acheteur", notice.get("acheteur").clone()),
        ("nature", notice.get("type_marche").clone()),
        ("lieuExecution", place),
        ("procedure", notice.get("procedure_libelle").clone()),
        ("datePublicationDonnees", notice.get("dateparution").clone()),
        ("titulaires", Json::List(holders.collect())),
        (STANDARD, Json::Scalar("BOAMP, avis d'attribution".to_owned())),
    ] {
        contract.put(key, field);
    }
    contract
}
