//! Bucket policies.

use super::{Resource, Resources};
use crate::draft::{Draft, Holds, Piece, Value};
use crate::form::Applies;
use crate::form::finder::Policy;
use crate::report::DocumentKind;

impl<'r, 't> Resources<'r, 't> {
    pub(super) fn bucket_policy(&mut self, resource: &Resource<'r, 't>) {
        let (Some(bucket), Some(document)) = (
            resource.property("Bucket"),
            resource.property("PolicyDocument"),
        ) else {
            return;
        };
        let bucket = self.template.resolve(bucket);
        let mut draft = self.template.resolve(document);
        // In a bucket's own policy its name is what it is, whatever it is.
        if let Value::Text(pieces) = &bucket.value
            && let [Piece::Unknown(own)] = pieces.as_slice()
            && !own.of.is_empty()
        {
            mark_own_bucket(&mut draft, &own.of);
        }
        let named = bucket
            .text()
            .map_or_else(|| resource.id.to_owned(), |name| name.into_owned());
        let policy = Policy {
            name: format!("policy of the bucket {named}"),
            path: resource.path("PolicyDocument"),
            kind: Some((
                DocumentKind::Resource,
                "it is an `AWS::S3::BucketPolicy`".to_owned(),
            )),
            applies: Applies::Unnamed,
        };
        self.draft(draft, policy, true);
    }
}

fn mark_own_bucket(draft: &mut Draft<'_>, bucket: &str) {
    match &mut draft.value {
        Value::Text(pieces) => {
            for piece in pieces {
                if let Piece::Unknown(unknown) = piece
                    && unknown.of.as_ref() == bucket
                {
                    unknown.holds = Holds::OwnBucket;
                }
            }
        }
        Value::List(drafts) | Value::Either(_, drafts) => {
            drafts
                .iter_mut()
                .for_each(|draft| mark_own_bucket(draft, bucket));
        }
        Value::Object(members) => members
            .iter_mut()
            .for_each(|member| mark_own_bucket(&mut member.value, bucket)),
        _ => {}
    }
}
