//! CloudFormation and SAM templates ("Template sections"), and what CDK synthesizes. Policies are found in their
//! resources; intrinsic functions leave parts of them unknown (`draft`).

mod attachment;
mod function;
mod json_text;
mod resource;
mod sam_templates;
mod template;

use self::resource::Resources;
use self::template::Template;
use super::Form;
use super::exact::{get, members, text};
use super::finder::Finder;
use crate::source::Node;

pub(super) static FORM: Form = Form {
    name: "a CloudFormation template",
    recognise: |node| {
        if get(node, "AWSTemplateFormatVersion").is_some() {
            return Some("it has the member `AWSTemplateFormatVersion`".to_owned());
        }
        members(node, "Resources")
            .any(|(_, resource)| text(resource, "Type").is_some_and(|kind| kind.contains("::")))
            .then(|| "its `Resources` have types such as `AWS::IAM::Role`".to_owned())
    },
    find,
};

fn find<'t>(node: Node<'t>, path: &str, finder: &mut Finder<'t>) {
    let template = Template::new(&node);
    let mut resources = Resources::new(&template, &node, path, finder);
    for (id, resource) in members(&node, "Resources") {
        resources.read(id, resource);
    }
    resources.finish();
}
