//! Receipts and the witness: what is honest passes, and every change is refused for its reason.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
use jz_proof::receipt::{self, MAX_RECEIPT, ReceiptError};
use jz_proof::witness::{Accepted, Answer, Refusal, Request, adopt, step};
use jz_proof::{
    Checkpoint, Cosigner, Forest, Note, NoteError, Opening, Receipt, Refused, Signer, Trust, VerifierKey,
};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

const ORIGIN: &str = "archive.example/juanzong";
const NOW: u64 = 1_764_032_460;

fn salt(seq: u64) -> [u8; 32] {
    Sha256::digest(seq.to_be_bytes()).into()
}

fn detail(seq: u64) -> String {
    if seq.is_multiple_of(5) { String::new() } else { format!(r#"{{"purpose":"政审 {seq}"}}"#) }
}

fn leaf(seq: u64) -> String {
    let commit = Sha256::new().chain_update(salt(seq)).chain_update(detail(seq)).finalize();
    format!(
        r#"{{"v":1,"seq":{seq},"t":1764032400000,"actor":"7","role":"archivist","sess":"a1b2","addr":"10.0.0.5","action":"volume.read","kind":"volume","object":"12","subject":"ff00","result":"ok","commit":"{}"}}"#,
        hex::encode(commit)
    )
}

struct World {
    log: Signer,
    sm2: Signer,
    witness: Cosigner,
    nodes: Forest<Sha256>,
}

impl World {
    fn new(size: u64) -> Self {
        let mut nodes = Forest::default();
        nodes.extend((0..size).map(leaf));
        Self {
            log: Signer::ed25519(ORIGIN, &[1; 32]).unwrap(),
            sm2: Signer::sm2(ORIGIN, &[2; 32]).unwrap(),
            witness: Cosigner::new("school-b.example/w", &[3; 32]).unwrap(),
            nodes,
        }
    }

    fn checkpoint(&self, size: u64) -> Note {
        let root = jz_proof::tree::root::<Sha256>(&self.nodes, size).unwrap();
        let checkpoint =
            Checkpoint { origin: ORIGIN.into(), size, root, sm3: None, at: None, others: Vec::new() };
        checkpoint.sign(&[&self.log, &self.sm2]).unwrap()
    }

    fn receipt(&self, seq: u64, size: u64) -> Receipt {
        let mut note = self.checkpoint(size);
        let cosignature = self.witness.cosign(note.text(), NOW);
        note.add(cosignature);
        let opening = Opening::new(leaf(seq).as_bytes(), Some(&salt(seq)), Some(detail(seq).as_bytes()));
        Receipt::new(opening.unwrap(), seq, &self.nodes, note).unwrap()
    }

    fn trust(&self) -> Trust {
        Trust {
            logs: vec![self.log.verifier().clone(), self.sm2.verifier().clone()],
            witnesses: vec![self.witness.verifier().clone()],
            quorum: 1,
            sm2: true,
        }
    }
}

#[test]
fn an_honest_receipt_is_read_and_holds() {
    let world = World::new(120);
    for (seq, size) in [(0, 1), (0, 120), (64, 65), (99, 100), (119, 120)] {
        let text = world.receipt(seq, size).to_string();
        assert_eq!(Receipt::parse(&text).unwrap().to_string(), text);
        let shown = receipt::verify(&text, &world.trust(), Some(NOW)).unwrap();
        assert_eq!((shown.line.seq, shown.checkpoint.size), (seq, size));
        assert_eq!(shown.detail, Some(detail(seq)));
        assert_eq!((shown.line.action.as_str(), shown.line.actor.as_str()), ("volume.read", "7"));
        assert_eq!((shown.signed.len(), shown.cosigned.len()), (2, 1));
        assert_eq!(shown.cosigned[0].at, Some(NOW));
    }
}

#[test]
fn an_erased_detail_leaves_the_line() {
    let world = World::new(9);
    let mut receipt = world.receipt(3, 9);
    receipt.opening = Opening::new(leaf(3).as_bytes(), None, None).unwrap();
    let shown = receipt::verify(&receipt.to_string(), &world.trust(), None).unwrap();
    assert_eq!(shown.detail, None);
    // A detail without its salt opens nothing.
    receipt.opening.detail = Some(detail(3));
    assert_eq!(receipt.verify(&world.trust(), None), Err(Refused::Detail));
}

#[test]
fn each_reason_has_its_case() {
    let world = World::new(40);
    let good = world.receipt(7, 40);
    let other = World { log: Signer::ed25519(ORIGIN, &[9; 32]).unwrap(), ..World::new(40) };
    let change = |f: &dyn Fn(&mut Receipt)| {
        let mut receipt = good.clone();
        f(&mut receipt);
        receipt.verify(&world.trust(), Some(NOW)).unwrap_err()
    };
    let resign = |r: &mut Receipt, text: String| {
        r.note =
            Note::new(text.clone(), vec![world.log.sign(&text).unwrap(), world.sm2.sign(&text).unwrap()])
                .unwrap();
        r.note.add(world.witness.cosign(&text, NOW));
    };
    #[rustfmt::skip]
    let cases: [(&str, Refused); 16] = [
        ("receipt.not-included", change(&|r| r.opening.leaf = leaf(8))),
        ("receipt.not-included", change(&|r| r.index = 8)),
        ("receipt.not-included", change(&|r| r.index = 40)),
        ("receipt.not-included", change(&|r| r.path[2][5] ^= 1)),
        ("receipt.not-included", change(&|r| { r.path.pop(); })),
        ("receipt.not-included", change(&|r| r.path.push([0; 32]))),
        ("receipt.detail", change(&|r| r.opening.detail = Some("{}".into()))),
        ("receipt.detail", change(&|r| r.opening.detail = None)),
        ("receipt.detail", change(&|r| r.opening.salt = Some(hex::encode([0; 32])))),
        ("receipt.detail", change(&|r| r.opening.salt = r.opening.salt.as_ref().map(|s| s.to_uppercase()))),
        ("receipt.detail", change(&|r| r.opening.salt = Some(String::new()))),
        ("receipt.bad-signature", change(&|r| {
            r.note = Note::new(r.note.text().replace("40", "41"), r.note.signatures().to_vec()).unwrap();
        })),
        ("receipt.unknown-log", change(&|r| {
            r.note = Note::new(r.note.text().into(), vec![other.log.sign(r.note.text()).unwrap()]).unwrap();
        })),
        ("receipt.no-sm2", change(&|r| {
            r.note = Note::new(r.note.text().into(), r.note.signatures()[..1].to_vec()).unwrap();
        })),
        ("receipt.too-few-witnesses", change(&|r| {
            r.note = Note::new(r.note.text().into(), r.note.signatures()[..2].to_vec()).unwrap();
        })),
        ("receipt.checkpoint", change(&|r| resign(r, format!("{ORIGIN}\n040\n\n")))),
    ];
    for (n, (want, got)) in cases.into_iter().enumerate() {
        assert_eq!(got.code(), want, "{n}: {got:?}");
    }
    let late = good.verify(&world.trust(), Some(NOW - 3600));
    assert_eq!(late, Err(Refused::Future("school-b.example/w".into())));
    assert_eq!(good.verify(&Trust::default(), None), Err(Refused::UnknownLog));
    // A line that lies about its own number, though it is in the tree.
    let mut nodes = Forest::default();
    nodes.extend([leaf(1)]);
    let note = World { nodes, ..World::new(0) }.checkpoint(1);
    let opening = Opening::new(leaf(1).as_bytes(), None, None).unwrap();
    let lying = Receipt { opening, index: 0, path: Vec::new(), note };
    let trust = Trust { quorum: 0, ..world.trust() };
    assert_eq!(lying.verify(&trust, None), Err(Refused::Number));
}

#[test]
fn only_receipts_are_read() {
    let world = World::new(3);
    let good = world.receipt(1, 3).to_string();
    let line = |n: usize| good.lines().nth(n).unwrap().to_owned();
    let opened = |json: &str| good.replacen(&line(1), &format!("extra {}", B64.encode(json)), 1);
    #[rustfmt::skip]
    let cases = [
        ("empty", String::new(), ReceiptError::Kind),
        ("another file", "{}".into(), ReceiptError::Kind),
        ("another version", good.replacen("@v1", "@v2", 1), ReceiptError::Kind),
        ("byte order mark", format!("\u{feff}{good}"), ReceiptError::Kind),
        ("carriage returns", good.replace('\n', "\r\n"), ReceiptError::Kind),
        ("no opening", good.replacen(&format!("{}\n", line(1)), "", 1), ReceiptError::Line(2)),
        ("no JSON", opened("x"), ReceiptError::Line(2)),
        ("an unknown field", opened(r#"{"v":1,"leaf":"","x":1}"#), ReceiptError::Line(2)),
        ("a field twice", opened(r#"{"v":1,"leaf":"","leaf":""}"#), ReceiptError::Line(2)),
        ("another version of the opening", opened(r#"{"v":2,"leaf":""}"#), ReceiptError::Line(2)),
        ("zero in front", good.replacen("index 1", "index 01", 1), ReceiptError::Line(3)),
        ("a hash too short", good.replacen(&line(3), "AAAA", 1), ReceiptError::Line(4)),
        ("no checkpoint", good.split("\n\n").next().unwrap().into(), ReceiptError::Checkpoint),
        ("something behind", format!("{good}\nx"), ReceiptError::Checkpoint),
        ("too long", format!("{good}{}", " ".repeat(MAX_RECEIPT)), ReceiptError::TooLong),
    ];
    for (name, text, want) in cases {
        assert_eq!(Receipt::parse(&text), Err(want), "{name}");
    }
}

#[test]
fn trust_is_read_line_by_line() {
    let world = World::new(0);
    let text = format!(
        "# 校档案馆\n{}\n\n{}\n{}\n",
        world.log.verifier(),
        world.sm2.verifier(),
        world.witness.verifier()
    );
    let read = Trust::parse(&format!("{text}{text}")).unwrap();
    assert_eq!((read.logs.len(), read.witnesses.len()), (2, 1));
    assert_eq!(Trust::parse(&format!("{text}nonsense\n")).err(), Some(6));
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn no_changed_byte_of_a_receipt_passes(seq in 0..40u64, at in any::<usize>(), other in any::<char>()) {
        let world = World::new(40);
        // With one signature of each: of two, the other would still hold.
        let mut receipt = world.receipt(seq, 40);
        let signatures = receipt.note.signatures();
        receipt.note = Note::new(receipt.note.text().into(), vec![signatures[0].clone(), signatures[2].clone()]).unwrap();
        let trust = Trust { sm2: false, ..world.trust() };
        let text = receipt.to_string();
        prop_assert!(receipt::verify(&text, &trust, Some(NOW)).is_ok());
        let (at, c) = text.char_indices().nth(at % text.chars().count()).unwrap();
        prop_assume!(c != other);
        let changed = format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]);
        prop_assert!(receipt::verify(&changed, &trust, Some(NOW)).is_err());
    }

    #[test]
    fn the_witness_accepts_growth_and_nothing_else(first in 1..60u64, more in 0..60u64, changed in any::<u64>()) {
        let world = World::new(first + more);
        let key = &world.witness;
        let logs = [world.log.verifier().clone()];
        let ask = |from: u64, to: u64| Request::new(&world.nodes, from, world.checkpoint(to)).unwrap();
        let first_seen = step(key, &logs, None, &ask(0, first), NOW).unwrap();
        let request = Request::parse(&ask(first, first + more).to_string()).unwrap();
        let kept = Note::parse(&first_seen.keep.to_string()).unwrap();
        let grown = step(key, &logs, Some(&kept), &request, NOW + 1).unwrap();
        prop_assert_eq!(grown.keep.verify(&[key.verifier().clone()]).unwrap()[0].at, Some(NOW + 1));
        // The same log with one line rewritten, with the keys of the log: a fork.
        let mut forked = World::new(0);
        forked.nodes.extend((0..first + more).map(|n| if n == changed % first { "{}".into() } else { leaf(n) }));
        let request = Request::new(&forked.nodes, first, forked.checkpoint(first + more)).unwrap();
        let refused = step(key, &logs, Some(&kept), &request, NOW).unwrap_err();
        prop_assert!(refused.is_alarm());
        let want = if more == 0 { Refusal::OtherRoot(first) } else { Refusal::Fork { seen: first } };
        prop_assert_eq!(refused, want);
        // Put back to an older copy.
        if more > 0 {
            let refused = step(key, &logs, Some(&grown.keep), &ask(0, first), NOW);
            prop_assert_eq!(refused, Err(Refusal::Rollback { seen: first + more, offered: first }));
        }
    }
}

#[test]
fn the_witness_says_why_not() {
    let world = World::new(20);
    let (key, logs) = (&world.witness, [world.log.verifier().clone(), world.sm2.verifier().clone()]);
    let Accepted { keep, .. } =
        step(key, &logs, None, &Request::new(&world.nodes, 0, world.checkpoint(9)).unwrap(), NOW).unwrap();
    let ask = |old, new| Request::new(&world.nodes, old, world.checkpoint(new)).unwrap();
    let refusal = |logs: &[VerifierKey], kept: Option<&Note>, request: &Request| {
        step(key, logs, kept, request, NOW).unwrap_err()
    };
    let mut unsigned = ask(9, 20);
    unsigned.note =
        Note::new(unsigned.note.text().into(), vec![key.cosign(unsigned.note.text(), 1)]).unwrap();
    let mut broken = ask(9, 20);
    broken.path[0][0] ^= 1;
    let nonsense = Note::new("x\n".into(), vec![world.log.sign("x\n").unwrap()]).unwrap();
    let mut touched = keep.to_string().replace("\n9\n", "\n8\n");
    touched = Note::parse(&touched).unwrap().to_string();
    #[rustfmt::skip]
    let cases = [
        ("unknown-log", 404, refusal(&[], Some(&keep), &ask(9, 20))),
        ("bad-signature", 403, refusal(&logs, Some(&keep), &unsigned)),
        ("checkpoint", 400, refusal(&logs, Some(&keep), &Request { note: nonsense, ..ask(9, 20) })),
        ("other-start", 409, refusal(&logs, Some(&keep), &ask(0, 20))),
        ("other-start", 409, refusal(&logs, None, &ask(9, 20))),
        ("rollback", 409, refusal(&logs, Some(&keep), &ask(0, 8))),
        ("fork", 422, refusal(&logs, Some(&keep), &broken)),
        ("memory", 500, refusal(&logs, Some(&Note::parse(&touched).unwrap()), &ask(9, 20))),
        ("memory", 500, refusal(&logs, Some(&world.checkpoint(9)), &ask(9, 20))),
    ];
    for (n, (code, status, got)) in cases.into_iter().enumerate() {
        assert_eq!((got.code(), got.status()), (code, status), "{n}");
        let text = Answer::new(&Err(got.clone())).to_string();
        assert_eq!(Answer::parse(&text).unwrap(), Answer::Refused { code: code.into(), seen: got.seen() });
    }
    assert!(Request::new(&world.nodes, 21, world.checkpoint(20)).is_err());
    for bad in ["", "old 1\n", "old 01\n\nx", "old 1\nAAAA\n\nx", "new 1\n\nx"] {
        assert!(Request::parse(bad).is_err(), "{bad:?}");
    }
    for bad in ["", "refused", "refused \n", "refused x y\n", "refused X\n", "cosigned\n"] {
        assert!(Answer::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn an_answer_is_adopted_only_for_its_own_checkpoint() {
    let world = World::new(20);
    let (key, logs) = (&world.witness, [world.log.verifier().clone()]);
    let request = Request::new(&world.nodes, 0, world.checkpoint(20)).unwrap();
    let answer = Answer::new(&step(key, &logs, None, &request, NOW)).to_string();
    let Answer::Cosigned(lines) = Answer::parse(&answer).unwrap() else { panic!("refused") };
    let witnesses = [key.verifier().clone()];
    let mut note = world.checkpoint(20);
    assert_eq!(adopt(&mut note, &lines, &witnesses).unwrap().len(), 1);
    assert_eq!(note.signatures().len(), 3);
    // A second time it takes the place of the first.
    adopt(&mut note, &lines, &witnesses).unwrap();
    assert_eq!(note.signatures().len(), 3);
    let mut other = world.checkpoint(19);
    assert_eq!(
        adopt(&mut other, &lines, &witnesses),
        Err(NoteError::BadSignature(key.verifier().name().into()))
    );
    assert_eq!(adopt(&mut other, &lines, &[]), Err(NoteError::NoTrustedSignature));
    assert_eq!(other.signatures().len(), 2);
}
