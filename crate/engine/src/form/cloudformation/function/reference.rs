//! `Ref` and `Fn::GetAtt`: what is known of a parameter's or resource's value.

use std::borrow::Cow;

use crate::draft::{Draft, Holds, Piece, Value};
use crate::form::cloudformation::template::{Named, Template, unknown};
use crate::text::Span;

impl<'t> Template<'t> {
    /// `Ref`.
    pub(super) fn reference(&self, name: &str, span: Span) -> Draft<'t> {
        let value =
            match self.pseudo(name, span) {
                Some(value) => value,
                None => match (self.parameters.get(name), self.resources.get(name)) {
                    (Some(parameter), _) => {
                        let unknown = self.parameter(name, parameter, span);
                        if parameter.list {
                            Value::Unknown(unknown)
                        } else {
                            Value::Text(vec![Piece::Unknown(unknown)])
                        }
                    }
                    (None, Some(resource)) => {
                        let what = format!("`!Ref {name}`");
                        match resource.kind.as_str() {
                            "AWS::IAM::ManagedPolicy" => Value::Text(vec![Piece::Unknown(
                                unknown(span, what, name, Holds::Anything),
                            )]),
                            _ => Value::Text(self.name_of(name, resource, what, span)),
                        }
                    }
                    (None, None) => Value::Text(vec![Piece::Unknown(unknown(
                        span,
                        format!("`!Ref {name}`"),
                        name,
                        Holds::Anything,
                    ))]),
                },
            };
        Draft { span, value }
    }

    pub(super) fn pseudo(&self, name: &str, span: Span) -> Option<Value<'t>> {
        let holds = match name {
            "AWS::NoValue" => return Some(Value::Nothing),
            "AWS::URLSuffix" => {
                return Some(Value::Text(vec![Piece::Known("amazonaws.com".into())]));
            }
            "AWS::Partition" => Holds::Partition,
            "AWS::AccountId" => Holds::Account,
            "AWS::Region" | "AWS::StackName" => Holds::Word,
            _ if name.starts_with("AWS::") => Holds::Anything,
            _ => return None,
        };
        Some(Value::Text(vec![Piece::Unknown(unknown(
            span,
            format!("`!Ref {name}`"),
            name,
            holds,
        ))]))
    }

    /// The name of a resource: literal, or unknown.
    pub(super) fn name_of(
        &self,
        id: &str,
        resource: &Named<'t>,
        what: String,
        span: Span,
    ) -> Vec<Piece<'t>> {
        let holds = match resource.kind.as_str() {
            "AWS::IAM::Role"
            | "AWS::IAM::User"
            | "AWS::IAM::Group"
            | "AWS::S3::Bucket"
            | "AWS::CloudTrail::Trail" => Holds::Word,
            _ => Holds::Anything,
        };
        let made_up = || vec![Piece::Unknown(unknown(span, what.clone(), id, holds))];
        let Some(name) = &resource.name else {
            return made_up();
        };
        let text = |pieces| Draft {
            span,
            value: Value::Text(pieces),
        };
        match self
            .referring(|| self.resolve(name), || text(made_up()))
            .value
        {
            Value::Text(pieces) => pieces,
            _ => made_up(),
        }
    }

    /// `Fn::GetAtt`.
    pub(super) fn attribute(&self, id: &str, attribute: &str, span: Span) -> Value<'t> {
        let what = format!("`!GetAtt {id}.{attribute}`");
        let whole = |what: String| {
            Value::Text(vec![Piece::Unknown(unknown(
                span,
                what,
                "",
                Holds::Anything,
            ))])
        };
        let Some(resource) = self.resources.get(id).filter(|_| attribute == "Arn") else {
            return whole(what);
        };
        let known = |text: &'static str| Piece::Known(Cow::Borrowed(text));
        let pseudo = |name: &str, holds| {
            Piece::Unknown(unknown(span, format!("`!Ref {name}`"), name, holds))
        };
        let mut pieces = vec![known("arn:"), pseudo("AWS::Partition", Holds::Partition)];
        let account = || pseudo("AWS::AccountId", Holds::Account);
        match resource.kind.as_str() {
            "AWS::S3::Bucket" => pieces.push(known(":s3:::")),
            "AWS::CloudTrail::Trail" => pieces.extend([
                known(":cloudtrail:"),
                pseudo("AWS::Region", Holds::Word),
                known(":"),
                account(),
                known(":trail/"),
            ]),
            "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => {
                pieces.extend([known(":iam::"), account()]);
                pieces.push(known(match resource.kind.as_str() {
                    "AWS::IAM::Role" => ":role",
                    "AWS::IAM::User" => ":user",
                    _ => ":group",
                }));
                match &resource.path {
                    None => pieces.push(known("/")),
                    Some(path) => {
                        let path = self.referring(
                            || self.resolve(path),
                            || Draft {
                                span,
                                value: whole(what.clone()),
                            },
                        );
                        match path.value {
                            Value::Text(path) => pieces.extend(path),
                            _ => return whole(what),
                        }
                    }
                }
            }
            _ => return whole(what),
        }
        pieces.extend(self.name_of(id, resource, what, span));
        Value::Text(pieces)
    }

    /// The last part of a principal's ARN, with `*` for what is unknown.
    pub(in crate::form::cloudformation) fn arn_resource(&self, id: &str) -> Option<String> {
        let Value::Text(pieces) = self.attribute(id, "Arn", Span::default()) else {
            return None;
        };
        let arn: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => text.as_ref(),
                Piece::Unknown(_) => "*",
            })
            .collect();
        arn.splitn(6, ':').nth(5).map(str::to_owned)
    }
}
