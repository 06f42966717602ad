//! Dependencies among the files of a crate, and their cycles.

use std::collections::{BTreeMap, VecDeque};

use super::module_tree::{Module, Sources, modules};

/// For each file, the files it depends on, with the first line that refers to them.
type Arrows = BTreeMap<String, BTreeMap<String, usize>>;

/// A cycle: each file with the line that refers to the next one, the last with the line that refers to the first.
pub(super) type Cycle = Vec<(String, usize)>;

/// Cycles among the files of the crate with this root file, shortest first. No two share an edge, and removing the edges of all of
/// them leaves no cycle; so at least as many edges have to be removed.
pub(super) fn cycles(sources: &Sources, root: &str) -> Vec<Cycle> {
    let mut arrows = arrows(&modules(sources, root));
    let mut cycles = Vec::new();
    loop {
        let rounds = arrows.keys().map(|file| shortest_round(&arrows, file));
        let Some(cycle) = rounds.filter(|round| !round.is_empty()).min_by_key(Vec::len) else {
            return cycles;
        };
        for (at, (file, _)) in cycle.iter().enumerate() {
            let (next, _) = &cycle[(at + 1) % cycle.len()];
            if let Some(needed) = arrows.get_mut(file) {
                needed.remove(next);
            }
        }
        cycles.push(cycle);
    }
}

/// The shortest cycle through a file; empty if there is none.
fn shortest_round(arrows: &Arrows, start: &str) -> Cycle {
    let mut came_from: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for (next, line) in arrows.get(file).into_iter().flatten() {
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, (file, *line));
                waiting.push_back(next);
            }
        }
    }
    let mut way = Vec::new();
    let mut file = start;
    while let Some((before, line)) = came_from.get(file) {
        way.push(((*before).to_owned(), *line));
        file = before;
        if file == start {
            break;
        }
    }
    way.reverse();
    way
}

fn arrows(modules: &[Module]) -> Arrows {
    let names = Names { modules };
    let mut arrows = Arrows::new();
    for (at, module) in modules.iter().enumerate() {
        let uses = module.uses.iter().filter(|used| match &used.name {
            // A re-export is no dependency: a file that uses it depends on the file that defines the name.
            Some(name) => !used.is_public || module.names.contains(name),
            None => !used.is_public,
        });
        let uses = uses.flat_map(|used| {
            let targets = names.resolve(at, &used.path, &mut Vec::new());
            // Importing a module is no dependency yet: the paths through it are. A glob depends on the file of the module.
            let file = move |target| match target {
                Target::Item(file) => Some(file),
                Target::Module(target) if used.name.is_none() => Some(&modules[target].file),
                Target::Module(_) => None,
            };
            targets.into_iter().filter_map(file).map(|file| (file, used.line))
        });
        let paths = module.paths.iter().flat_map(|(path, line)| {
            let targets = names.resolve(at, path, &mut Vec::new());
            targets.into_iter().filter_map(Target::item).map(|file| (file, *line))
        });
        for (file, line) in uses.chain(paths).filter(|(file, _)| **file != module.file) {
            let needed = arrows.entry(module.file.clone()).or_default();
            let first = needed.entry(file.clone()).or_insert(line);
            *first = line.min(*first);
        }
    }
    arrows
}

/// The target of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target<'a> {
    Module(usize),
    /// An item that this file defines.
    Item(&'a String),
}

impl<'a> Target<'a> {
    fn item(self) -> Option<&'a String> {
        match self {
            Self::Item(file) => Some(file),
            Self::Module(_) => None,
        }
    }
}

struct Names<'a> {
    modules: &'a [Module],
}

/// The `use` declarations being resolved, by module and index, since they can refer to each other in a cycle.
type Under = Vec<(usize, usize)>;

impl<'a> Names<'a> {
    /// The targets of a path in a module; empty if it leads out of the crate. A name can be both a module and an item.
    fn resolve(&self, from: usize, path: &[String], under: &mut Under) -> Vec<Target<'a>> {
        let mut module = from;
        let mut rest = path;
        while let Some((first, behind)) = rest.split_first() {
            module = match first.as_str() {
                "crate" => 0,
                "self" => module,
                "super" => match self.modules[module].parent {
                    Some(parent) => parent,
                    None => return Vec::new(),
                },
                _ => break,
            };
            rest = behind;
        }
        if rest.len() < path.len() {
            return self.walk(module, rest, under);
        }
        // Otherwise the first name is defined in the module, or is another crate.
        match path.split_first() {
            Some((first, behind)) => {
                let named = self.named(module, first, under).unwrap_or_default();
                self.walk_on(named, behind, under)
            }
            None => Vec::new(),
        }
    }

    fn walk(&self, module: usize, path: &[String], under: &mut Under) -> Vec<Target<'a>> {
        let Some((first, rest)) = path.split_first() else {
            return vec![Target::Module(module)];
        };
        match self.named(module, first, under) {
            Some(named) => self.walk_on(named, rest, under),
            // Possibly defined by a macro.
            None => vec![Target::Item(&self.modules[module].file)],
        }
    }

    fn walk_on(&self, named: Vec<Target<'a>>, rest: &[String], under: &mut Under) -> Vec<Target<'a>> {
        if rest.is_empty() {
            return named;
        }
        let module = named.iter().find_map(|target| match target {
            Target::Module(module) => Some(*module),
            Target::Item(_) => None,
        });
        match module {
            Some(module) => self.walk(module, rest, under),
            // Names after an item belong to it: a variant, a function.
            None => named,
        }
    }

    /// The targets of a name in a module; `None` if the module does not have it.
    fn named(&self, module: usize, name: &str, under: &mut Under) -> Option<Vec<Target<'a>>> {
        let of = &self.modules[module];
        let mut targets: Vec<_> = of
            .children
            .get(name)
            .map(|child| Target::Module(*child))
            .into_iter()
            .collect();
        if of.items.contains(name) {
            targets.push(Target::Item(&of.file));
        }
        let mut is_known = !targets.is_empty();
        for (at, used) in of.uses.iter().enumerate() {
            if used.name.as_deref() != Some(name) || under.contains(&(module, at)) {
                continue;
            }
            is_known = true;
            under.push((module, at));
            targets.extend(self.resolve(module, &used.path, under));
            under.pop();
        }
        if is_known {
            return Some(targets);
        }
        for (at, used) in of.uses.iter().enumerate() {
            if used.name.is_some() || under.contains(&(module, at)) {
                continue;
            }
            under.push((module, at));
            let globbed = self.resolve(module, &used.path, under);
            let found = globbed.into_iter().find_map(|target| match target {
                Target::Module(module) => self.named(module, name, under),
                Target::Item(_) => None,
            });
            under.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// A cycle on one line: `a.rs:3 -> b.rs:7 -> a.rs`.
pub(super) fn described(cycle: &Cycle) -> String {
    let mut way = String::new();
    for (file, line) in cycle {
        way += &format!("{file}:{line} -> ");
    }
    way + cycle.first().map_or("", |(file, _)| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        files
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect()
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        cycles(&sources(files), "src/lib.rs").iter().map(described).collect()
    }

    /// The edges between files, without line numbers.
    fn needs(files: &[(&str, &str)]) -> Vec<String> {
        let arrows = arrows(&modules(&sources(files), "src/lib.rs"));
        let of_file = |(file, needed): (&String, &BTreeMap<String, usize>)| {
            needed.keys().map(|other| format!("{file} {other}")).collect::<Vec<_>>()
        };
        arrows.iter().flat_map(of_file).collect()
    }

    #[test]
    fn a_cycle_is_found_with_its_lines() {
        let files = [
            ("src/lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;"),
            ("src/a.rs", "//! Text.\nuse crate::b::B;\npub struct A(B);"),
            ("src/b.rs", "\n\nuse crate::c::C;\npub struct B(C);"),
            ("src/c.rs", "pub struct C;\nimpl C { fn a(&self, _: crate::A) {} }"),
        ];
        assert_eq!(found(&files), ["src/a.rs:2 -> src/b.rs:3 -> src/c.rs:2 -> src/a.rs"]);
        assert!(found(&files[..3]).is_empty());
    }

    #[test]
    fn short_cycles_come_first_and_share_no_arrow() {
        let files = [
            ("src/lib.rs", "mod a; mod b; mod c; mod d; mod e;"),
            ("src/a.rs", "use crate::b::B; pub struct A;"),
            ("src/b.rs", "use crate::c::C; pub struct B;"),
            ("src/c.rs", "use crate::{a, d::D}; pub struct C(a::A);"),
            ("src/d.rs", "use super::c::C; use super::a;\npub struct D(a::A);"),
            ("src/e.rs", "use super::a::A;"),
        ];
        assert_eq!(
            found(&files),
            [
                "src/c.rs:1 -> src/d.rs:1 -> src/c.rs",
                "src/a.rs:1 -> src/b.rs:1 -> src/c.rs:1 -> src/a.rs",
            ]
        );
    }

    #[test]
    fn a_re_export_leads_to_the_file_that_defines_the_name() {
        let files = [
            ("src/lib.rs", "mod room; mod user; pub use room::Thing as Renamed;"),
            (
                "src/room/mod.rs",
                "mod thing; mod inner; pub(crate) use thing::Thing; pub use inner::*;",
            ),
            ("src/room/thing.rs", "pub struct Thing;"),
            ("src/room/inner/mod.rs", "mod deep; pub use self::deep::deep;"),
            ("src/room/inner/deep.rs", "pub fn deep() {}"),
            (
                "src/user.rs",
                "use crate::Renamed; use crate::room; fn f() { room::deep() }",
            ),
        ];
        assert_eq!(
            needs(&files),
            ["src/user.rs src/room/inner/deep.rs", "src/user.rs src/room/thing.rs"]
        );
    }

    #[test]
    fn a_re_export_that_the_file_uses_itself_is_an_arrow() {
        let lib = ("src/lib.rs", "mod room;");
        let child = ("src/room/child.rs", "use super::MOST; pub struct Child;");
        let room = |used: &str| format!("mod child; pub use child::Child; pub(crate) const MOST: usize = 1; {used}");
        let (only, used) = (room(""), room("fn f(_: Child) {}"));
        assert!(found(&[lib, child, ("src/room/mod.rs", &only)]).is_empty());
        assert_eq!(
            found(&[lib, child, ("src/room/mod.rs", &used)]),
            ["src/room/child.rs:1 -> src/room/mod.rs:1 -> src/room/child.rs"]
        );
    }

    #[test]
    fn braces_renames_and_modules_in_a_file_are_followed() {
        let files = [
            ("src/lib.rs", "mod a; mod d; mod f; mod user;"),
            ("src/a.rs", "pub mod b; pub fn a() {}"),
            ("src/a/b.rs", "pub struct B; pub struct C;"),
            ("src/d.rs", "pub mod inside { pub struct E; }"),
            ("src/f.rs", "pub mod g;"),
            ("src/f/g.rs", "pub fn g() {}"),
            (
                "src/user.rs",
                "use crate::{a::{b::{B as Other, C}, self}, d::inside::E,\n f as renamed};\nmod m { fn f() { super::renamed::g::g() } }",
            ),
        ];
        let needed = ["src/a/b.rs", "src/d.rs", "src/f/g.rs"].map(|file| format!("src/user.rs {file}"));
        assert_eq!(needs(&files), needed);
    }

    #[test]
    fn other_crates_comments_and_strings_are_no_arrows() {
        let files = [
            ("src/lib.rs", "mod a; mod fmt;"),
            (
                "src/a.rs",
                "use std::fmt::Write; // crate::fmt::x\nfn f() { ::fmt::x(); \"crate::fmt::x\"; }",
            ),
            ("src/fmt.rs", "use crate::a::x;"),
        ];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn test_modules_are_ignored() {
        let files = [
            ("src/lib.rs", "mod a; mod b; #[cfg(test)] mod c;"),
            ("src/a.rs", "use crate::b::x;"),
            (
                "src/b.rs",
                "#[cfg(test)] use crate::a::x;\n\
                 #[cfg(test)] #[allow(dead_code)] fn f<A, B>(a: [A; 2]) -> crate::a::B { crate::a::x() }\n\
                 struct S { #[cfg(test)] field: crate::a::B<u8, u8>, other: u8 }\n\
                 #[cfg(test)] #[path = \"b_tests.rs\"] mod more;\n\
                 #[cfg(test)] mod tests { use crate::a::x; mod n { fn f() { crate::a::x() } } }",
            ),
            ("src/b_tests.rs", "use crate::a::x;"),
            ("src/c.rs", "use crate::a::x;"),
        ];
        assert_eq!(needs(&files), ["src/a.rs src/b.rs"]);
    }
}
