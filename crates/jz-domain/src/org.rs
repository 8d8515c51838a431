//! 组织树 (org): kinds of Party organisation and the numbers that make subtrees cheap.
//!
//! Every organisation owns a range `lo..=hi` of a pre-order numbering with gaps. A
//! record written for an organisation carries its `lo` as `org_no`, so "this unit and
//! below" is `org_no between lo and hi` on any table, never a recursive query.
//! A new kind of organisation is a new row of [`KINDS`].

/// One kind of organisation (source: `domain-membership` 2.1).
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Stable code.
    pub code: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// Whether people may be put directly into it.
    pub holds_people: bool,
}

/// All kinds, from the top down.
#[rustfmt::skip]
pub static KINDS: &[Kind] = &[
    Kind { code: "XDW",  label: "学校党委", holds_people: false },
    Kind { code: "EJDW", label: "二级党委", holds_people: false },
    Kind { code: "DZZ",  label: "党总支",   holds_people: false },
    Kind { code: "ZB",   label: "党支部",   holds_people: true },
    Kind { code: "LHZB", label: "联合党支部", holds_people: true },
    Kind { code: "LSZB", label: "临时党支部", holds_people: true },
    Kind { code: "DXZ",  label: "党小组",   holds_people: true },
];

/// Looks a kind up by its code.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.code == code)
}

/// An inclusive range of pre-order numbers: an organisation and all below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Number of the organisation itself.
    pub lo: i64,
    /// Last number that belongs to its subtree.
    pub hi: i64,
}

impl Span {
    /// The range of the top organisation.
    pub const ALL: Self = Self { lo: 1, hi: 1 << 52 };

    /// Whether the number lies in the subtree.
    pub fn holds(self, no: i64) -> bool {
        self.lo <= no && no <= self.hi
    }

    /// Whether the other subtree lies in this one.
    pub fn covers(self, other: Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    /// The range for a new child, after the children there are. `None` when the
    /// numbers are used up and the tree must be numbered anew.
    ///
    /// A child gets a sixteenth of what is left, so that a parent can take many
    /// children and each child many of its own.
    pub fn child(self, last_child: Option<Self>) -> Option<Self> {
        let from = last_child.map_or(self.lo, |c| c.hi) + 1;
        let room = self.hi - from + 1;
        if room < 1 {
            return None;
        }
        let size = (room / 16).max(1);
        Some(Self { lo: from, hi: from + size - 1 })
    }
}

/// Merges ranges that touch or overlap, so that a filter has as few parts as possible.
pub fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for s in spans {
        match out.last_mut() {
            Some(last) if s.lo <= last.hi + 1 => last.hi = last.hi.max(s.hi),
            _ => out.push(s),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_lie_inside_and_apart() {
        let mut last = None;
        let mut seen: Vec<Span> = Vec::new();
        for _ in 0..300 {
            let Some(c) = Span::ALL.child(last) else { break };
            assert!(Span::ALL.covers(c) && c.lo > Span::ALL.lo);
            assert!(seen.iter().all(|s| s.hi < c.lo));
            seen.push(c);
            last = Some(c);
        }
        assert_eq!(seen.len(), 300);
        let grandchild = seen.first().and_then(|c| c.child(None));
        assert!(grandchild.is_some_and(|g| seen.first().is_some_and(|c| c.covers(g))));
    }

    #[test]
    fn a_full_parent_says_so() {
        let tiny = Span { lo: 5, hi: 5 };
        assert_eq!(tiny.child(None), None);
    }

    #[test]
    fn merging_keeps_gaps() {
        let s = |lo, hi| Span { lo, hi };
        assert_eq!(merge(vec![s(5, 9), s(1, 3), s(4, 4), s(20, 30), s(6, 7)]), vec![s(1, 9), s(20, 30)]);
    }
}
