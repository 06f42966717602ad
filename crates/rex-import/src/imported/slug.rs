//! File names from titles.

use rex_corpus::name_key;

/// A title in lower-case ASCII, words separated by dashes, at most 60 bytes of whole words. `cas` if no letter is left.
pub(crate) fn slug(title: &str) -> String {
    const LONGEST: usize = 60;
    let mut slug = String::new();
    for word in name_key(title).split(' ') {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).take(LONGEST).collect();
        let dash = usize::from(!slug.is_empty());
        if word.is_empty() {
            continue;
        }
        if slug.len() + dash + word.len() > LONGEST {
            break;
        }
        if dash > 0 {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    // The cut must not leave a linking word at the end: « d », « et ».
    const LINKS: &[&str] = &[
        "de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux", "pour", "dans", "sur", "un",
        "une", "par",
    ];
    while let Some((rest, last)) = slug.rsplit_once('-') {
        if !LINKS.contains(&last) {
            break;
        }
        slug = rest.to_owned();
    }
    if slug.is_empty() { "cas".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_file() {
        assert_eq!(
            slug("Réemploi d'objets : l'œuvre commune"),
            "reemploi-d-objets-l-oeuvre-commune"
        );
        assert_eq!(slug("« ? »"), "cas");
        let long = slug("Services de mise à disposition de personnel pour assurer les remplacements");
        assert_eq!(long, "services-de-mise-a-disposition-de-personnel-pour-assurer");
        assert_eq!(slug(&"x".repeat(200)).len(), 60);
    }

    proptest::proptest! {
        #[test]
        fn any_title_names_a_record(title in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(rex_corpus::is_record_id(&slug(&title)));
        }
    }
}
