//! Policies of which parts are unknown, against every policy that they may turn out to be: random documents with parts
//! replaced by references of a CloudFormation template, and by other parts.

use iam_guardrails::check;
use iam_guardrails::report::{Problem, Report, Severity, Verdict};
use iam_guardrails::request::{CheckRequest, DocumentInput, Settings};
use serde_json::{Value, json};

use crate::documents::Vocabulary;
use crate::runner::Count;

/// How many documents each template is compared with.
const INSTANCES: usize = 4;

/// Makes a template of a drawn case, and compares it with what it may turn out to be.
pub(crate) fn compare(
    drawn: &CheckRequest,
    words: &Vocabulary,
    seed: u64,
    count: &mut Count,
) -> Result<(), String> {
    let mut maker = Maker {
        random: Random(seed | 1),
        words,
        parameters: 0,
        conditions: Vec::new(),
    };
    let mut templates = Vec::new();
    let mut instances = vec![Vec::new(); INSTANCES];
    // Of resources with conditions only the instances count in which all of them are there.
    let mut is_there = [true; INSTANCES];
    for document in &drawn.documents {
        let policy: Value = serde_json::from_str(&document.text).expect("a drawn document is JSON");
        let made = maker.document(&policy);
        let condition = maker.own_condition();
        if let Some((_, taken)) = &condition {
            for (is_there, taken) in is_there.iter_mut().zip(taken) {
                *is_there &= taken;
            }
        }
        let condition = condition.map(|(name, _)| name);
        templates.push(with_text(document, &template(&made.template, condition)));
        for (instance, value) in instances.iter_mut().zip(made.instances) {
            instance.push(with_text(document, &value));
        }
    }
    let shown: Vec<String> = templates
        .iter()
        .map(|document| {
            let (kind, owner) = (&document.kind, &document.attached_to);
            format!("{kind:?} {owner:?} {}", document.text)
        })
        .collect();
    let show = |report: &Report| format!("{}\n{:?}", shown.join("\n"), problems(report));
    let unknown = judged(templates, &drawn.settings);
    if let Some(problem) = errors(&unknown).first() {
        return Err(format!(
            "the template has an error: {problem}\n{}",
            show(&unknown)
        ));
    }
    for (index, documents) in instances.into_iter().enumerate() {
        if !is_there[index] {
            count.class("instances without a resource", 1);
            continue;
        }
        let shown: Vec<String> = documents
            .iter()
            .map(|document| document.text.clone())
            .collect();
        let known = judged(documents, &drawn.settings);
        if !errors(&known).is_empty() {
            count.class("instances that AWS refuses", 1);
            continue;
        }
        for (of_template, of_instance) in unknown.guardrails.iter().zip(&known.guardrails) {
            let (template, instance) = (of_template.verdict, of_instance.verdict);
            count.class(&format!("template {template:?}, instance {instance:?}"), 1);
            let consistent = match template {
                _ if instance == Verdict::Undecided => {
                    count.class("TEMP undecided instance", 1);
                    true
                }
                Verdict::Undecided => true,
                Verdict::Fail => instance == Verdict::Fail,
                Verdict::Pass => matches!(instance, Verdict::Pass | Verdict::NotApplicable),
                Verdict::Warn | Verdict::NotApplicable => instance != Verdict::Fail,
            };
            if !consistent {
                return Err(format!(
                    "{}: the template is {template:?} ({}), and instance {index} is {instance:?} ({})\n{}\ninstance: {}\nsettings: {:?}",
                    of_template.id,
                    of_template.summary,
                    of_instance.summary,
                    show(&unknown),
                    shown.join("\n  "),
                    drawn.settings,
                ));
            }
        }
    }
    Ok(())
}

fn problems(report: &Report) -> Vec<&Problem> {
    let documents = report.documents.iter();
    documents.flat_map(|document| &document.problems).collect()
}

fn with_text(document: &DocumentInput, text: &Value) -> DocumentInput {
    DocumentInput {
        text: text.to_string(),
        ..document.clone()
    }
}

fn template(policy: &Value, condition: Option<String>) -> Value {
    let mut resource = json!({
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": policy},
    });
    if let Some(condition) = condition {
        resource["Condition"] = json!(condition);
    }
    json!({"Resources": {"Policy": resource}})
}

fn judged(documents: Vec<DocumentInput>, settings: &Settings) -> Report {
    check(&CheckRequest {
        documents,
        settings: settings.clone(),
    })
}

fn errors(report: &Report) -> Vec<String> {
    problems(report)
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.message.clone())
        .collect()
}

/// xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// A part of a template, and what it is in each instance; `Null` where it is left out.
struct Made {
    template: Value,
    instances: Vec<Value>,
}

struct Maker<'w> {
    random: Random,
    words: &'w Vocabulary,
    parameters: usize,
    /// The conditions of the document, and the branch that each takes in each instance.
    conditions: Vec<[bool; INSTANCES]>,
}

impl Maker<'_> {
    fn document(&mut self, policy: &Value) -> Made {
        // Another template's conditions are others, whatever their names.
        self.conditions.clear();
        let statements = self.list(&policy["Statement"], &mut Self::statement);
        self.object(policy, |name, _| {
            (name == "Statement").then(|| Made {
                template: statements.template.clone(),
                instances: statements.instances.clone(),
            })
        })
    }

    /// An object with some members made, and the others as they are.
    fn object(
        &mut self,
        object: &Value,
        mut member: impl FnMut(&str, &Value) -> Option<Made>,
    ) -> Made {
        let mut template = serde_json::Map::new();
        let mut instances = vec![serde_json::Map::new(); INSTANCES];
        for (name, value) in object.as_object().expect("an object") {
            let made = member(name, value).unwrap_or_else(|| same(value));
            template.insert(name.clone(), made.template);
            for (instance, value) in instances.iter_mut().zip(made.instances) {
                if !value.is_null() {
                    instance.insert(name.clone(), value);
                }
            }
        }
        Made {
            template: Value::Object(template),
            instances: instances.into_iter().map(Value::Object).collect(),
        }
    }

    fn list(&mut self, list: &Value, element: &mut dyn FnMut(&mut Self, &Value) -> Made) -> Made {
        let mut template = Vec::new();
        let mut instances = vec![Vec::new(); INSTANCES];
        for value in list.as_array().expect("a list") {
            let mut made = element(self, value);
            if self.random.one_in(12) {
                made = self.perhaps(made);
            }
            template.push(made.template);
            for (instance, value) in instances.iter_mut().zip(made.instances) {
                if !value.is_null() {
                    instance.push(value);
                }
            }
        }
        Made {
            template: Value::Array(template),
            instances: instances.into_iter().map(Value::Array).collect(),
        }
    }

    /// The part, or nothing.
    fn perhaps(&mut self, made: Made) -> Made {
        let (condition, taken) = self.condition();
        let instances = made.instances.into_iter().zip(taken);
        let instances = instances.map(|(value, taken)| if taken { value } else { Value::Null });
        Made {
            instances: instances.collect(),
            template: json!({"Fn::If": [condition, made.template, {"Ref": "AWS::NoValue"}]}),
        }
    }

    /// A condition, new or one that decides elsewhere too, and in which instances it is true.
    fn condition(&mut self) -> (String, [bool; INSTANCES]) {
        if self.conditions.is_empty() || self.random.one_in(2) {
            let mut taken = [true; INSTANCES];
            for taken in taken.iter_mut().skip(1) {
                *taken = self.random.one_in(2);
            }
            self.conditions.push(taken);
        }
        let at = self.random.below(self.conditions.len());
        (format!("C{at}"), self.conditions[at])
    }

    /// Perhaps a condition of the resource itself: often one that decides in it too.
    fn own_condition(&mut self) -> Option<(String, [bool; INSTANCES])> {
        (!self.conditions.is_empty() && self.random.one_in(3)).then(|| self.condition())
    }

    fn parameter(&mut self) -> Value {
        self.parameters += 1;
        json!({"Ref": format!("P{}", self.parameters)})
    }

    fn statement(&mut self, statement: &Value) -> Made {
        let has_principal =
            statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some();
        if self.random.one_in(25) {
            let others = [
                json!({"Effect": "Allow", "Action": "*", "Resource": "*"}),
                json!({"Effect": "Deny", "Action": "*", "Resource": "*"}),
                json!({"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}),
            ];
            let instances = (0..INSTANCES).map(|index| {
                let mut other = others[self.random.below(others.len())].clone();
                if has_principal {
                    other["Principal"] = json!("*");
                }
                if index == 0 { statement.clone() } else { other }
            });
            return Made {
                instances: instances.collect(),
                template: self.parameter(),
            };
        }
        let mut members = statement.as_object().expect("an object").clone();
        let condition = members.remove("Condition");
        let statement = Value::Object(members);
        let words = self.words;
        let resources: Vec<&str> = words.resources.to_vec();
        let mut parts = Vec::new();
        for (name, value) in statement.as_object().expect("an object") {
            let made = match name.as_str() {
                "Effect" if self.random.one_in(20) => {
                    let instances =
                        (0..INSTANCES).map(|_| json!(["Allow", "Deny"][self.random.below(2)]));
                    Made {
                        instances: instances.collect(),
                        template: self.parameter(),
                    }
                }
                "Action" | "NotAction" => self.texts(value, words.actions),
                "Resource" | "NotResource" => self.texts(value, &resources),
                "Principal" | "NotPrincipal" if value.is_object() => {
                    let mut kinds = Vec::new();
                    for (kind, list) in value.as_object().expect("an object") {
                        let pool: Vec<&str> = words
                            .principals
                            .iter()
                            .filter(|(of, _)| of == kind)
                            .map(|(_, value)| *value)
                            .collect();
                        kinds.push((kind.clone(), self.texts(list, &pool)));
                    }
                    join(kinds)
                }
                _ => same(value),
            };
            parts.push((name.clone(), made));
        }
        if let Some(condition) = condition {
            let made = self.conditions_of(&condition);
            let made = if self.random.one_in(12) {
                self.perhaps(made)
            } else {
                made
            };
            parts.push(("Condition".to_owned(), made));
        }
        join(parts)
    }

    fn conditions_of(&mut self, condition: &Value) -> Made {
        let mut operators = Vec::new();
        for (operator, keys) in condition.as_object().expect("an object") {
            let mut made_keys = Vec::new();
            for (key, values) in keys.as_object().expect("an object") {
                let pool: Vec<&str> = match operator.as_str() {
                    "Null" => vec!["true", "false"],
                    _ => self
                        .words
                        .keys
                        .iter()
                        .find(|known| known.name == key)
                        .map(|known| known.values.to_vec())
                        .unwrap_or_default(),
                };
                made_keys.push((key.clone(), self.texts(values, &pool)));
            }
            operators.push((operator.clone(), join(made_keys)));
        }
        join(operators)
    }

    /// A text or a list of them, some of them, parts of them, or all of them unknown.
    fn texts(&mut self, list: &Value, pool: &[&str]) -> Made {
        if list.is_string() {
            return self.text(list, pool);
        }
        let mut made = self.list(list, &mut |maker, text| maker.text(text, pool));
        if self.random.one_in(25) {
            let other = json!([pool[self.random.below(pool.len())]]);
            let (condition, taken) = self.condition();
            for (instance, taken) in made.instances.iter_mut().zip(taken) {
                if !taken {
                    *instance = other.clone();
                }
            }
            made.template = json!({"Fn::If": [condition, made.template, other]});
        }
        made
    }

    fn text(&mut self, text: &Value, pool: &[&str]) -> Made {
        let Some(own) = text.as_str().filter(|_| self.random.one_in(6)) else {
            return same(text);
        };
        if self.random.one_in(2) {
            let instances = (0..INSTANCES).map(|index| match index {
                0 => json!(own),
                _ => json!(pool[self.random.below(pool.len())]),
            });
            return Made {
                instances: instances.collect(),
                template: self.parameter(),
            };
        }
        // A part of it, between two of its characters.
        let mut cuts: Vec<usize> = own
            .char_indices()
            .map(|(at, _)| at)
            .chain([own.len()])
            .collect();
        cuts.dedup();
        let (mut from, mut to) = (
            cuts[self.random.below(cuts.len())],
            cuts[self.random.below(cuts.len())],
        );
        if from > to {
            std::mem::swap(&mut from, &mut to);
        }
        let (before, behind) = (&own[..from], &own[to..]);
        // An action that AWS does not have may be on whatever resource; none is made up.
        let pieces: &[&str] = if own.contains(':') && !own.starts_with("arn:") {
            &["*", "*?"]
        } else {
            &[
                "*",
                "",
                "x",
                "aws",
                "cloudtrail:us-east-1:111122223333",
                ":",
                "trail/ops-1",
                "111122223333",
                "?",
            ]
        };
        let instances = (0..INSTANCES).map(|index| match index {
            0 => json!(own),
            _ => json!(format!(
                "{before}{}{behind}",
                pieces[self.random.below(pieces.len())]
            )),
        });
        let instances = instances.collect();
        let parameter = self.parameter();
        Made {
            template: json!({"Fn::Join": ["", [before, parameter, behind]]}),
            instances,
        }
    }
}

fn same(value: &Value) -> Made {
    Made {
        template: value.clone(),
        instances: vec![value.clone(); INSTANCES],
    }
}

/// An object of made members.
fn join(members: Vec<(String, Made)>) -> Made {
    let mut template = serde_json::Map::new();
    let mut instances = vec![serde_json::Map::new(); INSTANCES];
    for (name, made) in members {
        template.insert(name.clone(), made.template);
        for (instance, value) in instances.iter_mut().zip(made.instances) {
            if !value.is_null() {
                instance.insert(name.clone(), value);
            }
        }
    }
    Made {
        template: Value::Object(template),
        instances: instances.into_iter().map(Value::Object).collect(),
    }
}
