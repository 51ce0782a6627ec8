//! The documents of the API as JSON Schema, with the examples of their doc comments.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{reference, set};
use crate::api::audit::{Entry, Head, Key, Page};
use crate::api::caller::Me;
use crate::api::job::{Job, JobEvent, JobList, PausedJobs};
use crate::api::name::CertificateName;
use crate::api::operation::{Alive, Breaker};
use crate::api::order::{Order, OrderList, OrderRecord, Revocation, Settling};
use crate::api::plan::{Approval, Decline, Nothing, Plan, Start};
use crate::api::problem::Problem;
use crate::api::report::Report;
use crate::api::row::{Row, RowPage};

/// What a doc comment's example begins with; its name follows.
const EXAMPLE: &str = "```json ";

/// All schemas, and the examples of each by its name.
pub(super) struct Schemas {
    pub(super) components: Map<String, Value>,
    examples: BTreeMap<String, Vec<(String, Value)>>,
}

impl Schemas {
    /// Derives them; the error names an example that is none.
    pub(super) fn new() -> Result<Schemas, String> {
        let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        let mut all = Deriving {
            generator: settings.into_generator(),
            examples: BTreeMap::new(),
        };
        all.add::<Order>()?;
        all.add::<Settling>()?;
        all.add::<Revocation>()?;
        all.add::<OrderRecord>()?;
        all.add::<OrderList>()?;
        all.add::<Plan>()?;
        all.add::<Start>()?;
        all.add::<Approval>()?;
        all.add::<Decline>()?;
        all.add::<Nothing>()?;
        all.add::<Job>()?;
        all.add::<JobList>()?;
        all.add::<JobEvent>()?;
        all.add::<PausedJobs>()?;
        all.add::<Row>()?;
        all.add::<RowPage>()?;
        all.add::<Report>()?;
        all.add::<Page>()?;
        all.add::<Entry>()?;
        all.add::<Head>()?;
        all.add::<Key>()?;
        all.add::<Breaker>()?;
        all.add::<Me>()?;
        all.add::<Alive>()?;
        all.add::<Problem>()?;
        all.generator.subschema_for::<CertificateName>();
        let mut components = all.generator.take_definitions(true);
        let name = CertificateName::schema_name();
        let own = components
            .get_mut(&*name)
            .and_then(|schema| schema.get_mut("oneOf"));
        let kinds = own.map(|kinds| {
            // As they are where they stand beside other members.
            let all = kinds.as_array_mut().into_iter().flatten();
            for kind in all.filter_map(Value::as_object_mut) {
                kind.remove("additionalProperties");
            }
            kinds.clone()
        });
        let names = components
            .iter_mut()
            .filter(|(component, _)| **component != *name);
        names.for_each(|(_, schema)| refer(schema, kinds.as_ref(), &reference("schemas", &name)));
        components.values_mut().for_each(conform);
        add_jobs(&mut components);
        let description = json!({
            "description": "An OpenAPI document.", "type": "object", "required": ["openapi", "info", "paths"],
        });
        components.insert("Description".to_owned(), description);
        Ok(Schemas {
            components,
            examples: all.examples,
        })
    }

    /// JSON of this schema, with its examples.
    pub(super) fn content(&self, schema: &str) -> Value {
        let mut content = json!({ "schema": reference("schemas", schema) });
        let examples = match schema {
            "PlannedJob" => self.examples("Job", is_planned),
            "JobProgress" => self.examples("Job", |job| !is_planned(job)),
            _ => self.examples(schema, |_| true),
        };
        if !examples.is_empty() {
            set(&mut content, "examples", Value::Object(examples));
        }
        content
    }

    /// The examples of a schema that fit.
    pub(super) fn examples(&self, schema: &str, fits: impl Fn(&Value) -> bool) -> Map<String, Value> {
        let all = self.examples.get(schema).into_iter().flatten();
        all.filter(|(_, example)| fits(example))
            .map(|(name, example)| (name.clone(), json!({ "value": example })))
            .collect()
    }
}

fn is_planned(job: &Value) -> bool {
    job.get("known").is_some()
}

/// A job has more to say to those who ask for it alone than in lists and events.
fn add_jobs(components: &mut Map<String, Value>) {
    let job = reference("schemas", "Job");
    let mut planned = job.clone();
    set(
        &mut planned,
        "description",
        json!("A job, with what was found when it was planned."),
    );
    set(&mut planned, "required", json!(["known", "merged", "conflicts"]));
    let mut progress = job;
    set(
        &mut progress,
        "description",
        json!("A job, without what was found when it was planned."),
    );
    set(
        &mut progress,
        "properties",
        json!({ "known": false, "merged": false, "conflicts": false }),
    );
    components.insert("PlannedJob".to_owned(), planned);
    components.insert("JobProgress".to_owned(), progress);
    if let Some(jobs) = components
        .get_mut("JobList")
        .and_then(|list| list.pointer_mut("/properties/jobs/items"))
    {
        *jobs = reference("schemas", "JobProgress");
    }
}

struct Deriving {
    generator: SchemaGenerator,
    examples: BTreeMap<String, Vec<(String, Value)>>,
}

impl Deriving {
    /// Adds a document and all that it is made of. Its examples are read into the type, and must come out as they went in.
    fn add<T: JsonSchema + Serialize + DeserializeOwned>(&mut self) -> Result<(), String> {
        self.generator.subschema_for::<T>();
        let name = T::schema_name().into_owned();
        let definitions = self.generator.definitions();
        let description = definitions
            .get(&name)
            .and_then(|schema| schema["description"].as_str());
        let mut examples = Vec::new();
        for block in description.unwrap_or_default().split(EXAMPLE).skip(1) {
            let text = block.split("```").next().unwrap_or_default();
            let (title, text) = text.split_once('\n').unwrap_or_default();
            let example: Value =
                serde_json::from_str(text).map_err(|error| format!("{name}, {title}: {error}"))?;
            let document: T = serde_json::from_value(example.clone())
                .map_err(|error| format!("{name}, {title}: {error}"))?;
            if json!(document) != example {
                return Err(format!("{name}, {title}: it reads as {}", json!(document)));
            }
            examples.push((title.to_owned(), example));
        }
        self.examples.insert(name, examples);
        Ok(())
    }
}

/// Replaces what a flattened member has brought along, all its kinds, by a reference to it.
fn refer(schema: &mut Value, kinds: Option<&Value>, reference: &Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(|it| refer(it, kinds, reference)),
        Value::Object(members) => {
            if members.get("oneOf").is_some_and(|one_of| Some(one_of) == kinds) {
                members.remove("oneOf");
                members.insert("allOf".to_owned(), json!([reference]));
            }
            members.values_mut().for_each(|it| refer(it, kinds, reference));
        }
        _ => {}
    }
}

/// Makes a schema as those of this API are: without examples in descriptions and sizes of integers; a member that is always
/// there has no default, and one without a value is left out and never null.
fn conform(schema: &mut Value) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(conform),
        Value::Object(members) => {
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = one_line(description);
            }
            let is_number = members.get("format").and_then(Value::as_str);
            if is_number.is_some_and(|format| format.contains("int") || format == "double") {
                members.remove("format");
            }
            if members.contains_key("const") {
                members.remove("default");
                members.remove("type");
            }
            know_required(members);
            members.values_mut().for_each(conform);
        }
        _ => {}
    }
}

fn know_required(members: &mut Map<String, Value>) {
    let required = members.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| {
        required
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it == name))
    };
    let Some(Value::Object(properties)) = members.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        let Value::Object(property) = property else {
            continue;
        };
        if is_required(name) {
            // What a reader takes where an answer lacks it is no default of the edge's.
            property.remove("default");
            continue;
        }
        if let Some(Value::Array(types)) = property.get("type") {
            let others: Vec<Value> = types.iter().filter(|it| *it != "null").cloned().collect();
            if let [only] = others.as_slice() {
                property.insert("type".to_owned(), only.clone());
            }
        }
        let any_of = property
            .get("anyOf")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if let [Value::Object(only), null] = any_of.as_slice()
            && *null == json!({ "type": "null" })
        {
            property.remove("anyOf");
            property.extend(only.clone());
        }
    }
}

/// A doc comment's paragraphs, each as one line, up to its examples.
fn one_line(comment: &str) -> String {
    let words = comment.split(EXAMPLE).next().unwrap_or_default().trim_end();
    let paragraphs: Vec<String> = words
        .split("\n\n")
        .map(|words| words.replace('\n', " "))
        .collect();
    paragraphs.join("\n\n")
}
