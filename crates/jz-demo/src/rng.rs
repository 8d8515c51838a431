//! A small random generator whose answers never change between versions.
//!
//! Every person, page and text has its own generator, made from the seed, a stream
//! and a number: the same thing comes out whatever was made before it, on any thread.

/// SplitMix64.
#[derive(Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The generator of thing `index` in `stream`.
    pub(crate) fn of(seed: u64, stream: Stream, index: u64) -> Self {
        let mut rng = Self(seed ^ (stream as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let start = rng.next() ^ index.wrapping_mul(0xd6e8_feb8_6659_fd93);
        let mut rng = Self(start);
        rng.next();
        rng
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `0..n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Both ends included.
    pub(crate) fn between(&mut self, from: i32, to: i32) -> i32 {
        from + self.below((to - from + 1).max(1) as usize) as i32
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the list; the default of an empty list is never asked for here.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T
    where
        &'a T: Default,
    {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }

    /// `0.0..1.0`
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// `-1.0..1.0`, more often near the middle.
    pub(crate) fn swing(&mut self) -> f32 {
        self.unit() - self.unit()
    }

    /// Normal distribution, mean 0, deviation 1.
    pub(crate) fn gauss(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}

/// What the numbers are used for; streams do not disturb each other.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Person = 1,
    Workbook,
    Volume,
    Page,
    Hand,
    Corpus,
    Paper,
}

#[cfg(test)]
mod tests {
    use super::{Rng, Stream};

    #[test]
    fn streams_and_numbers_differ_and_repeat() {
        let first = |seed, stream, index| Rng::of(seed, stream, index).next();
        assert_eq!(first(1, Stream::Page, 7), first(1, Stream::Page, 7));
        let all = [
            first(1, Stream::Page, 7),
            first(1, Stream::Page, 8),
            first(2, Stream::Page, 7),
            first(1, Stream::Person, 7),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b));
        }
    }

    #[test]
    fn ranges_hold_their_ends() {
        let mut rng = Rng::of(3, Stream::Paper, 0);
        let seen: Vec<i32> = (0..2000).map(|_| rng.between(-2, 3)).collect();
        assert_eq!(seen.iter().min(), Some(&-2));
        assert_eq!(seen.iter().max(), Some(&3));
        let mean = (0..20_000).map(|_| rng.gauss()).sum::<f32>() / 20_000.0;
        assert!(mean.abs() < 0.05, "{mean}");
    }
}
