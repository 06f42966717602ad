//! The keys of other programs and the names that people give to fields.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::check::problem::quoted;
use crate::check::{FIELDS, split};
use crate::read::node::{Field, Node, Value};
use crate::vocabulary::{data_lines, name_key};

/// Values of `type` that say what a page is for another program.
const PAGE_TYPES: [&str; 8] = ["post", "posts", "page", "pages", "article", "blog", "note", "default"];
/// Values of `status` of what is not published, as lookup keys.
const UNPUBLISHED: [&str; 9] = [
    "draft",
    "auto draft",
    "pending",
    "private",
    "future",
    "trash",
    "brouillon",
    "prive",
    "en attente de relecture",
];

/// The category that WordPress gives to posts without one, as lookup keys.
const NO_CATEGORY: [&str; 3] = ["non classe", "non classee", "uncategorized"];

/// The field that several keys may give, a level each.
const TERRITORY: &str = "territoire";
/// Keys of the levels of a territory, from the région down, as lookup keys.
const LEVEL_KEYS: [&[&str]; 3] = [&["region"], &["departement"], &["ville", "commune"]];

/// Fields by the names that people give them.
static FIELD_NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../data/field_names.tsv"));
    let named = lines.filter_map(|line| line.split_once('\t'));
    let all = named.flat_map(|(field, names)| names.split(';').map(move |name| (name_key(name), field)));
    all.collect()
});

/// Keys that mean nothing to Rex.
static FOREIGN_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../data/foreign_keys.tsv"));
    let keys = lines.filter_map(|line| line.split_once('\t'));
    keys.flat_map(|(_, keys)| keys.split(';').map(name_key)).collect()
});

/// The field that a key means. `None` for a key of another program, and for an unknown one.
pub(super) fn field(key: &str) -> Option<&'static str> {
    FIELD_NAMES.get(&name_key(key)).copied()
}

/// What the keys of a file were read as.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Key and field.
    pub(crate) renamed: Vec<(String, &'static str)>,
    /// Keys that mean nothing to Rex, or whose field has another key too.
    pub(crate) passed_over: Vec<String>,
    /// The key and value that say that the file is not to be published.
    pub(crate) draft: Option<String>,
    /// Two keys of one field: line and sentence.
    pub(crate) problems: Vec<(usize, String)>,
    /// The levels of a territory that have keys of their own, such as `Ville`: their order from the région down, and their values.
    levels: Vec<(usize, Field)>,
    /// Whether Jekyll made the file: its lists are separated by spaces.
    is_jekyll: bool,
}

impl Keys {
    /// Replaces the keys of a tree by those of Rex. A key that nobody knows stays, for the check to report.
    pub(crate) fn translate(root: &mut Node, is_dated: bool) -> Self {
        let mut keys = Self::default();
        let Value::Map(entries) = &mut root.value else {
            return keys;
        };
        keys.is_jekyll = is_dated || entries.iter().any(|entry| entry.key == "layout");
        let mut kept: Vec<Field> = Vec::with_capacity(entries.len());
        let (own, others): (Vec<Field>, Vec<Field>) = std::mem::take(entries)
            .into_iter()
            .partition(|entry| FIELDS.contains(&entry.key.as_str()));
        for entry in own {
            match entry.key == "type" && is_one_of(&entry.node, &PAGE_TYPES) {
                true => keys.passed_over.push(entry.key),
                false => kept.push(entry),
            }
        }
        let written = kept.len();
        for entry in others {
            keys.add(entry, &mut kept, written);
        }
        keys.add_territory(&mut kept);
        *entries = kept;
        keys
    }

    /// Adds a key that is none of Rex. The first `written` ones of `kept` are.
    fn add(&mut self, mut entry: Field, kept: &mut Vec<Field>, written: usize) {
        if let Some(draft) = unpublished(&entry) {
            self.draft.get_or_insert(draft);
        }
        let Some(name) = field(&entry.key) else {
            match FOREIGN_KEYS.contains(&name_key(&entry.key)) {
                true => self.passed_over.push(entry.key),
                false => kept.push(entry),
            }
            return;
        };
        if entry.node.value == Value::Scalar(String::new()) {
            self.passed_over.push(entry.key);
            return;
        }
        decode_entities(&mut entry.node);
        if name == "themes" {
            self.make_list(&mut entry.node, &entry.key);
        }
        let level = LEVEL_KEYS
            .iter()
            .position(|keys| keys.contains(&name_key(&entry.key).as_str()));
        let is_new = |kept: &[Field]| kept.iter().all(|known| known.key != name);
        if let Some(level) = level.filter(|level| is_new(kept) && self.levels.iter().all(|(known, _)| known != level)) {
            self.levels.push((level, entry));
            return;
        }
        let Some(index) = kept.iter().position(|known| known.key == name) else {
            self.renamed
                .push((std::mem::replace(&mut entry.key, name.to_owned()), name));
            kept.push(entry);
            return;
        };
        let known = &mut kept[index];
        if name == "themes" {
            add_to_list(&mut known.node, entry.node);
            self.renamed.push((entry.key, name));
        } else if index < written {
            self.passed_over.push(entry.key);
        } else {
            let first = self.renamed.iter().find(|(_, field)| *field == name);
            let first = first.map_or(name, |(key, _)| key.as_str());
            self.problems.push((
                entry.line,
                format!(
                    "{} and {} both mean \"{name}\", expected one of them",
                    quoted(first),
                    quoted(&entry.key)
                ),
            ));
        }
    }

    /// Makes one territory of its levels, from the région down.
    fn add_territory(&mut self, kept: &mut Vec<Field>) {
        let mut levels = std::mem::take(&mut self.levels);
        levels.sort_by_key(|(level, _)| *level);
        let mut levels = levels.into_iter().map(|(_, field)| field);
        let Some(mut first) = levels.next() else { return };
        let key = std::mem::replace(&mut first.key, TERRITORY.to_owned());
        self.renamed.push((key.clone(), TERRITORY));
        for level in levels {
            let is_single = |node: &Node| matches!(node.value, Value::Scalar(_) | Value::List(_));
            if is_single(&first.node) && is_single(&level.node) {
                add_to_list(&mut first.node, level.node);
            }
            self.renamed.push((level.key, TERRITORY));
        }
        match kept.iter().find(|known| known.key == TERRITORY) {
            Some(known) => self.problems.push((
                first.line,
                format!(
                    "{} gives the territory again, after line {}, expected it once",
                    quoted(&key),
                    known.line
                ),
            )),
            None => kept.push(first),
        }
    }

    /// Makes tags a list, without `#` and without the category of no category.
    fn make_list(&self, node: &mut Node, key: &str) {
        if let Some(list) = split(node) {
            *node = list;
        } else if let Value::Scalar(text) = &node.value
            && self.is_jekyll
            && matches!(key, "categories" | "tags")
        {
            let words = text.split_whitespace().map(|word| Node {
                line: node.line,
                value: Value::Scalar(word.to_owned()),
            });
            node.value = Value::List(words.collect());
        }
        let trim = |node: &mut Node| {
            if let Value::Scalar(text) = &mut node.value {
                *text = text.trim().trim_start_matches('#').to_owned();
            }
        };
        if let Value::Scalar(_) = &node.value {
            let line = node.line;
            let value = std::mem::replace(&mut node.value, Value::Null);
            node.value = Value::List(vec![Node { line, value }]);
        }
        if let Value::List(items) = &mut node.value {
            items.iter_mut().for_each(trim);
            items.retain(|item| {
                let is_empty = matches!(&item.value, Value::Null) || item.value == Value::Scalar(String::new());
                !is_empty && !is_one_of(item, &NO_CATEGORY)
            });
        }
    }

    /// The sentence for the author, without a full stop. `None` if every key is one of Rex.
    pub(crate) fn sentence(&self) -> Option<String> {
        let names = |name: &(String, &str)| format!("{} is read as {}", short(&name.0), name.1);
        let mut parts: Vec<String> = listed(self.renamed.iter().map(names)).into_iter().collect();
        let passed = listed(self.passed_over.iter().map(|key| short(key)));
        parts.extend(passed.map(|keys| format!("passed over: {keys}")));
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// Decodes `&#8217;` and the like, which exports of WordPress have in titles and tags.
fn decode_entities(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(text) if text.contains('&') => *text = html_escape::decode_html_entities(text).into_owned(),
        Value::List(items) => items.iter_mut().for_each(decode_entities),
        _ => {}
    }
}

/// A key, cut.
fn short(key: &str) -> String {
    const LONGEST: usize = 40;
    key.chars().take(LONGEST).collect()
}

/// The texts with commas, the first ones of many. `None` if there is none.
fn listed(texts: impl ExactSizeIterator<Item = String>) -> Option<String> {
    const SHOWN: usize = 20;
    let more = texts.len().saturating_sub(SHOWN);
    let texts: Vec<String> = texts.take(SHOWN).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    (!texts.is_empty()).then(|| format!("{}{more}", texts.join(", ")))
}

/// `draft: true`, if that is what a key and its value say.
fn unpublished(entry: &Field) -> Option<String> {
    const YES: [&str; 4] = ["true", "yes", "oui", "1"];
    const NO: [&str; 4] = ["false", "no", "non", "0"];
    let is_draft = match name_key(&entry.key).as_str() {
        "draft" | "brouillon" => is_one_of(&entry.node, &YES),
        "published" | "publish" => is_one_of(&entry.node, &NO),
        "status" | "post status" | "statut" => is_one_of(&entry.node, &UNPUBLISHED),
        _ => false,
    };
    match &entry.node.value {
        Value::Scalar(text) if is_draft => Some(format!("{}: {}", short(&entry.key), short(text))),
        _ => None,
    }
}

fn is_one_of(node: &Node, values: &[&str]) -> bool {
    matches!(&node.value, Value::Scalar(text) if values.contains(&name_key(text).as_str()))
}

/// Adds the values of a node to a list, or to a single value, which may be a list in one text.
pub(crate) fn add_to_list(list: &mut Node, more: Node) {
    let into_items = |node: Node| match split(&node).unwrap_or(node) {
        Node {
            value: Value::List(items),
            ..
        } => items,
        Node { value: Value::Null, .. } => Vec::new(),
        node => vec![node],
    };
    let first = Node {
        line: list.line,
        value: std::mem::replace(&mut list.value, Value::Null),
    };
    let mut items = into_items(first);
    items.extend(into_items(more));
    list.value = Value::List(items);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::yaml;

    #[test]
    fn every_name_means_one_field_and_no_field_is_foreign() {
        let mut names = HashSet::new();
        for line in data_lines(include_str!("../data/field_names.tsv")) {
            let (field, list) = line.split_once('\t').unwrap();
            assert!(FIELDS.contains(&field), "{field}");
            for name in list.split(';') {
                assert!(names.insert(name_key(name)), "{name} twice");
            }
        }
    }

    #[test]
    fn keys_are_translated_once() {
        let mut root = yaml::parse(
            "title: A\ndate: 2024-03-15\ncategories: [b]\ntags: '#c, d'\nauthor: x\nMontant_HT: 5\ntype: post\nmontent: 3\nprix: 4\n",
        )
        .unwrap();
        let keys = Keys::translate(&mut root, false);
        assert_eq!(
            keys.sentence().unwrap(),
            "title is read as titre, categories is read as themes, tags is read as themes, Montant_HT is read as montant_ht; \
             passed over: type, author"
        );
        assert_eq!(
            keys.problems,
            [(
                9,
                "\"Montant_HT\" and \"prix\" both mean \"montant_ht\", expected one of them".to_owned()
            )]
        );
        let Value::Map(entries) = root.value else { panic!() };
        let left: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(left, ["date", "titre", "themes", "montant_ht", "montent"]);
    }

    #[test]
    fn levels_of_a_territory_are_one_field() {
        let mut root = yaml::parse("Ville: Saumur\nDépartement: Maine-et-Loire\nrégion: [Pays de la Loire]\n").unwrap();
        let keys = Keys::translate(&mut root, false);
        assert_eq!((keys.renamed.len(), keys.problems.len()), (3, 0));
        let Value::Map(entries) = root.value else { panic!() };
        let [territory] = &entries[..] else {
            panic!("{entries:?}")
        };
        let Value::List(items) = &territory.node.value else {
            panic!()
        };
        let names = items.iter().map(|item| &item.value);
        assert!(names.eq(&["Pays de la Loire", "Maine-et-Loire", "Saumur"].map(|name| Value::Scalar(name.to_owned()))));

        let mut root = yaml::parse("lieu: Saumur\nville: Angers\n").unwrap();
        assert_eq!(Keys::translate(&mut root, false).problems.len(), 1);
        let mut root = yaml::parse("ville: Angers\nlieu: Saumur\n").unwrap();
        assert_eq!(Keys::translate(&mut root, false).problems.len(), 1);
        let mut root = yaml::parse("title: L&#8217;eau &amp; la terre\ntags: [l&rsquo;eau]\n").unwrap();
        Keys::translate(&mut root, false);
        assert!(format!("{root:?}").contains("L’eau & la terre") && format!("{root:?}").contains("\"l’eau\""));
    }

    #[test]
    fn says_what_is_a_draft() {
        for (yaml, expected) in [
            ("draft: true", Some("draft: true")),
            ("draft: false", None),
            ("status: Draft", Some("status: Draft")),
            ("status: publish", None),
            ("published: false", Some("published: false")),
            ("publish: true", None),
            ("statut: brouillon", Some("statut: brouillon")),
        ] {
            let mut root = yaml::parse(yaml).unwrap();
            let keys = Keys::translate(&mut root, false);
            assert_eq!(keys.draft.as_deref(), expected, "{yaml}");
            assert_eq!(keys.passed_over.len(), 1, "{yaml}");
        }
    }
}
