//! Proofs against `ct-merkle`, against the definitions of RFC 6962, and against every small change.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use jz_proof::hash::{TreeHash, empty_root, node_hash};
use jz_proof::tiles::{self, Content, Tile, TileNodes};
use jz_proof::tree::{
    MAX_SIZE, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion,
};
use jz_proof::{Edge, Forest, Hash, Head, Nodes as _, ProofError, leaf_hash};
use proptest::prelude::*;
use sha2::Sha256;
use sm3::Sm3;
use std::collections::{BTreeMap, BTreeSet};

const MOST: u64 = 600;

fn leaf(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

fn forest<D: TreeHash>(size: u64) -> Forest<D> {
    let mut forest = Forest::default();
    forest.extend((0..size).map(leaf));
    forest
}

/// MTH, PATH and SUBPROOF word for word from RFC 6962, 2.1.
struct Definition(Vec<Hash>);

impl Definition {
    fn split(n: usize) -> usize {
        1 << (n - 1).ilog2()
    }

    fn mth(d: &[Hash]) -> Hash {
        match d {
            [] => empty_root::<Sha256>(),
            [one] => *one,
            _ => {
                let (l, r) = d.split_at(Self::split(d.len()));
                node_hash::<Sha256>(&Self::mth(l), &Self::mth(r))
            }
        }
    }

    fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() == 1 {
            return Vec::new();
        }
        let k = Self::split(d.len());
        let (l, r) = d.split_at(k);
        let (mut path, other) = if m < k { (Self::path(m, l), r) } else { (Self::path(m - k, r), l) };
        path.push(Self::mth(other));
        path
    }

    fn subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
        if m == d.len() {
            return if whole { Vec::new() } else { vec![Self::mth(d)] };
        }
        let k = Self::split(d.len());
        let (l, r) = d.split_at(k);
        let (mut proof, other) =
            if m <= k { (Self::subproof(m, l, whole), r) } else { (Self::subproof(m - k, r, false), l) };
        proof.push(Self::mth(other));
        proof
    }
}

fn agrees_with_the_library<D: TreeHash + Clone>(most: u64) {
    let mut theirs: MemoryBackedTree<D, Vec<u8>> = MemoryBackedTree::new();
    let (mut ours, mut edge) = (Forest::<D>::default(), Edge::<D>::default());
    let mut heads = vec![Head { size: 0, root: empty_root::<D>() }];
    for size in 1..=most {
        theirs.push(leaf(size - 1));
        ours.push(&leaf(size - 1));
        edge.push(&leaf(size - 1));
        let top = ours.root();
        assert_eq!(top[..], theirs.root().as_bytes()[..], "{size}");
        assert_eq!(edge.root(), top);
        assert_eq!(Edge::<D>::from_bytes(&edge.to_bytes()).unwrap().root(), top);
        for index in 0..size {
            let path = prove_inclusion::<D>(&ours, index, size).unwrap();
            assert_eq!(path.concat(), theirs.prove_inclusion(index as usize).as_bytes(), "{index} of {size}");
        }
        for old in 1..=size {
            let path = prove_consistency::<D>(&ours, old, size).unwrap();
            let theirs = theirs.prove_consistency((size - old) as usize);
            assert_eq!(path.concat(), theirs.as_bytes(), "{old} to {size}");
        }
        heads.push(Head { size, root: top });
    }
    // A larger tree still proves about all the smaller ones.
    for head in &heads {
        assert_eq!(root::<D>(&ours, head.size).unwrap(), head.root);
    }
    for (size, step) in [(most, 1), (most - 1, 7)] {
        let head = heads[size as usize];
        for n in (0..size).step_by(step) {
            let path = prove_inclusion::<D>(&ours, n, size).unwrap();
            verify_inclusion::<D>(&leaf(n), n, size, &head.root, &path).unwrap();
            let path = prove_consistency::<D>(&ours, n, size).unwrap();
            verify_consistency::<D>(heads[n as usize], head, &path).unwrap();
        }
    }
}

#[test]
fn agrees_with_the_library_at_every_size_sha256() {
    agrees_with_the_library::<Sha256>(MOST);
}

#[test]
fn agrees_with_the_library_at_every_size_sm3() {
    agrees_with_the_library::<Sm3>(150);
}

#[test]
fn agrees_with_the_definitions() {
    let nodes = forest::<Sha256>(140);
    let all = Definition((0..140).map(|n| leaf_hash::<Sha256>(&leaf(n))).collect());
    for size in 1..=140 {
        let d = &all.0[..size];
        assert_eq!(root::<Sha256>(&nodes, size as u64).unwrap(), Definition::mth(d));
        for n in 0..size {
            let path = prove_inclusion::<Sha256>(&nodes, n as u64, size as u64).unwrap();
            assert_eq!(path, Definition::path(n, d), "{n} of {size}");
            let path = prove_consistency::<Sha256>(&nodes, n as u64 + 1, size as u64).unwrap();
            assert_eq!(path, Definition::subproof(n + 1, d, true), "{n} of {size}");
        }
    }
}

#[test]
fn known_answers() {
    // Leaves and roots of the tests of Certificate Transparency.
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut forest = Forest::<Sha256>::default();
    for (leaf, root) in leaves.iter().zip(roots) {
        forest.push(leaf);
        assert_eq!(hex::encode(forest.root()), root);
    }
    // SM3 of "abc", GB/T 32905 A.1.
    let sm3: Hash = <Sm3 as sm3::Digest>::digest(b"abc").into();
    assert_eq!(hex::encode(sm3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

#[test]
fn what_lies_outside_is_refused() {
    let nodes = forest::<Sha256>(5);
    let cases = [
        ("index at the size", prove_inclusion::<Sha256>(&nodes, 5, 5)),
        ("larger than the tree", prove_inclusion::<Sha256>(&nodes, 0, 6)),
        ("empty tree", prove_inclusion::<Sha256>(&nodes, 0, 0)),
        ("shrinking", prove_consistency::<Sha256>(&nodes, 5, 4)),
        ("growing too far", prove_consistency::<Sha256>(&nodes, 5, 6)),
    ];
    for (name, got) in cases {
        assert_eq!(got, Err(ProofError::Outside), "{name}");
    }
    // Sizes that nobody can have do not stop the one who verifies.
    for size in [0, MAX_SIZE + 1, u64::MAX] {
        assert_eq!(verify_inclusion::<Sha256>(b"", size, size, &[0; 32], &[]), Err(ProofError::Outside));
    }
    let huge = Head { size: u64::MAX, root: [0; 32] };
    assert_eq!(verify_consistency::<Sha256>(huge, huge, &[]), Err(ProofError::Outside));
    let largest = verify_inclusion::<Sha256>(b"", MAX_SIZE - 1, MAX_SIZE, &[0; 32], &[[0; 32]; 62]);
    assert_eq!(largest, Err(ProofError::Root));
}

#[test]
fn the_empty_tree_is_the_beginning_of_all_but_has_one_root() {
    let empty = Head { size: 0, root: empty_root::<Sha256>() };
    let some = Head { size: 3, root: forest::<Sha256>(3).root() };
    assert_eq!(verify_consistency::<Sha256>(empty, some, &[]), Ok(()));
    assert_eq!(verify_consistency::<Sha256>(empty, some, &[[0; 32]]), Err(ProofError::Length));
    assert_eq!(
        verify_consistency::<Sha256>(Head { root: [1; 32], ..empty }, some, &[]),
        Err(ProofError::Root)
    );
    assert_eq!(verify_consistency::<Sha256>(empty, Head { size: 0, ..some }, &[]), Err(ProofError::Root));
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn no_changed_proof_of_inclusion_holds(size in 1..MOST, at in any::<u64>(), what in 0..6u8, bit in 0..256usize, place in any::<usize>()) {
        let (nodes, index) = (forest::<Sha256>(size), at % size);
        let (mut leaf, mut other, mut top) = (leaf(index), index, nodes.root());
        let mut path = prove_inclusion::<Sha256>(&nodes, index, size).unwrap();
        match what {
            0 => leaf[0] ^= 1 << (bit % 8),
            1 => other = (index + 1 + place as u64 % size.max(2)) % (2 * size),
            2 => top[bit / 8] ^= 1 << (bit % 8),
            3 if !path.is_empty() => { let n = place % path.len(); path[n][bit / 8] ^= 1 << (bit % 8) }
            4 if path.len() > 1 => { let n = place % (path.len() - 1); path.swap(n, n + 1) }
            5 if !path.is_empty() => { path.remove(place % path.len()); }
            _ => path.push([0; 32]),
        }
        prop_assume!(other != index || what != 1);
        prop_assert!(verify_inclusion::<Sha256>(&leaf, other, size, &top, &path).is_err());
    }

    #[test]
    fn no_changed_proof_of_consistency_holds(new in 2..MOST, at in any::<u64>(), what in 0..5u8, bit in 0..256usize, place in any::<usize>()) {
        let (nodes, old) = (forest::<Sha256>(new), 1 + at % (new - 1));
        let mut heads = [old, new].map(|size| Head { size, root: root::<Sha256>(&nodes, size).unwrap() });
        let mut path = prove_consistency::<Sha256>(&nodes, old, new).unwrap();
        match what {
            0 | 1 => heads[usize::from(what)].root[bit / 8] ^= 1 << (bit % 8),
            2 => { let n = place % path.len(); path[n][bit / 8] ^= 1 << (bit % 8) }
            3 => { path.remove(place % path.len()); }
            _ => path.push([0; 32]),
        }
        prop_assert!(verify_consistency::<Sha256>(heads[0], heads[1], &path).is_err());
    }

    #[test]
    fn a_rewritten_past_is_not_consistent(new in 2..MOST, at in any::<u64>(), changed in any::<u64>()) {
        let old = 1 + at % (new - 1);
        let honest = forest::<Sha256>(old);
        let mut other = Forest::<Sha256>::default();
        other.extend((0..new).map(|n| if n == changed % old { b"changed".to_vec() } else { leaf(n) }));
        let path = prove_consistency::<Sha256>(&other, old, new).unwrap();
        let heads = [Head { size: old, root: honest.root() }, Head { size: new, root: other.root() }];
        prop_assert_eq!(verify_consistency::<Sha256>(heads[0], heads[1], &path), Err(ProofError::Root));
    }
}

/// Exports step by step, as the server does, and answers the files.
fn export(sizes: &[u64]) -> BTreeMap<String, Vec<u8>> {
    let nodes = forest::<Sha256>(*sizes.last().unwrap());
    let (mut files, mut had) = (BTreeMap::new(), 0);
    for &size in sizes {
        for tile in Tile::added(had, size) {
            let bytes = match tile.content {
                Content::Entries => tiles::bundle(tile.entries().map(leaf)).unwrap(),
                Content::Hashes(level) => tiles::hashes(&nodes, level, &tile).unwrap(),
            };
            // A file that is there never changes.
            assert!(files.insert(tile.path(), bytes).is_none(), "{tile:?}");
        }
        for tile in Tile::outgrown(had, size) {
            assert!(files.remove(&tile.path()).is_some(), "{tile:?}");
        }
        had = size;
    }
    files
}

#[test]
fn an_export_in_steps_is_that_in_one_and_proves_the_same() {
    for sizes in [vec![1, 2, 255, 256, 257, 600], vec![256, 512], vec![3, 70_000]] {
        let size = *sizes.last().unwrap();
        let files = export(&sizes);
        assert_eq!(files, export(&[size]));
        assert_eq!(
            files.keys().cloned().collect::<BTreeSet<_>>(),
            Tile::added(0, size).iter().map(Tile::path).collect()
        );
        let nodes = forest::<Sha256>(size);
        let tiles = TileNodes::<Sha256, _>::new(size, |t: &Tile| files.get(&t.path()).cloned());
        for n in (0..size).step_by(1 + size as usize / 97) {
            assert_eq!(
                prove_inclusion::<Sha256>(&tiles, n, size),
                prove_inclusion::<Sha256>(&nodes, n, size)
            );
            assert_eq!(
                prove_consistency::<Sha256>(&tiles, n, size),
                prove_consistency::<Sha256>(&nodes, n, size)
            );
        }
        for tile in Tile::added(0, size).iter().filter(|t| t.content == Content::Entries) {
            let read = tiles::read_bundle(&files[&tile.path()], tile.width).unwrap();
            assert!(read.iter().map(|l| l.to_vec()).eq(tile.entries().map(leaf)));
        }
        assert_eq!(tiles.full(0, size), None);
    }
}

#[test]
fn tiles_are_named_as_c2sp_does() {
    // The example of the specification: 273 full tiles and one of 112; one full and one of 17; one of 1.
    let of = |level| Tile::added(0, 70_000).into_iter().filter(move |t| t.content == Content::Hashes(level));
    let widths = |level| of(level).map(|t| t.width).collect::<Vec<_>>();
    assert_eq!(widths(0).iter().filter(|w| **w == 256).count(), 273);
    assert_eq!((widths(0).last(), widths(1), widths(2)), (Some(&112), vec![256, 17], vec![1]));
    assert_eq!(widths(3), Vec::<u16>::new());
    let tile = |content, index, width| Tile { content, index, width };
    #[rustfmt::skip]
    let names = [
        (tile(Content::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067"),
        (tile(Content::Hashes(0), 1_234_067, 8), "tile/0/x001/x234/067.p/8"),
        (tile(Content::Entries, 0, 1), "tile/entries/000.p/1"),
        (tile(Content::Hashes(2), 999, 256), "tile/2/999"),
        (tile(Content::Entries, 1000, 255), "tile/entries/x001/000.p/255"),
    ];
    for (tile, path) in names {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Some(tile));
    }
    for bad in [
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/../000",
        "checkpoint",
    ] {
        assert_eq!(Tile::parse(bad), None, "{bad}");
    }
    assert_eq!(tiles::bundle([vec![0u8; 65_536]]), Err(tiles::TileError::LongEntry));
    assert_eq!(tiles::read_bundle(&[0, 5, 1], 1), Err(tiles::TileError::Width));
    assert_eq!(tiles::read_bundle(&[0, 1, 1], 2), Err(tiles::TileError::Width));
}
