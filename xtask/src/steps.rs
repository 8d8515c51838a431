//! Steps of a long command: each with its time, all of them tried, the sum at the end.

use std::time::{Duration, Instant};

/// Tests that a step ran, as its program reported them.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Count {
    /// Tests that held.
    pub passed: u64,
    /// Tests that did not.
    pub failed: u64,
    /// Tests that could not be run; never counted as held.
    pub skipped: u64,
    /// What to repeat in the summary.
    pub why: Option<String>,
}

impl Count {
    /// One check that held.
    pub fn one() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    /// Adds the numbers of a runner's closing line; other lines change nothing.
    pub fn read(&mut self, line: &str) {
        let line = without_colour(line);
        let line = line.trim();
        if let Some((_, numbers)) = line.split_once("tests run:").or_else(|| line.split_once("test run:")) {
            // nextest: `Summary [ 1.2s] 10 tests run: 9 passed (1 slow), 1 failed, 2 skipped`
            self.add(numbers, ',');
        } else if let Some(numbers) = line.strip_prefix("test result:") {
            // libtest: `test result: ok. 9 passed; 1 failed; 2 ignored; …`
            self.add(numbers.split_once('.').map_or(numbers, |(_, rest)| rest), ';');
        } else if let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            // node: one line for each word
            match rest.split_once(' ').map(|(word, n)| (word, n.parse::<u64>())) {
                Some(("pass", Ok(n))) => self.passed += n,
                Some(("fail" | "cancelled", Ok(n))) => self.failed += n,
                Some(("skipped" | "todo", Ok(n))) => self.skipped += n,
                _ => {}
            }
        } else if line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" passed, ") {
            // our own judges: `9 passed, 1 failed, 2 skipped`
            self.add(line, ',');
        } else if let Some(what) = line.strip_prefix("未检测") {
            self.why = Some(format!("未检测{what}"));
        }
    }

    fn add(&mut self, numbers: &str, between: char) {
        for part in numbers.split(between) {
            let mut words = part.split_whitespace();
            let Some(Ok(n)) = words.next().map(str::parse::<u64>) else { continue };
            match words.next() {
                Some("passed") => self.passed += n,
                Some("failed") => self.failed += n,
                Some("skipped" | "ignored") => self.skipped += n,
                _ => {}
            }
        }
    }
}

/// The line without terminal colours.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let tail = &rest[at..];
        rest = tail.find('m').map_or("", |end| &tail[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

struct Step {
    name: String,
    took: Duration,
    count: Count,
}

/// What has been done so far.
#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Does one step and keeps its result. A failure does not stop the next step;
    /// the returned flag tells steps that need this one.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Count, String>) -> bool {
        println!("\n━━ {name}");
        let start = Instant::now();
        let mut count = work().unwrap_or_else(|why| Count { failed: 1, why: Some(why), ..Count::default() });
        if count == Count::default() {
            // A runner that ran nothing has shown nothing.
            count = Count { failed: 1, why: Some("没有运行任何检验".into()), ..count };
        }
        let took = start.elapsed();
        let held = count.failed == 0;
        println!("━━ {name}：{}，{:.1} 秒", if held { "完成" } else { "失败" }, took.as_secs_f64());
        if let Some(why) = &count.why {
            println!("   {why}");
        }
        self.steps.push(Step { name: name.to_owned(), took, count });
        held
    }

    /// A step whose ground is missing: it fails with the reason instead of vanishing.
    pub fn blocked(&mut self, name: &str, by: &str) {
        let _ = self.step(name, || Err(format!("因“{by}”失败而没有进行")));
    }

    /// Prints the table and the closing line. Failure when anything failed.
    pub fn close(self) -> Result<(), String> {
        let total: Duration = self.steps.iter().map(|s| s.took).sum();
        println!("\n步骤汇总（共 {:.0} 秒）", total.as_secs_f64());
        for Step { name, took, count } in &self.steps {
            let mark = match count {
                Count { failed: 1.., .. } => "失败",
                Count { passed: 0, .. } => "未检测",
                _ => "通过",
            };
            println!(
                "  {mark}\t{:7.1} 秒\t{} 通过 {} 失败 {} 跳过\t{name}",
                took.as_secs_f64(),
                count.passed,
                count.failed,
                count.skipped
            );
        }
        for step in &self.steps {
            if let Some(why) = &step.count.why {
                println!("  {}：{why}", step.name);
            }
        }
        let sum = |of: fn(&Count) -> u64| self.steps.iter().map(|s| of(&s.count)).sum::<u64>();
        let (passed, failed, skipped) = (sum(|c| c.passed), sum(|c| c.failed), sum(|c| c.skipped));
        println!();
        if skipped == 0 {
            println!("{passed} passed, {failed} failed");
        } else {
            println!("{passed} passed, {failed} failed, {skipped} skipped");
        }
        if failed == 0 { Ok(()) } else { Err(String::new()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    fn read(lines: &[&str]) -> (u64, u64, u64) {
        let mut count = Count::default();
        for line in lines {
            count.read(line);
        }
        (count.passed, count.failed, count.skipped)
    }

    #[test]
    fn closing_lines_of_every_runner_are_added_up() {
        let nextest = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.021s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped";
        assert_eq!(read(&[nextest]), (11, 1, 3));
        assert_eq!(read(&["     Summary [   0.021s] 1 test run: 1 passed, 0 skipped"]), (1, 0, 0));
        assert_eq!(read(&["test result: ok. 5 passed; 0 failed; 2 ignored; 0 measured"]), (5, 0, 2));
        assert_eq!(read(&["ℹ tests 4", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 0", "ℹ skipped 0"]), (3, 1, 0));
        assert_eq!(read(&["# tests 4", "# pass 3", "# fail 1", "# todo 0"]), (3, 1, 0));
        assert_eq!(read(&["20 passed, 0 failed"]), (20, 0, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(read(&["   Compiling x v0.1.0", "9 persons passed by", "running 3 tests"]), (0, 0, 0));
    }
}
