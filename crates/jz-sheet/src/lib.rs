//! Workbooks in and out: xlsx and csv, row by row, within limits.
//!
//! This crate knows cells, rows and sheets. It does not know what a column means: that
//! is the business of whoever calls it. Uploaded files are hostile until proven
//! otherwise, so every door takes [`Limits`], and a file that breaks one ends in one
//! variant of [`SheetError`] with a plain Chinese sentence.
//!
//! Reading holds one row in memory (plus the shared strings of the workbook), writing
//! holds one row as well. The readers of the underlying crate that build a whole sheet
//! in memory are never used: 1.5 KB of input can make them ask for 512 GB.
//!
//! - [`Book`] reads; [`preflight`] looks at a zip before anything parses it.
//! - [`TableWriter`], [`write_table`] and [`template`] write.
//! - [`annotate()`] copies a workbook and paints what is wrong with it.
#![deny(missing_docs)]

mod annotate;
mod book;
mod cell;
mod csv_text;
mod day;
mod error;
mod formula;
mod limits;
mod preflight;
mod write;

pub use annotate::{Level, Mark, SheetMarks, annotate};
pub use book::{Book, SheetInfo};
pub use cell::Cell;
pub use day::{iso_to_serial, serial_to_iso};
pub use error::SheetError;
pub use formula::{neutralise, restore};
pub use limits::Limits;
pub use preflight::preflight;
pub use write::{Column, Kind, TableWriter, Template, TemplateColumn, template, write_table};
