//! Writes the edge's OpenAPI document, derived anew, to standard output: `npm run openapi` keeps it as `src/edge/openapi.json`.

fn main() -> Result<(), String> {
    let document = autorevoke::edge::openapi::document()?;
    println!("{document}");
    Ok(())
}
