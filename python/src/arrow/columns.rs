//! Which columns are scanned, and what comes out.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;

use super::Plan;
use super::cells::is_text;
use crate::scanner::wrong_type;

/// The columns of the input that matter, by position.
pub(super) struct Columns {
    pub(super) texts: Vec<(usize, String)>,
    pub(super) id: Option<usize>,
    pub(super) output: SchemaRef,
    /// Whether findings are made; else only the counts.
    pub(super) findings: bool,
}

impl Columns {
    pub(super) fn of(schema: &Schema, plan: &Plan) -> PyResult<Columns> {
        let position = |name: &str| {
            schema.index_of(name).map_err(|_| {
                let known: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
                PyKeyError::new_err(format!(
                    "there is no column {name:?}; the columns are {}",
                    known.join(", ")
                ))
            })
        };
        let id = plan.id_column.as_deref().map(position).transpose()?;
        let texts = match &plan.text_columns {
            Some(names) => {
                let texts = names.iter().map(|name| {
                    let at = position(name)?;
                    let found = schema.field(at).data_type();
                    if is_text(found) {
                        Ok((at, name.clone()))
                    } else {
                        Err(wrong_type(name, &found.to_string()))
                    }
                });
                texts.collect::<PyResult<Vec<_>>>()?
            }
            None => schema
                .fields()
                .iter()
                .enumerate()
                .filter(|(at, field)| Some(*at) != id && is_text(field.data_type()))
                .map(|(at, field)| (at, field.name().clone()))
                .collect(),
        };
        if texts.is_empty() {
            return Err(PyKeyError::new_err(
                "there is no text column to scan; name at least one string or binary column in text_columns",
            ));
        }
        let id_field = id.map(|at| schema.field(at));
        Ok(Columns {
            output: output(id_field, plan),
            texts,
            id,
            findings: true,
        })
    }
}

/// The columns of the findings, in the order in which [`rows`](super::rows) makes them.
fn output(id: Option<&Field>, plan: &Plan) -> SchemaRef {
    let column = |name: &str, kind: DataType| Arc::new(Field::new(name, kind, true));
    let text = |name: &str| column(name, DataType::Utf8);
    let number = |name: &str| column(name, DataType::Int32);
    let mut fields: Vec<FieldRef> = vec![match id {
        Some(field) => Arc::new(field.clone().with_nullable(true)),
        None => column("row", DataType::Int64),
    }];
    fields.extend(["field", "kind", "form"].map(text));
    fields.extend(["char_start", "char_end", "byte_start", "byte_end"].map(number));
    fields.push(text("value"));
    if plan.show_values {
        fields.push(text("normalized"));
    }
    fields.push(column("confidence", DataType::Float64));
    fields.push(number("record"));
    fields.push(text("role"));
    fields.push(text("courier"));
    fields.extend(["province", "city"].map(number));
    if plan.fingerprinter.is_some() {
        fields.extend(["fingerprint", "person"].map(text));
    }
    Arc::new(Schema::new(fields))
}
