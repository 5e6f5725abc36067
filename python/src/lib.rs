//! What `rolecluster` for Python does in Rust: the program, and the library over Arrow tables. The
//! functions that people call are in `rolecluster/api.py`; they hand over options as a command line
//! does, so that both are checked by the same code and refused in the same words.

mod command;
mod error;
mod interrupt;
mod run;
mod table;
mod worker;

use pyo3::prelude::*;

/// The part of the package that is written in Rust.
#[pymodule]
fn _rolecluster(module: &Bound<'_, PyModule>) -> PyResult<()> {
    error::add_to(module)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<table::Table>()?;
    module.add_class::<worker::Worker>()?;
    module.add_class::<run::Searcher>()?;
    module.add_function(wrap_pyfunction!(command::main, module)?)?;
    module.add_function(wrap_pyfunction!(worker::read, module)?)?;
    module.add_function(wrap_pyfunction!(run::cluster, module)?)?;
    module.add_function(wrap_pyfunction!(run::roles, module)?)?;
    module.add_function(wrap_pyfunction!(run::vectors, module)?)?;
    module.add_function(wrap_pyfunction!(run::specialisations, module)?)?;
    module.add_function(wrap_pyfunction!(run::report, module)?)
}
