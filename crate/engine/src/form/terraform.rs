//! Terraform's plans and states, as `terraform show -json` prints them ("JSON Output Format"), and the state file itself.

mod document;
mod module;
mod resource;

use self::module::Module;
use self::resource::Resources;
use super::Form;
use super::exact::{get, text};
use super::finder::Finder;
use super::members::has;
use crate::source::Value;

pub(super) static SHOWN: Form = Form {
    name: "a Terraform plan or state",
    recognise: |node| {
        get(node, "format_version")?;
        ["planned_values", "values", "resource_changes"]
            .into_iter()
            .find(|name| get(node, name).is_some())
            .map(|name| has(&["format_version", name]))
    },
    find: |node, _, finder| read(&Module::shown(&node), finder),
};

pub(super) static STATE: Form = Form {
    name: "a Terraform state file",
    recognise: |node| {
        get(node, "terraform_version")?;
        let is_list =
            get(node, "resources").is_some_and(|list| matches!(list.value, Value::Array(_)));
        (is_list && text(node, "version").is_some())
            .then(|| has(&["terraform_version", "version", "resources"]))
    },
    find: |node, _, finder| {
        if text(&node, "version") != Some("4") {
            finder.problem(
                node.span,
                "this state file is not of version 4: run `terraform show -json` and paste what it prints",
            );
            return;
        }
        read(&Module::state(&node), finder);
    },
};

fn read<'t>(module: &Module<'_, 't>, finder: &mut Finder<'t>) {
    let mut resources = Resources::new(module, finder);
    for resource in &module.resources {
        resources.read(resource);
    }
    resources.finish();
}
