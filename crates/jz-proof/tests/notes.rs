//! Signed notes, keys and checkpoints: published vectors, one spelling, and no forgery.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use jz_proof::note::MAX_SIGNATURES;
use jz_proof::{
    Checkpoint, CheckpointError, Cosigner, KeyError, KeyKind, Note, NoteError, Signature, Signer, VerifierKey,
};

const ORIGIN: &str = "archive.example/juanzong";

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.into(),
        size: 20_852_163,
        root: [7; 32],
        sm3: Some([9; 32]),
        at: Some(1_764_032_400_000),
        others: vec!["x-other line".into()],
    }
}

fn signers() -> (Signer, Signer) {
    (Signer::ed25519(ORIGIN, &[1; 32]).unwrap(), Signer::sm2(ORIGIN, &[2; 32]).unwrap())
}

#[test]
fn the_note_of_the_reference_implementation() {
    // From the documentation of golang.org/x/mod/sumdb/note.
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let signed = format!(
        "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    let signer = Signer::parse(secret).unwrap();
    assert_eq!(signer.verifier().to_string(), public);
    assert_eq!(*signer.to_private_text(), secret);
    let note = Note::new(text.into(), vec![signer.sign(text).unwrap()]).unwrap();
    assert_eq!(note.to_string(), signed);
    let key = VerifierKey::parse(public).unwrap();
    let held = Note::parse(&signed).unwrap().verify(&[key]).unwrap();
    assert_eq!((held.len(), held[0].kind, held[0].at), (1, KeyKind::Ed25519, None));
}

#[test]
fn the_checkpoint_of_the_specification_is_read_and_written_alike() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let note = Note::parse(text).unwrap();
    assert_eq!(note.to_string(), text);
    let read = Checkpoint::parse(note.text()).unwrap();
    assert_eq!((read.origin.as_str(), read.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(read.to_text(), note.text());
    // Eight bytes of time: 2023-03-20, as the specification has it.
    assert_eq!(note.signatures()[1].bytes[..8], 1_679_315_147_u64.to_be_bytes());
}

#[test]
fn sm2_of_the_standard() {
    // GB/T 32918.5 A.2: key, message and signature.
    let hex = |s: &str| hex::decode(s).unwrap();
    let secret = hex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
    let public = "04\
        09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
        ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
    let signature = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
        b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
    let signer = Signer::sm2("standard", &secret.try_into().unwrap()).unwrap();
    let key = signer.verifier();
    use base64::{Engine as _, engine::general_purpose::STANDARD as B64};
    let encoded = B64.encode([&b"\xffjuanzong/sm2-sm3/v1\n"[..], &hex(public)].concat());
    assert_eq!(key.to_string(), format!("standard+{:08x}+{encoded}", key.id()));
    // The standard's message ends in no newline, so it is no note; the library is asked directly.
    use sm2::dsa::signature::Verifier as _;
    let theirs = sm2::dsa::VerifyingKey::from_sec1_bytes("1234567812345678", &hex(public)).unwrap();
    let signature = sm2::dsa::Signature::from_slice(&hex(signature)).unwrap();
    theirs.verify(b"message digest", &signature).unwrap();
    // And what we sign is signed for that identifier.
    let ours = sm2::dsa::Signature::from_slice(&signer.sign("text\n").unwrap().bytes).unwrap();
    theirs.verify(b"text\n", &ours).unwrap();
}

#[test]
fn keys_are_read_again_and_nothing_else_is() {
    let (ed, sm) = signers();
    let witness = Cosigner::new("w.example", &[3; 32]).unwrap();
    for key in [ed.verifier(), sm.verifier(), witness.verifier()] {
        assert_eq!(&VerifierKey::parse(&key.to_string()).unwrap(), key);
    }
    for key in [&ed, &sm] {
        assert_eq!(Signer::parse(&key.to_private_text()).unwrap().verifier(), key.verifier());
    }
    assert_eq!(Cosigner::parse(&witness.to_private_text()).unwrap().verifier(), witness.verifier());
    assert_eq!(Signer::parse(&witness.to_private_text()).err(), Some(KeyError::Type));
    assert_eq!(Cosigner::parse(&ed.to_private_text()).err(), Some(KeyError::Type));
    // One seed under two types has two ids.
    assert_ne!(Cosigner::new(ORIGIN, &[1; 32]).unwrap().verifier().id(), ed.verifier().id());

    let good = ed.verifier().to_string();
    let parts: Vec<&str> = good.splitn(3, '+').collect();
    #[rustfmt::skip]
    let cases = [
        ("empty", String::new(), KeyError::Form),
        ("two parts", format!("{}+{}", parts[0], parts[1]), KeyError::Form),
        ("no name", format!("+{}+{}", parts[1], parts[2]), KeyError::Name),
        ("space in the name", format!("a b+{}+{}", parts[1], parts[2]), KeyError::Name),
        ("other name", format!("x{good}"), KeyError::Id),
        ("other id", format!("{}+00000000+{}", parts[0], parts[2]), KeyError::Id),
        ("short id", format!("{}+{}+{}", parts[0], &parts[1][1..], parts[2]), KeyError::Form),
        ("signed id", format!("{}++{}+{}", parts[0], &parts[1][1..], parts[2]), KeyError::Form),
        ("no base64", format!("{}+{}+***", parts[0], parts[1]), KeyError::Form),
        ("type unknown", format!("{}+{}+AgAA", parts[0], parts[1]), KeyError::Type),
        ("key too short", format!("{}+{}+AQAA", parts[0], parts[1]), KeyError::Material),
        ("weak key", format!("{}+{}+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", parts[0], parts[1]), KeyError::Material),
    ];
    for (name, text, want) in cases {
        assert_eq!(VerifierKey::parse(&text).err(), Some(want), "{name}");
    }
    assert_eq!(Signer::sm2("x", &[0; 32]).err(), Some(KeyError::Material));
    assert_eq!(Signer::sm2("x", &[255; 32]).err(), Some(KeyError::Material));
}

#[test]
fn a_checkpoint_is_signed_and_opened() {
    let (ed, sm) = signers();
    let note = checkpoint().sign(&[&ed, &sm]).unwrap();
    let text = note.to_string();
    let note = Note::parse(&text).unwrap();
    let keys = [ed.verifier().clone(), sm.verifier().clone()];
    let (read, held) = Checkpoint::open(&note, &keys).unwrap();
    assert_eq!(read, checkpoint());
    assert_eq!(held.iter().map(|s| s.kind).collect::<Vec<_>>(), [KeyKind::Ed25519, KeyKind::Sm2]);
    // Whoever knows one of the keys only is content with it.
    for key in &keys {
        assert_eq!(Checkpoint::open(&note, std::slice::from_ref(key)).unwrap().1.len(), 1);
    }
    // The key of another log, even a trusted one, does not sign for this one.
    let other = Signer::ed25519("other.example", &[1; 32]).unwrap();
    assert_eq!(checkpoint().sign(&[&other]), Err(CheckpointError::Name));
    let forged = Note::new(note.text().into(), vec![other.sign(note.text()).unwrap()]).unwrap();
    let open = Checkpoint::open(&forged, &[other.verifier().clone(), keys[0].clone()]);
    assert_eq!(open, Err(CheckpointError::Note(NoteError::NoTrustedSignature)));
    // Nor does a witness, even under the name of the log.
    let witness = Cosigner::new(ORIGIN, &[5; 32]).unwrap();
    let forged = Note::new(note.text().into(), vec![witness.cosign(note.text(), 1)]).unwrap();
    assert!(Checkpoint::open(&forged, &[witness.verifier().clone()]).is_err());
    assert!(Checkpoint { others: vec!["two\nlines".into()], ..checkpoint() }.sign(&[&ed]).is_err());
    assert!(Checkpoint { origin: "a b".into(), ..checkpoint() }.sign(&[]).is_err());
}

#[test]
fn any_changed_character_is_noticed() {
    let (ed, sm) = signers();
    let witness = Cosigner::new("w.example", &[3; 32]).unwrap();
    let mut note = checkpoint().sign(&[&ed, &sm]).unwrap();
    let cosignature = witness.cosign(note.text(), 1_764_032_460);
    note.add(cosignature);
    let keys = [ed.verifier().clone(), sm.verifier().clone(), witness.verifier().clone()];
    let good = note.verify(&keys).unwrap();
    assert_eq!((good.len(), good[2].at), (3, Some(1_764_032_460)));
    let text = note.to_string();
    for (at, c) in text.char_indices() {
        for other in ['A', '\n', ' ', '0'].into_iter().filter(|o| *o != c) {
            let changed = format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]);
            let held = Note::parse(&changed).and_then(|n| n.verify(&keys));
            // A changed name or id makes a signature unknown; the others still hold, but fewer.
            assert!(held.is_err() || held.is_ok_and(|h| h.len() == 2), "{at} {other:?}");
        }
    }
}

#[test]
fn only_notes_are_read() {
    let (ed, _) = signers();
    let line = ed.sign("a\n").unwrap().to_string();
    let good = format!("a\n\n{line}");
    assert_eq!(Note::parse(&good).unwrap().to_string(), good);
    let inner = format!("a\n\nb\n\n{line}");
    assert_eq!(Note::parse(&inner).unwrap().text(), "a\n\nb\n");
    #[rustfmt::skip]
    let cases = [
        ("empty", String::new()),
        ("no signature", "a\n\n".into()),
        ("no empty line", format!("a\n{line}")),
        ("no last newline", good.trim_end().into()),
        ("more behind", format!("{good}x\n")),
        ("empty line behind", format!("{good}\n")),
        ("carriage return", good.replace('\n', "\r\n")),
        ("tab", format!("a\tb\n\n{line}")),
        ("hyphen instead of a dash", good.replace('—', "-")),
        ("two spaces", good.replace("— ", "—  ")),
        ("base64 without padding", good.replace('=', "")),
        ("five parts", good.replace(ORIGIN, "a b")),
        ("plus in the name", good.replace(ORIGIN, "a+b")),
        ("only the id", "a\n\n— x AAAAAA==\n".into()),
    ];
    for (name, text) in cases {
        assert_eq!(Note::parse(&text), Err(NoteError::Form), "{name}");
    }
    let many = format!("a\n\n{}", line.repeat(MAX_SIGNATURES + 1));
    assert_eq!(Note::parse(&many), Err(NoteError::TooLong));
    assert_eq!(Note::parse(&format!("{}\n\n{line}", "a".repeat(70_000))), Err(NoteError::TooLong));
    assert_eq!(Note::parse(&good).unwrap().verify(&[]), Err(NoteError::NoTrustedSignature));
    // Sixteen signatures must be read, says the specification.
    assert!(Note::parse(&format!("a\n\n{}", line.repeat(16))).is_ok());
}

#[test]
fn only_checkpoints_are_read() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let good = format!("o\n0\n{root}\nsm3 {root}\nat 5\nother\n");
    assert_eq!(Checkpoint::parse(&good).unwrap().to_text(), good);
    #[rustfmt::skip]
    let cases = [
        ("no newline", format!("o\n1\n{root}"), 1),
        ("no origin", format!("\n1\n{root}\n"), 1),
        ("size missing", "o\n".into(), 2),
        ("zero in front", format!("o\n01\n{root}\n"), 2),
        ("plus", format!("o\n+1\n{root}\n"), 2),
        ("minus", format!("o\n-1\n{root}\n"), 2),
        ("full-width digit", format!("o\n１\n{root}\n"), 2),
        ("too large", format!("o\n{}\n{root}\n", u64::MAX), 2),
        ("root missing", "o\n1\n".into(), 3),
        ("root too short", "o\n1\nAAAA\n".into(), 3),
        ("root not exact base64", format!("o\n1\n{}\n", root.replace("q2I=", "q2J=")), 3),
        ("empty extension", format!("o\n1\n{root}\n\nx\n"), 4),
        ("bad sm3", format!("o\n1\n{root}\nsm3 AAAA\n"), 4),
        ("two sm3", format!("o\n1\n{root}\nsm3 {root}\nsm3 {root}\n"), 5),
        ("order", format!("o\n1\n{root}\nat 5\nsm3 {root}\n"), 5),
        ("bad time", format!("o\n1\n{root}\nat -5\n"), 4),
    ];
    for (name, text, line) in cases {
        assert_eq!(Checkpoint::parse(&text), Err(CheckpointError::Line(line)), "{name}");
    }
}

#[test]
fn a_known_key_with_a_bad_signature_spoils_the_note() {
    let (ed, _) = signers();
    let note = checkpoint().sign(&[&ed]).unwrap();
    let mut bad = note.signatures()[0].clone();
    bad.bytes[0] ^= 1;
    let both = Note::new(note.text().into(), vec![note.signatures()[0].clone(), bad.clone()]).unwrap();
    let keys = [ed.verifier().clone()];
    assert_eq!(both.verify(&keys), Err(NoteError::BadSignature(ORIGIN.into())));
    // Of an unknown key it does not count.
    let unknown = Signature { id: bad.id ^ 1, ..bad };
    let both = Note::new(note.text().into(), vec![unknown, note.signatures()[0].clone()]).unwrap();
    assert_eq!(both.verify(&keys).unwrap().len(), 1);
    // A signature that is there twice counts once.
    let twice = Note::new(note.text().into(), [note.signatures(), note.signatures()].concat()).unwrap();
    assert_eq!(twice.verify(&keys).unwrap().len(), 1);
}
