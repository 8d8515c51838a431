//! Files that are made from the program: the API description and the browser's types.
//!
//! They are committed, so that a change of the API is seen in review; `--check`
//! makes them again elsewhere and compares.

use std::fs;
use std::path::Path;

use crate::place::Place;
use crate::{run, sh, web};

const API: &str = "docs/openapi.json";
const TYPES: &str = "web/src/api/schema.d.ts";

/// Writes both files, or tells which of them is not what the program says.
pub fn generate(place: &Place, check: bool) -> Result<(), String> {
    web::install(place, &place.root.join("web"))?;
    place.claim_target();
    sh::run(run::cargo(place).args(["build", "--package", "juanzong"]))?;
    from_binary(place, check)
}

/// The same with the binary that is already there.
pub fn from_binary(place: &Place, check: bool) -> Result<(), String> {
    let scratch = std::env::temp_dir().join(format!("juanzong-gen-{}", std::process::id()));
    fs::create_dir_all(&scratch).map_err(|e| format!("{}：{e}", scratch.display()))?;
    let done = make(place, &scratch).and_then(|()| {
        let pairs = [("openapi.json", API), ("schema.d.ts", TYPES)];
        let stale: Vec<&str> = pairs
            .iter()
            .filter(|(new, old)| !same(&scratch.join(new), &place.root.join(old)))
            .map(|p| p.1)
            .collect();
        if stale.is_empty() {
            println!("生成的文件与程序一致");
            return Ok(());
        }
        if check {
            return Err(format!("与程序不一致：{}。请运行 cargo xtask gen 并提交。", stale.join("、")));
        }
        for (new, old) in pairs {
            fs::copy(scratch.join(new), place.root.join(old)).map_err(|e| format!("{old}：{e}"))?;
        }
        println!("已更新：{}", stale.join("、"));
        Ok(())
    });
    let _ = fs::remove_dir_all(&scratch);
    done
}

fn make(place: &Place, scratch: &Path) -> Result<(), String> {
    let mut text = sh::output(sh::command(place, place.binary(), &place.root).arg("openapi"))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let api = scratch.join("openapi.json");
    fs::write(&api, text).map_err(|e| format!("{}：{e}", api.display()))?;
    let tool = place.root.join("web/node_modules/.bin/openapi-typescript");
    let mut types = sh::command(place, tool, &place.root.join("web"));
    // A field with a default may be left out of what is sent.
    let lenient = ["--default-non-nullable", "false"];
    sh::output(types.arg(&api).args(lenient).arg("-o").arg(scratch.join("schema.d.ts"))).map(drop)
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((fs::read(a), fs::read(b)), (Ok(a), Ok(b)) if a == b)
}
