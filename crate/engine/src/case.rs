//! One check as the guardrails see it: the documents read, the settings, and the ruling that comes back.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::decide::{Answer, Decider, Names, Reference};
use crate::draft::Draft;
use crate::evaluate::Applied;
use crate::form::{Missing, missing};
use crate::guardrail::Reason;
use crate::matcher::Matcher;
use crate::policy::value::parse_date;
use crate::policy::{Effect, Reading, Statement};
use crate::report::{ActionVerdict, DocumentKind, Role, Verdict, Witness};
use crate::request::Settings;
use crate::text::Span;

/// A document of the check.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// Its name in the report.
    pub(crate) name: String,
    /// The input that it stands in, and where.
    pub(crate) source: usize,
    pub(crate) span: Span,
    /// The policy as JSON, where it does not stand as such in the pasted text.
    pub(crate) json: Option<String>,
    /// Where and what the first error is, in words.
    pub(crate) error: Option<String>,
    /// What it was read from, where parts of that may be unknown; `reading` is the permissive one.
    pub(crate) draft: Option<Rc<Draft<'t>>>,
    /// Whom it trusts for certain, where that is not whomever `reading` names.
    pub(crate) named: Option<Named>,
    /// What was read. Of a document that could not be, the kind that was given.
    pub(crate) reading: Reading<'t>,
}

/// Whom a policy's conditions name, whatever is unknown in it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Condition keys, in lower case, and values.
    pub(crate) values: Vec<(String, String)>,
    /// Whether it may name others too.
    pub(crate) more: bool,
}

/// One principal, all documents that apply to it, and the settings.
#[derive(Debug)]
pub(crate) struct Case<'t> {
    pub(crate) documents: Vec<Rc<Document<'t>>>,
    /// The principal's ARN, where it is known.
    pub(crate) principal: Option<String>,
    /// Where it is not: patterns of which its ARN matches one. Empty: nothing is known.
    pub(crate) like: Vec<String>,
    /// What it is called, where it is no unnamed one.
    pub(crate) name: Option<String>,
    /// Whether all its policies are known to be here, so that it may do nothing where there are none.
    pub(crate) complete: bool,
    /// Whether it has policies that are not here.
    pub(crate) lacks: bool,
    /// The ARNs of other principals, which the unnamed one is not.
    pub(crate) others: Vec<String>,
    pub(crate) settings: &'t Settings,
    /// `settings.authorized_principals`: requests with such a value are authorized.
    pub(crate) authorized: Vec<(String, Matcher)>,
    pub(crate) trails: Trails,
}

/// What was found out about trails, which several guardrails ask about.
#[derive(Debug, Default)]
pub(crate) struct Trails {
    pub(crate) decider: OnceCell<Decider>,
    /// The statements that have a say on them, each by its document and its position there.
    pub(crate) statements: OnceCell<Vec<(usize, usize)>>,
    /// Whether any request is left that nobody authorized makes.
    pub(crate) has_requests: OnceCell<bool>,
    /// Answers given before: guardrails ask the same of statements that name several actions.
    pub(crate) answers: RefCell<HashMap<Signature, Answer>>,
    /// By request, whatever its action: why statements do not match it.
    pub(crate) reasons: RefCell<Vec<(Witness, Reasons)>>,
}

/// By statement (document and index).
pub(crate) type Reasons = HashMap<(usize, usize), Reason>;

/// A question about trails, whatever the action: the statements (document and index) of which one each, and none, must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Signature {
    pub(crate) each: Vec<Vec<(usize, usize)>>,
    pub(crate) none_of: Vec<(usize, usize)>,
}

/// A statement of the case and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Located<'c, 't> {
    pub(crate) document: usize,
    pub(crate) reference: Reference<'c, 't>,
}

/// What a guardrail answers; its spans are bytes of the document's text.
#[derive(Debug, Default)]
pub(crate) struct Ruling {
    pub(crate) verdict: Option<Verdict>,
    pub(crate) summary: String,
    pub(crate) actions: Vec<ActionVerdict>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) witness: Option<Witness>,
    pub(crate) assumptions: Vec<Cow<'static, str>>,
    /// Whether no policy can change the verdict, since nobody unauthorized is asked about.
    pub(crate) settled: bool,
}

impl Ruling {
    /// Takes the verdict back where documents could not be read that might change it: what the others say is
    /// told, and not judged. `worry` says what the unread ones may do.
    pub(crate) fn withhold(&mut self, unreadable: &[&Document<'_>], worry: &str) {
        if unreadable.is_empty() {
            return;
        }
        let reasons: Vec<String> = unreadable
            .iter()
            .map(|document| {
                let error = document.error.as_deref().unwrap_or("unknown error");
                format!("`{}` could not be read ({error})", document.name)
            })
            .collect();
        let them = if unreadable.len() == 1 { "it" } else { "them" };
        let rest = match self.verdict {
            Some(Verdict::NotApplicable) | None => String::new(),
            Some(verdict) => {
                format!(
                    "; leaving {them} aside, the verdict would be `{}`: {}",
                    verdict.name(),
                    self.summary
                )
            }
        };
        let may = if unreadable.len() == 1 {
            "it may"
        } else {
            "they may"
        };
        self.summary = format!("{}, and {may} {worry}{rest}", reasons.join(" and "));
        self.verdict = Some(Verdict::Undecided);
        self.witness = None;
        for action in &mut self.actions {
            action.verdict = Verdict::Undecided;
        }
        for finding in &mut self.findings {
            finding.role = Role::Note;
        }
    }

    /// Takes the verdict back where policies that are not in the input might change it: one that grants may allow
    /// what nothing here allows, one that caps may stop what is allowed here.
    pub(crate) fn lack(&mut self, missing: &[Missing]) {
        let verdict = self.verdict.unwrap_or(Verdict::NotApplicable);
        let fails = verdict == Verdict::Fail;
        let granting = missing
            .iter()
            .filter(|missing| fails && !missing.may_stop());
        for missing in granting {
            self.assumptions.push(
                format!(
                    "`{}`, which AWS manages, is attached and not in the input: it is taken to deny nothing",
                    missing.policy
                )
                .into(),
            );
        }
        let missing: Vec<&Missing> = missing
            .iter()
            .filter(|missing| {
                if fails {
                    missing.may_stop()
                } else {
                    missing.may_grant()
                }
            })
            .collect();
        if missing.is_empty() || verdict == Verdict::Undecided || self.settled {
            return;
        }
        let may = if fails {
            "stop that"
        } else {
            "allow or deny something"
        };
        let (they, them) = match missing::is_one(&missing) {
            true => ("it", "it"),
            false => ("they", "them"),
        };
        let rest = match verdict {
            Verdict::NotApplicable => String::new(),
            _ => format!(
                "; leaving {them} aside, the verdict would be `{}`: {}",
                verdict.name(),
                self.summary
            ),
        };
        self.take_back(format!(
            "{}, and {they} may {may}: {}{rest}",
            missing::told(&missing),
            missing::wanted(&missing),
        ));
    }

    /// Takes a `fail` back that depends on something that is not told: its summary says on what.
    pub(crate) fn depends(&mut self, on: &str) {
        if self.verdict == Some(Verdict::Fail) {
            self.take_back(format!(
                "not decided: {on}; it may be that {}",
                self.summary
            ));
        }
    }

    /// Leaves the verdict undecided, for the reason that the summary says. What fails without what is missing may not
    /// fail with it; of another verdict, actions that fail already do so whatever is missing.
    fn take_back(&mut self, summary: String) {
        let fails = self.verdict == Some(Verdict::Fail);
        self.summary = summary;
        self.verdict = Some(Verdict::Undecided);
        self.witness = None;
        for action in &mut self.actions {
            if action.verdict != Verdict::Fail || fails {
                action.verdict = Verdict::Undecided;
            }
        }
        if fails {
            for finding in &mut self.findings {
                finding.role = Role::Note;
            }
        }
    }
}

/// A statement and its part in the verdict.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) role: Role,
    pub(crate) document: usize,
    /// `None` where the finding is about the document.
    pub(crate) statement: Option<usize>,
    pub(crate) marks: Vec<Span>,
    pub(crate) message: String,
    pub(crate) witness: Option<Witness>,
}

impl<'t> Case<'t> {
    /// `settings.now`, in microseconds since the epoch.
    pub(crate) fn now(&self) -> Option<i64> {
        self.settings.now.as_deref().and_then(parse_date)
    }

    /// The readable documents of some kinds.
    pub(crate) fn applied<'c>(&'c self, kinds: &[DocumentKind]) -> Vec<(usize, Applied<'c, 't>)> {
        self.documents
            .iter()
            .enumerate()
            .filter_map(|(index, document)| {
                let (kind, policy) = (document.reading.kind?, document.reading.policy.as_ref()?);
                kinds
                    .contains(&kind)
                    .then_some((index, Applied { kind, policy }))
            })
            .collect()
    }

    /// Documents that could not be read and might be of one of these kinds.
    pub(crate) fn unreadable(&self, kinds: &[DocumentKind]) -> Vec<&Document<'t>> {
        self.documents
            .iter()
            .map(Rc::as_ref)
            .filter(|document| {
                let reading = &document.reading;
                reading.policy.is_none() && reading.kind.is_none_or(|kind| kinds.contains(&kind))
            })
            .collect()
    }
}

/// The statements of these documents with this effect.
pub(crate) fn statements<'c, 't>(
    documents: &[(usize, Applied<'c, 't>)],
    effect: Effect,
) -> Vec<Located<'c, 't>> {
    documents
        .iter()
        .flat_map(|(index, document)| {
            document
                .policy
                .statements
                .iter()
                .filter(move |statement| statement.effect.value == effect)
                .map(|statement| Located {
                    document: *index,
                    reference: Reference {
                        document: *document,
                        statement,
                    },
                })
        })
        .collect()
}

/// The statements themselves, for a question.
pub(crate) fn references<'c, 't>(located: &[Located<'c, 't>]) -> Vec<Reference<'c, 't>> {
    located.iter().map(|located| located.reference).collect()
}

/// Names in the documents and settings that a witness may bear.
pub(crate) fn names<'c>(
    case: &'c Case<'_>,
    statements: impl IntoIterator<Item = &'c Statement<'c>>,
) -> Names {
    let mut names = Names::default();
    for statement in statements {
        let resources = statement
            .resource
            .iter()
            .flat_map(|element| element.matching.list());
        let principals = statement
            .principal
            .iter()
            .flat_map(|element| element.matching.list());
        let conditions = statement
            .conditions
            .iter()
            .flat_map(|condition| &condition.values);
        for text in resources
            .chain(principals.map(|entry| &entry.value))
            .chain(conditions)
        {
            collect(&text.value, &mut names);
        }
    }
    for arn in case.principal.iter().chain(&case.like) {
        collect(arn, &mut names);
    }
    for text in case
        .settings
        .protected_trails
        .iter()
        .chain(&case.settings.authorized_principals)
    {
        collect(text, &mut names);
    }
    names
}

/// How many names of each sort are kept: a witness needs one.
const MOST_NAMES: usize = 16;

fn collect(text: &str, names: &mut Names) {
    let add = |list: &mut Vec<String>, name: &str| {
        if !name.is_empty()
            && list.len() < MOST_NAMES
            && !name.contains(['*', '?', '$', '<', '['])
            && !list.iter().any(|known| known == name)
        {
            list.push(name.to_owned());
        }
    };
    if text.starts_with("o-") {
        add(
            &mut names.organizations,
            text.split('/').next().unwrap_or_default(),
        );
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", _, service, region, account, rest] = parts.as_slice() else {
        if crate::evaluate::is_account(text) {
            add(&mut names.accounts, text);
        }
        return;
    };
    if crate::evaluate::is_account(account) {
        add(&mut names.accounts, account);
    }
    let last = rest.rsplit('/').next().unwrap_or_default();
    match (service, rest.split('/').next()) {
        ("cloudtrail", Some("trail")) => {
            add(&mut names.regions, region);
            add(&mut names.trails, &filled(last));
        }
        ("iam", Some("role")) => add(&mut names.roles, &filled(last)),
        ("iam", Some("user")) => add(&mut names.users, &filled(last)),
        ("sts", Some("assumed-role")) => {
            add(&mut names.roles, rest.split('/').nth(1).unwrap_or_default())
        }
        _ => {}
    }
}

/// A name with something in the place of its wildcards, unless it is nothing else: `Ops*` becomes `Ops-test`,
/// `infosec-*` becomes `infosec-test`.
fn filled(name: &str) -> String {
    if name.trim_matches(['*', '?']).is_empty() {
        return String::new();
    }
    let (first, last) = (name.starts_with('*'), name.ends_with('*'));
    let middle = name.trim_matches('*').replace('*', "-").replace('?', "1");
    // A trail's name has no two separators in a row ("CloudTrail trail naming requirements").
    let separators = ['-', '.', '_', '/'];
    let before = match (first, middle.starts_with(separators)) {
        (true, false) => "test-",
        (true, true) => "test",
        (false, _) => "",
    };
    let after = match (last, middle.ends_with(separators)) {
        (true, false) => "-test",
        (true, true) => "test",
        (false, _) => "",
    };
    format!("{before}{middle}{after}")
}

/// Stands in a message for the actions it is about.
pub(crate) const ACTIONS: char = '\u{0}';

/// A part, a document and a statement of it.
type Place = (Role, usize, Option<usize>);

/// Findings about the same statement in the same part become one where they say the same.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    by_place: BTreeMap<Place, Vec<(Finding, Vec<String>)>>,
}

impl Findings {
    /// Adds a finding, unless it says what one there says already.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.insert(finding, None);
    }

    /// Adds a finding about an action, for which `ACTIONS` stands in its message.
    pub(crate) fn add_for(&mut self, action: &str, finding: Finding) {
        self.insert(finding, Some(action));
    }

    fn insert(&mut self, finding: Finding, action: Option<&str>) {
        let place = (finding.role, finding.document, finding.statement);
        let there = self.by_place.entry(place).or_default();
        let known = there
            .iter_mut()
            .find(|(known, _)| known.message == finding.message);
        match known {
            Some((known, actions)) => {
                for mark in finding.marks {
                    if !known.marks.contains(&mark) {
                        known.marks.push(mark);
                    }
                }
                if let Some(action) = action
                    && !actions.iter().any(|known| known == action)
                {
                    actions.push(action.to_owned());
                }
            }
            None => there.push((finding, action.map(str::to_owned).into_iter().collect())),
        }
    }

    /// In the order grants, gap, shadowed, denies, note; then as they stand in the documents.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.by_place
            .into_values()
            .flatten()
            .map(|(mut finding, actions)| {
                let quoted: Vec<String> =
                    actions.iter().map(|action| format!("`{action}`")).collect();
                finding.message = finding.message.replace(ACTIONS, &quoted.join(" and "));
                finding
            })
            .collect()
    }
}
