//! Whatever bytes come, no parser falls, and what one reads is written again alike.

use jz_proof::tiles::{Tile, read_bundle};
use jz_proof::witness::{Answer, Request};
use jz_proof::{Checkpoint, Cosigner, DailyLine, Edge, Note, Receipt, Signer, Trust, Typed, VerifierKey};
use proptest::prelude::*;
use sha2::Sha256;

const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const LINE: &str = "— o jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";

/// Pieces that these files are made of, so that chance comes near to the real thing.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just(format!("o\n7\n{ROOT}\n")),
        Just(format!("{ROOT}\n")),
        Just(format!("{LINE}\n")),
        Just("old 7\n".to_owned()),
        Just("c2sp.org/tlog-proof@v1\n".to_owned()),
        Just("extra eyJ2IjoxLCJsZWFmIjoiIn0=\n".to_owned()),
        Just("index 7\n".to_owned()),
        Just("refused fork 7\n".to_owned()),
        Just("PRIVATE+KEY+PeterNeumann+c74f20a3+".to_owned()),
        Just("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned()),
        Just("JZ1:20261125:7:".to_owned()),
        Just("tile/0/".to_owned()),
        "(x[0-9]{3}/){0,7}[0-9]{3}(\\.p/[0-9]{1,3})?",
        "sm3 |at |[0-9]{1,20}|\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..9).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts(text in pieces()) {
        if let Ok(read) = Note::parse(&text) { prop_assert_eq!(read.to_string(), &*text); }
        if let Ok(read) = Checkpoint::parse(&text) { prop_assert_eq!(read.to_text(), &*text); }
        if let Ok(read) = Receipt::parse(&text) { prop_assert_eq!(read.to_string(), &*text); }
        if let Ok(read) = Request::parse(&text) { prop_assert_eq!(read.to_string(), &*text); }
        if let Ok(read) = Answer::parse(&text) { prop_assert_eq!(read.to_string(), &*text); }
        if let Ok(read) = VerifierKey::parse(&text) { prop_assert_eq!(read.to_string(), &*text); }
        if let Some(read) = Tile::parse(&text) { prop_assert!(read.path() == text && !read.entries().is_empty()); }
        let _ = (Signer::parse(&text), Cosigner::parse(&text), Trust::parse(&text));
        let _ = (DailyLine::parse_code(&text), Typed::parse(&text));
    }

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..90), width in 0..4u16) {
        let _ = read_bundle(&bytes, width);
        if let Some(edge) = Edge::<Sha256>::from_bytes(&bytes) {
            prop_assert!(bytes.is_empty() || edge.to_bytes() == bytes);
        }
    }
}
