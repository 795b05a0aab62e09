//! hongtou (红头) turns an office's findings file into a Chinese official circular: a PDF with a
//! red header as GB/T 9704—2012 wants it.
//!
//! # The way a circular takes
//!
//! ```text
//!  YAML → load → Circular → compose → Markdown → document → Document → typeset → pages → PDF
//!                 └────────────────── check ←──────────────┘└─ trace, conform ←─┘
//! ```
//!
//! Each stage is a folder with one function of its name; [`pipeline`] calls them in order.
//! A stage uses only earlier ones:
//!
//! | stage | gets | gives | knows |
//! | --- | --- | --- | --- |
//! | [`diag`] | – | places and faults | nobody |
//! | [`model`] | – | the standard's terms as types | `diag` |
//! | [`load`] | the user's files | [`model::Circular`] | `model` |
//! | [`compose`] | `Circular`, text templates | Markdown with its printed values | `model` |
//! | [`document`] | Markdown | [`document::Document`], typed blocks | `compose`, `model` |
//! | [`check`] | `Circular`, `Document` | faults of data, words and figures, at the user's levels | `document`, `model` |
//! | [`typeset`] | `Document`, page templates, fonts | pages, PDF, PNG, SVG | `document`, `model` |
//! | [`conform`] | `Document`, pages | each clause of the standard, measured | `typeset`, `document`, `model` |
//! | [`trace`] | `Circular`, `Document`, pages | each printed value with its cells | `typeset`, `document`, `model` |
//! | [`batch`] | `Circular` with 批量 | a notice to each unit, and the ledger | `pipeline` |
//! | [`watch`] | the path of an input file | its pages in the browser, after each save | `pipeline` |
//! | [`cli`] | arguments | files, messages, the exit code | `pipeline`, `batch`, `watch` |
//!
//! `output` puts files on the disk, whole or not at all.
//!
//! # What always holds
//!
//! - Figures are computed from rows; every printed value keeps the cells it was read from.
//! - Every run of words keeps its [`diag::Origin`], the place in the user's own file, up to the page.
//! - Text reaches Typst as data in one virtual file, never as generated source, so no character of
//!   it can become markup.
//! - The measures of the standard stand once, in `templates/page/`, each with its clause.
//! - Below `cli` and `watch` nothing reads a clock, the environment or hash order: same input, same bytes.

pub mod batch;
pub mod check;
pub mod cli;
pub mod compose;
pub mod conform;
pub mod diag;
pub mod document;
pub mod load;
pub mod model;
mod output;
pub mod pipeline;
pub mod trace;
pub mod typeset;
pub mod watch;
