//! The packs of the narrative room: the word table, and the model that is trained on text made with its names.

mod bodies;
mod census;
mod given;
mod lists;
mod notes;
mod pool;
mod table;
mod train;
mod words;
mod world;

pub(crate) use table::compile as compile_table;
pub(crate) use train::compile as compile_model;
