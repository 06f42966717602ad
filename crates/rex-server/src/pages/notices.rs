//! Notices above the results: how the query was interpreted.

use askama::Template;
use rex_api::french_format;
use rex_query::{Correction, Matching, SearchRequest, Suggestions};

use super::address::address;

/// A notice, rendered as HTML.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) enum Notice {
    /// A corrected word.
    Corrected(Correction),
    /// Words that occur in no case.
    Missing(String),
    /// A suggested query and its address.
    Offer { query: String, address: String },
    /// Words that hits need not contain: a filter is suggested for them.
    Optional { words: String, are_several: bool },
    /// Words matched through their word family.
    Derived(String),
    /// Some of the hits lack some of the words: how many, and the address of the others.
    Lacking { sentence: String, address: String },
    /// All hits do.
    AllLacking,
}

/// The notices in display order.
pub(super) fn notices(suggestions: &Suggestions, total: u64, request: &SearchRequest) -> Vec<Notice> {
    let mut notices: Vec<Notice> = suggestions.corrections.iter().cloned().map(Notice::Corrected).collect();
    notices.extend(listed(&suggestions.missing, " ni ").map(Notice::Missing));
    if let Some(query) = suggestions
        .did_you_mean
        .as_ref()
        .filter(|_| suggestions.corrections.is_empty())
    {
        let offered = SearchRequest {
            query: query.clone(),
            offset: 0,
            ..request.clone()
        };
        notices.push(Notice::Offer {
            query: query.clone(),
            address: address(&offered),
        });
    }
    notices.extend(listed(&suggestions.optional, " et ").map(|words| Notice::Optional {
        words,
        are_several: suggestions.optional.len() > 1,
    }));
    notices.extend(listed(&suggestions.derived, " et ").map(Notice::Derived));
    match suggestions.lacking_words {
        0 => {}
        count if count == total => notices.push(Notice::AllLacking),
        count => notices.push(Notice::Lacking {
            sentence: match count {
                1 => "1 cas n’a pas tous les mots.".to_owned(),
                count => format!("{} cas n’ont pas tous les mots.", french_format::number(count)),
            },
            address: address(&SearchRequest {
                matching: Matching::All,
                offset: 0,
                ..request.clone()
            }),
        }),
    }
    notices
}

/// Quoted words, the last one after `and`; `None` where there are none.
fn listed(words: &[String], and: &str) -> Option<String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("«\u{a0}{word}\u{a0}»")).collect();
    let (last, others) = quoted.split_last()?;
    Some(match others {
        [] => last.clone(),
        others => format!("{}{and}{last}", others.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(suggestions: &Suggestions) -> Vec<String> {
        let request = SearchRequest {
            query: "clause <b>".to_owned(),
            offset: 10,
            ..SearchRequest::default()
        };
        let notices = notices(suggestions, 12, &request);
        notices
            .iter()
            .map(|notice| {
                notice
                    .render()
                    .unwrap()
                    .replace("&nbsp;", "\u{a0}")
                    .replace('\u{a0}', " ")
            })
            .collect()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn says_what_was_done_with_each_word() {
        assert_eq!(said(&Suggestions::default()), [] as [&str; 0]);
        let suggestions = Suggestions {
            did_you_mean: Some("cause <b>".to_owned()),
            missing: words(&["clause", "<b>"]),
            optional: words(&["paris"]),
            derived: words(&["réhabiliter"]),
            lacking_words: 12,
            ..Suggestions::default()
        };
        assert_eq!(
            said(&suggestions),
            [
                "Aucun cas ne contient « clause » ni « &#60;b&#62; ».",
                "Vouliez-vous dire « <a href=\"/recherche?q=cause%20%3Cb%3E\">cause &#60;b&#62;</a> » ?",
                "« paris » n’est pas exigé : un filtre est proposé à la place.",
                "« réhabiliter » : aussi les mots de la même famille.",
                "Aucun cas n’a tous les mots. Voici ceux qui en ont l’essentiel.",
            ]
        );
        for (lacking_words, expected) in [
            (1, "1 cas n’a pas tous les mots."),
            (2, "2 cas n’ont pas tous les mots."),
        ] {
            let suggestions = Suggestions {
                lacking_words,
                ..Suggestions::default()
            };
            let link = "<a href=\"/recherche?q=clause%20%3Cb%3E&#38;matching=all\">Ne voir que les autres</a>";
            assert_eq!(said(&suggestions), [format!("{expected} {link}")]);
        }
    }

    #[test]
    fn what_was_replaced_is_said_and_not_offered() {
        let suggestions = Suggestions {
            did_you_mean: Some("déchets".to_owned()),
            corrections: vec![Correction {
                from: "dechtes".to_owned(),
                to: "déchets".to_owned(),
                range: 0..7,
            }],
            optional: words(&["paris", "mapa", "2023"]),
            ..Suggestions::default()
        };
        assert_eq!(
            said(&suggestions),
            [
                "Résultats pour « <strong>déchets</strong> » : « dechtes » ne figure dans aucun cas, ou presque.",
                "« paris », « mapa » et « 2023 » ne sont pas exigés : un filtre est proposé à la place.",
            ]
        );
    }
}
