//! What one folder will become: every file to its material and page.

use super::{
    FolderFinding, IMAGES, Layout, PlannedMaterial, PlannedPage, VolumeFiles, VolumePlan, WORKBOOK,
    all_digits, drop_path, parts, person_of_folder, stem_and_ext,
};
use crate::{
    intake::{
        Severity,
        catalogue::{CatalogueFile, CatalogueItem},
        class_code::{class_of_folder, parse_class},
        shift::is_name,
        text::squeeze,
    },
    volume::Scheme,
};
use std::collections::BTreeMap;

/// Which material and page a file is.
enum Place {
    /// By class and number.
    Number(String, u32, u32),
    /// By the row of the catalogue, from 0.
    Row(usize, u32),
    /// As before, though the number in the folder's name says another row.
    RowByTitle(usize, u32),
}

/// Plans one volume. `catalogue` is what its workbook (or `catalog.json`) says.
pub fn plan_volume(
    layout: Layout,
    files: &VolumeFiles,
    catalogue: Option<&CatalogueFile>,
    scheme: &Scheme,
) -> VolumePlan {
    let mut plan = Planner {
        layout,
        files,
        items: Vec::new(),
        pages: Vec::new(),
        out: VolumePlan {
            root: files.root.clone(),
            person: catalogue.map(|c| c.person.clone()).unwrap_or_default(),
            materials: Vec::new(),
            findings: Vec::new(),
            unmatched: Vec::new(),
        },
    };
    plan.read_catalogue(catalogue, scheme);
    plan.check_person();
    for path in &files.files {
        plan.file(path);
    }
    plan.finish(scheme)
}

struct Planner<'a> {
    layout: Layout,
    files: &'a VolumeFiles,
    items: Vec<CatalogueItem>,
    pages: Vec<BTreeMap<u32, String>>,
    out: VolumePlan,
}

impl Planner<'_> {
    fn say(&mut self, path: &str, code: &'static str, severity: Severity, message: String) {
        self.out.findings.push(FolderFinding { path: path.to_owned(), code: code.into(), severity, message });
    }

    fn catalogue_path(&self) -> String {
        let paths = [&self.files.catalog_json, &self.files.workbook];
        paths.into_iter().flatten().next().cloned().unwrap_or_else(|| self.files.root.clone())
    }

    fn read_catalogue(&mut self, catalogue: Option<&CatalogueFile>, scheme: &Scheme) {
        let path = self.catalogue_path();
        let Some(catalogue) = catalogue else {
            let text = format!(
                "案卷文件夹中没有目录工作簿“{WORKBOOK}”，无法确定是谁的案卷、有哪些材料；请放入后重新导入。"
            );
            self.say(&path, "CATALOGUE_MISSING", Severity::Error, text);
            return;
        };
        for f in &catalogue.findings {
            let finding = FolderFinding {
                path: path.clone(),
                code: f.code.clone(),
                severity: f.severity,
                message: f.message.clone(),
            };
            self.out.findings.push(finding);
        }
        for item in &catalogue.items {
            match scheme.class(&item.class_code) {
                Some(class) if class.leaf => self.items.push(item.clone()),
                found => {
                    let why =
                        if found.is_some() { "下设子类，材料须归入子类" } else { "不存在" };
                    let text = format!(
                        "目录第 {} 行的类号 {} 在“{}”中{why}，请改正。",
                        item.row, item.class_code, scheme.name
                    );
                    self.say(&path, "CLASS_UNKNOWN", Severity::Error, text);
                }
            }
        }
        self.pages = vec![BTreeMap::new(); self.items.len()];
    }

    fn check_person(&mut self) {
        let path = self.catalogue_path();
        let person = &self.out.person;
        let has_catalogue = self.files.workbook.is_some() || self.files.catalog_json.is_some();
        if has_catalogue && (person.name.is_empty() || (person.id_no.is_none() && person.number.is_none())) {
            let text = "目录工作簿的“基本信息”缺少姓名，或身份证号和学号/工号都没有，无法确定是谁的案卷。"
                .to_owned();
            self.say(&path, "PERSON_MISSING", Severity::Error, text);
            return;
        }
        let folder = parts(&self.files.root).1.to_owned();
        if self.layout == Layout::C && has_catalogue {
            let Some((name, id)) = person_of_folder(&folder) else { return };
            let (same_name, same_id) =
                (squeeze(&name) == squeeze(&person.name), person.id_no.is_none_or(|p| p == id));
            if !same_name || !same_id {
                let what = if same_id { "姓名" } else { "身份证号" };
                let text = format!("文件夹名中的{what}与目录工作簿“基本信息”不一致，请核对是否放错了案卷。");
                self.say(&self.files.root.clone(), "PERSON_MISMATCH", Severity::Error, text);
            } else if person.id_no.is_none() {
                self.out.person.id_no = Some(id);
            }
        } else if self.layout == Layout::B && has_catalogue && !folder.is_empty() {
            let looks_like_name = is_name(&folder) && folder.chars().count() <= 4;
            if looks_like_name && squeeze(&folder) != squeeze(&person.name) {
                let text = "文件夹名与目录工作簿“基本信息”中的姓名不一致，请核对是否放错了案卷。".to_owned();
                self.say(&self.files.root.clone(), "PERSON_MISMATCH", Severity::Warning, text);
            }
        }
    }

    fn file(&mut self, path: &str) {
        let inside = path.strip_prefix(self.files.root.as_str()).unwrap_or(path).trim_start_matches('/');
        let (folder, name) = parts(inside);
        let (stem, ext) = stem_and_ext(name);
        if self.layout == Layout::J && (folder == "optimized" || folder.starts_with("optimized/")) {
            drop_path(&mut self.out.unmatched, path, "优化图像由系统从原始图像重新生成，不导入");
            return;
        }
        if !IMAGES.contains(&ext.as_str()) {
            let reason = match ext.as_str() {
                "pdf" => "PDF 文件不按页导入，请在材料页面中上传",
                "xlsx" | "xls" => "不是本案卷的目录工作簿，不导入",
                _ => "不是图像文件（jpg、png、tif），不导入",
            };
            drop_path(&mut self.out.unmatched, path, reason);
            return;
        }
        let place = match self.layout {
            Layout::A => place_a(folder, stem),
            Layout::B => place_b(folder, stem),
            Layout::C => place_c(folder, stem, &self.items),
            Layout::J => folder
                .strip_prefix("original/")
                .ok_or("不在 original 文件夹中")
                .and_then(|f| place_a(f, stem)),
        };
        match place {
            Ok(place) => self.put(path, place),
            Err(reason) => drop_path(&mut self.out.unmatched, path, reason),
        }
    }

    fn put(&mut self, path: &str, place: Place) {
        let (row, page) = match place {
            Place::Row(row, page) => (row, page),
            Place::RowByTitle(row, page) => {
                let folder = parts(path).0;
                if !self.out.findings.iter().any(|f| f.path == folder) {
                    let text = "文件夹编号与目录的行次不同，已按材料名称对应，请核对。".to_owned();
                    self.say(folder, "NUMBER_MISMATCH", Severity::Warning, text);
                }
                (row, page)
            }
            Place::Number(class, seq, page) => {
                let Some(row) = self.items.iter().position(|i| i.class_code == class && i.seq == seq) else {
                    let reason = format!("目录中没有编号 {class}-{seq} 的材料");
                    drop_path(&mut self.out.unmatched, path, &reason);
                    return;
                };
                (row, page)
            }
        };
        let Some(pages) = self.pages.get_mut(row) else { return };
        match pages.get(&page) {
            Some(first) => {
                let reason =
                    format!("与“{}”是同一份材料的同一页（第 {page} 页），只导入前者", parts(first).1);
                drop_path(&mut self.out.unmatched, path, &reason);
            }
            None => drop(pages.insert(page, path.to_owned())),
        }
    }

    fn finish(mut self, scheme: &Scheme) -> VolumePlan {
        let path = self.catalogue_path();
        let items = std::mem::take(&mut self.items);
        let pages = std::mem::take(&mut self.pages);
        let mut materials: Vec<PlannedMaterial> = items
            .into_iter()
            .zip(pages)
            .map(|(item, pages)| PlannedMaterial {
                item,
                pages: pages.into_iter().map(|(no, path)| PlannedPage { no, path }).collect(),
            })
            .collect();
        materials.sort_by_key(|m| (scheme.rank(&m.item.class_code), m.item.seq));
        for m in &materials {
            self.check_pages(&path, m);
        }
        self.out.materials = materials;
        self.out
    }

    fn check_pages(&mut self, catalogue: &str, m: &PlannedMaterial) {
        let no = format!("{}-{}", m.item.class_code, m.item.seq);
        let Some(last) = m.pages.last() else {
            let text = format!("目录中的材料 {no} 没有对应的图像，将作为未扫描的材料登记。");
            self.say(catalogue, "MATERIAL_NO_PAGES", Severity::Warning, text);
            return;
        };
        let folder = parts(&last.path).0.to_owned();
        let missing: Vec<String> = (1..last.no.min(2000))
            .filter(|n| !m.pages.iter().any(|p| p.no == *n))
            .map(|n| n.to_string())
            .collect();
        if !missing.is_empty() {
            let shown: Vec<String> = missing.iter().take(10).cloned().collect();
            let text = format!("材料 {no} 缺第 {} 页，请核对是否漏扫。", shown.join("、"));
            self.say(&folder, "PAGE_GAP", Severity::Warning, text);
        }
        let count = m.pages.iter().filter(|p| p.no > 0).count();
        if let Some(stated) = m.item.page_count.filter(|n| *n as usize != count) {
            let text = format!("材料 {no} 目录写 {stated} 页，实有图像 {count} 页，请核对。");
            self.say(&folder, "PAGE_COUNT_MISMATCH", Severity::Warning, text);
        }
    }
}

const NOT_A_PAGE: &str = "文件名不是页号（应为 001.jpg 这样的数字）";

fn page_number(stem: &str) -> Result<u32, &'static str> {
    if all_digits(stem) { stem.parse().map_err(|_| NOT_A_PAGE) } else { Err(NOT_A_PAGE) }
}

/// `{class}/{number}/{page}`
fn place_a(folder: &str, stem: &str) -> Result<Place, &'static str> {
    let Some((class, seq)) = folder.split_once('/').filter(|(_, s)| !s.contains('/')) else {
        return Err("不符合“类号/材料序号/页号”的目录层次");
    };
    let class = parse_class(class).or_else(|| class_of_folder(class)).ok_or("类号文件夹的名称无法识别")?;
    let seq = Some(seq)
        .filter(|s| all_digits(s))
        .and_then(|s| s.parse().ok())
        .ok_or("材料序号文件夹的名称不是数字")?;
    Ok(Place::Number(class, seq, page_number(stem)?))
}

/// `{class}.{name}/{NN}{page}`
fn place_b(folder: &str, stem: &str) -> Result<Place, &'static str> {
    if folder.is_empty() || folder.contains('/') {
        return Err("不符合“类号.类名/材料序号加页号”的目录层次");
    }
    let class = class_of_folder(folder).ok_or("类别文件夹的名称不以类号开头")?;
    if stem.len() < 4 || !all_digits(stem) {
        return Err("文件名不是“两位材料序号＋页号”（如 0101.jpg）");
    }
    let (seq, page) = stem.split_at(2);
    let seq = seq.parse().map_err(|_| NOT_A_PAGE)?;
    Ok(Place::Number(class, seq, page_number(page)?))
}

/// `{NN}{title}/{page}`, or `{NN}{page}` beside the workbook.
fn place_c(folder: &str, stem: &str, items: &[CatalogueItem]) -> Result<Place, &'static str> {
    if folder.is_empty() {
        let (no, page) = match stem.split_once(['-', '_']) {
            Some(pair) => pair,
            None if stem.len() >= 4 && all_digits(stem) => stem.split_at(2),
            None => return Err("文件名不是“两位材料序号＋页号”（如 0101.jpg），也不在材料文件夹中"),
        };
        let row = page_number(no)? as usize;
        let page = page_number(page)?;
        return match row.checked_sub(1).filter(|r| *r < items.len()) {
            Some(row) => Ok(Place::Row(row, page)),
            None => Err("目录中没有这一行次的材料"),
        };
    }
    if folder.contains('/') {
        return Err("不符合“序号＋材料名称/页号”的目录层次");
    }
    let page = page_number(stem)?;
    match_title(folder, items)
        .map(|(row, by_number)| if by_number { Place::Row(row, page) } else { Place::RowByTitle(row, page) })
}

/// Only what counts in a title: a folder's name cannot hold every character.
fn title_key(title: &str) -> String {
    squeeze(title).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// `012023年度考核登记表` is number 01 and a title that starts with a year: every split
/// of the leading digits is tried, and the catalogue decides.
fn match_title(folder: &str, items: &[CatalogueItem]) -> Result<(usize, bool), &'static str> {
    let folder = squeeze(folder);
    let digits = folder.bytes().take_while(u8::is_ascii_digit).count();
    let splits: Vec<(usize, String)> = [2, 3, 1]
        .into_iter()
        .filter(|n| *n <= digits)
        .filter_map(|n| Some((folder.get(..n)?.parse().ok()?, title_key(folder.get(n..)?))))
        .collect();
    let title_of = |no: usize| no.checked_sub(1).and_then(|i| items.get(i)).map(|i| title_key(&i.title));
    for (no, title) in &splits {
        if title_of(*no).as_ref() == Some(title) {
            return Ok((no - 1, true));
        }
    }
    // A long title may have been cut to fit a path.
    for (no, title) in &splits {
        if title.chars().count() >= 4 && title_of(*no).is_some_and(|t| t.starts_with(title.as_str())) {
            return Ok((no - 1, true));
        }
    }
    let whole = title_key(&folder);
    let titles = splits.iter().map(|(_, t)| t).chain(std::iter::once(&whole));
    for title in titles.filter(|t| !t.is_empty()) {
        let mut rows = items.iter().enumerate().filter(|(_, i)| title_key(&i.title) == *title);
        if let (Some((row, _)), None) = (rows.next(), rows.next()) {
            return Ok((row, false));
        }
    }
    Err("文件夹的编号和名称与目录中的材料对不上")
}
