//! Reads the modules of a crate from its source files without a Rust parser: declarations, `use` and paths.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::lexer::{Kind, Token, tokens};

/// Source files by path in the package, separated by `/`.
pub(super) type Sources = BTreeMap<String, String>;

/// A module, without its tests.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) file: String,
    pub(super) parent: Option<usize>,
    pub(super) children: HashMap<String, usize>,
    /// Names of its items, except those defined by macros.
    pub(super) items: HashSet<String>,
    pub(super) uses: Vec<Use>,
    /// Paths of two segments or more outside of `use`.
    pub(super) paths: Vec<(Vec<String>, usize)>,
    /// Names at the start of a path, or alone, outside of `use`.
    pub(super) names: HashSet<String>,
}

/// One imported name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) path: Vec<String>,
    /// `None` for a glob.
    pub(super) name: Option<String>,
    pub(super) is_public: bool,
    pub(super) line: usize,
}

/// The modules of a crate, its root first. Test modules are left out.
pub(super) fn modules(sources: &Sources, root: &str) -> Vec<Module> {
    let mut reader = Reader {
        sources,
        modules: Vec::new(),
    };
    let (folder, _) = root.rsplit_once('/').unwrap_or(("", root));
    reader.read_file(root, folder, None);
    reader.modules
}

struct Reader<'a> {
    sources: &'a Sources,
    modules: Vec<Module>,
}

impl<'a> Reader<'a> {
    /// Reads the file of a module; its child modules are in `folder`.
    fn read_file(&mut self, file: &str, folder: &str, parent: Option<usize>) -> Option<usize> {
        let source = self.sources.get(file)?;
        let module = self.add(file, parent);
        let mut body = Body {
            tokens: &tokens(source),
            at: 0,
        };
        self.read_body(&mut body, module, folder);
        Some(module)
    }

    fn add(&mut self, file: &str, parent: Option<usize>) -> usize {
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            children: HashMap::new(),
            items: HashSet::new(),
            uses: Vec::new(),
            paths: Vec::new(),
            names: HashSet::new(),
        });
        self.modules.len() - 1
    }

    /// Reads to the closing brace of the module, or to the end of the file.
    fn read_body(&mut self, body: &mut Body<'_, 'a>, module: usize, folder: &str) {
        let mut depth = 0;
        let mut file_named = None;
        while let Some(token) = body.tokens.get(body.at).copied() {
            match token.kind {
                Kind::Mark('#') => match body.attribute() {
                    Attribute::OnlyInTests => {
                        body.skip_item();
                        continue;
                    }
                    Attribute::Path(file) => file_named = Some(file),
                    Attribute::Other => {}
                },
                Kind::Mark('{') => depth += 1,
                Kind::Mark('}') if depth == 0 => {
                    body.at += 1;
                    return;
                }
                Kind::Mark('}') => depth -= 1,
                Kind::Name("mod") => {
                    if let Some(Kind::Name(name)) = body.kind(1) {
                        self.read_child(body, module, folder, name, file_named.take());
                        continue;
                    }
                }
                Kind::Name("use") if body.kind(1) != Some(Kind::Mark('<')) => {
                    let uses = body.use_declaration();
                    self.modules[module].uses.extend(uses);
                    continue;
                }
                Kind::Name(name) => {
                    self.read_name(body, module, name, depth == 0);
                    continue;
                }
                _ => {}
            }
            body.at += 1;
        }
    }

    fn read_child(
        &mut self,
        body: &mut Body<'_, 'a>,
        module: usize,
        folder: &str,
        name: &str,
        file_named: Option<&str>,
    ) {
        let ends_at_once = body.kind(2) == Some(Kind::Mark(';'));
        body.at += 3;
        let inner = joined(folder, name);
        let child = if ends_at_once {
            let of_declaration = self.modules[module].file.clone();
            let beside = of_declaration.rsplit_once('/').map_or("", |(folder, _)| folder);
            let (file, folder) = match file_named {
                Some(file) => (joined(beside, file), beside.to_owned()),
                None => (format!("{inner}.rs"), inner.clone()),
            };
            self.read_file(&file, &folder, Some(module))
                .or_else(|| self.read_file(&format!("{inner}/mod.rs"), &inner, Some(module)))
        } else {
            let file = self.modules[module].file.clone();
            let child = self.add(&file, Some(module));
            self.read_body(body, child, &inner);
            Some(child)
        };
        self.modules[module]
            .children
            .extend(child.map(|child| (name.to_owned(), child)));
    }

    /// Reads a path, a single name, or the head of a definition.
    fn read_name(&mut self, body: &mut Body<'_, 'a>, module: usize, name: &str, is_of_module: bool) {
        let line = body.tokens[body.at].line;
        let is_member = matches!(body.kind_before(1), Some(Kind::Mark('.') | Kind::PathSeparator));
        let mut path = vec![name.to_owned()];
        while let (Some(Kind::PathSeparator), Some(Kind::Name(next))) = (body.kind(1), body.kind(2)) {
            path.push(next.to_owned());
            body.at += 2;
        }
        let module = &mut self.modules[module];
        if is_of_module && is_definition(body.kind_before(path.len() * 2 - 1)) {
            module.items.insert(name.to_owned());
        } else if !is_member {
            module.names.insert(name.to_owned());
            if path.len() > 1 {
                module.paths.push((path, line));
            }
        }
        body.at += 1;
    }
}

/// Whether the keyword before a name defines an item.
fn is_definition(before: Option<Kind<'_>>) -> bool {
    matches!(
        before,
        Some(Kind::Name(
            "fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static" | "mut"
        ))
    )
}

enum Attribute<'a> {
    OnlyInTests,
    /// `#[path = "…"]`
    Path(&'a str),
    Other,
}

/// Where reading is in the tokens of a file.
struct Body<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'a> Body<'_, 'a> {
    fn kind(&self, ahead: usize) -> Option<Kind<'a>> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    fn kind_before(&self, back: usize) -> Option<Kind<'a>> {
        self.at.checked_sub(back).map(|at| self.tokens[at].kind)
    }

    /// What the attribute that begins here says, without leaving its `#`: paths inside are code like any other.
    fn attribute(&self) -> Attribute<'a> {
        let inside = 1 + usize::from(self.kind(1) == Some(Kind::Mark('!')));
        let kinds: Vec<_> = (inside..inside + 6).map_while(|ahead| self.kind(ahead)).collect();
        match kinds[..] {
            [
                Kind::Mark('['),
                Kind::Name("cfg"),
                Kind::Mark('('),
                Kind::Name("test"),
                Kind::Mark(')'),
                ..,
            ]
            | [
                Kind::Mark('['),
                Kind::Name("cfg"),
                Kind::Mark('('),
                Kind::Name("all"),
                Kind::Mark('('),
                Kind::Name("test"),
            ] => Attribute::OnlyInTests,
            [
                Kind::Mark('['),
                Kind::Name("path"),
                Kind::Mark('='),
                Kind::Text(file),
                ..,
            ] => Attribute::Path(file),
            _ => Attribute::Other,
        }
    }

    /// Leaves the item, field or arm that begins with the attribute here; the rest of the file for an inner attribute.
    fn skip_item(&mut self) {
        if self.kind(1) == Some(Kind::Mark('!')) {
            self.at = self.tokens.len();
            return;
        }
        while self.kind(0) == Some(Kind::Mark('#')) {
            self.at += 1;
            self.skip_to_end_of_group();
        }
        let mut depth = 0;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Mark('{') => {
                    self.skip_to_end_of_group();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                Kind::Mark(';' | ',') if depth == 0 => {
                    self.at += 1;
                    return;
                }
                Kind::Mark('(' | '[' | '<') => depth += 1,
                Kind::Mark('}') => return,
                Kind::Mark(')' | ']' | '>') => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Leaves the brackets that open here, with all that is in them.
    fn skip_to_end_of_group(&mut self) {
        let mut depth = 0;
        while let Some(kind) = self.kind(0) {
            self.at += 1;
            match kind {
                Kind::Mark('(' | '[' | '{') => depth += 1,
                Kind::Mark(')' | ']' | '}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn use_declaration(&mut self) -> Vec<Use> {
        let is_public = self.is_public();
        self.at += 1;
        let mut uses = Vec::new();
        self.use_tree(&[], is_public, &mut uses);
        uses
    }

    /// Whether `pub` or `pub(…)` precedes this token.
    fn is_public(&self) -> bool {
        match self.kind_before(1) {
            Some(Kind::Name("pub")) => true,
            Some(Kind::Mark(')')) => {
                let before = &self.tokens[..self.at];
                let opening = before.iter().rposition(|token| token.kind == Kind::Mark('('));
                opening.is_some_and(|at| at > 0 && before[at - 1].kind == Kind::Name("pub"))
            }
            _ => false,
        }
    }

    /// Reads a path of a `use`, with the braces it ends in, up to the mark behind.
    fn use_tree(&mut self, above: &[String], is_public: bool, uses: &mut Vec<Use>) {
        let mut path = above.to_vec();
        let mut renamed = None;
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Name("as") => {
                    renamed = self.kind(1);
                    self.at += 1;
                }
                Kind::Name("self") if !path.is_empty() => {}
                Kind::Name(name) => path.push(name.to_owned()),
                Kind::PathSeparator => {}
                Kind::Mark('*') => {
                    self.at += 1;
                    uses.push(Use {
                        path,
                        name: None,
                        is_public,
                        line,
                    });
                    return;
                }
                Kind::Mark('{') => {
                    while !matches!(self.kind(0), None | Some(Kind::Mark('}'))) {
                        self.at += 1;
                        if self.kind(0) != Some(Kind::Mark('}')) {
                            self.use_tree(&path, is_public, uses);
                        }
                    }
                    self.at += 1;
                    return;
                }
                _ => break,
            }
            self.at += 1;
        }
        let name = match renamed {
            Some(Kind::Name(name)) => Some(name.to_owned()),
            _ => path.last().cloned(),
        };
        if name.is_some() {
            uses.push(Use {
                path,
                name,
                is_public,
                line,
            });
        }
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
