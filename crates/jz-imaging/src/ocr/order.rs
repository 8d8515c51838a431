//! Reading order: from top to bottom, from left to right, table rows as rows,
//! paragraphs in one piece even beside a label.

use super::page::Line;

/// A line at least this many times as long as high can belong to a paragraph.
const LONG: f32 = 10.0;
/// A paragraph goes on while its lines end this near to the right margin, in
/// line heights.
const FULL: f32 = 3.0;

/// Lines of a paragraph are not further apart than this, in line heights …
const APART: f32 = 1.2;
/// … and beside a label no further than this: rows of a form are wider apart.
const APART_BESIDE: f32 = 0.45;

/// A piece of the page that is not cut further: a line, or a paragraph.
struct Block {
    lines: Vec<usize>,
    x0: f32,
    y0: f32,
    x1: f32,
    y1: f32,
}

/// Sorts the lines of a page.
pub(super) fn sort(lines: &mut Vec<Line>) {
    let boxes = straightened(lines);
    let blocks = paragraphs(&boxes);
    let mut order = Vec::with_capacity(lines.len());
    cut(blocks, &mut order);
    let mut taken: Vec<Option<Line>> = std::mem::take(lines).into_iter().map(Some).collect();
    lines.extend(order.into_iter().filter_map(|i| taken[i].take()));
}

/// Upright boxes of all lines after the page's slant has been taken out: the
/// median slant of its lines.
fn straightened(lines: &[Line]) -> Vec<[f32; 4]> {
    let mut slants: Vec<(f32, f32)> = lines
        .iter()
        .filter(|l| l.quad.length() > 2.0 * l.quad.height())
        .map(|l| {
            let (a, b) = (l.quad.corner(0), l.quad.corner(1));
            ((b.1 - a.1) / (b.0 - a.0), l.quad.length())
        })
        .filter(|s| s.0.abs() < 0.3)
        .collect();
    slants.sort_by(|a, b| a.0.total_cmp(&b.0));
    let slant = weighted_median(&slants);
    lines
        .iter()
        .map(|l| {
            let middle = |axis: usize| (0..4).map(|i| l.quad.0[2 * i + axis]).sum::<f32>() / 4.0;
            let (cx, cy) = (middle(0), middle(1));
            let (dx, dy) = (l.quad.corner(1).0 - l.quad.corner(0).0, l.quad.corner(1).1 - l.quad.corner(0).1);
            let (w, h) = if dx.abs() >= dy.abs() {
                (l.quad.length(), l.quad.height())
            } else {
                (l.quad.height(), l.quad.length())
            };
            let (x, y) = (cx + slant * cy, cy - slant * cx);
            [x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0]
        })
        .collect()
}

/// Long lines know the slant of a page better than short ones.
fn weighted_median(sorted: &[(f32, f32)]) -> f32 {
    let half = sorted.iter().map(|s| s.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    for &(slant, weight) in sorted {
        sum += weight;
        if sum >= half {
            return slant;
        }
    }
    0.0
}

/// Joins full lines with the line below them. Lines that share their height with
/// two others or more are table rows and stay apart.
fn paragraphs(boxes: &[[f32; 4]]) -> Vec<Block> {
    let mut rows: Vec<usize> = (0..boxes.len()).collect();
    rows.sort_by(|&a, &b| boxes[a][1].total_cmp(&boxes[b][1]));
    let company: Vec<usize> =
        boxes.iter().map(|a| boxes.iter().filter(|b| overlap(a, b, 1) > 0.5).count() - 1).collect();
    let mut blocks: Vec<Block> = vec![];
    for i in rows {
        let [x0, y0, x1, y1] = boxes[i];
        let home = blocks.iter_mut().find(|block| {
            let last = &boxes[block.lines[block.lines.len() - 1]];
            let height = (last[3] - last[1]).min(y1 - y0);
            let full = last[2] - last[0] >= LONG * height && last[2] >= block.x1 - FULL * height;
            let beside = company[i].max(company[block.lines[block.lines.len() - 1]]);
            let apart = if beside == 0 { APART } else { APART_BESIDE };
            let below = (y0 - last[3]).abs() < apart * height && y0 > f32::midpoint(last[1], last[3]);
            let sizes = (last[3] - last[1]) / (y1 - y0);
            full && below
                && beside <= 1
                && (0.6..1.7).contains(&sizes)
                && overlap(last, &boxes[i], 0) > 0.6
                && x1 <= block.x1 + FULL * height
        });
        match home {
            Some(block) => {
                block.lines.push(i);
                (block.x0, block.x1) = (block.x0.min(x0), block.x1.max(x1));
                block.y1 = block.y1.max(y1);
            }
            None => blocks.push(Block { lines: vec![i], x0, y0, x1, y1 }),
        }
    }
    blocks
}

/// Share of the smaller one that two boxes have in common along an axis.
fn overlap(a: &[f32; 4], b: &[f32; 4], axis: usize) -> f32 {
    let common = a[axis + 2].min(b[axis + 2]) - a[axis].max(b[axis]);
    let least = (a[axis + 2] - a[axis]).min(b[axis + 2] - b[axis]);
    if least > 0.0 { common / least } else { 0.0 }
}

/// Cuts along free horizontal strips, then along free vertical ones, and so on;
/// what cannot be cut is taken from the top.
fn cut(blocks: Vec<Block>, order: &mut Vec<usize>) {
    if let [only] = &blocks[..] {
        order.extend(&only.lines);
        return;
    }
    // Boxes of neighbouring rows touch a little, those of columns hardly.
    let vertical = |b: &Block| {
        let slack = (b.y1 - b.y0) / b.lines.len() as f32 * 0.25;
        (b.y0 + slack, b.y1 - slack)
    };
    let horizontal = |b: &Block| (b.x0 + (b.x1 - b.x0) * 0.02, b.x1 - (b.x1 - b.x0) * 0.02);
    let blocks = match split(blocks, vertical) {
        Ok(strips) => return strips.into_iter().for_each(|s| cut(s, order)),
        Err(blocks) => blocks,
    };
    let mut blocks = match split(blocks, horizontal) {
        Ok(columns) => return columns.into_iter().for_each(|c| cut(c, order)),
        Err(blocks) => blocks,
    };
    blocks.sort_by(|a, b| a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)));
    for block in blocks {
        order.extend(block.lines);
    }
}

/// Groups blocks whose extents touch; gives them back if there is one group only.
fn split(
    mut blocks: Vec<Block>,
    extent: impl Fn(&Block) -> (f32, f32),
) -> Result<Vec<Vec<Block>>, Vec<Block>> {
    blocks.sort_by(|a, b| extent(a).0.total_cmp(&extent(b).0));
    let mut groups: Vec<Vec<Block>> = vec![];
    let mut reach = f32::MIN;
    for block in blocks {
        let (from, to) = extent(&block);
        match groups.last_mut() {
            Some(group) if from < reach => group.push(block),
            _ => groups.push(vec![block]),
        }
        reach = reach.max(to);
    }
    if groups.len() > 1 { Ok(groups) } else { Err(groups.pop().unwrap_or_default()) }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Rect;
    use super::*;

    /// A line with its upper left corner at `x, y`, slanted like the page.
    fn at(text: &str, x: f32, y: f32, w: f32, h: f32, slant: f32) -> Line {
        let (ux, uy) = (slant.cos(), slant.sin());
        let (cx, cy) = (x + w / 2.0, y + h / 2.0);
        let quad = Rect { cx: cx * ux - cy * uy, cy: cx * uy + cy * ux, ux, uy, w, h }.quad();
        Line { text: text.into(), conf: 1.0, bounds: quad.bounds(), quad, chars: vec![] }
    }

    fn read(mut lines: Vec<Line>) -> String {
        sort(&mut lines);
        lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn table_rows_are_read_across_even_when_slanted() {
        for slant in [0.0, 0.035, -0.035] {
            let mut lines = vec![];
            for row in (0..4).rev() {
                for col in (0..5).rev() {
                    let (x, y) = (100.0 + 400.0 * col as f32, 100.0 + 60.0 * row as f32);
                    lines.push(at(&format!("{row}{col}"), x, y, 150.0, 44.0, slant));
                }
            }
            let want = "00 01 02 03 04 10 11 12 13 14 20 21 22 23 24 30 31 32 33 34";
            assert_eq!(read(lines), want, "slant {slant}");
        }
    }

    #[test]
    fn a_label_beside_a_paragraph_does_not_cut_it() {
        let lines = vec![
            at("c", 500.0, 204.0, 300.0, 44.0, 0.0),
            at("b", 500.0, 152.0, 1200.0, 44.0, 0.0),
            at("a", 500.0, 100.0, 1200.0, 44.0, 0.0),
            at("label", 100.0, 152.0, 200.0, 44.0, 0.0),
            at("next", 100.0, 320.0, 200.0, 44.0, 0.0),
        ];
        assert_eq!(read(lines), "label a b c next");
    }

    #[test]
    fn rows_of_a_form_with_long_values_stay_rows() {
        let mut lines = vec![];
        for row in 0..3 {
            let y = 100.0 + 110.0 * row as f32;
            lines.push(at(&format!("value{row}"), 500.0, y, 1000.0, 70.0, 0.0));
            lines.push(at(&format!("label{row}"), 100.0, y, 300.0, 70.0, 0.0));
        }
        assert_eq!(read(lines), "label0 value0 label1 value1 label2 value2");
    }

    #[test]
    fn two_columns_are_read_one_after_the_other() {
        let mut lines = vec![];
        for row in 0..3 {
            let y = 100.0 + 60.0 * row as f32;
            lines.push(at(&format!("r{row}"), 1300.0, y, 1000.0, 44.0, 0.0));
            lines.push(at(&format!("l{row}"), 100.0, y, 1000.0, 44.0, 0.0));
        }
        assert_eq!(read(lines), "l0 l1 l2 r0 r1 r2");
    }

    #[test]
    fn nothing_is_lost() {
        let lines: Vec<_> = (0..50)
            .map(|i| at(&i.to_string(), (i * 37 % 400) as f32, (i * 53 % 300) as f32, 90.0, 60.0, 0.0))
            .collect();
        assert_eq!(read(lines).split(' ').count(), 50);
        assert_eq!(read(vec![]), "");
    }
}
