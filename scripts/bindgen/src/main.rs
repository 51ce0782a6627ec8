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
        // After a trap `pkg/` and `worker/` drop the instance and make a new one: `__wbg_reset_state()`.
        .reset_state_function(true)
        // `pkg/` wipes the memory of an instance that has trapped.
        .export_wasm(true)
        .typescript(true)
        .debug(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().map_err(|error| format!("{error:#}"))?;
    // A module without reference types has nothing to start, but the glue that renews one calls it.
    let has_start = output
        .wasm()
        .exports
        .iter()
        .any(|export| export.name == "__wbindgen_start");
    let glue = match has_start {
        true => output.js().to_owned(),
        false => output.js().replace("wasm.__wbindgen_start();", ""),
    };
    let glue = shorten_imports(output.wasm_mut(), glue);
    output.emit(out_dir).map_err(|error| format!("{error:#}"))?;
    std::fs::write(format!("{out_dir}/{out_name}.js"), glue).map_err(|error| error.to_string())
}

/// Gives what the module imports short names, in both files. wasm-bindgen's have a hash each, which is a quarter of the
/// glue and cannot be compressed.
fn shorten_imports(module: &mut walrus::Module, mut glue: String) -> String {
    for (place, import) in module.imports.iter_mut().enumerate() {
        let (long, short) = (
            format!("{}: function", import.name),
            format!("i{place}: function"),
        );
        // Only what the glue itself provides, and says once.
        if glue.matches(&long).count() == 1 {
            glue = glue.replace(&long, &short);
            import.name = format!("i{place}");
        }
    }
    glue
}
