//! `cargo xtask`: everything a person or a build machine does with this repository.
//!
//! The crate uses the standard library only, so that it builds in a second on
//! a fresh machine. It calls other programs and reports what they said; it
//! holds no product logic. A new command is a new arm of [`dispatch`] and a
//! module of its own.
#![expect(clippy::print_stdout, reason = "printing is what this tool is for")]

mod assets;
mod bench;
mod generate;
mod place;
mod run;
mod services;
mod setup;
mod sh;
mod steps;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
用法：cargo xtask <命令>

  run [--listen 地址] [--fresh]   编译、制作演示学校并启动服务
  test [部分…]                    安装测试所需并运行全部检验；部分：fmt tidy web build rust gen e2e api iiif crash
  build                           发布版程序，放在 target/release/juanzong
  dev                             前端热更新（Vite）与服务端一起运行
  assets                          按 assets.lock 下载字体与识别模型并核对摘要
  setup                           安装系统软件包与 Python 检验工具
  servers                         启动测试用的 PostgreSQL 与 S3，打印环境变量，直到 Ctrl C
  gen [--check]                   由程序生成接口描述和前端类型；--check 只比较
  bench [名称…]                   运行 bench/ 下的测量
  tidy                            依赖方向、文件长度、路径、词汇等快速检查
  ci                              与 test 相同
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            if !why.is_empty() {
                eprintln!("xtask: {why}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<(), String> {
    let place = place::Place::find()?;
    match words {
        ["run", rest @ ..] => run::run(&place, rest),
        ["test" | "ci", rest @ ..] => test::test(&place, rest),
        ["build"] => run::build(&place),
        ["dev"] => run::dev(&place),
        ["assets"] => assets::fetch(&place),
        ["setup"] => setup::setup(&place),
        ["servers"] => services::show(&place),
        ["gen"] => generate::generate(&place, false),
        ["gen", "--check"] => generate::generate(&place, true),
        ["bench", names @ ..] => bench::bench(&place, names),
        ["tidy"] => tidy::run(&place),
        [] | ["help" | "--help" | "-h", ..] => {
            println!("{USAGE}");
            Ok(())
        }
        [other, ..] => Err(format!("没有命令“{other}”。\n\n{USAGE}")),
    }
}
