//! The order in which the generations of a folder were built.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::generations::generation::is_generation_name;
use crate::generations::manifest::Manifest;

/// The generations of a folder in the order of their builds, by the number in their manifests: names hold the time of a clock that may
/// have been set back.
///
/// Older manifests have no number. These generations come first, in the order of their names. One whose manifest cannot be read comes
/// right after those with smaller names.
#[derive(Debug)]
pub struct BuildOrder {
    /// Build numbers by name.
    numbers: BTreeMap<String, u64>,
}

impl BuildOrder {
    /// Reads the manifests of an index folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let names = names.filter(|name| is_generation_name(name));
        let found: BTreeMap<_, _> = names
            .map(|name| {
                let number = Manifest::build_number(&folder.join(&name));
                (name, number)
            })
            .collect();
        let mut before = 0;
        let numbers = found.into_iter().map(|(name, number)| {
            let number = number.unwrap_or(before);
            before = before.max(number);
            (name, number)
        });
        Self {
            numbers: numbers.collect(),
        }
    }

    /// The names, the oldest first.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.numbers.keys().cloned().collect();
        // Stable: equal numbers stay in the order of names.
        names.sort_by_key(|name| self.numbers[name]);
        names
    }

    /// Whether a generation was built before another one. They need not exist.
    pub fn is_before(&self, name: &str, other: &str) -> bool {
        (self.number(name), name) < (self.number(other), other)
    }

    /// The number of the next build.
    pub fn next_number(&self) -> u64 {
        self.numbers.values().max().map_or(1, |last| last.saturating_add(1))
    }

    fn number(&self, name: &str) -> u64 {
        let known = self.numbers.get(name).copied();
        known.unwrap_or_else(|| {
            let before = self.numbers.iter().take_while(|(other, _)| other.as_str() < name);
            before.map(|(_, number)| *number).max().unwrap_or(0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(manifests: &[(&str, &str)]) -> BuildOrder {
        let folder = tempfile::tempdir().unwrap();
        for (name, manifest) in manifests {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join(Manifest::FILE), manifest).unwrap();
        }
        fs::create_dir(folder.path().join("other")).unwrap();
        BuildOrder::of(folder.path())
    }

    #[test]
    fn the_order_is_that_of_the_builds() {
        let built = |number: u64| {
            let manifest = Manifest {
                build: number,
                ..Manifest::of(String::new(), String::new(), 0)
            };
            String::from_utf8(manifest.encode().unwrap().0).unwrap()
        };
        let before = built(7).replace("\"build\": 7,", "");
        assert!(!before.contains("build"), "{before}");
        let (one, two, three) = (built(1), built(2), built(3));
        // The clock was set back after g-8, the newest of an earlier Rex, and again after g-5.
        let order = order(&[
            ("g-7", &before),
            ("g-8", &before),
            ("g-5", &one),
            ("g-3", &two),
            ("g-4", &three),
        ]);
        assert_eq!(order.names(), ["g-7", "g-8", "g-5", "g-3", "g-4"]);
        assert_eq!(order.next_number(), 4);
        assert!(order.is_before("g-8", "g-3") && !order.is_before("g-3", "g-8") && !order.is_before("g-3", "g-3"));
    }

    #[test]
    fn a_generation_without_a_manifest_has_its_place_by_name() {
        let built = |number: u64| {
            format!("{{\"format\":7,\"analyzer\":3,\"corpus\":\"\",\"records\":0,\"files\":{{}},\"build\":{number}}}")
        };
        let order = order(&[("g-1", &built(1)), ("g-2", "{\"buil"), ("g-3", &built(2))]);
        assert_eq!(order.names(), ["g-1", "g-2", "g-3"]);
        assert!(order.is_before("g-3", "g-9") && order.is_before("g-1", "g-19") && order.is_before("g-19", "g-3"));
        assert_eq!(order.next_number(), 3);
    }

    #[test]
    fn an_empty_folder_has_no_build() {
        assert_eq!(order(&[]).next_number(), 1);
    }
}
