//! `autorevoke-bindgen INPUT.wasm OUT_DIR OUT_NAME`: writes OUT_NAME_bg.wasm and its glue OUT_NAME.js.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, out_dir, out_name] = arguments.as_slice() else {
        eprintln!("usage: autorevoke-bindgen INPUT.wasm OUT_DIR OUT_NAME");
        return ExitCode::from(2);
    };
    match generate(input, out_dir, out_name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("autorevoke-bindgen: {message}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &str, out_dir: &str, out_name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The wasm is the same for every target; the entry points decide how it is loaded.
    bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen
        .input_path(input)
        .out_name(out_name)
        .omit_default_module_path(true)
        // After a trap the rim drops the instance and makes a new one: `__wbg_reset_state()`.
        .reset_state_function(true)
        .typescript(true)
        .debug(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(out_dir).map_err(|error| format!("{error:#}"))
}
