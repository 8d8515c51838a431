//! Makes and checks proofs for a second implementation to disagree with (`tests-judges/proofs.py`).
//!
//! - `proofs make N SEED` prints N JSON lines, all honest: receipts, requests to a witness, daily lines.
//! - `proofs check` reads JSON lines from standard input and prints for each `ok` or the code of the refusal.
//!
//! A line is `{"kind","text","keys","kept"}`: the file, the trusted keys, and for requests what the witness kept.

use jz_proof::witness::{Request, step};
use jz_proof::{
    Checkpoint, Cosigner, DailyLine, Forest, Hash, Note, Opening, Receipt, Signer, Trust, Typed, leaf_hash,
    receipt, tree,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

type Outcome<T> = Result<T, Box<dyn Error>>;

const AT: u64 = 1_764_032_400;
/// Largest tree: more than two levels of tiles would need.
const MOST: u64 = 3000;

#[derive(Serialize, Deserialize)]
struct Case {
    kind: String,
    text: String,
    keys: String,
    #[serde(default)]
    kept: Option<String>,
}

/// Numbers that look random and are the same for the same seed.
struct Dice {
    seed: u64,
    rolls: u64,
}

impl Dice {
    fn bytes(&mut self) -> [u8; 32] {
        self.rolls += 1;
        Sha256::digest([self.seed.to_be_bytes(), self.rolls.to_be_bytes()].concat()).into()
    }

    fn below(&mut self, n: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes();
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % n
    }
}

struct Line {
    leaf: String,
    salt: [u8; 32],
    detail: String,
}

fn line(seq: u64, dice: &mut Dice) -> Line {
    let salt = dice.bytes();
    let detail = match dice.below(4) {
        0 => String::new(),
        n => format!(r#"{{"purpose":"外调 {n}","pages":[1,2,{seq}]}}"#),
    };
    let commit = hex::encode(Sha256::new().chain_update(salt).chain_update(&detail).finalize());
    let leaf = format!(
        r#"{{"v":1,"seq":{seq},"t":{},"actor":"{}","role":"archivist","sess":"0a1b2c3d","addr":"10.1.2.3","action":"volume.read","kind":"volume","object":null,"subject":"{}","result":"ok","commit":"{commit}"}}"#,
        AT * 1000 + seq,
        dice.below(90),
        hex::encode(&dice.bytes()[..16]),
    );
    Line { leaf, salt, detail }
}

struct World {
    lines: Vec<Line>,
    nodes: Forest<Sha256>,
    sm3: Forest<Sm3>,
    log: Signer,
    sm2: Signer,
    witness: Cosigner,
}

impl World {
    fn new(dice: &mut Dice) -> Outcome<Self> {
        let lines: Vec<Line> = (0..MOST).map(|seq| line(seq, dice)).collect();
        let (mut nodes, mut sm3) = (Forest::default(), Forest::default());
        for line in &lines {
            nodes.push_hash(leaf_hash::<Sha256>(line.leaf.as_bytes()));
            sm3.push(line.leaf.as_bytes());
        }
        let origin = "archive.example.edu.cn/juanzong";
        Ok(Self {
            lines,
            nodes,
            sm3,
            log: Signer::ed25519(origin, &dice.bytes())?,
            sm2: Signer::sm2(origin, &dice.bytes())?,
            witness: Cosigner::new("school-b.example.edu.cn/witness", &dice.bytes())?,
        })
    }

    fn checkpoint(&self, size: u64) -> Outcome<Note> {
        let checkpoint = Checkpoint {
            origin: self.log.verifier().name().to_owned(),
            size,
            root: tree::root::<Sha256>(&self.nodes, size)?,
            sm3: Some(tree::root::<Sm3>(&self.sm3, size)?),
            at: Some(AT as i64 * 1000),
            others: Vec::new(),
        };
        Ok(checkpoint.sign(&[&self.log, &self.sm2])?)
    }

    fn keys(&self) -> String {
        format!("{}\n{}\n{}\n", self.log.verifier(), self.sm2.verifier(), self.witness.verifier())
    }

    fn receipt(&self, dice: &mut Dice) -> Outcome<Case> {
        let size = 1 + dice.below(MOST);
        let seq = dice.below(size);
        let line = &self.lines[seq as usize];
        let erased = dice.below(8) == 0;
        let salt = (!erased).then_some(&line.salt[..]);
        let detail = (!erased).then_some(line.detail.as_bytes());
        let opening = Opening::new(line.leaf.as_bytes(), salt, detail).ok_or("not UTF-8")?;
        let mut note = self.checkpoint(size)?;
        let cosignature = self.witness.cosign(note.text(), AT + dice.below(60));
        note.add(cosignature);
        let text = Receipt::new(opening, seq, &self.nodes, note)?.to_string();
        Ok(Case { kind: "receipt".into(), text, keys: self.keys(), kept: None })
    }

    fn request(&self, dice: &mut Dice) -> Outcome<Case> {
        let new = 1 + dice.below(MOST);
        let old = dice.below(new + 1);
        let mut kept = self.checkpoint(old)?;
        let cosignature = self.witness.cosign(kept.text(), AT);
        kept.add(cosignature);
        let text = Request::new(&self.nodes, old, self.checkpoint(new)?)?.to_string();
        let kept = (old > 0).then(|| kept.to_string());
        Ok(Case { kind: "request".into(), text, keys: self.keys(), kept })
    }

    fn daily(&self, dice: &mut Dice) -> Outcome<Case> {
        let size = 1 + dice.below(MOST);
        let date =
            jiff::civil::date(2026, 1, 1).checked_add(jiff::Span::new().days(dice.below(3000) as i64))?;
        let root: Hash = tree::root::<Sha256>(&self.nodes, size)?;
        let line = DailyLine { date, size, root, sm3: None };
        Ok(Case { kind: "daily".into(), text: line.to_string(), keys: line.code(), kept: None })
    }
}

/// The verdict on one case.
fn judge(case: &Case) -> Outcome<String> {
    let trust = Trust::parse(&case.keys);
    let trust = || trust.map_err(|line| format!("key in line {line}"));
    Ok(match case.kind.as_str() {
        "receipt" => {
            // Everything that is there must hold, so that no change goes unseen.
            let trust = Trust { quorum: 1, sm2: true, ..trust()? };
            match receipt::verify(&case.text, &trust, Some(AT + 3600)) {
                Ok(shown) if shown.signed.len() == 2 => "ok".into(),
                Ok(_) => "receipt.one-signature".into(),
                Err(refused) => refused.code().into(),
            }
        }
        "request" => {
            let trust = trust()?;
            let Ok(request) = Request::parse(&case.text) else { return Ok("form".into()) };
            // The witness's own key is not known here: what it kept is cosigned anew.
            let key = Cosigner::new("judge", &[7; 32])?;
            let kept = match &case.kept {
                None => None,
                Some(text) => {
                    let mut note = Note::parse(text)?;
                    let cosignature = key.cosign(note.text(), AT);
                    note.add(cosignature);
                    Some(note)
                }
            };
            match step(&key, &trust.logs, kept.as_ref(), &request, AT) {
                Ok(_) => "ok".into(),
                Err(refused) => refused.code().into(),
            }
        }
        "daily" => {
            let line = DailyLine::parse_code(&case.keys).ok_or("no code")?;
            match Typed::parse(&case.text) {
                Ok(typed) if typed.fits(&line.root) && (typed.date, typed.size) == (line.date, line.size) => {
                    "ok".into()
                }
                Ok(_) => "another-line".into(),
                Err(wrong) => format!("{:?}", wrong.part),
            }
        }
        other => return Err(format!("unknown kind {other}").into()),
    })
}

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    match words.as_slice() {
        ["make", n, seed] => {
            let mut dice = Dice { seed: seed.parse()?, rolls: 0 };
            let world = World::new(&mut dice)?;
            for n in 0..n.parse::<u64>()? {
                // Mostly receipts: they are what people hold in their hands.
                let case = match n % 10 {
                    0..6 => world.receipt(&mut dice)?,
                    6..9 => world.request(&mut dice)?,
                    _ => world.daily(&mut dice)?,
                };
                writeln!(out, "{}", serde_json::to_string(&case)?)?;
            }
        }
        ["check"] => {
            for line in io::stdin().lock().lines() {
                writeln!(out, "{}", judge(&serde_json::from_str(&line?)?)?)?;
            }
        }
        _ => return Err("proofs make N SEED | proofs check".into()),
    }
    Ok(out.flush()?)
}
